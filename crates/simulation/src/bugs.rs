//! Faults that are planted, so that a test can show that the simulation finds them. None of them is in
//! the program: they are triggers in its database, a server or a mail server that does otherwise than it
//! says, or settings that the model does not know of.

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// The calendar server ignores the If-Match of the program's writes.
    IfMatchIgnored,
    /// CREATED is believed, whatever the looks have seen.
    CreatedBelieved,
    /// Since when objects have held their hours is forgotten at each restart.
    ClaimsForgotten,
    /// Changes in doubt are given up when a process starts, instead of being watched.
    DoubtForgotten,
    /// Every third removal gets no record.
    RecordLost,
    /// What is kept of an object is not its text as it was.
    TextChanged,
    /// Every third message is not written into the outbox.
    MessageLost,
    /// Every third message stands in the outbox twice.
    MessageDoubled,
    /// Letters are sent again although the mail server has taken them.
    LetterTwice,
    /// The mail server says that it has taken letters that it has not.
    LetterLost,
    /// What is restored comes out with other bytes.
    RestoreAltered,
    /// Some events are read as if they were free.
    OverlapsOverlooked,
    /// The server says that what the winners are asked for is as it was.
    ConfirmationFaked,
}

impl Bug {
    /// All of them.
    pub const ALL: [Bug; 13] = [
        Bug::IfMatchIgnored,
        Bug::CreatedBelieved,
        Bug::ClaimsForgotten,
        Bug::DoubtForgotten,
        Bug::RecordLost,
        Bug::TextChanged,
        Bug::MessageLost,
        Bug::MessageDoubled,
        Bug::LetterTwice,
        Bug::LetterLost,
        Bug::RestoreAltered,
        Bug::OverlapsOverlooked,
        Bug::ConfirmationFaked,
    ];

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
            Bug::ClaimsForgotten => "UPDATE known_uids SET claims = NULL",
            Bug::DoubtForgotten => {
                "UPDATE changes SET state = 'abandoned' WHERE state = 'prepared'"
            }
            _ => "",
        }
    }
}
