### Texts of all pages, and errors.

## Everywhere

product = Room Booking
skip = Skip to content
main-navigation = Main
nav-start = Day
nav-calendars = Calendars
nav-history = History
nav-people = People
nav-keys = API keys
nav-mail = Email
nav-account = Account
sign-out = Sign out
# $user (text)
signed-in-as = Signed in as { $user }
optional = optional
save = Save
back-to-start = Go to the start page
# $zone (text)
times-in = Times in { $zone }
add = Add
remove = Remove
cancel = Cancel
search = Search
filter = Filter
go = Go
look = View
today = Today
never = never
not-known = unknown
unnamed = (no name)
private-event = Private
# $shown (number)
# $total (number)
shown-of = { $shown } of { $total } shown.
further-pages = More pages
page-before = ← Previous
page-newest = ← Newest
page-next = Next →
no-match = No results
no-match-text = Change or remove the filters.
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
whole-number = must be a whole number within the allowed range
no-date = must be a date
choose-one = Type: select one from the list.
all-calendars = All calendars
nobody-known = unknown
nobody-told = Nobody
done-saved = Saved.

## Names of fields

field-name = Name
field-file = File
field-collection = Calendar on the server

## Errors

not-found = Not found
nothing-here = There is no page at this address.
not-found-advice = The link may be outdated, or the item was removed. Go to the start page.
forbidden = Administrators only
forbidden-advice = Ask an administrator to do this, or to make you an administrator.
stale = This form has expired
stale-advice = It was opened too long ago, somebody has signed in or out in this browser since, or it comes from another site. Nothing was changed. Go back, reload the page and submit the form again.
invalid = There is a problem
invalid-advice = Nothing was changed. Go back and correct it.
conflict = Changed in the meantime
conflict-advice = Nothing was changed. Go back, reload the page and check the current state.
impossible = This is not possible
impossible-advice = Nothing was changed.
sent-already = This form was already submitted. The new item is in the list; its secret was shown only once. To create another one, open the form again.
copied = Copied
back = Back
too-many = Too many attempts
too-many-advice = This limit prevents strangers from guessing passwords. There is no problem with your account.
# $seconds (number)
wait-seconds = Wait { $seconds } seconds, then try again.
too-large = Too large
too-large-advice = Nothing was changed. A file can have up to 32 MB, and its upload must finish within 30 seconds.
busy = Temporarily not available
busy-advice = Wait a moment, then try again.
full = The server’s disk is full
full-advice = Nothing was saved. Ask an administrator to free space on the disk that holds the database, then try again.
server = CalDAV request failed
server-advice = Nothing was changed. Administrators: use the connection test in the settings of the calendar to see what to fix. Other users: tell an administrator.
server-looking = Administrators: use the connection test in the settings of the calendar to see what to fix. Other users: tell an administrator.
internal = Something went wrong on the server
internal-advice = Your request was not completed. The server’s log has the details.
