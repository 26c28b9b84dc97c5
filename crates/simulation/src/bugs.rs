//! Bugs that are planted, so that a test can show that the simulation finds them. None of them is in the
//! program: they are triggers in its database, a calendar server or a mail server that does not do what it
//! says, or settings that the model does not know.
//!
//! To add one: a variant here with the first seed that finds it (`scripts/simulate --bugs` says which), and
//! what it does in `damage` (SQL before the history begins), in `at_start` (SQL whenever a process starts), or
//! where the servers of the simulation ask for it (`request.rs`, `mail.rs`).

/// A planted bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// The calendar server ignores If-Match in the program's writes.
    IfMatchIgnored,
    /// CREATED is believed, whatever the program has witnessed.
    CreatedBelieved,
    /// Since when events hold their intervals is forgotten at each restart.
    ClaimsForgotten,
    /// Changes in doubt are abandoned when a process starts, instead of being watched.
    DoubtForgotten,
    /// Every third removal gets no record.
    RecordLost,
    /// The stored text of an object is not its text as it was.
    TextChanged,
    /// Every third message is not written into the outbox.
    MessageLost,
    /// Every third message is twice in the outbox.
    MessageDoubled,
    /// Emails are sent again although the mail server has taken them.
    EmailTwice,
    /// The mail server says that it has taken emails that it has not.
    EmailLost,
    /// What is restored has other bytes than before.
    RestoreAltered,
    /// Some events are read as if they were free.
    OverlapsOverlooked,
    /// The grace begins before the mail server has taken a warning.
    GraceForgotten,
    /// The server does not keep the room's answers.
    AnswersLost,
    /// Two second chances of one hour are not seen to be of one.
    HourOfferedTwice,
    /// The server says that the winners it is asked for are there as they were.
    ConfirmationFaked,
    /// The server says that it has taken what is moved into another room, and has not.
    MoveLost,
    /// The room that only reports removes.
    ReportForgotten,
    /// Nobody remembers that a decision was asked for, and that the link was used.
    LinkWorksTwice,
}

impl Bug {
    /// All of them.
    pub const ALL: [Bug; 19] = [
        Bug::IfMatchIgnored,
        Bug::CreatedBelieved,
        Bug::ClaimsForgotten,
        Bug::DoubtForgotten,
        Bug::RecordLost,
        Bug::TextChanged,
        Bug::MessageLost,
        Bug::MessageDoubled,
        Bug::EmailTwice,
        Bug::EmailLost,
        Bug::RestoreAltered,
        Bug::OverlapsOverlooked,
        Bug::GraceForgotten,
        Bug::AnswersLost,
        Bug::HourOfferedTwice,
        Bug::ConfirmationFaked,
        Bug::MoveLost,
        Bug::ReportForgotten,
        Bug::LinkWorksTwice,
    ];

    /// A seed whose history found it last time: the test begins with it. A change of the program or of the
    /// simulation may move it; then the test takes longer, and `scripts/simulate --bugs` prints the new one.
    pub fn likely_seed(self) -> u64 {
        match self {
            Bug::IfMatchIgnored | Bug::CreatedBelieved => 2,
            Bug::LinkWorksTwice => 3,
            Bug::GraceForgotten => 4,
            _ => 1,
        }
    }

    /// What is done to the database before the history begins.
    pub(crate) fn damage(self) -> &'static str {
        match self {
            Bug::RecordLost => {
                "CREATE TRIGGER planted AFTER INSERT ON removals WHEN NEW.id % 3 = 0 \
                 BEGIN DELETE FROM removals WHERE id = NEW.id; END"
            }
            Bug::TextChanged => {
                "CREATE TRIGGER planted AFTER INSERT ON changes WHEN NEW.before_text IS NOT NULL \
                 BEGIN UPDATE changes SET before_text = (SELECT MIN(digest) FROM texts) \
                   WHERE id = NEW.id; END"
            }
            Bug::MessageLost => {
                "CREATE TRIGGER planted AFTER INSERT ON outbox WHEN NEW.id % 3 = 0 \
                 BEGIN DELETE FROM outbox WHERE id = NEW.id; END"
            }
            Bug::MessageDoubled => {
                "CREATE TRIGGER planted AFTER INSERT ON outbox WHEN NEW.id % 3 = 0 \
                 BEGIN INSERT INTO outbox (kind, calendar_id, change_id, uid, is_recurring, address, \
                   data, state, due_at, attempts, message_id, created_at, answers_lost) \
                   VALUES (NEW.kind, NEW.calendar_id, NEW.change_id, NEW.uid, NEW.is_recurring, \
                   NEW.address, NEW.data, NEW.state, NEW.due_at, 0, \
                   '<again-' || SUBSTR(NEW.message_id, 2), NEW.created_at, 0); END"
            }
            Bug::GraceForgotten => {
                "CREATE TRIGGER planted AFTER INSERT ON pending_removals \
                 BEGIN UPDATE pending_removals SET warned_at = NEW.made_at - 1000000 WHERE id = NEW.id; END"
            }
            Bug::LinkWorksTwice => {
                "CREATE TRIGGER planted AFTER UPDATE OF used_at ON mail_links \
                 WHEN NEW.act = 'ask' BEGIN UPDATE mail_links SET used_at = NULL WHERE id = NEW.id; END; \
                 CREATE TRIGGER planted_too AFTER UPDATE OF decision ON pending_removals \
                 BEGIN UPDATE pending_removals SET decision = NULL WHERE id = NEW.id; END"
            }
            Bug::HourOfferedTwice => {
                "CREATE TRIGGER planted AFTER INSERT ON second_chances BEGIN UPDATE second_chances \
                   SET starts_at = starts_at + 8640000 * id, ends_at = ends_at + 8640000 * id \
                   WHERE id = NEW.id; END"
            }
            Bug::ReportForgotten => "UPDATE calendars SET conflicts = 'remove'",
            Bug::CreatedBelieved => "UPDATE calendars SET rank_by = 'created'",
            Bug::OverlapsOverlooked => {
                "CREATE TRIGGER planted AFTER INSERT ON objects WHEN NEW.uid GLOB '[a-k]*' \
                 BEGIN UPDATE objects SET text = CAST(REPLACE(CAST(text AS TEXT), \
                   'STATUS:CONFIRMED', 'TRANSP:TRANSPARENT') AS BLOB) WHERE href = NEW.href; END"
            }
            _ => "",
        }
    }

    /// What is done to the database whenever a process starts.
    pub(crate) fn at_start(self) -> &'static str {
        match self {
            Bug::ClaimsForgotten => "UPDATE uid_metadata SET claims = NULL",
            Bug::DoubtForgotten => {
                "UPDATE changes SET state = 'abandoned' WHERE state = 'prepared'"
            }
            _ => "",
        }
    }
}
