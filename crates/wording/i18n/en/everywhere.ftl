### What stands on all pages, and errors.

## Everywhere

product = Room Booking
skip = Skip to the content
main-navigation = Main
nav-start = Day
nav-calendars = Calendars
nav-history = History
nav-people = People
nav-keys = API keys
nav-mail = Mail
nav-account = Account
sign-out = Sign out
# $user (text)
signed-in-as = Signed in as { $user }
optional = optional
save = Save
back-to-start = To the start page
# $zone (text)
times-in = Times in { $zone }
add = Add
remove = Remove
cancel = Cancel
search = Search
filter = Show
go = Go
look = Look
today = Today
never = never
not-known = not known
unnamed = (without a name)
private-event = Private
# $shown (number)
# $total (number)
shown-of = { $shown } of { $total } shown.
further-pages = Further pages
page-before = ← Back
page-newest = ← To the newest
page-next = Further →
no-match = Nothing matches
no-match-text = Choose other filters, or none.
just-now = just now
any-moment = any moment
# $minutes (number)
minutes-ago = { $minutes } min ago
# $minutes (number)
in-minutes = in { $minutes } min
# $hours (number)
hours-ago = { $hours } h ago
# $hours (number)
in-hours = in { $hours } h
seconds = seconds
minutes = minutes
hours = hours
days = days
dates = dates
events = events
# $field (text)
# $fault (text)
field-is-wrong = { $field }: { $fault }
# $from (text)
# $to (text)
from-to = { $from } to { $to }
whole-number = must be a whole number within its bounds
no-date = must be a date
choose-one = Choose one of the kinds.
all-calendars = All calendars
nobody-known = nobody is known
nobody-told = Nobody
done-saved = Saved.

## Names of fields

field-name = Name
field-file = File
field-collection = Calendar on the server

## Errors

not-found = There is nothing here
nothing-here = No page has this address.
not-found-advice = The link may be old, or what it led to was removed. The start page leads on.
forbidden = This is for administrators
forbidden-advice = Ask an administrator to do it, or to make you one.
stale = This form cannot be taken
stale-advice = It was opened a while ago, before somebody signed in or out in this browser, or it comes from another site. Nothing was changed. Go back, reload the page and send it again.
invalid = Something is not right yet
invalid-advice = Nothing was changed. Go back and mend it.
conflict = It has changed meanwhile
conflict-advice = Nothing was changed. Go back, reload the page and look at it as it is now.
impossible = That cannot be done
impossible-advice = Nothing was changed.
sent-already = This form was sent already. What it made is in the list; its secret was shown once only. Open the form again to make another one.
copied = Copied
back = Back
too-many = Too many tries
too-many-advice = This keeps strangers from guessing passwords. Nothing is wrong with your account.
# $seconds (number)
wait-seconds = Wait { $seconds } seconds and try again.
too-large = That is too large
too-large-advice = Nothing was changed. A file may have 32 MB, and it has to arrive within 30 seconds.
busy = Not just now
busy-advice = Wait a moment and try again.
full = The disk of the server is full
full-advice = Nothing was saved. Tell an administrator: the disk that holds the database needs free space. Then try again.
server = The calendar server does not do its part
server-advice = Nothing was changed. Administrators find a test in the calendar’s settings that says what to mend; others tell an administrator.
server-looking = Administrators find a test in the calendar’s settings that says what to mend; others tell an administrator.
internal = Something went wrong on the server
internal-advice = It is not your fault, and what you did was not done. The server’s log says what it was.
