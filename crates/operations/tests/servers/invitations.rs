//! Invitations, on servers that send and answer them themselves (RFC 6638): alice writes an event with
//! the room as ATTENDEE into her own calendar.

use std::sync::{Mutex, PoisonError};

use harness::{Event, Room, days, event, file};
use ical::Moment;
use operations::{ChangeRequest, Error, RequestedChange, WhenTaken};
use store::calendars::Calendar;
use testing::proxy::FaultProxy;
use testing::servers::{CalDavServer, Client, name_of};

use crate::expected::{Expected, Scheduling};
use crate::ground::{Ground, on_every_server};

/// The first of June 2036: servers send nothing about what is over.
const CLOCK: Moment = days(3744);

/// The tests share the room's calendar for invitations, and whatever conflicts in it is cleared: one at a
/// time.
static TURN: Mutex<()> = Mutex::new(());

pub fn one_after_the_other(test: impl AsyncFn(&CalDavServer) + Sync) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    on_every_server(test);
}

/// The room's calendar for invitations, and alice's own.
pub struct Invited<'s> {
    /// The room here.
    pub it: Ground<'s>,
    /// Alice's program on her own calendar.
    pub alice: Client,
    /// Somebody's program on the room's.
    pub room: Client,
    day: &'static str,
}

impl<'s> Invited<'s> {
    /// `None` where there is no scheduling.
    pub async fn new(server: &'s CalDavServer, day: &'static str) -> Option<Invited<'s>> {
        Invited::through(server, day, None).await
    }

    /// The same, where requests of ours are counted.
    pub async fn watched(server: &'s CalDavServer, day: &'static str) -> Option<Invited<'s>> {
        let proxy = FaultProxy::start(&server.url, 1).await;
        Invited::through(server, day, Some(proxy)).await
    }

    async fn through(
        server: &'s CalDavServer,
        day: &'static str,
        proxy: Option<FaultProxy>,
    ) -> Option<Invited<'s>> {
        let expected = Expected::of(&server.kind);
        let invitations = server.invitations.as_ref();
        assert_eq!(invitations.is_some(), expected.scheduling.is_some(), "{}", expected.name);
        let mut it = Ground::at(server, invitations?, proxy).await;
        it.room = it.room.at(CLOCK);
        let alice = server.client("alice", &server.alice_own);
        let room = server.client("room", invitations?);
        // What an earlier test has left.
        for client in [&alice, &room] {
            for object in client.list().await {
                client.delete(object.href.rsplit('/').next().unwrap(), None).await;
            }
        }
        Some(Invited { it, alice, room, day })
    }

    pub fn uid(&self, short: &str) -> String {
        format!("{short}-{}-{}", self.day, std::process::id())
    }

    /// An event at ten on the day of the test.
    pub fn event(&self, short: &str, created: &str) -> Event {
        let at = |hour| format!("203606{}T{hour}0000Z", self.day);
        event(&self.uid(short), created, &at(10), &at(11)).line(format!("SUMMARY:{short}"))
    }

    /// Alice invites the room.
    pub async fn invite(&self, short: &str, event: Event) {
        let event = event
            .line("ORGANIZER:mailto:alice@example.test")
            .line("ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test")
            .line("ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:room@example.test");
        let put = self.alice.put(&name_of(&self.uid(short)), &file(&[event]), None).await;
        assert_eq!(put.status, 201, "{}: {put:?}", self.it.expected.name);
    }

    /// Somebody books directly in the room's calendar, long before.
    pub async fn book(&self) {
        let text = file(&[self.event("old", "0101T00")]);
        let put = self.room.put(&name_of(&self.uid("old")), &text, None).await;
        assert_eq!(put.status, 201, "{}: {put:?}", self.it.expected.name);
    }

    /// What we do, in lines about events of this test.
    pub async fn clear(&self) -> Vec<String> {
        let suffix = self.uid("");
        let lines = harness::told(&self.it.room.clear().await).into_iter();
        let ours = lines.filter(|line| line.contains(&suffix) || line.starts_with("failed"));
        ours.map(|line| line.replace(&suffix, "")).collect()
    }

    /// Looks without doing anything, and forgets the requests so far.
    pub async fn clear_nothing(&self) {
        self.it.room.test().await;
        self.it.requests();
    }

    /// The room's copies of an event, as texts.
    pub async fn copies(&self, short: &str) -> Vec<String> {
        let all = self.room.expanded("20360601T000000Z", "20360701T000000Z").await.into_iter();
        all.map(|it| it.text).filter(|text| text.contains(&self.uid(short))).collect()
    }

    /// What alice's own event says of the room's answer, in all of its components.
    pub async fn answers(&self, short: &str) -> Vec<String> {
        answers_in(&self.alice.get(&name_of(&self.uid(short))).await.body)
    }

    /// What the room's copy says of its own answer, likewise.
    pub async fn own_answers(&self, short: &str) -> Vec<String> {
        self.copies(short).await.iter().flat_map(|text| answers_in(text)).collect()
    }

    /// Alice gives her event another title, and leaves everything else of it as it is.
    async fn retitle(&self, short: &str) {
        let name = name_of(&self.uid(short));
        let text = self.alice.get(&name).await.body;
        let (old, new) = (format!("SUMMARY:{short}"), format!("SUMMARY:New {short}"));
        assert!(text.contains(&old), "{}: {text}", self.it.expected.name);
        let put = self.alice.put(&name, &text.replace(&old, &new), None).await;
        assert!((200..300).contains(&put.status), "{}: {put:?}", self.it.expected.name);
    }
}

