### Preview, history, runs and the history of settings.

## Preview and apply

preview-title = What a clear would do now
preview-lead = Nothing has been changed. Take out what should stay for now; what you apply is exactly this list.
preview-empty = Nothing would go
preview-empty-text = No two events overlap, and no cancelled ones are left.
preview-kept-text = What overlaps is kept by the rules, and no cancelled events are left.
col-event = Event
col-would = What would happen
col-why = Why
col-told = Who is told
col-beside = Overlaps
kind-deleted = deleted
kind-cancelled = this date cancelled
kind-leftover = cleaned away
# $count (number)
and-others = It overlaps { $count } more.
# $name (text)
# $when (text)
choose-line = { $name }, { $when }
apply-chosen = Apply the ticked lines
apply-hint = If somebody changes one of these events meanwhile, its line is left, and you are told.
# $count (number)
apply-all = Apply all { $count } lines
# $count (number)
apply-first = Apply the first { $count } lines
# $lines (text)
# $total (number)
preview-part = These are the lines { $lines } of { $total }. Apply those that are ticked here, or all of them at once.
nothing-chosen = No line was ticked.
no-calendar-chosen = no calendar was ticked
applied-nothing = Nothing was removed.
# $count (number)
applied-some =
    { $count ->
        [one] One line was applied. The history has it.
       *[other] { $count } lines were applied. The history has them.
    }
# $count (number)
gone-some =
    { $count ->
        [one] One line was left, because something about it has changed since you looked.
       *[other] { $count } lines were left, because something about them has changed since you looked.
    }
applied-left = These were left:
left-changed-since = Something about it has changed since you looked.
left-failed = The calendar could not be worked on.
beyond-limit-title = More than the safety limit
# $count (number)
# $limit (number)
beyond-limit = Overlapping events that runs would remove in 24 hours: { $count }. The safety limit of this calendar is { $limit }. Runs still remove conflicts that start within 48 hours, from at most ten events in 24 hours and no more than the limit; the lines marked as waiting stay until an administrator has confirmed them.
waits-for-confirmation = Waits for confirmation
beyond-limit-may = To confirm, look at the lines and apply them.
beyond-limit-may-not = Ask an administrator to look at this page.
kept-title = What would be left alone
kept-lead = These overlap, but the rules keep them.
unreadable-title = What cannot be read
unreadable-lead = No program can make sense of these. They are left as they are.
warnings-title = Warnings
warnings-lead = These events are read, but perhaps not as their writers meant them.

## History

