-- The first schema. Both databases read this one text: {id}, {bytes} and {integer} are replaced by
-- what each calls a primary key that counts itself, a byte string and a 64-bit number.
--
-- Moments are seconds since 1970-01-01T00:00:00Z. Texts in `data`, `event` and `beside` are JSON.

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE users (
  id {id},
  -- What the user signs in with; in lower case.
  name TEXT NOT NULL UNIQUE,
  -- Mail address; also the organizer of what the user books without naming one.
  address TEXT,
  -- Argon2id in PHC form; NULL until a password is set.
  password TEXT,
  is_administrator BOOLEAN NOT NULL,
  -- An inactive user can do nothing, and neither can the user's keys.
  is_active BOOLEAN NOT NULL,
  created_at {integer} NOT NULL
);

CREATE TABLE accounts (
  id {id},
  name TEXT NOT NULL,
  -- Where discovery starts.
  url TEXT NOT NULL,
  user_name TEXT NOT NULL,
  -- XChaCha20-Poly1305, bound to this row: nonce, then ciphertext.
  password {bytes},
  -- What the server turned out to be, for its quirks.
  server_kind TEXT,
  -- A 401 stops all further tries until the settings change.
  refused_at {integer},
  created_at {integer} NOT NULL
);

CREATE TABLE templates (
  id {id},
  name TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  text_body TEXT NOT NULL,
  html_body TEXT,
  -- Whether the program brought it; such a one can be copied but not changed.
  is_default BOOLEAN NOT NULL,
  created_at {integer} NOT NULL,
  changed_at {integer} NOT NULL
);

CREATE TABLE calendars (
  id {id},
  -- The name in paths: [a-z0-9][a-z0-9-]{0,62}.
  slug TEXT NOT NULL UNIQUE,
  -- The name for people.
  name TEXT NOT NULL,
  -- IANA name of the zone of floating times, of dates and of what is shown.
  zone TEXT NOT NULL,
  -- The room's own mail address: what it declined does not block, and it is nobody's organizer.
  room_address TEXT,
  -- Who is written to where an event names no organizer.
  contact_address TEXT,
  -- 'built-in' or 'caldav'.
  backend TEXT NOT NULL,
  account_id {integer} REFERENCES accounts (id),
  -- The collection on the server; it stands behind one calendar only.
  collection_url TEXT UNIQUE,
  -- The policy: section 3 of the contract.
  horizon_days {integer} NOT NULL,
  tolerance_minutes {integer} NOT NULL,
  safety_limit {integer} NOT NULL,
  free_blocks BOOLEAN NOT NULL,
  -- What becomes of times in a zone that nothing explains: 'refuse' or 'calendar'.
  unknown_zone TEXT NOT NULL,
  -- 'held since' or 'created'.
  rank_by TEXT NOT NULL,
  -- No template, no mail.
  template_id {integer} REFERENCES templates (id) ON DELETE SET NULL,
  announces_deleted BOOLEAN NOT NULL,
  announces_cancelled BOOLEAN NOT NULL,
  announces_leftovers BOOLEAN NOT NULL,
  announces_ignored BOOLEAN NOT NULL,
  -- Cleared every so many minutes; NULL for never.
  schedule_minutes {integer},
  last_scheduled_at {integer},
  -- Counts each change of the content. Raising it locks the calendar for a transaction.
  revision {integer} NOT NULL,
  -- What the server calls the state that the objects mirror (RFC 6578), and when that was.
  sync_token TEXT,
  synced_at {integer},
  -- Since when it has failed without a break, and how.
  failing_since {integer},
  failure TEXT,
  -- Whether the administrators have been told of it.
  failure_announced BOOLEAN NOT NULL,
  created_at {integer} NOT NULL
);

CREATE TABLE calendar_users (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (calendar_id, user_id)
);
CREATE INDEX calendar_users_by_user ON calendar_users (user_id);

