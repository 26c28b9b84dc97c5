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
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

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

-- Since when more than a day's worth is older than RETENTION_DAYS or AUDIT_RETENTION_DAYS: perhaps a clock is wrong, and
-- no more than a day's worth is deleted at once until that has been so for a day. No row if it is not.
CREATE TABLE retention (
  what TEXT PRIMARY KEY CHECK (what IN ('history', 'audit')),
  backlog_since {integer} NOT NULL
);

-- What a server process writes to find out whether the database can be written (/readyz), at most every 2
-- seconds. It has one row.
CREATE TABLE probe (
  id {integer} PRIMARY KEY,
  -- On the database's clock.
  written_at {integer} NOT NULL
);

-- Server processes that run on the database, so that no restore replaces its content under one. Each writes its row
-- every 10 seconds, and deletes it when it ends.
CREATE TABLE servers (
  -- The run of the process.
  process TEXT PRIMARY KEY,
  started_at {integer} NOT NULL,
  -- When it last wrote its row, on the database's clock.
  seen_at {integer} NOT NULL
);

-- Restores: this content comes from a backup.
CREATE TABLE restores (
  id {id},
  -- Random; a server that is still running recognises by it that its database is another one.
  mark TEXT NOT NULL UNIQUE,
  backup_made_at {integer} NOT NULL,
  restored_at {integer} NOT NULL
);

-- The daily backup into BACKUP_DIR, which one process makes: one row.
CREATE TABLE scheduled_backups (
  id {integer} PRIMARY KEY CHECK (id = 1),
  -- When a process last began one, and when the last one began that succeeded.
  tried_at {integer} NOT NULL,
  made_at {integer},
  -- The file of the latter, and its size in bytes.
  file TEXT,
  bytes {integer},
  -- Why the last one failed; NULL if it succeeded.
  failure TEXT
);
