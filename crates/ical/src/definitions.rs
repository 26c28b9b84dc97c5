//! The VTIMEZONEs of a text, by VCALENDAR and TZID.

use memchr::memchr;

use crate::text::unescape_bytes;

/// A VTIMEZONE of the text.
#[derive(Debug)]
pub(crate) struct Definition<'a> {
    /// The index of its VCALENDAR in the text.
    scope: u32,
    /// Its TZID property as it is written.
    tzid: Vec<u8>,
    /// From its BEGIN line to the end of its END line.
    text: &'a [u8],
}

/// All VTIMEZONEs of a text.
///
/// A TZID property is TEXT (RFC 5545 section 3.8.3.1), with escaped commas; the TZID parameter that
/// refers to it has no escapes. So each definition is found by both spellings, first by the one as
/// written.
#[derive(Debug, Default)]
pub(crate) struct Definitions<'a> {
    /// Sorted by VCALENDAR and TZID as written; equal ones in the order of the text.
    written: Vec<Definition<'a>>,
    /// The definitions whose TZID has escapes, by the unescaped TZID; sorted likewise.
    unescaped: Vec<Definition<'a>>,
}

impl<'a> Definitions<'a> {
    /// Adds a VTIMEZONE; they are added in the order of the text.
    pub fn push(&mut self, scope: u32, tzid: Vec<u8>, text: &'a [u8]) {
        if memchr(b'\\', &tzid).is_some() {
            let tzid = unescape_bytes(&tzid);
            self.unescaped.push(Definition { scope, tzid, text });
        }
        self.written.push(Definition { scope, tzid, text });
    }

    /// Sorts the definitions after the last one was added. The sort is stable, so of two of one
    /// TZID the first in the text counts.
    pub fn sort(&mut self) {
        for list in [&mut self.written, &mut self.unescaped] {
            list.sort_by(|one, other| (one.scope, &one.tzid).cmp(&(other.scope, &other.tzid)));
        }
    }

    /// The VTIMEZONE that a TZID parameter in a VCALENDAR refers to.
    pub fn find(&self, scope: u32, tzid: &[u8]) -> Option<&'a [u8]> {
        [&self.written, &self.unescaped].into_iter().find_map(|list| {
            let at = list.partition_point(|it| (it.scope, &*it.tzid) < (scope, tzid));
            let found = list.get(at)?;
            ((found.scope, &*found.tzid) == (scope, tzid)).then_some(found.text)
        })
    }

    /// The definitions of a VCALENDAR, with their TZIDs as written, in the order of these.
    pub fn of_scope(&self, scope: u32) -> impl Iterator<Item = (&[u8], &'a [u8])> {
        self.range(scope).iter().map(|it| (&*it.tzid, it.text))
    }

    /// The TZID, as written, of the only VTIMEZONE of a VCALENDAR; several of one TZID are one.
    pub fn only(&self, scope: u32) -> Option<&[u8]> {
        let range = self.range(scope);
        let (first, last) = (range.first()?, range.last()?);
        (first.tzid == last.tzid).then_some(&*first.tzid)
    }

    fn range(&self, scope: u32) -> &[Definition<'a>] {
        let start = self.written.partition_point(|it| it.scope < scope);
        let end = self.written.partition_point(|it| it.scope <= scope);
        &self.written[start..end]
    }

    /// The VCALENDARs that contain definitions.
    pub fn scopes(&self) -> impl Iterator<Item = u32> {
        self.written.iter().map(|it| it.scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tzid_is_found_as_written_before_it_is_found_unescaped_and_in_its_vcalendar_only() {
        let mut definitions = Definitions::default();
        definitions.push(1, b"Wien\\, Rom".to_vec(), b"escaped");
        definitions.push(1, b"Wien\\, \\Rom".to_vec(), b"escaped otherwise");
        definitions.push(1, b"Wien".to_vec(), b"first");
        definitions.push(1, b"Wien".to_vec(), b"second");
        definitions.push(2, b"Wien\\, Rom".to_vec(), b"other escaped");
        definitions.push(2, b"Wien, Rom".to_vec(), b"plain");
        definitions.sort();
        assert_eq!(definitions.find(1, b"Wien, Rom"), Some(&b"escaped"[..]));
        assert_eq!(definitions.find(1, b"Wien\\, Rom"), Some(&b"escaped"[..]));
        assert_eq!(definitions.find(1, b"Wien"), Some(&b"first"[..]));
        assert_eq!(definitions.find(1, b"wien"), None);
        assert_eq!(definitions.find(2, b"Wien, Rom"), Some(&b"plain"[..]));
        assert_eq!(definitions.find(2, b"Wien\\, Rom"), Some(&b"other escaped"[..]));
        assert_eq!(definitions.find(2, b"Wien"), None);
        assert_eq!(definitions.find(3, b"Wien"), None);
        assert_eq!(definitions.of_scope(1).count(), 4);
        assert_eq!(definitions.scopes().count(), 6);
    }

    #[test]
    fn the_only_vtimezone_of_a_vcalendar_may_stand_in_it_twice() {
        let mut definitions = Definitions::default();
        for (scope, tzid) in [(1, "A"), (1, "A"), (2, "A"), (2, "B")] {
            definitions.push(scope, tzid.into(), b"");
        }
        definitions.sort();
        let only = |scope| definitions.only(scope);
        assert_eq!([only(0), only(1), only(2)], [None, Some(&b"A"[..]), None]);
    }
}
