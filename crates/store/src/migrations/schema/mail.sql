-- ## Mail

-- The outbox: messages to send, and messages that were sent. Rows are deleted after RETENTION_DAYS.
CREATE TABLE outbox (
  id {id},
  kind TEXT NOT NULL CHECK (kind IN ('removed', 'kept', 'restored', 'warning', 'warning ended', 'offer', 'conflicts found', 'confirmation wanted', 'calendar fails', 'calendar works again', 'messages held', 'monthly report')),
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
  -- When the first meeting begins that it is about. A message about one within 24 hours goes before all others;
  -- NULL for messages about a calendar.
  meets_at {integer},
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
CREATE INDEX outbox_by_state ON outbox (state, due_at, id);
CREATE INDEX outbox_by_meeting ON outbox (meets_at, due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_by_state_latest ON outbox (state, id);
CREATE INDEX outbox_by_series ON outbox (calendar_id, uid);
CREATE INDEX outbox_by_address ON outbox (address, created_at);
CREATE INDEX outbox_by_try ON outbox (tried_at);
CREATE INDEX outbox_by_time ON outbox (created_at);
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
CREATE INDEX announced_by_time ON announced (announced_at);

-- Pending removals: occurrences that lose their room when the grace is over, of calendars that warn. Rows are deleted
-- RETENTION_DAYS after they ended.
CREATE TABLE pending_removals (
  id {id},
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- The run that made the warning.
  run_id {integer} REFERENCES runs (id) ON DELETE SET NULL,
  -- Where the object lies that loses the occurrence, and its UID.
  href TEXT NOT NULL,
  uid TEXT NOT NULL,
  -- When the occurrence takes place; the end is exclusive.
  starts_at {integer} NOT NULL,
  ends_at {integer} NOT NULL,
  -- The versions of both objects that the warning is about: the SHA-256 of their texts.
  version TEXT NOT NULL,
  winner_version TEXT NOT NULL,
  is_recurring BOOLEAN NOT NULL,
  -- Whether the run had reached the safety limit: the object counts as one of the ten of a day.
  is_at_limit BOOLEAN NOT NULL,
  -- JSON with its version: what is to be removed, for which event and why.
  fact TEXT NOT NULL,
  -- The hours of grace when the warning was made. A change of the setting takes nothing from them.
  grace_hours {integer} NOT NULL,
  made_at {integer} NOT NULL,
  -- The message to the organizer of the loser, or to the contact address; NULL if neither has an address.
  message_id {integer} REFERENCES outbox (id) ON DELETE SET NULL,
  -- The message to the organizer of the winner.
  winner_message_id {integer} REFERENCES outbox (id) ON DELETE SET NULL,
  -- When the mail server took the former: the grace begins.
  warned_at {integer},
  -- What an administrator decided; 'ask': the organizer asks for a decision, and nothing is removed until then.
  decision TEXT CHECK (decision IN ('keep', 'now', 'ask')),
  decided_by {integer} REFERENCES users (id) ON DELETE SET NULL,
  -- When a process last began to remove it.
  tried_at {integer},
  -- NULL while it is pending.
  ended_at {integer},
  outcome TEXT CHECK (outcome IN ('removed', 'gone', 'settled', 'kept', 'over', 'replaced'))
);
CREATE INDEX pending_removals_open ON pending_removals (calendar_id, id) WHERE ended_at IS NULL;
CREATE INDEX pending_removals_due ON pending_removals (starts_at, id) WHERE ended_at IS NULL;
CREATE INDEX pending_removals_by_calendar ON pending_removals (calendar_id, made_at);
CREATE INDEX pending_removals_by_run ON pending_removals (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX pending_removals_by_message ON pending_removals (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX pending_removals_by_winner_message ON pending_removals (winner_message_id) WHERE winner_message_id IS NOT NULL;
CREATE INDEX pending_removals_by_decider ON pending_removals (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX pending_removals_by_end ON pending_removals (ended_at) WHERE ended_at IS NOT NULL;

-- Links in messages that act without a sign-in. Each is for one act, works once, and its address is signed. Rows are
-- deleted RETENTION_DAYS after they expired.
CREATE TABLE mail_links (
  id {id},
  act TEXT NOT NULL CHECK (act IN ('give up', 'move', 'ask', 'restore', 'list')),
  -- Who got it: the change that it makes is recorded as that address's.
  address TEXT NOT NULL,
  -- The message that carries it.
  message_id {integer} REFERENCES outbox (id) ON DELETE SET NULL,
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- The event.
  uid TEXT NOT NULL,
  -- JSON with its version: the organizer and the occurrences that it is about, with their times.
  subject TEXT NOT NULL,
  made_at {integer} NOT NULL,
  -- From then on it does not work.
  expires_at {integer} NOT NULL,
  used_at {integer},
  -- Of a move: the calendar in which the event is being booked, and the version that is moved (SHA-256 of its text).
  wanted_id {integer} REFERENCES calendars (id) ON DELETE SET NULL,
  version TEXT,
  -- When a process last tried to finish the move.
  tried_at {integer},
  -- The calendar in which the event is booked already; what is left is to remove it from this one.
  target_id {integer} REFERENCES calendars (id) ON DELETE SET NULL,
  -- The change that it made.
  change_id {integer} REFERENCES changes (id) ON DELETE SET NULL
);
CREATE INDEX mail_links_by_message ON mail_links (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX mail_links_by_calendar ON mail_links (calendar_id);
CREATE INDEX mail_links_by_change ON mail_links (change_id) WHERE change_id IS NOT NULL;
CREATE INDEX mail_links_by_wanted ON mail_links (wanted_id) WHERE wanted_id IS NOT NULL;
CREATE INDEX mail_links_by_target ON mail_links (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX mail_links_unfinished ON mail_links (id) WHERE target_id IS NOT NULL AND used_at IS NULL;
CREATE INDEX mail_links_by_expiry ON mail_links (expires_at);

-- Second chances: hours that became free again after an event had lost them.
CREATE TABLE second_chances (
  id {id},
  calendar_id {integer} NOT NULL REFERENCES calendars (id) ON DELETE CASCADE,
  -- The removal that is to be undone.
  removal_id {integer} NOT NULL UNIQUE REFERENCES removals (id) ON DELETE CASCADE,
  starts_at {integer} NOT NULL,
  -- Exclusive.
  ends_at {integer} NOT NULL,
  -- Since when it is known that the hour is free.
  free_since {integer} NOT NULL,
  -- When a process last worked on it.
  tried_at {integer},
  -- When it was offered, by which message, and until when that holds.
  offered_at {integer},
  message_id {integer} REFERENCES outbox (id) ON DELETE SET NULL,
  expires_at {integer},
  -- NULL while it is open.
  ended_at {integer},
  outcome TEXT CHECK (outcome IN ('restored', 'expired', 'taken', 'nobody'))
);
CREATE INDEX second_chances_open ON second_chances (calendar_id, starts_at) WHERE ended_at IS NULL;
CREATE INDEX second_chances_by_calendar ON second_chances (calendar_id, starts_at);
CREATE INDEX second_chances_by_message ON second_chances (message_id) WHERE message_id IS NOT NULL;

-- Webhooks: messages to the addresses of WEBHOOK_URLS, a row for each address. Written in the transaction that records
-- what they are about. Rows are deleted after RETENTION_DAYS.
CREATE TABLE webhooks (
  id {id},
  -- The header `webhook-id`: the same for all addresses and attempts.
  message_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('booking.removed', 'booking.released', 'booking.restored', 'booking.warned', 'calendar.failed', 'calendar.recovered', 'webhook.test')),
  -- The address: how its SHA-256 begins, in hexadecimal digits, because an address may hold a secret.
  endpoint TEXT NOT NULL,
  -- The calendar that it is about.
  calendar_id {integer} REFERENCES calendars (id) ON DELETE CASCADE,
  -- JSON: the body.
  payload TEXT NOT NULL,
  -- 'held': it was waiting in a backup that was restored, and an administrator decides.
  state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'sent', 'failed', 'discarded')),
  -- Not sent before.
  due_at {integer} NOT NULL,
  attempts {integer} NOT NULL,
  -- The status of the last answer, and what is to be said of it.
  status {integer},
  detail TEXT,
  -- Which process is sending it, and until when no other may.
  holder TEXT,
  held_until {integer},
  created_at {integer} NOT NULL,
  -- The last attempt.
  tried_at {integer},
  -- When the receiver answered that it has it.
  sent_at {integer},
  UNIQUE (message_id, endpoint)
);
CREATE INDEX webhooks_due ON webhooks (due_at, id) WHERE state = 'waiting';
CREATE INDEX webhooks_by_time ON webhooks (created_at);
CREATE INDEX webhooks_by_calendar ON webhooks (calendar_id) WHERE calendar_id IS NOT NULL;