CREATE TABLE api_keys (
  id {id},
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- The first characters, by which people recognise it and by which it is found.
  prefix TEXT NOT NULL UNIQUE,
  -- SHA-256 of the key: it has 230 bits of chance in it, which need no slow hash.
  hash {bytes} NOT NULL,
  can_read BOOLEAN NOT NULL,
  can_create BOOLEAN NOT NULL,
  can_change BOOLEAN NOT NULL,
  can_delete BOOLEAN NOT NULL,
  can_preview BOOLEAN NOT NULL,
  can_clear BOOLEAN NOT NULL,
  can_freebusy BOOLEAN NOT NULL,
  -- Whether it reaches only those of the user's calendars that api_key_calendars names.
  is_limited BOOLEAN NOT NULL,
  created_at {integer} NOT NULL,
  expires_at {integer},
  revoked_at {integer},
  -- To the minute.
  last_used_at {integer}
);
CREATE INDEX api_keys_by_user ON api_keys (user_id);

CREATE TABLE api_key_calendars (
  key_id {integer} NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  PRIMARY KEY (key_id, calendar_id)
);

CREATE TABLE priorities (
  id {id},
  -- NULL: on all calendars.
  calendar_id {integer} REFERENCES calendars (id) ON DELETE CASCADE,
  -- 'organizer' (an address, or a domain with a leading @), 'name' or 'uid'.
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  -- 'keep' or 'rank' where two that are prioritised meet; NULL for what is usual of its kind.
  ties TEXT,
  created_at {integer} NOT NULL
);

-- Texts that give the event that holds them priority.
CREATE TABLE tokens (
  id {id},
  label TEXT NOT NULL,
  -- SHA-256 of the token: it has 128 bits of chance in it, which need no slow hash.
  hash {bytes} NOT NULL UNIQUE,
  -- How many events it is good for.
  events {integer} NOT NULL,
  expires_at {integer},
  -- Whether it is good on all calendars, not only on those of token_calendars.
  is_for_all BOOLEAN NOT NULL,
  -- 'keep' or 'rank'.
  ties TEXT NOT NULL,
  created_at {integer} NOT NULL
);

CREATE TABLE token_calendars (
  token_id {integer} NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  PRIMARY KEY (token_id, calendar_id)
);

-- The events that hold a token, bound at first sight.
CREATE TABLE token_bindings (
  id {id},
  token_id {integer} NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  -- [[start, end], …] in seconds since 1970, half open: what it held when it was bound.
  intervals TEXT NOT NULL,
  -- 'bound'; 'used up' of an event beyond the token's number: it counts for nothing and is shown;
  -- 'removed' by an administrator: the row stays, so that an edit of the event does not bind it anew.
  state TEXT NOT NULL,
  -- At first sight, or when an administrator last renewed it.
  bound_at {integer} NOT NULL,
  UNIQUE (token_id, calendar_id, uid)
);
CREATE INDEX token_bindings_by_uid ON token_bindings (calendar_id, uid);

CREATE TABLE protections (
  id {id},
  -- NULL: on all calendars.
  calendar_id {integer} REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  created_at {integer} NOT NULL
);

-- The content of built-in calendars, and the mirror of all others.
CREATE TABLE objects (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- Where it lies in its collection, in the server's own spelling.
  href TEXT NOT NULL,
  -- The UID of its first event; empty where it has none.
  uid TEXT NOT NULL,
  -- As the server gave it, quotes and all.
  etag TEXT NOT NULL,
  text {bytes} NOT NULL,
  -- No occurrence begins before the one or ends after the other; the smallest and the largest
  -- number where it has no such bound or cannot be read. Reading a week need not read a decade.
  starts_at {integer} NOT NULL,
  ends_at {integer} NOT NULL,
  -- The calendar's revision of its last change.
  revision {integer} NOT NULL,
  PRIMARY KEY (calendar_id, href)
);
CREATE INDEX objects_by_uid ON objects (calendar_id, uid, href);
CREATE INDEX objects_by_end ON objects (calendar_id, ends_at, starts_at);
CREATE INDEX objects_by_revision ON objects (calendar_id, revision);

