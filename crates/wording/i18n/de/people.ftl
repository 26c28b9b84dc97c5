### People, accounts, signing in and API keys.

## Signing in

sign-in = Anmelden
sign-in-wrong = Benutzername oder Passwort ist falsch.
sign-in-help = Passwort vergessen? Bitten Sie einen Administrator um einen Link zum Zurücksetzen.
user-name = Benutzername
user-name-hint = Der Name, mit dem Sie sich anmelden, zum Beispiel ann. Groß- und Kleinschreibung spielt keine Rolle.
password = Passwort
new-password = Neues Passwort
present-password = Aktuelles Passwort
password-hint = Mindestens 10 Zeichen. Mehrere zufällige Wörter hintereinander sind sicher und leicht zu merken.
password-again = Passwort wiederholen
passwords-differ = stimmt nicht überein
mail-address = E-Mail-Adresse
own-address-hint = Hier erhalten Sie eine Nachricht, wenn ein Kalender gestört ist oder ein Lauf bestätigt werden muss.
choose-password = Passwort festlegen
first-title = Willkommen
first-lead = Diese Installation hat noch keinen Administrator. Wählen Sie einen Benutzernamen und ein Passwort, um der erste Administrator zu werden.
first-where = Beim Start schreibt der Server einen einmaligen Link in sein Protokoll. Über ihn werden Sie der erste Administrator. Er gilt eine Stunde; starten Sie den Server neu, um einen weiteren zu bekommen.
first-button = Administrator anlegen
invitation-title = Willkommen
invitation-lead = Sie wurden als „{ $user }“ eingeladen. Wählen Sie ein Passwort, um sich anzumelden.
reset-title = Neues Passwort wählen
reset-lead = Für das Benutzerkonto „{ $user }“. Überall sonst werden Sie abgemeldet.
done-session-over = Ihre Sitzung ist abgelaufen, deshalb wurde nichts geändert. Melden Sie sich an und versuchen Sie es erneut.
done-session-over-kept = Ihre Sitzung ist abgelaufen, deshalb wurde nichts geändert. Melden Sie sich an; das Formular erscheint dann wieder mit Ihren Eingaben.
done-typed-kept = Das haben Sie eingegeben, bevor Ihre Sitzung ablief. Es wurde noch nichts gesendet.
done-signed-out = Sie sind abgemeldet.
done-signed-out-everywhere = Sie sind überall abgemeldet.

## Anmeldung bei einem Anbieter oder Verzeichnis

openid-sign-in = Mit { $name } anmelden
openid-down = { $name } antwortet zurzeit nicht. Versuchen Sie es in ein paar Minuten noch einmal.
openid-refused = { $name } hat Sie nicht angemeldet. Versuchen Sie es noch einmal.
openid-too-old = Diese Anmeldung wurde in einem anderen Browser oder vor zu langer Zeit begonnen. Beginnen Sie noch einmal.
vouched-unknown = Sie haben hier noch kein Benutzerkonto. Bitten Sie einen Administrator, eines mit Ihrer E-Mail-Adresse anzulegen.
vouched-not-active = Ihr Benutzerkonto ist deaktiviert. Wenden Sie sich an einen Administrator.
vouched-address = Ihre E-Mail-Adresse ist dort, wo Sie sich anmelden, nicht bestätigt. Daher lässt sich Ihr Benutzerkonto nicht finden. Wenden Sie sich an einen Administrator.
vouched-ambiguous = Ihr Benutzerkonto lässt sich nicht zweifelsfrei finden. Wenden Sie sich an einen Administrator: Der Grund steht unter Verlauf, Einstellungen.
directory-down = Das Verzeichnis antwortet zurzeit nicht. Versuchen Sie es in ein paar Minuten noch einmal.
passwords-off = Passwörter sind hier abgeschaltet. Melden Sie sich mit { $name } an.
passwords-off-for-user = Passwörter sind hier abgeschaltet: Die Anmeldung geschieht beim Anbieter. Ein Benutzerkonto braucht eine E-Mail-Adresse, über die es beim Anbieter zugeordnet wird.
openid-still = Bei { $name } sind Sie vielleicht noch angemeldet.
openid-end = Bei { $name } abmelden
account-vouched = Sie melden sich mit { $name } an und haben hier deshalb kein Passwort.
identity-directory-name = dem Verzeichnis
identities-title = Anmeldung anderswo
identities-text = Das Benutzerkonto wird mit diesem Konto angemeldet. Wenn Sie es entfernen, enden die damit begonnenen Sitzungen, und die nächste Anmeldung wird wieder über die E-Mail-Adresse zugeordnet.
identity-openid = OpenID Connect
identity-directory = Verzeichnis
identity-since = Seit { $bound }, zuletzt verwendet { $used }
identity-remove = Anmeldung entfernen
role-of-group = Bei jeder Anmeldung anderswo bestimmt eine Gruppe die Rolle.
done-identity-removed = Anmeldung entfernt.

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
session-this = diese Sitzung
session-end = Sitzung beenden
session-end-of = Sitzung beenden: { $browser }
sign-out-everywhere = Überall abmelden
done-session-ended = Die Sitzung ist beendet.
unknown-browser = Unbekannter Browser
## Zweiter Faktor

