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

mail-link-restore-title = Take the room back?
mail-link-restore-lead = The room is free again at the time that your booking had lost. Nothing has been changed yet.
mail-link-restore-button = Restore booking
mail-link-restored-title = Booking restored
mail-link-restored-lead = Your booking is in the room’s calendar again. You get a message that says so.
mail-link-offer-over-title = This offer has ended
mail-link-offer-over-lead = The room was offered to somebody else, or somebody has booked it. Nothing was changed.

mail-link-which-room = To which room?
mail-link-move-title = Move your booking?
mail-link-move-lead = It is booked in the other room at the same time, and then removed from this one. Nothing has been changed yet.
mail-link-move-button = Move booking
mail-link-moved-title = Booking moved
mail-link-moved-lead = It is in the other room at the same time. If people are invited, tell them where to go.
mail-link-no-room-title = No room is free
mail-link-no-room-lead = The rooms to which you could move your booking are taken by now. Nothing was changed.

mail-link-decided-title = Nothing is left to decide
mail-link-decided-lead = An administrator has decided, or the booking is not to be removed any more, or it has been removed. Nothing was changed.