/// What the components of an invitation say of the room's answer.
pub fn answers_in(text: &str) -> Vec<String> {
    let text = text.replace("\r\n ", "").replace("\n ", "");
    let of_room = text.lines().filter(|line| {
        line.starts_with("ATTENDEE") && line.to_lowercase().contains("mailto:room@example.test")
    });
    let answer = |line: &str| {
        let answer = line.split_once("PARTSTAT=").map_or("NEEDS-ACTION", |(_, rest)| rest);
        answer.split([';', ':']).next().unwrap_or_default().to_owned()
    };
    of_room.map(answer).collect()
}

pub fn scheduling(it: &Invited<'_>) -> Scheduling {
    it.it.expected.scheduling.unwrap()
}

#[test]
fn an_invitation_for_a_taken_hour_goes_and_alice_hears_what_her_server_tells_her() {
    one_after_the_other(async |server| {
        let Some(it) = Invited::new(server, "03").await else { return };
        it.book().await;
        it.invite("meeting", it.event("meeting", "0201T00")).await;
        assert_eq!(it.copies("meeting").await.len(), 1, "{}", it.it.expected.name);
        it.it.same(it.answers("meeting").await, ["NEEDS-ACTION"]);
        it.it.same(it.clear().await, ["deleted meeting 0603T10 by old"]);
        it.it.same(it.copies("meeting").await.len(), 0);
        let answer = if scheduling(&it).tells_of_delete { "DECLINED" } else { "NEEDS-ACTION" };
        it.it.same(it.answers("meeting").await, [answer]);
    });
}

#[test]
fn an_occurrence_of_an_invitation_goes_and_alice_hears_what_her_server_tells_her() {
    one_after_the_other(async |server| {
        let Some(it) = Invited::new(server, "10").await else { return };
        it.book().await;
        let series = event(&it.uid("series"), "0201T00", "20360609T100000Z", "20360609T110000Z");
        it.invite("series", series.rule("FREQ=DAILY;COUNT=3").line("SUMMARY:series")).await;
        it.it.same(it.clear().await, ["cancelled series 0610T10 by old"]);
        let answers = it.answers("series").await;
        let tells = scheduling(&it).tells_of_exdate;
        assert_eq!(
            answers.contains(&"DECLINED".to_owned()),
            tells,
            "{}: {answers:?}",
            it.it.expected.name
        );
        it.it.same(it.clear().await, [""; 0]);
    });
}

