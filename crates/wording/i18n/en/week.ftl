### The day of all rooms, the week of a calendar, an event of it, and booking.

## The day

other-days = Other days
day-before = Previous day
day-next = Next day
day = Day
free-from = Free from
free-for = For
people-at-least = People
all-buildings = All buildings
find-room = Find a room
find-reset = Reset
found-title = Free rooms
found-none = No room is free at that time. Choose another time, a shorter one or fewer features.
# $taken (number)
# $count (number)
# $dates (text)
dates-taken = Not free on { $taken } of { $count } dates: { $dates }
# $count (number)
seats =
    { $count ->
        [one] 1 seat
       *[other] { $count } seats
    }
# $floor (text)
floor-number = floor { $floor }
# $minutes (number)
length-minutes = { $minutes } min
# $hours (number)
length-hours = { $hours } h
# $day (text)
rooms-on = Rooms on { $day }
# $first (number)
# $last (number)
# $count (number)
rooms-of = Rooms { $first } to { $last } of { $count }
room-unreachable = Cannot be reached; may be out of date
room-unknown = Not fetched yet
# $name (text)
overlaps-with = Overlaps “{ $name }”
no-time = must be a time such as 14:30

## The week

other-weeks = Other weeks
week-before = Previous week
week-next = Next week
go-to-date = Go to a date
# $count (number)
week-conflicts =
    { $count ->
        [one] One event would be removed, because another event has the room.
       *[other] { $count } events would be removed, because other events have the room.
    }
week-conflicts-link = Show preview
# $when (text)
# $name (text)
week-next-conflict = Next double booking: { $when }, { $name }
week-skipped-to = There are no more bookings this week. This is the next week with a booking.
# $count (number)
week-more = { $count } more events are not shown.
week-empty = Nothing is booked this week.
unreachable = CalDAV request failed.
# $when (text)
week-as-known = This is the week as of { $when }. It may have changed since.
week-not-known = The events of this calendar have never been fetched, so the week cannot be shown.
preview-not-known = The preview needs the current events. They cannot be read without the calendar server.
tell-administrator = If this continues, tell an administrator.
clock-changes = The clock changes on this day.
# $day (text)
all-day-until = all day, until { $day }
# $day (text)
all-day-since = all day, since { $day }
# $from (text)
# $until (text)
from-until = from { $from }, until { $until }
# $until (text)
# $since (text)
until-since = until { $until }, since { $since }
book-free = free · book
view = View
view-month = Month
other-months = Other months
month-before = Previous month
month-next = Next month
month-empty = Nothing is booked this month.
# $when (text)
month-as-known = This is the month as of { $when }. It may have changed since.
month-not-known = The events of this calendar have never been fetched, so the month cannot be shown.
# $count (number)
more-of-day = { $count } more
# $count (number)
# $time (text)
fold-before = { $count } before { $time }
# $count (number)
# $time (text)
fold-after = { $count } after { $time }
find-booking = Find a booking
# $words (text)
found-bookings = Bookings with “{ $words }”
# $words (text)
found-no-bookings = No booking with “{ $words }” in the last 31 days or later.
keys = Keyboard
keys-previous = Previous week or month
keys-next = Next week or month
keys-skip = Go from event to event
keys-free = In free time: choose the start, and with Shift the end
keys-move = Move an event
keys-move-how = Arrow keys move the event, with Shift they change its end, and with Alt its start. Enter opens the form, Escape cancels.
keys-close = Close the explanation
keys-use = Use single keys
drag-hint = With a pointer, drag in free time to book it. Drag an event to move it, and its upper or lower edge to change its start or end. A form asks before anything is saved.
of-a-series = series
legend = Legend
legend-stays = Has the room
legend-wins = Keeps the room in a conflict
legend-goes = Would be removed
legend-alone = Overlaps, and is kept or not decided yet
legend-cancelled = Cancelled
legend-free = Marked as free
word-goes = would be removed
word-wins = keeps the room
word-alone = kept
word-far = not decided yet
word-cancelled = cancelled
word-free = free
word-declined = declined
why-stays = This event has the room. No other event overlaps it.
why-over = This event is over and is kept as it is.
# $name (text)
why-goes = This event overlaps “{ $name }”, which keeps the room.
# $others (text)
why-wins = This event keeps the room against { $others }.
# $others (text)
why-stronger = This event overlaps { $others } and ranks higher.
stronger-stays = The overlapping event is kept all the same.
stronger-limit = The overlapping event is kept until an administrator has confirmed the removals.
why-far = This event has the room. It begins after the period that this calendar looks ahead, so nothing is decided yet.
# $name (text)
why-far-beside = This event overlaps “{ $name }”. It begins after the period that this calendar looks ahead, so nothing is decided yet.
# $name (text)
# $more (number)
and-more = “{ $name }” and { $more } more
# $name (text)
why-alone = This event overlaps “{ $name }” and is kept.
why-cancelled = This event was cancelled and does not occupy the room.
why-leftover = This event was cancelled. The next run removes it.
why-leftover-short = It was cancelled.
why-free = This event is marked as free and does not occupy the room.
# $name (text)
why-free-beside = This event is marked as free. It overlaps “{ $name }” without a conflict.
why-declined = The room declined this event, so it does not occupy the room.
why-no-length = This event has no duration and does not occupy the room.
by-priority = The other event is prioritised.
by-held-since = The other event has held the time longer.
by-created = The other event was booked first.
by-uid = Both were booked at the same time; the order of their UIDs decides.
by-original-start = Both were booked at the same time; the earlier date decides.
wins-by-priority = It is prioritised.
wins-by-held-since = It has held the time longer.
# Both: since when the one that stays has held the hour, and since when the other has.
# $winner (text)
# $loser (text)
since-both = The event that is kept has held the time since { $winner }, the other since { $loser }.
is-witnessed = Room Booking recorded this order itself.
is-by-word = Room Booking did not record this order itself.
wins-by-created = It was booked first.
wins-by-uid = Both were booked at the same time; the order of their UIDs decides.
left-started = It has already begun.
left-prioritised = Both are prioritised. The organizers decide who uses the room.
left-pending = A warning was sent. It is removed later.
left-report = This calendar only reports conflicts.
left-protected = It is protected.
left-tolerated = The overlap is within the tolerance.
left-free = It is marked as free.
left-changed = It was changed during the run.
left-refused = The calendar server rejected the change.
left-limit = Too many events would be removed at once. An administrator must confirm this.

