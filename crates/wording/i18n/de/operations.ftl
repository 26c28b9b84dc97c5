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
events-between = muss zwischen { $least } und { $most } Terminen liegen
expiry-past = muss in der Zukunft liegen
minutes-between = muss zwischen { $least } und { $most } Minuten liegen
must-not-be-empty = darf nicht leer sein
name-form = muss 1 bis 100 Zeichen haben, darunter keine Steuerzeichen
nothing-to-fetch = wird hier geführt: Es gibt nichts abzurufen
objects-between = muss zwischen { $least } und { $most } Terminen liegen
password-too-long = darf höchstens 1.000 Byte lang sein
code-wrong = ist falsch oder wurde schon benutzt
password-common = ist leicht zu erraten, weil es verbreitet ist oder aus üblichen Wörtern, Namen, Daten oder benachbarten Tasten besteht; nehmen Sie einige zufällige Wörter hintereinander
password-own = ist für alle leicht zu erraten, die Benutzernamen oder E-Mail-Adresse kennen; nehmen Sie einige zufällige Wörter hintereinander
password-too-short = muss mindestens { $least } Zeichen haben
passwords-busy = es werden gerade zu viele Passwörter geprüft; bitte versuchen Sie es gleich noch einmal
present-password-wrong = ist nicht Ihr bisheriges Passwort
priority-form = muss eine E-Mail-Adresse sein oder eine Domain wie @example.org
request-key-length = muss 1 bis 255 Zeichen haben
request-key-used = wurde in den letzten 24 Stunden schon für eine andere Anfrage benutzt
rights-missing = muss mindestens ein Recht umfassen
rule-controls = darf keine Steuerzeichen enthalten
rule-too-far = lässt sich nicht bis zum Ende der Vorausschau berechnen: { $reason }
rule-too-long = darf höchstens 500 Zeichen haben
rule-wrong = { $reason } (RFC 5545, Abschnitt 3.3.10)
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
start-off-rule = muss eine Zeit sein, zu der die Regel der Serie einen Termin ergibt

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
decision-too-old = Der Server hat so lange gebraucht, dass die Entscheidung inzwischen veraltet ist; es wurde nichts geändert. Versuchen Sie es noch einmal.
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
not-confirmed = der Kalenderserver hat nicht bestätigt, dass der Termin von diesem Programm entfernt wurde
nothing-would-remain = Es bliebe nichts übrig.
other-events-in-object = Derselbe Eintrag auf dem Kalenderserver enthält noch andere Termine.
key-had-enough-events = Dieser Schlüssel hat heute (UTC) schon { $most } Termine angelegt, mehr darf er nicht.
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
room-taken = Der Raum ist zu dieser Zeit belegt.

## What takes too long

first-fetch = Der Kalender wird zum ersten Mal abgerufen: { $fetched } von { $total } Einträgen sind da; versuchen Sie es später noch einmal.
first-fetch-begun = Der Kalender wird zum ersten Mal abgerufen; versuchen Sie es später noch einmal.
held-by-another-run = Ein anderer Lauf hält den Kalender seit { $seconds } Sekunden; versuchen Sie es später noch einmal.
lease-lost = Der Kalender wurde zu lange ohne Lebenszeichen gehalten und gehört womöglich schon einem anderen Lauf; was noch nicht erledigt war, bleibt dem nächsten Lauf.
others-book = Seit einer Minute buchen andere in diesem Kalender; versuchen Sie es noch einmal.
others-fetch = Andere bringen den Kalender gerade auf den neuesten Stand; versuchen Sie es noch einmal.

## What a calendar's server does not do

