-- When a look at a calendar was last tried, be it that it failed: it is not tried all the while. And
-- `last_run_at` goes again, because `cleared_at` says the same.
ALTER TABLE calendars ADD COLUMN look_tried_at {integer};
UPDATE calendars SET look_tried_at = looked_at;
ALTER TABLE calendars DROP COLUMN last_run_at;
