//! What names an entry of a clear's answer, so that a later call can do exactly that one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use facts::{Event, Removal, RemovalKind};
use ical::Moment;

/// Bytes of a key.
const MAX_KEY: usize = 2_000;
/// Bytes of a UID that a key carries; beyond them the entry is still told by its hash.
const MAX_UID: usize = 400;

/// What names an entry: a hash of the decision and of the versions of the objects that it rests on, and
/// which occurrences it is about, so that an entry that is none any more can still be reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryKey {
    /// The calendar's name in paths.
    pub calendar: String,
    /// What tells the decision from every other.
    pub hash: String,
    /// Whether it is about a cancelled leftover.
    pub is_leftover: bool,
    /// Which occurrence it is about.
    pub event: Named,
    /// The strongest staying occurrence that it overlaps.
    pub winner: Option<Named>,
}

/// An occurrence that a key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// UID, cut at 400 bytes.
    pub uid: String,
    /// When it would begin if nobody had moved it.
    pub original: Moment,
    /// When it begins.
    pub start: Moment,
    /// When it ends, exclusive.
    pub end: Moment,
}

/// A named occurrence as a key carries it.
type Carried<T> = (T, i64, i64, i64);

/// Bytes of a usual key, before they are encoded.
const USUAL_KEY: usize = 256;

impl Named {
    /// An occurrence of a UID, which is cut at 400 bytes.
    pub fn of(uid: &str, original: Moment, start: Moment, end: Moment) -> Named {
        let cut = (0..=MAX_UID.min(uid.len())).rev().find(|at| uid.is_char_boundary(*at));
        let uid = uid[..cut.unwrap_or(0)].to_owned();
        Named { uid, original, start, end }
    }

    fn of_event(event: &Event) -> Named {
        Named::of(&event.uid, event.original, event.start, event.end)
    }

    fn carried(&self) -> Carried<&str> {
        (&self.uid, self.original.0, self.start.0, self.end.0)
    }

    fn read((uid, original, start, end): Carried<String>) -> Named {
        Named { uid, original: Moment(original), start: Moment(start), end: Moment(end) }
    }
}

impl EntryKey {
    /// The key of an entry about an occurrence that is removed or kept.
    pub fn of(slug: &str, removal: &Removal) -> EntryKey {
        EntryKey::new(
            slug,
            &removal.key,
            removal.kind == RemovalKind::DeletedCancelled,
            Named::of_event(&removal.event),
            removal.winner().map(Named::of_event),
        )
    }

    /// The key of an entry of a calendar with the hash of its decision.
    pub fn new(
        slug: &str,
        hash: &str,
        is_leftover: bool,
        event: Named,
        winner: Option<Named>,
    ) -> EntryKey {
        EntryKey { calendar: slug.to_owned(), hash: hash.to_owned(), is_leftover, event, winner }
    }

    /// As answers carry it.
    pub fn text(&self) -> String {
        let carried = (
            &self.calendar,
            &self.hash,
            self.is_leftover,
            self.event.carried(),
            self.winner.as_ref().map(Named::carried),
        );
        let mut json = Vec::with_capacity(USUAL_KEY);
        // It is made of texts and numbers, which can always be written.
        let _ = serde_json::to_writer(&mut json, &carried);
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Reads what [`EntryKey::text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<EntryKey> {
        type All = (String, String, bool, Carried<String>, Option<Carried<String>>);
        let bytes = URL_SAFE_NO_PAD.decode(Some(text).filter(|it| it.len() <= MAX_KEY)?).ok()?;
        let (calendar, hash, is_leftover, event, winner): All =
            serde_json::from_slice(&bytes).ok()?;
        let (event, winner) = (Named::read(event), winner.map(Named::read));
        Some(EntryKey { calendar, hash, is_leftover, event, winner })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_whatever_the_uids_hold() {
        let named = |uid: &str| Named::of(uid, Moment(-3), Moment(5), Moment(7));
        for uid in ["", "a.b/c?d", "ünï\"\\\u{202E}"] {
            for winner in [None, Some(named(uid))] {
                let key = EntryKey::new("room-1", "0a1b", winner.is_none(), named(uid), winner);
                assert_eq!(EntryKey::parse(&key.text()), Some(key));
            }
        }
        let long = EntryKey::new("r", "0a", false, named(&"ü".repeat(1_000)), None);
        assert_eq!(long.event.uid, "ü".repeat(MAX_UID / 2));
        for text in ["", "x", "e30", "bm9uc2Vuc2U", "AAAA====", &"A".repeat(MAX_KEY + 4)] {
            assert_eq!(EntryKey::parse(text), None, "{text}");
        }
    }
}
