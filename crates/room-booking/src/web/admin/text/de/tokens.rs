//! Vorrang-Token, auf Deutsch.

part! { $ tokens:
    // --- Priority tokens -------------------------------------------------------------------------
    tokens_title = "Vorrang-Token";
    tokens_lead = "Ein Token ist ein Text, den niemand erraten kann. Geben Sie es einer Person, die den Raum haben darf: Ein Termin, in dessen Beschreibung es steht, hat Vorrang zu den Zeiten, die er dann hat.";
    no_tokens = "Es gibt keine Token";
    no_tokens_text = "Erstellen Sie eines für eine Person oder einen Anlass.";
    token_col = "Token";
    token_label = "Bezeichnung";
    token_label_hint = "Wer es bekommt oder wofür es ist, etwa „Vorstand, Frühjahr“. Sie erscheint hier und in Warnungen.";
    token_events = "Anzahl der Termine";
    token_events_hint = "Ein Serientermin zählt als ein Termin.";
    token_used = "{} von {} Terminen";
    token_expiry_hint = "Der letzte Tag, an dem ein Termin es verwenden kann. Termine, die es bereits verwenden, behalten ihren Vorrang. Leer: unbegrenzt.";
    token_ties = "Wenn es auf einen anderen bevorzugten Termin trifft";
    token_ties_keep = "Beide behalten und melden";
    token_ties_rank = "Den Termin entfernen, der die Zeit seit kürzerem belegt";
    token_calendars = "Für Kalender";
    token_calendars_hint = "Keine Auswahl: für jeden Kalender, auch für später hinzugefügte.";
    token_only = "nur {}";
    token_valid = "Gültig";
    token_is_used_up = "Aufgebraucht";
    token_until = "Gültig bis {}";
    token_expired = "Abgelaufen {}";
    add_token = "Token erstellen";
    add_token_button = "Token erstellen";
    token_made = "Token erstellt";
    token_made_lead = "Geben Sie es der Person, die den Raum haben darf. Seiten und E-Mails zeigen es nie wieder.";
    token_made_use = "Es zählt, wenn es in der Beschreibung eines Termins steht, umgeben nur von Leer- oder Satzzeichen.";
    to_tokens = "Zu den Token";
    bindings_title = "Termine mit diesem Token";
    bindings_lead = "Ein Token wird an die Zeiten gebunden, die ein Termin beim ersten Lesen hat. Wird der Termin verschoben, hat er zu den neuen Zeiten keinen Vorrang, bis Sie die Bindung erneuern.";
    no_bindings = "Kein Termin verwendet dieses Token";
    no_bindings_text = "Ein Termin erscheint hier, sobald Room Booking das Token in ihm liest.";
    binding_event = "Termin";
    binding_times = "Vorrang";
    binding_more = "{} und {} weitere";
    binding_endless = "{} und so weiter";
    binding_gone = "nicht mehr im Kalender";
    binding_bound = "Gebunden";
    binding_used_up = "Nicht gebunden: durch andere Termine aufgebraucht";
    binding_removed = "Entfernt";
    renew_binding = "Erneuern";
    remove_binding = "Bindung entfernen";
    remove_token = "Token entfernen";
    remove_token_text = "Termine, die das Token verwenden, verlieren ihren Vorrang: {}. Die Termine selbst bleiben.";
    remove_token_open = "Entfernen …";
    done_token_removed = "Das Token ist entfernt.";
    done_binding_removed = "Die Bindung ist entfernt. Der Termin erhält seinen Vorrang nicht zurück, wenn er bearbeitet wird.";
    done_binding_renewed = "Die Bindung ist erneuert: Der Termin hat Vorrang zu den Zeiten, die er jetzt hat.";
    audit_token_added = "Vorrang-Token erstellt";
    audit_token_removed = "Vorrang-Token entfernt";
    audit_binding_removed = "Token-Bindung entfernt";
    audit_binding_renewed = "Token-Bindung erneuert";
    audit_bound_events = "Gebundene Termine";
    audit_event_uid = "UID des Termins";
}
