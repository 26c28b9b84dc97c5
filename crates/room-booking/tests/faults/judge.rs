//! What must be true in the end, judged by an undisturbed run of the rules on what people left.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use facts::Removal;
use harness::Setup;
use harness::batch::{CONTACT, SLUGS, set_up};
use harness::history::History;
use harness::report::removed;
use store::history::{Cause, Change, ChangeState};
use testing::Database;
use testing::random::Random;

use crate::load::Told;
use crate::world::{Place, World};

/// How much there was of everything.
#[derive(Default)]
pub struct Counts {
    objects: usize,
    changes: BTreeMap<String, usize>,
    removals: usize,
    messages: usize,
    bookings: usize,
    clears: [usize; 2],
    pub restored: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [failed, clears] = self.clears;
        write!(
            out,
            "{failed} of {clears} clears failed; {} objects, changes {:?}, {} removals, {} messages, \
             {} bookings, {} restored",
            self.objects, self.changes, self.removals, self.messages, self.bookings, self.restored
        )
    }
}

/// Makes sure of all of it.
pub async fn all(world: &World, told: &Told) -> Counts {
    let history = History::read(&world.database).await;
    let there = on_server(world).await;
    every_change_has_an_end_and_says_what_went(&history);
    every_removal_is_announced_once_or_says_why_not(&history);
    let bookings = every_booking_is_there_once(&there, told);
    what_is_gone_is_in_the_history_as_it_was(world, &history, &there);
    what_was_told_is_written_down(&history, told);
    let report = is_as_undisturbed(world).await;
    only_what_the_rules_remove_was_removed(world, &history, &report);
    let mut changes = BTreeMap::new();
    for change in &history.changes {
        *changes.entry(change.state.to_string()).or_default() += 1;
    }
    Counts {
        objects: there.len(),
        changes,
        removals: history.lines.len(),
        messages: history.messages.len(),
        bookings,
        clears: [told.failed_clears, told.clears],
        restored: 0,
    }
}

/// All objects of the server.
async fn on_server(world: &World) -> BTreeMap<Place, String> {
    let mut there = BTreeMap::new();
    for (room, slug) in SLUGS.into_iter().enumerate() {
        let client = world.server.client(slug);
        for listed in client.list().await {
            let name = listed.href.rsplit('/').next().unwrap().to_owned();
            let reply = client.request("GET", &name, &[], "").await;
            assert_eq!(reply.status, 200, "{name}");
            there.insert((room, name), reply.body);
        }
    }
    there
}

fn place_of(change: &Change) -> Place {
    let (folder, name) = change.href.rsplit_once('/').unwrap();
    let room = SLUGS.iter().position(|slug| folder.ends_with(slug)).unwrap();
    (room, name.to_owned())
}

fn every_change_has_an_end_and_says_what_went(history: &History) {
    let mut gone = BTreeSet::new();
    for change in &history.changes {
        assert_ne!(change.state, ChangeState::Prepared, "{change:?}");
        assert!(change.before_text.is_some() && change.before_etag.is_some(), "{change:?}");
        let lines = history.lines_of(change);
        assert_eq!(lines.is_empty(), change.state != ChangeState::Done, "{change:?}: {lines:?}");
        for line in lines {
            let what = (change.calendar_id.0, change.uid.clone(), line.original);
            assert!(gone.insert(what), "it went twice: {line:?}");
        }
    }
}

fn every_removal_is_announced_once_or_says_why_not(history: &History) {
    let mut announced = 0;
    for change in history.done() {
        let messages = history.messages_of(change);
        let mut addresses = BTreeSet::new();
        for line in history.lines_of(change) {
            let is_told = change.cause == Cause::Clear && line.not_notified_reason.is_none();
            if is_told {
                let fact = Removal::from_json(&line.fact).unwrap();
                addresses.insert(fact.event.organizer.unwrap_or(CONTACT.to_owned()).to_lowercase());
            }
        }
        let told: BTreeSet<_> = messages.iter().map(|it| it.address.clone()).collect();
        assert_eq!(told, addresses, "{change:?}");
        assert_eq!(messages.len(), addresses.len(), "{change:?}: {messages:?}");
        announced += messages.len();
    }
    assert_eq!(announced, history.messages.len(), "each message is about a change that was made");
}

