### What operations say to people: errors, refusals, findings and warnings. The API and the command line
### print them in English. A message that the site words otherwise has that wording as `.site`.

# What another layer has worded: errors of the protocols, of iCalendar and of the template engine, a
# server's own words. It is the same in every language, because people search for it.
# $words (text)
quoted = { $words }

## What is wrong with a value, behind its name

address-form = must be an email address such as ann@example.org
cursor-form = is not a cursor from an earlier response
date-and-time = must be a date if the start is one, and a date-time if the start is one
# $least (number)
# $most (number)
days-between = must be { $least } to { $most } days
description-controls = must not hold control characters but line breaks and tabs
description-too-long = must have at most 8,000 characters
end-after-start = must be after the start
end-day-after-start = must be after the start; an event of one day ends on the day after
end-too-late = must be at most 366 days after the start
event-name-controls = must not hold control characters, such as line breaks
event-name-too-long = must have at most 255 characters
answers-by-server = cannot be switched on: the calendar server answers invitations for this room itself
answers-need-address = needs the room's own email address
answers-need-server = is only for calendars on CalDAV servers
# $least (number)
# $most (number)
events-between = must be { $least } to { $most } events
expiry-past = must be in the future
# $least (number)
# $most (number)
minutes-between = must be { $least } to { $most } minutes
must-not-be-empty = must not be empty
name-form = must have 1 to 100 characters, none of them a control
template-language-unknown = must be English, German or French
# $most (number)
greeting-form = must be one line of at most { $most } characters
# $lines (number)
# $most (number)
signature-form = must have at most { $lines } lines and { $most } characters
logo-form = must be a PNG or JPEG picture
# $most (number)
logo-too-large = must be at most { $most } KiB
nothing-to-fetch = is built in: there is nothing to fetch
# $least (number)
# $most (number)
objects-between = must be { $least } to { $most } objects
password-too-long = must have at most 1,000 bytes
code-wrong = is wrong or was already used
password-common = is easily guessed: it is common, or made of common words, names, dates or keys that are side by side; use a few random words in a row
password-own = is easily guessed by those who know the user's name or address; use a few random words in a row
# $least (number)
password-too-short = must have at least { $least } characters
searches-busy = too many rooms are being searched; try again in a moment
passwords-busy = too many passwords are being checked; try again in a moment
present-password-wrong = is not your current password
priority-form = must be an email address, or a domain such as @example.org
request-key-length = must have 1 to 255 characters
request-key-used = was used for another request in the last 24 hours
rights-missing = must be at least one
rule-controls = must not hold control characters
# $reason (message)
rule-too-far = cannot be expanded as far as the horizon: { $reason }
# $most (number)
rule-too-often = has more than { $most } occurrences as far as the horizon; book fewer at once
rule-too-long = must have at most 500 characters
# $reason (message)
rule-wrong = { $reason } (RFC 5545 section 3.3.10)
# $least (number)
# $most (number)
seconds-between = must be { $least } to { $most } seconds
slug-form = must be 1 to 63 of a-z, 0-9 and -, and not begin with -, such as meeting-room-1
# $names (text)
slug-reserved = must be none of { $names }
slug-taken = is already used by another calendar, or the calendar on the server was already added
# $calendar (name)
stands-behind = is already used by the calendar { $calendar }
# $fault (message)
# $sample (name)
template-fault-on-sample = { $fault } (on the sample { $sample })
template-name-brought = is the name of a built-in template; use another name
template-gone = was deleted meanwhile; choose another
template-name-taken = is already used by another template
repeated-time = this local time occurs twice on that day, because the clocks go back; a series takes place at the first of the two
skipped-time = this local time does not exist on that day, because the clocks go forward; the first date of a series must have times that exist
priority-words = must have a letter or a digit
time-form = must be a date-time such as 2026-03-02T12:00:00+01:00 or 2026-03-02T12:00, or, for an all-day event, a date such as 2026-03-02
user-name-taken = is already used by another user
years-between = must lie between the years 1970 and 2200
watch-needs-server = is only for calendars on CalDAV servers
zone-form = must be an IANA time zone such as Europe/Berlin
entry-of-other-calendar = must name entries of the calendars to be cleared only

## What is not there

link-over = the link is invalid, was already used, or has expired
# $account (text)
no-account = there is no server account { $account }
# $calendar (name)
no-calendar = there is no calendar { $calendar }
# $calendar (name)
no-calendar-listed = there is no calendar { $calendar }; `room-booking calendar list` shows them
    .site = there is no calendar { $calendar }
