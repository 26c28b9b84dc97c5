//! What must be true of a database after all that, whatever moments the server was killed at.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use facts::Removal;
use harness::Setup;
use harness::batch::{CONTACT, SLUGS, Times, set_up};
use harness::history::History;
use sea_orm::FromQueryResult;
use serde_json::Value;
use store::history::{Cause, Change, ChangeState};
use store::outbox::MessageState;
use store::{Store, calendars, objects};
use testing::Database;

use crate::load::Told;

/// Where an object lies: calendar and href.
type Place = (i64, String);

/// What was imported.
#[derive(Default)]
pub struct Initial {
    pub files: Vec<(&'static str, String)>,
    /// UID and text.
    objects: BTreeMap<Place, (String, Vec<u8>)>,
}

impl Initial {
    /// Adds the objects of the latest file of each room as they were stored.
    pub async fn add(&mut self, store: &Store) {
        for (slug, file) in &self.files[self.files.len() - SLUGS.len()..] {
            let calendar = calendars::by_slug(store, slug).await.unwrap().unwrap();
            for it in objects::all(store, calendar.id).await.unwrap() {
                if file.contains(&format!("UID:{}\r\n", it.uid)) {
                    self.objects.insert((calendar.id.0, it.href), (it.uid, it.text));
                }
            }
        }
    }
}

/// How much there was to look at.
pub struct Counts {
    objects: usize,
    changes: usize,
    removals: usize,
    messages: usize,
    lost_and_made: usize,
    runs_cut_off: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { objects, changes, removals, messages, lost_and_made, runs_cut_off } = self;
        write!(
            formatter,
            "{objects} objects, {changes} changes, {removals} removals, {messages} messages, \
             {lost_and_made} bookings made though their answer was lost, {runs_cut_off} runs without \
             an end"
        )
    }
}

/// Everything that stands in the database.
struct Found {
    calendars: BTreeMap<i64, &'static str>,
    now: BTreeMap<Place, objects::Resource>,
    chains: BTreeMap<Place, Vec<Change>>,
    history: History,
    runs_cut_off: usize,
    /// In which order the objects came, by calendar and UID: two bookings of one second have one CREATED.
    order: BTreeMap<(i64, String), i64>,
}

#[derive(FromQueryResult)]
struct Text {
    calendar_id: i64,
    value: String,
}

impl Found {
    async fn read(database: &Database, store: &Store) -> Found {
        let mut calendars = BTreeMap::new();
        let mut now = BTreeMap::new();
        for slug in SLUGS {
            let calendar = calendars::by_slug(store, slug).await.unwrap().unwrap();
            calendars.insert(calendar.id.0, slug);
            for it in objects::all(store, calendar.id).await.unwrap() {
                now.insert((calendar.id.0, it.href.clone()), it);
            }
        }
        let history = History::read(database).await;
        let cut_off = "SELECT id FROM runs WHERE finished_at IS NULL";
        let runs_cut_off = database.numbers(cut_off).await.len();
        let claims = "SELECT calendar_id, uid || ' ' || claims AS value FROM uid_metadata \
                      WHERE claims IS NOT NULL";
        let order = database.rows::<Text>(claims).await.into_iter().map(|it| {
            let (uid, claims) = it.value.split_once(' ').unwrap();
            let claims: Value = serde_json::from_str(claims).unwrap();
            ((it.calendar_id, uid.to_owned()), claims["base"][1].as_i64().unwrap())
        });
        let order = order.collect();
        let mut chains: BTreeMap<Place, Vec<Change>> = BTreeMap::new();
        for change in &history.changes {
            let place = (change.calendar_id.0, change.href.clone());
            chains.entry(place).or_default().push(change.clone());
        }
        Found { calendars, now, chains, history, runs_cut_off, order }
    }

    /// The text with which an object began.
    fn first_text(&self, place: &Place) -> Vec<u8> {
        match self.chains.get(place) {
            Some(chain) => chain[0].before_text.clone().unwrap(),
            None => self.now[place].text.clone(),
        }
    }
}

/// Makes sure of all of it.
pub async fn all(
    database: &Database,
    initial: &Initial,
    told: &Told,
    times: &[Times; 2],
) -> Counts {
    let store = database.open().await;
    let found = Found::read(database, &store).await;
    every_object_is_where_its_history_says(&found);
    let lost_and_made = every_object_was_imported_or_asked_for(&found, initial, told);
    every_change_says_what_went(&found);
    every_removal_is_announced_once_or_says_why_not(&found);
    what_was_told_is_written_down(&found, told);
    let remaining = [
        occurrences(&store, SLUGS[0], &times[0]).await,
        occurrences(&store, SLUGS[1], &times[1]).await,
    ];
    everything_went_for_one_that_stays(&found, &remaining);
    assert_eq!(remaining, undisturbed(&found, initial, times).await, "as without any crash");
    let counts = Counts {
        objects: found.now.keys().chain(found.chains.keys()).collect::<BTreeSet<_>>().len(),
        changes: found.history.changes.len(),
        removals: found.history.lines.len(),
        messages: found.history.messages.len(),
        lost_and_made,
        runs_cut_off: found.runs_cut_off,
    };
    store.close().await.unwrap();
    counts
}

