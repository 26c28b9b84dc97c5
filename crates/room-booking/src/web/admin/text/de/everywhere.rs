//! What stands on all pages, and errors, in German.

part! { $ everywhere:
    // --- Everywhere ---------------------------------------------------------------------------------
    product = "Room Booking";
    skip = "Zum Inhalt springen";
    main_navigation = "Hauptmenü";
    nav_start = "Start";
    nav_calendars = "Kalender";
    nav_history = "Verlauf";
    nav_people = "Personen";
    nav_keys = "API-Schlüssel";
    nav_mail = "E-Mail";
    nav_account = "Konto";
    sign_out = "Abmelden";
    signed_in_as = "Angemeldet als {}";
    optional = "optional";
    save = "Speichern";
    back_to_start = "Zur Startseite";
    times_in = "Zeiten in {}";
    add = "Hinzufügen";
    remove = "Entfernen";
    cancel = "Abbrechen";
    search = "Suchen";
    filter = "Anzeigen";
    go = "Los";
    look = "Ansehen";
    today = "Heute";
    never = "nie";
    not_known = "nicht bekannt";
    unnamed = "(ohne Titel)";
    private_event = "Privat";
    shown_of = "{} von {} angezeigt.";
    further_pages = "Weitere Seiten";
    page_before = "← Zurück";
    page_newest = "← Zu den neuesten";
    page_next = "Weiter →";
    no_match = "Nichts gefunden";
    no_match_text = "Wählen Sie andere Filter oder gar keinen.";
    just_now = "gerade eben";
    any_moment = "jeden Moment";
    minutes_ago = "vor {} Min.";
    in_minutes = "in {} Min.";
    hours_ago = "vor {} Std.";
    in_hours = "in {} Std.";
    minutes = "Minuten";
    days = "Tage";
    dates = "Termine";
    events = "Termine";
    field_is_wrong = "{}: {}";
    from_to = "{} bis {}";
    whole_number = "muss eine ganze Zahl innerhalb der Grenzen sein";
    no_date = "muss ein Datum sein";
    choose_one = "Wählen Sie eine der Arten.";
    all_calendars = "Alle Kalender";
    nobody_known = "niemand bekannt";
    nobody_told = "Niemand";
    done_saved = "Gespeichert.";

    // --- Names of fields ----------------------------------------------------------------------------
    field_name = "Name";
    field_file = "Datei";
    field_collection = "Kalender auf dem Server";

    // --- Errors -------------------------------------------------------------------------------------
    not_found = "Hier gibt es nichts";
    nothing_here = "Unter dieser Adresse gibt es keine Seite.";
    not_found_advice = "Vielleicht ist der Link veraltet, oder das Ziel wurde entfernt. Auf der Startseite geht es weiter.";
    forbidden = "Das dürfen nur Administratoren";
    forbidden_advice = "Bitten Sie einen Administrator darum, es zu tun oder Sie zum Administrator zu machen.";
    stale = "Dieses Formular gilt nicht mehr";
    stale_advice = "Es wurde vor längerer Zeit geöffnet, seitdem hat sich in diesem Browser jemand an- oder abgemeldet, oder es stammt von einer anderen Website. Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.";
    invalid = "Etwas stimmt noch nicht";
    invalid_advice = "Es wurde nichts geändert. Gehen Sie zurück und berichtigen Sie die Angaben.";
    conflict = "Inzwischen hat sich etwas geändert";
    conflict_advice = "Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und sehen Sie sich den heutigen Stand an.";
    impossible = "Das geht nicht";
    impossible_advice = "Es wurde nichts geändert.";
    sent_already = "Dieses Formular wurde schon gesendet. Was dabei angelegt wurde, steht in der Liste; das Geheimnis wurde nur einmal angezeigt. Öffnen Sie das Formular neu, um noch etwas anzulegen.";
    copied = "Kopiert";
    back = "Zurück";
    too_many = "Zu viele Versuche";
    too_many_advice = "Das verhindert, dass Fremde Passwörter erraten. Ihr Konto ist in Ordnung.";
    wait_seconds = "Warten Sie {} Sekunden und versuchen Sie es dann noch einmal.";
    too_large = "Das ist zu groß";
    too_large_advice = "Es wurde nichts geändert. Eine Datei darf 32 MB groß sein und muss innerhalb von 30 Sekunden übertragen sein.";
    busy = "Gerade nicht möglich";
    busy_advice = "Warten Sie einen Moment und versuchen Sie es noch einmal.";
    server = "Der Kalenderserver antwortet nicht wie erwartet";
    server_advice = "Es wurde nichts geändert. Administratoren finden in den Einstellungen des Kalenders einen Verbindungstest, der zeigt, was zu tun ist; alle anderen geben einem Administrator Bescheid.";
    server_looking = "Administratoren finden in den Einstellungen des Kalenders einen Verbindungstest, der zeigt, was zu tun ist; alle anderen geben einem Administrator Bescheid.";
    internal = "Auf dem Server ist etwas schiefgegangen";
    internal_advice = "Es liegt nicht an Ihnen, und Ihre Eingabe wurde nicht ausgeführt. Näheres steht im Protokoll des Servers.";
}
