### Preview, history, runs and the history of settings.

## Preview and apply

preview-title = Was eine Bereinigung jetzt täte
preview-lead = Es wurde noch nichts geändert. Nehmen Sie heraus, was vorerst bleiben soll; angewendet wird genau diese Liste.
preview-empty = Nichts müsste weichen
preview-empty-text = Keine zwei Termine überschneiden sich, und kein abgesagter ist übrig.
preview-kept-text = Was sich überschneidet, bleibt nach den Regeln, und kein abgesagter Termin ist übrig.
col-event = Termin
col-would = Was geschähe
col-why = Warum
col-told = Wer benachrichtigt wird
col-beside = Überschneidet sich mit
kind-deleted = gelöscht
kind-cancelled = dieser Termin abgesagt
kind-leftover = aufgeräumt
and-others = Weitere Überschneidungen: { $count }.
choose-line = { $name }, { $when }
apply-chosen = Ausgewählte Zeilen anwenden
apply-hint = Ändert inzwischen jemand einen dieser Termine, bleibt seine Zeile liegen, und Sie erfahren es.
apply-all = Alle { $count } Zeilen anwenden
apply-first = Die ersten { $count } Zeilen anwenden
preview-part = Das sind die Zeilen { $lines } von { $total }. Wenden Sie die hier ausgewählten an oder alle auf einmal.
nothing-chosen = Es war keine Zeile ausgewählt.
no-calendar-chosen = es wurde kein Kalender ausgewählt
applied-nothing = Es wurde nichts entfernt.
applied-some =
    { $count ->
        [one] Eine Zeile wurde angewendet. Sie steht im Verlauf.
       *[other] { $count } Zeilen wurden angewendet. Sie stehen im Verlauf.
    }
gone-some =
    { $count ->
        [one] Eine Zeile blieb liegen, weil sich etwas geändert hat, seit Sie die Vorschau gesehen haben.
       *[other] { $count } Zeilen blieben liegen, weil sich etwas geändert hat, seit Sie die Vorschau gesehen haben.
    }
applied-left = Diese blieben liegen:
left-changed-since = Daran hat sich etwas geändert, seit Sie die Vorschau gesehen haben.
left-failed = Der Kalender ließ sich nicht bearbeiten.
beyond-limit-title = Über der Sicherheitsgrenze
beyond-limit = Termine mit Überschneidungen, die Läufe in 24 Stunden entfernen würden: { $count }. Die Sicherheitsgrenze dieses Kalenders liegt bei { $limit }. Läufe entfernen weiterhin Überschneidungen, die innerhalb von 48 Stunden beginnen, bei höchstens zehn Terminen in 24 Stunden und nicht mehr als der Grenze; die Zeilen, die als wartend markiert sind, bleiben, bis ein Administrator sie bestätigt hat.
waits-for-confirmation = Wartet auf Bestätigung
beyond-limit-may = Zum Bestätigen sehen Sie die Zeilen durch und wenden sie an.
beyond-limit-may-not = Bitten Sie einen Administrator, sich diese Seite anzusehen.
kept-title = Was unberührt bliebe
kept-lead = Diese überschneiden sich, aber nach den Regeln bleiben sie.
unreadable-title = Was sich nicht lesen lässt
unreadable-lead = Kein Programm kann damit etwas anfangen. Diese Einträge bleiben, wie sie sind.
warnings-title = Warnungen
warnings-lead = Diese Termine werden gelesen, aber vielleicht nicht so, wie sie gemeint sind.

## History

