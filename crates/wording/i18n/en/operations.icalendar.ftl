### Why an object of a calendar cannot be read or expanded. The names in capitals are those of iCalendar (RFC 5545),
### and stay as they are.

## What cannot be read

# $property (text)
unreadable-missing = { $property } is missing
# $property (text)
# $value (name): what stands there
# $problem (message): what is wrong with it, such as “is no day of the calendar”
unreadable-property = { $property } cannot be read: { $value } { $problem }
# For those who may not see what stands there.
# $property (text)
# $problem (message)
unreadable-property-hidden = { $property } cannot be read: it { $problem }
unreadable-unfinished = END:VEVENT is missing: the text stops in the middle of the event
# $property (text)
# $most (number)
unreadable-line-too-long = { $property } is longer than { $most } bytes
# $most (number)
unreadable-uid-too-long = its UID is longer than { $most } bytes
# $most (number)
unreadable-too-many-lines = it has more than { $most } lines of dates and rules
# $most (number)
unreadable-too-many-components = it has more than { $most } components
# $most (number)
unreadable-too-many-dates = it lists more than { $most } dates in RDATE and EXDATE
# $most (number)
unreadable-too-many-rules = it has more than { $most } recurrence rules
# $most (number)
unreadable-too-many-occurrences = it has more than { $most } occurrences in the period looked at
# $most (number)
unreadable-calendar-too-many-occurrences = the calendar has more than { $most } occurrences in the period looked at
# $most (number)
unreadable-too-many-steps = its recurrence rule needs more than { $most } steps
# $most (number)
unreadable-calendar-too-many-steps = the calendar's recurrence rules need more than { $most } steps
# $bytes (number)
# $changes (number)
# $steps (number)
unreadable-zone-too-large = its VTIMEZONE has more than { $bytes } bytes, { $changes } changes of the clock, or { $steps } steps in its rules
# $tzid (name)
unreadable-zone-unknown = its time zone { $tzid } is unknown; if such times are meant in the calendar's own time zone, set the calendar's unknown time zones to 'calendar' (--unknown-zone calendar)
    .site = its time zone { $tzid } is unknown; if such times are meant in the calendar’s own time zone, have unknown time zones read in it: there is a setting of the calendar for that
# For those who may not see what stands there.
unreadable-zone-unknown-hidden = its time zone is unknown
# $tzid (name)
# $problem (message): what is wrong with its definition, such as “a part has a DTSTART that is no time”
unreadable-zone-broken = the VTIMEZONE of its time zone { $tzid } cannot be read: { $problem }; if such times are meant in the calendar's own time zone, set the calendar's unknown time zones to 'calendar' (--unknown-zone calendar)
    .site = the VTIMEZONE of its time zone { $tzid } cannot be read: { $problem }; if such times are meant in the calendar’s own time zone, have unknown time zones read in it: there is a setting of the calendar for that
# For those who may not see what stands there.
# $problem (message)
unreadable-zone-broken-hidden = the VTIMEZONE of its time zone cannot be read: { $problem }
# $most (number)
unreadable-too-many-zones = the calendar defines more than { $most } time zones of its own

## What is wrong with a value or a recurrence rule: the end of a sentence that begins with it

problem-no-date = is no date (20260302) and no date-time (20260302T120000)
problem-no-day = is no day of the calendar
problem-no-separator = has no T between date and time
problem-other-end = ends in something other than Z
problem-no-time = is no time of the day
problem-no-digits = has something other than digits in it
problem-no-duration = is no duration (PT1H30M, P1D)
problem-no-offset = is no offset from UTC (+0100)
problem-no-value = has no value
problem-no-period = is no period
problem-part-without-value = has a part without a value
problem-skip-without-rscale = has a SKIP without an RSCALE
problem-no-frequency = has no FREQ
problem-interval-no-number = has an INTERVAL that is no number
problem-interval-zero = has an INTERVAL of 0
problem-count-no-number = has a COUNT that is no number
problem-count-zero = has a COUNT of 0
problem-until-no-date = has an UNTIL that is no date
problem-week-start = has a WKST that is no weekday
problem-by-month = has a BYMONTH that is not between 1 and 12
problem-by-month-day = has a BYMONTHDAY that is not between 1 and 31 or -31 and -1
problem-by-year-day = has a BYYEARDAY that is not between 1 and 366 or -366 and -1
problem-by-week-no = has a BYWEEKNO that is not between 1 and 53 or -53 and -1
problem-by-hour = has a BYHOUR that is not between 0 and 23
problem-by-minute = has a BYMINUTE that is not between 0 and 59
problem-by-second = has a BYSECOND that is not between 0 and 60
problem-by-set-pos = has a BYSETPOS that is not between 1 and 366 or -366 and -1
problem-by-day = has a BYDAY that is no weekday (MO, 1MO, -1SU)
problem-other-calendar = counts in a calendar other than the Gregorian (RSCALE)
problem-unknown-skip = has a SKIP that RFC 7529 does not know
problem-part-twice = has a part twice
problem-unknown-part = has a part that RFC 5545 does not know
problem-unknown-frequency = has a FREQ that RFC 5545 does not know
problem-empty-part = has an empty part
problem-blanks = has blanks in a part
problem-ends-before = ends before the event begins
problem-count-and-until = has COUNT beside UNTIL
problem-time-of-all-day = has BYHOUR, BYMINUTE or BYSECOND in an all-day series
problem-week-no-not-yearly = has a BYWEEKNO, which is for FREQ=YEARLY only
problem-year-day-refused = has a BYYEARDAY, which FREQ=DAILY, WEEKLY and MONTHLY cannot have
problem-month-day-refused = has a BYMONTHDAY, which FREQ=WEEKLY cannot have
problem-ordinal-refused = has a BYDAY with a number, which is for FREQ=MONTHLY and YEARLY without BYWEEKNO only
problem-set-pos-alone = has a BYSETPOS without another part that begins with BY
problem-not-followed = cannot be followed as far as its first instance
problem-no-instance = gives no instance

## What is wrong with a VTIMEZONE: a sentence without its full stop

zone-problem-no-parts = it has no STANDARD and no DAYLIGHT part
zone-problem-start-no-time = a part has a DTSTART that is no time
zone-problem-offset-no-offset = a part has a TZOFFSETFROM or TZOFFSETTO that is no offset
zone-problem-rule-no-rule = a part has an RRULE that is no recurrence rule
zone-problem-date-no-time = a part has an RDATE that is no time
zone-problem-incomplete = a part has no DTSTART, no TZOFFSETFROM or no TZOFFSETTO
