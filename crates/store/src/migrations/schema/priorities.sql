-- ## Priorities and protections

-- Organizers, words of names and events that have priority.
CREATE TABLE priorities (
  id {id},
  -- NULL: on all calendars.
  calendar_id {integer} REFERENCES calendars (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('organizer', 'name', 'uid')),
  -- An address, a domain with a leading @, words of a name, or a UID.
  value TEXT NOT NULL,
  -- The value, or, where it is too long for an index, how it begins and its SHA-256.
  value_key TEXT NOT NULL,
  -- What happens where two prioritised events overlap; NULL for the default of the kind.
  ties TEXT CHECK (ties IN ('keep', 'rank')),
  UNIQUE (calendar_id, kind, value_key)
);
CREATE UNIQUE INDEX priorities_on_all_calendars ON priorities (kind, value_key) WHERE calendar_id IS NULL;

-- Events that are never removed.
CREATE TABLE protections (
  id {id},
  -- NULL: on all calendars.
  calendar_id {integer} REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  -- The UID, or, where it is too long for an index, how it begins and its SHA-256.
  uid_key TEXT NOT NULL,
  UNIQUE (calendar_id, uid_key)
);
CREATE UNIQUE INDEX protections_on_all_calendars ON protections (uid_key) WHERE calendar_id IS NULL;

-- Priority tokens: texts that give priority to an event whose DESCRIPTION contains one. They can be added
-- and removed, but not edited.
CREATE TABLE tokens (
  id {id},
  label TEXT NOT NULL,
  -- SHA-256 of the token. The token has 128 random bits, so no slow hash is needed.
  hash {bytes} NOT NULL UNIQUE,
  -- For how many events it can be used.
  events {integer} NOT NULL,
  expires_at {integer},
  -- Whether it can be used on all calendars, or only on those of token_calendars.
  is_for_all BOOLEAN NOT NULL,
  ties TEXT NOT NULL CHECK (ties IN ('keep', 'rank')),
  created_at {integer} NOT NULL
);

-- The calendars on which a token can be used.
CREATE TABLE token_calendars (
  token_id {integer} NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  PRIMARY KEY (token_id, calendar_id)
);
CREATE INDEX token_calendars_by_calendar ON token_calendars (calendar_id);

-- The events that contain a token, bound when they were first seen.
CREATE TABLE token_bindings (
  id {id},
  token_id {integer} NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  -- JSON: [[start, end], …] in seconds since 1970, half-open. The intervals that the event held when it was
  -- bound.
  intervals TEXT NOT NULL,
  -- 'used up': the token was used by other events before. 'removed': by an administrator; the row stays, so
  -- that an edit of the event does not bind it again.
  state TEXT NOT NULL CHECK (state IN ('bound', 'used up', 'removed')),
  -- When the event was first seen with the token, or when an administrator renewed the binding.
  bound_at {integer} NOT NULL,
  -- When the event was gone for sure. The binding then prioritises nothing until an event of this UID holds the
  -- token again: anybody can write another one of the same UID.
  gone_at {integer},
  UNIQUE (token_id, calendar_id, uid)
);
CREATE INDEX token_bindings_by_uid ON token_bindings (calendar_id, uid);
