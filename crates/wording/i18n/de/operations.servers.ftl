### What is said about calendar servers: failures, findings of the connection test, and how a kind of server differs.

## What a calendar's server does not do

answered-403 = Er hat mit 403 Forbidden geantwortet.
answered-403-with = 403: { $words }
calendar-address-wrong = Die Adresse des Kalenders ist ungültig: { $reason }
calendar-elsewhere = Die Adresse des Kalenders ist auf { $at }, sein Konto aber auf { $of }, und dessen Passwort wird an keinen anderen Server gesendet; entfernen Sie hier den Kalender und fügen Sie ihn neu hinzu.
calendar-gone = Unter { $address } gibt es keinen Kalender mehr; sehen Sie nach, ob er verschoben oder gelöscht wurde oder nicht mehr für { $user } freigegeben ist.
calendar-trashed = Der Kalender wurde auf dem Server gelöscht und liegt dort im Papierkorb; stellen Sie ihn dort wieder her oder entfernen Sie hier den Kalender { $calendar }.
hidden-beside = Von dem Termin, der den Raum hat, zeigt der Server diesem Konto nur einen Teil (CLASS:CONFIDENTIAL); verwenden Sie das Konto des Besitzers.
hidden-part = Der Server zeigt diesem Konto nur einen Teil davon (CLASS:CONFIDENTIAL); verwenden Sie das Konto des Besitzers.
listed-not-given = Ob der Raum frei ist, lässt sich nicht feststellen: Der Server führt den Termin { $object } auf, liefert ihn aber nicht ({ $reason }); machen Sie ihn für dieses Konto lesbar oder löschen Sie ihn auf dem Server, und versuchen Sie es noch einmal.
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
caldav-plain-http = { $host } würde ohne Verschlüsselung angefragt; verwenden Sie eine https-Adresse, oder geben Sie --allow-plain-http an, wenn das Netz dazwischen Ihr eigenes ist.
    .site = { $host } würde ohne Verschlüsselung angefragt; verwenden Sie eine https-Adresse, oder erlauben Sie http ohne Verschlüsselung, wenn das Netz dazwischen Ihr eigenes ist.
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

## What exactly is wrong: within the failures of CalDAV requests

caldav-hint = {" "}({ $hint })
caldav-says-and-hint = {" "}(er meldet: { $words }; { $hint })
hint-no-right = den Eintrag gibt es, aber das Konto darf ihn nicht ändern
hint-signatures = er verlangt immer wieder eine neue Signatur
hint-too-large = er nennt keinen Grund; vielleicht ist der Eintrag zu groß
answer-compression = Sie lässt sich nicht dekomprimieren.
answer-cut-calendar = Der iCalendar-Eintrag hört mittendrin auf.
answer-empty-multistatus = Auf das Löschen kam ein leerer Multistatus.
answer-no-activities = Sie ist keine Antwort der Activity-App.
answer-no-calendar = Sie ist kein iCalendar.
answer-no-multistatus = Sie hat Status { $status } statt 207.
answer-page-to-write = Auf das Schreiben kam eine Webseite.
answer-partial = Sie führt nur einen Teil des Kalenders auf.
answer-silent = Sie sagt nichts über das, wonach gefragt wurde.
answer-status-to-get = Auf ein GET kam Status { $status }.
answer-status-to-write = Auf das Schreiben kam Status { $status }.
answer-xml-unfinished = Ihr XML hat kein Ende.
xml-doctype = Sie enthält eine DOCTYPE-Angabe, die in keiner Antwort eines Kalenderservers steht.
xml-entity = Sie enthält eine undefinierte Entität: { $entity }
xml-malformed = Sie ist kein wohlgeformtes XML: { $problem }
xml-no-element = Sie ist kein wohlgeformtes XML: Am Anfang steht kein Element.
xml-no-utf8 = Sie ist nicht in UTF-8 kodiert.
xml-other-root = Sie ist kein DAV:multistatus, sondern { $root }.
xml-second-root = Sie ist kein wohlgeformtes XML: Es gibt ein zweites Wurzelelement.
xml-too-deep = Ihre Elemente sind mehr als { $depth } Ebenen tief verschachtelt.
xml-too-many = Sie führt mehr als { $most } Einträge auf.
xml-unfinished = Sie hört mittendrin auf.
url-beginning = Sie beginnt weder mit https:// noch mit http://.
url-blank = Sie ist leer oder enthält Leerzeichen.
url-no-host = Der Hostname fehlt.
url-password = Benutzername und Passwort gehören nicht in die Adresse.
url-path = Der Pfad des Eintrags ist ungültig.
url-scheme = { $scheme } wird nicht unterstützt, nur https und http.
url-user-name = Der Benutzername gehört nicht in die Adresse.
ca-file-no-certificate = Die Datei aus CALDAV_CA_FILE enthält kein Zertifikat in PEM.
ca-file-no-pem = Die Datei aus CALDAV_CA_FILE ist nicht im Format PEM.
object-status = der Server antwortet dafür mit Status { $status }
object-elsewhere-missing = nach einer anderen Antwort gibt es ihn nicht

## What discovery tried: an address, and what came of it

discovery-step = { $address } ({ $outcome })
discovery-calendar = ein Kalender
discovery-elsewhere = die Kalender sind auf einem anderen Server, { $to }
discovery-holds =
    { $count ->
        [one] dort ist ein Kalender
       *[other] dort sind { $count } Kalender
    }
discovery-homes = die Kalender sind in { $paths }
discovery-no-homes = nennt keinen Ort mit Kalendern
discovery-no-service = kein CalDAV-Dienst, oder sagt nicht, wer Sie sind
discovery-nobody = sagt nicht, wer Sie sind
discovery-nothing = dort ist nichts
discovery-principal = Sie sind { $path }
discovery-silent = sagt nichts über sich
discovery-status = Status { $status }

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
