### Rooms, access to them, and removing calendars, accounts, users and templates.

## The room

group-place = Place and equipment
group-place-text = Where the room is and what it offers. People see this on the pages of the room and can search for it.
room-building-hint = Such as North wing.
room-floor-hint = Such as 2 or ground floor.
room-features-hint = Words separated by commas, such as projector, whiteboard.
group-picture = Picture
# $most (number)
group-picture-text = PNG, JPEG or WebP, at most { $most } MiB. Everybody with access to the room sees it.
picture-file = Picture file
picture-save = Upload picture
picture-remove = Remove picture
picture-missing = Select a picture file first.
# $room (text)
picture-of = Picture of { $room }
done-picture-saved = Picture saved.
done-picture-removed = Picture removed.
# $count (number)
room-seats =
    { $count ->
        [one] 1 seat
       *[other] { $count } seats
    }
# $floor (text)
room-on-floor = Floor { $floor }

## The schedule in words

schedule-choice = Clear automatically
schedule-none = No schedule
# $count (number)
schedule-minutes =
    { $count ->
        [one] every minute
       *[other] every { $count } minutes
    }
# $count (number)
schedule-hours =
    { $count ->
        [one] every hour
       *[other] every { $count } hours
    }
# $count (number)
schedule-days =
    { $count ->
        [one] every day
       *[other] every { $count } days
    }
schedule-choice-hint = How often double bookings and cancelled events are removed automatically.
watch-choice = Watch
watch-none = Do not watch
# $count (number)
watch-every = every { $count } seconds
watch-choice-hint = How often Room Booking checks the server for changes. It clears the calendar when something has changed.
zone-hint = Start typing and select from the list, such as Europe/Berlin.

## People with access

access-title = People with access
access-add = Give access
# $count (number)
access-add-all = Give access to all { $count }
access-remove-selected = Remove selected
access-people = People without access
access-rooms = Rooms without access
access-search = Search
# $shown (number)
# $count (number)
access-shown = { $shown } of { $count } shown. Search to find the others.
access-none-chosen = Select at least one.
invite-rooms = Rooms
invite-rooms-hint = The new user has access to the selected rooms at once.
# $address (text)
invitation-mailed = The invitation was sent to { $address }.
# $address (text)
# $reason (text)
invitation-not-mailed = The invitation could not be sent to { $address }: { $reason } Give the link to the user yourself.
invitation-mail-hint = If you give an email address, the invitation is sent there.
invitation-mail-subject = Your access to Room Booking
# $user (text)
invitation-mail-greeting = Hello { $user },
# $actor (text)
# $user (text)
invitation-mail-lead = { $actor } has invited you to Room Booking. Your user name is: { $user }
invitation-mail-link = Choose a password with this link. It works once, within 7 days:
# $rooms (text)
invitation-mail-rooms = You have access to: { $rooms }

## Names

# $name (text)
# $uid (text)
event-with-uid = { $name } (UID { $uid })
removed-calendar = removed

## The message in the outbox

show-message = Show message
message-title = Message
message-subject = Subject
message-not-rendered = This message has no content
message-links-left-out = Links for the recipient are not shown here.

## Removing

# $name (text)
remove-title = Remove { $name }?
remove-goes = Removed
remove-stays = Kept
remove-blocked = Cannot be removed now
remove-instead = What you can do
remove-cancel = Cancel
remove-calendar = Remove calendar
remove-calendar-lead = Room Booking stops managing this calendar. This cannot be undone.
# $count (number)
remove-events =
    { $count ->
        [one] 1 event: it is stored only in Room Booking
       *[other] { $count } events: they are stored only in Room Booking
    }
# $count (number)
remove-mirror =
    { $count ->
        [one] The copy of 1 event in Room Booking
       *[other] The copies of { $count } events in Room Booking
    }
remove-settings = Its settings, its description and its picture
# $count (number)
remove-people =
    { $count ->
        [one] The access of 1 person
       *[other] The access of { $count } people
    }
# $count (number)
remove-keys-reach =
    { $count ->
        [one] 1 API key no longer reaches it
       *[other] { $count } API keys no longer reach it
    }
