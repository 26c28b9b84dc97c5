//! Samples of all template data, for the check, the preview and the tests.

use crate::links::{FreeRoom, Links, MoveLink};
use crate::notice::{Because, Event, Notice, Occurrence, Warning, WarningStage};

/// A sample.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its name.
    pub name: &'static str,
    /// The data of the template.
    pub notice: Notice,
}

/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// Seconds of a day.
const DAY: i64 = 24 * HOUR;
/// 1 January 2026, 00:00 in Berlin.
const JANUARY: i64 = 1_767_222_000;
/// 1 March 2026, 00:00 in Berlin.
const MARCH: i64 = JANUARY + (31 + 28) * DAY;
/// 20 January 2026, 08:33:20 in Berlin.
const LOSER_CREATED: i64 = JANUARY + 19 * DAY + 8 * HOUR + 33 * 60 + 20;

fn event(name: &str, day: u32, hours: [u32; 2], organizer: Option<&str>) -> Event {
    let at = |hour: u32| MARCH + (i64::from(day) - 1) * DAY + i64::from(hour) * HOUR;
    Event {
        name: name.to_owned(),
        start: at(hours[0]),
        end: at(hours[1]),
        created: Some(LOSER_CREATED),
        organizer: organizer.map(str::to_owned),
        is_prioritized: false,
        is_private: false,
        is_of_private_class: false,
        because: None,
    }
}

/// Why a staying event is the stronger one: it has held the time since the `day` of January, and the other
/// one since it was created.
fn because(rule: &str, day: u32, witnessed: bool) -> Option<Because> {
    Some(Because {
        rule: rule.to_owned(),
        winner_since: JANUARY + (i64::from(day) - 1) * DAY + 9 * HOUR,
        loser_since: LOSER_CREATED,
        witnessed,
    })
}

fn rival() -> Event {
    Event {
        created: Some(JANUARY + 13 * DAY + 9 * HOUR),
        because: because("held_since", 14, false),
        ..event("Board meeting", 2, [12, 14], Some("board@example.org"))
    }
}

fn occurrence(of: &Event, beside: &[Event]) -> Occurrence {
    Occurrence { start: of.start, end: of.end, overlap_events: beside.to_vec() }
}

/// An event that was deleted because another one has the room.
fn deleted() -> Notice {
    let event = event("Budget review", 2, [12, 13], Some("finance@example.org"));
    Notice {
        calendar_name: "Meeting room 1".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        occurrences: vec![occurrence(&event, &[rival()])],
        event,
        is_deleted: true,
        overlap_events: vec![rival()],
        ..Notice::default()
    }
}

/// Occurrences of a series that were cancelled.
fn cancelled(number: u32) -> Notice {
    let on = |day: u32| event("Stand-up", day, [9, 10], Some("dev@example.org"));
    let beside = |day: u32| {
        let interview = event("Interview", day, [9, 11], Some("hr@example.org"));
        vec![Event { because: because("held_since", 14, true), ..interview }]
    };
    Notice {
        event: on(2),
        is_deleted: false,
        is_cancelled: true,
        is_recurring: true,
        overlap_events: beside(2),
        occurrences: (0..number)
            .map(|it| occurrence(&on(2 + it % 27), &beside(2 + it % 27)))
            .collect(),
        ..deleted()
    }
}

/// Where a link of the samples leads.
fn link(to: &str) -> Option<String> {
    Some(format!("https://rooms.example.org/{to}"))
}

fn free_rooms() -> Vec<FreeRoom> {
    let room = |name: &str, url| FreeRoom { name: name.to_owned(), url };
    vec![room("Meeting room 2", link("week/meeting-room-2")), room("Library", None)]
}

/// A warning that an event will be removed, a day before it takes place, with all that its organizer can do.
fn warning() -> Notice {
    let stage = WarningStage::Announced {
        removal_at: MARCH + 10 * HOUR,
        first_lost_at: MARCH + DAY + 12 * HOUR,
        grace_hours: 24,
    };
    let to_room = link("link/3f9a01").into_iter();
    Notice {
        is_deleted: false,
        warning: Some(Warning { is_winner: false, stage }),
        links: Links {
            give_up: link("link/9b1c7e"),
            r#move: to_room
                .map(|url| MoveLink { room: "Meeting room 2".to_owned(), url })
                .collect(),
            ask: link("link/c40d52"),
            ..Links::default()
        },
        free_rooms: free_rooms(),
        contact: Some("desk@example.org".to_owned()),
        ..deleted()
    }
}

