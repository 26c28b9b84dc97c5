### The monthly report.

nav-report = Report
report-title = Report
report-lead = How much the rooms are used, and how conflicts were resolved.
report-other-months = Other months
report-previous = Previous month
report-next = Next month
# $when (text)
report-kept = This report was created on { $when } and no longer changes.
report-present = This month is not over yet. The numbers still change.
report-past = The report of this month was not stored. The numbers are calculated from the current data.
report-deleted = Parts of this month’s history are older than RETENTION_DAYS and were deleted.
# $count (number)
report-missing =
    { $count ->
        [one] One room has not been counted yet. Reload this page in a moment.
       *[other] { $count } rooms have not been counted yet. Reload this page in a moment.
    }
# $count (number)
report-unreadable =
    { $count ->
        [one] One event is unreadable and is not counted.
       *[other] { $count } events are unreadable and are not counted.
    }
report-empty = No rooms
report-empty-text = You have no access to any calendar, so there is nothing to report.
report-overview = Overview
report-booked = Hours booked
report-used-twice = Double-booked hours
report-found = Conflicts found
report-removed = Removed
report-settled = Resolved by people
report-kept-conflicts = Kept
report-leftovers = Cancelled events removed
report-restored = Restored
report-rooms = Rooms
# $room (text)
# $hours (text)
report-busiest-room = Busiest room: { $room }, { $hours } hours.
# $room (text)
# $hours (text)
report-emptiest-room = Least used room: { $room }, { $hours } hours.
report-bars-desc = Each bar shows the booked hours of a room. The part in the other colour shows the double-booked hours. The table below has the same numbers.
# $count (number)
report-bars-left-out = The bars show the most and the least used rooms. Rooms in between: { $count }.
report-rooms-table = Rooms as a table
# $count (number)
report-table-left-out = More rooms: { $count }. The file has all of them.
report-share = Share of the month
report-hours = Hours of the week
# $hours (text)
report-busiest-hours = Busiest: { $hours }.
# $hours (text)
report-emptiest-hours = Least used, Monday to Friday between 8:00 and 18:00: { $hours }.
# $count (number)
# $percent (number)
report-emptiest-equal = Least used, Monday to Friday between 8:00 and 18:00: { $count } hours at { $percent }%.
report-hours-desc = Each square is an hour of the week. The stronger its colour, the more that hour is used; the most used hour of the month has the strongest colour. The table below has the same numbers.
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
report-series-text = Current, regardless of the month: series without an end whose organizer has not booked or changed anything in any room for { $days } days. Ask whether they are still needed.
report-series-none = No such series.
report-series-unknown = Not all rooms could be checked. Reload this page in a moment.
report-next-date = Next date
report-last-seen = Last seen
report-never-seen = unknown
report-addresses = Unknown addresses
# $days (number)
report-addresses-text = Current, regardless of the month: organizers whose mail server reported in the last { $days } days that the address does not exist.
report-addresses-none = No such address.
report-answer = Response of the mail server
report-refused = Last rejected
report-csv = Download as CSV
