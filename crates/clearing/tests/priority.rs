//! Priority, asked for one occurrence.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use clearing::{Binding, Memory, Priorities, Ties, priority_of};
use ical::{Calendar, Moment};

const TEXT: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Board meeting\r\n\
                    DTSTART:20260302T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn of(priorities: &Priorities, memory: &Memory) -> Option<Ties> {
    let calendar = Calendar::parse(TEXT.as_bytes()).unwrap();
    let event = calendar.event(0);
    priority_of(&calendar, 0, &event, (Moment(10), Moment(20)), priorities, memory)
}

#[test]
fn an_occurrence_is_prioritised_by_its_name_its_uid_or_a_bound_token_and_keeps_where_one_says_so() {
    let (mut priorities, mut memory) = (Priorities::default(), Memory::default());
    assert_eq!(of(&priorities, &memory), None);
    priorities.add_name("board", None);
    assert_eq!(of(&priorities, &memory), Some(Ties::Rank));
    let binding = Binding { intervals: vec![(Moment(10), Moment(20))], ties: Ties::Keep };
    memory.bindings.insert("a".to_owned(), vec![binding]);
    assert_eq!(of(&priorities, &memory), Some(Ties::Keep));
    assert_eq!(of(&Priorities::default(), &memory), Some(Ties::Keep));
    let mut by_uid = Priorities::default();
    by_uid.add_uid("a", Some(Ties::Rank));
    assert_eq!(of(&by_uid, &Memory::default()), Some(Ties::Rank));
    by_uid.overrule_ties(Ties::Keep);
    assert_eq!(of(&by_uid, &Memory::default()), Some(Ties::Keep));
}