second-factor-title = Zwei-Faktor-Authentifizierung
second-factor-lead = Nach dem Passwort geben Sie einen Code aus einer Authentifizierungs-App auf Ihrem Telefon ein.
second-factor-required = Diese Installation verlangt die Zwei-Faktor-Authentifizierung. Richten Sie sie jetzt ein, um die übrigen Seiten zu öffnen.
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
recovery-lead = Die Zwei-Faktor-Authentifizierung ist eingeschaltet. Bewahren Sie diese Codes sicher und getrennt von Ihrem Telefon auf. Wenn Sie die App verlieren, können Sie sich mit jedem Code einmal anmelden.
recovery-renew = Neue Wiederherstellungscodes
recovery-renew-lead = Sie erhalten neue Codes, und die bisherigen gelten nicht mehr. Tun Sie das, wenn nur noch wenige übrig sind oder jemand sie gesehen haben könnte.
recovery-renew-button = Neue Codes erstellen
code-title = Code eingeben
code-hint = Die 6 Ziffern, die Ihre App jetzt zeigt, oder ein Wiederherstellungscode.
code-is-wrong = Dieser Code ist falsch oder wurde schon benutzt.
code-help = Keine App und kein Wiederherstellungscode? Ein Administrator kann Ihren zweiten Faktor zurücksetzen.
user-has-second-factor = Die Zwei-Faktor-Authentifizierung ist eingeschaltet. Setzen Sie sie zurück, wenn App und Wiederherstellungscodes verloren sind. Das Benutzerkonto wird dann überall abgemeldet.
second-factor-reset = Zurücksetzen
sessions-of-user = Sitzungen
user-sign-out-text = Meldet das Benutzerkonto in allen Browsern ab und erkennt diese Browser nicht mehr wieder. Passwort, API-Schlüssel und Links bleiben gültig.
done-user-signed-out = Das Benutzerkonto ist überall abgemeldet.
done-second-factor-removed = Die Zwei-Faktor-Authentifizierung ist ausgeschaltet.

## People

people-lead = Administratoren verwalten alles. Andere Benutzer sehen die Kalender, auf die sie Zugriff haben.
role = Rolle
role-hint = Administratoren verwalten Kalender, Benutzer, Vorlagen und Bevorzugungen. Andere Benutzer sehen Woche und Verlauf ihrer Kalender, buchen und löschen darin Termine, können sie bereinigen lassen und haben eigene API-Schlüssel.
role-administrator = Administrator
role-ordinary = Benutzer
not-active = deaktiviert
add-person = Person einladen
add-person-text = Sie erhalten einen Link zum Weitergeben, über den die Person ein Passwort wählt.
add-person-button = Benutzer anlegen und einladen
user-address-hint = Zugleich der Organisator von Buchungen, bei denen kein anderer angegeben wird.
user-since = Angelegt am { $date }
user-settings = Einstellungen
is-active = Aktiv
link-for-inactive = Aktivieren Sie den Benutzer zuerst. Für deaktivierte Benutzer funktionieren keine Links.
is-active-hint = Deaktivierte Benutzer können sich nicht anmelden, und ihre API-Schlüssel gelten nicht.
has-password = Ein Passwort ist gesetzt.
has-no-password = Es ist noch kein Passwort gesetzt.
invitation-explained = Ein Link, über den das erste Passwort gewählt wird. Er gilt 7 Tage und macht frühere Links ungültig.
reset-explained = Ein Link, über den ein neues Passwort gewählt wird. Er gilt einen Tag. Bis er benutzt wird, gilt das aktuelle Passwort weiter.
make-invitation = Einladung erstellen
make-reset = Link zum Zurücksetzen des Passworts erstellen
no-link-while-inactive = Der Benutzer ist deaktiviert, deshalb würde kein Link funktionieren. Aktivieren Sie ihn zuerst.
invitation-for = Einladung für { $user }
reset-for = Link zum Zurücksetzen des Passworts für { $user }
invitation-rooms = Zugriff auf: { $rooms }
invitation-hand-over = Geben Sie diesen Link weiter. Er gilt einmal, innerhalb von 7 Tagen.
reset-hand-over = Geben Sie diesen Link weiter. Er gilt einmal, innerhalb eines Tages.
shown-once = Dies wird nur einmal angezeigt. Kopieren Sie es jetzt.
to-user = Zu { $user }
user-calendars-text = Administratoren sehen alle Kalender. API-Schlüssel erreichen nur die Kalender, auf die der Benutzer Zugriff hat.
user-no-calendars = Kein Zugriff auf Kalender
user-no-calendars-text = Geben Sie Zugriff auf die Räume, die diese Person verwaltet.

