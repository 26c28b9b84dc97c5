-- What sending mail needs to know.

-- When it was first tried; after two days it is given up.
ALTER TABLE outbox ADD COLUMN first_tried_at {integer};
-- When it was last tried, for the limit on messages a minute.
ALTER TABLE outbox ADD COLUMN tried_at {integer};
-- Set just before the letter is handed over, and back to NULL with the server's answer. Whoever finds it
-- set finds a letter whose answer was lost: the server may have it.
ALTER TABLE outbox ADD COLUMN handed_over_at {integer};
-- How often the server's answer was lost; so many times it may have arrived once too often.
ALTER TABLE outbox ADD COLUMN answers_lost {integer} NOT NULL DEFAULT 0;
CREATE INDEX outbox_by_try ON outbox (tried_at);
