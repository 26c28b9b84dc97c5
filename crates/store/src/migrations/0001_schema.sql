-- The schema of Room Booking, for SQLite and PostgreSQL alike. Three placeholders stand for what the two
-- databases call differently: {id} is a primary key that counts up, {bytes} is a byte string, {integer} is a
-- 64-bit integer.
--
-- docs/schema.md is generated from this file. A comment above a table or a column is its description there;
-- `-- ##` begins a section. One column, constraint or index ends with a comma or a semicolon at the end of a
-- line.
--
-- Every column `..._at` is a moment: seconds since 1970-01-01T00:00:00Z. Columns that hold JSON say so. A
-- column with a fixed set of words has a CHECK; tests compare these words with the enums in the code. Every
-- foreign key has an index.

-- ## People and access

-- People who sign in or own API keys.
CREATE TABLE users (
  id {id},
  -- The sign-in name, in lower case.
  name TEXT NOT NULL UNIQUE,
  -- Email address; also the organizer of events that the user books without naming one.
  address TEXT,
  -- Argon2id hash in PHC format; NULL until the user has set a password.
  password TEXT,
  -- Administrators manage calendars, users and templates.
  is_administrator BOOLEAN NOT NULL,
  -- Deactivated users cannot sign in, and their keys do not work.
  is_active BOOLEAN NOT NULL,
  -- Counts the changes of address, role and activity. An update names the version it was made on.
  version {integer} NOT NULL,
  created_at {integer} NOT NULL,
  -- When the user was last signed out everywhere: browsers known from before are not known any more.
  browsers_forgotten_at {integer}
);

-- API keys. The key itself is shown once and not stored.
CREATE TABLE api_keys (
  id {id},
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- The name that its user gave it.
  name TEXT NOT NULL,
  -- The first characters of the key, by which it is found and recognised.
  prefix TEXT NOT NULL UNIQUE,
  -- SHA-256 of the key. The key has 230 random bits, so no slow hash is needed.
  hash {bytes} NOT NULL,
  can_read BOOLEAN NOT NULL,
  can_create BOOLEAN NOT NULL,
  can_change BOOLEAN NOT NULL,
  can_delete BOOLEAN NOT NULL,
  can_preview BOOLEAN NOT NULL,
  can_clear BOOLEAN NOT NULL,
  can_freebusy BOOLEAN NOT NULL,
  -- Whether the key reaches only those of the user's calendars that api_key_calendars lists.
  is_limited BOOLEAN NOT NULL,
  created_at {integer} NOT NULL,
  expires_at {integer},
  revoked_at {integer},
  -- When its user was deactivated. It does not work again before an administrator renews it.
  suspended_at {integer},
  -- Accurate to the minute.
  last_used_at {integer}
);
CREATE INDEX api_keys_by_user ON api_keys (user_id);

-- How many events a key has created on the last day on which it created any, for the limit of a day.
CREATE TABLE api_key_events (
  key_id {integer} PRIMARY KEY REFERENCES api_keys (id) ON DELETE CASCADE,
  -- Days since 1970, in UTC.
  day {integer} NOT NULL,
  number {integer} NOT NULL
);

