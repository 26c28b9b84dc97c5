//! The zones of the lines that were read last.

use super::ZoneId;

/// Lines that are remembered: people and clients have their own names for a few zones, and their events
/// alternate.
const MOST_LINES: usize = 8;
/// Bytes of the parameters of a line that is remembered.
const MOST_BYTES: usize = 256;

/// The parameters of a few lines, and the zones that they name.
#[derive(Debug, Default)]
pub(super) struct RecentZones {
    lines: Vec<Line>,
    /// The one that the next new one replaces, if all are taken.
    oldest: usize,
}

#[derive(Debug)]
struct Line {
    parameters: Vec<u8>,
    /// The VCALENDAR that gives the zone this name; `None` if every one does.
    scope: Option<u32>,
    zone: ZoneId,
}

impl RecentZones {
    /// The zone of a line in that VCALENDAR with these parameters, if it is remembered.
    #[inline]
    pub fn get(&self, scope: u32, parameters: &[u8]) -> Option<ZoneId> {
        let is_it =
            |line: &&Line| line.parameters == parameters && line.scope.is_none_or(|it| it == scope);
        self.lines.iter().find(is_it).map(|line| line.zone)
    }

    /// Remembers the zone of a line's parameters.
    pub fn put(&mut self, scope: Option<u32>, parameters: &[u8], zone: ZoneId) {
        if parameters.len() > MOST_BYTES {
            return;
        }
        if self.lines.len() < MOST_LINES {
            self.lines.push(Line { parameters: parameters.to_vec(), scope, zone });
            return;
        }
        let line = &mut self.lines[self.oldest];
        line.parameters.clear();
        line.parameters.extend_from_slice(parameters);
        (line.scope, line.zone) = (scope, zone);
        self.oldest = (self.oldest + 1) % MOST_LINES;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_that_of_its_vcalendar_unless_every_one_knows_it() {
        let mut recent = RecentZones::default();
        recent.put(Some(1), b";TZID=Room Clock", ZoneId(2));
        recent.put(None, b";TZID=Europe/Berlin", ZoneId(3));
        assert_eq!(recent.get(1, b";TZID=Room Clock"), Some(ZoneId(2)));
        assert_eq!(recent.get(2, b";TZID=Room Clock"), None);
        assert_eq!(recent.get(2, b";TZID=Europe/Berlin"), Some(ZoneId(3)));
        recent.put(Some(2), b";TZID=Room Clock", ZoneId(4));
        assert_eq!(recent.get(2, b";TZID=Room Clock"), Some(ZoneId(4)));
    }

    #[test]
    fn the_oldest_line_makes_room_and_a_long_one_is_not_remembered() {
        let mut recent = RecentZones::default();
        for number in 0..=MOST_LINES as u8 {
            recent.put(None, &[number], ZoneId(number.into()));
        }
        assert_eq!((recent.get(1, &[0]), recent.get(1, &[1])), (None, Some(ZoneId(1))));
        assert_eq!(recent.get(1, &[MOST_LINES as u8]), Some(ZoneId(MOST_LINES as u32)));
        recent.put(None, &[b'x'; MOST_BYTES + 1], ZoneId(2));
        assert_eq!(recent.get(1, &[b'x'; MOST_BYTES + 1]), None);
    }
}