/// Each change begins where the one before ended, and the last one at what is there now.
fn every_object_is_where_its_history_says(found: &Found) {
    for change in &found.history.changes {
        assert_eq!(change.state, ChangeState::Done, "{change:?}");
        assert!(change.before_text.is_some() && change.before_etag.is_some(), "{change:?}");
        assert_eq!(change.after_text.is_some(), change.after_etag.is_some(), "{change:?}");
    }
    for (place, chain) in &found.chains {
        for pair in chain.windows(2) {
            assert_eq!(pair[0].after_text, pair[1].before_text, "{place:?}");
            assert_eq!(pair[0].after_etag, pair[1].before_etag, "{place:?}");
        }
        let (last, now) = (chain.last().unwrap(), found.now.get(place));
        assert_eq!(last.after_text.as_ref(), now.map(|it| &it.text), "{place:?}");
        assert_eq!(last.after_etag.as_ref(), now.map(|it| &it.etag), "{place:?}");
    }
}

/// Nothing vanished without a change, and nothing came that nobody asked for. How many bookings were
/// made although their answer was lost.
fn every_object_was_imported_or_asked_for(found: &Found, initial: &Initial, told: &Told) -> usize {
    for (place, (uid, text)) in &initial.objects {
        let is_there = found.now.contains_key(place) || found.chains.contains_key(place);
        assert!(is_there, "{uid} vanished without a trace");
        assert_eq!(found.first_text(place), *text, "{uid}");
    }
    let mut names = BTreeMap::new();
    let all: BTreeSet<&Place> = found.now.keys().chain(found.chains.keys()).collect();
    for place in all {
        if initial.objects.contains_key(place) {
            continue;
        }
        let text = String::from_utf8(found.first_text(place)).unwrap();
        let name = text.lines().find_map(|line| line.strip_prefix("SUMMARY:")).unwrap().to_owned();
        let id = place.1.strip_suffix(".ics").unwrap().to_owned();
        let before = names.insert(name.clone(), (found.calendars[&place.0], id));
        assert_eq!(before, None, "{name} was booked twice");
    }
    for (name, created) in &told.created {
        assert_eq!(names.remove(name).as_ref(), Some(created), "{name} was lost");
    }
    let lost_and_made = names.len();
    for asked in &told.lost {
        assert!(!asked.is_keyed, "{asked:?} can be asked for again");
        if let Some((slug, _)) = names.remove(&asked.name) {
            assert_eq!(slug, asked.slug);
        }
    }
    assert_eq!(names, BTreeMap::new(), "nobody asked for these");
    lost_and_made
}

fn every_change_says_what_went(found: &Found) {
    let mut gone = HashSet::new();
    for change in &found.history.changes {
        let lines = found.history.lines_of(change);
        assert!(!lines.is_empty(), "{change:?}");
        let kinds: BTreeSet<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
        let is_deletion = change.after_text.is_none();
        match change.cause.as_str() {
            "request" => {
                assert!(is_deletion && change.run_id.is_none(), "{change:?}");
                assert_eq!(kinds, BTreeSet::from(["deleted by request"]));
            }
            "clear" => {
                assert!(change.run_id.is_some());
                let [kind] = Vec::from_iter(kinds)[..] else { panic!("{change:?}: {lines:?}") };
                match kind {
                    "deleted cancelled" | "deleted overlapping" => assert!(is_deletion),
                    // Of a series of which nothing remains, too.
                    "cancelled overlapping" => {}
                    _ => panic!("{change:?}: {lines:?}"),
                }
                for line in lines {
                    let what = (change.calendar_id, change.uid.clone(), line.original);
                    assert!(gone.insert(what), "it went twice: {line:?}");
                }
            }
            _ => panic!("nobody did this: {change:?}"),
        }
    }
}

fn every_removal_is_announced_once_or_says_why_not(found: &Found) {
    let ids: HashSet<&str> =
        found.history.messages.iter().map(|it| it.message_id.as_str()).collect();
    assert_eq!(ids.len(), found.history.messages.len());
    let mut announced = 0;
    for change in &found.history.changes {
        let messages = found.history.messages_of(change);
        let mut addresses = BTreeSet::new();
        for line in found.history.lines_of(change) {
            if change.cause != Cause::Clear {
                continue;
            }
            let event = Removal::from_json(&line.fact).unwrap().event;
            let organizer = event.organizer.unwrap_or(CONTACT.to_owned()).to_lowercase();
            let of_it = |address: &str| -> Vec<_> {
                let messages = messages.iter().filter(|it| it.address == address);
                messages
                    .filter(|it| {
                        let data: Value = serde_json::from_str(&it.data).unwrap();
                        let occurrences = data["occurrences"].as_array().unwrap();
                        occurrences.iter().any(|it| it["start"] == event.start.0)
                    })
                    .collect()
            };
            let told = of_it(&organizer);
            assert_eq!(told.len(), usize::from(line.not_notified_reason.is_none()), "{line:?}");
            if line.not_notified_reason.is_none() {
                addresses.insert((organizer, false));
            }
            // What is refused for good goes to the contact, beside what is the contact's own.
            if told.iter().any(|it| *it.state == MessageState::Failed) {
                assert_eq!(of_it(CONTACT).len(), 1, "{line:?}");
                addresses.insert((CONTACT.to_owned(), true));
            }
        }
        assert_eq!(messages.len(), addresses.len(), "{change:?}: {messages:?}");
        announced += messages.len();
    }
    assert_eq!(
        announced,
        found.history.messages.len(),
        "each message is about a change that was made"
    );
}

