//! Events about who gets in: sign-ins, failures, wrong keys, refused access. Anybody can cause them, so
//! the first of each kind from one place is written at once, the next ones are counted and written
//! together, and an hour has a bounded number of entries.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use store::UserId;
use store::audit::Actor;
use store::identities::IdentityKind;

use crate::refusal::{Refusal, how};
use crate::{People, Result};
use facts::audit::{Action, Entry, FactValue, Field};

/// Seconds for which events of one kind from one place are gathered after the first.
const GATHERED: i64 = 600;
/// Places that are distinguished; events of further ones are only counted.
const MAX_PLACES: usize = 1_000;
/// Different subjects, such as names that were tried, that are kept of what is gathered.
const MAX_SUBJECTS: usize = 10;
/// Entries an hour; what is beyond them is only counted.
const MAX_ENTRIES: u32 = 200;
/// Those of them that strangers can take up: what users do is recorded however many networks guess.
const MAX_OF_STRANGERS: u32 = 100;
const HOUR: i64 = 3_600;
/// The most characters of a subject, such as a name that was tried.
const MAX_SUBJECT: usize = 100;

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecurityEvent {
    /// A user signed in; the subject is the user's name.
    SignedIn,
    /// A user signed in, for whom somebody else vouched; the subject is the user's name.
    SignedInBy(IdentityKind),
    /// Somebody else vouched for a person, and the sign-in was refused, or nobody did; the subject is what the person is
    /// called there.
    SignInRefused(IdentityKind, Refusal),
    /// A name and a password do not go together; the subject is the name that was tried.
    SignInFailed,
    /// The password was right, the code wrong or used already; the subject is the user's name.
    CodeFailed,
    /// Somebody who is signed in gave a wrong present password; the subject is the user's name.
    PresentPasswordWrong,
    /// An API key is wrong; the subject is how it begins.
    KeyRefused,
    /// Something that exists is not for this user; the subject is its path.
    AccessRefused,
}

impl SecurityEvent {
    fn action(self) -> Action {
        match self {
            SecurityEvent::SignedIn | SecurityEvent::SignedInBy(_) => Action::SignedIn,
            SecurityEvent::SignInFailed | SecurityEvent::SignInRefused(..) => Action::SignInFailed,
            SecurityEvent::CodeFailed => Action::CodeFailed,
            SecurityEvent::PresentPasswordWrong => Action::PresentPasswordWrong,
            SecurityEvent::KeyRefused => Action::KeyRefused,
            SecurityEvent::AccessRefused => Action::AccessRefused,
        }
    }

    /// An entry about it.
    fn entry(self, subject: &str) -> Entry {
        let entry = Entry::new(self.action(), subject);
        match self {
            SecurityEvent::SignedInBy(kind) => entry.with(Field::How, how(kind)),
            SecurityEvent::SignInRefused(kind, refusal) => entry
                .with(Field::How, how(kind))
                .with(Field::Reason, FactValue::Word(refusal.word())),
            _ => entry,
        }
    }
}

/// Where events come from: a user, if known, and an address (of IPv6, the network of one customer).
type Place = (SecurityEvent, Option<UserId>, Option<IpAddr>);

/// What is gathered of a place.
#[derive(Debug)]
struct Gathered {
    until: i64,
    actor: Actor,
    address: String,
    more: u32,
    subjects: Vec<String>,
}

/// The events that are not written yet.
#[derive(Debug, Default)]
pub struct SecurityLog {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    places: HashMap<Place, Gathered>,
    /// The hour, counted from 1970, and what was written in it.
    hour: i64,
    written: u32,
    written_of_strangers: u32,
    /// Events that are only counted.
    beyond: HashMap<SecurityEvent, u32>,
}

/// An entry to be written.
type Due = (Actor, Entry);

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(it) => IpAddr::V6((u128::from(it) & !u128::from(u64::MAX)).into()),
    }
}

/// A text of somebody unknown, on one line and bounded.
fn plain(text: &str) -> String {
    let text = text.chars().map(|it| if it.is_control() { ' ' } else { it });
    text.take(MAX_SUBJECT).collect()
}

