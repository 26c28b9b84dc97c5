//! What must be true at the end of a history.

use std::collections::BTreeSet;

use facts::{Removal, RemovalKind};
use store::RemovalId;
use store::history::{Cause, Change, ChangeState};
use store::outbox::{MessageKind, MessageState, OutboxMessage};

use crate::History;
use crate::event::{DAY, Event, UNANSWERED};
use crate::gate::{Act, Effect, Kind, ROOMS};
use crate::overlaps::Overlap;
use crate::records::Records;
use crate::set_up::{CONTACT, GRACE_HOURS, Handling, SLUGS};
use crate::world::World;

/// How many deleted objects of a history are restored at its end, the latest first.
const MAX_RESTORED: usize = 5;

/// Seconds before its start at which an event is removed at the latest.
const FLOOR: i64 = 2 * 3_600;

/// Judges a history that has come to its end.
pub(crate) fn judge(world: &mut World) -> Result<History, String> {
    let records = Records::read(world)?;
    let mut wrong = world.gate.wrong();
    for room in 0..ROOMS.len() {
        if room == 0 && world.handling == Handling::Report {
            continue;
        }
        let found = world.gate.double_bookings(room);
        let stuck = records.stuck(&found);
        let is_stuck = |it: &Overlap| it.has(|uid| stuck.contains(uid));
        let found = found.iter().filter(|it| !records.is_pending(it) && !is_stuck(it));
        wrong.extend(found.map(|it| format!("a double booking stayed: {it}")));
    }
    every_invitation_has_its_answer(world, &records, &mut wrong);
    every_write_has_its_record(world, &records, &mut wrong);
    every_removal_has_its_message(&records, &mut wrong);
    every_message_arrived_once(world, &records, &mut wrong);
    nobody_lost_an_hour_without_a_warning(world, &records, &mut wrong);
    what_is_reported_is_kept(world, &records, &mut wrong);
    no_hour_was_offered_to_two(&records, &mut wrong);
    every_move_ends_in_the_other_room(world, &records, &mut wrong);
    let cleared = records.done().filter(|it| it.cause == Cause::Clear).count();
    let emails = world.mail.taken().len();
    restoring_gives_the_bytes_back(world, &records, &mut wrong)?;
    let log = world.gate.log();
    Ok(History { log, wrong, counts: [cleared, emails] })
}

/// In the first room no invitation waits for an answer that lies ahead, unless its removal is pending or it overlaps in a
/// room that only reports, and in the second none has got one.
fn every_invitation_has_its_answer(world: &World, records: &Records, wrong: &mut Vec<String>) {
    let now = world.now();
    let overlaps = match world.handling {
        Handling::Report => world.gate.double_bookings(0),
        Handling::Remove | Handling::Warn => Vec::new(),
    };
    for room in 0..ROOMS.len() {
        for event in world.gate.events(room) {
            let Some(answer) = &event.answer else { continue };
            let lies_ahead = event.occurrences().iter().any(|(_, end)| *end > now);
            let is_right = match answer.as_str() {
                UNANSWERED => {
                    let is_pending = records.pending.contains(&event.uid);
                    let is_left = overlaps.iter().any(|it| it.has(|uid| uid == event.uid));
                    room != 0 || event.is_cancelled || !lies_ahead || is_pending || is_left
                }
                // What is restored is accepted, also over another answer.
                "ACCEPTED" => room == 0,
                _ => event.is_answered,
            };
            if !is_right {
                wrong.push(format!("{} in room {room} has the answer {answer}", event.uid));
            }
        }
    }
}

