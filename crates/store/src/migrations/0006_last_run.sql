-- When a real run, however it was started, last went through a calendar to its end; NULL before the
-- first. What `looked_at` says is of previews too.
ALTER TABLE calendars ADD COLUMN last_run_at {integer};
