### What operations say to people: errors, refusals, findings and warnings. The API and the command line
### print them in English. A message that the site words otherwise has that wording as `.site`.

quoted = { $words }

## What is wrong with a value, behind its name

address-form = muss eine E-Mail-Adresse sein, zum Beispiel ann@example.org
cursor-form = ist kein Cursor aus einer früheren Antwort
date-and-time = muss ein Datum sein, wenn der Beginn eines ist, sonst ein Zeitpunkt
days-between = muss zwischen { $least } und { $most } Tagen liegen
description-controls = darf außer Zeilenumbrüchen und Tabulatoren keine Steuerzeichen enthalten
description-too-long = darf höchstens 8.000 Zeichen haben
end-after-start = muss nach dem Beginn liegen
end-day-after-start = muss nach dem Beginn liegen; ein eintägiger Termin endet am Tag danach
end-too-late = darf höchstens 366 Tage nach dem Beginn liegen
event-name-controls = darf keine Steuerzeichen wie Zeilenumbrüche enthalten
event-name-too-long = darf höchstens 255 Zeichen haben
answers-by-server = lässt sich nicht einschalten: Der Kalenderserver beantwortet Einladungen dieses Raums selbst
answers-need-address = braucht die eigene E-Mail-Adresse des Raums
answers-need-server = gibt es nur für Kalender auf CalDAV-Servern
events-between = muss zwischen { $least } und { $most } Terminen liegen
expiry-past = muss in der Zukunft liegen
minutes-between = muss zwischen { $least } und { $most } Minuten liegen
must-not-be-empty = darf nicht leer sein
name-form = muss 1 bis 100 Zeichen haben, darunter keine Steuerzeichen
template-language-unknown = muss Deutsch, Englisch oder Französisch sein
greeting-form = muss eine Zeile mit höchstens { $most } Zeichen sein
signature-form = darf höchstens { $lines } Zeilen und { $most } Zeichen haben
logo-form = muss ein PNG- oder JPEG-Bild sein
logo-too-large = darf höchstens { $most } KiB groß sein
nothing-to-fetch = wird hier geführt: Es gibt nichts abzurufen
objects-between = muss zwischen { $least } und { $most } Terminen liegen
password-too-long = darf höchstens 1.000 Byte lang sein
code-wrong = ist falsch oder wurde schon benutzt
password-common = ist leicht zu erraten, weil es verbreitet ist oder aus üblichen Wörtern, Namen, Daten oder benachbarten Tasten besteht; nehmen Sie einige zufällige Wörter hintereinander
password-own = ist für alle leicht zu erraten, die Benutzernamen oder E-Mail-Adresse kennen; nehmen Sie einige zufällige Wörter hintereinander
password-too-short = muss mindestens { $least } Zeichen haben
searches-busy = es wird gerade zu oft nach freien Räumen gesucht; bitte versuchen Sie es gleich noch einmal
passwords-busy = es werden gerade zu viele Passwörter geprüft; bitte versuchen Sie es gleich noch einmal
present-password-wrong = ist nicht Ihr aktuelles Passwort
priority-form = muss eine E-Mail-Adresse sein oder eine Domain wie @example.org
request-key-length = muss 1 bis 255 Zeichen haben
request-key-used = wurde in den letzten 24 Stunden schon für eine andere Anfrage benutzt
rights-missing = muss mindestens ein Recht umfassen
rule-controls = darf keine Steuerzeichen enthalten
rule-too-far = lässt sich nicht bis zum Ende der Vorausschau berechnen: { $reason }
rule-too-often = hat bis zum Ende der Vorausschau mehr als { $most } Termine; buchen Sie weniger auf einmal
rule-too-long = darf höchstens 500 Zeichen haben
rule-wrong = { $reason } (RFC 5545, Abschnitt 3.3.10)
seconds-between = muss zwischen { $least } und { $most } Sekunden liegen
slug-form = muss aus 1 bis 63 der Zeichen a–z, 0–9 und - bestehen und darf nicht mit - beginnen, zum Beispiel besprechungsraum-1
slug-reserved = darf keiner dieser Namen sein: { $names }
slug-taken = gehört schon einem anderen Kalender, oder der Kalender auf dem Server ist vergeben
stands-behind = gehört schon zum Kalender { $calendar }
template-fault-on-sample = { $fault } (beim Beispiel { $sample })
template-name-brought = gehört einer mitgelieferten Vorlage; speichern Sie unter einem anderen
template-gone = wurde inzwischen gelöscht; wählen Sie eine andere
template-name-taken = gehört schon einer anderen Vorlage
repeated-time = diese Uhrzeit gibt es an diesem Tag zweimal, weil die Uhren zurückgestellt werden; eine Serie findet zur ersten der beiden statt
skipped-time = diese Uhrzeit gibt es an diesem Tag nicht, weil die Uhren vorgestellt werden; der erste Termin einer Serie braucht Uhrzeiten, die es gibt
priority-words = muss einen Buchstaben oder eine Ziffer enthalten
time-form = muss ein Zeitpunkt wie 2026-03-02T12:00:00+01:00 oder 2026-03-02T12:00 sein oder, ganztägig, ein Datum wie 2026-03-02
user-name-taken = ist schon vergeben
years-between = muss zwischen den Jahren 1970 und 2200 liegen
watch-needs-server = gibt es nur für Kalender auf CalDAV-Servern
zone-form = muss eine IANA-Zeitzone sein, zum Beispiel Europe/Berlin
entry-of-other-calendar = darf nur Einträge der Kalender nennen, die bereinigt werden

