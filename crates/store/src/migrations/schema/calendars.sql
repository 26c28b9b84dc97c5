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
  server_kind TEXT CHECK (server_kind IN ('nextcloud', 'sabre', 'radicale', 'xandikos', 'davical', 'cyrus', 'sogo',
    'rustical', 'zimbra', 'other')),
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
  -- JSON: what its texts are composed of, where it is made by choices; NULL for one that was written.
  choices TEXT,
  -- Whether it comes with the program. Such a template can be copied but not edited.
  is_default BOOLEAN NOT NULL,
  -- Counts the changes. An update names the version it was made on.
  version {integer} NOT NULL
);

-- Logos of templates, apart from them so that listing templates does not read them.
CREATE TABLE template_logos (
  template_id {integer} PRIMARY KEY REFERENCES templates (id) ON DELETE CASCADE,
  -- PNG or JPEG.
  picture {bytes} NOT NULL
);

-- The settings of calendars. State that changes while the program works is in calendar_sync and
-- calendar_health, which have one row for each calendar.
CREATE TABLE calendars (
  id {id},
  -- The name in URLs: [a-z0-9][a-z0-9-]{0,62}. No two calendars that are there have the same.
  slug TEXT NOT NULL,
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
  -- The room itself: building to description, and the picture.
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
  -- Whether the loser of a conflict is removed at once, removed after a warning, or only reported.
  conflicts TEXT NOT NULL CHECK (conflicts IN ('remove', 'warn', 'report')),
  -- How many hours lie between a warning and the removal.
  grace_hours {integer} NOT NULL,
  -- NULL: no messages about this calendar.
  template_id {integer} REFERENCES templates (id) ON DELETE SET NULL,
  announces_deleted BOOLEAN NOT NULL,
  announces_cancelled BOOLEAN NOT NULL,
  announces_leftovers BOOLEAN NOT NULL,
  announces_ignored BOOLEAN NOT NULL,
  -- Cleared every N minutes; NULL for no schedule.
  schedule_minutes {integer},
  -- Looked at every N seconds and cleared when something has changed; NULL if it is not watched.
  watch_seconds {integer},
  -- Whether the room answers invitations. Only on a server, and with a room address.
  answers BOOLEAN NOT NULL,
  -- Whether an event without an organizer that lost its hour within a day is restored at once when that is free again.
  restores_at_once BOOLEAN NOT NULL,
  -- Whether organizers may move their bookings into it by a link.
  takes_moves BOOLEAN NOT NULL,
  -- When it was removed; NULL while it is there. A removed calendar keeps its history and its messages for
  -- RETENTION_DAYS and nothing else; then its row is deleted (decision 47).
  removed_at {integer}
);
CREATE UNIQUE INDEX calendars_by_slug ON calendars (slug) WHERE removed_at IS NULL;
CREATE INDEX calendars_removed ON calendars (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX calendars_by_account ON calendars (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX calendars_by_template ON calendars (template_id) WHERE template_id IS NOT NULL;

-- Pictures of rooms, apart from calendars so that listing calendars does not read them.
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
  -- When the last run by schedule that came to its end began.
  last_scheduled_at {integer},
  -- Which process runs the schedule now, and until when no other takes it over, on the database's clock.
  turn_holder TEXT,
  turn_held_until {integer},
  -- Whether a watch saw that the calendar has changed, and no run has begun since.
  is_changed BOOLEAN NOT NULL,
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
  kept_conflicts {integer},
  -- The calendar's revision when it was last looked at for hours that are free again.
  chances_revision {integer}
);
CREATE INDEX calendar_health_by_holder ON calendar_health (turn_holder) WHERE turn_holder IS NOT NULL;

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
