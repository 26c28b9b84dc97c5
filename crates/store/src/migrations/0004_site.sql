-- The administration site: what its overviews show, and what keeps its lists quick.

-- How many overlaps were left after the last look at a calendar, and when that was; NULL before the
-- first.
ALTER TABLE calendars ADD COLUMN conflicts {integer};
ALTER TABLE calendars ADD COLUMN looked_at {integer};

-- A page of the history of one calendar, or of one kind, from its end.
CREATE INDEX changes_by_calendar ON changes (calendar_id, id);
CREATE INDEX removals_by_kind ON removals (kind, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX outbox_by_state_latest ON outbox (state, id);