## What is not there

link-over = Der Link gilt nicht, wurde schon benutzt oder ist abgelaufen.
no-account = Ein Serverkonto { $account } gibt es nicht.
no-calendar = Einen Kalender { $calendar } gibt es nicht.
no-calendar-listed = Einen Kalender { $calendar } gibt es nicht; `room-booking calendar list` zeigt sie an.
    .site = Einen Kalender { $calendar } gibt es nicht.
no-calendar-of-yours = Einen Kalender { $calendar }, den Sie benutzen dürfen, gibt es nicht.
no-event = Im Kalender { $calendar } gibt es keinen Termin mit der UID { $uid }.
no-history-line = Einen Eintrag { $line } gibt es im Verlauf nicht.
no-key = Einen Schlüssel { $key }, der nicht gesperrt ist, gibt es nicht.
no-suspended-key = Einen Schlüssel { $key }, der mit seinem Benutzerkonto ausgesetzt wurde, gibt es nicht.
no-message = Eine Nachricht { $id } gibt es im Postausgang nicht.
no-sample = Ein Beispiel { $sample } gibt es nicht; es gibt { $samples }.
no-template = Eine Vorlage { $template } gibt es nicht.
no-token = Ein Vorrang-Token { $token } gibt es nicht.
no-token-binding = Eine Token-Bindung { $binding } gibt es nicht.
no-user = Diesen Benutzer gibt es nicht.
no-user-named = Einen Benutzer { $user } gibt es nicht.
not-assigned = Der Kalender { $calendar } ist { $user } nicht zugewiesen.
name-not-prioritised = { $calendar }: Der Text { $name } im Titel ist nicht bevorzugt.
not-protected = { $calendar }: Ein Termin { $uid } ist nicht geschützt.
organizer-not-prioritised = { $calendar }: Ein Organisator { $organizer } ist nicht bevorzugt.
uid-not-prioritised = { $calendar }: Ein Termin { $uid } ist nicht bevorzugt.
all-calendars = alle Kalender

## Why an entry is not done

entry-changed = Der Termin, der Termin, mit dem er sich überschneidet, oder eine Einstellung hat sich seither geändert.

## What cannot be changed

cannot-change = Der Termin kann nicht geändert werden: { $reason }
no-occurrence = Der Termin { $uid } findet zu dieser Zeit nicht statt.
nothing-to-change = muss mindestens eines von name, start, end, description enthalten
others-would-change = Diese Änderung lässt sich nicht schreiben, ohne andere Termine der Serie zu ändern. Ändern Sie die ganze Serie, oder sagen Sie diesen Termin ab und buchen Sie einen neuen.
only-organizer = Nur der Organisator kann diesen Termin ändern.
other-version = Der Termin hat sich seither geändert. Lesen Sie ihn noch einmal.
series-keeps-kind = muss bei einer Serie ganzer Tage ein Datum sein, sonst Datum und Uhrzeit
start-off-rule = muss an einem Tag liegen, an dem sich die Serie wiederholt. Um sie auf einen anderen Wochentag zu verlegen, verschieben Sie nur diesen Termin, oder sagen Sie diesen und die folgenden Termine ab und buchen Sie eine neue Serie