/// Each write that reached the server is one change in the history, with the text as it was before.
fn every_write_has_its_record(world: &World, records: &Records, wrong: &mut Vec<String>) {
    let mut unmatched: Vec<&Change> =
        records.done().filter(|it| it.href.starts_with('/')).collect();
    let effects = world.gate.effects().into_iter().filter(|it| !it.is_booking);
    let mut effects: Vec<_> = effects.collect();
    // What a restored backup has undone may lack its record, so the others choose first.
    effects.sort_by_key(|it| world.gate.is_covered_up(it));
    for effect in effects {
        let is_it = |it: &&Change| {
            let is_kept = |kept: Option<&[u8]>| kept == effect.before.as_deref().map(str::as_bytes);
            it.href == effect.path
                && is_kept(it.before_text.as_deref())
                && it.after_text.is_some() == effect.after.is_some()
        };
        match unmatched.iter().position(is_it) {
            Some(at) => {
                let change = unmatched.remove(at);
                let is_removal = change.cause != Cause::Restore;
                if is_removal && records.removals_of(change).is_empty() {
                    wrong.push(format!("the removal {} has no line in the history", change.href));
                }
            }
            None if world.gate.is_covered_up(&effect) => {}
            None => {
                let at = crate::event::shown(effect.at);
                wrong.push(format!("{at} {}: a write without a record of the text", effect.path));
            }
        }
    }
    for change in unmatched.into_iter().filter(|it| records.is_confirmed(it)) {
        wrong.push(format!("the history has a change of {} that was not made", change.href));
    }
    for change in records.changes.iter().filter(|it| it.state == ChangeState::Prepared) {
        wrong.push(format!("a change of {} has no end", change.href));
    }
}

/// Each removal has one message for each person, or the reason for none.
fn every_removal_has_its_message(records: &Records, wrong: &mut Vec<String>) {
    let mut about = BTreeSet::new();
    for change in records.done().filter(|it| it.cause == Cause::Clear) {
        let is_first_room = change.href.contains(ROOMS[0]);
        let mut expected = BTreeSet::new();
        let removals = records.removals_of(change).into_iter();
        for removal in removals.filter(|it| *it.kind != RemovalKind::Accepted) {
            let organizer =
                Removal::from_json(&removal.fact).ok().and_then(|it| it.event.organizer);
            let address = organizer.map(|it| it.to_lowercase());
            let address = address.or_else(|| is_first_room.then(|| CONTACT.to_owned()));
            match (&removal.not_notified_reason, address) {
                (None, Some(address)) => drop(expected.insert(address)),
                (None, None) => wrong.push(format!("{}: neither message nor reason", change.uid)),
                (Some(_), _) => {}
            }
        }
        let is_of_it = |it: &&OutboxMessage| {
            it.change_id == Some(change.id) && it.kind != MessageKind::Restored
        };
        let messages = records.messages.iter().filter(is_of_it);
        let messages: Vec<_> = messages.collect();
        let mut expected: Vec<String> = expected.into_iter().collect();
        // What an organizer's server refuses for good goes to the contact.
        let failed = messages.iter().filter(|it| it.state == MessageState::Failed);
        let failed = failed.filter(|it| is_first_room && it.address != CONTACT).count();
        expected.extend(std::iter::repeat_n(CONTACT.to_owned(), failed));
        expected.sort();
        let mut told: Vec<String> = messages.iter().map(|it| it.address.clone()).collect();
        told.sort();
        if told != expected {
            wrong.push(format!("{}: told {told:?} in place of {expected:?}", change.uid));
        }
        about.insert(change.id.0);
    }
    for message in &records.messages {
        let is_about_one = message.change_id.is_some_and(|it| about.contains(&it.0));
        if !is_about_one && message.kind == MessageKind::Removed {
            wrong.push(format!("a message about {} without a removal", message.uid));
        }
    }
}

/// Each message that was sent arrived once, or more often only where an answer was lost.
fn every_message_arrived_once(world: &World, records: &Records, wrong: &mut Vec<String>) {
    let mut taken = world.mail.taken();
    for message in &records.messages {
        let arrived = taken.remove(&message.message_id).unwrap_or_default();
        if message.state == MessageState::Waiting {
            wrong.push(format!("the message about {} still waits", message.uid));
        }
        if message.state == MessageState::Sent && arrived.is_empty() {
            wrong.push(format!("the message about {} never arrived", message.uid));
        }
        let answered = arrived.iter().filter(|it| **it).count();
        if answered > 1 || arrived.len() > 1 && arrived[..arrived.len() - 1].contains(&true) {
            wrong.push(format!(
                "the message about {} arrived {} times",
                message.uid,
                arrived.len()
            ));
        }
    }
    for id in taken.keys().filter(|id| !id.starts_with("lost ")) {
        wrong.push(format!("the email {id} belongs to no message"));
    }
}

