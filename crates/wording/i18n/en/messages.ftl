### Templates and messages.

## Mail

done-template-deleted = Template removed.
done-message-released = Message released.
done-message-retried = The message is being sent again.
done-pending-kept = The event is kept.
done-pending-removed = The event is being removed.
done-message-discarded = Message discarded.
templates-title = Templates
templates-lead = The texts of the emails that people get when a run removes a booking.
new-template = New template
template-name = Name
template-subject = Subject
template-text = Text
template-html = HTML
template-html-hint = For email programs that show HTML. If empty, the email is plain text only.
template-used-by = Used by calendars
# $count (number)
template-used-by-many = { $count } calendars
template-unused = none
template-not-saved = Template not saved: it contains an error.
template-form = Form
template-source = Source
template-language = Language
in-english = English
in-german = German
in-french = French
template-tone = Tone
template-tone-hint = German and French address the reader with “Sie” and “vous”, or with “du” and “tu”.
tone-formal = Formal
tone-informal = Informal
template-greeting = Greeting
template-greeting-hint = If empty, the usual one of the language and tone.
template-signature = Signature
template-signature-hint = Stands above the line that names Room Booking.
template-parts = Parts of the message
part-dates = List of dates
part-links = Links to act without signing in
part-free-rooms = Other free rooms
part-decider = Who decides about the room
part-attachment = Calendar file of what was removed
replace-source = Replace the source
replace-source-hint = Somebody has written the source of this template. The form replaces it, and what was written is lost.
replace-source-error = Select this checkbox to replace the source.
source-of-form = The form makes this source. If you change it here and save it, it is yours: the form no longer knows it, and the words are not updated with Room Booking.
logo = Logo
logo-hint = PNG or JPEG, at most 64 KiB. Each message carries it, so email programs load nothing from elsewhere.
logo-in-source = In the HTML source, show it with
logo-missing = The source shows a logo, and this template has none. Choose one below, or remove it from the source.
logo-save = Save logo
logo-remove = Remove logo
done-logo-saved = Logo saved.
done-logo-removed = Logo removed.
brought = built-in
brought-text = This template is built-in and is updated with Room Booking. To change it, create a copy.
make-a-copy = Create copy
copy = Copy
# $name (text)
copy-of = Copy of { $name }
no-such-template = Template not found.
delete-template = Remove template
sample-label = Sample event
show-preview = Show preview
preview-of-mail = Preview
renders-to-nothing = The template is empty for this sample, so no email would be sent.
send-test = Send test email
send-test-hint = The test email is sent to your own address only.
# $address (text)
test-sent = The test email is being sent to { $address }.
test-no-address = You have no email address yet. An administrator can add it under People.
# $reason (text)
test-failed = The test email could not be sent: { $reason }
variables-title = Variables
variables-lead = Write variables in double braces, such as {"{{"} name {"}}"}. Conditions and loops use the syntax of Jinja2: {"{"}% if is_recurring %{"}"} … {"{"}% endif %{"}"}.
variable-name = The name of the event.
variable-times = Start and end of the event. You can format them: {"{{"} start.strftime('%d %B %Y, %H:%M') {"}}"}.
variable-created = When the event was booked. It may be unknown.
variable-organizer = The email address of the person who booked it.
variable-is-deleted = The event was deleted.
variable-is-cancelled = The event was cancelled: one date by this run, or the whole event by its organizer before.
variable-is-recurring = The event is a date of a series.
variable-is-private = The name of the event is hidden from the recipient of the message; name is then Private.
variable-is-prioritized = The event is prioritised (is_prioritized is the same).
variable-is-deprioritized = The event lost to a prioritised event, although it was booked first.
variable-is-restored = The event was restored.
variable-is-ignored = The event was kept, and why.
variable-is-warning = The event will be removed, and when.
variable-is-warning-ended = The event will not be removed after all, and why.
variable-is-winner = In a warning: the recipient’s event is the one that is kept.
variable-is-offer = The room is free again, and until when the recipient can restore the booking.
variable-links = What the recipient can do without signing in: give_up, ask, restore and all_dates are addresses or none; move is a list, each with room and url.
variable-free-rooms = Rooms that are free for the whole time. Each has name and url, which may be none.
variable-contact = The calendar's contact address. It may be none.
variable-time-zone = The name of the calendar's time zone.
variable-because = Why the recipient’s own event ranks higher: as for overlap_events. Only if two prioritised events are kept and both sides get a message, otherwise none.
variable-overlap-events = The events that keep the room. Each has name, start, end, created, organizer, is_priorized, and because: rule, winner_since, loser_since and witnessed, or none.
variable-occurrences = All dates of the series that this run removed. Each has start, end, overlap_events.
variable-calendar-name = The name of the room.
outbox-title = Outbox
outbox-empty = No messages yet
outbox-empty-text = Messages are listed here when a run removes something from a calendar that has a template.
col-to = To
col-about = About
about-removed = Something was removed
about-kept = An overlap was kept
about-restored = An event was restored
about-confirmation = A run is waiting for confirmation
about-fails = A calendar is failing
about-works = A calendar works again
about-warning = An event will be removed
about-offer = A room is free again
about-warning-ended = A warning has ended
about-conflicts = Conflicts were reported
about-held = Messages are held
about-monthly-report = Monthly report
# $who (text)
caused-by = caused by { $who }
# $who (text)
# $key (text)
caused-by-key = caused by { $who } with the key { $key }
# $when (text)
next-try = next attempt { $when }
waits-for-mail-server = when a mail server is set up
retry = Try again
release = Release
discard = Discard
mail-waiting = waiting to be sent
mail-gathered = waiting for the next message about the series
mail-joined = sent with another message
mail-held = held: release or discard it
mail-over-limit = not sent: daily limit of the address reached
mail-refused = not sent: address not allowed
mail-sent = sent
mail-failed = failed
mail-discarded = discarded
webhooks-title = Webhooks
webhooks-none = No webhook address is set. Set WEBHOOK_URLS and WEBHOOK_SECRET in the environment of the server.
webhooks-to = Webhooks are sent to:
webhooks-empty = No webhooks yet
webhooks-empty-text = Webhooks are listed here when something is removed, restored, warned about or fails.
webhook-send-test = Send test webhook
webhook-released = A room was given up
webhook-test = Test
webhook-held = held: it was waiting in a backup that was restored
webhook-sent = received
webhook-not-set = an address that is no longer set
webhook-payload = Content
# $count (number)
webhook-attempts =
    { $count ->
        [one] one attempt
       *[other] { $count } attempts
    }