## What the caller may not do

confirm-administrators = Nur Administratoren können das Sicherheitslimit aufheben; es wurde nichts bereinigt.
private-event = Der Termin ist privat: Sein iCalendar-Objekt ist nur für Organisator, Ersteller und Administratoren lesbar.

## What is not as it would have to be

account-used = Es liegen noch Kalender auf dem Konto; deshalb bleibt es.
binding-holds-nothing = Der Termin belegt den Raum von jetzt an zu keiner Zeit; das Token kann an nichts gebunden werden.
changed-all-the-while = Andere ändern den Termin fortwährend; versuchen Sie es noch einmal.
changed-meanwhile = Der Termin wurde inzwischen geändert.
changed-since = Jemand anderes hat den Termin seither geändert; ihn wiederherzustellen würde das überschreiben. `history show --ics` gibt ihn aus, wie er war.
    .site = Jemand anderes hat den Termin seither geändert; ihn wiederherzustellen würde das überschreiben. Unten steht er, wie er war.
date-gone = Die Serie wurde seither geändert und hat diesen Termin nicht mehr, deshalb lässt er sich nicht wiederherstellen. `history show --ics` gibt die Serie aus, wie sie war.
    .site = Die Serie wurde seither geändert und hat diesen Termin nicht mehr, deshalb lässt er sich nicht wiederherstellen. Unten steht sie, wie sie war.
date-takes-place = Die Serie wurde seither geändert, und dieser Termin findet statt: Es gibt nichts wiederherzustellen.
database-full = Die Datenbank ist voll, und es wurde nichts gespeichert: Schaffen Sie Platz auf dem Datenträger, auf dem sie liegt, und versuchen Sie es dann noch einmal.
database-failed = Die Datenbank hat einen Fehler gemeldet; er steht im Protokoll des Servers.
database-unavailable = Die Datenbank ist überlastet oder antwortet nicht; versuchen Sie es noch einmal.
internal-error = ein interner Fehler; mehr steht im Protokoll des Servers
secret-key-was-changed = SECRET_KEY wurde seit dem Start dieses Servers mit `room-booking secret rotate` geändert; geben Sie ihm den neuen Schlüssel, und starten Sie ihn neu
secret-key-wrong = SECRET_KEY ist nicht der Schlüssel dieser Datenbank: Ihre Geheimnisse sind nicht lesbar, und es werden keine gespeichert; `room-booking doctor` sagt, was zu tun ist
secret-unreadable = ein gespeichertes Geheimnis ist nicht lesbar: SECRET_KEY oder die Schlüsseldatei ist eine andere, oder etwas anderes als dieses Programm hat die Zeile geändert
decision-too-old = Der Server hat so lange gebraucht, dass die Entscheidung inzwischen veraltet ist; es wurde nichts geändert. Versuchen Sie es noch einmal.
division-unfinished = Diese Serie wird gerade geteilt oder wieder zusammengefügt, und der Kalenderserver hat den letzten Schritt noch nicht ausgeführt: Ihre Termine stehen doppelt, und keiner davon wird entfernt. Versuchen Sie es in 16 Minuten noch einmal. Bleibt es so, löschen Sie einen der beiden Termine von Hand.
earlier-change-unknown = Eine frühere Änderung dieses Termins ist noch offen: Der Kalenderserver hat nicht geantwortet und führt sie vielleicht noch aus. Spätestens nach 16 Minuten steht es fest; versuchen Sie es dann noch einmal.
gone-again = Der Termin ist schon wieder gelöscht.
last-administrator = Es bliebe kein Administrator übrig; bestimmen Sie zuerst jemand anderen dazu.
import-on-server = Die Termine von { $calendar } liegen auf einem Kalenderserver; importieren Sie die Datei dort.
    .site = Nur eingebaute Kalender nehmen Dateien an. Importieren Sie die Datei auf dem Kalenderserver.
