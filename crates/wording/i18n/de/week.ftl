### The day of all rooms, the week of a calendar, an event of it, and booking.

## The day

other-days = Andere Tage
day-before = Vorheriger Tag
day-next = Nächster Tag
day = Tag
free-from = Frei ab
free-for = Für
people-at-least = Personen
all-buildings = Alle Gebäude
find-room = Raum finden
find-reset = Zurücksetzen
found-title = Freie Räume
found-none = Zu dieser Zeit ist kein Raum frei. Wählen Sie eine andere oder kürzere Zeit oder weniger Ausstattung.
dates-taken = Belegt an { $taken } von { $count } Terminen: { $dates }
seats =
    { $count ->
        [one] 1 Platz
       *[other] { $count } Plätze
    }
floor-number = Stockwerk { $floor }
length-minutes = { $minutes } Minuten
length-hours = { $hours } h
rooms-on = Räume am { $day }
rooms-of = Räume { $first } bis { $last } von { $count }
room-unreachable = Nicht erreichbar; möglicherweise veraltet
room-unknown = Noch nicht abgerufen
overlaps-with = Überschneidet sich mit „{ $name }“
no-time = muss eine Uhrzeit wie 14:30 sein

## The week

other-weeks = Andere Wochen
week-before = Vorige Woche
week-next = Nächste Woche
go-to-date = Zu einem Datum
week-conflicts =
    { $count ->
        [one] Ein Termin würde entfernt, weil ein anderer den Raum hat.
       *[other] { $count } Termine würden entfernt, weil andere den Raum haben.
    }
