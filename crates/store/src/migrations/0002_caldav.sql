-- Calendars on CalDAV servers: how accounts sign in, what a calendar asks of its server, and how far
-- its mirror is.

-- 'basic' (a user name and a password) or 'bearer' (a token).
ALTER TABLE accounts ADD COLUMN sign_in TEXT NOT NULL DEFAULT 'basic';
-- What the server says of its version.
ALTER TABLE accounts ADD COLUMN server_version TEXT;
-- Counts the passwords, so that a refusal of an older one is none of the latest.
ALTER TABLE accounts ADD COLUMN password_changes {integer} NOT NULL DEFAULT 0;
-- Whether an administrator allows http without TLS to another machine.
ALTER TABLE accounts ADD COLUMN allows_plain_http BOOLEAN NOT NULL DEFAULT FALSE;

-- Whether a delete lets the server answer the organizer (FALSE: Schedule-Reply: F, RFC 6638 8.1).
ALTER TABLE calendars ADD COLUMN sends_replies BOOLEAN NOT NULL DEFAULT TRUE;
-- Whether the server is asked who booked, where it knows (Nextcloud's Activity app).
ALTER TABLE calendars ADD COLUMN asks_authors BOOLEAN NOT NULL DEFAULT TRUE;
-- Whether the collection is another's, who shares it: then the server hides parts of some events.
ALTER TABLE calendars ADD COLUMN is_shared_in BOOLEAN NOT NULL DEFAULT FALSE;
-- Which collection it is, by what its server says: one stands behind one calendar only, by whatever
-- address it is reached. NULL while the server has not been asked.
ALTER TABLE calendars ADD COLUMN collection_identity TEXT;
CREATE UNIQUE INDEX calendars_collection_identity ON calendars (collection_identity);
-- The conditional writes that the server was shown to honour ('put delete create'); NULL before a test.
ALTER TABLE calendars ADD COLUMN conditions TEXT;
-- The collection's state on servers without sync-collection.
ALTER TABLE calendars ADD COLUMN ctag TEXT;
-- How many objects a first fetch has brought, and of how many; NULL when none is under way.
ALTER TABLE calendars ADD COLUMN fetched {integer};
ALTER TABLE calendars ADD COLUMN to_fetch {integer};
-- How many objects the mirror holds, so that a lost row is noticed.
ALTER TABLE calendars ADD COLUMN mirrored {integer} NOT NULL DEFAULT 0;
-- Counts how often the mirror was brought up to date: who is not the latest writes nothing.
ALTER TABLE calendars ADD COLUMN generation {integer} NOT NULL DEFAULT 0;
-- Of how many of them the version is not known, so that they are read anew.
ALTER TABLE calendars ADD COLUMN unread {integer} NOT NULL DEFAULT 0;
-- When the last look at the whole content began: what it did not see was not there then.
ALTER TABLE calendars ADD COLUMN listed_at {integer};
-- How many looks there were: they order claims, because two looks may begin within one second.
ALTER TABLE calendars ADD COLUMN looks {integer} NOT NULL DEFAULT 0;
-- When the mirror was last compared with the server's whole list of ETags, and how many objects differed.
ALTER TABLE calendars ADD COLUMN audited_at {integer};
ALTER TABLE calendars ADD COLUMN audit_found {integer} NOT NULL DEFAULT 0;
-- When a real run last ended well.
ALTER TABLE calendars ADD COLUMN cleared_at {integer};

-- Pauses that servers asked for (429, or 503 with Retry-After): they hold for all calendars of the server,
-- for all server processes on this database, and after a restart.
CREATE TABLE server_pauses (
  -- Host and port.
  server TEXT PRIMARY KEY,
  until_at {integer} NOT NULL,
  -- The HTTP status, and what the server said.
  status {integer} NOT NULL,
  words TEXT NOT NULL
);

-- When the server was last asked who booked, so that it is not asked at every run.
ALTER TABLE known_uids ADD COLUMN author_asked_at {integer};

-- What a change that is 'prepared' has to record and to say once it is made, as JSON.
ALTER TABLE changes ADD COLUMN intent TEXT;

-- Whether another object of its UID was in the calendar when a change was written down.
ALTER TABLE changes ADD COLUMN has_twin BOOLEAN NOT NULL DEFAULT FALSE;

-- FALSE while it is not known whether the event was written to its server.
ALTER TABLE idempotency_keys ADD COLUMN is_done BOOLEAN NOT NULL DEFAULT TRUE;
