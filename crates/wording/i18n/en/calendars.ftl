### The start page and the list of calendars.

## Start

tasks-title = Needs attention
no-tasks = Nothing. All rooms are in order.
no-tasks-yet = Nothing yet.
# $count (number)
all-of-them = Show all { $count }
task-failing = These calendars cannot be reached
task-confirm = Runs waiting for confirmation
task-conflicts = Unresolved double bookings
task-unfinished = Series that are partly changed: their dates stand twice
task-new = Rooms that have not been checked yet: open their preview
task-mail = Email
# $count (number)
task-failed-messages = { $count } messages could not be delivered
# $count (number)
task-pending-count =
    { $count ->
        [one] 1 booking will be removed
       *[other] { $count } bookings will be removed
    }
# $count (number)
task-pending-untold = { $count } without a warning so far
# $count (number)
task-pending-asked =
    { $count ->
        [one] one organizer asks for a decision
       *[other] { $count } organizers ask for a decision
    }
task-keys = API keys that expire soon
task-no-mail-server = No mail server is set up
task-no-mail-server-detail = Nobody is notified when a booking is removed. Set SMTP_SERVER and SMTP_EMAIL in the environment of the server, then restart it.
steps-title = Get started
steps-lead = Recommended steps for a new installation.
step-done = done
step-calendar = Add the first room
step-calendar-text = Each room is a calendar. It is built-in, or it is on your calendar server.
step-schedule = Clear automatically
step-schedule-text = Check in the preview what would be removed. Then set a schedule in the settings of the calendar.
step-mail = Notify people about removed bookings
step-mail-text = Set up a mail server for Room Booking, and select a template in the settings of each calendar. People whose bookings are removed then get an email.
step-people = Invite a colleague
step-people-text = Make sure that somebody can manage the rooms while you are away.
step-keys = Connect a door panel or a script
step-keys-text = Programs book rooms and clear calendars with an API key.

## Calendars

add-calendar = Add calendar
no-calendars = No rooms yet
no-calendars-text = Add a calendar. It can be built-in or on your calendar server.
no-calendars-of-yours = You have no access to any calendar
no-calendars-of-yours-text = Ask an administrator for access to the rooms that you manage.
# $count (number)
calendars-in-all = Calendars: { $count }
search-calendars = Room name
filter-state = State
filter-all = All
filter-failing = Cannot be reached
filter-confirm = Waiting for confirmation
filter-conflicts = With double bookings
filter-unscheduled = Without a schedule
col-calendar = Calendar
col-state = State
col-last = Last run
col-next = Next run
built-in = built-in
on-a-server = on your calendar server
when-changed = on changes
never-by-itself = no schedule
# $since (text)
state-fails = Failing since { $since }
# $fetched (number)
# $total (number)
state-fetching = Fetching events: { $fetched } of { $total }
# $count (number)
state-confirm = Waiting for confirmation: { $count } events
state-new = Not checked yet
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
        [one] 1 overlap kept
       *[other] { $count } overlaps kept
    }
# $when (text)
as-of = as of { $when }
new-built-in = Built-in calendar
new-built-in-text = Its events are stored in the database of Room Booking. You need no calendar server.
new-built-in-button = Create calendar
calendar-name = Room name
calendar-name-hint = The name that people know, such as Meeting room 1.
calendar-slug = Name in URLs
calendar-slug-hint = Lowercase letters, digits and hyphens, such as meeting-room-1. Programs use this name, and it cannot be changed later. If empty, it is derived from the room name.
calendar-zone = Time zone
done-calendar-added = Calendar added. Check its settings below.

## Calendar servers

new-on-server = Calendar on your calendar server
new-on-server-text = Nextcloud, SOGo, Radicale or another CalDAV server. Room Booking finds its calendars automatically.
servers-title = Calendar servers
servers-lead = Your accounts on calendar servers. Sign in to a server, then select the calendars to add.
add-server = Sign in to a server
find-calendars = Find calendars
server-address = Address
server-address-hint = The server name such as cloud.example.org, its address in the browser, or an email address.
server-user = User
app-password = Password
app-password-hint = On Nextcloud, use an app password (Settings, Security). It is stored encrypted.
server-sign-in = Sign-in method
sign-in-password = User name and password
sign-in-token = Token
plain-http = Allow unencrypted HTTP to another machine
plain-http-hint = Others on the network can read the password. Use this only on a network that you trust.
may-not-be-empty = must not be empty
server-not-found = Calendars not found
server-refused = password rejected
no-server = Account not found.
server-calendars = Calendars on the server
nothing-found = No calendars found
nothing-found-text = On the server, share the calendar of the room with this account, with the right to edit.
takes-no-events = does not accept events
may-be-changed = can be edited
read-only = read-only
shared-in = shared with this account
is-here-already = already added
take-on = Add selected calendars
server-password-text = Enter the new password if it was changed on the server. It is used for all calendars of this account.
to-server = Go to account
try-connection = Test connection
try-again = Test again
connection-title = Connection test
connection-good = Everything works.
connection-lead = What works, and what to fix.
finding-good = works
finding-warning = check this
finding-bad = does not work
done-calendars-added = Calendars added. Their events are being fetched.
done-server-password = Password saved. It is used from now on.
