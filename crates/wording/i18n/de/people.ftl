### People, accounts, signing in and API keys.

## Signing in

sign-in = Anmelden
sign-in-wrong = Benutzername und Passwort passen nicht zusammen.
sign-in-help = Passwort vergessen? Ein Administrator kann Ihnen einen Link geben, mit dem Sie ein neues wählen.
user-name = Benutzername
user-name-hint = Damit wird angemeldet, zum Beispiel ann. Groß- und Kleinschreibung spielt keine Rolle.
password = Passwort
new-password = Neues Passwort
present-password = Bisheriges Passwort
password-hint = Mindestens 10 Zeichen. Ein paar Wörter hintereinander sind sicher und leicht zu merken.
password-again = Passwort wiederholen
passwords-differ = stimmt nicht überein
mail-address = E-Mail-Adresse
own-address-hint = Hier erfahren Sie, wenn ein Kalender gestört ist oder ein Lauf bestätigt werden soll.
choose-password = Passwort übernehmen
first-title = Willkommen
first-lead = Diese Installation hat noch keinen Administrator. Wählen Sie einen Namen und ein Passwort: Der erste sind Sie.
first-where = Beim Start schreibt der Server einen einmaligen Link in sein Protokoll. Über ihn werden Sie der erste Administrator. Er gilt eine Stunde; starten Sie den Server neu, um einen weiteren zu bekommen.
first-button = Loslegen
invitation-title = Willkommen
invitation-lead = Sie wurden als „{ $user }“ eingeladen. Wählen Sie ein Passwort, dann sind Sie angemeldet.
reset-title = Neues Passwort wählen
reset-lead = Für das Benutzerkonto „{ $user }“. Überall sonst werden Sie abgemeldet.
done-session-over = Sie waren inzwischen abgemeldet, deshalb wurde nichts geändert. Melden Sie sich an und versuchen Sie es noch einmal.
done-signed-out = Sie sind abgemeldet.
done-signed-out-everywhere = Sie sind überall abgemeldet.

## Account

account-title = Ihr Konto
change-password = Passwort ändern
change-password-lead = Hier bleiben Sie angemeldet, überall sonst werden Sie abgemeldet.
change-password-button = Passwort ändern
done-password-changed = Ihr Passwort ist geändert.
sessions-title = Wo Sie angemeldet sind
sessions-lead = Eine Sitzung endet nach 12 Stunden ohne Nutzung, spätestens aber nach 7 Tagen.
session-browser = Browser
session-address = Von
session-begun = Angemeldet
session-seen = Zuletzt genutzt
session-this = diese hier
session-end = Beenden
session-end-of = Sitzung beenden: { $browser }
sign-out-everywhere = Überall abmelden
done-session-ended = Die Sitzung ist beendet.
unknown-browser = Unbekannter Browser
## Zweiter Faktor

second-factor-title = Zwei-Faktor-Authentifizierung
second-factor-lead = Nach dem Passwort fragt die Anmeldung nach einem Code aus einer Authentifizierungs-App auf Ihrem Telefon.
second-factor-required = Diese Installation verlangt sie. Richten Sie sie jetzt ein; danach öffnen sich die übrigen Seiten.
second-factor-set = Einrichten
second-factor-change = Ändern
second-factor-replace = Andere App einrichten
second-factor-off = Ausschalten
second-factor-is-on = Die Zwei-Faktor-Authentifizierung ist seit { $date } eingeschaltet.
recovery-codes-left =
    { $count ->
        [one] Ein Wiederherstellungscode ist übrig.
       *[other] { $count } Wiederherstellungscodes sind übrig.
    }
second-factor-scan = Scannen Sie diesen Code mit der App, oder tippen Sie den Schlüssel ein. Geben Sie dann den Code ein, den die App zeigt.
second-factor-qr = QR-Code mit dem Schlüssel für die App
second-factor-key = Schlüssel
second-factor-code = Code
second-factor-code-hint = Die 6 Ziffern, die die App jetzt zeigt.
recovery-title = Wiederherstellungscodes
recovery-lead = Die Zwei-Faktor-Authentifizierung ist eingeschaltet. Bewahren Sie diese Codes sicher und getrennt von Ihrem Telefon auf. Wenn Sie die App verlieren, meldet jeder von ihnen Sie einmal an.
recovery-renew = Neue Wiederherstellungscodes
recovery-renew-lead = Sie erhalten neue Codes, und die bisherigen gelten nicht mehr. Tun Sie das, wenn nur noch wenige übrig sind oder jemand sie gesehen haben könnte.
recovery-renew-button = Neue Codes erstellen
code-title = Code eingeben
code-hint = Die 6 Ziffern, die Ihre App jetzt zeigt, oder ein Wiederherstellungscode.
code-is-wrong = Dieser Code ist falsch oder wurde schon benutzt.
code-help = Keine App und kein Wiederherstellungscode? Ein Administrator kann Ihren zweiten Faktor zurücksetzen.
user-has-second-factor = Sie ist eingeschaltet. Setzen Sie sie zurück, wenn App und Wiederherstellungscodes verloren sind; das Benutzerkonto wird überall abgemeldet.
second-factor-reset = Zurücksetzen
sessions-of-user = Sitzungen
user-sign-out-text = Meldet das Benutzerkonto in allen Browsern ab und vergisst, dass diese zu ihm gehören. Passwort, Schlüssel und Links bleiben.
done-user-signed-out = Das Benutzerkonto ist überall abgemeldet.
done-second-factor-removed = Die Zwei-Faktor-Authentifizierung ist ausgeschaltet.

## People