# $count (number)
remove-priorities =
    { $count ->
        [one] 1 priority or protection
       *[other] { $count } priorities and protections
    }
# $count (number)
remove-pending =
    { $count ->
        [one] 1 pending removal: both organizers get a message that the booking is kept
       *[other] { $count } pending removals: the organizers get a message that the bookings are kept
    }
remove-stays-on-server = All events on your calendar server
# $count (number)
# $days (number)
remove-history =
    { $count ->
        [0] Entries of the history, for { $days } days
        [one] 1 entry of the history, for { $days } days; it can no longer be restored
       *[other] { $count } entries of the history, for { $days } days; they can no longer be restored
    }
# $count (number)
remove-messages =
    { $count ->
        [one] 1 waiting message: it is still sent
       *[other] { $count } waiting messages: they are still sent
    }
remove-export-first = Export the events first
done-calendar-removed = Calendar removed.

remove-account = Remove account
remove-account-lead = Room Booking no longer signs in to this calendar server.
remove-account-password = The stored password
remove-account-stays = All calendars and events on the server
# $count (number)
remove-account-blocked =
    { $count ->
        [one] 1 calendar uses this account. Remove that calendar first; its events stay on the server.
       *[other] { $count } calendars use this account. Remove these calendars first; their events stay on the server.
    }
done-account-removed = Account removed.

remove-user = Remove user
remove-user-lead = This user can no longer sign in. This cannot be undone; to block a user for a while, deactivate the user instead.
# $count (number)
remove-user-keys =
    { $count ->
        [one] 1 API key: it stops working at once
       *[other] { $count } API keys: they stop working at once
    }
# $count (number)
remove-user-sessions =
    { $count ->
        [one] 1 session
       *[other] { $count } sessions
    }
# $count (number)
remove-user-calendars =
    { $count ->
        [one] The access to 1 calendar
       *[other] The access to { $count } calendars
    }
remove-user-account = Password, second factor and email address
# $count (number)
remove-user-events =
    { $count ->
        [0] All bookings
        [one] 1 booking; messages about it go to the room's contact address
       *[other] { $count } bookings; messages about them go to the room's contact address
    }
# $days (number)
remove-user-history = The user name in the history, for { $days } days, and in the audit trail
remove-user-last = This is the only active administrator. Make somebody else an administrator first.
remove-user-people = All people
done-user-removed = User removed.

remove-template = Remove template
remove-template-lead = This template is no longer used for messages.
remove-template-text = Subject and texts of the template
remove-template-stays = Messages that were sent
remove-template-built-in = This template is built-in. Select another one in the settings of a calendar instead.
# $count (number)
remove-template-blocked =
    { $count ->
        [one] 1 calendar uses this template. Select another one in its settings first.
       *[other] { $count } calendars use this template. Select another one in their settings first.
    }
remove-template-copy = Copy template

remove-priority = Remove priority
remove-protection = Remove protection
remove-priority-lead = From the next run on, these bookings are treated like all others.
remove-protection-lead = From the next run on, this event can be removed like all others.
# $value (text)
remove-priority-goes = The priority of { $value }
# $value (text)
remove-protection-goes = The protection of { $value }
remove-priority-stays = All bookings, until the next run
# $calendar (text)
remove-priority-of = It applies to { $calendar }.
remove-priority-of-all = It applies to all calendars.
done-priority-removed = Removed.

## First steps

link-dead-title = This link no longer works
link-dead-sign-in = If you have already chosen a password, sign in with it.
link-dead-ask = Otherwise, ask an administrator for a new link. You can also set a password on the command line of the server:
link-dead-first = No administrator can sign in yet. A new link is in the server’s log now; it works for one hour. Or run this command on the server:
link-dead-first-done = An administrator has been set up. Sign in, or ask that administrator for an invitation.
first-link-logged = If this page was opened in the last hour, the link is in the log of that time.

audit-calendar-removed = calendar removed
audit-user-removed = user removed

## Select all

select-all = Select all
select-none = Select none