-- What is gone, so that a reader who knows an older revision learns of it.
CREATE TABLE vanished_objects (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  href TEXT NOT NULL,
  revision {integer} NOT NULL,
  PRIMARY KEY (calendar_id, href)
);

-- What is known of a UID beside its text. It outlives the loss of the mirror.
CREATE TABLE known_uids (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  -- The earliest moment that was ever known of it: rule 4's, where CREATED is not known.
  first_seen {integer} NOT NULL,
  -- Who booked: the user whose key did it, or an address that a server told.
  author_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  author_address TEXT,
  -- Since when it holds its time, as JSON; NULL of what was not seen since.
  claims TEXT,
  -- Reported to be gone, from which place, and what it was like then.
  vanished_at {integer},
  vanished_href TEXT,
  last_text {bytes},
  -- When it was gone for sure.
  ended_at {integer},
  PRIMARY KEY (calendar_id, uid)
);
CREATE INDEX known_uids_vanished ON known_uids (calendar_id, vanished_at) WHERE vanished_href IS NOT NULL;

CREATE TABLE runs (
  id {id},
  -- 'api', 'command line', 'schedule' or 'site'.
  started_by TEXT NOT NULL,
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  key_id {integer} REFERENCES api_keys (id) ON DELETE SET NULL,
  started_at {integer} NOT NULL,
  -- NULL while it is under way, or if its process died.
  finished_at {integer},
  -- Whether it was allowed to go beyond the safety limit.
  is_confirmed BOOLEAN NOT NULL
);
CREATE INDEX runs_by_start ON runs (started_at);