## Keys

keys-lead = Programme wie Türschilder und Skripte melden sich mit einem API-Schlüssel an. Ein Schlüssel erreicht alle Kalender seines Benutzers oder einen Teil davon.
no-keys = Noch keine API-Schlüssel
no-keys-text = Erstellen Sie für jedes Programm einen eigenen Schlüssel, damit Sie jeden einzeln sperren können.
add-key = API-Schlüssel erstellen
add-key-button = Schlüssel erstellen
key-name = Name
key-name-hint = Wofür er ist, zum Beispiel Türschild Raum 1.
key-user = Benutzer
key-user-hint = Der Schlüssel erreicht die Kalender dieses Benutzers.
key-expiry = Gültig bis
key-expiry-hint = Der letzte Tag, an dem der Schlüssel gilt. Bleibt das Feld leer, läuft er nicht ab.
key-rights = Berechtigungen
key-limited = nur einige Kalender
key-only = nur { $calendars }
key-only-some = nur { $calendars } und { $more } weitere
key-last-used = Zuletzt benutzt
key-valid = Gültig
key-of-inactive = Gilt nicht: Der Benutzer ist deaktiviert
key-ends = Gültig bis { $when }
key-ended = Abgelaufen am { $when }
key-of = von { $user }
key-revoked = Gesperrt
key-calendars = Kalender
key-calendars-hint = Keine Auswahl: alle Kalender, auf die der Benutzer Zugriff hat, auch künftige.
right-read = Lesen: Kalender und Termine auflisten, mit Namen
right-create = Buchen: Termine eintragen
right-change = Ändern: Termine ändern
right-delete = Löschen: Termine löschen
right-preview = Vorschau: sehen, was entfernt würde, nur im Testmodus
right-clear = Bereinigen: Doppelbuchungen entfernen
right-freebusy = Frei/Gebucht: sehen, wann Kalender belegt sind, ohne Namen
right-read-short = lesen
right-create-short = buchen
right-change-short = ändern
right-delete-short = löschen
right-preview-short = Vorschau
right-clear-short = bereinigen
right-freebusy-short = Frei/Gebucht
revoke = Schlüssel sperren
done-key-revoked = Der Schlüssel ist gesperrt. Er gilt spätestens in einer Sekunde nicht mehr.
done-key-renewed = Der Schlüssel gilt wieder.
key-renew = Schlüssel erneuern
key-suspended = Gilt nicht: Das Benutzerkonto war deaktiviert. Erneuern Sie den Schlüssel, damit er wieder gilt
key-made = API-Schlüssel erstellt
key-made-lead = Kopieren Sie ihn in das Programm, das ihn verwendet.
try-it = Ausprobieren
try-it-text = Dieser Befehl funktioniert so, wie er dasteht, und ändert nichts.
try-create-text = Beispiel: Dieser Befehl bucht einen Raum für morgen von 12:00 bis 13:00 Uhr, wenn er frei ist. Ersetzen Sie den Kalender und die Zeit.
try-delete-text = Beispiel: Ersetzen Sie den Kalender und EVENT durch die ID eines Termins. Die API liefert diese ID beim Buchen.
try-nothing-text = Der Schlüssel darf nur sehen, wann Kalender belegt sind. Dafür gibt es in der API noch keinen Aufruf.
to-keys = Zu allen Schlüsseln