people-lead = Administratoren kümmern sich um alles. Alle anderen sehen die Kalender, die ihnen zugewiesen sind.
role = Rolle
role-hint = Administratoren legen Kalender, Benutzer, Vorlagen und Bevorzugungen an. Alle anderen sehen Woche und Verlauf ihrer Kalender, buchen darin, löschen darin jeden Termin, können sie bereinigen lassen und haben eigene API-Schlüssel.
role-administrator = Administrator
role-ordinary = Benutzer
not-active = nicht aktiv
add-person = Jemanden einladen
add-person-text = Sie erhalten einen Link zum Weitergeben, über den ein eigenes Passwort gewählt wird.
add-person-button = Benutzer anlegen und einladen
user-address-hint = Zugleich der Organisator von Buchungen, bei denen kein anderer angegeben wird.
user-since = Angelegt am { $date }
user-settings = Einstellungen
is-active = Aktiv
link-for-inactive = Lassen Sie den Benutzer zuerst wieder zu: Ein Link hätte sonst keine Wirkung.
is-active-hint = Wer nicht aktiv ist, kann sich nicht anmelden, und die eigenen API-Schlüssel gelten nicht.
has-password = Ein Passwort ist gesetzt.
has-no-password = Es ist noch kein Passwort gesetzt.
invitation-explained = Ein Link, über den das erste Passwort gewählt wird. Er gilt 7 Tage und macht frühere Links ungültig.
reset-explained = Ein Link, über den ein neues Passwort gewählt wird. Er gilt einen Tag. Bis er benutzt wird, gilt das bisherige Passwort weiter.
make-invitation = Einladung erstellen
make-reset = Link für ein neues Passwort erstellen
no-link-while-inactive = Dieses Benutzerkonto ist nicht aktiv, deshalb würde kein Link funktionieren. Aktivieren Sie es zuerst.
invitation-for = Einladung für { $user }
reset-for = Link für { $user }
invitation-hand-over = Geben Sie diesen Link weiter. Wer ihn innerhalb von 7 Tagen öffnet, wählt das Passwort – einmalig.
reset-hand-over = Geben Sie diesen Link weiter. Wer ihn innerhalb eines Tages öffnet, wählt ein neues Passwort – einmalig.
shown-once = Er wird nur dieses eine Mal angezeigt und lässt sich später nicht nachsehen.
to-user = Zu { $user }
user-calendars-text = Administratoren sehen alle; API-Schlüssel erreichen nur die zugewiesenen.
user-no-calendars = Kein Kalender zugewiesen
user-no-calendars-text = Weisen Sie die Räume zu, um die sich diese Person kümmert.

## Keys

keys-lead = Programme melden sich mit einem Schlüssel an: Türschilder, Skripte und andere Software. Ein Schlüssel erreicht alle Kalender seines Besitzers oder einen Teil davon.
no-keys = Noch kein Schlüssel vorhanden
no-keys-text = Legen Sie für jedes Programm einen eigenen an, dann lässt sich jeder einzeln sperren.
add-key = Schlüssel anlegen
add-key-button = Schlüssel anlegen
key-name = Name
key-name-hint = Wofür er ist, zum Beispiel Türschild Raum 1.
key-user = Benutzer
key-user-hint = Wessen Kalender er erreicht.
key-expiry = Gültig bis
key-expiry-hint = Der letzte Tag. Bleibt das Feld leer, gilt er, bis er gesperrt wird.
key-rights = Was er darf
key-limited = nur einige Kalender
key-only = nur { $calendars }
key-only-some = nur { $calendars } und { $more } weitere
key-last-used = Zuletzt benutzt
key-valid = Gültig
key-of-inactive = Gilt nicht: Benutzerkonto nicht aktiv
key-ends = Gültig bis { $when }
key-ended = Abgelaufen am { $when }
key-of = von { $user }
key-revoked = Gesperrt
key-calendars = Welche Kalender
key-calendars-hint = Ohne Auswahl: alle, die dem Benutzer zugewiesen sind, auch künftige.
right-read = Lesen: Kalender und Termine auflisten, mit Namen
right-create = Buchen: Termine eintragen
right-change = Ändern: Termine ändern
right-delete = Löschen: Termine löschen
right-preview = Vorschau: sehen, was eine Bereinigung entfernen würde, nur im Testmodus
right-clear = Bereinigen: Doppelbuchungen entfernen
right-freebusy = Frei/Gebucht: sehen, wann Kalender belegt sind, ohne Namen
right-read-short = lesen
right-create-short = buchen
right-change-short = ändern
right-delete-short = löschen
right-preview-short = Vorschau
right-clear-short = bereinigen
right-freebusy-short = Frei/Gebucht
revoke = Sperren
done-key-revoked = Der Schlüssel ist gesperrt. Er gilt spätestens in einer Sekunde nicht mehr.
done-key-renewed = Der Schlüssel gilt wieder.
key-renew = Erneuern
key-suspended = Gilt nicht: Das Benutzerkonto war deaktiviert. Erneuern Sie den Schlüssel, damit er wieder gilt
key-made = Der Schlüssel ist angelegt
key-made-lead = Kopieren Sie ihn dorthin, wo er gebraucht wird.
try-it = Ausprobieren
try-it-text = Diese Zeile funktioniert so, wie sie dasteht, und ändert nichts.
try-create-text = Ein Beispiel: Es bucht einen Raum für morgen von 12:00 bis 13:00 Uhr, falls er frei ist. Setzen Sie den Kalender und die Zeit ein, die Sie brauchen.
try-delete-text = Ein Beispiel: Setzen Sie den Kalender ein und anstelle von EVENT die ID eines Termins. Wer über die API bucht, bekommt sie mitgeteilt.
try-nothing-text = Der Schlüssel darf nur sehen, wann Kalender belegt sind, und noch kein Aufruf der API beantwortet das.
to-keys = Zu allen Schlüsseln
