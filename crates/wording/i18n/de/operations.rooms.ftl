### Räume und ihre Bilder, und das Entfernen von Kalendern.

calendar-changes-now = Die Einstellungen des Kalenders werden gerade geändert; versuchen Sie es noch einmal.
calendar-in-doubt = Das Ergebnis einer Änderung auf dem Kalenderserver ist noch offen: Er hat nicht geantwortet und führt sie vielleicht noch aus. Spätestens nach 16 Minuten steht es fest; versuchen Sie es dann noch einmal.
calendar-was-removed = Der Kalender wurde entfernt, deshalb lässt sich nichts daraus wiederherstellen.
picture-form = muss ein Bild im Format PNG, JPEG oder WebP sein
picture-too-large = darf höchstens { $most } MiB groß sein
