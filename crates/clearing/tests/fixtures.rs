//! Every calendar in `tests/fixtures`, against the plan that its `.txt` writes down.
//!
//! A folder is a rule, a fixture is named after what it tests. The expectations are written by hand
//! from the contract, in the format that `docs/testing.md` describes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use clearing::{Address, Claim, How, Memory, Plan, Policy, RankBy, Slot, plan};
use ical::{Calendar, Moment, Occurrence, UnknownZones, Zone, Zones};

#[test]
fn every_fixture_gives_the_plan_that_is_written_beside_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut fixtures: Vec<PathBuf> = Vec::new();
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()) {
        if folder.is_dir() {
            let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            fixtures.extend(files.filter(|path| path.extension().is_some_and(|it| it == "ics")));
        }
    }
    fixtures.sort();
    assert!(fixtures.len() >= 80, "only {} fixtures were found", fixtures.len());
    let mut wrong = Vec::new();
    for path in &fixtures {
        let case = Case::read(path);
        let found = case.found(&fs::read(path).unwrap());
        if found != case.expected {
            wrong.push(format!(
                "{}\n  expected:\n    {}\n  found:\n    {}\n",
                path.display(),
                case.expected.join("\n    "),
                found.join("\n    ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), fixtures.len(), wrong.join("\n"));
}

/// Settings and expectation of a fixture.
struct Case {
    zone: Zone,
    unknown_zones: UnknownZones,
    now: Moment,
    policy: Policy,
    memory: Memory,
    expected: Vec<String>,
}

impl Case {
    fn read(fixture: &Path) -> Case {
        let path = fixture.with_extension("txt");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut case = Case {
            zone: Zone::utc(),
            unknown_zones: UnknownZones::Refuse,
            now: Moment(0),
            policy: Policy::default(),
            memory: Memory::default(),
            expected: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            case.line(line);
        }
        case
    }

    fn line(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let policy = &mut self.policy;
        match word {
            "zone" => self.zone = Zone::iana(rest).unwrap(),
            "unknown-zone" if rest == "calendar" => self.unknown_zones = UnknownZones::Calendar,
            "now" => self.now = moment(rest),
            "horizon" => policy.horizon_days = rest.parse().unwrap(),
            "tolerance" => policy.tolerance_minutes = rest.parse().unwrap(),
            "limit" => policy.limit = Some(rest.parse().unwrap()),
            "free-blocks" => policy.free_blocks = true,
            "rank" if rest == "claim" => policy.rank_by = RankBy::Claim,
            "address" => policy.room_address = Some(Address::new(rest)),
            "prioritise-organizer" => policy.priorities.add_organizer(rest),
            "prioritise-name" => policy.priorities.add_name(rest),
            "prioritise-uid" => policy.priorities.add_uid(rest),
            "protect" => {
                policy.protected.insert(rest.to_owned());
            }
            "first-seen" => {
                let (uid, seen) = rest.split_once(' ').unwrap();
                self.memory.first_seen.insert(uid.to_owned(), moment(seen));
            }
            "claim" => {
                let parts: Vec<&str> = rest.split(' ').collect();
                let [uid, start, end, since] = parts[..] else { panic!("{line}") };
                let claim = Claim { start: moment(start), end: moment(end), since: moment(since) };
                self.memory.claims.entry(uid.to_owned()).or_default().push(claim);
            }
            "leftover" | "delete" | "cancel" | "ignored" | "unreadable" | "warning" => {
                self.expected.push(line.trim_end().to_owned());
            }
            _ => panic!("no such setting: {line}"),
        }
    }

    fn found(&self, text: &[u8]) -> Vec<String> {
        let calendar = Calendar::parse(text).unwrap();
        let zones = Zones::new(self.zone.clone());
        let mut zones = zones.with_unknown_zones(self.unknown_zones);
        let plan = plan(&calendar, &mut zones, &self.policy, &self.memory, self.now);
        self.lines(&calendar, &plan)
    }

    fn lines(&self, calendar: &Calendar<'_>, plan: &Plan) -> Vec<String> {
        let shown = |object: usize, occurrence: &Occurrence| {
            let uid = calendar.objects()[object].uid();
            format!("{uid} {}", rfc3339(&self.zone, occurrence.start))
        };
        let slot = |slot: &Slot| shown(slot.object, &slot.occurrence);
        let mut lines = Vec::new();
        for it in &plan.leftovers {
            lines.push(format!("leftover {}", shown(it.object, &it.occurrence)));
        }
        for (how, word) in [(How::Delete, "delete"), (How::CancelOccurrence, "cancel")] {
            for it in plan.removals.iter().filter(|it| it.how == how) {
                lines.push(format!("{word} {} by {}", slot(&it.loser), slot(&it.winner)));
            }
        }
        for it in &plan.ignored {
            let reason = it.reason.as_str();
            lines.push(format!("ignored {reason} {} by {}", slot(&it.weaker), slot(&it.winner)));
        }
        let mut unreadable: Vec<String> = plan
            .unreadable
            .iter()
            .map(|it| format!("unreadable {}", calendar.objects()[it.object].uid()))
            .map(|line| line.trim_end().to_owned())
            .collect();
        unreadable.sort();
        lines.extend(unreadable);
        let mut warnings: Vec<String> = plan
            .warnings
            .iter()
            .map(|it| format!("warning {} {}", calendar.objects()[it.object].uid(), it.kind.code()))
            .collect();
        warnings.sort();
        lines.extend(warnings);
        lines
    }
}

fn moment(rfc3339: &str) -> Moment {
    Moment(rfc3339.parse::<jiff::Timestamp>().unwrap().as_second())
}

fn rfc3339(zone: &Zone, moment: Moment) -> String {
    let offset = zone.offset(moment);
    let local = jiff::Timestamp::from_second(moment.0 + i64::from(offset)).unwrap();
    let local = jiff::tz::TimeZone::UTC.to_datetime(local);
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    format!("{local}{sign}{:02}:{:02}", offset / 3600, offset / 60 % 60)
}
