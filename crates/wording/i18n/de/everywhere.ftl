### Texts of all pages, and errors.

## Everywhere

product = Room Booking
skip = Zum Inhalt springen
main-navigation = Hauptmenü
nav-start = Tag
nav-calendars = Kalender
nav-history = Verlauf
nav-people = Personen
nav-keys = API-Schlüssel
nav-mail = E-Mail
nav-account = Konto
sign-out = Abmelden
signed-in-as = Angemeldet als { $user }
optional = optional
save = Speichern
back-to-start = Zur Startseite
times-in = Zeiten in { $zone }
add = Hinzufügen
remove = Entfernen
cancel = Abbrechen
search = Suchen
filter = Filtern
go = Öffnen
look = Ansehen
today = Heute
never = nie
not-known = unbekannt
unnamed = (ohne Titel)
private-event = Privat
shown-of = { $shown } von { $total } angezeigt.
further-pages = Weitere Seiten
page-before = ← Zurück
page-newest = ← Neueste
page-next = Weiter →
no-match = Keine Ergebnisse
no-match-text = Ändern oder entfernen Sie die Filter.
just-now = gerade eben
any-moment = jeden Moment
minutes-ago = vor { $minutes } Min.
in-minutes = in { $minutes } Min.
hours-ago = vor { $hours } Std.
in-hours = in { $hours } Std.
seconds = Sekunden
minutes = Minuten
hours = Stunden
days = Tage
dates = Termine
events = Termine
field-is-wrong = { $field }: { $fault }
from-to = { $from } bis { $to }
whole-number = muss eine ganze Zahl im zulässigen Bereich sein
no-date = muss ein Datum sein
choose-one = Typ: Wählen Sie einen Eintrag aus der Liste.
all-calendars = Alle Kalender
nobody-known = unbekannt
nobody-told = Niemand
done-saved = Gespeichert.

## Names of fields

field-name = Name
field-file = Datei
field-collection = Kalender auf dem Server

## Errors

not-found = Nicht gefunden
nothing-here = Unter dieser Adresse gibt es keine Seite.
not-found-advice = Vielleicht ist der Link veraltet, oder der Eintrag wurde entfernt. Gehen Sie zur Startseite.
forbidden = Nur für Administratoren
forbidden-advice = Bitten Sie einen Administrator, dies zu tun oder Sie zum Administrator zu machen.
stale = Dieses Formular ist abgelaufen
stale-advice = Es wurde vor längerer Zeit geöffnet, seitdem hat sich in diesem Browser jemand an- oder abgemeldet, oder es stammt von einer anderen Website. Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.
invalid = Es gibt ein Problem
invalid-advice = Es wurde nichts geändert. Gehen Sie zurück und berichtigen Sie die Angaben.
conflict = Inzwischen hat sich etwas geändert
conflict-advice = Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und prüfen Sie den aktuellen Stand.
impossible = Das ist nicht möglich
impossible-advice = Es wurde nichts geändert.
sent-already = Dieses Formular wurde bereits gesendet. Der neue Eintrag steht in der Liste; sein Geheimnis wurde nur einmal angezeigt. Öffnen Sie das Formular erneut, um einen weiteren zu erstellen.
copied = Kopiert
back = Zurück
too-many = Zu viele Versuche
too-many-advice = Diese Grenze verhindert, dass Fremde Passwörter erraten. Ihr Konto ist in Ordnung.
wait-seconds = Warten Sie { $seconds } Sekunden und versuchen Sie es erneut.
too-large = Zu groß
too-large-advice = Es wurde nichts geändert. Eine Datei darf 32 MB groß sein und muss innerhalb von 30 Sekunden übertragen sein.
busy = Vorübergehend nicht verfügbar
busy-advice = Warten Sie einen Moment und versuchen Sie es erneut.
full = Der Speicherplatz des Servers ist voll
full-advice = Es wurde nichts gespeichert. Bitten Sie einen Administrator, auf dem Datenträger der Datenbank Platz zu schaffen. Versuchen Sie es danach erneut.
server = CalDAV-Anfrage fehlgeschlagen
server-advice = Es wurde nichts geändert. Administratoren: Der Verbindungstest in den Einstellungen des Kalenders zeigt, was zu beheben ist. Alle anderen: Geben Sie einem Administrator Bescheid.
server-looking = Administratoren: Der Verbindungstest in den Einstellungen des Kalenders zeigt, was zu beheben ist. Alle anderen: Geben Sie einem Administrator Bescheid.
internal = Auf dem Server ist ein Fehler aufgetreten
internal-advice = Ihre Anfrage wurde nicht ausgeführt. Einzelheiten stehen im Protokoll des Servers.