week-conflicts-link = Vorschau anzeigen
week-next-conflict = Nächste Doppelbuchung: { $when }, { $name }
week-skipped-to = In dieser Woche gibt es keine weiteren Buchungen. Dies ist die nächste Woche mit einer Buchung.
week-more = Weitere Termine, die hier nicht angezeigt werden: { $count }.
week-empty = In dieser Woche ist nichts gebucht.
unreachable = CalDAV-Anfrage fehlgeschlagen.
week-as-known = Dies ist die Woche nach dem Stand vom { $when }. Seither kann sich etwas geändert haben.
week-not-known = Die Termine dieses Kalenders wurden noch nie abgerufen, deshalb kann die Woche nicht angezeigt werden.
preview-not-known = Die Vorschau braucht die aktuellen Termine. Ohne den Kalenderserver lassen sie sich nicht lesen.
tell-administrator = Geben Sie einem Administrator Bescheid, wenn das so bleibt.
clock-changes = An diesem Tag wird die Uhr umgestellt.
all-day-until = ganztägig bis { $day }
all-day-since = ganztägig seit { $day }
from-until = ab { $from }, bis { $until }
until-since = bis { $until }, seit { $since }
book-free = frei · buchen
view = Ansicht
view-month = Monat
other-months = Andere Monate
month-before = Voriger Monat
month-next = Nächster Monat
month-empty = In diesem Monat ist nichts gebucht.
month-as-known = Dies ist der Monat nach dem Stand vom { $when }. Seither kann sich etwas geändert haben.
month-not-known = Die Termine dieses Kalenders wurden noch nie abgerufen, deshalb kann der Monat nicht angezeigt werden.
more-of-day = { $count } weitere
fold-before = { $count } vor { $time }
fold-after = { $count } ab { $time }
find-booking = Buchung suchen
found-bookings = Buchungen mit „{ $words }“
found-no-bookings = Keine Buchung mit „{ $words }“ in den letzten 31 Tagen oder später.
keys = Tastatur
keys-previous = Vorige Woche, voriger Monat
keys-next = Nächste Woche, nächster Monat
keys-skip = Von Termin zu Termin gehen
keys-free = In freier Zeit: den Beginn wählen, mit der Umschalttaste das Ende
keys-move = Einen Termin verschieben
keys-move-how = Pfeiltasten verschieben den Termin, mit der Umschalttaste ändern sie sein Ende, mit Alt seinen Beginn. Die Eingabetaste öffnet das Formular, Escape bricht ab.
keys-close = Die Erklärung schließen
keys-use = Einzelne Tasten verwenden
drag-hint = Mit dem Zeiger: Ziehen Sie in freier Zeit, um sie zu buchen. Ziehen Sie einen Termin, um ihn zu verschieben, und seinen oberen oder unteren Rand, um Beginn oder Ende zu ändern. Ein Formular fragt, bevor etwas gespeichert wird.
of-a-series = Teil einer Serie
legend = Legende
legend-stays = Hat den Raum
legend-wins = Behält den Raum bei einer Überschneidung
legend-goes = Würde entfernt
legend-alone = Überschneidet sich und bleibt bestehen oder ist noch nicht entschieden
legend-cancelled = Abgesagt
legend-free = Als frei markiert
word-goes = würde entfernt
word-wins = behält den Raum
word-alone = bleibt bestehen
word-far = noch nicht entschieden
word-cancelled = abgesagt
word-free = frei
word-declined = abgelehnt
why-stays = Der Termin hat den Raum. Kein anderer Termin überschneidet sich mit ihm.
why-over = Der Termin ist vorbei und bleibt, wie er ist.
why-goes = Der Termin überschneidet sich mit „{ $name }“, der den Raum behält.
why-wins = Der Termin behält den Raum gegenüber { $others }.
why-stronger = Der Termin überschneidet sich mit { $others } und hat Vorrang.
stronger-stays = Der andere Termin bleibt trotzdem bestehen.
stronger-limit = Der andere Termin bleibt, bis ein Administrator die Entfernungen bestätigt hat.
why-far = Der Termin hat den Raum. Er beginnt nach dem Zeitraum, den dieser Kalender vorausschaut; über ihn ist noch nicht entschieden.
why-far-beside = Der Termin überschneidet sich mit „{ $name }“. Er beginnt nach dem Zeitraum, den dieser Kalender vorausschaut; über ihn ist noch nicht entschieden.
and-more = „{ $name }“ und { $more } weiteren
why-alone = Der Termin überschneidet sich mit „{ $name }“ und bleibt bestehen.
why-cancelled = Der Termin wurde abgesagt und belegt den Raum nicht.
why-leftover = Der Termin wurde abgesagt. Der nächste Lauf entfernt ihn.
why-leftover-short = Er wurde abgesagt.
why-free = Der Termin ist als frei markiert und belegt den Raum nicht.
why-free-beside = Der Termin ist als frei markiert. Er überlagert „{ $name }“, ohne zu stören.
why-declined = Der Raum hat abgelehnt, deshalb belegt der Termin ihn nicht.
why-no-length = Der Termin hat keine Dauer und belegt keine Zeit.
by-priority = Der andere ist bevorzugt.
by-held-since = Der andere belegt die Zeit schon länger.
by-created = Der andere wurde zuerst gebucht.
by-uid = Beide wurden zur selben Zeit gebucht; die Reihenfolge ihrer UIDs entscheidet.
by-original-start = Beide wurden zur selben Zeit gebucht; das frühere Datum entscheidet.
wins-by-priority = Er ist bevorzugt.
wins-by-held-since = Er belegt die Zeit schon länger.
since-both = Der Termin, der bleibt, belegt die Zeit seit { $winner }, der andere seit { $loser }.
is-witnessed = Diese Reihenfolge hat Room Booking selbst aufgezeichnet.
is-by-word = Diese Reihenfolge hat Room Booking nicht selbst aufgezeichnet.
wins-by-created = Er wurde zuerst gebucht.
wins-by-uid = Beide wurden zur selben Zeit gebucht; die Reihenfolge ihrer UIDs entscheidet.
left-started = Er hat bereits begonnen.
left-prioritised = Beide sind bevorzugt. Die Organisatoren entscheiden, wer den Raum nutzt.
left-pending = Eine Warnung wurde gesendet. Er wird später entfernt.
left-report = Dieser Kalender meldet Überschneidungen nur.
left-protected = Er ist geschützt.
left-tolerated = Die Überschneidung liegt im tolerierten Rahmen.
left-free = Er ist als frei markiert.
left-changed = Er wurde während des Laufs geändert.
left-refused = Der Kalenderserver hat die Änderung abgelehnt.
left-limit = Zu viele Termine würden auf einmal entfernt. Das muss ein Administrator bestätigen.

## An event

event-gone = Diesen Termin gibt es nicht mehr, oder nicht mehr zu dieser Zeit. Gehen Sie zurück zur Woche.
the-other-event = Anderer Termin
organizer = Organisator
booked-at = Gebucht
series = Serie
is-series = Ein Termin einer Serie
is-single = Ein einzelner Termin
uid = UID
back-to-week = Zurück zur Woche
kept = Behalten
is-protected = Der Termin ist geschützt.
is-prioritised = Der Termin ist bevorzugt.
is-prioritised-otherwise = Der Termin ist durch seinen Titel oder seinen Organisator bevorzugt.
for-all-dates = Das gilt für alle Termine dieser Serie.
delete-protected = Der Termin ist geschützt. Läufe entfernen ihn nicht, aber Sie können ihn hier löschen.
keep-it = Termin behalten
protect = Termin schützen
unprotect = Schutz entfernen
decided-everywhere = Das gilt für alle Kalender. Ändern können Sie es hier:
protect-text = Ein geschützter Termin wird nie automatisch entfernt.
prioritise = Termin bevorzugen
unprioritise = Bevorzugung entfernen
prioritise-text = Ein bevorzugter Termin gewinnt gegen nicht bevorzugte, auch wenn diese zuerst gebucht wurden.
delete-it = Termin löschen
delete-text = Der Termin wird aus dem Kalender gelöscht. Es wird keine E-Mail verschickt. Er bleibt im Verlauf; von dort kann ihn ein Administrator wiederherstellen.
delete-series-text = Die ganze Serie mit allen Terminen wird gelöscht. Es wird keine E-Mail verschickt. Sie bleibt im Verlauf; von dort kann sie ein Administrator wiederherstellen.
delete-open = Löschen …
delete-event = Diesen Termin löschen
delete-series = Ganze Serie löschen
done-event-deleted = Termin gelöscht. Er bleibt im Verlauf.

