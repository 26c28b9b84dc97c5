### The day of all rooms, the week of a calendar, an event of it, and booking.

## The day

other-days = Other days
day-before = ← Previous day
day-next = Next day →
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
dates-taken = Taken on { $taken } of { $count } dates: { $dates }
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
room-unknown = Not known yet
# $name (text)
overlaps-with = Overlaps “{ $name }”
no-time = must be a time such as 14:30

## The week

other-weeks = Other weeks
week-before = ← Week before
week-next = Next week →
go-to-date = Go to a date
# $count (number)
week-conflicts =
    { $count ->
        [one] One event would have to go, because somebody else holds the room.
       *[other] { $count } events would have to go, because somebody else holds the room.
    }
week-conflicts-link = Look at what would go
# $when (text)
# $name (text)
week-next-conflict = Next double booking: { $when }, { $name }
week-skipped-to = Nothing more is booked in the current week. This is the next week with a booking.
# $count (number)
week-more = { $count } further events are not shown.
week-empty = Nothing is booked this week.
unreachable = The calendar server does not do its part.
# $when (text)
week-as-known = This is the week as it was known on { $when }. It may have changed since.
week-not-known = Its events have never been fetched, so nothing is known of the week.
preview-not-known = What would go is decided on the events as they are now. Without the server nobody knows them.
tell-administrator = Tell an administrator if it stays so.
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
of-a-series = of a series
legend = What it means
legend-stays = Has the room
legend-wins = Keeps the room against another
legend-goes = Would go
legend-alone = Overlaps, and is left alone or not decided yet
legend-cancelled = Cancelled
legend-free = Marked as free
word-goes = would go
word-wins = keeps the room
word-alone = left alone
word-far = not decided yet
word-cancelled = cancelled
word-free = free
word-declined = declined
why-stays = It has the room, and nobody is in its way.
why-over = It is over, and stays as it is.
# $name (text)
why-goes = It overlaps “{ $name }”, which keeps the room.
# $others (text)
why-wins = It keeps the room against { $others }.
# $others (text)
why-stronger = It overlaps { $others }, and is the stronger.
stronger-stays = What it overlaps is left alone all the same.
stronger-limit = What it overlaps stays until an administrator has confirmed that so many go.
why-far = It has the room. It lies further ahead than this calendar looks, so nothing is decided about it yet.
# $name (text)
why-far-beside = It overlaps “{ $name }”. It lies further ahead than this calendar looks, so nothing is decided about it yet.
# $name (text)
# $more (number)
and-more = “{ $name }” and { $more } more
# $name (text)
why-alone = It overlaps “{ $name }”, and is left alone.
why-cancelled = It was called off, and does not take the room.
why-leftover = It was called off. A clear cleans it away.
why-leftover-short = It was called off.
why-free = It is marked as free, and does not take the room.
# $name (text)
why-free-beside = It is marked as free. It overlaps “{ $name }”, and is in nobody’s way.
why-declined = The room declined it, so it does not take the room.
why-no-length = It has no length, and takes no time.
by-priority = That one is prioritised.
by-held-since = That one has held the hour for longer.
by-created = That one was booked first.
by-uid = Both were booked at the same moment; the order of their UIDs decides.
by-original-start = Both were booked at the same moment; the earlier date decides.
wins-by-priority = It is prioritised.
wins-by-held-since = It has held the hour for longer.
# Both: since when the one that stays has held the hour, and since when the other has.
# $winner (text)
# $loser (text)
since-both = The one that stays has held the hour since { $winner }, the other since { $loser }.
is-witnessed = Room Booking saw that order itself.
is-by-word = Room Booking did not see that order itself.
wins-by-created = It was booked first.
wins-by-uid = Both were booked at the same moment; the order of their UIDs decides.
left-started = It is on already, and nobody is thrown out of a meeting.
left-prioritised = Both are prioritised, and their people settle it themselves.
left-pending = A warning is out, and it is removed later.
left-report = This calendar only reports conflicts.
left-protected = It is protected.
left-tolerated = The overlap is within what is tolerated.
left-free = It is marked as free.
left-changed = It was changed just while the run was at work.
left-refused = The calendar server refused the change.
left-limit = Too many events would go at once: an administrator has to confirm that.

