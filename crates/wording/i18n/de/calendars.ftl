### The start page and the list of calendars.

## Start

tasks-title = Zu erledigen
no-tasks = Nichts. Alle Räume sind in Ordnung.
no-tasks-yet = Noch nichts.
all-of-them = Alle { $count } anzeigen
task-failing = Diese Kalender sind nicht erreichbar
task-confirm = Läufe, die auf Bestätigung warten
task-conflicts = Offene Doppelbuchungen
task-unfinished = Nur teilweise geänderte Serien: ihre Termine stehen doppelt
task-new = Noch nicht geprüfte Räume – öffnen Sie die Vorschau
task-mail = E-Mail
task-failed-messages = Nicht zustellbare Nachrichten: { $count }
task-pending-count =
    { $count ->
        [one] 1 Buchung wird entfernt
       *[other] { $count } Buchungen werden entfernt
    }
task-pending-untold = noch ohne Warnung: { $count }
task-pending-asked =
    { $count ->
        [one] ein Organisator bittet um eine Entscheidung
       *[other] { $count } Organisatoren bitten um eine Entscheidung
    }
task-keys = Bald ablaufende API-Schlüssel
task-no-mail-server = Kein Mailserver eingerichtet
task-no-mail-server-detail = Niemand wird benachrichtigt, wenn eine Buchung entfernt wird. Setzen Sie SMTP_SERVER und SMTP_EMAIL in der Umgebung des Servers und starten Sie ihn neu.
steps-title = Erste Schritte
steps-lead = Empfohlene Schritte für eine neue Installation.
step-done = erledigt
step-calendar = Ersten Raum hinzufügen
step-calendar-text = Jeder Raum ist ein Kalender. Er ist integriert oder liegt auf Ihrem Kalenderserver.
step-schedule = Automatisch bereinigen
step-schedule-text = Prüfen Sie in der Vorschau, was entfernt würde. Legen Sie dann in den Einstellungen des Kalenders einen Zeitplan fest.
step-mail = Über entfernte Buchungen benachrichtigen
step-mail-text = Richten Sie einen Mailserver für Room Booking ein und wählen Sie in den Einstellungen jedes Kalenders eine Vorlage. Wessen Buchung entfernt wird, erhält dann eine E-Mail.
step-people = Eine Kollegin oder einen Kollegen einladen
step-people-text = Sorgen Sie dafür, dass jemand die Räume verwalten kann, wenn Sie nicht da sind.
step-keys = Ein Türschild oder ein Skript anbinden
step-keys-text = Programme buchen Räume und bereinigen Kalender mit einem API-Schlüssel.

## Calendars

add-calendar = Kalender hinzufügen
no-calendars = Noch keine Räume
no-calendars-text = Fügen Sie einen Kalender hinzu. Er kann integriert sein oder auf Ihrem Kalenderserver liegen.
no-calendars-of-yours = Sie haben auf keinen Kalender Zugriff
no-calendars-of-yours-text = Bitten Sie einen Administrator um Zugriff auf die Räume, die Sie verwalten.
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
built-in = integriert
on-a-server = auf Ihrem Kalenderserver
when-changed = bei Änderungen
never-by-itself = kein Zeitplan
state-fails = Gestört seit { $since }
state-fetching = Termine werden abgerufen: { $fetched } von { $total }
state-confirm = Wartet auf Bestätigung: { $count } Termine
state-new = Noch nicht geprüft
state-clear = Keine Doppelbuchungen
state-conflicts =
    { $count ->
        [one] 1 Doppelbuchung
       *[other] { $count } Doppelbuchungen
    }
state-kept =
    { $count ->
        [one] 1 Überschneidung behalten
       *[other] { $count } Überschneidungen behalten
    }
as-of = Stand: { $when }
new-built-in = Integrierter Kalender
new-built-in-text = Die Termine liegen in der Datenbank von Room Booking. Sie brauchen keinen Kalenderserver.
new-built-in-button = Kalender anlegen
calendar-name = Name des Raums
calendar-name-hint = Der Name, unter dem der Raum bekannt ist, zum Beispiel Besprechungsraum 1.
calendar-slug = Name in URLs
calendar-slug-hint = Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel besprechungsraum-1. Programme verwenden diesen Namen; er lässt sich später nicht ändern. Bleibt das Feld leer, wird er aus dem Namen des Raums gebildet.
calendar-zone = Zeitzone
done-calendar-added = Kalender hinzugefügt. Prüfen Sie unten seine Einstellungen.

## Calendar servers

new-on-server = Kalender auf Ihrem Kalenderserver
new-on-server-text = Nextcloud, SOGo, Radicale oder ein anderer CalDAV-Server. Room Booking findet die Kalender automatisch.
servers-title = Kalenderserver
servers-lead = Ihre Konten auf Kalenderservern. Melden Sie sich an einem Server an und wählen Sie die Kalender aus, die Sie hinzufügen möchten.
add-server = An einem Server anmelden
find-calendars = Kalender suchen
server-address = Adresse
server-address-hint = Der Servername wie cloud.example.org, die Adresse im Browser oder eine E-Mail-Adresse.
server-user = Benutzer
app-password = Passwort
app-password-hint = Verwenden Sie bei Nextcloud ein App-Passwort (Einstellungen, Sicherheit). Es wird verschlüsselt gespeichert.
server-sign-in = Art der Anmeldung
sign-in-password = Benutzername und Passwort
sign-in-token = Token
plain-http = Unverschlüsseltes HTTP zu einem anderen Rechner erlauben
plain-http-hint = Andere im Netz können das Passwort mitlesen. Verwenden Sie das nur in einem Netz, dem Sie vertrauen.
may-not-be-empty = darf nicht leer sein
server-not-found = Keine Kalender gefunden
server-refused = Passwort abgelehnt
no-server = Konto nicht gefunden.
server-calendars = Kalender auf dem Server
nothing-found = Keine Kalender gefunden
nothing-found-text = Geben Sie den Kalender des Raums auf dem Server für dieses Konto frei, mit dem Recht zum Bearbeiten.
takes-no-events = nimmt keine Termine an
may-be-changed = bearbeitbar
read-only = schreibgeschützt
shared-in = für dieses Konto freigegeben
is-here-already = bereits hinzugefügt
take-on = Ausgewählte Kalender hinzufügen
server-password-text = Geben Sie das neue Passwort ein, wenn es auf dem Server geändert wurde. Es gilt für alle Kalender dieses Kontos.
to-server = Zum Konto
try-connection = Verbindung testen
try-again = Erneut testen
connection-title = Verbindungstest
connection-good = Alles funktioniert.
connection-lead = Was funktioniert und was zu beheben ist.
finding-good = funktioniert
finding-warning = bitte prüfen
finding-bad = funktioniert nicht
done-calendars-added = Kalender hinzugefügt. Ihre Termine werden abgerufen.
done-server-password = Passwort gespeichert. Es gilt ab jetzt.
