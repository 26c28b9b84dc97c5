//! What a decision comes to: changes of single objects.

use facts::RemovalKind;
use ical::Moment;
use store::CalendarId;
use store::history::{ByRun, Cause, NewChange, Starter};
use store::objects::Resource;

use crate::changes::intent::Intent;
use crate::room::backend::{Version, version_of};
use crate::room::on_server::OnServer;

/// Who makes a change, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct By {
    /// The run that makes it.
    pub run: Option<ByRun>,
    /// Why.
    pub cause: Cause,
    /// Who asked for it, and how; `None` of a run.
    pub asked: Option<Starter>,
}

impl By {
    /// Somebody who asks for it.
    pub fn request(cause: Cause, asked: Starter) -> By {
        By { run: None, cause, asked: Some(asked) }
    }

    /// A run of clearing.
    pub fn run(run: ByRun) -> By {
        By { run: Some(run), cause: Cause::Clear, asked: None }
    }
}

/// A change of one object.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// Where the object lies.
    pub href: String,
    /// Its UID.
    pub uid: String,
    /// The object that it was decided on; `None` where there is to be none.
    pub before: Option<Resource>,
    /// The object after it; `None` to delete it.
    pub after: Option<Vec<u8>>,
    /// The record and the messages to write once it is made.
    pub intent: Intent,
    /// Whether the program has seen that nobody holds the intervals that it comes to hold. After a crash nobody
    /// knows.
    pub was_free: bool,
}

impl Change {
    /// The version that it was decided on.
    pub fn version(&self) -> Option<Version<'_>> {
        self.before.as_ref().map(version_of)
    }

    /// It as the history keeps it: in this calendar, with the ETag of what was written, where that is known.
    pub fn row<'r>(
        &'r self,
        by: &By,
        calendar: CalendarId,
        etag: Option<&'r str>,
        now: Moment,
    ) -> NewChange<'r> {
        NewChange {
            run: by.run,
            calendar,
            href: &self.href,
            uid: &self.uid,
            // The rest of a series that somebody divides is a booking, too: a new event has no history.
            cause: if self.is_booking() { Cause::Booking } else { by.cause },
            asked: by.asked,
            before: self.version().map(|it| (it.text, it.etag)),
            after: self.after.as_deref().map(|text| (text, etag)),
            now: now.0,
        }
    }

    /// Whether a server refuses it once somebody else has written its object, also if it carries the request out
    /// late.
    pub fn is_honoured_by(&self, server: &OnServer) -> bool {
        let honoured = server.collection.conditions();
        match (&self.before, &self.after) {
            (None, _) => honoured.on_create,
            (Some(_), Some(_)) => honoured.on_put,
            (Some(_), None) => honoured.on_delete,
        }
    }

    /// The text before it.
    pub fn text_before(&self) -> Option<&[u8]> {
        self.before.as_ref().map(|it| it.text.as_slice())
    }

    /// Whether an import brings an object that was not there.
    pub fn is_imported_anew(&self) -> bool {
        self.before.is_none() && matches!(self.intent, Intent::Import { replaced: None, .. })
    }

    /// Whether somebody changes an event or ends a series, in place of deleting it or a date of it.
    pub fn is_edit(&self) -> bool {
        match &self.intent {
            Intent::Request(removal) => removal.kind == RemovalKind::Changed,
            Intent::EndSeries { .. } => true,
            _ => false,
        }
    }

    /// Whether an event is booked.
    pub fn is_booking(&self) -> bool {
        matches!(self.intent, Intent::Book { .. })
    }

    /// Whether somebody deletes an event.
    pub fn is_requested_deletion(&self) -> bool {
        !self.intent.requested().is_empty() && self.after.is_none()
    }
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// It was made.
    Done {
        /// As which change it is known.
        change: store::ChangeId,
        /// Whether the version is known; else the object has to be read back.
        is_version_known: bool,
    },
    /// The object is not the one that was decided on; nothing was done, and the mirror has it as it is.
    Changed,
    /// The server refused it.
    Refused {
        /// Its words.
        words: crate::Message,
        /// Whether it answered each time that it failed (500).
        is_server_error: bool,
    },
    /// It was not sent: the decision does not hold any more. The process may have been frozen in the
    /// middle, or the request had to wait for too long.
    Late,
    /// It was not sent: a lease under which it was decided is another's by now.
    LeaseLost,
    /// It is not known whether it will still be made. Its object is kept until that is known.
    InDoubt,
}
