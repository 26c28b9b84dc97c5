//! What messages let their reader do: links, free rooms and offers as variables of templates.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use mail::limits::{MAX_NAME, MAX_ROOMS, MAX_URL};
use mail::{FreeRoom, Links, MoveLink, Notice, Template, samples};

fn sample(name: &str) -> Notice {
    samples::named(name).unwrap().notice
}

/// What a text renders to.
fn rendered(source: &str, notice: &Notice) -> String {
    let template = Template { subject: "s".to_owned(), text: source.to_owned(), html: None };
    template.render(notice).unwrap_or_else(|error| panic!("{source}: {error}")).text
}

#[test]
fn a_template_gets_the_links_the_free_rooms_and_until_when_an_offer_holds() {
    let warning = sample("warning");
    for (source, expected) in [
        ("{{ links.give_up }}", "https://rooms.example.org/link/9b1c7e"),
        ("{{ links.ask }}", "https://rooms.example.org/link/c40d52"),
        ("{% for it in links.move %}{{ it.room }} {{ it.url }}{% endfor %}", {
            "Meeting room 2 https://rooms.example.org/link/3f9a01"
        }),
        ("{{ links.restore is none }} {{ links.all_dates is none }}", "True True"),
        ("{% for it in free_rooms %}{{ it.name }} {{ it.url or '-' }}, {% endfor %}", {
            "Meeting room 2 https://rooms.example.org/week/meeting-room-2, Library -, "
        }),
        ("{{ is_offer }} {{ offered_until is none }}", "False True"),
    ] {
        assert_eq!(rendered(source, &warning), expected, "{source}");
    }
    let offer = sample("offer");
    assert_eq!(rendered("{{ is_offer }} {{ offered_until }}", &offer), {
        "True 2026-03-02 09:00:00+01:00"
    });
    assert_eq!(rendered("{{ links.restore }}", &offer), "https://rooms.example.org/link/77ab0e");
}

#[test]
fn links_and_free_rooms_are_defined_where_there_are_none() {
    let source = "{{ links.give_up is none }} {{ links.ask is none }} {{ links.move|length }} \
                  {{ links.restore is none }} {{ links.all_dates is none }} {{ free_rooms|length }} \
                  {{ is_offer }}";
    assert_eq!(rendered(source, &sample("deleted")), "True True 0 True True 0 False");
}

#[test]
fn a_link_that_leads_to_no_page_of_the_web_is_left_out() {
    let script = || Some("javascript:alert(1)".to_owned());
    let good = MoveLink { room: "a\r\nb".to_owned(), url: "https://example.org/1".to_owned() };
    let long = "n".repeat(MAX_NAME + 1);
    let notice = Notice {
        links: Links {
            give_up: script(),
            r#move: vec![MoveLink { url: "file:///x".to_owned(), ..good.clone() }, good.clone()],
            ask: Some(format!("https://{}", "a".repeat(MAX_URL))),
            restore: script(),
            all_dates: Some("https://example.org/\r\nBcc: x".to_owned()),
        },
        free_rooms: vec![FreeRoom { name: long.clone(), url: script() }],
        ..sample("deleted")
    };
    let source = "{{ links.give_up or links.ask or links.restore or links.all_dates }}\
                  {% for it in links.move %} {{ it.room }} {{ it.url }}{% endfor %} \
                  {{ free_rooms[0].name|length }} {{ free_rooms[0].url }}";
    let expected = format!("None a  b https://example.org/1 {MAX_NAME} None");
    assert_eq!(rendered(source, &notice), expected);

    let notice = Notice {
        links: Links { r#move: vec![good; MAX_ROOMS + 1], ..Links::default() },
        free_rooms: vec![FreeRoom { name: long, url: None }; MAX_ROOMS + 1],
        ..sample("deleted")
    };
    let counted = rendered("{{ links.move|length }} {{ free_rooms|length }}", &notice);
    assert_eq!(counted, format!("{MAX_ROOMS} {MAX_ROOMS}"));
}

#[test]
fn others_than_the_recipient_get_no_links() {
    let warning = sample("warning");
    assert!(!warning.links.is_empty());
    assert!(warning.clone().for_others("Private").links.is_empty());
    let copy = warning.clone().without_links();
    assert_eq!(copy, Notice { links: Links::default(), ..warning });
}

#[test]
fn a_notice_without_links_is_stored_without_them_and_read_as_before() {
    let notice = sample("deleted");
    let stored = serde_json::to_string(&notice).unwrap();
    for name in ["links", "free_rooms", "offered_until", "warning"] {
        assert!(!stored.contains(name), "{stored}");
    }
    assert_eq!(serde_json::from_str::<Notice>(&stored).unwrap(), notice);
    for name in ["warning", "offer", "warning ended, to the one that stays"] {
        let notice = sample(name);
        let stored = serde_json::to_string(&notice).unwrap();
        assert_eq!(serde_json::from_str::<Notice>(&stored).unwrap(), notice, "{stored}");
    }
}