answered-403 = Er hat mit 403 Forbidden geantwortet.
answered-403-with = 403: { $words }
calendar-address-wrong = Die Adresse des Kalenders ist ungültig: { $reason }
calendar-elsewhere = Die Adresse des Kalenders ist auf { $at }, sein Konto aber auf { $of }, und dessen Passwort wird an keinen anderen Server gesendet; entfernen Sie hier den Kalender und fügen Sie ihn neu hinzu.
calendar-gone = Unter { $address } gibt es keinen Kalender mehr; sehen Sie nach, ob er verschoben oder gelöscht wurde oder nicht mehr für { $user } freigegeben ist.
calendar-trashed = Der Kalender wurde auf dem Server gelöscht und liegt dort im Papierkorb; stellen Sie ihn dort wieder her oder entfernen Sie hier den Kalender { $calendar }.
hidden-beside = Von dem Termin, der den Raum hat, zeigt der Server diesem Konto nur einen Teil (CLASS:CONFIDENTIAL); verwenden Sie das Konto des Besitzers.
hidden-part = Der Server zeigt diesem Konto nur einen Teil davon (CLASS:CONFIDENTIAL); verwenden Sie das Konto des Besitzers.
none-given-away = Der Server gibt keinen von { $count } Terminen heraus: { $reason }
of-host = { $host }: { $reason }
password-not-kept = wurde ausprobiert und nicht gespeichert: { $reason }
password-refused = { $host } nimmt das Passwort von { $user } nicht an; bis Sie es neu setzen, wird es nicht noch einmal versucht: room-booking account set { $account } --password-stdin (bei Nextcloud mit einem App-Passwort).
    .site = { $host } nimmt das Passwort von { $user } nicht an; bis Sie es unter „Kalenderserver“ neu setzen, wird es nicht noch einmal versucht (bei Nextcloud mit einem App-Passwort).
password-unreadable = { $reason }; stellen Sie den geheimen Schlüssel wieder her, oder geben Sie das Passwort des Kontos { $account } noch einmal ein: room-booking account set { $account } --password-stdin
    .site = { $reason }; stellen Sie den geheimen Schlüssel wieder her, oder geben Sie das Passwort des Kontos unter „Kalenderserver“ noch einmal ein.
server-refused = Der Kalenderserver hat es abgelehnt: { $reason }
sign-in-refused = { $host } nimmt den Benutzernamen { $user } mit diesem Passwort nicht an; verwenden Sie bei Nextcloud ein App-Passwort (Einstellungen, Sicherheit).

caldav-says = {" "}(er meldet: { $words })
caldav-bad-answer = Die Antwort des Servers ist nicht lesbar: { $what }
caldav-changed = Der Eintrag wurde auf dem Server inzwischen geändert; lesen Sie ihn noch einmal.
caldav-connect = Keine Verbindung zum Server: { $server }; prüfen Sie Adresse und Port und ob eine Firewall dazwischen liegt.
caldav-dns = Der Name des Servers ist unbekannt: { $server }; prüfen Sie die Schreibweise.
caldav-exists = Einen Eintrag mit diesem Namen gibt es schon.
caldav-forbidden = Der Server erlaubt es nicht{ $says }; geben Sie dem Konto Zugriff auf den Kalender, mit dem Recht zum Bearbeiten.
caldav-interrupted = Die Verbindung brach ab, bevor die Antwort vollständig war: { $what }
caldav-invalid-url = Das ist keine Adresse eines Kalenderservers: { $what }
caldav-not-found = Unter dieser Adresse gibt es nichts; prüfen Sie die Adresse des Kalenders.
caldav-nothing-found = Keine Kalender gefunden; versucht: { $steps }; geben Sie die Adresse ein, die die Dokumentation des Servers für CalDAV nennt.
caldav-plain-http = { $host } würde ohne Verschlüsselung angefragt; verwenden Sie eine https-Adresse, oder erlauben Sie http ohne Verschlüsselung, wenn das Netz dazwischen Ihr eigenes ist.
caldav-redirect-not-followed = Der Server hat mit einer Weiterleitung geantwortet, der eine solche Anfrage nicht folgen kann.
caldav-redirect-to-another = Der Server leitet auf einen anderen weiter, { $to }, der das Passwort nicht bekommt; wenn es der richtige ist, geben Sie diese Adresse ein.
caldav-redirect-to-plain-http = Der Server leitet auf eine Adresse ohne Verschlüsselung weiter, { $to }, an die das Passwort nicht gesendet wird; prüfen Sie, wie der Server sich hinter seinem Proxy nennt.
caldav-redirect-too-often = Der Server leitet immer wieder weiter, zuletzt auf { $to }
caldav-refused = Der Server hat es mit Status { $status } abgelehnt{ $says }
caldav-settings = Die Einstellungen für Verbindungen sind nicht verwendbar: { $what }
caldav-sign-in-unsupported = Der Server verlangt eine Anmeldung mit { $schemes }; unterstützt werden Basic, Bearer und Digest (RFC 7616, mit MD5 oder SHA-256 und qop=auth). Schalten Sie dort eine davon ein.
caldav-timeout-connect = Der Server hat zu lange gebraucht: Es kam keine Verbindung zustande; läuft er, und ist er erreichbar?
caldav-timeout-first-byte = Der Server hat zu lange gebraucht: Seine Antwort begann nicht rechtzeitig.
caldav-timeout-idle = Der Server hat zu lange gebraucht: Seine Antwort hörte mittendrin auf.
caldav-timeout-total = Der Server hat zu lange gebraucht: Seine Antwort endete nicht rechtzeitig.
caldav-tls = Das Zertifikat des Servers oder sein TLS wird nicht akzeptiert: { $server }; für ein Zertifikat einer eigenen Zertifizierungsstelle setzen Sie CALDAV_CA_FILE auf eine Datei mit deren Zertifikat.
caldav-too-large = Die Antwort des Servers ist länger als { $bound } Bytes; mehr wird nicht auf einmal gelesen.
caldav-too-many-requests = Anfragen an diesen Server sind für { $seconds } Sekunden ausgesetzt, weil er mit 429 Too Many Requests geantwortet hat{ $says }. Nach fehlgeschlagenen Anmeldungen sperren Server IP-Adressen: Wenn Passwörter falsch waren, warten Sie, oder führen Sie bei Nextcloud `occ security:bruteforce:reset` mit der Adresse dieses Rechners aus.
caldav-trashed = Der Kalender wurde auf dem Server gelöscht und liegt dort im Papierkorb; stellen Sie ihn dort wieder her, oder entfernen Sie ihn hier.
caldav-uid-conflict = Der Kalender enthält einen anderen Eintrag mit derselben UID{ $says }
caldav-unavailable = Der Server kann gerade nicht antworten (Status { $status }){ $says }; es wird später noch einmal versucht.
caldav-unauthorized = Der Server nimmt den Benutzernamen oder das Passwort nicht an; geben Sie beides noch einmal ein, bei Nextcloud ein App-Passwort. Anfragen mit diesem Konto sind bis dahin ausgesetzt, weil Server nach fehlgeschlagenen Anmeldungen IP-Adressen sperren.
caldav-withdrawn = Die Änderung wurde nicht gesendet, weil die Entscheidung dafür zu alt ist.

