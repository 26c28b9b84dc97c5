### Priority tokens.

## Priority tokens

tokens-title = Priority tokens
tokens-lead = A token is a text that nobody can guess. Give it to a person who may have the room: an event with the token in its description has priority at the times that it has then.
no-tokens = No tokens yet
no-tokens-text = Create one for a person or an occasion.
token-col = Token
token-label = Label
token-label-hint = Who gets the token, or what it is for, such as Board, spring. The label is shown here and in warnings.
token-events = Number of events
token-events-hint = A series counts as one event.
# $used (number)
# $total (number)
token-used = { $used } of { $total } events
token-expiry-hint = The last day on which an event can use the token for the first time. Events that already use it keep their priority. If empty, the token does not expire.
token-ties = If it meets another prioritised event
token-ties-keep = Keep both, and report the conflict
token-ties-rank = Remove the one that has held the time for less long
token-calendars = For calendars
token-calendars-hint = None selected: all calendars, also those that you add later.
# $calendars (text)
token-only = only { $calendars }
token-valid = Valid
token-is-used-up = Used up
# $when (text)
token-until = Valid until { $when }
# $when (text)
token-expired = Expired { $when }
add-token = Create token
add-token-button = Create token
token-made = Token created
token-made-lead = Give it to the person who may have the room. It is not shown again, neither on pages nor in emails.
token-made-use = It counts if it is in the description of an event, with only spaces or punctuation around it.
to-tokens = Go to all tokens
bindings-title = Events with this token
bindings-lead = A token is bound to the times that an event has when it is first seen. If the event is moved, it has no priority at its new times until you renew the binding.
no-bindings = No event uses this token
no-bindings-text = An event appears here as soon as Room Booking sees the token in it.
binding-event = Event
binding-times = Times with priority
# $first (text)
# $more (number)
binding-more = { $first } and { $more } more
# $first (text)
binding-endless = { $first } and so on
binding-gone = no longer in the calendar
binding-bound = Bound
binding-suspended = Suspended: the event was deleted
binding-used-up = Not bound: used up by other events
binding-removed = Removed
renew-binding = Renew binding
remove-binding = Remove binding
remove-token = Remove token
# $count (number)
remove-token-text = Events that use the token lose their priority: { $count }. The events themselves are kept.
remove-token-open = Remove …
done-token-removed = Token removed.
done-binding-removed = Binding removed. The event does not get its priority back when it is edited.
done-binding-renewed = Binding renewed. The event has priority at its current times.
audit-token-added = priority token created
audit-token-removed = priority token removed
audit-binding-removed = token binding removed
audit-binding-renewed = token binding renewed
audit-bound-events = Bound events
audit-event-uid = UID of the event
