### Preview, history, runs and the history of settings.

## Preview and apply

preview-title = Preview
preview-lead = Nothing has been changed yet. Clear the checkbox of each event that you want to keep for now. Only the selected changes are applied.
preview-empty = No changes
preview-empty-text = No events overlap, and there are no cancelled events to remove.
preview-kept-text = The rules keep all overlapping events, and there are no cancelled events to remove.
col-event = Event
col-would = Change
col-why = Reason
col-told = Notified
col-beside = Overlaps with
kind-deleted = deleted
kind-cancelled = this date cancelled
kind-leftover = removed
# $count (number)
and-others = It overlaps { $count } more.
# $name (text)
# $when (text)
choose-line = { $name }, { $when }
apply-chosen = Apply selected
apply-hint = If an event changes in the meantime, its change is skipped and you are notified.
# $count (number)
apply-all = Apply all { $count } changes
# $count (number)
apply-first = Apply the first { $count } changes
# $lines (text)
# $total (number)
preview-part = Changes { $lines } of { $total }. Apply the changes that are selected on this page, or all of them.
nothing-chosen = Select at least one change.
no-calendar-chosen = select at least one calendar
applied-nothing = Nothing was removed.
# $count (number)
applied-some =
    { $count ->
        [one] One change was applied. It is listed in the history.
       *[other] { $count } changes were applied. They are listed in the history.
    }
# $count (number)
gone-some =
    { $count ->
        [one] One change was skipped, because something has changed since the preview.
       *[other] { $count } changes were skipped, because something has changed since the preview.
    }
applied-left = Skipped:
left-changed-since = Something has changed since the preview.
left-failed = The calendar could not be processed.
beyond-limit-title = Above the safety limit
# $count (number)
# $limit (number)
beyond-limit = Overlapping events that runs would remove in 24 hours: { $count }. The safety limit of this calendar is { $limit }. Until an administrator confirms, runs remove only conflicts that start within 48 hours: at most ten events in 24 hours, and no more than the limit. The changes marked as waiting need confirmation.
waits-for-confirmation = Waiting for confirmation
beyond-limit-may = To confirm, review the changes and apply them.
beyond-limit-may-not = Ask an administrator to review this page.
kept-title = Overlaps that are kept
kept-lead = These events overlap, but the rules keep them.
unreadable-title = Unreadable events
unreadable-lead = Room Booking cannot interpret these events. They are kept unchanged.
warnings-title = Warnings
warnings-lead = Room Booking may read these events differently from what their authors intended.

## History

history-lead = Everything that was removed or changed, and how to restore it.
history-empty = Nothing has been removed yet
history-empty-text = Events that a run, a person or a program removes from a calendar are listed here. They can be restored.
tab-removals = Removed events
tab-runs = Runs
tab-audit = Settings and sign-ins
search-history = Name, organizer or UID
removed-lately = Removed:
yesterday = Yesterday
last-days = Last 7 days
removed-from = Removed from
removed-until = Removed until
only-out = Only events that were not restored
all-kinds = All
col-what = Change
col-winner = Event that has the room
col-when-by = When and by whom
removal-deleted = Deleted because of an overlap
removal-cancelled = Date cancelled because of an overlap
removal-leftover = Cancelled event removed
removal-request = Deleted by a person
removal-date-request = Date of a series cancelled by a person
removal-accepted = Invitation accepted
removal-changed = Changed by a person
removal-ended = Series ended by a person
removal-replaced = Replaced by an import
by-api = API
by-link = by link
# $address (text)
by-link-as = by link, as { $address }
by-schedule = Schedule
by-site = Site
by-command-line = Command line
by-hand = Manual
# $way (text)
# $user (text)
way-by = { $way }, { $user }
is-back = restored
not-confirmed = not confirmed
not-confirmed-text = The server’s response to this deletion was lost. The event disappeared while the request could still take effect, so it counts as removed by Room Booking. Somebody else may have deleted it.
no-line = This entry is not in the history.
no-run = This run is not in the history.
# $when (text)
booked-on = booked on { $when }
# $run (text)
run-number = Run { $run }
restore-ask = An administrator can restore it.
restore-title = Restore
restore-text = The event is restored to the calendar as it was.
restore-overlap = The event is restored to the calendar as it was. The rules have not changed: the next run removes it again unless you protect it.
restore-protect = Protect the event, so that it is kept
restore-protect-series = Protect the whole series with all its dates, so that it is kept
restore = Restore event
# $when (text)
# $user (text)
restored-at = Restored on { $when } by { $user }.
cannot-restore = It cannot be restored
private-text = This event is private. Only its organizer, its author and administrators can read its text.
as-it-was = The event as it was (iCalendar)
done-restored = The event is restored.
done-restored-cancelled = The event is restored. Its organizer had cancelled it, so it does not occupy the room.
done-restored-protected = The event is restored and protected.
runs-lead = All runs: how each one was started, by whom, and what it changed.
runs-empty = No runs yet
runs-empty-text = Set a schedule for a calendar, or apply a preview.
all-ways = All
col-run = Run
col-started-by = Started by
col-changed = Changes
# $key (text)
with-key = key “{ $key }”
# $events (number)
# $calendars (number)
changed-in = Events: { $events }; calendars: { $calendars }
changed-nothing = none
is-running = running
is-lost = interrupted
is-confirmed = above the safety limit
run-empty = No changes
run-empty-text = All rooms were in order.
run-empty-but = See above for what prevented changes.
run-empty-running = The run is still in progress.
run-empty-lost = The server stopped or did not respond before the run was finished. Calendars with a schedule are cleared again within a minute.
run-empty-unknown = The result of this run was not recorded.
# $first (text)
# $more (number)
first-and-more = { $first } and { $more } more
# $count (number)
run-looked-at = Calendars checked: { $count }
run-calendars-title = Results
# $count (number)
run-left = Skipped, review needed: { $count }
# $count (number)
run-limit = Above the safety limit: { $count } overlaps are waiting for confirmation
run-done = done
run-failed = failed
# $count (number)
run-failed-in = failed: { $count }
# $count (number)
run-limit-in = safety limit reached: { $count }
# $count (number)
run-left-in = with skipped changes: { $count }
audit-lead = Changes to settings, sign-ins, and requests that were refused.
audit-about = Person, calendar or setting
col-at = Time
col-actor = User
col-action = Action
col-subject = Subject

