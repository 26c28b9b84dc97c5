### Der Monatsbericht.

nav-report = Bericht
report-title = Bericht
report-lead = Wie stark die Räume genutzt werden und wie Überschneidungen gelöst wurden.
report-other-months = Andere Monate
report-previous = Voriger Monat
report-next = Nächster Monat
report-kept = Dieser Bericht wurde am { $when } erstellt und ändert sich nicht mehr.
report-present = Dieser Monat ist noch nicht zu Ende. Die Zahlen ändern sich noch.
report-past = Der Bericht dieses Monats wurde nicht gespeichert. Die Zahlen werden aus den aktuellen Daten berechnet.
report-deleted = Teile des Verlaufs dieses Monats sind älter als RETENTION_DAYS und wurden gelöscht.
report-missing =
    { $count ->
        [one] Ein Raum ist noch nicht gezählt. Laden Sie die Seite gleich noch einmal.
       *[other] { $count } Räume sind noch nicht gezählt. Laden Sie die Seite gleich noch einmal.
    }
report-unreadable =
    { $count ->
        [one] Ein Termin lässt sich nicht lesen und zählt nicht.
       *[other] { $count } Termine lassen sich nicht lesen und zählen nicht.
    }
report-empty = Keine Räume
report-empty-text = Sie haben auf keinen Kalender Zugriff, daher gibt es nichts zu berichten.
report-overview = Überblick
report-booked = Gebuchte Stunden
report-used-twice = Doppelt gebuchte Stunden
report-found = Gefundene Überschneidungen
report-removed = Entfernt
report-settled = Von den Beteiligten gelöst
report-kept-conflicts = Behalten
report-leftovers = Entfernte abgesagte Termine
report-restored = Wiederhergestellt
report-rooms = Räume
report-busiest-room = Meistgenutzter Raum: { $room }, { $hours } Stunden.
report-emptiest-room = Am wenigsten genutzter Raum: { $room }, { $hours } Stunden.
report-bars-desc = Jeder Balken zeigt die gebuchten Stunden eines Raums. Der Teil in der anderen Farbe zeigt die doppelt gebuchten Stunden. Die Tabelle darunter enthält dieselben Zahlen.
report-bars-left-out = Die Balken zeigen die meist- und die am wenigsten genutzten Räume. Räume dazwischen: { $count }.
report-rooms-table = Räume als Tabelle
report-table-left-out = Weitere Räume: { $count }. Die Datei enthält alle.
report-share = Anteil am Monat
report-hours = Stunden der Woche
report-busiest-hours = Am meisten genutzt: { $hours }.
report-emptiest-hours = Am wenigsten genutzt, Montag bis Freitag zwischen 8:00 und 18:00 Uhr: { $hours }.
report-emptiest-equal = Am wenigsten genutzt, Montag bis Freitag zwischen 8:00 und 18:00 Uhr: { $count } Stunden mit { $percent } %.
report-hours-desc = Jedes Feld ist eine Stunde der Woche. Je kräftiger die Farbe, desto mehr wird die Stunde genutzt; die meistgenutzte Stunde des Monats ist am kräftigsten. Die Tabelle darunter enthält dieselben Zahlen.
report-hour = { $day } { $hour }: { $percent } %
report-hours-table = Stunden der Woche als Tabelle, in Prozent
report-hour-column = Stunde
report-conflicts = Überschneidungen
report-conflicts-none = Keine Überschneidungen in diesem Monat.
report-reasons = Behalten, nach Grund
report-reason = Grund
report-number = Anzahl
report-conflicts-table = Überschneidungen nach Raum
report-series = Serientermine ohne Ende
report-series-text = Gegenwärtig, unabhängig vom Monat: Serientermine, die nie enden und deren Organisator seit { $days } Tagen in keinem Raum etwas gebucht oder geändert hat. Fragen Sie nach, ob sie noch gebraucht werden.
report-series-none = Keine solchen Serientermine.
report-series-unknown = Nicht alle Räume konnten geprüft werden. Laden Sie die Seite gleich noch einmal.
report-next-date = Nächster Termin
report-last-seen = Zuletzt gesehen
report-never-seen = unbekannt
report-addresses = Unbekannte Adressen
report-addresses-text = Gegenwärtig, unabhängig vom Monat: Organisatoren, deren Mailserver in den letzten { $days } Tagen geantwortet hat, dass es die Adresse nicht gibt.
report-addresses-none = Keine solchen Adressen.
report-answer = Antwort des Mailservers
report-refused = Zuletzt abgelehnt
report-csv = Als CSV herunterladen