## An event

event-gone = This event no longer exists, or not at this time. Go back to the week.
the-other-event = Other event
organizer = Organizer
booked-at = Booked
series = Series
is-series = One date of a series
is-single = Single event
uid = UID
back-to-week = Back to the week
kept = Kept
is-protected = It is protected.
is-prioritised = It is prioritised.
is-prioritised-otherwise = It is prioritised by its name or its organizer.
for-all-dates = This applies to all dates of the series.
delete-protected = This event is protected. Protection keeps runs from removing it, but you can delete it here.
keep-it = Keep event
protect = Protect event
unprotect = Remove protection
decided-everywhere = This applies to all calendars. You can change it here:
protect-text = A protected event is never removed automatically.
prioritise = Prioritise event
unprioritise = Remove priority
prioritise-text = A prioritised event wins against events that are not prioritised, even if they were booked first.
delete-it = Delete event
delete-text = The event is deleted from the calendar. No email is sent. It is kept in the history, from where an administrator can restore it.
delete-series-text = The whole series with all its dates is deleted. No email is sent. It is kept in the history, from where an administrator can restore it.
delete-open = Delete …
delete-event = Delete this event
delete-series = Delete whole series
done-event-deleted = Event deleted. It is kept in the history.

## Booking

book-title = Book room
book-button = Book room
event-name = Event name
starts = Start
ends = End
whole-days = All day
whole-days-hint = Only the dates count, and the last date is included.
organizer-hint = Gets the messages about this booking. If empty, you are the organizer.
description = Description
repeat = Repeat
repeat-never = Never
repeat-daily = Every day
repeat-weekly = Every week
repeat-monthly = Every month
repeat-every = Every
repeat-every-hint = 2 is every second day, week or month.
repeat-days = On
repeat-until = Until
not-among-weekdays = must be on one of the chosen weekdays
in-past = It is meant to be in the past
past-dates-error = Dates of this series are in the past and would move too. Choose “This and following dates”, or select this checkbox if that is intended.
in-past-error = This time is in the past. Select this checkbox if that is intended.
repeat-times = Number of dates
repeat-times-hint = If empty, the series has no end.
only-if-free = Only if the room is free
only-if-free-hint = If not selected, it is booked even if it overlaps other events; the rules decide later who keeps the room.
room-taken = The room is taken, so nothing was booked. Conflicting events:
done-booked = Booked.

## Pending removals
pending-title = Pending removals
pending-lead = These bookings overlap a higher-ranked booking. Their organizers have been warned. They are removed when the time is over, unless somebody moves or cancels a booking, or you decide otherwise.
pending-empty = No pending removals
pending-empty-text = Calendars that warn list the bookings here that they are going to remove.
pending-winner = Has the room
# $at (text)
pending-at = will be removed { $at }
pending-kept = kept
pending-now = is being removed
pending-asked = organizer asks for a decision
pending-nobody = nobody can be warned
pending-unsent = the warning is being sent
pending-keep = Keep booking
pending-remove = Remove now

## Changing an event

change-it = Change event
book-again = Book again
change-title = Change event
change-scope = Applies to
change-this-date = This date
change-following = This and following dates
change-all-dates = All dates of the series
change-scope-hint = For several dates, the series moves by the same number of days and hours as this date. Dates that were changed or cancelled individually stay as they are. “This and following dates” divides the series: the following dates become a series of their own.
room-taken-for-change = The room is taken, so nothing was changed. Conflicting events:
only-organizer-why = Only the organizer can change this event, because the calendar server sends invitations.
only-organizer-ways = You can book the room again, or delete the event; the server then declines the invitation.
only-organizer-ways-series = You can book the room again, cancel this date, or delete the series; the server then declines the invitation.
save-changes = Save changes
cancel-date-title = Cancel dates
cancel-date-text = The other dates of the series stay. No email is sent. The date is kept in the history, from where an administrator can restore it.
cancel-date = Cancel this date
done-event-changed = Event changed.
done-event-unchanged = Nothing was changed.
end-series-text = Or the series ends before this date: this and all following dates are cancelled.
end-series = Cancel this and following dates
done-series-ended = This and the following dates cancelled. They are kept in the history.
done-date-cancelled = Date cancelled. It is kept in the history.
