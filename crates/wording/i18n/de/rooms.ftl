### Was ein Raum bietet, wer Zugriff hat, und das Entfernen.

## The room

group-place = Ort und Ausstattung
group-place-text = Wo der Raum liegt und was er bietet. Das steht auf den Seiten des Raums, und danach wird gesucht.
room-building-hint = Zum Beispiel Nordflügel.
room-floor-hint = Zum Beispiel 2 oder EG.
room-features-hint = Wörter mit Kommas dazwischen, zum Beispiel beamer, whiteboard.
group-picture = Bild
group-picture-text = PNG, JPEG oder WebP, höchstens { $most } MiB. Alle mit Zugriff auf den Raum sehen es.
picture-file = Bilddatei
picture-save = Bild hochladen
picture-remove = Bild entfernen
picture-missing = Wählen Sie zuerst eine Bilddatei.
picture-of = Bild von { $room }
done-picture-saved = Bild gespeichert.
done-picture-removed = Bild entfernt.
room-seats =
    { $count ->
        [one] 1 Platz
       *[other] { $count } Plätze
    }
room-on-floor = Stockwerk { $floor }

## The schedule in words

schedule-choice = Automatisch bereinigen
schedule-none = Kein Zeitplan
schedule-minutes =
    { $count ->
        [one] jede Minute
       *[other] alle { $count } Minuten
    }
schedule-hours =
    { $count ->
        [one] jede Stunde
       *[other] alle { $count } Stunden
    }
schedule-days =
    { $count ->
        [one] jeden Tag
       *[other] alle { $count } Tage
    }
schedule-choice-hint = Wie oft Doppelbuchungen und abgesagte Termine automatisch entfernt werden.
watch-choice = Beobachten
watch-none = Nicht beobachten
watch-every = alle { $count } Sekunden
watch-choice-hint = Wie oft Room Booking den Server nach Änderungen fragt. Hat sich etwas geändert, wird der Kalender bereinigt.
zone-hint = Beginnen Sie zu tippen und wählen Sie aus der Liste, zum Beispiel Europe/Berlin.

## People with access

access-title = Personen mit Zugriff
access-add = Zugriff geben
access-add-all = Allen { $count } Zugriff geben
access-remove-selected = Ausgewählte entfernen
access-people = Personen ohne Zugriff
access-rooms = Räume ohne Zugriff
access-search = Suchen
access-shown = { $shown } von { $count } angezeigt. Suchen Sie nach den übrigen.
access-none-chosen = Wählen Sie mindestens einen Eintrag aus.
invite-rooms = Räume
invite-rooms-hint = Auf die ausgewählten Räume hat die neue Person sofort Zugriff.
invitation-mailed = Die Einladung wurde an { $address } gesendet.
invitation-not-mailed = Die Einladung konnte nicht an { $address } gesendet werden: { $reason } Geben Sie den Link selbst weiter.
invitation-mail-hint = Wenn Sie eine E-Mail-Adresse angeben, wird die Einladung dorthin gesendet.
invitation-mail-subject = Ihr Zugang zu Room Booking
invitation-mail-greeting = Guten Tag { $user },
invitation-mail-lead = { $actor } hat Sie zu Room Booking eingeladen. Ihr Benutzername lautet: { $user }
invitation-mail-link = Wählen Sie über diesen Link ein Passwort. Er funktioniert einmal und gilt 7 Tage:
invitation-mail-rooms = Sie haben Zugriff auf: { $rooms }

## Names

event-with-uid = { $name } (UID { $uid })
removed-calendar = entfernt

## The message in the outbox

show-message = Nachricht anzeigen
message-title = Nachricht
message-subject = Betreff
message-not-rendered = Diese Nachricht hat keinen Inhalt
message-links-left-out = Links für den Empfänger werden hier nicht angezeigt.

## Removing

remove-title = { $name } entfernen?
remove-goes = Wird entfernt
remove-stays = Bleibt
remove-blocked = Kann jetzt nicht entfernt werden
remove-instead = Was Sie tun können
remove-cancel = Abbrechen
remove-calendar = Kalender entfernen
remove-calendar-lead = Room Booking verwaltet diesen Kalender nicht mehr. Das lässt sich nicht rückgängig machen.
remove-events =
    { $count ->
        [one] 1 Termin: Er ist nur in Room Booking gespeichert
       *[other] { $count } Termine: Sie sind nur in Room Booking gespeichert
    }
remove-mirror =
    { $count ->
        [one] Die Kopie von 1 Termin in Room Booking
       *[other] Die Kopien von { $count } Terminen in Room Booking
    }
remove-settings = Seine Einstellungen, seine Beschreibung und sein Bild
remove-people =
    { $count ->
        [one] Der Zugriff von 1 Person
       *[other] Der Zugriff von { $count } Personen
    }
remove-keys-reach =
    { $count ->
        [one] 1 API-Schlüssel erreicht ihn nicht mehr
       *[other] { $count } API-Schlüssel erreichen ihn nicht mehr
    }
remove-priorities =
    { $count ->
        [one] 1 Bevorzugung oder 1 Schutz
       *[other] { $count } Bevorzugungen und geschützte Termine
    }