history-lead = Everything that was taken out of a calendar, and how to put it back.
history-empty = Nothing has been removed yet
history-empty-text = All events that a run, a person or a program removes from a calendar are listed here, and can be restored.
tab-removals = What was removed
tab-runs = Runs
tab-audit = Settings
search-history = Name, organiser or UID
removed-from = Removed from
removed-until = until
only-out = Only what was not restored
all-kinds = Everything
col-what = What happened
col-winner = Who has the room instead
col-when-by = When, and by whom
removal-deleted = Deleted, because it overlaps
removal-cancelled = This date cancelled, because it overlaps
removal-leftover = Cancelled event cleaned away
removal-request = Deleted by somebody
removal-date-request = Date of a series cancelled by somebody
removal-accepted = Invitation accepted
removal-changed = Changed by somebody
removal-replaced = Replaced by an import
by-api = API
by-link = by link
# $address (text)
by-link-as = by link, as { $address }
by-schedule = Schedule
by-site = Site
by-command-line = Command line
by-hand = By hand
# $way (text)
# $user (text)
way-by = { $way }, { $user }
is-back = restored
not-confirmed = not confirmed
not-confirmed-text = The server’s answer to this deletion was lost. The event was gone while the request could still take effect, so it counts as removed by Room Booking. Somebody else may have deleted it.
no-line = The history has no such line.
no-run = The history has no such run.
# $when (text)
booked-on = booked on { $when }
# $run (text)
run-number = Run { $run }
restore-ask = An administrator can restore it.
restore-title = Restore
restore-text = The event is written to the calendar again as it was.
restore-overlap = The event is written to the calendar again as it was. The rules have not changed, so the next run would remove it again, unless you protect it.
restore-protect = Protect it, so that it stays
restore-protect-series = Protect the whole series, with all its dates, so that it stays
restore = Restore
# $when (text)
# $user (text)
restored-at = It was restored on { $when }, by: { $user }.
cannot-restore = It cannot be restored
private-text = The event is private. Only its organizer, its author and administrators can read its text.
as-it-was = The event as it was (iCalendar)
done-restored = It is in the calendar again.
done-restored-cancelled = The event is restored. Its organizer had cancelled it, so it does not hold the room.
done-restored-protected = It is in the calendar again, and protected.
runs-lead = Every run of clearing: how it was started, by whom, and what it did.
runs-empty = There has been no run yet
runs-empty-text = Give a calendar a schedule, or apply a preview.
all-ways = All
col-run = Run
col-started-by = Started by
col-changed = What it changed
# $key (text)
with-key = key “{ $key }”
# $events (number)
# $calendars (number)
changed-in = Events: { $events }; calendars: { $calendars }
changed-nothing = nothing
is-running = under way
is-lost = cut off
is-confirmed = beyond the safety limit
run-empty = It changed nothing
run-empty-text = All rooms were as they should be.
run-empty-but = What stood in its way is said above.
run-empty-running = It is still under way.
run-empty-lost = Its server stopped or did not answer before it was done. Calendars with a schedule are cleared again within a minute.
run-empty-unknown = How it found the rooms is not recorded.
# $first (text)
# $more (number)
first-and-more = { $first } and { $more } more
# $count (number)
run-looked-at = Calendars that it looked at: { $count }
run-calendars-title = How it ended
# $count (number)
run-left = Left, for somebody to look at: { $count }
# $count (number)
run-limit = More than the safety limit: { $count } overlaps wait for a confirmation
run-done = done
run-failed = did not succeed
# $count (number)
run-failed-in = did not succeed: { $count }
# $count (number)
run-limit-in = met the safety limit: { $count }
# $count (number)
run-left-in = something was left: { $count }
audit-lead = Who changed which setting, who signed in, and who was refused.
audit-about = Person, calendar or setting
col-at = When
col-actor = Who
col-action = What
col-subject = Of what

## Who changed which setting

audit-calendar-added = calendar added
audit-calendar-assigned = calendar assigned
audit-calendar-changed = calendar changed
audit-file-taken-in = file taken in
audit-restored = event restored
audit-server-forgotten = server account forgotten
audit-message = Message
audit-parts = Changed
audit-begins-with = Begins with
audit-yes = yes
audit-no = no
audit-all-assigned = all that are assigned
audit-no-end = no end
audit-calendar-unassigned = calendar unassigned
audit-invitation-made = invitation made
audit-key-added = key added
audit-key-renewed = key renewed
audit-key-revoked = key revoked
audit-link-made = link for a new password made
audit-pending-kept = pending removal: event kept
audit-pending-removed = pending removal: event removed at once
audit-message-discarded = message discarded
audit-message-released = message released
audit-message-retried = message retried
audit-password-set = password set
audit-priority-added = priority added
audit-priority-removed = priority removed
audit-recovery-code-used = recovery code used
audit-recovery-codes-made = new recovery codes made
audit-present-password-wrong = present password wrong
audit-second-factor-removed = second factor removed
audit-second-factor-set = second factor set up
audit-codes-left = Recovery codes left
audit-access-refused = access refused
audit-code-failed = wrong code
audit-database-copied = Database copied from SQLite
audit-database-restored = Backup restored
audit-key-refused = wrong API key
audit-sign-in-failed = sign-in failed
audit-signed-in = signed in
audit-stranger = not signed in
audit-subjects = Among them
audit-times = Times
audit-protection-added = protection added
audit-protection-removed = protection removed
audit-secret-key-changed = SECRET_KEY changed
audit-server-kept = server account kept
audit-server-password = server password set
audit-signed-out = signed out everywhere
audit-template-added = template added
audit-template-changed = template changed
audit-template-deleted = template deleted
audit-user-activated = user activated
audit-user-added = user added
audit-user-changed = user changed
audit-user-deactivated = user deactivated
audit-all-calendars = all calendars
audit-command-line = command line
audit-first-administrator = the first administrator
audit-by-invitation = by a link: invitation
audit-by-new-password = by a link: new password
audit-administrator = administrator
audit-ordinary = ordinary user
audit-active = active
audit-not-active = not active
# $users (text)
audit-for = for { $users }
# $user (text)
# $host (text)
audit-on = { $user } on { $host }