## An event

event-gone = This event is not there any more, or not at this time. Go back to the week and look again.
the-other-event = The other one
organizer = Organiser
booked-at = Booked
series = Series
is-series = One date of a series
is-single = A single event
uid = UID
back-to-week = Back to the week
kept = Kept
is-protected = It is protected.
is-prioritised = It is prioritised.
is-prioritised-otherwise = It is prioritised by its name or its organiser.
for-all-dates = That is so for all dates of this series.
delete-protected = It is protected. That keeps runs from it, not this button.
keep-it = Keep it
protect = Protect it
unprotect = Do not protect it any more
decided-everywhere = It is so for all calendars, and is taken back there:
protect-text = A protected event is never removed, whoever else wants the room.
prioritise = Prioritise it
unprioritise = Do not prioritise it any more
prioritise-text = A prioritised event wins against those that are not, whoever was first.
delete-it = Delete it
delete-text = It goes out of the calendar, and no mail is sent. It is kept in the history, from where an administrator can put it back.
delete-series-text = The whole series goes, with all its dates, and no mail is sent. It is kept in the history, from where an administrator can put it back.
delete-open = Delete …
delete-event = Delete this event
delete-series = Delete the whole series
done-event-deleted = The event is deleted. The history has it, should it be missed.

## Booking

book-title = Book the room
book-button = Book
event-name = What for
starts = Begins
ends = Ends
whole-days = Whole days
whole-days-hint = Only the dates count then, both of them inclusive.
organizer-hint = Who is told if something happens to it. Left empty, it is you.
description = Description
repeat = Repeats
repeat-never = Not at all
repeat-daily = Every day
repeat-weekly = Every week
repeat-monthly = Every month
repeat-every = Every
repeat-every-hint = 2 is every second day, week or month.
repeat-days = On
repeat-until = Until
not-among-weekdays = must be on one of the chosen weekdays
in-past = Book it in the past
in-past-error = This time is over. Tick this box to book it all the same.
repeat-times = Number of dates
repeat-times-hint = Left empty, a series has no end.
only-if-free = Only if the room is free
only-if-free-hint = Otherwise it is booked beside what is there, and the next run decides.
room-taken = The room is taken, so nothing was booked. In the way are:
done-booked = Booked.

## Pending removals
pending-title = Pending removals
pending-lead = These bookings overlap a stronger one. Their organizers have been warned, and they are removed when the time is over, unless somebody moves or cancels, or you decide otherwise.
pending-empty = Nothing is pending
pending-empty-text = Calendars that warn list here what they are going to remove.
pending-winner = Has the room
# $at (text)
pending-at = will be removed { $at }
pending-kept = kept
pending-now = is being removed
pending-asked = organizer asks for a decision
pending-nobody = nobody can be warned
pending-unsent = the warning is on its way
pending-keep = Keep
pending-remove = Remove now

## Changing an event

change-it = Change
change-title = Change event
change-scope = Applies to
change-this-date = This date
change-all-dates = All dates of the series
change-scope-hint = For all dates, the series moves by the same number of days and hours as this date. Dates that were changed or cancelled on their own stay as they are.
save-changes = Save changes
change-in-past = Save it in the past
change-in-past-hint = The event would begin at a time that is over.
change-in-past-error = The event would begin in the past. If you mean it, tick “Save it in the past”.
cancel-date-title = Cancel this date
cancel-date-text = The other dates of the series stay. No email is sent. The date is kept in the history, from where an administrator can restore it.
cancel-date = Cancel this date
done-event-changed = Event changed.
done-event-unchanged = Nothing was changed.
done-date-cancelled = The date is cancelled. It is kept in the history.
