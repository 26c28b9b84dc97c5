### The monthly report.

nav-report = Report
report-title = Report
report-lead = How much the rooms are used, and what became of conflicts.
report-other-months = Other months
report-previous = Previous month
report-next = Next month
# $when (text)
report-kept = This report was made on { $when } and does not change any more.
report-present = This month is still going on: its numbers change.
report-past = The report of this month was not kept. Its numbers are worked out of what is known now.
report-deleted = Parts of the history of this month are older than RETENTION_DAYS and were deleted.
# $count (number)
report-missing =
    { $count ->
        [one] One room is not counted yet. Reload this page in a moment.
       *[other] { $count } rooms are not counted yet. Reload this page in a moment.
    }
# $count (number)
report-unreadable =
    { $count ->
        [one] One event cannot be read and does not count.
       *[other] { $count } events cannot be read and do not count.
    }
report-empty = No rooms
report-empty-text = You have no access to a calendar, so there is nothing to report.
report-overview = Overview
report-booked = Hours booked
report-used-twice = Hours used twice
report-found = Conflicts found
report-removed = Removed
report-settled = Settled by people
report-kept-conflicts = Kept
report-leftovers = Leftovers removed
report-restored = Restored
report-rooms = Rooms
# $room (text)
# $hours (text)
report-busiest-room = Busiest room: { $room }, { $hours } hours.
# $room (text)
# $hours (text)
report-emptiest-room = Emptiest room: { $room }, { $hours } hours.
report-bars-desc = A bar for each room, as long as the hours that are booked. The part in the other colour is the hours that are used twice. The table below has the same numbers.
# $count (number)
report-bars-left-out = The bars show the busiest and the emptiest rooms. Rooms in between: { $count }.
report-rooms-table = Rooms as a table
# $count (number)
report-table-left-out = Further rooms: { $count }. The file has all of them.
report-share = Of the month
report-hours = Hours of the week
# $hours (text)
report-busiest-hours = Busiest: { $hours }.
# $hours (text)
report-emptiest-hours = Emptiest, Monday to Friday between 8:00 and 18:00: { $hours }.
# $count (number)
# $percent (number)
report-emptiest-equal = Emptiest, Monday to Friday between 8:00 and 18:00: { $count } hours at { $percent }%.
report-hours-desc = A square for each hour of the week; the fuller an hour, the stronger its color, and the fullest hour of the month is the strongest. The table below has the same numbers.
# $day (text)
# $hour (text)
# $percent (number)
report-hour = { $day } { $hour }: { $percent }%
report-hours-table = Hours of the week as a table, in percent
report-hour-column = Hour
report-conflicts = Conflicts
report-conflicts-none = No conflicts in this month.
report-reasons = Kept, by reason
report-reason = Reason
report-number = Number
report-conflicts-table = Conflicts by room
report-series = Series without an end
# $days (number)
report-series-text = At present, whatever the month: series that never end and whose organizer has not booked or changed anything in any room for { $days } days. Ask whether they are still needed.
report-series-none = No such series.
report-series-unknown = Not all rooms could be looked at. Reload this page in a moment.
report-next-date = Next date
report-last-seen = Last seen
report-never-seen = not known
report-addresses = Unknown addresses
# $days (number)
report-addresses-text = At present, whatever the month: organizers whose mail server answered in the last { $days } days that there is no such address.
report-addresses-none = No such address.
report-answer = Answer of the mail server
report-refused = Last refused
report-csv = Download as CSV
