### The page / and the frame of the API documentation, which need no sign-in. What is between backticks is shown as code.

home-description = Removes double bookings and cancelled events from the calendars of meeting rooms.
home-title = One room, one meeting at a time.
home-lead = Meeting rooms are calendars, and a calendar lets two people book the same hour. Room Booking finds double bookings and cancelled events, decides by documented rules who keeps the room, and can restore everything that it removed.
home-api = API documentation

home-example-room = Meeting room 1
home-example-day = Monday, 2 March
home-example-first = Board meeting
home-example-second = Interview
home-example-third = Stand-up
home-example-stays = booked first: keeps the room
home-example-removed = booked later: removed
home-example-touches = only touches

home-usage = Use it from a script
home-usage-text = You need an API key; an administrator or you create it under “API keys” after signing in. Put it into a variable, and the commands below work as they are. Change the name of the room and the dates as you like.
home-usage-key = Set the key
home-usage-key-value = paste your key here
home-calendars = List the rooms
home-calendars-text = The calendars that your key reaches, by the names that the other calls use.
home-book = Book a room
home-book-text = The answer is `201` and the event’s `id`. Times without an offset are in the room’s time zone; two dates without times make an all-day event. With `only_if_free=1` in the query, nothing is booked if the room is taken.
home-list = See who has the room
home-list-text = Every event in a period, with each date of a series separately. Without `start` and `end`: the next 30 days.
home-delete = Delete a booking
home-delete-text = `ID` is the `id` that booking answered, or any UID in the calendar. The answer is `204`. No email is sent, and an administrator can restore the event.
home-clear = Clear double bookings
home-clear-text = First in test mode: nothing is changed, no email is sent, and you see what would be removed. Then for real. Add `calendar=meeting-room-1` for one room only.
home-clear-test = preview
home-clear-real = clear

home-answers = What the answers mean
home-answers-text = The answer to a clear has one list for each kind of result. Every entry names the event, its calendar and, if there is one, the event that keeps the room.
home-deleted-cancelled = Cancelled events that were still in the calendar.
home-deleted-overlapping = Single events that lost the room to another event.
home-cancelled-overlapping = Single dates of a series that lost the room; the other dates stay.
home-ignored-overlapping = Overlaps that were kept, with the `reason`.
home-ignored-cancelled = Cancelled events that could not be deleted just now.
home-unreadable = Objects that cannot be read. They are not changed.
home-failed = Calendars that could not be reached. The others were cleared.

home-status = Status codes
home-status-code = Code
home-status-meaning = Meaning
home-status-done = Done; booked; deleted.
home-status-invalid = Not JSON; a value is wrong. Nothing was changed.
home-status-key = No valid key; the key does not allow this.
home-status-missing = No such event, or no such calendar for this key.
home-status-taken = The room is taken (`only_if_free`).
home-status-many = Too many wrong keys; wait as `Retry-After` says.
home-status-failed = Every calendar of this clear failed.
home-status-error = An error is `application/problem+json`; its `detail` says what was wrong.

home-rules = Who keeps the room
home-rule-ahead = Only the future counts
home-rule-ahead-text = A clear looks from now to the calendar’s horizon, usually a year. Past events are not changed. Two events that only touch do not overlap.
home-rule-cancelled = Cancelled events are removed
home-rule-cancelled-text = Cancelled events are deleted. Events that are marked as free, or that the room declined, do not take the room from anybody.
home-rule-priority = Priority, then first come
home-rule-priority-text = Of two events that overlap, a prioritised one keeps the room; otherwise, the one that was created first. Administrators prioritise by organizer, by a text in the name, or one single event.
home-rule-winner = Only a winner removes
home-rule-winner-text = An event is removed only for one that keeps the room, never for one that is itself removed.
home-rule-series = A series loses one date
home-rule-series-text = A single event is deleted. Of a series, only the date that overlaps is cancelled.
home-rule-kept = Some events are kept
home-rule-kept-text = Events that have started (`started`), are protected (`protected`), hardly overlap (`tolerated`) or are marked as free (`free`). If too many would be removed at once (`limit`), nothing is removed until somebody confirms it.
home-note = Nothing is lost: removed events are kept in the history, and an administrator can restore them. The creation time and the organizer are written by the program that booked the event: priorities rely on colleagues being fair.
# $address (text)
home-at = Room Booking at { $address }

docs-title = Room Booking: API documentation
docs-key = Enter your API key once under “Authorize”; it is kept until this page is closed.
docs-scripts = This page needs scripts. Its document is `/api/openapi.json`; the home page shows the calls with curl.