/// An answer is given after what it says is durable.
fn what_was_told_is_written_down(found: &Found, told: &Told) {
    let mut written = HashSet::new();
    let mut requests = HashSet::new();
    for change in &found.history.changes {
        let slug = found.calendars[&change.calendar_id.0];
        if change.cause == Cause::Request {
            requests.insert((slug, change.uid.as_str()));
        } else {
            for line in found.history.lines_of(change) {
                let event = Removal::from_json(&line.fact).unwrap().event;
                let event = serde_json::to_value(event).unwrap();
                let text = |name: &str| event[name].as_str().unwrap().to_owned();
                written.insert((slug.to_owned(), text("uid"), text("start")));
            }
        }
    }
    let mut reported = HashSet::new();
    for removed in &told.removed {
        assert!(written.contains(removed), "{removed:?} was reported and is not in the history");
        assert!(reported.insert(removed), "{removed:?} was reported twice");
    }
    for (slug, uid) in &told.deleted {
        assert!(requests.contains(&(slug, uid.as_str())), "the deletion of {uid} was lost");
    }
    assert!(requests.len() <= told.deleted.len() + told.lost_deletions);
}

/// An occurrence of a list: UID, start, end, status, whether it blocks.
type Shown = (String, String, String, String, bool);

/// Rule 5: what went for another was younger, and the other stays to the end.
fn everything_went_for_one_that_stays(found: &Found, remaining: &[BTreeSet<Shown>; 2]) {
    let stays: HashSet<(&str, &str, &str)> = SLUGS
        .iter()
        .zip(remaining)
        .flat_map(|(slug, of_it)| of_it.iter().map(move |it| (*slug, it)))
        .filter(|(_, it)| it.4)
        .map(|(slug, it)| (slug, it.0.as_str(), it.1.as_str()))
        .collect();
    for line in
        found.history.lines.iter().filter(|line| line.kind.as_str().ends_with("overlapping"))
    {
        let slug = found.calendars[&line.calendar_id.0];
        let fact = Removal::from_json(&line.fact).unwrap();
        let (loser, winner) = (&fact.event, fact.winner().unwrap());
        assert!(winner.created.unwrap() <= loser.created.unwrap(), "{line:?}");
        assert!(winner.start < loser.end && loser.start < winner.end, "{line:?}");
        let start = facts::time::rfc3339(&winner.zone, winner.start);
        assert!(stays.contains(&(slug, &winner.uid, &start)), "its winner does not stay: {line:?}");
    }
}

/// What one clear of everything that ever was leaves, without what people deleted.
async fn undisturbed(found: &Found, initial: &Initial, times: &[Times; 2]) -> [BTreeSet<Shown>; 2] {
    let database = Database::sqlite().await;
    let store = database.open().await;
    set_up(&store).await;
    let setup = Setup::on_system_clock(&store);
    let places: BTreeSet<&Place> = found.now.keys().chain(found.chains.keys()).collect();
    for (id, slug) in &found.calendars {
        let is_deleted = |place: &Place| {
            let chain = found.chains.get(place);
            chain.is_some_and(|chain| chain.iter().any(|change| change.cause == Cause::Request))
        };
        let import = async |places: &[&Place]| {
            let texts: Vec<Vec<u8>> = places.iter().map(|place| found.first_text(place)).collect();
            let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
            setup.import(slug, ical::join(&texts)).await;
        };
        let there = places.iter().copied().filter(|place| place.0 == *id && !is_deleted(place));
        let (files, mut booked): (Vec<&Place>, Vec<&Place>) =
            there.partition(|place| initial.objects.contains_key(*place));
        import(&files).await;
        // One behind the other, as they were booked.
        booked.sort_by_key(|place| {
            let uid = place.1.strip_suffix(".ics").unwrap();
            found.order[&(place.0, uid.to_owned())]
        });
        for place in booked {
            import(&[place]).await;
        }
    }
    let report = setup.clear_all().await;
    for list in ["failed_calendars", "unreadable_objects"] {
        assert_eq!(report[list], serde_json::json!([]), "{report}");
    }
    [occurrences(&store, SLUGS[0], &times[0]).await, occurrences(&store, SLUGS[1], &times[1]).await]
}

/// All occurrences of a room.
async fn occurrences(store: &Store, slug: &str, times: &Times) -> BTreeSet<Shown> {
    let events = Setup::on_system_clock(store).list(slug, times.window()).await;
    let shown = events.iter().map(|event| {
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        let is_blocking = event["blocking"].as_bool().unwrap();
        (text("uid"), text("start"), text("end"), text("status"), is_blocking)
    });
    shown.collect()
}