remove-pending =
    { $count ->
        [one] 1 anstehende Entfernung: Beide Organisatoren erhalten die Nachricht, dass die Buchung bleibt
       *[other] { $count } anstehende Entfernungen: Die Organisatoren erhalten die Nachricht, dass die Buchungen bleiben
    }
remove-stays-on-server = Alle Termine auf Ihrem Kalenderserver
remove-history =
    { $count ->
        [0] Einträge im Verlauf, { $days } Tage lang
        [one] 1 Eintrag im Verlauf, { $days } Tage lang; er lässt sich nicht mehr wiederherstellen
       *[other] { $count } Einträge im Verlauf, { $days } Tage lang; sie lassen sich nicht mehr wiederherstellen
    }
remove-messages =
    { $count ->
        [one] 1 wartende Nachricht: Sie wird noch gesendet
       *[other] { $count } wartende Nachrichten: Sie werden noch gesendet
    }
remove-export-first = Zuerst die Termine exportieren
done-calendar-removed = Kalender entfernt.

remove-account = Konto entfernen
remove-account-lead = Room Booking meldet sich nicht mehr an diesem Kalenderserver an.
remove-account-password = Das gespeicherte Passwort
remove-account-stays = Alle Kalender und Termine auf dem Server
remove-account-blocked =
    { $count ->
        [one] 1 Kalender verwendet dieses Konto. Entfernen Sie zuerst diesen Kalender; seine Termine bleiben auf dem Server.
       *[other] { $count } Kalender verwenden dieses Konto. Entfernen Sie zuerst diese Kalender; ihre Termine bleiben auf dem Server.
    }
done-account-removed = Konto entfernt.

remove-user = Benutzer entfernen
remove-user-lead = Diese Person kann sich nicht mehr anmelden. Das lässt sich nicht rückgängig machen; um jemanden vorübergehend auszusperren, deaktivieren Sie stattdessen das Benutzerkonto.
remove-user-keys =
    { $count ->
        [one] 1 API-Schlüssel: Er gilt sofort nicht mehr
       *[other] { $count } API-Schlüssel: Sie gelten sofort nicht mehr
    }
remove-user-sessions =
    { $count ->
        [one] 1 Sitzung
       *[other] { $count } Sitzungen
    }
remove-user-calendars =
    { $count ->
        [one] Der Zugriff auf 1 Kalender
       *[other] Der Zugriff auf { $count } Kalender
    }
remove-user-account = Passwort, zweiter Faktor und E-Mail-Adresse
remove-user-events =
    { $count ->
        [0] Alle Buchungen
        [one] 1 Buchung; Nachrichten dazu gehen an die Kontaktadresse des Raums
       *[other] { $count } Buchungen; Nachrichten dazu gehen an die Kontaktadresse des Raums
    }
remove-user-history = Der Benutzername im Verlauf, { $days } Tage lang, und im Protokoll der Einstellungen
remove-user-last = Das ist der einzige aktive Administrator. Bestimmen Sie zuerst jemand anderen dazu.
remove-user-people = Alle Personen
done-user-removed = Benutzer entfernt.

remove-template = Vorlage entfernen
remove-template-lead = Diese Vorlage wird für keine Nachricht mehr verwendet.
remove-template-text = Betreff und Texte der Vorlage
remove-template-stays = Gesendete Nachrichten
remove-template-built-in = Diese Vorlage ist integriert. Wählen Sie stattdessen in den Einstellungen eines Kalenders eine andere.
remove-template-blocked =
    { $count ->
        [one] 1 Kalender verwendet diese Vorlage. Wählen Sie zuerst in seinen Einstellungen eine andere.
       *[other] { $count } Kalender verwenden diese Vorlage. Wählen Sie zuerst in ihren Einstellungen eine andere.
    }
remove-template-copy = Vorlage kopieren

remove-priority = Bevorzugung entfernen
remove-protection = Schutz entfernen
remove-priority-lead = Ab dem nächsten Lauf gelten diese Buchungen wie alle anderen.
remove-protection-lead = Ab dem nächsten Lauf kann dieser Termin wie alle anderen entfernt werden.
remove-priority-goes = Die Bevorzugung von { $value }
remove-protection-goes = Der Schutz von { $value }
remove-priority-stays = Alle Buchungen, bis zum nächsten Lauf
remove-priority-of = Das gilt in { $calendar }.
remove-priority-of-all = Das gilt in allen Kalendern.
done-priority-removed = Entfernt.

## First steps

link-dead-title = Dieser Link funktioniert nicht mehr
link-dead-sign-in = Wenn Sie schon ein Passwort gewählt haben, melden Sie sich damit an.
link-dead-ask = Sonst bitten Sie einen Administrator um einen neuen Link. Auf der Befehlszeile des Servers können Sie auch ein Passwort setzen:
link-dead-first = Noch kann sich kein Administrator anmelden. Im Protokoll des Servers steht jetzt ein neuer Link; er gilt eine Stunde. Oder führen Sie auf dem Server diesen Befehl aus:
link-dead-first-done = Ein Administrator ist eingerichtet. Melden Sie sich an, oder bitten Sie um eine Einladung.
first-link-logged = Wurde diese Seite in der letzten Stunde schon geöffnet, steht der Link weiter oben im Protokoll.

audit-calendar-removed = Kalender entfernt
audit-user-removed = Benutzer entfernt

## Select all

select-all = Alle auswählen
select-none = Auswahl aufheben
