//! What the built-in templates promise whatever they say: section 7 of the contract.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use mail::limits::{MAX_NAME, MAX_OCCURRENCES, MAX_ROOMS, MAX_URL};
use mail::{Event, FreeRoom, Links, MoveLink, Notice, Rendered, defaults, samples};

fn sample(name: &str) -> Notice {
    samples::named(name).unwrap().notice
}

/// What the built-in templates make of a notice: English, German and French.
fn rendered(notice: &Notice) -> [Rendered; 3] {
    defaults::ALL.map(|it| it.template().render(notice).unwrap())
}

/// Whether both bodies of a message say this.
fn say(told: &Rendered, words: &str) -> bool {
    let html = told.html.as_ref().unwrap().replace("&#x2f;", "/");
    told.text.contains(words) && html.contains(words)
}

#[test]
fn every_message_greets_and_names_the_time_zone_once_and_who_decides() {
    for sample in samples::all() {
        let [english, german, french] = rendered(&sample.notice);
        assert!(english.text.starts_with("Hello,\n\n"), "{}", english.text);
        assert!(german.text.starts_with("Guten Tag,\n\n"), "{}", german.text);
        assert!(french.text.starts_with("Bonjour,\n\n"), "{}", french.text);
        for told in [&english, &german, &french] {
            assert_eq!(told.text.matches("Europe/Berlin").count(), 1, "{}", told.text);
            assert!(say(told, "Europe/Berlin"), "{}", told.text);
            let contact = sample.notice.contact.as_deref();
            assert!(contact.is_none_or(|it| say(told, it)), "{}", told.text);
        }
        assert!(say(&english, "decides about this room"), "{}", english.text);
        assert!(say(&french, "décide de cette salle"), "{}", french.text);
        let decides = ["Über diesen Raum entscheidet", "entscheidet über diesen Raum", {
            "wird über diesen Raum entschieden"
        }];
        assert!(decides.iter().any(|it| say(&german, it)), "{}", german.text);
    }
}

#[test]
fn a_link_is_a_line_with_its_label_and_a_button() {
    for (name, links) in [
        (
            "warning",
            vec![
                (
                    "Move my booking to Meeting room 2",
                    "Meine Buchung verlegen nach Meeting room 2",
                    "Déplacer ma réservation vers Meeting room 2",
                    { "link/3f9a01" },
                ),
                ("Ask for a decision", "Um eine Entscheidung bitten", "Demander une décision", {
                    "link/c40d52"
                }),
                ("Give up my booking", "Meine Buchung aufgeben", "Renoncer à ma réservation", {
                    "link/9b1c7e"
                }),
            ],
        ),
        (
            "offer",
            vec![(
                "Take my booking back",
                "Meine Buchung zurückholen",
                "Reprendre ma réservation",
                { "link/77ab0e" },
            )],
        ),
        (
            "52 dates, and where they are listed",
            vec![("See all dates", "Alle Termine ansehen", "Voir toutes les occurrences", {
                "link/d02b94"
            })],
        ),
    ] {
        for (english, german, french, path) in links {
            let url = format!("https://rooms.example.org/{path}");
            let labels = [(english, ":"), (german, ":"), (french, "\u{202F}:")];
            for ((label, colon), told) in labels.into_iter().zip(rendered(&sample(name))) {
                let line = format!("\n{label}{colon} {url}\n");
                assert!(told.text.contains(&line), "{}", told.text);
                let html = told.html.unwrap().replace("&#x2f;", "/");
                assert!(html.contains(&format!("href=\"{url}\">{label}</a>")), "{html}");
            }
        }
    }
    for told in rendered(&sample("deleted")) {
        assert!(!told.text.contains("http") && !told.html.unwrap().contains("<a "));
    }
}

#[test]
fn of_many_dates_ten_are_listed_with_the_number_of_the_others() {
    let of = |told: &Rendered| {
        let rows = told.html.as_ref().unwrap().matches("<tr><td>").count();
        (told.text.matches("\n- ").count(), rows)
    };
    for (told, more) in rendered(&sample("52 dates, and where they are listed")).iter().zip([
        "and 42 more",
        "und 42 weitere",
        "et 42 autres",
    ]) {
        assert_eq!(of(told), (11, 10), "{}", told.text);
        assert!(say(told, more), "{}", told.text);
        assert!(told.html.as_ref().unwrap().contains("<th scope=\"col\">"));
    }
    // A notice has no more dates, so that nobody knows how many there were.
    let many = sample("many occurrences");
    assert_eq!(many.occurrences.len(), MAX_OCCURRENCES);
    let more = ["and at least 190 more", "und mindestens 190 weitere", "et au moins 190 autres"];
    for (told, more) in rendered(&many).iter().zip(more) {
        assert!(say(told, more), "{}", told.text);
        assert!(told.subject.contains("200"), "{}", told.subject);
    }
}

#[test]
fn a_room_that_can_be_moved_to_is_not_named_again_as_free() {
    for told in rendered(&sample("warning")) {
        assert!(!told.text.contains("\n- Meeting room 2") && told.text.contains("\n- Library\n"));
    }
    for told in rendered(&sample("deleted, and other rooms are free")) {
        let line = "\n- Meeting room 2: https://rooms.example.org/week/meeting-room-2\n- Library\n";
        // In French, a narrow space stands before the colon.
        let text = told.text.replace('\u{202F}', "");
        assert!(text.contains(line), "{}", told.text);
    }
}

#[test]
fn the_html_needs_nothing_from_elsewhere_and_has_a_dark_form() {
    for sample in samples::all() {
        for told in rendered(&sample.notice) {
            let html = told.html.unwrap();
            for outside in ["<img", "<script", "<link", "url(", "@import", "src="] {
                assert!(!html.contains(outside), "{outside}: {html}");
            }
            assert!(html.contains("prefers-color-scheme: dark"));
            assert!(html.contains("name=\"color-scheme\" content=\"light dark\""));
            assert!(!html.contains("{{ ") || sample.name == "hostile name", "{html}");
        }
    }
}

#[test]
fn the_largest_notice_that_templates_get_is_rendered() {
    let name = "<ä".repeat(MAX_NAME);
    let event = Event { name: name.clone(), organizer: Some(name.clone()), ..Event::default() };
    let url = format!("https://{}", "a".repeat(MAX_URL - "https://".len()));
    let to_room = MoveLink { room: name.clone(), url: url.clone() };
    let room = FreeRoom { name: format!("{name}!"), url: Some(url.clone()) };
    let mut notice = sample("many occurrences");
    notice.event = Event { name: name.clone(), ..notice.event };
    notice.overlap_events = vec![event.clone(); 100];
    for it in &mut notice.occurrences {
        it.overlap_events = vec![event.clone(); 100];
    }
    notice.links = Links {
        give_up: Some(url.clone()),
        r#move: vec![to_room; MAX_ROOMS],
        ask: Some(url.clone()),
        restore: Some(url.clone()),
        all_dates: Some(url),
    };
    notice.free_rooms = vec![room; MAX_ROOMS];
    rendered(&notice);
    rendered(&Notice { offered_until: Some(0), ..notice.clone() });
    notice.occurrences.truncate(1);
    rendered(&Notice { warning: sample("warning").warning, ..notice });
}