impl State {
    /// Whether the hour has room for another entry.
    fn has_room(&mut self, actor: &Actor, now: i64) -> bool {
        let hour = now.div_euclid(HOUR);
        if hour != self.hour {
            (self.hour, self.written, self.written_of_strangers) = (hour, 0, 0);
        }
        let is_stranger = u32::from(actor.user.is_none());
        let has_room = self.written < MAX_ENTRIES
            && self.written_of_strangers + is_stranger <= MAX_OF_STRANGERS;
        self.written += u32::from(has_room);
        self.written_of_strangers += is_stranger * u32::from(has_room);
        has_room
    }

    fn count_only(&mut self, event: SecurityEvent, more: u32) {
        let count = self.beyond.entry(event).or_default();
        *count = count.saturating_add(more);
    }

    /// Takes an event in; returns the entry that is to be written at once, if any.
    fn take(
        &mut self,
        event: SecurityEvent,
        actor: &Actor,
        subject: String,
        address: &str,
        now: i64,
    ) -> Option<Due> {
        let place = (event, actor.user, address.parse().ok().map(network));
        if let Some(known) = self.places.get_mut(&place) {
            known.more = known.more.saturating_add(1);
            if known.subjects.len() < MAX_SUBJECTS && !known.subjects.contains(&subject) {
                known.subjects.push(subject);
            }
            return None;
        }
        if self.places.len() >= MAX_PLACES || !self.has_room(actor, now) {
            self.count_only(event, 1);
            return None;
        }
        let (until, actor, address) = (now + GATHERED, actor.clone(), address.to_owned());
        let entry =
            event.entry(&subject).with(Field::ClientAddress, FactValue::text(address.as_str()));
        let gathered =
            Gathered { until, actor: actor.clone(), address, more: 0, subjects: Vec::new() };
        self.places.insert(place, gathered);
        Some((actor, entry))
    }

    /// The entries that are due: of places whose time is over, and how many events were only counted.
    fn due(&mut self, now: i64, is_end: bool) -> Vec<Due> {
        let mut due = Vec::new();
        let is_new_hour = is_end || now.div_euclid(HOUR) != self.hour;
        let over = self.places.extract_if(|_, it| is_end || it.until <= now);
        let over: Vec<(Place, Gathered)> = over.collect();
        for ((event, ..), it) in over {
            if it.more == 0 {
                continue;
            }
            if !self.has_room(&it.actor, now) {
                self.count_only(event, it.more);
                continue;
            }
            let subject = it.subjects.first().cloned().unwrap_or_default();
            let mut entry = event
                .entry(&subject)
                .with(Field::ClientAddress, FactValue::text(it.address))
                .with(Field::Times, FactValue::Number(it.more.into()));
            if it.subjects.len() > 1 {
                entry = entry.with(Field::Subjects, FactValue::texts(&it.subjects));
            }
            due.push((it.actor, entry));
        }
        if is_new_hour {
            let mut beyond: Vec<_> = self.beyond.drain().collect();
            beyond.sort_unstable();
            for (event, count) in beyond {
                let entry = event.entry("").with(Field::Times, FactValue::Number(count.into()));
                due.push((Actor { user: None, name: String::new() }, entry));
            }
        }
        due
    }
}

impl People {
    /// Notes an event about who gets in, in the log and, bounded, in the audit trail. Strangers have no
    /// actor. That it cannot be written is logged, and keeps nobody from anything.
    pub async fn note_security(
        &self,
        event: SecurityEvent,
        actor: Option<&Actor>,
        subject: &str,
        address: &str,
    ) {
        let subject = plain(subject);
        let user = actor.and_then(|it| it.user).map(|it| it.0);
        match event {
            SecurityEvent::SignedIn | SecurityEvent::SignedInBy(_) => {
                tracing::info!(?event, user, subject = ?subject, address, "security event");
            }
            _ => tracing::warn!(?event, user, subject = ?subject, address, "security event"),
        }
        let stranger = Actor { user: None, name: String::new() };
        let actor = actor.unwrap_or(&stranger);
        let now = self.now().0;
        let due = {
            let mut state = self.security.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.take(event, actor, subject, address, now)
        };
        if let Err(error) = self.write_due(due.into_iter().collect()).await {
            tracing::warn!(%error, "recording a security event failed");
        }
    }

