### Why an object of a calendar cannot be read or expanded. The names in capitals are those of iCalendar (RFC 5545),
### and stay as they are.

## What cannot be read

unreadable-missing = { $property } fehlt
unreadable-property = { $property } ist nicht lesbar: { $value } { $problem }
unreadable-property-hidden = { $property } ist nicht lesbar: Der Wert { $problem }
unreadable-unfinished = END:VEVENT fehlt: Der Text hört mitten im Termin auf
unreadable-line-too-long = { $property } ist länger als { $most } Byte
unreadable-uid-too-long = die UID ist länger als { $most } Byte
unreadable-too-many-lines = enthält mehr als { $most } Zeilen mit Daten und Regeln
unreadable-too-many-components = enthält mehr als { $most } Komponenten
unreadable-too-many-dates = nennt mehr als { $most } Daten in RDATE und EXDATE
unreadable-too-many-rules = enthält mehr als { $most } Wiederholungsregeln
unreadable-too-many-occurrences = ergibt im betrachteten Zeitraum mehr als { $most } Termine
unreadable-calendar-too-many-occurrences = der Kalender hat im betrachteten Zeitraum mehr als { $most } Termine
unreadable-too-many-steps = die Wiederholungsregel braucht mehr als { $most } Schritte
unreadable-calendar-too-many-steps = die Wiederholungsregeln des Kalenders brauchen mehr als { $most } Schritte
unreadable-zone-too-large = die VTIMEZONE hat mehr als { $bytes } Byte, { $changes } Zeitumstellungen oder { $steps } Schritte in ihren Regeln
unreadable-zone-unknown = die Zeitzone { $tzid } ist unbekannt; sind solche Zeiten in der Zeitzone des Kalenders gemeint, lassen Sie unbekannte Zeitzonen so lesen (--unknown-zone calendar)
    .site = die Zeitzone { $tzid } ist unbekannt; sind solche Zeiten in der Zeitzone des Kalenders gemeint, lassen Sie unbekannte Zeitzonen so lesen: Dafür gibt es eine Einstellung des Kalenders
unreadable-zone-unknown-hidden = die Zeitzone ist unbekannt
unreadable-zone-broken = die VTIMEZONE der Zeitzone { $tzid } ist nicht lesbar: { $problem }; sind solche Zeiten in der Zeitzone des Kalenders gemeint, lassen Sie unbekannte Zeitzonen so lesen (--unknown-zone calendar)
    .site = die VTIMEZONE der Zeitzone { $tzid } ist nicht lesbar: { $problem }; sind solche Zeiten in der Zeitzone des Kalenders gemeint, lassen Sie unbekannte Zeitzonen so lesen: Dafür gibt es eine Einstellung des Kalenders
unreadable-zone-broken-hidden = die VTIMEZONE der Zeitzone ist nicht lesbar: { $problem }
unreadable-too-many-zones = der Kalender definiert mehr als { $most } eigene Zeitzonen

## What is wrong with a value or a recurrence rule: the end of a sentence that begins with it

problem-no-date = ist weder ein Datum (20260302) noch ein Zeitpunkt (20260302T120000)
problem-no-day = ist kein Tag des Kalenders
problem-no-separator = hat zwischen Datum und Uhrzeit kein T
problem-other-end = endet mit etwas anderem als Z
problem-no-time = ist keine Uhrzeit
problem-no-digits = enthält etwas anderes als Ziffern
problem-no-duration = ist keine Dauer (PT1H30M, P1D)
problem-no-offset = ist kein Abstand zu UTC (+0100)
problem-no-value = hat keinen Wert
problem-no-period = ist kein Zeitraum
problem-part-without-value = hat einen Teil ohne Wert
problem-skip-without-rscale = hat SKIP ohne RSCALE
problem-no-frequency = hat keine FREQ
problem-interval-no-number = hat ein INTERVAL, das keine Zahl ist
problem-interval-zero = hat ein INTERVAL von 0
problem-count-no-number = hat einen COUNT, der keine Zahl ist
problem-count-zero = hat einen COUNT von 0
problem-until-no-date = hat ein UNTIL, das kein Datum ist
problem-week-start = hat einen WKST, der kein Wochentag ist
problem-by-month = hat einen BYMONTH, der nicht zwischen 1 und 12 liegt
problem-by-month-day = hat einen BYMONTHDAY, der nicht zwischen 1 und 31 oder -31 und -1 liegt
problem-by-year-day = hat einen BYYEARDAY, der nicht zwischen 1 und 366 oder -366 und -1 liegt
problem-by-week-no = hat eine BYWEEKNO, die nicht zwischen 1 und 53 oder -53 und -1 liegt
problem-by-hour = hat eine BYHOUR, die nicht zwischen 0 und 23 liegt
problem-by-minute = hat eine BYMINUTE, die nicht zwischen 0 und 59 liegt
problem-by-second = hat eine BYSECOND, die nicht zwischen 0 und 60 liegt
problem-by-set-pos = hat eine BYSETPOS, die nicht zwischen 1 und 366 oder -366 und -1 liegt
problem-by-day = hat einen BYDAY, der kein Wochentag ist (MO, 1MO, -1SU)
problem-other-calendar = zählt in einem anderen als dem gregorianischen Kalender (RSCALE)
problem-unknown-skip = hat ein SKIP, das RFC 7529 nicht kennt
problem-part-twice = hat einen Teil zweimal
problem-unknown-part = hat einen Teil, den RFC 5545 nicht kennt
problem-unknown-frequency = hat eine FREQ, die RFC 5545 nicht kennt
problem-empty-part = hat einen leeren Teil
problem-blanks = hat Leerzeichen in einem Teil
problem-ends-before = endet, bevor der Termin beginnt
problem-count-and-until = hat COUNT neben UNTIL
problem-time-of-all-day = hat BYHOUR, BYMINUTE oder BYSECOND in einer ganztägigen Serie
problem-week-no-not-yearly = hat eine BYWEEKNO, die es nur bei FREQ=YEARLY gibt
problem-year-day-refused = hat einen BYYEARDAY, den es bei FREQ=DAILY, WEEKLY und MONTHLY nicht gibt
problem-month-day-refused = hat einen BYMONTHDAY, den es bei FREQ=WEEKLY nicht gibt
problem-ordinal-refused = hat einen BYDAY mit Zahl, den es nur bei FREQ=MONTHLY und bei YEARLY ohne BYWEEKNO gibt
problem-set-pos-alone = hat eine BYSETPOS ohne einen anderen Teil, der mit BY beginnt
problem-not-followed = lässt sich nicht bis zum ersten Termin berechnen
problem-no-instance = ergibt keinen Termin

## What is wrong with a VTIMEZONE: a sentence without its full stop

zone-problem-no-parts = sie hat weder einen STANDARD- noch einen DAYLIGHT-Teil
zone-problem-start-no-time = ein Teil hat einen DTSTART, der kein Zeitpunkt ist
zone-problem-offset-no-offset = ein Teil hat einen TZOFFSETFROM oder TZOFFSETTO, der kein Abstand zu UTC ist
zone-problem-rule-no-rule = ein Teil hat eine RRULE, die keine Wiederholungsregel ist
zone-problem-date-no-time = ein Teil hat ein RDATE, das kein Zeitpunkt ist
zone-problem-incomplete = einem Teil fehlt DTSTART, TZOFFSETFROM oder TZOFFSETTO