-- Sessions of the administration site.
CREATE TABLE sessions (
  -- SHA-256 of the cookie's value.
  token {bytes} PRIMARY KEY,
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at {integer} NOT NULL,
  -- The last request, accurate to the minute.
  seen_at {integer} NOT NULL,
  expires_at {integer} NOT NULL,
  -- Whether the password was right, but the code of the second factor is still missing.
  awaits_code BOOLEAN NOT NULL,
  -- The IP address and the browser, for the user's list of sessions.
  address TEXT NOT NULL,
  browser TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- The second factors of users: the key of an app that shows codes (TOTP, RFC 6238).
CREATE TABLE second_factors (
  user_id {integer} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  -- The key, encrypted with XChaCha20-Poly1305 for this row: nonce, then ciphertext.
  app_key {bytes} NOT NULL,
  -- The step of the clock (30 seconds) whose code was used last. No code works twice.
  last_step {integer} NOT NULL,
  set_at {integer} NOT NULL
);

-- Codes that each replace the app once.
CREATE TABLE recovery_codes (
  -- SHA-256 of the code. It has 139 random bits, so no slow hash is needed.
  code {bytes} PRIMARY KEY,
  user_id {integer} NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

-- Links that work once: to create the first administrator, or to set a password.
CREATE TABLE one_time_links (
  -- SHA-256 of the secret in the link.
  token {bytes} PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('first administrator', 'invitation', 'new password')),
  -- NULL for the first administrator.
  user_id {integer} REFERENCES users (id) ON DELETE CASCADE,
  expires_at {integer} NOT NULL
);
CREATE INDEX one_time_links_by_user ON one_time_links (user_id);

-- The audit trail: who changed which setting, who signed in, and who was refused. Rows are deleted after
-- AUDIT_RETENTION_DAYS.
CREATE TABLE audit (
  id {id},
  happened_at {integer} NOT NULL,
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  -- The user's name at that time, or '' for the command line and for strangers.
  actor TEXT NOT NULL,
  -- Action and subject stand beside the whole entry, for searching.
  action TEXT NOT NULL CHECK (action IN ('access-refused', 'calendar-added', 'calendar-assigned', 'calendar-changed', 'calendar-unassigned',
    'code-failed', 'event-restored', 'file-imported', 'invitation-made', 'key-added', 'key-refused',
    'key-renewed', 'key-revoked', 'message-discarded', 'message-released', 'message-retried',
    'password-link-made', 'password-set', 'present-password-wrong', 'priority-added', 'priority-removed', 'protection-added',
    'protection-removed', 'recovery-code-used', 'recovery-codes-made', 'second-factor-removed', 'second-factor-set',
    'secret-key-changed', 'server-account-added', 'server-account-removed', 'server-password-set',
    'sign-in-failed', 'signed-in', 'signed-out-everywhere', 'template-added', 'template-changed',
    'template-deleted', 'token-added', 'token-binding-removed', 'token-binding-renewed',
    'token-removed', 'user-activated', 'user-added', 'user-changed', 'user-deactivated')),
  subject TEXT NOT NULL,
  -- The whole entry, as JSON.
  entry TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (happened_at);
CREATE INDEX audit_by_user ON audit (user_id) WHERE user_id IS NOT NULL;

-- How SECRET_KEY becomes the key that encrypts stored secrets (Argon2id): one row, made when it is first
-- needed.
CREATE TABLE key_derivation (
  id {integer} PRIMARY KEY CHECK (id = 1),
  -- Random bytes. They change with the key, so that a process notices that its key is an old one.
  salt {bytes} NOT NULL,
  memory_kib {integer} NOT NULL,
  passes {integer} NOT NULL
);

-- ## Calendars

-- Accounts on CalDAV servers.
CREATE TABLE accounts (
  id {id},
  -- The name that people see.
  name TEXT NOT NULL,
  -- The URL at which discovery starts.
  url TEXT NOT NULL,
  user_name TEXT NOT NULL,
  -- 'basic' is a user name and a password (RFC 7617), 'bearer' a token (RFC 6750).
  sign_in TEXT NOT NULL CHECK (sign_in IN ('basic', 'bearer')),
  -- The password or token, encrypted with XChaCha20-Poly1305 for this row and the server of its URL: nonce,
  -- then ciphertext.
  password {bytes},
  -- Counts the changes of the password. A refusal by the server names the version that was refused.
  version {integer} NOT NULL,
  -- When the server refused the password (401). There are no further requests until it is changed.
  refused_at {integer},
  -- The server software and its version, as far as the server tells; they select the workarounds.
  server_kind TEXT,
  server_version TEXT,
  -- Whether an administrator allows HTTP without TLS to another host.
  allows_plain_http BOOLEAN NOT NULL
);

-- Templates of email messages (Jinja2).
CREATE TABLE templates (
  id {id},
  name TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  text_body TEXT NOT NULL,
  html_body TEXT,
  -- Whether it comes with the program. Such a template can be copied but not edited.
  is_default BOOLEAN NOT NULL,
  -- Counts the changes. An update names the version it was made on.
  version {integer} NOT NULL
);

-- The settings of calendars. State that changes while the program works is in calendar_sync and
-- calendar_health, which have one row for each calendar.
CREATE TABLE calendars (
  id {id},
  -- The name in URLs: [a-z0-9][a-z0-9-]{0,62}.
  slug TEXT NOT NULL UNIQUE,
  -- The name that people see.
  name TEXT NOT NULL,
  -- IANA name of the time zone for floating times, for dates and for display.
  zone TEXT NOT NULL,
  -- The room's own email address. An event that this attendee declined does not block.
  room_address TEXT,
  -- Receives the messages about events without an organizer.
  contact_address TEXT,
  -- Counts the changes of settings. An update names the version it was made on.
  version {integer} NOT NULL,
  -- Counts the changes of the content and of the rules that apply to it. Raising it locks the calendar for a
  -- transaction (decision 8).
  revision {integer} NOT NULL,
  -- The room itself. Building to description, and the picture, are for section 9, rooms that people find; the
  -- API and the site do not show them yet.
  building TEXT,
  floor TEXT,
  -- Number of seats.
  capacity {integer},
  -- JSON: a list of words such as "projector".
  features TEXT NOT NULL,
  description TEXT,
  -- Where the events are kept: in this database, or on a CalDAV server.
  backend TEXT NOT NULL CHECK (backend IN ('built-in', 'caldav')),
  account_id {integer} REFERENCES accounts (id),
  -- The collection on the server (RFC 4791 section 4.2). One collection belongs to one calendar only.
  collection_url TEXT UNIQUE,
  -- The collection's identity as the server states it, the same for every URL that leads to it. NULL until
  -- the server has been asked.
  collection_identity TEXT UNIQUE,
  -- Which conditional requests the server was shown to honour ('put delete create'); NULL before the test.
  conditions TEXT,
  -- Whether a deletion lets the server reply to the organizer (FALSE: Schedule-Reply: F, RFC 6638 section
  -- 8.1).
  sends_replies BOOLEAN NOT NULL,
  -- Whether the server is asked for the author of an event (Nextcloud's Activity app).
  asks_authors BOOLEAN NOT NULL,
  -- Whether the collection is shared with the account by somebody else. Servers hide parts of such events.
  is_shared_in BOOLEAN NOT NULL,
  -- The policy: see docs/rules.md.
  horizon_days {integer} NOT NULL,
  tolerance_minutes {integer} NOT NULL,
  safety_limit {integer} NOT NULL,
  free_blocks BOOLEAN NOT NULL,
  -- Whether a time with an unknown TZID makes its object unreadable ('refuse') or is in the calendar's zone.
  unknown_zone TEXT NOT NULL CHECK (unknown_zone IN ('refuse', 'calendar')),
  rank_by TEXT NOT NULL CHECK (rank_by IN ('held since', 'created')),
  -- NULL: no messages about this calendar.
  template_id {integer} REFERENCES templates (id) ON DELETE SET NULL,
  announces_deleted BOOLEAN NOT NULL,
  announces_cancelled BOOLEAN NOT NULL,
  announces_leftovers BOOLEAN NOT NULL,
  announces_ignored BOOLEAN NOT NULL,
  -- Cleared every N minutes; NULL for no schedule.
  schedule_minutes {integer}
);
CREATE INDEX calendars_by_account ON calendars (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX calendars_by_template ON calendars (template_id) WHERE template_id IS NOT NULL;

-- Pictures of rooms (for section 9), apart from calendars so that listing calendars does not read them.
CREATE TABLE calendar_pictures (
  calendar_id {integer} PRIMARY KEY REFERENCES calendars (id) ON DELETE CASCADE,
  -- For instance image/png.
  media_type TEXT NOT NULL,
  picture {bytes} NOT NULL
);

-- How far the mirror of a calendar on a CalDAV server is. Built-in calendars have a row without values.
CREATE TABLE calendar_sync (
  calendar_id {integer} PRIMARY KEY REFERENCES calendars (id) ON DELETE CASCADE,
  -- The server's name of the mirrored state: a sync-token (RFC 6578), or a ctag on servers without
  -- sync-collection.
  sync_token TEXT,
  ctag TEXT,
  -- When the mirror was last equal to the server's content; NULL before the first fetch has ended.
  synced_at {integer},
  -- How many objects the first fetch has brought, and of how many; NULL when none is running.
  fetched {integer},
  to_fetch {integer},
  -- Number of mirrored objects, so that a lost row is noticed.
  mirrored {integer} NOT NULL,
  -- How many of them have no known ETag and are read again.
  unread {integer} NOT NULL,
  -- Counts the updates of the mirror. A sync that started from an older generation writes nothing.
  generation {integer} NOT NULL,
  -- When the last complete listing began. What it did not see was not there then.
  listed_at {integer},
  -- Number of complete listings. They order claims, because two may begin within one second.
  looks {integer} NOT NULL,
  -- How often the mirror came to be in doubt, and how many of these doubts a comparison with all ETags of the
  -- server has ended.
  doubts {integer} NOT NULL,
  doubts_ended {integer} NOT NULL,
  -- When the mirror was last compared with all ETags of the server, and how many objects differed.
  audited_at {integer},
  audit_found {integer} NOT NULL
);

-- Whether a calendar works, and what the last scan for conflicts found.
CREATE TABLE calendar_health (
  calendar_id {integer} PRIMARY KEY REFERENCES calendars (id) ON DELETE CASCADE,
  -- When the schedule last started a run.
  last_scheduled_at {integer},
  -- When a real run, however it was started, last succeeded.
  cleared_at {integer},
  -- Since when all runs have failed, and the last failure.
  failing_since {integer},
  failure TEXT,
  -- Whether the administrators were notified of it.
  failure_announced BOOLEAN NOT NULL,
  -- When the calendar was last scanned for conflicts, and when that was last tried.
  scanned_at {integer},
  scan_tried_at {integer},
  -- The calendar's revision at that scan.
  scanned_revision {integer},
  -- How many overlaps a clear would remove, and how many it would keep because they are protected or have
  -- started.
  conflicts {integer},
  kept_conflicts {integer}
);

-- Which calendars a user has.
CREATE TABLE calendar_users (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (calendar_id, user_id)
);
CREATE INDEX calendar_users_by_user ON calendar_users (user_id);

-- The calendars that a limited API key reaches.
CREATE TABLE api_key_calendars (
  key_id {integer} NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  PRIMARY KEY (key_id, calendar_id)
);
CREATE INDEX api_key_calendars_by_calendar ON api_key_calendars (calendar_id);

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
  UNIQUE (token_id, calendar_id, uid)
);
CREATE INDEX token_bindings_by_uid ON token_bindings (calendar_id, uid);

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
CREATE INDEX uid_metadata_by_author ON uid_metadata (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX uid_metadata_by_text ON uid_metadata (last_text) WHERE last_text IS NOT NULL;

-- ## History

-- Runs of clearing. Rows are deleted after RETENTION_DAYS, as all of the history.
CREATE TABLE runs (
  id {id},
  started_by TEXT NOT NULL CHECK (started_by IN ('api', 'command line', 'schedule', 'site')),
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  key_id {integer} REFERENCES api_keys (id) ON DELETE SET NULL,
  started_at {integer} NOT NULL,
  -- NULL while it is running, or if its process died.
  finished_at {integer},
  -- Whether the safety limit was lifted, and nothing that waited was left out.
  is_confirmed BOOLEAN NOT NULL,
  -- On how many calendars it ran.
  calendars {integer} NOT NULL
);
CREATE INDEX runs_by_start ON runs (started_at);
CREATE INDEX runs_by_user ON runs (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX runs_by_key ON runs (key_id) WHERE key_id IS NOT NULL;

-- The outcome of a run on a calendar. Runs by schedule or on many calendars have rows only for calendars that
-- need attention.
CREATE TABLE run_calendars (
  run_id {integer} NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- 'left': conflicts remain that need attention. 'limit': the safety limit was reached.
  outcome TEXT NOT NULL CHECK (outcome IN ('cleared', 'left', 'limit', 'failed')),
  -- How many events remain, or are beyond the safety limit.
  events {integer} NOT NULL,
  -- Why it failed.
  detail TEXT,
  PRIMARY KEY (run_id, calendar_id)
);
CREATE INDEX run_calendars_by_calendar ON run_calendars (calendar_id, run_id);

-- Each object that the program deleted, changed or restored, with its text before and after.
CREATE TABLE changes (
  id {id},
  -- NULL for a change that somebody requested.
  run_id {integer} REFERENCES runs (id) ON DELETE CASCADE,
  -- Whether more would go than the safety limit allows: such changes count as one of the ten of a day.
  is_at_limit BOOLEAN NOT NULL,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  href TEXT NOT NULL,
  uid TEXT NOT NULL,
  -- 'request': a deletion or change over the API or the site. 'booking': a new event on a server while it is
  -- not known whether the server has it.
  cause TEXT NOT NULL CHECK (cause IN ('clear', 'request', 'restore', 'import', 'booking')),
  -- Who asked for it, and how; NULL for changes of a run.
  asked_by TEXT CHECK (asked_by IN ('api', 'command line', 'schedule', 'site')),
  user_id {integer} REFERENCES users (id) ON DELETE SET NULL,
  key_id {integer} REFERENCES api_keys (id) ON DELETE SET NULL,
  -- The object before; NULL where there was none.
  before_text {bytes} REFERENCES texts (digest),
  before_etag TEXT,
  -- The object after; NULL where there is none.
  after_text {bytes} REFERENCES texts (digest),
  after_etag TEXT,
  -- 'prepared' before the request is sent to the server, and while its result is in doubt.
  state TEXT NOT NULL CHECK (state IN ('prepared', 'done', 'changed', 'refused', 'abandoned')),
  -- JSON: the record and the messages to write once a prepared change is done.
  intent TEXT,
  -- The server's words where it refused; 'not confirmed' for a deletion that took effect without a response.
  detail TEXT,
  -- Whether another object with the same UID was in the calendar.
  has_twin BOOLEAN NOT NULL,
  -- Whether, while the change is in doubt, another request for the same was carried out: this one may yet
  -- arrive and change what was written since.
  is_overtaken BOOLEAN NOT NULL,
  made_at {integer} NOT NULL
);
CREATE INDEX changes_by_object ON changes (calendar_id, href);
CREATE INDEX changes_by_calendar ON changes (calendar_id, id);
CREATE INDEX changes_by_run ON changes (run_id);
CREATE INDEX changes_by_time ON changes (made_at, id);
CREATE INDEX changes_in_doubt ON changes (calendar_id) WHERE state = 'prepared';
CREATE INDEX changes_by_user ON changes (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX changes_by_key ON changes (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX changes_by_text_before ON changes (before_text) WHERE before_text IS NOT NULL;
CREATE INDEX changes_by_text_after ON changes (after_text) WHERE after_text IS NOT NULL;

-- Each occurrence that a change removed.
CREATE TABLE removals (
  id {id},
  change_id {integer} NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('deleted cancelled', 'deleted overlapping', 'cancelled overlapping', 'deleted by request', 'replaced by an import', 'cancelled by request', 'changed by request')),
  -- The original start of the occurrence (its RECURRENCE-ID).
  original {integer} NOT NULL,
  starts_at {integer} NOT NULL,
  -- Exclusive.
  ends_at {integer} NOT NULL,
  -- UID, name and organizer of the event, for searching.
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  organizer TEXT,
  -- Whether its name is hidden from others (CLASS).
  is_private BOOLEAN NOT NULL,
  -- JSON with its version: what was removed and why.
  fact TEXT NOT NULL,
  -- Why nobody is notified; NULL where somebody is.
  not_notified_reason TEXT,
  restored_at {integer},
  restored_by {integer} REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX removals_by_change ON removals (change_id);
CREATE INDEX removals_by_kind ON removals (kind, id);
CREATE INDEX removals_by_restorer ON removals (restored_by) WHERE restored_by IS NOT NULL;

-- Open confirmation requests: calendars on which a run reached the safety limit.
CREATE TABLE confirmations (
  calendar_id {integer} PRIMARY KEY REFERENCES calendars (id) ON DELETE CASCADE,
  -- The run that asked first.
  run_id {integer} REFERENCES runs (id) ON DELETE SET NULL,
  -- How many objects would lose overlaps.
  objects {integer} NOT NULL,
  -- JSON: the UIDs of these objects; NULL where they are too many.
  uids TEXT
);
CREATE INDEX confirmations_by_run ON confirmations (run_id) WHERE run_id IS NOT NULL;

-- ## Mail

-- The outbox: messages to send, and messages that were sent. Rows are deleted after RETENTION_DAYS.
CREATE TABLE outbox (
  id {id},
  kind TEXT NOT NULL CHECK (kind IN ('removed', 'kept', 'restored', 'confirmation wanted', 'calendar fails', 'calendar works again', 'messages held')),
  calendar_id {integer} REFERENCES calendars (id) ON DELETE CASCADE,
  change_id {integer} REFERENCES changes (id) ON DELETE SET NULL,
  -- The event; empty for messages about a calendar.
  uid TEXT NOT NULL,
  is_recurring BOOLEAN NOT NULL,
  -- The recipient.
  address TEXT NOT NULL,
  -- JSON: the variables of the template.
  data TEXT NOT NULL,
  -- 'gathered': kept for the next message about the series. 'joined': sent as a part of another message.
  -- 'over limit': the recipient has had enough messages that day. 'held': too many messages of a day go to
  -- addresses outside the sender's domain, and an administrator decides. 'refused': not an allowed recipient.
  state TEXT NOT NULL CHECK (state IN ('waiting', 'gathered', 'joined', 'over limit', 'held', 'refused', 'sent', 'failed', 'discarded')),
  -- Not sent before; for gathered messages, sent at the latest.
  due_at {integer} NOT NULL,
  attempts {integer} NOT NULL,
  -- The same for each attempt, so that the recipient's server can recognise a repetition.
  message_id TEXT NOT NULL UNIQUE,
  -- The server's reply, or why the message is not sent.
  detail TEXT,
  -- Which process is sending it, and until when no other may.
  holder TEXT,
  held_until {integer},
  created_at {integer} NOT NULL,
  -- The first attempt; a message is given up two days later.
  first_tried_at {integer},
  -- The last attempt, for the limit of messages a minute.
  tried_at {integer},
  -- Set right before the message is transmitted, and cleared with the server's reply. If a worker finds it
  -- set, the reply was lost, and the server may have the message.
  transmission_started_at {integer},
  -- How often the reply was lost.
  answers_lost {integer} NOT NULL,
  -- When the recipient's server accepted it.
  sent_at {integer},
  -- Who caused it: the user who booked the event, otherwise the user, and the key, that changed it; NULL if
  -- its organizer wrote it into the calendar.
  caused_by_user {integer} REFERENCES users (id) ON DELETE SET NULL,
  caused_by_key {integer} REFERENCES api_keys (id) ON DELETE SET NULL,
  -- When it was let out to an address outside the sender's domain, for the limits of a day.
  admitted_at {integer},
  -- The blind copies that are tried again, with commas between; the message itself was sent then.
  copies TEXT
);
CREATE INDEX outbox_by_state ON outbox (state, due_at);
CREATE INDEX outbox_by_state_latest ON outbox (state, id);
CREATE INDEX outbox_by_series ON outbox (calendar_id, uid);
CREATE INDEX outbox_by_address ON outbox (address, created_at);
CREATE INDEX outbox_by_try ON outbox (tried_at);
CREATE INDEX outbox_by_change ON outbox (change_id) WHERE change_id IS NOT NULL;
CREATE INDEX outbox_by_user ON outbox (caused_by_user, admitted_at) WHERE caused_by_user IS NOT NULL;
CREATE INDEX outbox_by_key ON outbox (caused_by_key) WHERE caused_by_key IS NOT NULL;
CREATE INDEX outbox_by_admission ON outbox (admitted_at) WHERE admitted_at IS NOT NULL;

-- Test messages to addresses outside the sender's domain, for the limits of a day. They go past the outbox, and
-- rows are deleted after a day, with the next one.
CREATE TABLE test_messages (
  id {id},
  -- Who sent it; NULL for the command line.
  caused_by_user {integer} REFERENCES users (id) ON DELETE SET NULL,
  admitted_at {integer} NOT NULL
);
CREATE INDEX test_messages_by_admission ON test_messages (admitted_at);
CREATE INDEX test_messages_by_user ON test_messages (caused_by_user) WHERE caused_by_user IS NOT NULL;

-- What was announced to whom, so that it is not announced again. Rows are deleted after RETENTION_DAYS.
CREATE TABLE announced (
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  uid TEXT NOT NULL,
  -- The original start of the occurrence.
  original {integer} NOT NULL,
  -- 'removed', or the reason why it was kept.
  reason TEXT NOT NULL CHECK (reason IN ('removed', 'started', 'prioritised', 'protected', 'tolerated', 'free', 'changed', 'refused', 'pending', 'report', 'limit')),
  -- The UID of the event that has the room.
  winner_uid TEXT NOT NULL,
  address TEXT NOT NULL,
  announced_at {integer} NOT NULL,
  PRIMARY KEY (calendar_id, uid, original, reason, winner_uid, address)
);

-- ## Coordination

-- Locks that outlive a transaction, such as 'calendar 7'. Rows are deleted when they are released, or a day
-- after they expired.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  -- The run of the process that holds it.
  holder TEXT NOT NULL,
  -- On the database's clock.
  expires_at {integer} NOT NULL
);

-- Responses to requests with an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotency_keys (
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  value TEXT NOT NULL,
  -- SHA-256 of the request.
  request {bytes} NOT NULL,
  -- The id in the first response.
  answer TEXT NOT NULL,
  -- FALSE while it is not known whether the server has the event.
  is_done BOOLEAN NOT NULL,
  created_at {integer} NOT NULL,
  PRIMARY KEY (user_id, value)
);

-- Pauses that servers asked for (429, or 503 with Retry-After). They hold for all calendars of the server,
-- for all server processes, and after a restart. Rows are deleted when they are over.
CREATE TABLE server_pauses (
  -- Host and port.
  server TEXT PRIMARY KEY,
  until_at {integer} NOT NULL,
  -- The HTTP status and the server's words.
  status {integer} NOT NULL,
  words TEXT NOT NULL
);