history-lead = Alles, was aus einem Kalender entfernt wurde, und wie es sich wiederherstellen lässt.
history-empty = Noch wurde nichts entfernt
history-empty-text = Was ein Lauf, eine Person oder ein Programm aus einem Kalender entfernt, steht hier und lässt sich wiederherstellen.
tab-removals = Was entfernt wurde
tab-runs = Läufe
tab-audit = Einstellungen
search-history = Name, Organisator oder UID
removed-from = Entfernt vom
removed-until = bis zum
only-out = Nur was nicht wiederhergestellt wurde
all-kinds = Alles
col-what = Was geschah
col-winner = Wer stattdessen den Raum hat
col-when-by = Wann und durch wen
removal-deleted = Wegen einer Überschneidung gelöscht
removal-cancelled = Dieser Termin wegen einer Überschneidung abgesagt
removal-leftover = Abgesagter Termin aufgeräumt
removal-request = Von jemandem gelöscht
removal-date-request = Von jemandem aus der Serie abgesagt
removal-changed = Von jemandem geändert
removal-replaced = Durch einen Import ersetzt
by-api = API
by-schedule = Zeitplan
by-site = Website
by-command-line = Befehlszeile
by-hand = Von Hand
way-by = { $way }, { $user }
is-back = wiederhergestellt
not-confirmed = nicht bestätigt
not-confirmed-text = Die Antwort des Servers auf dieses Löschen ging verloren. Der Termin war weg, solange die Anfrage noch wirken konnte, und gilt deshalb als von Room Booking entfernt. Vielleicht hat ihn jemand anderes gelöscht.
no-line = Diesen Eintrag gibt es im Verlauf nicht.
no-run = Diesen Lauf gibt es im Verlauf nicht.
booked-on = gebucht am { $when }
run-number = Lauf { $run }
restore-ask = Ein Administrator kann den Termin wiederherstellen.
restore-title = Wiederherstellen
restore-text = Der Termin steht dann wieder so im Kalender wie zuvor.
restore-overlap = Der Termin steht dann wieder so im Kalender wie zuvor. An den Regeln ändert das nichts: Der nächste Lauf würde ihn wieder entfernen, wenn Sie ihn nicht schützen.
restore-protect = Schützen, damit er bleibt
restore-protect-series = Die ganze Serie mit allen Terminen schützen, damit er bleibt
restore = Wiederherstellen
restored-at = Wiederhergestellt am { $when }, durch: { $user }.
cannot-restore = Das lässt sich nicht wiederherstellen
private-text = Der Termin ist privat. Seinen Text können nur Organisator, Ersteller und Administratoren lesen.
as-it-was = Der Termin, wie er war (iCalendar)
done-restored = Der Termin steht wieder im Kalender.
done-restored-cancelled = Der Termin ist wiederhergestellt. Er war vom Organisator abgesagt und belegt den Raum deshalb nicht.
done-restored-protected = Der Termin steht wieder im Kalender und ist geschützt.
runs-lead = Jeder Bereinigungslauf: wie er gestartet wurde, von wem und was er getan hat.
runs-empty = Noch gab es keinen Lauf
runs-empty-text = Geben Sie einem Kalender einen Zeitplan oder wenden Sie eine Vorschau an.
all-ways = Alle
col-run = Lauf
col-started-by = Gestartet durch
col-changed = Was er geändert hat
with-key = Schlüssel „{ $key }“
changed-in = Termine: { $events }; Kalender: { $calendars }
changed-nothing = nichts
is-running = läuft gerade
is-confirmed = über der Sicherheitsgrenze
run-empty = Er hat nichts geändert
run-empty-text = Alle Räume waren in Ordnung.
run-empty-but = Was dem entgegenstand, steht oben.
run-empty-running = Er läuft noch.
run-empty-unknown = Wie er die Räume vorfand, ist nicht aufgezeichnet.
first-and-more = { $first } und { $more } weitere
run-looked-at = Geprüfte Kalender: { $count }
run-calendars-title = Wie er ausging
run-left = Liegen geblieben und durchzusehen: { $count }
run-limit = Über der Sicherheitsgrenze: { $count } Überschneidungen warten auf eine Bestätigung
run-done = erledigt
run-failed = fehlgeschlagen
run-failed-in = fehlgeschlagen: { $count }
run-limit-in = Sicherheitsgrenze erreicht: { $count }
run-left-in = etwas blieb liegen: { $count }
audit-lead = Wer welche Einstellung geändert hat.
audit-about = Person, Kalender oder Einstellung
col-at = Wann
col-actor = Wer
col-action = Was
col-subject = Woran

## Who changed which setting

audit-calendar-added = Kalender angelegt
audit-calendar-assigned = Kalender zugewiesen
audit-calendar-changed = Kalender geändert
audit-file-taken-in = Datei übernommen
audit-restored = Termin wiederhergestellt
audit-server-forgotten = Serverkonto entfernt
audit-message = Nachricht
audit-parts = Geändert
audit-begins-with = Beginnt mit
audit-yes = ja
audit-no = nein
audit-all-assigned = alle zugewiesenen
audit-no-end = unbegrenzt
audit-calendar-unassigned = Zuweisung des Kalenders aufgehoben
audit-invitation-made = Einladung erstellt
audit-key-added = Schlüssel angelegt
audit-key-renewed = Schlüssel erneuert
audit-key-revoked = Schlüssel gesperrt
audit-link-made = Link für ein neues Passwort erstellt
audit-message-discarded = Nachricht verworfen
audit-message-retried = Nachricht erneut versucht
audit-password-set = Passwort gesetzt
audit-priority-added = Bevorzugung hinzugefügt
audit-priority-removed = Bevorzugung entfernt
audit-protection-added = Schutz hinzugefügt
audit-protection-removed = Schutz entfernt
audit-server-kept = Serverkonto gespeichert
audit-server-password = Passwort des Serverkontos gesetzt
audit-signed-out = überall abgemeldet
audit-template-added = Vorlage angelegt
audit-template-changed = Vorlage geändert
audit-template-deleted = Vorlage gelöscht
audit-user-activated = Benutzer aktiviert
audit-user-added = Benutzer angelegt
audit-user-changed = Benutzer geändert
audit-user-deactivated = Benutzer deaktiviert
audit-all-calendars = alle Kalender
audit-command-line = Befehlszeile
audit-first-administrator = der erste Administrator
audit-by-invitation = über eine Einladung
audit-by-new-password = über einen Link für ein neues Passwort
audit-administrator = Administrator
audit-ordinary = Benutzer
audit-active = aktiv
audit-not-active = nicht aktiv
audit-for = für { $users }
audit-on = { $user } auf { $host }
