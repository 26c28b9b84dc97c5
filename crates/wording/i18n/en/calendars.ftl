### The start page and the list of calendars.

## Start

tasks-title = Needs attention
no-tasks = Nothing. All rooms are as they should be.
no-tasks-yet = Nothing yet.
# $count (number)
all-of-them = All { $count } of them
task-failing = These calendars cannot be reached
task-confirm = Runs that wait for a confirmation
task-conflicts = Double bookings that are still there
task-new = Rooms that nobody has looked at yet: see what would go
task-mail = Mail
# $count (number)
task-failed-messages = { $count } messages could not be delivered
# $count (number)
task-pending-count =
    { $count ->
        [one] 1 booking will be removed
       *[other] { $count } bookings will be removed
    }
# $count (number)
task-pending-untold = of { $count } nobody has been warned yet
# $count (number)
task-pending-asked =
    { $count ->
        [one] one organizer asks for a decision
       *[other] { $count } organizers ask for a decision
    }
task-keys = API keys that end
task-no-mail-server = No mail server is set
task-no-mail-server-detail = Nobody is told what was removed. Set SMTP_SERVER and SMTP_EMAIL where the server is started, and start it again.
steps-title = Get started
steps-lead = What makes a new installation useful, in the order in which most people do it.
step-done = done
step-calendar = Add the first room
step-calendar-text = Each room is a calendar: kept here, or on the calendar server that you have.
step-schedule = Let it be cleared by itself
step-schedule-text = Look at what a clear would do, and when you trust it, give the calendar a schedule in its settings.
step-mail = Tell people what was removed
step-mail-text = Name a mail server where Room Booking is started, and see to it that the calendars have a template in their settings. Whoever booked what had to go gets a mail.
step-people = Invite a colleague
step-people-text = Somebody should be able to look after the rooms when you are away.
step-keys = Connect a door panel or a script
step-keys-text = Programs book and clear with an API key.

## Calendars

add-calendar = Add a calendar
no-calendars = No room is looked after yet
no-calendars-text = Add a calendar. It is kept here, or it is on a calendar server that you have.
no-calendars-of-yours = No calendar is assigned to you
no-calendars-of-yours-text = Ask an administrator to assign the rooms to you that you look after.
# $count (number)
calendars-in-all = Calendars: { $count }
search-calendars = Name of a room
filter-state = State
filter-all = All
filter-failing = Cannot be reached
filter-confirm = Wait for a confirmation
filter-conflicts = Have double bookings
filter-unscheduled = Have no schedule
col-calendar = Calendar
col-state = State
col-last = Last run
col-next = Next run
built-in = kept here
on-a-server = on a server
when-changed = when it changes
never-by-itself = not by itself
# $since (text)
state-fails = Fails since { $since }
# $fetched (number)
# $total (number)
state-fetching = Being fetched: { $fetched } of { $total }
# $count (number)
state-confirm = Waits for a confirmation: { $count } events
state-new = Not looked at yet
state-clear = No double bookings
# $count (number)
state-conflicts =
    { $count ->
        [one] 1 double booking
       *[other] { $count } double bookings
    }
# $count (number)
state-kept =
    { $count ->
        [one] 1 overlap left alone
       *[other] { $count } overlaps left alone
    }
# $when (text)
as-of = as of { $when }
new-built-in = A calendar that is kept here
new-built-in-text = Its events are in Room Booking’s own database. It needs nothing else.
new-built-in-button = Make the calendar
calendar-name = Name of the room
calendar-name-hint = As people know it, such as Meeting room 1.
calendar-slug = Name in addresses
calendar-slug-hint = Small letters, digits and -, such as meeting-room-1. Programs use it, and it stays. Left empty, it is made of the name.
calendar-zone = Time zone
done-calendar-added = The calendar is there. These are its settings.

## Calendar servers

new-on-server = A calendar on a server
new-on-server-text = Nextcloud, SOGo, Radicale or any other that speaks CalDAV. Its calendars are found by themselves.
servers-title = Calendar servers
servers-lead = Who signs in on which server. Sign in, and choose from the calendars that are found.
add-server = Sign in on a server
find-calendars = Find the calendars
server-address = Address
server-address-hint = What you know of it: cloud.example.org, the address in the browser, or a mail address.
server-user = User
app-password = Password
app-password-hint = On Nextcloud an app password: Settings, Security. It is stored encrypted.
server-sign-in = Kind of password
sign-in-password = User name and password
sign-in-token = Token
plain-http = Allow http without encryption to another machine
plain-http-hint = The password can be read on the way. Only within a network that you trust.
may-not-be-empty = must not be empty
server-not-found = That did not work
server-refused = the password is refused
no-server = There is no such account.
server-calendars = Calendars on the server
nothing-found = The account reaches no calendar
nothing-found-text = Share the room’s calendar with it on the server, with the right to change it.
takes-no-events = takes no events
may-be-changed = may be changed
read-only = may be read only
shared-in = shared with this account
is-here-already = is here already
take-on = Take the ticked ones on
server-password-text = If it was changed on the server. All calendars of this account are asked with it.
to-server = To the account
try-connection = Test the connection
try-again = Test again
connection-title = Connection test
connection-good = Everything works.
connection-lead = What works, and what to mend.
finding-good = works
finding-warning = worth a look
finding-bad = does not work
done-calendars-added = The calendars are there. Their events are being fetched.
done-server-password = The password is kept, and the server is asked with it from now on.