## Booking

book-title = Raum buchen
book-button = Raum buchen
event-name = Titel
starts = Beginn
ends = Ende
whole-days = Ganztägig
whole-days-hint = Dann zählen nur die Tage, der erste und der letzte eingeschlossen.
organizer-hint = Erhält die Nachrichten zu dieser Buchung. Bleibt das Feld leer, sind Sie der Organisator.
description = Beschreibung
repeat = Wiederholung
repeat-never = Keine
repeat-daily = Jeden Tag
repeat-weekly = Jede Woche
repeat-monthly = Jeden Monat
repeat-every = Alle
repeat-every-hint = 2 ist jeder zweite Tag, jede zweite Woche oder jeder zweite Monat.
repeat-days = Am
repeat-until = Bis
not-among-weekdays = muss auf einen der gewählten Wochentage fallen
in-past = Der Termin soll in der Vergangenheit liegen
past-dates-error = Termine dieser Serie liegen in der Vergangenheit und würden mitverschoben. Wählen Sie „Diesen und alle folgenden Termine“, oder kreuzen Sie dieses Feld an, wenn das so gemeint ist.
in-past-error = Diese Zeit liegt in der Vergangenheit. Kreuzen Sie dieses Feld an, wenn das so gemeint ist.
repeat-times = Anzahl der Termine
repeat-times-hint = Bleibt das Feld leer, hat die Serie kein Ende.
only-if-free = Nur wenn der Raum frei ist
only-if-free-hint = Sonst wird auch bei einer Überschneidung gebucht; später entscheiden die Regeln, wer den Raum behält.
room-taken = Der Raum ist belegt, deshalb wurde nichts gebucht. Überschneidungen:
done-booked = Gebucht.

## Anstehende Entfernungen
pending-title = Anstehende Entfernungen
pending-lead = Diese Buchungen überschneiden sich mit einer vorrangigen. Ihre Organisatoren sind gewarnt. Nach Ablauf der Zeit werden sie entfernt, wenn niemand verschiebt oder absagt und Sie nicht anders entscheiden.
pending-empty = Keine anstehenden Entfernungen
pending-empty-text = Kalender, die warnen, führen hier auf, was sie entfernen werden.
pending-winner = Hat den Raum
pending-at = wird entfernt: { $at }
pending-kept = bleibt
pending-now = wird gerade entfernt
pending-asked = Organisator bittet um Entscheidung
pending-nobody = niemand kann gewarnt werden
pending-unsent = die Warnung wird gesendet
pending-keep = Buchung behalten
pending-remove = Jetzt entfernen

## Changing an event

change-it = Termin ändern
book-again = Erneut buchen
change-title = Termin ändern
change-scope = Gilt für
change-this-date = Diesen Termin
change-following = Diesen und alle folgenden Termine
change-all-dates = Alle Termine der Serie
change-scope-hint = Bei mehreren Terminen wird die Serie um ebenso viele Tage und Stunden verschoben wie dieser Termin. Einzeln geänderte oder abgesagte Termine bleiben, wie sie sind. „Diesen und alle folgenden Termine“ teilt die Serie: Die folgenden Termine werden eine eigene Serie.
room-taken-for-change = Der Raum ist belegt, deshalb wurde nichts geändert. Überschneidungen:
only-organizer-why = Nur der Organisator kann diesen Termin ändern, weil der Kalenderserver Einladungen verschickt.
only-organizer-ways = Sie können den Raum erneut buchen oder den Termin löschen; der Server lehnt die Einladung dann ab.
only-organizer-ways-series = Sie können den Raum erneut buchen, diesen Termin absagen oder die Serie löschen; der Server lehnt die Einladung dann ab.
save-changes = Änderungen speichern
cancel-date-title = Termine absagen
cancel-date-text = Die anderen Termine der Serie bleiben. Es wird keine E-Mail verschickt. Der Termin bleibt im Verlauf; von dort kann ihn ein Administrator wiederherstellen.
cancel-date = Diesen Termin absagen
done-event-changed = Termin geändert.
done-event-unchanged = Es wurde nichts geändert.
end-series-text = Oder die Serie endet vor diesem Termin: Dieser und alle folgenden Termine werden abgesagt.
end-series = Diesen und alle folgenden Termine absagen
done-series-ended = Dieser und die folgenden Termine sind abgesagt. Sie bleiben im Verlauf.
done-date-cancelled = Termin abgesagt. Er bleibt im Verlauf.