message-does-not-go = Nachricht { $id } wird nicht gesendet: { $reason }
message-is = Nachricht { $id }: { $state }
message-is-being-sent = Nachricht { $id } wird gerade gesendet.
message-is-discarded = Nachricht { $id } ist verworfen.
message-is-gathered = Nachricht { $id } ist vorgemerkt.
    .site = Nachricht { $id } ist für die nächste Nachricht zur Serie vorgemerkt.
message-is-held = Nachricht { $id } wird zurückgehalten; `outbox release` gibt sie frei.
    .site = Nachricht { $id } wird zurückgehalten; geben Sie sie frei, um sie zu senden.
message-is-joined = Nachricht { $id } ist in einer anderen aufgegangen.
    .site = Nachricht { $id } wurde mit einer anderen verschickt.
message-is-not-held = Nachricht { $id } wird nicht zurückgehalten.
message-is-sent = Nachricht { $id } ist gesendet.
no-mail-server = Es ist kein Mailserver eingerichtet; setzen Sie SMTP_SERVER und SMTP_EMAIL.
not-kept-out = Was später entfernt wurde, lässt sich nicht heraushalten: { $reason }
nothing-would-remain = Es bliebe nichts übrig.
other-events-in-object = Derselbe Eintrag auf dem Kalenderserver enthält noch andere Termine.
key-had-enough-events = Dieser Schlüssel hat heute (UTC) schon { $most } Termine angelegt, mehr darf er nicht.
answers-stay = Die Antwort des Raums wird nicht zurückgenommen; lehnen Sie die Einladung im Kalender ab.
restored-already = Der Termin wurde schon wiederhergestellt.
removed-later = Der ganze Termin wurde später entfernt oder ersetzt; stellen Sie zuerst Eintrag { $line } des Verlaufs wieder her.
same-id-there = Inzwischen steht ein anderer Termin mit derselben UID im Kalender.
saved-meanwhile = Jemand hat inzwischen andere Werte gespeichert.
    .site = Jemand hat andere Werte gespeichert, seit Sie diese Seite geöffnet haben. Ihre stehen unten und sind noch nicht gespeichert; wenn Sie noch einmal speichern, überschreiben sie die anderen. Was geändert wurde, steht im Verlauf unter „Einstellungen“.
template-brought = Die Vorlage wird mit dem Programm geliefert und bleibt deshalb.
template-used = Diese Kalender verwenden die Vorlage: { $calendars }
token-has-no-use-left = Das Vorrang-Token { $token } ist durch andere Termine aufgebraucht; entfernen Sie zuerst eine seiner Bindungen, oder erstellen Sie ein weiteres Token.
key-user-not-active = Das Benutzerkonto des Schlüssels ist deaktiviert; aktivieren Sie es zuerst.
user-not-active = Das Benutzerkonto ist deaktiviert, deshalb würde kein Link funktionieren; aktivieren Sie es zuerst.
no-second-factor = Das Benutzerkonto hat keinen zweiten Faktor.
directory-unavailable = Das Verzeichnis antwortet zurzeit nicht. Versuchen Sie es in ein paar Minuten noch einmal.
no-identity = Das Benutzerkonto hat keine solche Anmeldung.
room-taken = Der Raum ist zu dieser Zeit belegt.

## What takes too long

first-fetch = Der Kalender wird zum ersten Mal abgerufen: { $fetched } von { $total } Einträgen sind da; versuchen Sie es später noch einmal.
first-fetch-begun = Der Kalender wird zum ersten Mal abgerufen; versuchen Sie es später noch einmal.
held-by-another-run = Ein anderer Lauf hält den Kalender seit { $seconds } Sekunden; versuchen Sie es später noch einmal.
server-stopped = Der Server wurde beendet, bevor der Lauf auf dem Kalender zu Ende war; was noch nicht erledigt war, bleibt dem nächsten Lauf.
lease-lost = Der Kalender wurde zu lange ohne Lebenszeichen gehalten und gehört womöglich schon einem anderen Lauf; was noch nicht erledigt war, bleibt dem nächsten Lauf.
others-book = Seit einer Minute buchen andere in diesem Kalender; versuchen Sie es noch einmal.
others-fetch = Andere bringen den Kalender gerade auf den neuesten Stand; versuchen Sie es noch einmal.

## What was read, but perhaps not as it was meant