#[test]
fn what_alice_calls_off_is_removed_by_her_server_or_by_us() {
    one_after_the_other(async |server| {
        let Some(it) = Invited::new(server, "17").await else { return };
        it.invite("off", it.event("off", "0201T00")).await;
        it.it.same(it.clear().await, [""; 0]);
        let deleted = it.alice.delete(&name_of(&it.uid("off")), None).await;
        assert!((200..300).contains(&deleted.status), "{}: {deleted:?}", it.it.expected.name);
        let cleared = it.clear().await;
        if scheduling(&it).keeps_called_off {
            it.it.same(cleared, ["leftover off 0617T10"]);
        } else {
            it.it.same(cleared, [""; 0]);
        }
        it.it.same(it.copies("off").await.len(), 0);
        it.it.same(it.it.room.text(&it.uid("off")).await, "");
    });
}

#[test]
fn an_invitation_that_is_restored_is_accepted_and_the_next_edit_of_its_title_frees_no_hour() {
    one_after_the_other(async |server| {
        let Some(mut it) = Invited::new(server, "24").await else { return };
        it.it.room = it.it.room.clone().set(with_address).await;
        it.book().await;
        it.invite("meeting", it.event("meeting", "0201T00")).await;
        it.it.same(it.clear().await, ["deleted meeting 0624T10 by old"]);
        let deleted = it.room.delete(&name_of(&it.uid("old")), None).await;
        assert!((200..300).contains(&deleted.status), "{}: {deleted:?}", it.it.expected.name);
        let line = it.it.room.line(&it.uid("meeting"), "0624T10").await;
        it.it.room.restore(line).await.unwrap();
        it.it.same(it.own_answers("meeting").await, ["ACCEPTED"]);
        let told = if scheduling(&it).tells_of_restore { "ACCEPTED" } else { "DECLINED" };
        it.it.same(it.answers("meeting").await, [told]);

        it.retitle("meeting").await;
        it.it.same(it.copies("meeting").await.concat().contains("New meeting"), true);
        it.it.same(it.own_answers("meeting").await, [scheduling(&it).answer_after_edit]);
        let later = file(&[it.event("later", "0301T00")]);
        let put = it.room.put(&name_of(&it.uid("later")), &later, None).await;
        it.it.same(put.status, 201);
        it.it.same(it.clear().await, ["deleted later 0624T10 by meeting"]);
    });
}

#[test]
fn an_invitation_is_changed_by_its_organizer_only_and_can_be_removed() {
    one_after_the_other(async |server| {
        let Some(mut it) = Invited::new(server, "26").await else { return };
        it.it.room = it.it.room.clone().set(with_address).await;
        it.invite("meeting", it.event("meeting", "0201T00")).await;
        let ann = it.it.room.caller("ann").await;
        let Room { service, calendar } = &it.it.room;
        let change = RequestedChange { name: Some("New".to_owned()), ..RequestedChange::default() };
        let request = ChangeRequest {
            uid: it.uid("meeting"),
            change,
            occurrence: None,
            when_taken: WhenTaken::Book,
            if_match: None,
        };
        let changed = service.change_event(&ann, calendar, request).await;
        let is_refused = matches!(changed, Err(Error::Conflict(_)));
        assert!(is_refused, "{}: {changed:?}", it.it.expected.name);
        it.it.same(it.copies("meeting").await.concat().contains("SUMMARY:meeting"), true);
        service.delete_event(&ann, calendar, &it.uid("meeting")).await.unwrap();
        it.it.same(it.copies("meeting").await.len(), 0);
    });
}

/// The room knows by which address it is invited.
pub fn with_address(calendar: &mut Calendar) {
    calendar.room_address = Some("room@example.test".to_owned());
}
