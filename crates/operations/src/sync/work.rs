//! A server's listing of a collection, and the work on its mirror.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use caldav::{Href, Member};
use clearing::Sight;
use ical::Moment;
use store::mirror::Mirror;
use store::objects::Version;

use crate::room::on_server::etag_text;

/// How often a mirror is begun anew because another process was quicker.
pub(crate) const MAX_RESTARTS: usize = 3;

/// How old a poll of a home may be that stands for a look at one of its calendars.
pub(crate) const POLLED_WITHIN: Duration = Duration::from_secs(10);

/// How up to date a mirror has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// As of now.
    Now,
    /// As of now, or of a poll of its home a moment ago ([`POLLED_WITHIN`]).
    Polled,
    /// As of so long ago.
    Within(Duration),
    /// As of now, and compared with all that the server has.
    Audited,
}

/// Receives the progress of fetching objects: their number, and the total.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// What a server says of the state of a collection.
pub(crate) enum Listing {
    /// It is the one that is mirrored.
    Same,
    /// What changed since then. Of what vanished, `reported` is what the server has not confirmed.
    Changes { changed: Vec<Member>, vanished: Vec<Href>, reported: HashSet<Href> },
    /// All that there is; of this, `changed` is what a list of changes named.
    All { members: Vec<Member>, changed: HashSet<Href> },
}

/// The work on a mirror.
#[derive(Default)]
pub(crate) struct Work {
    /// To be fetched: new ones, and changed ones.
    pub fetch: Vec<Href>,
    /// To be asked for again, although they have not changed: their version is not known.
    pub again: Vec<Href>,
    /// Places in the database that are no longer.
    pub gone: Vec<String>,
    /// How many objects of the listing are here already.
    pub here: usize,
    /// Places of which a list of changes says that nothing is there any more, without that being confirmed.
    pub reported: HashSet<Href>,
    /// Places of which the server says, asked for them alone, that nothing is there.
    pub confirmed: HashSet<Href>,
    /// UIDs whose objects earlier looks reported to be gone, and that are.
    pub ended: Vec<String>,
}

/// A look at the whole content of a calendar.
pub(crate) struct Look {
    /// When its first request began.
    pub begun: Moment,
    /// When that of the look before began, and its number; `None` at the first look.
    before: Option<(Moment, i64)>,
}

impl Look {
    pub fn new(from: &Mirror, begun: Moment) -> Look {
        // A look before that began later was recorded by a clock that was ahead.
        let before = from.listed_at.map(|unseen| (Moment(unseen).min(begun), from.looks));
        Look { begun, before }
    }

    /// How it sees what it sees, by an answer of this moment.
    pub fn sight(&self, saw: Moment) -> Sight {
        match self.before {
            None => Sight::First(saw),
            Some((unseen, unseen_look)) => Sight::Look { unseen, unseen_look, saw },
        }
    }
}

pub(crate) fn by_href(versions: Vec<Version>) -> HashMap<Href, Version> {
    versions.into_iter().map(|it| (Href::from_store(it.href.as_str()), it)).collect()
}

pub(crate) fn etag_of(member: &Member) -> String {
    etag_text(member.etag.as_ref())
}

/// How a version in a server's list compares with that of the mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Versions {
    /// An equal ETag is an equal object.
    Tell,
    /// An object that was made anew may have the ETag of the one before it
    /// ([`caldav::Quirks::etag_counters_restart`]), and the server says that these have changed.
    Repeat,
}

impl Versions {
    /// Those of objects that a server lists as changed.
    pub fn of_changed(quirks: caldav::Quirks) -> Versions {
        if quirks.etag_counters_restart { Versions::Repeat } else { Versions::Tell }
    }
}

/// What of these members has to be fetched. One whose place is spelled in another way than it was is a
/// new one, so that the server is always asked in its own spelling of today. New ones come last: by then all
/// places are known that were left, so that an event under a new name is recognised.
pub(crate) fn compare(
    members: &[Member],
    known: &HashMap<Href, Version>,
    versions: Versions,
) -> Work {
    let (mut work, mut new) = (Work::default(), Vec::new());
    for member in members {
        let etag = etag_of(member);
        match known.get(&member.href) {
            Some(version) if version.href != member.href.as_str() => {
                work.gone.push(version.href.clone());
                new.push(member.href.clone());
            }
            Some(version)
                if versions == Versions::Tell && !etag.is_empty() && version.etag == etag =>
            {
                work.here += 1;
            }
            Some(_) => work.fetch.push(member.href.clone()),
            None => new.push(member.href.clone()),
        }
    }
    work.fetch.append(&mut new);
    work
}
