//! What a link in a message is about.

use ical::Moment;
use serde::{Deserialize, Serialize};

/// The version of [`LinkSubject`] as the database keeps it.
const VERSION: u32 = 1;
/// The most dates of a series that one link is about.
pub const MAX_LINK_DATES: usize = 200;

/// What a link in a message is about: occurrences of one event at their times, and who organized it. If its event is
/// another by then, the link does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct LinkSubject {
    /// Its organizer's address.
    pub organizer: Option<String>,
    /// The occurrences, in their order; at least one, at most [`MAX_LINK_DATES`].
    pub dates: Vec<LinkDate>,
    /// The UID and the original start of the event that the first of them overlaps.
    pub other: Option<(String, Moment)>,
}

/// An occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkDate {
    /// Its original start.
    pub original: Moment,
    /// When it begins.
    pub start: Moment,
    /// When it ends, exclusive.
    pub end: Moment,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    organizer: Option<String>,
    /// Original start, start and end of each.
    dates: Vec<[i64; 3]>,
    other: Option<(String, i64)>,
}

impl From<LinkSubject> for Kept {
    fn from(it: LinkSubject) -> Kept {
        let date = |it: LinkDate| [it.original, it.start, it.end].map(|it| it.0);
        Kept {
            version: VERSION,
            organizer: it.organizer,
            dates: it.dates.into_iter().map(date).collect(),
            other: it.other.map(|(uid, original)| (uid, original.0)),
        }
    }
}

impl TryFrom<Kept> for LinkSubject {
    type Error = String;

    fn try_from(kept: Kept) -> Result<LinkSubject, String> {
        if kept.version != VERSION {
            return Err(format!("a link of version {}", kept.version));
        }
        if kept.dates.is_empty() || kept.dates.len() > MAX_LINK_DATES {
            return Err(format!("a link to {} dates", kept.dates.len()));
        }
        let date = |it: [i64; 3]| {
            let [original, start, end] = it.map(Moment);
            LinkDate { original, start, end }
        };
        Ok(LinkSubject {
            organizer: kept.organizer,
            dates: kept.dates.into_iter().map(date).collect(),
            other: kept.other.map(|(uid, original)| (uid, Moment(original))),
        })
    }
}

impl LinkSubject {
    /// When the last of its occurrences begins: until then there is something to do.
    pub fn last_start(&self) -> Moment {
        self.dates.iter().map(|it| it.start).max().unwrap_or(Moment::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(dates: usize) -> LinkSubject {
        let date = |it| LinkDate { original: Moment(it), start: Moment(it), end: Moment(it + 9) };
        LinkSubject {
            organizer: Some("ann@example.org".to_owned()),
            dates: (0..dates as i64).map(|it| date(10 * it)).collect(),
            other: Some(("b".to_owned(), Moment(3))),
        }
    }

    #[test]
    fn what_a_link_is_about_is_read_back_as_it_was_written() {
        for dates in [1, 3, MAX_LINK_DATES] {
            let json = serde_json::to_string(&subject(dates)).unwrap();
            assert_eq!(serde_json::from_str::<LinkSubject>(&json).unwrap(), subject(dates));
        }
        assert_eq!(subject(3).last_start(), Moment(20));
    }

    #[test]
    fn what_is_no_subject_of_this_version_or_is_about_nothing_or_too_much_is_an_error() {
        let json = serde_json::to_string(&subject(1)).unwrap();
        let later = json.replace("\"version\":1", "\"version\":2");
        let nothing = serde_json::to_string(&subject(0)).unwrap();
        let much = serde_json::to_string(&subject(MAX_LINK_DATES + 1)).unwrap();
        for text in [String::new(), later, nothing, much] {
            assert!(serde_json::from_str::<LinkSubject>(&text).is_err(), "{text:.80}");
        }
    }
}
