### Rooms and their pictures, and removing calendars.

calendar-changes-now = the settings of the calendar are being changed at this moment; try again
calendar-in-doubt = the end of a change on the calendar server is not known yet: the server has not answered and may still carry it out; this is known after 16 minutes at most, try again then
calendar-was-removed = the calendar was removed, so nothing of it can be restored
picture-form = must be a PNG, JPEG or WebP picture
# $most (number)
picture-too-large = must be at most { $most } MiB