created-refuted = CREATED ist { $created }, aber der Termin war nicht im Kalender, als dieser um { $not-seen } gelesen wurde; es zählt, wann der Termin zum ersten Mal gesehen wurde
line-ends-converted = die Zeilen der Datei enden nur mit CR; sie wurde gelesen, als endeten sie mit CRLF
not-utf-8 = enthält Bytes, die kein UTF-8 sind; sie bleiben erhalten und werden als U+FFFD angezeigt
several-masters = { $count } Termine haben diese UID und keine RECURRENCE-ID; nur der mit der höchsten SEQUENCE zählt, unter gleichen der letzte, und nicht die mit Beginn { $starts }
a-status-is-unknown = der STATUS ist für Termine nicht definiert (RFC 5545, Abschnitt 3.8.1.11), deshalb zählt der Termin als stattfindend
a-zone-is-assumed = die Zeitzone ist unbekannt, deshalb werden die Zeiten in der Zeitzone des Kalenders gelesen
a-token-used-up = das Vorrang-Token ist durch andere Termine aufgebraucht, deshalb bevorzugt es diesen nicht
token-used-up = das Vorrang-Token { $token } ist durch andere Termine aufgebraucht, deshalb bevorzugt es diesen nicht
unknown-status = STATUS { $status } ist für Termine nicht definiert (RFC 5545, Abschnitt 3.8.1.11), deshalb zählt der Termin als stattfindend
utf-16-converted = die Datei ist in UTF-16 codiert; sie wurde nach UTF-8 umgewandelt
zone-assumed = die Zeitzone { $tzid } ist unbekannt, deshalb werden die Zeiten in der Zeitzone des Kalenders gelesen: { $zone }

## Why nobody is told, and what became of a message

address-is = die Adresse { $fault }
address-gets-no-more = eine Adresse bekommt in 24 Stunden höchstens { $most } Nachrichten
address-had-enough = die Adresse hat in 24 Stunden schon { $count } Nachrichten bekommen
announced-already = dasselbe wurde vor weniger als 7 Tagen mitgeteilt
calendar-has-no-template = der Kalender hat keine Vorlage
calendar-has-no-template-any-more = der Kalender hat keine Vorlage mehr
discarded-by = verworfen durch { $user }
domain-not-allowed = E-Mails an { $domain } sind nicht erlaubt: MAIL_DOMAINS enthält die Domain nicht
held-of-user = { $who } hat in 24 Stunden { $count } Nachrichten an andere Domains verursacht
held-in-all = in 24 Stunden gingen { $count } Nachrichten an andere Domains
held-after-restore = sie wartete in einer Sicherung, die wiederhergestellt wurde, und kann seither verschickt worden sein
no-webhooks = es ist kein Webhook eingestellt: WEBHOOK_URLS
webhook-gone = der Empfänger möchte keine mehr (410)
webhook-refused = der Empfänger antwortete { $status }: { $words }
webhook-no-answer = keine Antwort: { $reason }
webhook-is-sent = der Empfänger hat ihn schon, oder er wird gerade gesendet
no-webhook = es gibt keinen Webhook { $id }
given-up = nach zwei Tagen aufgegeben: { $words }
mail-data-fault = ihre Daten: { $reason }
kind-not-announced = der Kalender teilt so etwas nicht mit
nobody-known = es ist niemand bekannt, der benachrichtigt werden könnte
renders-to-nothing = von der Vorlage bleibt nichts übrig
template-failed = die Vorlage { $template } schlug fehl ({ $reason }), deshalb wurde die mitgelieferte gesendet
template-silent = die Vorlage { $template } verwendet { $variable } nicht, deshalb wurde die mitgelieferte gesendet
recipient-hidden = der Grund würde den Organisator eines privaten Termins nennen
waits-for-mail-server = es ist kein Mailserver eingerichtet, deshalb wartet die Nachricht an { $address }
event-was-restored = der Termin wurde wiederhergestellt
event-removed-again = der Termin wurde wieder entfernt
copies-follow = Blindkopien folgen, ohne die Links
confirmation-closed = es wird keine Bestätigung mehr gebraucht
offer-has-ended = das Angebot gilt nicht mehr
warning-has-ended = die Warnung hat sich erledigt
pending-until = er wird am { $at } entfernt, wenn sich nichts ändert
pending-not-told = er wird entfernt, sobald sein Organisator oder die Kontaktadresse gewarnt wurde und die Frist vorüber ist
no-pending = es gibt keine anstehende Entfernung { $line }
moved-and-there = die Buchung steht jetzt in { $target }, wurde aber zugleich in { $room } geändert; löschen Sie sie dort
mail-link-unknown = dieser Link ist nicht bekannt; kopieren Sie die ganze Adresse aus der Nachricht
mail-link-used = dieser Link wurde schon benutzt; jeder gilt einmal
mail-link-over = dieser Link ist abgelaufen: Die Buchung hat begonnen, oder die Zeit für eine Antwort ist vorbei
mail-link-stale = die Buchung ist nicht mehr dieselbe wie in der Nachricht; es wurde nichts geändert
hours-between = müssen { $least } bis { $most } Stunden sein
seats-between = muss { $least } bis { $most } Plätze sein
room-text-too-long = darf höchstens { $most } Zeichen haben und keine Steuerzeichen
features-form = müssen Wörter aus a-z, 0-9 und - sein, mit je höchstens { $most } Zeichen
too-many-features = dürfen höchstens { $most } sein
too-old-to-send = konnte 7 Tage lang nicht gesendet werden; `outbox retry` sendet die Nachricht trotzdem
    .site = konnte 7 Tage lang nicht gesendet werden; „Erneut versuchen“ sendet die Nachricht trotzdem