## What the test of a calendar's connection finds

answers-organizers = er antwortet den Organisatoren selbst
answers-no-organizers = er antwortet den Organisatoren nicht: Sie bekommen nur die E-Mails von hier
audited-clean = Die Kopie der Termine wurde zuletzt am { $when } mit dem Server verglichen: keine Abweichungen.
audited-mended =
    { $count ->
        [one] Die Kopie der Termine wurde zuletzt am { $when } mit dem Server verglichen: Ein Termin wich ab und wurde abgerufen oder entfernt. Prüfen Sie bei Wiederholung, ob der Server aus einer Sicherung wiederhergestellt wurde.
       *[other] Die Kopie der Termine wurde zuletzt am { $when } mit dem Server verglichen: { $count } Termine wichen ab und wurden abgerufen oder entfernt. Prüfen Sie bei Wiederholung, ob der Server aus einer Sicherung wiederhergestellt wurde.
    }
built-in = Der Kalender wird hier geführt.
clock-ahead = Die Uhr des Servers geht { $seconds } Sekunden vor; stellen Sie beide Uhren über NTP, denn über den Vorrang entscheidet, wann ein Termin gebucht wurde.
clock-behind = Die Uhr des Servers geht { $seconds } Sekunden nach; stellen Sie beide Uhren über NTP, denn über den Vorrang entscheidet, wann ein Termin gebucht wurde.
failing-since = Die Läufe schlagen seit { $since } fehl, zuletzt mit: { $failure }
also-calendar = Auf dem Server ist es derselbe Kalender wie { $calendar }; entfernen Sie hier einen der beiden.
conditions-honoured = Ein Test hat gezeigt, dass der Server nichts überschreibt oder löscht, was inzwischen geändert wurde.
conditions-ignored = Ein Test hat nicht gezeigt, dass der Server nichts überschreibt oder löscht, was inzwischen geändert wurde; jeder Termin wird deshalb unmittelbar vor dem Schreiben noch einmal gelesen.
conditions-untested = Es ist nicht bekannt, ob der Server überschreibt oder löscht, was inzwischen geändert wurde, und ein Test war nicht möglich; jeder Termin wird deshalb unmittelbar vor dem Schreiben noch einmal gelesen.
is-no-calendar = { $address } ist kein Kalender; prüfen Sie die Adresse.
may-all = Das Konto darf Termine lesen, ändern, löschen und anlegen.
may-not = Dem Konto fehlen Rechte: { $rights }. Lassen Sie den Besitzer den Kalender mit dem Recht zum Bearbeiten freigeben.
may-not-change = Termine ändern
may-not-create = Termine anlegen
may-not-delete = Termine löschen
may-not-read = Termine lesen
no-sync-collection = Der Server kennt keine „sync-collection“ (RFC 6578): Sobald sich etwas geändert hat, werden alle Versionen aufgelistet.
not-fetched-yet = Die Termine wurden noch nicht abgerufen: room-booking calendar sync { $calendar }
    .site = Die Termine wurden noch nicht abgerufen; das erledigt der nächste Lauf.
