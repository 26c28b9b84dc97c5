//! Every calendar in `tests/fixtures`, against the plan that its `.txt` writes down.
//!
//! A folder is a rule, a fixture is named after what it tests. The expectations are written by hand
//! from the contract, in the format that `docs/testing.md` describes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use clearing::{
    Address, Because, Binding, Claim, Claims, ConflictHandling, HeldSince, How, Memory, Plan,
    Policy, RankBy, Slot, Source, Ties, plan,
};
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
    /// Parts of claims, by UID; their base is what `held` says, else what a first look would.
    parts: Vec<(String, Claim)>,
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
            parts: Vec::new(),
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
            "answers" => policy.answers = true,
            "rank" if rest == "created" => policy.rank_by = RankBy::Created,
            "conflicts" if rest == "warn" => policy.conflicts = ConflictHandling::Warn,
            "conflicts" if rest == "report" => policy.conflicts = ConflictHandling::Report,
            "address" => policy.room_address = Some(Address::new(rest)),
            "prioritise-organizer" => policy.priorities.add_organizer(rest, None),
            "prioritise-name" => policy.priorities.add_name(rest, None),
            "prioritise-uid" => policy.priorities.add_uid(rest, None),
            "prioritise-token" => policy.priorities.add_token(rest),
            "ties" if rest == "keep" => policy.priorities.overrule_ties(Ties::Keep),
            "ties" if rest == "rank" => policy.priorities.overrule_ties(Ties::Rank),
            "limit-open" => self.memory.is_limit_open = true,
            "protect" => {
                policy.protected.insert(rest.to_owned());
            }
            "first-seen" => {
                let (uid, seen) = rest.split_once(' ').unwrap();
                self.memory.first_seen.insert(uid.to_owned(), moment(seen));
            }
            "removed" => {
                self.memory.removed.insert(rest.to_owned());
            }
            "removed-at-limit" => {
                self.memory.removed.insert(rest.to_owned());
                self.memory.removed_at_limit.insert(rest.to_owned());
            }
            "bound" => {
                let parts: Vec<&str> = rest.split(' ').collect();
                let [uid, start, end] = parts[..] else { panic!("{line}") };
                let intervals = vec![(moment(start), moment(end))];
                let bindings = self.memory.bindings.entry(uid.to_owned()).or_default();
                bindings.push(Binding { intervals, ties: Ties::Keep });
            }
            "held" => {
                let (uid, rest) = rest.split_once(' ').unwrap();
                self.memory.claims.insert(uid.to_owned(), Claims::since(held(rest)));
            }
            "refuted" => {
                let (uid, at) = rest.split_once(' ').unwrap();
                self.memory.claims.get_mut(uid).unwrap().created_refuted = Some(moment(at));
            }
            "used-up" => {
                let (uid, label) = rest.split_once(' ').unwrap();
                self.memory.used_up.insert(uid.to_owned(), label.to_owned());
            }
            "claim" => {
                let parts: Vec<&str> = rest.splitn(4, ' ').collect();
                let [uid, start, end, since] = parts[..] else { panic!("{line}") };
                let claim = Claim { start: moment(start), end: moment(end), held: held(since) };
                self.parts.push((uid.to_owned(), claim));
            }
            "leftover" | "delete" | "cancel" | "ignored" | "unreadable" | "warning" | "because"
            | "limited" | "accept" => {
                self.expected.push(line.trim_end().to_owned());
            }
            _ => panic!("no such setting: {line}"),
        }
    }

    fn found(&self, text: &[u8]) -> Vec<String> {
        let calendar = Calendar::parse(text).unwrap();
        let zones = Zones::new(self.zone.clone());
        let mut zones = zones.with_unknown_zones(self.unknown_zones);
        let mut memory = self.memory.clone();
        for (uid, part) in &self.parts {
            let object = calendar.objects().iter().find(|it| it.uid() == *uid).unwrap();
            let seen = memory.first_seen.get(uid).copied().unwrap_or(self.now);
            let base = HeldSince::at_first_look(&calendar, object, &zones, seen);
            let claims = memory.claims.entry(uid.clone()).or_insert_with(|| Claims::since(base));
            claims.parts.push(*part);
        }
        let plan = plan(&calendar, &mut zones, &self.policy, &memory, self.now);
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
        // Only a fixture that is about them writes them down.
        let wants = |word: &str| self.expected.iter().any(|line| line.starts_with(word));
        if wants("because") {
            let removals = plan.removals.iter().map(|it| (&it.loser, it.because));
            let ignored = plan.ignored.iter().map(|it| (&it.weaker, it.because));
            for (weaker, because) in removals.chain(ignored) {
                lines.push(format!("because {} {}", slot(weaker), self.because(because)));
            }
        }
        for it in &plan.acceptances {
            lines.push(format!("accept {}", shown(it.object, &it.occurrence)));
        }
        if let Some(objects) = plan.limited {
            lines.push(format!("limited {objects}"));
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

impl Case {
    fn because(&self, because: Option<Because>) -> String {
        let Some(Because { rule, winner_since, loser_since, witnessed }) = because else {
            return "nothing".to_owned();
        };
        let at = |moment| rfc3339(&self.zone, moment);
        let by = if witnessed { "witnessed" } else { "by word" };
        format!("{} {} before {} {by}", rule.as_str(), at(winner_since), at(loser_since))
    }
}

/// `SINCE`, `SINCE unseen MOMENT` or `SINCE written MOMENT`: since when, and when the look began that did
/// not see it; the number of a look is its moment here.
fn held(text: &str) -> HeldSince {
    let parts: Vec<&str> = text.split(' ').collect();
    let since = moment(parts[0]);
    match parts[1..] {
        [] => HeldSince { since, unseen_look: 0, source: Source::Client },
        ["unknown"] => HeldSince { since, unseen_look: 0, source: Source::Unknown },
        ["unseen", look] => HeldSince { since, unseen_look: moment(look).0, source: Source::Look },
        ["written", look] => {
            HeldSince { since, unseen_look: moment(look).0, source: Source::Written }
        }
        _ => panic!("no moment: {text}"),
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
