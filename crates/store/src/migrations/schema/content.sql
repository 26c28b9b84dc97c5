-- ## Content

-- Calendar object resources: the content of built-in calendars, and the mirror of all others.
CREATE TABLE objects (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- Its place in the collection, in the server's own spelling.
  href TEXT NOT NULL,
  -- The UID of its first event; empty where it has none.
  uid TEXT NOT NULL,
  -- As the server gave it, with quotes; empty where it is not known.
  etag TEXT NOT NULL,
  -- The iCalendar text, not compressed, because every scan reads it (decision 35).
  text {bytes} NOT NULL,
  -- No occurrence begins before starts_at or ends after ends_at. The smallest and the largest integer stand
  -- for no bound, and for objects that cannot be read.
  starts_at {integer} NOT NULL,
  ends_at {integer} NOT NULL,
  PRIMARY KEY (calendar_id, href)
);
CREATE INDEX objects_by_uid ON objects (calendar_id, uid, href);
CREATE INDEX objects_by_end ON objects (calendar_id, ends_at, starts_at);

-- Texts of objects that the history refers to, each stored once for a calendar. Rows without a reference are deleted with
-- the history (decision 35).
CREATE TABLE texts (
  -- SHA-256 of the calendar's id (8 bytes, big-endian) and the text.
  digest {bytes} PRIMARY KEY,
  -- Size of the text in bytes.
  size {integer} NOT NULL,
  -- The text, compressed (zlib, RFC 1950).
  data {bytes} NOT NULL
);

-- What is known of a UID apart from its object. It outlives the loss of the mirror. Rows are deleted
-- RETENTION_DAYS after the event was deleted.
CREATE TABLE uid_metadata (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  -- The earliest known moment of the event; replaces an unknown CREATED in rule 4.
  first_seen {integer} NOT NULL,
  -- The author: a user, or an address that the server told.
  author_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  author_address TEXT,
  -- When the server was last asked for the author.
  author_asked_at {integer},
  -- JSON: since when the event holds its intervals (rule 4); NULL if it was not seen since.
  claims TEXT,
  -- The place of the object that they are of: another object of its UID may lie elsewhere.
  claims_href TEXT,
  -- When the server reported that the object is gone, from which place, and its last text.
  vanished_at {integer},
  vanished_href TEXT,
  -- When it was noticed that it is not seen, and the number of the last look that saw it: what came meanwhile goes
  -- before it. Both end with the claim, or once it is seen again.
  absent_at {integer},
  absent_since_look {integer},
  last_text {bytes} REFERENCES texts (digest),
  -- When that was confirmed.
  ended_at {integer},
  PRIMARY KEY (calendar_id, uid)
);
CREATE INDEX uid_metadata_vanished ON uid_metadata (calendar_id, vanished_at) WHERE vanished_href IS NOT NULL;
CREATE INDEX uid_metadata_absent ON uid_metadata (calendar_id) WHERE absent_at IS NOT NULL;
CREATE INDEX uid_metadata_by_place ON uid_metadata (calendar_id, claims_href) WHERE claims_href IS NOT NULL;
CREATE INDEX uid_metadata_by_end ON uid_metadata (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX uid_metadata_texts_by_end ON uid_metadata (COALESCE(ended_at, vanished_at)) WHERE last_text IS NOT NULL;
CREATE INDEX uid_metadata_by_author ON uid_metadata (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX uid_metadata_by_text ON uid_metadata (last_text) WHERE last_text IS NOT NULL;

-- Series that are being divided at a date, or restored as a whole: both objects stand, and one write is yet to be made.
-- A row lives until it is, or until one of them is gone. Meanwhile no run removes either of them, or anything for them.
CREATE TABLE divided_series (
  id {id},
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- The series.
  uid TEXT NOT NULL,
  -- The object that has the rest.
  next_uid TEXT NOT NULL,
  -- The original start of the first occurrence of the rest.
  original {integer} NOT NULL,
  -- Whether the series was restored as a whole: the rest is yet to be deleted. Else the series is yet to end before it.
  is_restored BOOLEAN NOT NULL,
  -- When the first of the two writes was recorded.
  made_at {integer} NOT NULL,
  -- When a process last tried to make the second one; at first made_at.
  tried_at {integer} NOT NULL
);
CREATE INDEX divided_series_by_calendar ON divided_series (calendar_id);