/// How many bookings of ours are there.
fn every_booking_is_there_once(there: &BTreeMap<Place, String>, told: &Told) -> usize {
    let mut names = BTreeMap::new();
    for ((room, name), text) in there {
        let summary = text.lines().find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
        if summary.starts_with("booking-") {
            let id = name.trim_end_matches(".ics").to_owned();
            let before = names.insert(summary.to_owned(), (SLUGS[*room], id));
            assert_eq!(before, None, "{summary} was booked twice");
        }
    }
    let count = names.len();
    for (name, created) in &told.created {
        assert_eq!(names.remove(name).as_ref(), Some(created), "{name} was lost");
    }
    names.retain(|name, _| !told.lost.contains(name));
    assert_eq!(names, BTreeMap::new(), "nobody asked for these");
    count
}

/// The places that a request over the API deleted.
fn deleted_by_request(history: &History) -> BTreeSet<Place> {
    history.done().filter(|change| change.cause == Cause::Request).map(place_of).collect()
}

fn what_is_gone_is_in_the_history_as_it_was(
    world: &World,
    history: &History,
    there: &BTreeMap<Place, String>,
) {
    let mut changed: BTreeMap<Place, Vec<&Change>> = BTreeMap::new();
    for change in history.done() {
        changed.entry(place_of(change)).or_default().push(change);
    }
    let book = world.book.lock().unwrap();
    for (place, text) in &book.objects {
        let Some(text) = text else {
            assert!(!there.contains_key(place), "{place:?} came back");
            continue;
        };
        match (changed.get(place), there.get(place)) {
            (None, Some(there)) => {
                let is_same = ical::means_the_same(text.as_bytes(), there.as_bytes());
                assert!(is_same, "{place:?} was changed without a record: {text} {there}");
            }
            (None, None) => panic!("{place:?} vanished without a trace"),
            (Some(changes), there) => {
                let last = changes.last().unwrap();
                assert_eq!(last.after_text.is_none(), there.is_none(), "{place:?}: {last:?}");
                if there.is_none() && !text.contains("RRULE") {
                    let before = last.before_text.as_deref().unwrap();
                    assert!(ical::means_the_same(before, text.as_bytes()), "{text}: {last:?}");
                }
            }
        }
    }
}

/// An answer is given after what it says is durable.
fn what_was_told_is_written_down(history: &History, told: &Told) {
    let written: BTreeSet<_> = history
        .done()
        .filter(|it| it.cause == Cause::Clear)
        .flat_map(|it| removed_by(history, it))
        .collect();
    let mut reported = BTreeSet::new();
    for removed in &told.removed {
        assert!(written.contains(removed), "{removed:?} was reported and is not in the history");
        assert!(reported.insert(removed), "{removed:?} was reported twice");
    }
    let deleted = deleted_by_request(history);
    for (slug, uid) in &told.deleted {
        let room = SLUGS.iter().position(|it| it == slug).unwrap();
        assert!(deleted.contains(&(room, format!("{uid}.ics"))), "the deletion of {uid} was lost");
    }
}

/// What a change took out: calendar, UID, start.
fn removed_by(history: &History, change: &Change) -> Vec<(String, String, String)> {
    let slug = SLUGS[place_of(change).0].to_owned();
    let lines = history.lines_of(change).into_iter().map(|line| {
        let event = Removal::from_json(&line.fact).unwrap().event;
        let event = serde_json::to_value(event).unwrap();
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        (slug.clone(), text("uid"), text("start"))
    });
    lines.collect()
}