done-webhook-test = The test webhook is being sent.
done-webhook-retried = The webhook is being sent again.
done-webhook-discarded = Webhook discarded.

## Samples of what a mail tells

sample-cancelled-leftover = Cancelled event
sample-cancelled-occurrence = Cancelled occurrence
sample-cancelled-series = Cancelled series
sample-creation-not-known = Creation time unknown
sample-deleted = Deleted
sample-deprioritised = Lost to a prioritised event
sample-hostile-name = Name with special characters
sample-kept = Kept
sample-kept-in-series = Kept, in a series
sample-many-occurrences = Many occurrences
sample-nobody-known = No organizer and no name
sample-prioritised-winner = Prioritised winner
sample-restored = Restored
sample-restored-in-series = Restored date of a series
sample-seen = Order recorded by Room Booking
sample-created-earlier = Created earlier
sample-by-id = Created at the same time
sample-private-winner = Private winner
sample-several-occurrences = Several occurrences
sample-several-overlaps = Several overlaps
sample-warning = Warning
sample-warning-of-dates = Warning: several dates
sample-warning-to-winner = Warning: to the organizer whose event is kept
sample-warning-gone = Warning ended: moved or cancelled
sample-warning-kept = Warning ended: kept
sample-warning-settled = Warning ended: to the organizer whose event is kept
sample-offer = Offer: the room is free again
sample-offer-of-dates = Offer: dates of a series
sample-listed-dates = 52 dates, with a link to the list
sample-free-rooms = Deleted, and other rooms are free
sample-whole-days = All day
sample-whole-series = Whole series deleted
sample-restored-called-off = Restored, but cancelled by its organizer
sample-kept-stronger = Kept, both prioritised, and the recipient’s event ranks higher
sample-left-prioritised = Kept, both prioritised
