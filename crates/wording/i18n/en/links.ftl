### The pages behind links in messages, which need no sign-in.

mail-link-room = Room
mail-link-booking = Booking
mail-link-when = When
mail-link-other = Overlaps with
mail-link-contact = Contact for the room
mail-link-which = What do you want to give up?
# $count (number)
mail-link-all-dates = All { $count } dates above
# $when (text)
mail-link-one-date = Only { $when }
mail-link-series = The whole series in this room, also its other dates
# $when (text)
mail-link-expires = This link works once, until { $when }.
mail-link-choose = Select an option.

mail-link-give-up-title = Give up your booking?
mail-link-give-up-lead = The room becomes free for others. Nothing has been changed yet.
mail-link-give-up-button = Give up booking
mail-link-given-up-title = Booking given up
mail-link-given-up-lead = The room is free for others. If this was a mistake, the contact for the room can restore the booking.

mail-link-ask-title = Ask for a decision?
mail-link-ask-lead = Your booking stays until an administrator has decided. Nothing has been changed yet.
mail-link-ask-button = Ask for a decision
mail-link-asked-title = Decision requested
mail-link-asked-lead = Your booking is not removed until an administrator has decided. You get a message about the decision.

mail-link-over-title = This link has expired
mail-link-over-lead = The booking has begun, or the time to respond is over. Nothing was changed.
mail-link-stale-title = The booking has changed
mail-link-stale-lead = The booking has changed since the message was sent, so this link no longer works. Check the room’s calendar, or ask the contact for the room.

mail-link-restore-title = Restore your booking?
mail-link-restore-lead = The room is free again at the time of your removed booking. Nothing has been changed yet.
mail-link-restore-button = Restore booking
mail-link-restored-title = Booking restored
mail-link-restored-lead = Your booking is in the room’s calendar again. You get a confirmation by email.
mail-link-offer-over-title = This offer has expired
mail-link-offer-over-lead = The room was offered to somebody else, or somebody has booked it. Nothing was changed.

mail-link-which-room = Which room?
mail-link-move-title = Move your booking?
mail-link-move-lead = Your booking is created in the other room at the same time, then removed from this one. Nothing has been changed yet.
mail-link-move-series-lead = The whole series, with all of its dates, is created in the other room at the same times, then removed from this one. Nothing has been changed yet.
mail-link-move-button = Move booking
mail-link-moved-title = Booking moved
mail-link-moved-lead = Your booking is in the other room at the same time. If people are invited, tell them about the new room.
mail-link-no-room-title = No room is free
mail-link-no-room-lead = The rooms that were offered to you have been booked in the meantime. Nothing was changed.

mail-link-decided-title = No decision needed
mail-link-decided-lead = An administrator has already decided, the booking no longer has to be removed, or it has been removed. Nothing was changed.

mail-link-list-title = All dates
mail-link-list-lead = These dates of your booking were removed from the room’s calendar.
# $when (text)
# $other (text)
mail-link-list-line = { $when }: { $other }
mail-link-list-over-title = This list has expired
mail-link-list-over-lead = All of its dates have begun, or the message was deleted. Nothing was changed.
