### The pages behind links in messages, which need no sign-in.

mail-link-room = Room
mail-link-booking = Booking
mail-link-when = When
mail-link-other = Overlaps with
mail-link-contact = Who decides about the room
mail-link-which = What do you want to give up?
# $count (number)
mail-link-all-dates = All { $count } dates above
# $when (text)
mail-link-one-date = Only { $when }
mail-link-series = The whole series in this room, also its other dates
# $when (text)
mail-link-expires = This link works once, until { $when }.
mail-link-choose = Select what the link is to do.

mail-link-give-up-title = Give up your booking?
mail-link-give-up-lead = The room becomes free for others. Nothing has been changed yet.
mail-link-give-up-button = Give up booking
mail-link-given-up-title = Booking given up
mail-link-given-up-lead = The room is free for others. If this was a mistake, the people who decide about the room can restore the booking.

mail-link-ask-title = Ask for a decision?
mail-link-ask-lead = Your booking stays until an administrator has decided. Nothing has been changed yet.
mail-link-ask-button = Ask for a decision
mail-link-asked-title = An administrator decides
mail-link-asked-lead = Your booking is not removed until then. You get a message if it is kept or removed.

mail-link-over-title = This link has expired
mail-link-over-lead = The booking has begun, or the time to answer is over. Nothing was changed.
mail-link-stale-title = The booking has changed
mail-link-stale-lead = It is not the same any more as when the message was written, so this link does nothing. Look at the room's calendar, or ask the people who decide about the room.
