-- What the site says of the past: how each calendar of a run came out, and by which way somebody asked for
-- a change that no run made.

-- How many calendars a run was about; NULL of runs from before this step.
ALTER TABLE runs ADD COLUMN calendars {integer};

-- Of a run by schedule, or on many calendars, only those of which there is something to say; of others
-- all.
CREATE TABLE run_calendars (
  run_id {integer} NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- 'cleared', 'left' (something was left that somebody should look at), 'limit' or 'failed'; 'not
  -- recorded' of runs from before this step.
  outcome TEXT NOT NULL,
  -- How many events were left, or met the safety limit.
  events {integer} NOT NULL,
  -- Why it failed.
  detail TEXT,
  PRIMARY KEY (run_id, calendar_id)
);
CREATE INDEX run_calendars_by_calendar ON run_calendars (calendar_id, run_id);
-- Of earlier runs it is known only what they changed.
INSERT INTO run_calendars (run_id, calendar_id, outcome, events)
  SELECT DISTINCT run_id, calendar_id, 'not recorded', 0 FROM changes WHERE run_id IS NOT NULL;

-- The history between two dates.
CREATE INDEX changes_by_time ON changes (made_at, id);

-- 'api', 'site' or 'command line'; NULL of changes by a run, and of those from before this step.
ALTER TABLE changes ADD COLUMN asked_by TEXT;
-- With which key.
ALTER TABLE changes ADD COLUMN key_id {integer} REFERENCES api_keys (id) ON DELETE SET NULL;