# $calendar (name)
no-calendar-of-yours = there is no calendar { $calendar } that you may use
# $calendar (name)
# $uid (name)
no-event = calendar { $calendar } holds no event with the id { $uid }
# $line (text)
no-history-line = the history has no line { $line }
# $key (text)
no-key = there is no key { $key } that is not revoked
# $key (text)
no-suspended-key = there is no key { $key } that was suspended with its user
# $id (text)
no-message = the outbox has no message { $id }
# $sample (name)
# $samples (text)
no-sample = there is no sample { $sample }; there are { $samples }
# $template (name)
no-template = there is no template { $template }
# $token (text)
no-token = there is no priority token { $token }
# $binding (text)
no-token-binding = there is no token binding { $binding }
no-user = there is no such user
# $user (name)
no-user-named = there is no user { $user }
# $calendar (name)
# $user (name)
not-assigned = calendar { $calendar } is not assigned to { $user }
# $calendar (message)
# $name (name)
name-not-prioritised = { $calendar }: no name { $name } is prioritised
# $calendar (message)
# $uid (name)
not-protected = { $calendar }: no event { $uid } is protected
# $calendar (message)
# $organizer (name)
organizer-not-prioritised = { $calendar }: no organizer { $organizer } is prioritised
# $calendar (message)
# $uid (name)
uid-not-prioritised = { $calendar }: no uid { $uid } is prioritised
all-calendars = all calendars

## Why an entry is not done

entry-changed = the event, what it overlaps, or a setting has changed since

## What cannot be changed

# $reason (message)
cannot-change = the event cannot be changed: { $reason }
# $uid (name)
no-occurrence = the event { $uid } has no occurrence at that start
nothing-to-change = must have at least one of name, start, end, description
others-would-change = this change cannot be written without changing other occurrences of the series; change the whole series, or cancel this occurrence and book a new event
only-organizer = Only the organizer can change this event
other-version = the event has changed since: read it again
series-keeps-kind = must be a date for a series of whole days, and a date-time for any other series
start-off-rule = must be on a day on which the series repeats. To move it to another weekday, move this date alone, or cancel this and the following dates and book a new series

## What the caller may not do

confirm-administrators = only an administrator can lift the safety limit; nothing was cleared
private-event = the event is private: its iCalendar object is for its organizer, its author and administrators

## What is not as it would have to be

account-used = the account is used by calendars; remove them first
binding-holds-nothing = the event does not take the room at any time from now on, so there is nothing to bind the token to
changed-all-the-while = the event is being changed by others; try again
changed-meanwhile = it was changed meanwhile
changed-since = the event was changed by somebody else since; restoring it would overwrite that change. `history show --ics` prints it as it was
    .site = the event was changed by somebody else since; restoring it would overwrite that change. It is shown below as it was
date-gone = the series was changed since and no longer has this date, so it cannot be restored. `history show --ics` prints the series as it was
    .site = the series was changed since and no longer has this date, so it cannot be restored. It is shown below as it was
date-takes-place = the series was changed since, and this date takes place in it: there is nothing to restore
database-full = the database is full and nothing was saved: free space on the disk that holds it, then try again
database-failed = the database failed; the log of the server says how
database-unavailable = the database is busy or does not answer; try again
internal-error = an internal error; the log of the server says more
secret-key-was-changed = SECRET_KEY was changed with `room-booking secret rotate` since this process started; give this server the new key and start it again
secret-key-wrong = SECRET_KEY is not the one of this database: its secrets cannot be decrypted, and none is stored; `room-booking doctor` says what to do
secret-unreadable = a stored secret cannot be decrypted: SECRET_KEY, or the key file, is another one, or its row was changed by something other than this program
decision-too-old = the server took so long that the decision is too old by now; nothing was changed; try again
division-unfinished = this series is being divided, or was put together again, and the calendar server has not carried out the last step yet: its dates stand twice and none of them is removed. Try again in 16 minutes. If it stays so, delete one of the two events by hand
earlier-change-unknown = an earlier change of this event is in doubt: the calendar server has not answered and may still carry it out; this is known after 16 minutes at most, try again then
gone-again = the event is gone again
last-administrator = no administrator would be left; make somebody else one first
# $calendar (text)
import-on-server = the events of { $calendar } are on a calendar server; import them there
    .site = Only built-in calendars accept files. Import the file on the calendar server.
# $id (text)
# $reason (message)
message-does-not-go = message { $id } cannot be sent: { $reason }
# $id (text)
# $state (text)
message-is = message { $id } is { $state }
# $id (text)
message-is-being-sent = message { $id } is being sent
# $id (text)
message-is-discarded = message { $id } is discarded
# $id (text)
message-is-gathered = message { $id } is gathered
    .site = message { $id } waits for the next one about the series