/// A warning that has ended, as one of both organizers gets it.
fn ended(is_winner: bool, reason: &str) -> Notice {
    let stage = WarningStage::Ended { reason: reason.to_owned() };
    Notice {
        warning: Some(Warning { is_winner, stage }),
        contact: warning().contact,
        is_deleted: false,
        ..deleted()
    }
}

/// A notice as the one whose event stays gets it.
fn to_winner(notice: Notice) -> Notice {
    let warning = notice.warning.clone().map(|it| Warning { is_winner: true, ..it });
    Notice {
        warning,
        occurrences: vec![occurrence(&rival(), &[deleted().event])],
        overlap_events: vec![deleted().event],
        event: rival(),
        links: Links { give_up: notice.links.give_up, ..Links::default() },
        free_rooms: Vec::new(),
        ..notice
    }
}

/// An offer: the room of an event that was removed is free again.
fn offer(of: Notice) -> Notice {
    Notice {
        offered_until: Some(MARCH + DAY + 9 * HOUR),
        links: Links { restore: link("link/77ab0e"), ..Links::default() },
        contact: warning().contact,
        overlap_events: Vec::new(),
        ..of
    }
}

fn with_rivals(rivals: Vec<Event>) -> Notice {
    let notice = deleted();
    Notice {
        occurrences: vec![occurrence(&notice.event, &rivals)],
        overlap_events: rivals,
        ..notice
    }
}

/// All samples; each has a name of its own.
pub fn all() -> Vec<Sample> {
    let prioritised = Event {
        is_prioritized: true,
        created: Some(JANUARY + 31 * DAY + 10 * HOUR),
        because: because("priority", 28, true),
        ..rival()
    };
    let seen = Event { because: because("held_since", 14, true), ..rival() };
    // Both have held the time since the same moment.
    let equal = |rule| {
        let because = because(rule, 20, false);
        because.map(|it| Because { winner_since: it.loser_since, ..it })
    };
    let by_rule = |rule| Event { because: equal(rule), ..rival() };
    let private = Event {
        is_private: true,
        because: because("held_since", 15, false),
        ..event("Private", 2, [11, 13], None)
    };
    let whole_days = Event {
        start: MARCH + DAY,
        end: MARCH + 3 * DAY,
        ..event("Trade fair", 2, [0, 1], Some("sales@example.org"))
    };
    let hostile = "Free beer\r\nBcc: all@example.org <b>{{ 1 }}</b> \u{202e}".to_owned();
    let sample = |name, notice| Sample { name, notice };
    vec![
        sample("deleted", deleted()),
        sample("cancelled occurrence", cancelled(1)),
        sample("several occurrences", cancelled(3)),
        sample("many occurrences", cancelled(200)),
        sample(
            "52 dates, and where they are listed",
            Notice {
                links: Links { all_dates: link("link/d02b94"), ..Links::default() },
                contact: warning().contact,
                ..cancelled(52)
            },
        ),
        sample(
            "deleted, and other rooms are free",
            Notice { free_rooms: free_rooms(), contact: warning().contact, ..deleted() },
        ),
        sample(
            "whole series deleted",
            Notice { is_deleted: true, is_cancelled: false, ..cancelled(2) },
        ),
        sample("cancelled leftover", Notice { is_cancelled: true, ..with_rivals(Vec::new()) }),
        sample(
            "cancelled series left over",
            Notice { is_cancelled: true, is_recurring: true, ..with_rivals(Vec::new()) },
        ),
        sample(
            "deprioritised",
            Notice { is_deprioritized: true, ..with_rivals(vec![prioritised.clone()]) },
        ),
        sample("prioritised winner", with_rivals(vec![prioritised])),
        sample(
            "creation not known",
            Notice {
                event: Event { created: None, ..deleted().event },
                ..with_rivals(vec![Event { created: None, because: None, ..rival() }])
            },
        ),
        sample("seen by the program", with_rivals(vec![seen])),
        sample("created earlier", with_rivals(vec![by_rule("created")])),
        sample("by id", with_rivals(vec![by_rule("uid")])),
        sample(
            "no organizer, no name",
            Notice {
                event: Event { organizer: None, name: String::new(), ..deleted().event },
                ..with_rivals(vec![Event { organizer: None, name: String::new(), ..rival() }])
            },
        ),
        sample(
            "several overlaps",
            with_rivals(vec![
                rival(),
                private.clone(),
                event("Lunch", 2, [12, 13], Some("li.chen@example.org")),
            ]),
        ),
        sample("private winner", with_rivals(vec![private])),
        sample(
            "whole days",
            Notice {
                occurrences: vec![occurrence(&whole_days, &[rival()])],
                event: whole_days,
                ..deleted()
            },
        ),
        sample(
            "restored",
            Notice { is_deleted: false, is_restored: true, ..with_rivals(Vec::new()) },
        ),
        sample(
            "restored into a series",
            Notice {
                is_cancelled: false,
                is_restored: true,
                overlap_events: Vec::new(),
                ..cancelled(1)
            },
        ),
        sample(
            "restored, and called off",
            Notice {
                is_deleted: false,
                is_cancelled: true,
                is_restored: true,
                ..with_rivals(Vec::new())
            },
        ),
        sample(
            "kept, both prioritised",
            Notice {
                is_deleted: false,
                reason: Some("prioritised".to_owned()),
                event: Event { is_prioritized: true, ..deleted().event },
                ..with_rivals(vec![Event { is_prioritized: true, ..rival() }])
            },
        ),
        sample(
            "kept, both prioritised, and the stronger one",
            Notice {
                is_deleted: false,
                reason: Some("prioritised".to_owned()),
                event: Event {
                    is_prioritized: true,
                    because: because("held_since", 14, true),
                    ..deleted().event
                },
                ..with_rivals(vec![Event { is_prioritized: true, because: None, ..rival() }])
            },
        ),
        sample(
            "kept",
            Notice { is_deleted: false, reason: Some("protected".to_owned()), ..deleted() },
        ),
        sample(
            "kept, in a series",
            Notice { is_cancelled: false, reason: Some("started".to_owned()), ..cancelled(1) },
        ),
        sample("warning", warning()),
        sample(
            "warning of several dates",
            Notice {
                is_deleted: false,
                is_cancelled: false,
                warning: warning().warning,
                links: Links { all_dates: link("link/e81f36"), ..warning().links },
                contact: warning().contact,
                ..cancelled(12)
            },
        ),
        sample("warning to the one that stays", to_winner(warning())),
        sample("warning ended: gone", ended(false, "gone")),
        sample("warning ended: kept", ended(false, "keep")),
        sample("warning ended, to the one that stays", to_winner(ended(true, "settled"))),
        sample("offer", offer(deleted())),
        sample("offer of dates", offer(cancelled(2))),
        sample(
            "hostile name",
            Notice { event: Event { name: hostile, ..deleted().event }, ..deleted() },
        ),
    ]
}

