### Why an object of a calendar cannot be read or expanded. The names in capitals are those of iCalendar (RFC 5545),
### and stay as they are.

## What cannot be read

unreadable-missing = { $property } est absent
unreadable-property = { $property } est illisible : { $value } { $problem }
unreadable-property-hidden = { $property } est illisible : la valeur { $problem }
unreadable-unfinished = END:VEVENT est absent : le texte s’arrête au milieu de l’événement
unreadable-line-too-long = { $property } est plus long que { $most } octets
unreadable-uid-too-long = son UID est plus long que { $most } octets
unreadable-too-many-lines = il a plus de { $most } lignes de dates et de règles
unreadable-too-many-components = il a plus de { $most } composants
unreadable-too-many-dates = il énumère plus de { $most } dates dans RDATE et EXDATE
unreadable-too-many-rules = il a plus de { $most } règles de récurrence
unreadable-too-many-occurrences = il a plus de { $most } occurrences dans la période examinée
unreadable-calendar-too-many-occurrences = le calendrier a plus de { $most } occurrences dans la période examinée
unreadable-too-many-steps = sa règle de récurrence demande plus de { $most } étapes
unreadable-calendar-too-many-steps = les règles de récurrence du calendrier demandent plus de { $most } étapes
unreadable-zone-too-large = sa VTIMEZONE a plus de { $bytes } octets, de { $changes } changements d’heure ou de { $steps } étapes dans ses règles
unreadable-zone-unknown = son fuseau horaire { $tzid } est inconnu ; si de telles heures s’entendent dans le fuseau horaire du calendrier, faites lire ainsi les fuseaux inconnus (--unknown-zone calendar)
    .site = son fuseau horaire { $tzid } est inconnu ; si de telles heures s’entendent dans le fuseau horaire du calendrier, faites lire ainsi les fuseaux inconnus : un paramètre du calendrier le permet
unreadable-zone-unknown-hidden = son fuseau horaire est inconnu
unreadable-zone-broken = la VTIMEZONE de son fuseau horaire { $tzid } est illisible : { $problem } ; si de telles heures s’entendent dans le fuseau horaire du calendrier, faites lire ainsi les fuseaux inconnus (--unknown-zone calendar)
    .site = la VTIMEZONE de son fuseau horaire { $tzid } est illisible : { $problem } ; si de telles heures s’entendent dans le fuseau horaire du calendrier, faites lire ainsi les fuseaux inconnus : un paramètre du calendrier le permet
unreadable-zone-broken-hidden = la VTIMEZONE de son fuseau horaire est illisible : { $problem }
unreadable-too-many-zones = le calendrier définit plus de { $most } fuseaux horaires propres

## What is wrong with a value or a recurrence rule: the end of a sentence that begins with it

problem-no-date = n’est ni une date (20260302) ni une date avec heure (20260302T120000)
problem-no-day = n’est pas un jour du calendrier
problem-no-separator = n’a pas de T entre la date et l’heure
problem-other-end = se termine par autre chose que Z
problem-no-time = n’est pas une heure du jour
problem-no-digits = contient autre chose que des chiffres
problem-no-duration = n’est pas une durée (PT1H30M, P1D)
problem-no-offset = n’est pas un décalage par rapport à UTC (+0100)
problem-no-value = n’a pas de valeur
problem-no-period = n’est pas une période
problem-part-without-value = a une partie sans valeur
problem-skip-without-rscale = a un SKIP sans RSCALE
problem-no-frequency = n’a pas de FREQ
problem-interval-no-number = a un INTERVAL qui n’est pas un nombre
problem-interval-zero = a un INTERVAL de 0
problem-count-no-number = a un COUNT qui n’est pas un nombre
problem-count-zero = a un COUNT de 0
problem-until-no-date = a un UNTIL qui n’est pas une date
problem-week-start = a un WKST qui n’est pas un jour de la semaine
problem-by-month = a un BYMONTH qui n’est pas compris entre 1 et 12
problem-by-month-day = a un BYMONTHDAY qui n’est pas compris entre 1 et 31 ou -31 et -1
problem-by-year-day = a un BYYEARDAY qui n’est pas compris entre 1 et 366 ou -366 et -1
problem-by-week-no = a un BYWEEKNO qui n’est pas compris entre 1 et 53 ou -53 et -1
problem-by-hour = a un BYHOUR qui n’est pas compris entre 0 et 23
problem-by-minute = a un BYMINUTE qui n’est pas compris entre 0 et 59
problem-by-second = a un BYSECOND qui n’est pas compris entre 0 et 60
problem-by-set-pos = a un BYSETPOS qui n’est pas compris entre 1 et 366 ou -366 et -1
problem-by-day = a un BYDAY qui n’est pas un jour de la semaine (MO, 1MO, -1SU)
problem-other-calendar = compte dans un autre calendrier que le calendrier grégorien (RSCALE)
problem-unknown-skip = a un SKIP que la RFC 7529 ne connaît pas
problem-part-twice = a une partie en double
problem-unknown-part = a une partie que la RFC 5545 ne connaît pas
problem-unknown-frequency = a un FREQ que la RFC 5545 ne connaît pas
problem-empty-part = a une partie vide
problem-blanks = a des espaces dans une partie
problem-ends-before = se termine avant le début de l’événement
problem-count-and-until = a COUNT à côté de UNTIL
problem-time-of-all-day = a BYHOUR, BYMINUTE ou BYSECOND dans une série de journées entières
problem-week-no-not-yearly = a un BYWEEKNO, réservé à FREQ=YEARLY
problem-year-day-refused = a un BYYEARDAY, que FREQ=DAILY, WEEKLY et MONTHLY ne peuvent pas avoir
problem-month-day-refused = a un BYMONTHDAY, que FREQ=WEEKLY ne peut pas avoir
problem-ordinal-refused = a un BYDAY avec un nombre, réservé à FREQ=MONTHLY et à YEARLY sans BYWEEKNO
problem-set-pos-alone = a un BYSETPOS sans autre partie qui commence par BY
problem-not-followed = ne peut pas être calculée jusqu’à sa première occurrence
problem-no-instance = ne donne aucune occurrence

## What is wrong with a VTIMEZONE: a sentence without its full stop

zone-problem-no-parts = elle n’a ni partie STANDARD ni partie DAYLIGHT
zone-problem-start-no-time = une partie a un DTSTART qui n’est pas une heure
zone-problem-offset-no-offset = une partie a un TZOFFSETFROM ou un TZOFFSETTO qui n’est pas un décalage
zone-problem-rule-no-rule = une partie a une RRULE qui n’est pas une règle de récurrence
zone-problem-date-no-time = une partie a une RDATE qui n’est pas une heure
zone-problem-incomplete = une partie n’a pas de DTSTART, de TZOFFSETFROM ou de TZOFFSETTO