# $id (text)
message-is-held = message { $id } is held; use `outbox release` to send it
    .site = message { $id } is held; release it to send it
# $id (text)
message-is-joined = message { $id } is joined
    .site = message { $id } was sent with another one
# $id (text)
message-is-not-held = message { $id } is not held
# $id (text)
message-is-sent = message { $id } is sent
no-mail-server = there is no mail server; set SMTP_SERVER and SMTP_EMAIL
# $reason (message)
not-kept-out = what was removed later cannot be kept out: { $reason }
nothing-would-remain = nothing would remain of it
other-events-in-object = other events stand in the same calendar object resource
# $most (number)
key-had-enough-events = this key has created { $most } events today (UTC), which is its limit
answers-stay = the room's answer is not taken back; decline the invitation in the calendar
restored-already = it was already restored
# $line (text)
removed-later = the whole event was removed or replaced later; restore line { $line } of the history first
same-id-there = another event with the same id is in the calendar by now
saved-meanwhile = somebody else has saved other values meanwhile
    .site = Somebody else has saved other values since you opened this page. Your values are below and are not saved yet; saving them overwrites the others. The history of settings shows what was changed.
template-brought = the template is built-in and cannot be removed
# $calendars (text)
template-used = the template is used by calendars: { $calendars }
# $token (name)
token-has-no-use-left = the priority token { $token } is used up by other events; remove one of its bindings first, or make another token
key-user-not-active = the user of the key is deactivated; activate the user first
user-not-active = the user is deactivated, so no link would work; activate the user first
no-second-factor = the user has no second factor
directory-unavailable = the directory does not answer at the moment; try again in a few minutes
no-identity = the user has no such sign-in
room-taken = the room is taken at that time

## What takes too long

# $fetched (number)
# $total (number)
first-fetch = the calendar is being fetched for the first time: { $fetched } of { $total } objects are here; try again later
first-fetch-begun = the calendar is being fetched for the first time; try again later
# $seconds (number)
held-by-another-run = another run has held the calendar for { $seconds } seconds; try again later
lease-lost = the calendar was held for too long without a sign of life, and may be another run's by now; what was not done yet is left to the next run
server-stopped = the server was stopped before the run on the calendar had ended; what was not done yet is left to the next run
others-book = others have been booking in the calendar for a minute; try again
others-fetch = other servers are bringing the calendar up to date; try again

## What was read, but perhaps not as it was meant

# $created (moment)
# $not-seen (moment)
created-refuted = CREATED is { $created }, but the event was not in the calendar when it was read at { $not-seen }; the event counts from when it was first seen
line-ends-converted = the lines of the file end in CR alone; it was read as if they ended in CRLF
not-utf-8 = it has bytes that are not UTF-8; they are kept as they are and shown as U+FFFD
# $count (number)
# $starts (list)
several-masters = { $count } events have this UID and no RECURRENCE-ID; only the one with the highest SEQUENCE counts, or the last of these, and not those that start at { $starts }
a-status-is-unknown = its STATUS is not defined for events (RFC 5545 section 3.8.1.11), so the event counts as taking place
a-zone-is-assumed = its time zone is unknown, so its times are read in the calendar's own
a-token-used-up = its priority token is used up by other events, so it does not prioritise this one
# $token (name)
token-used-up = its priority token { $token } is used up by other events, so it does not prioritise this one
# $status (name)
unknown-status = STATUS { $status } is not defined for events (RFC 5545 section 3.8.1.11), so the event counts as taking place
utf-16-converted = the file is encoded in UTF-16; it was converted to UTF-8
# $tzid (name)
# $zone (text)
zone-assumed = the time zone { $tzid } is unknown, so its times are read in the calendar's time zone { $zone }

## Why nobody is told, and what became of a message