other-zone = Auf dem Server gilt die Zeitzone { $theirs }, hier { $ours }; ändern Sie sie mit: room-booking calendar set { $calendar } --zone { $theirs }
    .site = Auf dem Server gilt die Zeitzone { $theirs }, hier { $ours }; ändern Sie sie in den Einstellungen.
rights-unknown = Der Server sagt nicht, was das Konto darf; der erste Lauf wird es zeigen.
server-is = Der Server ist { $server }; { $scheduling }.
shared-in = Der Besitzer hat den Kalender für das Konto freigegeben: Auf manchen Servern bleiben private Termine unsichtbar und vertrauliche unberührt; verwenden Sie das Konto des Besitzers, falls das wichtig ist.
signs-in = { $user } meldet sich unter { $address } an, und der Kalender ist da.
takes-no-events = Der Kalender nimmt keine Termine auf, nur { $components }.

## What a kind of server does in its own way

quirk-activity = Seine Activity-App sagt, wer gebucht hat, wo ein Termin es nicht nennt.
quirk-deletes-changed = Er löscht auch Einträge, die inzwischen geändert wurden; Room Booking liest jeden unmittelbar vor dem Löschen noch einmal.
quirk-etags-repeat = Versionen gelöschter und neu angelegter Einträge wiederholen sich; Room Booking vergleicht die Einträge selbst.
quirk-forgets-silently = Er sagt nicht, wenn er vergessen hat, was geändert wurde; Room Booking vergleicht dann alle Versionen.
quirk-gone-is-changed = Wird ein Eintrag gelöscht, den es nicht mehr gibt, antwortet er, als wäre er geändert worden; Room Booking sieht nach, was zutrifft.
quirk-hides-parts = Vertrauliche Termine zeigt er allen, für die ein Kalender freigegeben ist, nur zum Teil; Room Booking lässt sie unberührt, sofern sich nicht der Besitzer anmeldet.
quirk-no-version-after-inviting = Nach dem Versand von Einladungen nennt er die neue Version nicht; Room Booking liest den Eintrag dann noch einmal.
quirk-overwrites-changed = Er überschreibt auch Einträge, die inzwischen geändert wurden; Room Booking liest jeden unmittelbar vor dem Schreiben noch einmal.
quirk-overwrites-existing = Er überschreibt vorhandene Einträge mit neuen; Room Booking sieht vorher nach.
quirk-rewrites = Er schreibt um, was er speichert; Room Booking liest Einträge nach dem Schreiben noch einmal.

## What was read, but perhaps not as it was meant

created-refuted = CREATED ist { $created }, aber der Termin war nicht im Kalender, als dieser um { $not-seen } gelesen wurde; es zählt, wann der Termin zum ersten Mal gesehen wurde
line-ends-converted = die Zeilen der Datei enden nur mit CR; sie wurde gelesen, als endeten sie mit CRLF
not-utf-8 = enthält Bytes, die kein UTF-8 sind; sie bleiben erhalten und werden als U+FFFD angezeigt
several-masters = { $count } Termine haben diese UID und keine RECURRENCE-ID; nur der mit der höchsten SEQUENCE zählt, unter gleichen der letzte, und nicht die mit Beginn { $starts }
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
too-old-to-send = konnte 7 Tage lang nicht gesendet werden; `outbox retry` sendet die Nachricht trotzdem
    .site = konnte 7 Tage lang nicht gesendet werden; „Erneut versuchen“ sendet die Nachricht trotzdem

## What is said of several at once

field-fault = { $field }: { $fault }
both = { $first }; { $rest }

## Who did something

command-line = die Befehlszeile