## What goes wrong between the program and the mail server; what the server itself says is quoted

smtp-not-connected = { $server }: { $fault }
smtp-no-answer = der Server hat innerhalb von { $seconds } Sekunden nicht geantwortet
smtp-no-answer-to-message = der Server hat die Nachricht innerhalb von { $seconds } Sekunden nicht bestätigt
smtp-host-is-no-name = der Host ist kein Name
smtp-ca-file = { $file }: { $fault }
smtp-ca-file-empty = darin ist kein Zertifikat
smtp-ca-file-unusable = ein Zertifikat darin ist nicht lesbar: { $said }
sender-no-address = die Absenderadresse „{ $address }“ ist keine Mailadresse
recipient-no-address = die Empfängeradresse „{ $address }“ ist keine Mailadresse
blind-copy-no-address = die Adresse „{ $address }“ einer Blindkopie ist keine Mailadresse
reply-no-address = die Antwortadresse „{ $address }“ ist keine Mailadresse
smtp-no-starttls = der Server bietet kein STARTTLS an, und ohne wird nichts gesendet
smtp-no-sign-in = der Server bietet kein bekanntes Anmeldeverfahren an (PLAIN, LOGIN)
smtp-no-utf8-addresses = der Server nimmt keine Adressen mit anderen Zeichen als ASCII an (SMTPUTF8)
smtp-no-copy = keine Blindkopie an { $address }: { $fault }
smtp-no-copy-left = es ist keine Blindkopie mehr zu senden

## What is said of several at once

field-fault = { $field }: { $fault }
both = { $first }; { $rest }

## Who did something

command-line = die Befehlszeile

## Why a text is no iCalendar file, and why an object cannot be edited

no-calendar-cr = Die Zeilen enden nur mit CR; in iCalendar enden sie mit CRLF.
no-calendar-empty = Der Text ist leer.
no-calendar-indented = Die Zeilen sind eingerückt, und in iCalendar setzt eine Zeile, die mit einem Leerzeichen beginnt, die vorherige fort; entfernen Sie die Leerzeichen.
no-calendar-other = Das ist keine iCalendar-Datei: Die erste Zeile ist nicht BEGIN:VCALENDAR.
no-calendar-utf16 = Der Text ist in UTF-16 kodiert; iCalendar ist UTF-8.
no-calendar-utf32 = Der Text ist in UTF-32 kodiert; iCalendar ist UTF-8.
edit-no-date = Der Termin findet nicht statt am { $when }.
edit-off-the-rule = Die Regel der Serie ergibt zu dieser Zeit keinen Termin.
edit-other-kind = Eine Serie ganzer Tage kann keine mit Uhrzeiten werden, und umgekehrt.
edit-changes-others = Das lässt sich nicht schreiben, ohne andere Termine zu ändern.