# $fault (message)
address-is = the address { $fault }
# $most (number)
address-gets-no-more = an address gets at most { $most } messages in 24 hours
# $count (number)
address-had-enough = the address had { $count } messages in 24 hours
announced-already = the same was announced less than 7 days ago
calendar-has-no-template = the calendar has no template
calendar-has-no-template-any-more = the calendar has no template any more
# $user (message)
discarded-by = { $user } discarded it
# $domain (text)
domain-not-allowed = mail to { $domain } is not allowed: MAIL_DOMAINS does not name it
# $who (text)
# $count (number)
held-of-user = { $who } has caused { $count } messages to other domains in 24 hours
# $count (number)
held-in-all = { $count } messages went to other domains in 24 hours
held-after-restore = it was waiting in a backup that was restored, and may have been sent since
no-webhooks = no webhook is set: WEBHOOK_URLS
webhook-gone = the receiver wants no more of them (410)
# $status (number)
# $words (text)
webhook-refused = the receiver answered { $status }: { $words }
# $reason (text)
webhook-no-answer = no answer: { $reason }
webhook-is-sent = the receiver has it already, or it is being sent
# $id (number)
no-webhook = there is no webhook { $id }
# $words (message)
given-up = given up after two days: { $words }
# $reason (text)
mail-data-fault = its data: { $reason }
kind-not-announced = the calendar does not announce this kind
nobody-known = nobody is known who could be told
renders-to-nothing = its template renders to nothing
# $template (name)
# $reason (message)
template-failed = the template { $template } failed ({ $reason }), so the program's own was sent
# $template (name)
# $variable (text)
template-silent = the template { $template } does not use { $variable }, so the program's own was sent
recipient-hidden = the reason would name the organizer of a private event
# $address (text)
waits-for-mail-server = no mail server is set, so the message to { $address } waits
event-was-restored = the event was restored
event-removed-again = the event was removed again
copies-follow = blind copies follow, without the links
confirmation-closed = no confirmation is needed any more
offer-has-ended = the offer has ended
warning-has-ended = the warning has ended
# $at (moment)
pending-until = it will be removed on { $at }, unless something changes
pending-not-told = it will be removed once its organizer or the contact address has been warned, and the grace is over
# $line (text)
no-pending = there is no pending removal { $line }
# $target (text)
# $room (text)
moved-and-there = the booking is in { $target } now, but it was changed in { $room } at the same time; delete it there
mail-link-unknown = this link is not known; copy the whole address from the message
mail-link-used = this link has been used already; each works once
mail-link-over = this link has expired: the booking has begun, or the time to answer is over
mail-link-stale = the booking is not the same any more as when the message was written; nothing was changed
# $least (number)
# $most (number)
hours-between = must be { $least } to { $most } hours
# $least (number)
# $most (number)
seats-between = must be { $least } to { $most } seats
# $most (number)
room-text-too-long = must have at most { $most } characters, and no control characters
# $most (number)
features-form = must be words of a-z, 0-9 and -, of at most { $most } characters each
# $most (number)
too-many-features = must be at most { $most }
too-old-to-send = it could not be sent for 7 days; `outbox retry` sends it all the same
    .site = it could not be sent for 7 days; “Try again” sends it all the same

## What goes wrong between the program and the mail server; what the server itself says is quoted

# $server (text)
# $fault (message)
smtp-not-connected = { $server }: { $fault }
# $seconds (number)
smtp-no-answer = the server did not answer within { $seconds } seconds
# $seconds (number)
smtp-no-answer-to-message = no answer to the message within { $seconds } seconds
smtp-host-is-no-name = the host is no name
# $file (text)
# $fault (message)
smtp-ca-file = { $file }: { $fault }
smtp-ca-file-empty = there is no certificate in it
# $said (text)
smtp-ca-file-unusable = a certificate in it cannot be read: { $said }
# $address (text)
sender-no-address = the sender’s address “{ $address }” is not an email address
# $address (text)
recipient-no-address = the recipient’s address “{ $address }” is not an email address
# $address (text)
blind-copy-no-address = the blind copy’s address “{ $address }” is not an email address
# $address (text)
reply-no-address = the reply’s address “{ $address }” is not an email address
smtp-no-starttls = the server offers no STARTTLS, and nothing is sent without
smtp-no-sign-in = the server offers no way to sign in that is known (PLAIN, LOGIN)
smtp-no-utf8-addresses = the server does not take addresses beyond ASCII (SMTPUTF8)
# $address (text)
# $fault (message)
smtp-no-copy = no blind copy to { $address }: { $fault }
smtp-no-copy-left = no blind copy is left to be sent

## What is said of several at once

# $field (text)
# $fault (message)
field-fault = { $field } { $fault }
# $first (message)
# $rest (message)
both = { $first }; { $rest }

## Who did something

command-line = the command line

## Why a text is no iCalendar file, and why an object cannot be edited

no-calendar-cr = its lines end in CR alone; iCalendar lines end in CRLF
no-calendar-empty = it is empty
no-calendar-indented = its lines are indented, and in iCalendar a line that begins with a blank continues the one before; remove the blanks
no-calendar-other = it is no iCalendar file: its first line is not BEGIN:VCALENDAR
no-calendar-utf16 = it is encoded in UTF-16; iCalendar is UTF-8
no-calendar-utf32 = it is encoded in UTF-32; iCalendar is UTF-8
# $when (moment)
edit-no-date = the event has no occurrence at { $when }
edit-off-the-rule = the rule of the series gives no occurrence at that start
edit-other-kind = a series of whole days cannot become one of times, nor the other way round
edit-changes-others = it cannot be written without changing other occurrences