fn only_what_the_rules_remove_was_removed(
    world: &World,
    history: &History,
    report: &BTreeSet<(String, String, String)>,
) {
    let book = world.book.lock().unwrap();
    let mut removed = BTreeSet::new();
    for change in history.done().filter(|it| it.cause == Cause::Clear) {
        // A run that was about to delete what somebody was quicker to delete found it gone.
        if book.objects.get(&place_of(change)) != Some(&None) {
            removed.extend(removed_by(history, change));
        }
    }
    assert_eq!(&removed, report, "by the history, and by an undisturbed run");
}

/// An occurrence of a list: room, UID, name, start, end, status, whether it blocks.
type Shown = (usize, [String; 5], bool);

/// Makes sure that the server holds what an undisturbed run leaves of what people made; what that run
/// removes: calendar, UID, start.
pub async fn is_as_undisturbed(world: &World) -> BTreeSet<(String, String, String)> {
    let there = on_server(world).await;
    let deleted = deleted_by_request(&History::read(&world.database).await);
    let mut left: BTreeMap<Place, String> = BTreeMap::new();
    for (place, text) in &world.book.lock().unwrap().objects {
        if let (Some(text), false) = (text, deleted.contains(place)) {
            left.insert(place.clone(), text.clone());
        }
    }
    let is_ours = |place: &Place| !world.book.lock().unwrap().objects.contains_key(place);
    // Bookings of ours have hours of their own.
    let ours = there.iter().filter(|(place, _)| is_ours(place));
    left.extend(ours.map(|(place, text)| (place.clone(), text.clone())));
    let (found, _) = outcome(world, &there, false).await;
    let (expected, removed) = outcome(world, &left, true).await;
    let too_much: Vec<_> = found.difference(&expected).collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(too_much.is_empty() && missing.is_empty(), "left: {too_much:?}; lost: {missing:?}");
    removed
}

/// The occurrences of built-in rooms with these objects, after a clear or without, and what it removed.
async fn outcome(
    world: &World,
    objects: &BTreeMap<Place, String>,
    is_cleared: bool,
) -> (BTreeSet<Shown>, BTreeSet<(String, String, String)>) {
    let database = Database::sqlite().await;
    let store = database.open().await;
    set_up(&store).await;
    let setup = Setup::on_system_clock(&store);
    for (room, slug) in SLUGS.into_iter().enumerate() {
        let of_room = objects.iter().filter(|(place, _)| place.0 == room);
        let texts: Vec<&[u8]> = of_room.map(|(_, text)| text.as_bytes()).collect();
        setup.import(slug, ical::join(&texts)).await;
    }
    let removed = if is_cleared { removed(&setup.clear_all().await) } else { Vec::new() };
    let mut shown = BTreeSet::new();
    for (room, slug) in SLUGS.into_iter().enumerate() {
        for event in setup.list(slug, world.times[room].window()).await {
            let text = |name: &str| event[name].as_str().unwrap().to_owned();
            let texts = ["uid", "name", "start", "end", "status"].map(text);
            shown.insert((room, texts, event["blocking"].as_bool().unwrap()));
        }
    }
    store.close().await.unwrap();
    (shown, removed.into_iter().collect())
}

/// Puts some of what was removed back, and makes sure that it is there as it was; how many.
pub async fn restore_some(world: &World, random: &mut Random) -> usize {
    let history = History::read(&world.database).await;
    let deleted: Vec<_> = history
        .done()
        .filter(|change| change.cause == Cause::Clear && change.after_text.is_none())
        .filter(|change| history.lines_of(change).len() == 1)
        .collect();
    let count = deleted.len().min(4);
    let mut done = BTreeSet::new();
    while done.len() < count {
        let change = random.pick(&deleted);
        if !done.insert(change.id) {
            continue;
        }
        let line = history.lines_of(change)[0].id.to_string();
        world.run(&["history", "restore", &line]).done();
        let (room, name) = place_of(change);
        let there = world.server.client(SLUGS[room]).request("GET", &name, &[], "").await;
        let before = change.before_text.as_deref().unwrap();
        assert!(ical::means_the_same(before, there.body.as_bytes()), "{name}: {}", there.body);
    }
    count
}