## Who changed which setting

audit-calendar-added = calendar added
audit-calendar-assigned = access to calendar given
audit-calendar-changed = calendar changed
audit-file-taken-in = file imported
audit-restored = event restored
audit-server-forgotten = server account removed
audit-message = Message
audit-parts = Changed
audit-begins-with = Begins with
audit-yes = yes
audit-no = no
audit-all-assigned = all calendars of the user
audit-no-end = no end
audit-calendar-unassigned = access to calendar removed
audit-invitation-made = invitation created
audit-key-added = API key created
audit-key-renewed = API key renewed
audit-key-revoked = API key revoked
audit-link-made = password reset link created
audit-pending-kept = pending removal: event kept
audit-decision-requested = decision requested by the organizer
audit-pending-removed = pending removal: event removed at once
audit-message-discarded = message discarded
audit-message-released = message released
audit-message-retried = message retried
audit-password-set = password set
audit-priority-added = priority added
audit-priority-removed = priority removed
audit-recovery-code-used = recovery code used
audit-recovery-codes-made = new recovery codes created
audit-present-password-wrong = current password wrong
audit-second-factor-removed = second factor removed
audit-second-factor-set = second factor set up
audit-codes-left = Recovery codes left
audit-access-refused = access refused
audit-code-failed = wrong code
audit-database-copied = database copied from SQLite
audit-database-restored = backup restored
audit-key-refused = wrong API key
audit-sign-in-failed = sign-in failed
audit-signed-in = signed in
audit-stranger = not signed in
audit-subjects = Including
audit-times = Count
audit-protection-added = protection added
audit-protection-removed = protection removed
audit-secret-key-changed = SECRET_KEY changed
audit-server-kept = server account saved
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
audit-by-invitation = by link: invitation
audit-by-new-password = by link: password reset
audit-identity-bound = sign-in elsewhere bound
audit-identity-removed = sign-in elsewhere removed
audit-by-openid = with OpenID Connect
audit-by-directory = with the directory
audit-reason = Reason
audit-address-not-verified = the email address is not verified
audit-last-administrator = stays administrator although not in the group, because nobody else can sign in as one
audit-name-taken = no free user name
audit-user-not-active = the user is deactivated
audit-not-asked = no answer
audit-not-proven = the proof is not valid
audit-other-identity = the user with this address has another sign-in
audit-several-users = several users have this address
audit-unknown-person = no user has this address
audit-administrator = administrator
audit-ordinary = ordinary user
audit-active = active
audit-not-active = deactivated
# $users (text)
audit-for = for { $users }
# $user (text)
# $host (text)
audit-on = { $user } on { $host }
