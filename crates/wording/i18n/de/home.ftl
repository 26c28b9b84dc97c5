### Die Seite / und der Rahmen der API-Dokumentation, die keine Anmeldung brauchen. Was zwischen Gravis-Zeichen steht, wird als Code gezeigt.

home-description = Entfernt Doppelbuchungen und abgesagte Termine aus den Kalendern von Besprechungsräumen.
home-title = Ein Raum, ein Termin zur selben Zeit.
home-lead = Besprechungsräume sind Kalender, und in einem Kalender können zwei Personen dieselbe Stunde buchen. Room Booking findet Doppelbuchungen und abgesagte Termine, entscheidet nach dokumentierten Regeln, wer den Raum behält, und kann alles wiederherstellen, was es entfernt hat.
home-api = API-Dokumentation

home-example-room = Besprechungsraum 1
home-example-day = Montag, 2. März
home-example-first = Beirat
home-example-second = Vorstellung
home-example-third = Stand-up
home-example-stays = zuerst gebucht: bleibt
home-example-removed = später gebucht: entfernt
home-example-touches = grenzt an

home-usage = Aus einem Skript verwenden
home-usage-text = Sie brauchen einen API-Schlüssel; ein Administrator oder Sie selbst legen ihn nach der Anmeldung unter „API-Schlüssel“ an. Setzen Sie ihn in eine Variable, dann funktionieren die Befehle unten unverändert. Den Namen des Raums und die Tage passen Sie an.
home-usage-key = Schlüssel setzen
home-usage-key-value = Schlüssel hier einfügen
home-calendars = Räume auflisten
home-calendars-text = Die Kalender, die Ihr Schlüssel erreicht, mit den Namen, die die anderen Aufrufe verwenden.
home-book = Raum buchen
home-book-text = Die Antwort ist `201` mit der `id` des Termins. Zeiten ohne Versatz gelten in der Zeitzone des Raums; zwei Daten ohne Uhrzeit ergeben einen ganztägigen Termin. Mit `only_if_free=1` in der Abfrage wird nichts gebucht, wenn der Raum belegt ist.
home-list = Sehen, wer den Raum hat
home-list-text = Alle Termine eines Zeitraums, jeder Termin einer Serie einzeln. Ohne `start` und `end`: die nächsten 30 Tage.
home-delete = Buchung löschen
home-delete-text = `ID` ist die `id` aus der Antwort auf die Buchung oder eine UID aus dem Kalender. Die Antwort ist `204`. Es wird keine E-Mail verschickt, und ein Administrator kann den Termin wiederherstellen.
home-clear = Doppelbuchungen bereinigen
home-clear-text = Zuerst im Testmodus: Nichts wird geändert, keine E-Mail verschickt, und Sie sehen, was entfernt würde. Danach wirklich. Mit `calendar=meeting-room-1` nur für einen Raum.
home-clear-test = Vorschau
home-clear-real = bereinigen

home-answers = Was die Antworten bedeuten
home-answers-text = Die Antwort auf eine Bereinigung enthält je Art von Ergebnis eine Liste. Jeder Eintrag nennt den Termin, seinen Kalender und gegebenenfalls den Termin, der den Raum behält.
home-deleted-cancelled = Abgesagte Termine, die noch im Kalender standen.
home-deleted-overlapping = Einzelne Termine, die den Raum an einen anderen verloren haben.
home-cancelled-overlapping = Einzelne Termine einer Serie, die den Raum verloren haben; die übrigen bleiben.
home-ignored-overlapping = Überschneidungen, die behalten wurden, mit dem Grund (`reason`).
home-ignored-cancelled = Abgesagte Termine, die gerade nicht gelöscht werden konnten.
home-unreadable = Objekte, die nicht gelesen werden können. Sie werden nicht geändert.
home-failed = Kalender, die nicht erreichbar waren. Die übrigen wurden bereinigt.

home-status = Statuscodes
home-status-code = Code
home-status-meaning = Bedeutung
home-status-done = Erledigt; gebucht; gelöscht.
home-status-invalid = Kein JSON; ein Wert ist falsch. Nichts wurde geändert.
home-status-key = Kein gültiger Schlüssel; der Schlüssel erlaubt das nicht.
home-status-missing = Kein solcher Termin oder kein solcher Kalender für diesen Schlüssel.
home-status-taken = Der Raum ist belegt (`only_if_free`).
home-status-many = Zu viele falsche Schlüssel; warten Sie, wie `Retry-After` es sagt.
home-status-failed = Alle Kalender dieser Bereinigung sind fehlgeschlagen.
home-status-error = Ein Fehler ist `application/problem+json`; sein `detail` sagt, was falsch war.

home-rules = Wer den Raum behält
home-rule-ahead = Nur die Zukunft zählt
home-rule-ahead-text = Eine Bereinigung reicht von jetzt bis zum Horizont des Kalenders, meist ein Jahr. Vergangene Termine bleiben unverändert. Termine, die sich nur berühren, überschneiden sich nicht.
home-rule-cancelled = Abgesagte Termine werden entfernt
home-rule-cancelled-text = Abgesagte Termine werden gelöscht. Was als frei markiert ist oder vom Raum abgelehnt wurde, nimmt niemandem den Raum weg.
home-rule-priority = Vorrang, dann die Reihenfolge
home-rule-priority-text = Von zwei Terminen, die sich überschneiden, behält ein bevorzugter den Raum; sonst der, der zuerst angelegt wurde. Administratoren bevorzugen nach Organisator, nach einem Text im Titel oder einen einzelnen Termin.
home-rule-winner = Nur wer gewinnt, verdrängt
home-rule-winner-text = Ein Termin wird nur für einen entfernt, der den Raum behält, nie für einen, der selbst entfernt wird.
home-rule-series = Eine Serie verliert einen Termin
home-rule-series-text = Ein einzelner Termin wird gelöscht. Aus einer Serie wird nur der Termin abgesagt, der sich überschneidet.
home-rule-kept = Manche Termine werden behalten
home-rule-kept-text = Termine, die begonnen haben (`started`), geschützt sind (`protected`), sich kaum überschneiden (`tolerated`) oder als frei markiert sind (`free`). Würden zu viele auf einmal entfernt (`limit`), wird keiner entfernt, bis jemand es bestätigt.
home-note = Nichts geht verloren: Entfernte Termine bleiben im Verlauf, und ein Administrator kann sie wiederherstellen. Die Zeit der Anlage und den Organisator schreibt das Programm, mit dem gebucht wurde: Bevorzugungen verlassen sich auf faire Kollegen.
home-at = Room Booking unter { $address }

docs-title = Room Booking: API-Dokumentation
docs-key = Geben Sie Ihren API-Schlüssel einmal unter „Authorize“ ein; er gilt, bis diese Seite geschlossen wird.
docs-scripts = Diese Seite braucht Skripte. Ihr Dokument ist `/api/openapi.json`; die Startseite zeigt die Aufrufe mit curl.
