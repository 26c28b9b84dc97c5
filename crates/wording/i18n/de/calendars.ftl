### The start page and the list of calendars.

## Start

tasks-title = Zu erledigen
no-tasks = Nichts. Alle Räume sind in Ordnung.
no-tasks-yet = Noch nichts.
all-of-them = Alle { $count } ansehen
task-failing = Diese Kalender sind nicht erreichbar
task-confirm = Läufe, die auf eine Bestätigung warten
task-conflicts = Doppelbuchungen, die noch bestehen
task-new = Räume, die noch niemand geprüft hat – sehen Sie sich an, was weichen würde
task-mail = E-Mail
task-failed-messages = Nicht zustellbare Nachrichten: { $count }
task-pending-count =
    { $count ->
        [one] 1 Buchung wird entfernt
       *[other] { $count } Buchungen werden entfernt
    }
task-pending-untold = bei { $count } ist noch niemand gewarnt
task-pending-asked =
    { $count ->
        [one] ein Organisator bittet um eine Entscheidung
       *[other] { $count } Organisatoren bitten um eine Entscheidung
    }
task-keys = Ablaufende API-Schlüssel
task-no-mail-server = Kein Mailserver eingerichtet
task-no-mail-server-detail = Niemand erfährt, was entfernt wurde. Setzen Sie SMTP_SERVER und SMTP_EMAIL dort, wo der Server gestartet wird, und starten Sie ihn neu.
steps-title = Erste Schritte
steps-lead = Was eine neue Installation nützlich macht, in der üblichen Reihenfolge.
step-done = erledigt
step-calendar = Den ersten Raum hinzufügen
step-calendar-text = Jeder Raum ist ein Kalender: Er wird hier geführt oder liegt auf Ihrem Kalenderserver.
step-schedule = Automatisch bereinigen lassen
step-schedule-text = Sehen Sie sich an, was eine Bereinigung täte. Wenn Sie ihr vertrauen, geben Sie dem Kalender in den Einstellungen einen Zeitplan.
step-mail = Mitteilen, was entfernt wurde
step-mail-text = Geben Sie dort, wo Room Booking gestartet wird, einen Mailserver an, und achten Sie darauf, dass die Kalender in ihren Einstellungen eine Vorlage haben. Wer gebucht hatte, was weichen musste, bekommt dann eine E-Mail.
step-people = Eine Kollegin oder einen Kollegen einladen
step-people-text = Damit sich jemand um die Räume kümmern kann, wenn Sie nicht da sind.
step-keys = Ein Türschild oder ein Skript anbinden
step-keys-text = Programme buchen und bereinigen mit einem API-Schlüssel.

## Calendars

add-calendar = Kalender hinzufügen
no-calendars = Noch wird kein Raum betreut
no-calendars-text = Fügen Sie einen Kalender hinzu. Er wird hier geführt oder liegt auf einem Kalenderserver, den Sie schon haben.
no-calendars-of-yours = Ihnen ist kein Kalender zugewiesen
no-calendars-of-yours-text = Bitten Sie einen Administrator, Ihnen die Räume zuzuweisen, um die Sie sich kümmern.
calendars-in-all = Kalender: { $count }
search-calendars = Name des Raums
filter-state = Zustand
filter-all = Alle
filter-failing = Nicht erreichbar
filter-confirm = Warten auf Bestätigung
filter-conflicts = Mit Doppelbuchungen
filter-unscheduled = Ohne Zeitplan
col-calendar = Kalender
col-state = Zustand
col-last = Letzter Lauf
col-next = Nächster Lauf
built-in = hier geführt
on-a-server = auf einem Server
when-changed = bei Änderungen
never-by-itself = nicht automatisch
state-fails = Gestört, zuerst { $since }
state-fetching = Wird abgerufen: { $fetched } von { $total }
state-confirm = Wartet auf Bestätigung – Termine: { $count }
state-new = Noch nicht geprüft
state-clear = Keine Doppelbuchungen
state-conflicts =
    { $count ->
        [one] 1 Doppelbuchung
       *[other] { $count } Doppelbuchungen
    }
state-kept =
    { $count ->
        [one] 1 Überschneidung bleibt bestehen
       *[other] { $count } Überschneidungen bleiben bestehen
    }
as-of = Stand: { $when }
new-built-in = Ein Kalender, der hier geführt wird
new-built-in-text = Seine Termine liegen in der Datenbank von Room Booking. Mehr braucht er nicht.
new-built-in-button = Kalender anlegen
calendar-name = Name des Raums
calendar-name-hint = So, wie man ihn kennt, zum Beispiel Besprechungsraum 1.
calendar-slug = Name in Adressen
calendar-slug-hint = Kleinbuchstaben, Ziffern und -, zum Beispiel besprechungsraum-1. Programme verwenden ihn, und er bleibt für immer. Bleibt das Feld leer, wird er aus dem Namen gebildet.
calendar-zone = Zeitzone
done-calendar-added = Der Kalender ist angelegt. Hier sind seine Einstellungen.

## Calendar servers

new-on-server = Ein Kalender auf einem Server
new-on-server-text = Nextcloud, SOGo, Radicale oder ein anderer Server, der CalDAV beherrscht. Die Kalender dort werden automatisch gefunden.
servers-title = Kalenderserver
servers-lead = Wer sich auf welchem Server anmeldet. Melden Sie sich an und wählen Sie aus den gefundenen Kalendern.
add-server = Auf einem Server anmelden
find-calendars = Kalender suchen
server-address = Adresse
server-address-hint = Was Sie von ihm wissen: cloud.example.org, die Adresse im Browser oder eine E-Mail-Adresse.
server-user = Benutzer
app-password = Passwort
app-password-hint = Bei Nextcloud ein App-Passwort: Einstellungen, Sicherheit. Es wird verschlüsselt gespeichert.
server-sign-in = Art des Passworts
sign-in-password = Benutzername und Passwort
sign-in-token = Token
plain-http = HTTP ohne Verschlüsselung zu einem anderen Rechner erlauben
plain-http-hint = Das Passwort kann unterwegs mitgelesen werden. Nur in einem Netz, dem Sie vertrauen.
may-not-be-empty = darf nicht leer sein
server-not-found = Das hat nicht funktioniert
server-refused = Passwort abgelehnt
no-server = Dieses Konto gibt es nicht.
server-calendars = Kalender auf dem Server
nothing-found = Das Konto erreicht keinen Kalender
nothing-found-text = Geben Sie den Kalender des Raums auf dem Server für dieses Konto frei – mit dem Recht, ihn zu ändern.
takes-no-events = nimmt keine Termine auf
may-be-changed = darf geändert werden
read-only = darf nur gelesen werden
shared-in = für dieses Konto freigegeben
is-here-already = schon vorhanden
take-on = Ausgewählte übernehmen
server-password-text = Falls es auf dem Server geändert wurde. Es gilt für alle Kalender dieses Kontos.
to-server = Zum Konto
try-connection = Verbindung testen
try-again = Noch einmal testen
connection-title = Verbindungstest
connection-good = Alles funktioniert.
connection-lead = Was funktioniert und was zu tun ist.
finding-good = funktioniert
finding-warning = bitte ansehen
finding-bad = funktioniert nicht
done-calendars-added = Die Kalender sind angelegt. Ihre Termine werden gerade abgerufen.
done-server-password = Das Passwort ist gespeichert und gilt ab jetzt für den Server.
