### Die Seiten hinter Links in Nachrichten, die keine Anmeldung brauchen.

mail-link-room = Raum
mail-link-booking = Buchung
mail-link-when = Wann
mail-link-other = Überschneidet sich mit
mail-link-contact = Ansprechpartner für den Raum
mail-link-which = Was möchten Sie aufgeben?
mail-link-all-dates = Alle { $count } Termine oben
mail-link-one-date = Nur { $when }
mail-link-series = Die ganze Serie in diesem Raum, auch ihre anderen Termine
mail-link-expires = Dieser Link gilt einmal, bis { $when }.
mail-link-choose = Wählen Sie eine Möglichkeit aus.

mail-link-give-up-title = Buchung aufgeben?
mail-link-give-up-lead = Der Raum wird für andere frei. Noch wurde nichts geändert.
mail-link-give-up-button = Buchung aufgeben
mail-link-given-up-title = Buchung aufgegeben
mail-link-given-up-lead = Der Raum ist für andere frei. War es ein Versehen, kann der Ansprechpartner für den Raum die Buchung wiederherstellen.

mail-link-ask-title = Um eine Entscheidung bitten?
mail-link-ask-lead = Ihre Buchung bleibt, bis ein Administrator entschieden hat. Noch wurde nichts geändert.
mail-link-ask-button = Um Entscheidung bitten
mail-link-asked-title = Um Entscheidung gebeten
mail-link-asked-lead = Ihre Buchung wird nicht entfernt, bis ein Administrator entschieden hat. Sie erhalten eine Nachricht über die Entscheidung.

mail-link-over-title = Dieser Link ist abgelaufen
mail-link-over-lead = Die Buchung hat begonnen, oder die Zeit für eine Antwort ist vorbei. Es wurde nichts geändert.
mail-link-stale-title = Die Buchung hat sich geändert
mail-link-stale-lead = Die Buchung hat sich geändert, seit die Nachricht gesendet wurde; dieser Link gilt deshalb nicht mehr. Prüfen Sie den Kalender des Raums oder fragen Sie den Ansprechpartner für den Raum.

mail-link-restore-title = Buchung wiederherstellen?
mail-link-restore-lead = Der Raum ist zur Zeit Ihrer entfernten Buchung wieder frei. Noch wurde nichts geändert.
mail-link-restore-button = Buchung wiederherstellen
mail-link-restored-title = Buchung wiederhergestellt
mail-link-restored-lead = Ihre Buchung steht wieder im Kalender des Raums. Sie erhalten eine Bestätigung per E-Mail.
mail-link-offer-over-title = Dieses Angebot ist abgelaufen
mail-link-offer-over-lead = Der Raum wurde jemand anderem angeboten, oder jemand hat ihn gebucht. Es wurde nichts geändert.

mail-link-which-room = Welcher Raum?
mail-link-move-title = Buchung in einen anderen Raum verlegen?
mail-link-move-lead = Sie wird zur selben Zeit in dem anderen Raum gebucht und danach aus diesem entfernt. Noch wurde nichts geändert.
mail-link-move-series-lead = Die ganze Serie mit allen Terminen wird zu denselben Zeiten in dem anderen Raum gebucht und danach aus diesem entfernt. Noch wurde nichts geändert.
mail-link-move-button = Buchung verlegen
mail-link-moved-title = Buchung verlegt
mail-link-moved-lead = Ihre Buchung steht zur selben Zeit in dem anderen Raum. Sind Personen eingeladen, nennen Sie ihnen den neuen Raum.
mail-link-no-room-title = Kein Raum ist frei
mail-link-no-room-lead = Die angebotenen Räume wurden inzwischen gebucht. Es wurde nichts geändert.

mail-link-decided-title = Keine Entscheidung nötig
mail-link-decided-lead = Ein Administrator hat bereits entschieden, die Buchung muss nicht mehr entfernt werden, oder sie wurde entfernt. Es wurde nichts geändert.

mail-link-list-title = Alle Termine
mail-link-list-lead = Diese Termine Ihrer Buchung wurden aus dem Kalender des Raums entfernt.
mail-link-list-line = { $when }: { $other }
mail-link-list-over-title = Diese Liste ist abgelaufen
mail-link-list-over-lead = Alle ihre Termine haben begonnen, oder die Nachricht wurde gelöscht. Es wurde nichts geändert.