/// In a room that warns, nobody loses an hour without a warning about that very time, to him or to the contact, that the
/// mail server took at least the grace before, or two hours before it begins; unless less than two hours were left, or it
/// was an invitation that had no answer: it is declined at once.
fn nobody_lost_an_hour_without_a_warning(
    world: &World,
    records: &Records,
    wrong: &mut Vec<String>,
) {
    if world.handling != Handling::Warn {
        return;
    }
    let taken_at = world.mail.taken_at();
    let cleared =
        records.done().filter(|it| it.cause == Cause::Clear && it.href.contains(ROOMS[0]));
    // A warning about a series goes on for the rest of it, which has another UID.
    let is_rest_of = |rest: &str, uid: &str| {
        let mut divided = records.changes.iter().filter(|it| it.uid == uid);
        divided.any(|it| it.next_uid.as_deref() == Some(rest))
    };
    for change in cleared.filter(|it| !was_unanswered(it)) {
        for removal in records.removals_of(change) {
            let (start, at) = (removal.starts_at, removal.made_at);
            let is_other =
                matches!(*removal.kind, RemovalKind::DeletedCancelled | RemovalKind::Accepted);
            if is_other || start < at + FLOOR {
                continue;
            }
            let is_of_it = |it: &&OutboxMessage| {
                let data: serde_json::Value = serde_json::from_str(&it.data).unwrap_or_default();
                let dates = data["occurrences"].as_array().cloned().unwrap_or_default();
                it.kind == MessageKind::Warning
                    && (it.uid == change.uid || is_rest_of(&change.uid, &it.uid))
                    && dates.iter().any(|it| it["start"] == start)
                    && data["warning"]["is_winner"] == false
            };
            let warned = records.messages.iter().filter(is_of_it);
            let mut warned = warned.filter_map(|it| taken_at.get(&it.message_id));
            let is_right = |taken: &i64| {
                *taken <= at
                    && (taken + i64::from(GRACE_HOURS) * 3_600 <= at || start - FLOOR <= at)
            };
            if !warned.any(is_right) {
                let (start, at) = (crate::event::shown(start), crate::event::shown(at));
                wrong.push(format!("{} lost {start} at {at} without a warning", change.uid));
            }
        }
    }
}

/// In a room that only reports, no run removes anything but cancelled leftovers; each double booking that is left is kept
/// in the database, and the contact gets one message about them in a day at most.
fn what_is_reported_is_kept(world: &World, records: &Records, wrong: &mut Vec<String>) {
    if world.handling != Handling::Report {
        return;
    }
    let cleared =
        records.done().filter(|it| it.cause == Cause::Clear && it.href.contains(ROOMS[0]));
    for removal in cleared.flat_map(|it| records.removals_of(it)) {
        if !matches!(*removal.kind, RemovalKind::DeletedCancelled | RemovalKind::Accepted) {
            let start = crate::event::shown(removal.starts_at);
            wrong.push(format!("the hour at {start} was removed, and its room only reports"));
        }
    }
    let found = world.gate.double_bookings(0);
    for it in found.iter().filter(|it| !it.has(|uid| records.kept.contains(uid))) {
        wrong.push(format!("nobody sees that {it}"));
    }
    let told = records.messages.iter().filter(|it| it.kind == MessageKind::ConflictsFound);
    let mut told_at: Vec<i64> = told.map(|it| it.created_at).collect();
    told_at.sort_unstable();
    if told_at.windows(2).any(|it| it[1] - it[0] < DAY) {
        wrong.push("the contact was told of conflicts twice within a day".to_owned());
    }
    if told_at.is_empty() && !found.is_empty() {
        wrong.push("the contact was never told of conflicts".to_owned());
    }
}

/// No hour is offered to two at the same time.
fn no_hour_was_offered_to_two(records: &Records, wrong: &mut Vec<String>) {
    let twice = records.offered_twice.iter();
    wrong.extend(twice.map(|uid| format!("the hour of {uid} was offered to two")));
}

