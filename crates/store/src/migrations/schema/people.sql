-- The schema of Room Booking, in the order of `mod.rs`, for SQLite and PostgreSQL alike. Three placeholders stand for what the two
-- databases call differently: {id} is a primary key that counts up, {bytes} is a byte string, {integer} is a
-- 64-bit integer.
--
-- docs/schema.md is generated from these files. A comment above a table or a column is its description there;
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
  -- The sign-in name, in lower case. No two users who are there have the same.
  name TEXT NOT NULL,
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
  -- When the password was last changed, or the user deactivated or signed out everywhere: browsers known from before are not known any more.
  browsers_forgotten_at {integer},
  -- When the user was removed; NULL while the user is there. The history goes on to name removed users for
  -- RETENTION_DAYS; then the row is deleted.
  removed_at {integer}
);
CREATE UNIQUE INDEX users_by_name ON users (name) WHERE removed_at IS NULL;
CREATE INDEX users_removed ON users (removed_at) WHERE removed_at IS NOT NULL;

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
  -- Who vouched for the user; NULL for a password or a link of this program.
  vouched_by TEXT CHECK (vouched_by IN ('openid', 'directory')),
  -- What the directory says of the user, as JSON, until the code is entered and it counts.
  vouched TEXT CHECK (vouched IS NULL OR awaits_code),
  -- The IP address and the browser, for the user's list of sessions.
  address TEXT NOT NULL,
  browser TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Who users are to an OpenID Connect provider or an LDAP directory. A user has at most one identity of a kind.
CREATE TABLE identities (
  user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('openid', 'directory')),
  -- The provider's issuer, or the directory's LDAP_BASE.
  issuer TEXT NOT NULL,
  -- What the issuer names the person by, for good: the claim `sub`, or the entryUUID or objectGUID of the entry.
  subject TEXT NOT NULL,
  bound_at {integer} NOT NULL,
  -- The last sign-in.
  used_at {integer} NOT NULL,
  PRIMARY KEY (user_id, kind)
);
CREATE UNIQUE INDEX identities_by_subject ON identities (kind, issuer, subject);

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
  -- The user's name at that time, or '' for the command line and for strangers.
  actor TEXT NOT NULL,
  -- Action and subject stand beside the whole entry, for searching.
  action TEXT NOT NULL CHECK (action IN ('access-refused', 'calendar-added', 'calendar-assigned', 'calendar-changed', 'calendar-removed', 'calendar-unassigned',
    'code-failed', 'database-copied', 'database-restored', 'decision-requested', 'event-restored', 'file-imported', 'identity-bound', 'identity-removed', 'invitation-made', 'key-added', 'key-refused',
    'key-renewed', 'key-revoked', 'message-discarded', 'message-released', 'message-retried',
    'password-link-made', 'password-set', 'pending-kept', 'pending-removed', 'present-password-wrong', 'priority-added', 'priority-removed', 'protection-added',
    'protection-removed', 'recovery-code-used', 'recovery-codes-made', 'second-factor-removed', 'second-factor-set',
    'secret-key-changed', 'server-account-added', 'server-account-removed', 'server-password-set',
    'sign-in-failed', 'signed-in', 'signed-out-everywhere', 'template-added', 'template-changed',
    'template-deleted', 'token-added', 'token-binding-removed', 'token-binding-renewed',
    'token-removed', 'user-activated', 'user-added', 'user-changed', 'user-deactivated', 'user-removed')),
  subject TEXT NOT NULL,
  -- The whole entry, as JSON.
  entry TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (happened_at);

-- How SECRET_KEY becomes the key that encrypts stored secrets (Argon2id): one row, made when it is first
-- needed.
CREATE TABLE key_derivation (
  id {integer} PRIMARY KEY CHECK (id = 1),
  -- Random bytes. They change with the key, so that a process notices that its key is an old one.
  salt {bytes} NOT NULL,
  memory_kib {integer} NOT NULL,
  passes {integer} NOT NULL,
  -- Nothing, sealed with the key of the secrets, once there are any. A process whose key does not open it has
  -- another SECRET_KEY, and stores no secret.
  proof {bytes} NOT NULL
);
