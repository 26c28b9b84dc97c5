### Die Seiten hinter Links in Nachrichten, die keine Anmeldung brauchen.

mail-link-room = Raum
mail-link-booking = Buchung
mail-link-when = Wann
mail-link-other = Überschneidet sich mit
mail-link-contact = Wer über den Raum entscheidet
mail-link-which = Was möchten Sie aufgeben?
mail-link-all-dates = Alle { $count } Termine oben
mail-link-one-date = Nur { $when }
mail-link-series = Die ganze Serie in diesem Raum, auch ihre anderen Termine
mail-link-expires = Dieser Link gilt einmal, bis { $when }.
mail-link-choose = Wählen Sie aus, was der Link tun soll.

mail-link-give-up-title = Buchung aufgeben?
mail-link-give-up-lead = Der Raum wird für andere frei. Noch wurde nichts geändert.
mail-link-give-up-button = Buchung aufgeben
mail-link-given-up-title = Buchung aufgegeben
mail-link-given-up-lead = Der Raum ist für andere frei. War es ein Versehen, können die Personen, die über den Raum entscheiden, die Buchung wiederherstellen.

mail-link-ask-title = Um eine Entscheidung bitten?
mail-link-ask-lead = Ihre Buchung bleibt, bis ein Administrator entschieden hat. Noch wurde nichts geändert.
mail-link-ask-button = Um Entscheidung bitten
mail-link-asked-title = Ein Administrator entscheidet
mail-link-asked-lead = Bis dahin wird Ihre Buchung nicht entfernt. Sie erhalten eine Nachricht, ob sie bleibt oder entfernt wird.

mail-link-over-title = Dieser Link ist abgelaufen
mail-link-over-lead = Die Buchung hat begonnen, oder die Zeit für eine Antwort ist vorbei. Es wurde nichts geändert.
mail-link-stale-title = Die Buchung hat sich geändert
mail-link-stale-lead = Sie ist nicht mehr dieselbe wie in der Nachricht, deshalb tut dieser Link nichts. Sehen Sie im Kalender des Raums nach, oder fragen Sie die Personen, die über den Raum entscheiden.

mail-link-restore-title = Raum zurücknehmen?
mail-link-restore-lead = Der Raum ist zu der Zeit wieder frei, die Ihre Buchung verloren hatte. Noch wurde nichts geändert.
mail-link-restore-button = Buchung wiederherstellen
mail-link-restored-title = Buchung wiederhergestellt
mail-link-restored-lead = Ihre Buchung steht wieder im Kalender des Raums. Sie erhalten eine Nachricht darüber.
mail-link-offer-over-title = Dieses Angebot gilt nicht mehr
mail-link-offer-over-lead = Der Raum wurde jemand anderem angeboten, oder jemand hat ihn gebucht. Es wurde nichts geändert.

mail-link-which-room = In welchen Raum?
mail-link-move-title = Buchung verschieben?
mail-link-move-lead = Sie wird zur selben Zeit in dem anderen Raum gebucht und danach aus diesem entfernt. Noch wurde nichts geändert.
mail-link-move-button = Buchung verschieben
mail-link-moved-title = Buchung verschoben
mail-link-moved-lead = Sie steht zur selben Zeit in dem anderen Raum. Sind Personen eingeladen, sagen Sie ihnen, wohin sie kommen sollen.
mail-link-no-room-title = Kein Raum ist frei
mail-link-no-room-lead = Die Räume, in die Sie Ihre Buchung verschieben könnten, sind inzwischen belegt. Es wurde nichts geändert.

mail-link-decided-title = Es ist nichts mehr zu entscheiden
mail-link-decided-lead = Ein Administrator hat entschieden, oder die Buchung soll nicht mehr entfernt werden, oder sie wurde schon entfernt. Es wurde nichts geändert.
