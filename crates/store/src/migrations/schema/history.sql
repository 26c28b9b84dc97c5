-- ## History

-- Runs of clearing. Rows are deleted after RETENTION_DAYS, as all of the history.
CREATE TABLE runs (
  id {id},
  started_by TEXT NOT NULL CHECK (started_by IN ('api', 'command line', 'schedule', 'site', 'link')),
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  key_id {integer} REFERENCES api_keys (id) ON DELETE SET NULL,
  started_at {integer} NOT NULL,
  -- NULL while it is running.
  finished_at {integer},
  -- 'lost': its process died, or froze, before it was done, and another one ended it. NULL while it is running.
  ended_as TEXT CHECK (ended_as IN ('done', 'lost')),
  -- Until when its process has it, on the database's clock; it goes on to renew that. NULL once it has ended.
  held_until {integer},
  -- Whether the safety limit was lifted, and nothing that waited was left out.
  is_confirmed BOOLEAN NOT NULL,
  -- On how many calendars it ran.
  calendars {integer} NOT NULL
);
CREATE INDEX runs_by_start ON runs (started_at);
CREATE INDEX runs_open ON runs (held_until) WHERE finished_at IS NULL;
CREATE INDEX runs_by_user ON runs (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX runs_by_key ON runs (key_id) WHERE key_id IS NOT NULL;

-- The outcome of a run on a calendar. Runs by schedule or on many calendars have rows only for calendars that
-- need attention.
CREATE TABLE run_calendars (
  run_id {integer} NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- 'left': conflicts remain that need attention. 'limit': the safety limit was reached.
  outcome TEXT NOT NULL CHECK (outcome IN ('cleared', 'left', 'limit', 'failed')),
  -- How many events remain, or are beyond the safety limit.
  events {integer} NOT NULL,
  -- Why it failed.
  detail TEXT,
  PRIMARY KEY (run_id, calendar_id)
);
CREATE INDEX run_calendars_by_calendar ON run_calendars (calendar_id, run_id);

-- Each object that the program deleted, changed or restored, with its text before and after.
CREATE TABLE changes (
  id {id},
  -- NULL for a change that somebody requested.
  run_id {integer} REFERENCES runs (id) ON DELETE CASCADE,
  -- Whether more would go than the safety limit allows: such changes count as one of the ten of a day.
  is_at_limit BOOLEAN NOT NULL,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  href TEXT NOT NULL,
  uid TEXT NOT NULL,
  -- 'request': a deletion or change over the API or the site. 'booking': a new event on a server while it is
  -- not known whether the server has it.
  cause TEXT NOT NULL CHECK (cause IN ('clear', 'request', 'restore', 'import', 'booking')),
  -- Who asked for it, and how; NULL for changes of a run.
  asked_by TEXT CHECK (asked_by IN ('api', 'command line', 'schedule', 'site', 'link')),
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  key_id {integer} REFERENCES api_keys (id) ON DELETE SET NULL,
  -- The object before; NULL where there was none.
  before_text {bytes} REFERENCES texts (digest),
  before_etag TEXT,
  -- The object after; NULL where there is none.
  after_text {bytes} REFERENCES texts (digest),
  after_etag TEXT,
  -- 'prepared' before the request is sent to the server, and while its result is in doubt.
  state TEXT NOT NULL CHECK (state IN ('prepared', 'done', 'changed', 'refused', 'abandoned')),
  -- JSON: the record and the messages to write once a prepared change is done.
  intent TEXT,
  -- Whether it is a deletion of which only the effect was seen: the event was gone while a request without a
  -- response was in doubt.
  not_confirmed BOOLEAN NOT NULL,
  -- Whether another object with the same UID was in the calendar.
  has_twin BOOLEAN NOT NULL,
  -- Whether, while the change is in doubt, another request for the same was carried out: this one may yet
  -- arrive and change what was written since.
  is_overtaken BOOLEAN NOT NULL,
  -- The UID of the object that has the rest of a series that the change has ended, if one has.
  next_uid TEXT,
  made_at {integer} NOT NULL
);
CREATE INDEX changes_by_object ON changes (calendar_id, href);
CREATE INDEX changes_by_calendar ON changes (calendar_id, id);
CREATE INDEX changes_by_run ON changes (run_id);
CREATE INDEX changes_by_time ON changes (made_at, id);
CREATE INDEX changes_in_doubt ON changes (calendar_id) WHERE state = 'prepared';
CREATE INDEX changes_by_user ON changes (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX changes_by_key ON changes (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX changes_by_text_before ON changes (before_text) WHERE before_text IS NOT NULL;
CREATE INDEX changes_by_text_after ON changes (after_text) WHERE after_text IS NOT NULL;

-- Each occurrence that a change removed, and each invitation that the room accepted.
CREATE TABLE removals (
  id {id},
  change_id {integer} NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('deleted cancelled', 'deleted overlapping', 'cancelled overlapping', 'deleted by request', 'replaced by an import', 'cancelled by request', 'changed by request', 'ended by request', 'accepted invitation')),
  -- The original start of the occurrence (its RECURRENCE-ID).
  original {integer} NOT NULL,
  starts_at {integer} NOT NULL,
  -- Exclusive.
  ends_at {integer} NOT NULL,
  -- UID, name and organizer of the event, for searching.
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  organizer TEXT,
  -- Whether its name is hidden from others (CLASS).
  is_private BOOLEAN NOT NULL,
  -- JSON with its version: what was removed and why.
  fact TEXT NOT NULL,
  -- Why nobody is notified; NULL where somebody is.
  not_notified_reason TEXT,
  restored_at {integer},
  restored_by {integer} REFERENCES users (id) ON DELETE SET NULL,
  -- How that was requested; NULL while it was not.
  restored_as TEXT CHECK (restored_as IN ('api', 'command line', 'schedule', 'site', 'link'))
);
CREATE INDEX removals_by_change ON removals (change_id);
CREATE INDEX removals_lost ON removals (starts_at) WHERE restored_at IS NULL AND kind IN ('deleted overlapping', 'cancelled overlapping');
CREATE INDEX removals_by_kind ON removals (kind, id);
CREATE INDEX removals_by_restoration ON removals (restored_at) WHERE restored_at IS NOT NULL;
CREATE INDEX removals_by_restorer ON removals (restored_by) WHERE restored_by IS NOT NULL;

-- Open confirmation requests: calendars on which a run reached the safety limit.
CREATE TABLE confirmations (
  calendar_id {integer} PRIMARY KEY REFERENCES calendars (id) ON DELETE CASCADE,
  -- The run that asked first.
  run_id {integer} REFERENCES runs (id) ON DELETE SET NULL,
  -- How many objects would lose overlaps.
  objects {integer} NOT NULL,
  -- JSON: the UIDs of these objects; NULL where they are too many.
  uids TEXT
);
CREATE INDEX confirmations_by_run ON confirmations (run_id) WHERE run_id IS NOT NULL;

-- Conflicts that runs found and did not remove at once, for the monthly report: an occurrence that overlaps a stronger
-- event, and is kept. Rows are deleted RETENTION_DAYS after they ended.
CREATE TABLE kept_conflicts (
  id {id},
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  -- The original start of the occurrence (its RECURRENCE-ID).
  original {integer} NOT NULL,
  starts_at {integer} NOT NULL,
  -- Exclusive.
  ends_at {integer} NOT NULL,
  -- Why the last run kept it.
  reason TEXT NOT NULL CHECK (reason IN ('started', 'prioritised', 'protected', 'tolerated', 'free', 'changed', 'refused', 'pending', 'report', 'limit')),
  -- When a run first found it.
  found_at {integer} NOT NULL,
  -- NULL while it is open.
  ended_at {integer},
  -- 'removed': a run removed it. 'settled': it is no conflict any more, before it took place. 'over': it took place.
  outcome TEXT CHECK (outcome IN ('removed', 'settled', 'over'))
);
CREATE UNIQUE INDEX kept_conflicts_open ON kept_conflicts (calendar_id, uid, original) WHERE ended_at IS NULL;
CREATE INDEX kept_conflicts_by_calendar ON kept_conflicts (calendar_id, found_at);
CREATE INDEX kept_conflicts_by_time ON kept_conflicts (found_at);
CREATE INDEX kept_conflicts_by_end ON kept_conflicts (ended_at) WHERE ended_at IS NOT NULL;

-- Monthly reports that were made: a row for each month, which one process makes. Rows are deleted after three years.
CREATE TABLE monthly_reports (
  -- As `2026-11`.
  month TEXT PRIMARY KEY,
  made_at {integer} NOT NULL
);

-- What a monthly report says of a calendar.
CREATE TABLE monthly_report_calendars (
  month TEXT NOT NULL REFERENCES monthly_reports (month) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- JSON with its version: the hours and the conflicts. No names, no addresses.
  numbers TEXT NOT NULL,
  PRIMARY KEY (month, calendar_id)
);
CREATE INDEX monthly_report_calendars_by_calendar ON monthly_report_calendars (calendar_id);