/// What a link moves is booked in the other room before it is removed from its own, and no move stays half done.
fn every_move_ends_in_the_other_room(world: &World, records: &Records, wrong: &mut Vec<String>) {
    let effects = world.gate.effects();
    for it in &records.moves {
        let uid = &it.uid;
        if it.used_at.is_none() {
            wrong.push(format!("the move of {uid} was not finished"));
        }
        let change = records.changes.iter().find(|change| Some(change.id.0) == it.change_id);
        let Some(change) = change.filter(|change| change.state == ChangeState::Done) else {
            continue;
        };
        // The last one: a text that was given up, and that a restored backup brought back, went before.
        let removed = effects.iter().rposition(|effect| {
            let is_kept =
                effect.before.as_deref().map(str::as_bytes) == change.before_text.as_deref();
            effect.path == change.href && effect.after.is_none() && is_kept
        });
        // Somebody else may have removed it.
        let Some(removed) = removed else { continue };
        let room = SLUGS.iter().position(|slug| Some(*slug) == it.target.as_deref());
        let path = room.map(|room| world.gate.path(room));
        let is_booking = |effect: &Effect| {
            let event = effect.after.as_deref().and_then(Event::read);
            path.as_ref().is_some_and(|path| effect.path.starts_with(path.as_str()))
                && event.is_some_and(|event| event.uid == *uid)
        };
        if !effects[..removed].iter().any(is_booking) {
            wrong.push(format!("{uid} was removed to be moved, and was not in the other room"));
        }
    }
}

/// Whether a change was made in an invitation that the room had not answered.
fn was_unanswered(change: &Change) -> bool {
    let text = change.before_text.as_deref().map(String::from_utf8_lossy);
    let event = text.and_then(|it| Event::read(&it));
    event.and_then(|it| it.answer).is_some_and(|it| it == UNANSWERED)
}

/// A text as it is restored: the first room has accepted it, unless it is cancelled.
fn accepted(room: usize, text: &str) -> String {
    let is_answered = room == 0 && !text.contains("STATUS:CANCELLED");
    let answers = [UNANSWERED, "TENTATIVE"].into_iter().filter(|_| is_answered);
    answers.fold(text.to_owned(), |text, it| {
        text.replace(&format!("PARTSTAT={it}"), "PARTSTAT=ACCEPTED")
    })
}

/// What was deleted comes back as it was, where nobody has written it since.
fn restoring_gives_the_bytes_back(
    world: &mut World,
    records: &Records,
    wrong: &mut Vec<String>,
) -> Result<(), String> {
    let process = world.process(0)?;
    let mut restored = BTreeSet::new();
    let deletions: Vec<(RemovalId, &Change)> = records
        .removals
        .iter()
        .rev()
        .filter_map(|it| Some((it.id, records.done().find(|change| change.id == it.change_id)?)))
        .filter(|(_, change)| change.after_text.is_none() && change.cause == Cause::Clear)
        .collect();
    for (id, change) in deletions {
        let Some((folder, name)) = change.href.rsplit_once('/') else { continue };
        let room = ROOMS.iter().position(|it| folder.ends_with(it)).unwrap_or_default();
        let is_there = world.gate.texts(room).contains_key(name);
        if records.removals_of(change).len() != 1 || !restored.insert(change.href.clone()) {
            continue;
        }
        if restored.len() > MAX_RESTORED {
            break;
        }
        world.gate.set_act(Act { began: i64::MAX, kind: Kind::Request });
        let done = process.runtime.block_on(process.service.restore(None, id));
        let now = world.gate.texts(room).get(name).cloned();
        world.gate.note(format!("{} is restored: {:?}", change.uid, done.as_ref().map(|_| ())));
        let before = change.before_text.as_deref().map(String::from_utf8_lossy);
        match done {
            Ok(_) if now != before.map(|it| accepted(room, &it)) => {
                wrong.push(format!("{} was restored with other bytes", change.uid));
            }
            Ok(_) if now.as_deref().and_then(Event::read).is_none() => {
                wrong.push(format!("{} was restored as something else", change.uid));
            }
            Ok(_) => {}
            Err(_) if is_there => {}
            Err(error) => {
                let is_last = records.done().filter(|it| it.href == change.href).last();
                if is_last.is_some_and(|it| it.id == change.id) {
                    wrong.push(format!("{} cannot be restored: {error}", change.uid));
                }
            }
        }
    }
    Ok(())
}
