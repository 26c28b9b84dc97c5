### Priority tokens.

## Priority tokens

tokens-title = Priority tokens
tokens-lead = A token is a text that nobody can guess. Hand it to a person who may have the room: whoever writes it into the description of an event has priority for the times that the event has then.
no-tokens = There are no tokens
no-tokens-text = Create one for a person or an occasion.
token-col = Token
token-label = Label
token-label-hint = Who gets it, or what it is for, such as Board, spring. It is shown here and in warnings.
token-events = Number of events
token-events-hint = A series counts as one event.
# $used (number)
# $total (number)
token-used = { $used } of { $total } events
token-expiry-hint = The last day on which an event can use it. Events that use it already keep their priority. Left empty, it does not expire.
token-ties = When it meets another prioritised event
token-ties-keep = Keep both, and report it
token-ties-rank = Remove the one that has held the hour for less time
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
add-token = Create a token
add-token-button = Create token
token-made = Token created
token-made-lead = Hand it to the person who may have the room. Pages and mails never show it again.
token-made-use = It counts when it stands in the description of an event, with nothing but spaces or punctuation around it.
to-tokens = To all tokens
bindings-title = Events with this token
bindings-lead = A token is bound to the times that an event has when it is first seen. If the event is moved, it has no priority at its new times until you renew the binding.
no-bindings = No event uses this token
no-bindings-text = An event appears here as soon as Room Booking sees the token in it.
binding-event = Event
binding-times = Has priority
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
renew-binding = Renew
remove-binding = Remove binding
remove-token = Remove token
# $count (number)
remove-token-text = Events that use the token lose their priority: { $count }. The events themselves stay.
remove-token-open = Remove …
done-token-removed = The token is removed.
done-binding-removed = The binding is removed. The event does not get its priority back when it is edited.
done-binding-renewed = The binding is renewed: the event has priority at the times that it has now.
audit-token-added = priority token created
audit-token-removed = priority token removed
audit-binding-removed = token binding removed
audit-binding-renewed = token binding renewed
audit-bound-events = Bound events
audit-event-uid = UID of the event