/// The sample of a name.
pub fn named(name: &str) -> Option<Sample> {
    all().into_iter().find(|it| it.name == name)
}

/// The sample of a name, with names of events and rooms in a language (RFC 5646), where that is known.
pub fn named_in(name: &str, language: &str) -> Option<Sample> {
    let names = match language {
        "de" => &GERMAN,
        "fr" => &FRENCH,
        _ => return named(name),
    };
    let said = |text: &mut String| {
        if let Some((_, to)) = names.iter().find(|(from, _)| from == text) {
            (*to).clone_into(text);
        }
    };
    let of_event = |it: &mut Event| said(&mut it.name);
    let mut sample = named(name)?;
    let notice = &mut sample.notice;
    said(&mut notice.calendar_name);
    of_event(&mut notice.event);
    notice.overlap_events.iter_mut().for_each(of_event);
    let beside = notice.occurrences.iter_mut().flat_map(|it| &mut it.overlap_events);
    beside.for_each(of_event);
    notice.free_rooms.iter_mut().for_each(|it| said(&mut it.name));
    notice.links.r#move.iter_mut().for_each(|it| said(&mut it.room));
    Some(sample)
}

/// The names of the samples, and what they are in a language.
type Names = [(&'static str, &'static str); 9];

const GERMAN: Names = [
    ("Budget review", "Budgetbesprechung"),
    ("Board meeting", "Vorstandssitzung"),
    ("Stand-up", "Teamrunde"),
    ("Interview", "Vorstellungsgespräch"),
    ("Lunch", "Mittagessen"),
    ("Trade fair", "Messe"),
    ("Meeting room 1", "Besprechungsraum 1"),
    ("Meeting room 2", "Besprechungsraum 2"),
    ("Library", "Bibliothek"),
];

const FRENCH: Names = [
    ("Budget review", "Revue du budget"),
    ("Board meeting", "Réunion du conseil"),
    ("Stand-up", "Point d’équipe"),
    ("Interview", "Entretien d’embauche"),
    ("Lunch", "Déjeuner"),
    ("Trade fair", "Salon professionnel"),
    ("Meeting room 1", "Salle de réunion 1"),
    ("Meeting room 2", "Salle de réunion 2"),
    ("Library", "Bibliothèque"),
];
