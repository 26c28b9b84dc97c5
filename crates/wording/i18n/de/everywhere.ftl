### What stands on all pages, and errors.

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
filter = Anzeigen
go = Los
look = Ansehen
today = Heute
never = nie
not-known = nicht bekannt
unnamed = (ohne Titel)
private-event = Privat
shown-of = { $shown } von { $total } angezeigt.
further-pages = Weitere Seiten
page-before = ← Zurück
page-newest = ← Zu den neuesten
page-next = Weiter →
no-match = Nichts gefunden
no-match-text = Wählen Sie andere Filter oder gar keinen.
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
whole-number = muss eine ganze Zahl innerhalb der Grenzen sein
no-date = muss ein Datum sein
choose-one = Wählen Sie eine der Arten.
all-calendars = Alle Kalender
nobody-known = niemand bekannt
nobody-told = Niemand
done-saved = Gespeichert.

## Names of fields

field-name = Name
field-file = Datei
field-collection = Kalender auf dem Server

## Errors

not-found = Hier gibt es nichts
nothing-here = Unter dieser Adresse gibt es keine Seite.
not-found-advice = Vielleicht ist der Link veraltet, oder das Ziel wurde entfernt. Auf der Startseite geht es weiter.
forbidden = Das dürfen nur Administratoren
forbidden-advice = Bitten Sie einen Administrator darum, es zu tun oder Sie zum Administrator zu machen.
stale = Dieses Formular gilt nicht mehr
stale-advice = Es wurde vor längerer Zeit geöffnet, seitdem hat sich in diesem Browser jemand an- oder abgemeldet, oder es stammt von einer anderen Website. Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.
invalid = Etwas stimmt noch nicht
invalid-advice = Es wurde nichts geändert. Gehen Sie zurück und berichtigen Sie die Angaben.
conflict = Inzwischen hat sich etwas geändert
conflict-advice = Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und sehen Sie sich den heutigen Stand an.
impossible = Das geht nicht
impossible-advice = Es wurde nichts geändert.
sent-already = Dieses Formular wurde schon gesendet. Was dabei angelegt wurde, steht in der Liste; das Geheimnis wurde nur einmal angezeigt. Öffnen Sie das Formular neu, um noch etwas anzulegen.
copied = Kopiert
back = Zurück
too-many = Zu viele Versuche
too-many-advice = Das verhindert, dass Fremde Passwörter erraten. Ihr Konto ist in Ordnung.
wait-seconds = Warten Sie { $seconds } Sekunden und versuchen Sie es dann noch einmal.
too-large = Das ist zu groß
too-large-advice = Es wurde nichts geändert. Eine Datei darf 32 MB groß sein und muss innerhalb von 30 Sekunden übertragen sein.
busy = Gerade nicht möglich
busy-advice = Warten Sie einen Moment und versuchen Sie es noch einmal.
full = Der Speicherplatz des Servers ist voll
full-advice = Es wurde nichts gespeichert. Geben Sie einem Administrator Bescheid: Der Datenträger der Datenbank braucht freien Platz. Versuchen Sie es danach noch einmal.
server = Der Kalenderserver antwortet nicht wie erwartet
server-advice = Es wurde nichts geändert. Administratoren finden in den Einstellungen des Kalenders einen Verbindungstest, der zeigt, was zu tun ist; alle anderen geben einem Administrator Bescheid.
server-looking = Administratoren finden in den Einstellungen des Kalenders einen Verbindungstest, der zeigt, was zu tun ist; alle anderen geben einem Administrator Bescheid.
internal = Auf dem Server ist etwas schiefgegangen
internal-advice = Es liegt nicht an Ihnen, und Ihre Eingabe wurde nicht ausgeführt. Näheres steht im Protokoll des Servers.
