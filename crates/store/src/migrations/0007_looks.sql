-- What the last look at a calendar saw: the revision of its content, and how many overlaps it found that
-- nobody loses because they are protected, or are on already. NULL where that is not known.
ALTER TABLE calendars ADD COLUMN looked_revision {integer};
ALTER TABLE calendars ADD COLUMN left_alone {integer};
UPDATE calendars SET looked_revision = revision WHERE looked_at IS NOT NULL;