    /// Writes the events that were gathered; at the end of the process, all of them.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn write_security_events(&self, is_end: bool) -> Result<()> {
        let now = self.now().0;
        let due = {
            let mut state = self.security.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.due(now, is_end)
        };
        self.write_due(due).await
    }

    async fn write_due(&self, due: Vec<Due>) -> Result<()> {
        if due.is_empty() {
            return Ok(());
        }
        let transaction = self.store.begin().await?;
        for (actor, entry) in due {
            self.note(&transaction, &actor, entry).await?;
        }
        Ok(transaction.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger() -> Actor {
        Actor { user: None, name: String::new() }
    }

    fn fail(state: &mut State, name: &str, address: &str, now: i64) -> Option<Due> {
        state.take(SecurityEvent::SignInFailed, &stranger(), name.to_owned(), address, now)
    }

    #[test]
    fn failures_of_one_address_are_two_entries_and_the_second_has_their_number_and_names() {
        let mut state = State::default();
        assert!(fail(&mut state, "ann", "192.0.2.1", 0).is_some());
        for number in 0..10_000 {
            let name = format!("name{}", number % 50);
            assert!(fail(&mut state, &name, "192.0.2.1", 1).is_none());
        }
        assert!(state.due(GATHERED - 1, false).is_empty());
        let due = state.due(GATHERED, false);
        let [(_, entry)] = &due[..] else { panic!("{due:?}") };
        assert_eq!(entry.facts[1].value, FactValue::Number(10_000));
        let FactValue::Texts(names) = &entry.facts[2].value else { panic!("{entry:?}") };
        assert_eq!(names.len(), MAX_SUBJECTS);
        assert!(fail(&mut state, "ann", "192.0.2.1", GATHERED).is_some(), "it begins anew");
    }

    #[test]
    fn a_network_of_ipv6_is_one_place_and_a_user_at_each_address_is_another() {
        let mut state = State::default();
        assert!(fail(&mut state, "a", "2001:db8::1", 0).is_some());
        assert!(fail(&mut state, "a", "2001:db8::ffff:2", 0).is_none());
        assert!(fail(&mut state, "a", "2001:db8:0:1::1", 0).is_some());
        let ann = Actor { user: Some(UserId(1)), name: "ann".to_owned() };
        let mut refuse = |address| {
            state.take(SecurityEvent::AccessRefused, &ann, "/x".to_owned(), address, 0).is_some()
        };
        assert!(refuse("192.0.2.1") && refuse("192.0.2.2"), "a thief has an address of his own");
        assert!(!refuse("192.0.2.1") && !refuse("192.0.2.2"));
    }

    #[test]
    fn an_hour_has_a_bounded_number_of_entries_whatever_the_number_of_addresses() {
        let mut state = State::default();
        let address = |it: u32| IpAddr::from(it.to_be_bytes()).to_string();
        let written = (0..100_000).filter(|it| fail(&mut state, "a", &address(*it), 0).is_some());
        assert_eq!(written.count(), MAX_OF_STRANGERS as usize);
        assert!(state.places.len() <= MAX_PLACES);
        let due = state.due(HOUR, false);
        let [(_, entry)] = &due[..] else { panic!("{} entries", due.len()) };
        let count = i64::from(100_000 - MAX_OF_STRANGERS);
        assert_eq!(entry.facts[0].value, FactValue::Number(count));
        assert!(fail(&mut state, "a", "192.0.2.1", HOUR).is_some());
    }

    #[test]
    fn who_signs_in_is_recorded_however_many_networks_guess() {
        let mut state = State::default();
        let address = |it: u32| IpAddr::from(it.to_be_bytes()).to_string();
        for it in 0..100_000 {
            fail(&mut state, "a", &address(it), 0);
        }
        let ann = Actor { user: Some(UserId(1)), name: "ann".to_owned() };
        let mut signs_in = |it| {
            let name = "ann".to_owned();
            state.take(SecurityEvent::SignedIn, &ann, name, &address(it), 0).is_some()
        };
        let written = (0..1_000).filter(|it| signs_in(*it)).count();
        assert_eq!(written, (MAX_ENTRIES - MAX_OF_STRANGERS) as usize);
    }

    #[test]
    fn what_strangers_write_is_one_bounded_line() {
        assert_eq!(plain("ann\r\nroot signed in\u{1b}[2J"), "ann  root signed in [2J");
        assert_eq!(plain(&"é".repeat(1_000)).chars().count(), MAX_SUBJECT);
    }
}