-- Each object that the program deleted, changed or put back, as it was before and after.
CREATE TABLE changes (
  id {id},
  run_id {integer} REFERENCES runs (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  href TEXT NOT NULL,
  uid TEXT NOT NULL,
  -- 'clear', 'request' (somebody deleted it over the API or the site), 'put back', 'import' or 'booking'
  -- (an event is booked on a server, and it is not known whether it was).
  cause TEXT NOT NULL,
  -- Who asked for it; NULL for the command line.
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  -- The object before; NULL where there was none.
  before_text {bytes},
  before_etag TEXT,
  -- The object after; NULL where there is none any more.
  after_text {bytes},
  after_etag TEXT,
  -- 'prepared' before the server was asked, then 'done', 'changed', 'refused' or 'abandoned'.
  state TEXT NOT NULL,
  -- The server's words, where it refused; 'not confirmed' of a deletion that was found to have happened
  -- without an answer that says that it was ours.
  detail TEXT,
  made_at {integer} NOT NULL
);
CREATE INDEX changes_by_object ON changes (calendar_id, href);
CREATE INDEX changes_by_run ON changes (run_id);
CREATE INDEX changes_unsettled ON changes (calendar_id) WHERE state = 'prepared';

-- Each occurrence that a change took out of the calendar.
CREATE TABLE removals (
  id {id},
  change_id {integer} NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
  -- 'deleted cancelled', 'deleted overlapping', 'cancelled overlapping', 'deleted by request' or
  -- 'replaced by an import'.
  kind TEXT NOT NULL,
  -- The original start of the occurrence: what its RECURRENCE-ID names.
  original {integer} NOT NULL,
  starts_at {integer} NOT NULL,
  ends_at {integer} NOT NULL,
  -- The event as reports show it.
  event TEXT NOT NULL,
  -- The staying events that it overlaps, strongest first, as reports show them.
  beside TEXT NOT NULL,
  -- Why nobody is told of it; NULL where somebody is.
  untold TEXT,
  put_back_at {integer},
  put_back_by {integer} REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX removals_by_change ON removals (change_id);

-- Calendars whose safety limit a run met, and that wait for an administrator.
CREATE TABLE confirmations (
  calendar_id {integer} PRIMARY KEY REFERENCES calendars (id) ON DELETE CASCADE,
  run_id {integer} REFERENCES runs (id) ON DELETE SET NULL,
  -- How many objects would lose something.
  objects {integer} NOT NULL,
  -- The UIDs of the objects that it was asked about, as JSON; NULL where those are too many to keep.
  uids TEXT,
  asked_at {integer} NOT NULL
);

CREATE TABLE outbox (
  id {id},
  -- 'removed', 'left alone', 'put back', 'confirmation wanted', 'calendar fails' or
  -- 'calendar works again'.
  kind TEXT NOT NULL,
  calendar_id {integer} REFERENCES calendars (id) ON DELETE CASCADE,
  change_id {integer} REFERENCES changes (id) ON DELETE SET NULL,
  uid TEXT NOT NULL,
  is_recurring BOOLEAN NOT NULL,
  address TEXT NOT NULL,
  -- What the template is told.
  data TEXT NOT NULL,
  -- 'waiting', 'gathered' (kept for the series' next message, due at the latest at due_at), 'joined'
  -- (it went with another), 'over limit', 'refused', 'sent', 'failed' or 'discarded'.
  state TEXT NOT NULL,
  -- Not before; for what is gathered, at the latest.
  due_at {integer} NOT NULL,
  attempts {integer} NOT NULL,
  -- The same at each try, so that a message whose answer was lost is known twice.
  message_id TEXT NOT NULL UNIQUE,
  -- The server's words, or why it does not go.
  detail TEXT,
  -- Which process is sending it, and until when nobody else may.
  holder TEXT,
  held_until {integer},
  created_at {integer} NOT NULL,
  sent_at {integer}
);
CREATE INDEX outbox_by_state ON outbox (state, due_at);
CREATE INDEX outbox_by_series ON outbox (calendar_id, uid);
CREATE INDEX outbox_by_address ON outbox (address, created_at);

-- Which occurrence was announced as lost to whom, or as left alone and why, so that it is not again.
CREATE TABLE announced (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  original {integer} NOT NULL,
  -- 'removed', or the reason why it was left alone.
  reason TEXT NOT NULL,
  winner_uid TEXT NOT NULL,
  -- Who was told: somebody else who loses the same is told all the same.
  address TEXT NOT NULL,
  announced_at {integer} NOT NULL,
  PRIMARY KEY (calendar_id, uid, original, reason, winner_uid, address)
);

CREATE TABLE leases (
  -- What is held, such as 'calendar 7'.
  name TEXT PRIMARY KEY,
  -- Which run of which process holds it.
  holder TEXT NOT NULL,
  -- On the database's clock.
  expires_at {integer} NOT NULL
);

CREATE TABLE idempotency_keys (
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  value TEXT NOT NULL,
  -- SHA-256 of what was asked for.
  request {bytes} NOT NULL,
  -- The id that the first answer gave.
  answer TEXT NOT NULL,
  created_at {integer} NOT NULL,
  PRIMARY KEY (user_id, value)
);

CREATE TABLE sessions (
  -- SHA-256 of the cookie's value.
  token {bytes} PRIMARY KEY,
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at {integer} NOT NULL,
  seen_at {integer} NOT NULL,
  expires_at {integer} NOT NULL,
  -- For the list of one's own sessions.
  address TEXT NOT NULL,
  browser TEXT NOT NULL,
  data TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE one_time_links (
  -- SHA-256 of what stands in the link.
  token {bytes} PRIMARY KEY,
  -- 'first administrator', 'invitation' or 'new password'.
  purpose TEXT NOT NULL,
  user_id {integer} REFERENCES users (id) ON DELETE CASCADE,
  expires_at {integer} NOT NULL
);

-- Who changed which setting.
CREATE TABLE audit (
  id {id},
  happened_at {integer} NOT NULL,
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  -- Who it was then, in words: a user's name, or 'command line'.
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (happened_at);
