### Templates and messages.

## Mail

done-template-deleted = The template is deleted.
done-message-released = The message is released.
done-message-retried = The message is tried again.
done-pending-kept = The event is kept.
done-pending-removed = The event is being removed.
done-message-discarded = The message is discarded.
templates-title = Templates
templates-lead = What the mails say that people get when a run has taken something out.
new-template = New template
template-name = Name
template-subject = Subject
template-text = Text
template-html = HTML
template-html-hint = For mail programs that show it. Left empty, the mail is plain text.
template-used-by = Calendars that have it
# $count (number)
template-used-by-many = { $count } calendars
template-unused = none
template-not-saved = It is not saved yet: something in it is wrong.
brought = comes with the program
brought-text = This one comes with the program and is kept up to date with it. To change it, make a copy.
make-a-copy = Make a copy
copy = Copy
# $name (text)
copy-of = Copy of { $name }
no-such-template = There is no such template.
delete-template = Delete the template
sample-label = Try it on
show-preview = Show the preview
preview-of-mail = Preview
renders-to-nothing = Nothing is left of it in this case, so no mail would be sent.
send-test = Send a test to me
send-test-hint = A test message goes to your own address only.
# $address (text)
test-sent = A test message is on its way to { $address }.
test-no-address = You have no mail address yet. An administrator sets it under People.
# $reason (text)
test-failed = The test message could not be sent: { $reason }
variables-title = What can be put in
variables-lead = In double braces, such as {"{{"} name {"}}"}. Conditions and loops are Jinja2’s: {"{"}% if is_recurring %{"}"} … {"{"}% endif %{"}"}.
variable-name = What the event is called.
variable-times = When it begins and ends. They can be formatted: {"{{"} start.strftime('%d %B %Y, %H:%M') {"}}"}.
variable-created = When it was booked. It may be unknown.
variable-organizer = The mail address of whoever booked it.
variable-is-deleted = It was deleted.
variable-is-cancelled = It was cancelled: one date by this run, or all of it by its organiser before.
variable-is-recurring = It is a date of a series.
variable-is-private = Its name is hidden from the recipient of the message; name is Private then.
variable-is-prioritized = It is prioritised (is_prioritized is the same).
variable-is-deprioritized = It lost to a prioritised event although it was booked first.
variable-is-restored = It was restored.
variable-is-ignored = It was left alone, and why.
variable-is-warning = It will be removed, and when.
variable-is-warning-ended = It will not be removed after all, and why.
variable-is-winner = Of a warning: the recipient's event is the one that stays.
variable-is-offer = Its room is free again, and until when the recipient can take it.
variable-links = What the recipient can do without signing in: give_up, ask, restore and all_dates are addresses or none; move is a list, each with room and url.
variable-free-rooms = Rooms that are free for the whole time. Each has name and url, which may be none.
variable-contact = The calendar's contact address. It may be none.
variable-time-zone = The name of the calendar's time zone.
variable-because = Why the recipient's own event is the stronger one: as for overlap_events. Only where two prioritised events are kept and both sides get a message, else none.
variable-overlap-events = The events that keep the room. Each has name, start, end, created, organizer, is_priorized, and because: rule, winner_since, loser_since and witnessed, or none.
variable-occurrences = All dates of the series that this run took out. Each has start, end, overlap_events.
variable-calendar-name = The name of the room.
outbox-title = Outbox
outbox-empty = No message has been written yet
outbox-empty-text = When a run takes something out of a calendar that has a template, the message stands here.
col-to = To
col-about = About
about-removed = Something was removed
about-kept = An overlap was kept
about-restored = An event was restored
about-confirmation = A run waits for a confirmation
about-fails = A calendar fails
about-works = A calendar works again
about-warning = An event will be removed
about-offer = An hour that is free again
about-warning-ended = A warning has ended
about-conflicts = Conflicts are reported
about-held = Messages are held
about-monthly-report = The report of a month
# $who (text)
caused-by = caused by { $who }
# $who (text)
# $key (text)
caused-by-key = caused by { $who } with the key { $key }
# $when (text)
next-try = next try { $when }
waits-for-mail-server = as soon as a mail server is set
retry = Try again
release = Release
discard = Discard
mail-waiting = waits to be sent
mail-gathered = kept for the next message about the series
mail-joined = went with another message
mail-held = held: release or discard it
mail-over-limit = not sent: the address had enough that day
mail-refused = not sent: the address may not be written to
mail-sent = sent
mail-failed = failed
mail-discarded = discarded
webhooks-title = Webhooks
webhooks-none = No address is set. Set WEBHOOK_URLS and WEBHOOK_SECRET where the server is started.
webhooks-to = Webhooks go to:
webhooks-empty = No webhook has been written yet
webhooks-empty-text = When something is removed, restored, warned about or fails, the webhook stands here.
webhook-send-test = Send test webhook
webhook-released = A room was given up
webhook-test = Test
webhook-held = held: it was waiting in a backup that was restored
webhook-sent = received
webhook-not-set = an address that is set no more
webhook-payload = Content
# $count (number)
webhook-attempts =
    { $count ->
        [one] one attempt
       *[other] { $count } attempts
    }
done-webhook-test = The test is sent.
done-webhook-retried = The webhook is sent again.
done-webhook-discarded = The webhook is discarded.

## Samples of what a mail tells

sample-cancelled-leftover = Cancelled leftover
sample-cancelled-occurrence = Cancelled occurrence
sample-cancelled-series = Cancelled series left over
sample-creation-not-known = Creation not known
sample-deleted = Deleted
sample-deprioritised = Deprioritised
sample-hostile-name = Hostile name
sample-kept = Kept
sample-kept-in-series = Kept, in a series
sample-many-occurrences = Many occurrences
sample-nobody-known = No organizer, no name
sample-prioritised-winner = Prioritised winner
sample-restored = Restored
sample-restored-in-series = Restored into a series
sample-seen = Order seen by the program
sample-created-earlier = Created earlier
sample-by-id = Equally old
sample-private-winner = Private winner
sample-several-occurrences = Several occurrences
sample-several-overlaps = Several overlaps
sample-warning = warning
sample-warning-of-dates = warning: several dates
sample-warning-to-winner = warning: to the one that stays
sample-warning-gone = warning ended: moved or cancelled
sample-warning-kept = warning ended: kept
sample-warning-settled = warning ended: to the one that stays
sample-offer = Offer: the room is free again
sample-offer-of-dates = Offer: dates of a series
sample-listed-dates = 52 dates, with a link to the list
sample-free-rooms = Deleted, and other rooms are free
sample-whole-days = Whole days
sample-whole-series = Whole series deleted
sample-restored-called-off = Restored, but called off
sample-kept-stronger = Left alone, both prioritised, and the recipient's is the stronger
sample-left-prioritised = Left alone, both prioritised
