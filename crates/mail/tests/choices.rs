//! Templates that are made by choices.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use mail::limits::{MAX_GREETING, MAX_SIGNATURE, MAX_SIGNATURE_LINES};
use mail::{
    ChoiceFault, Content, Logo, Notice, Rendered, Sender, TemplateChoices, TemplatePart, Tone,
    defaults, samples,
};

fn sample(name: &str) -> Notice {
    samples::named(name).unwrap().notice
}

fn rendered(choices: &TemplateChoices, sample: &str) -> Rendered {
    choices.compose(false).render(&self::sample(sample)).unwrap()
}

fn without(part: TemplatePart) -> TemplateChoices {
    let parts = TemplatePart::ALL.into_iter().filter(|it| *it != part).collect();
    TemplateChoices { parts, ..TemplateChoices::of("en") }
}

/// The HTML without the signs that are written as entities.
fn html(told: &Rendered) -> String {
    told.html.as_ref().unwrap().replace("&#x2f;", "/")
}

#[test]
fn the_usual_choices_are_the_built_in_templates() {
    for built_in in defaults::ALL {
        assert_eq!(TemplateChoices::of(built_in.language).compose(false), built_in.template());
    }
    assert_eq!(TemplateChoices::of("xx"), TemplateChoices::of("en"));
}

#[test]
fn every_choice_makes_a_template_that_renders_all_samples() {
    for language in ["en", "de", "fr"] {
        for tone in Tone::ALL {
            for parts in [Vec::new(), TemplatePart::ALL.to_vec()] {
                let choices = TemplateChoices {
                    tone,
                    greeting: "Dear all,".to_owned(),
                    signature: vec!["The desk".to_owned(), "Room 1".to_owned()],
                    parts,
                    ..TemplateChoices::of(language)
                };
                assert_eq!(choices.faults(), []);
                choices.compose(true).check().unwrap();
            }
        }
    }
}

#[test]
fn a_part_that_is_left_out_is_in_neither_body_and_the_others_stay() {
    for (part, name, words) in [
        (TemplatePart::Links, "warning", "Give up my booking"),
        (TemplatePart::Links, "warning", "If you ask for a decision"),
        (TemplatePart::FreeRooms, "deleted, and other rooms are free", "Library"),
        (TemplatePart::Decider, "deleted", "decides about this room"),
        (TemplatePart::Dates, "several occurrences", "3 March"),
        (TemplatePart::Attachment, "deleted", "attached as a calendar file"),
    ] {
        let usual = rendered(&TemplateChoices::of("en"), name);
        assert!(usual.text.contains(words) && html(&usual).contains(words), "{}", usual.text);
        let told = rendered(&without(part), name);
        let html = html(&told);
        assert!(!told.text.contains(words) && !html.contains(words), "{} {html}", told.text);
        for kept in ["Hello,", "Europe/Berlin", "Room Booking sent this message"] {
            assert!(told.text.contains(kept) && html.contains(kept), "{kept}: {}", told.text);
        }
        assert!(!told.text.contains("\n\n\n"), "{}", told.text);
    }
    // Where the dates are, without the list.
    let told = rendered(&without(TemplatePart::Dates), "52 dates, and where they are listed");
    assert!(told.text.contains("See all dates: https://"), "{}", told.text);
    // A room that no link leads to is named among the free ones.
    let told = rendered(&without(TemplatePart::Links), "warning");
    assert!(told.text.contains("- Meeting room 2"), "{}", told.text);
}

#[test]
fn what_is_typed_is_text_and_neither_jinja_nor_html() {
    let typed = "{{ 1 + 1 }} {% endmacro %} -%} \"quoted\" \\ <b>&amp; {# x #}";
    let choices = TemplateChoices {
        greeting: typed.to_owned(),
        signature: vec![typed.to_owned(), "'; {%- set parts = [] -%}".to_owned()],
        ..TemplateChoices::of("de")
    };
    choices.compose(true).check().unwrap();
    let told = rendered(&choices, "deleted");
    assert!(told.text.starts_with(&format!("{typed}\n")), "{}", told.text);
    assert!(told.text.contains(&format!("{typed}\n'; {{%- set parts")), "{}", told.text);
    let html = told.html.unwrap();
    assert!(!html.contains("<b>") && html.contains("&lt;b&gt;&amp;amp;"), "{html}");
}

#[test]
fn the_informal_tone_says_du_and_tu_in_every_message() {
    for (language, formal) in [("de", ["Ihre ", "Ihnen"]), ("fr", ["otre ", " vous"])] {
        let choices = TemplateChoices { tone: Tone::Informal, ..TemplateChoices::of(language) };
        for sample in samples::all() {
            let told = choices.compose(false).render(&sample.notice).unwrap();
            let text = told.text.replace("« Room Booking »", "");
            for word in formal {
                assert!(!text.contains(word), "{}: {word} in {text}", sample.name);
            }
        }
        let own = choices.compose(false).render(&sample("deleted")).unwrap().text;
        assert!(own.contains("Deine Buchung") || own.contains("Ta réservation"), "{own}");
    }
    let english = TemplateChoices { tone: Tone::Informal, ..TemplateChoices::of("en") };
    assert!(rendered(&english, "deleted").text.starts_with("Hi,\n"));
}

#[test]
fn choices_beyond_their_bounds_are_named() {
    let fine = TemplateChoices {
        greeting: "x".repeat(MAX_GREETING),
        signature: vec!["y".repeat(MAX_SIGNATURE / MAX_SIGNATURE_LINES); MAX_SIGNATURE_LINES],
        ..TemplateChoices::of("en")
    };
    assert_eq!(fine.faults(), []);
    let wrong = [
        (TemplateChoices { language: "xx".to_owned(), ..fine.clone() }, ChoiceFault::Language),
        (
            TemplateChoices { greeting: "x".repeat(MAX_GREETING + 1), ..fine.clone() },
            ChoiceFault::Greeting,
        ),
        (TemplateChoices { greeting: "a\nb".to_owned(), ..fine.clone() }, ChoiceFault::Greeting),
        (
            TemplateChoices {
                signature: vec![String::new(); MAX_SIGNATURE_LINES + 1],
                ..fine.clone()
            },
            ChoiceFault::Signature,
        ),
        (
            TemplateChoices { signature: vec!["y".repeat(MAX_SIGNATURE + 1)], ..fine.clone() },
            ChoiceFault::Signature,
        ),
    ];
    for (choices, fault) in wrong {
        assert_eq!(choices.faults(), [fault]);
    }
}

#[test]
fn a_message_carries_the_logo_that_its_html_shows_and_no_other() {
    let logo = Logo::of(b"\x89PNG\r\n\x1a\npicture".to_vec()).unwrap();
    let sender = Sender {
        address: "rooms@example.org".to_owned(),
        name: None,
        reply_to: None,
        bcc: Vec::new(),
    };
    for has_logo in [true, false] {
        let template = TemplateChoices::of("en").compose(has_logo);
        let rendered = template.render(&sample("deleted")).unwrap();
        let content = Content { rendered: &rendered, file: None, logo: Some(&logo) };
        let email = sender.email_with("ann@example.org", content, "<1@example.org>", 0).unwrap();
        let bytes = String::from_utf8_lossy(email.bytes()).into_owned();
        assert_eq!(bytes.contains("Content-ID: <logo@room-booking>"), has_logo, "{bytes}");
        assert_eq!(bytes.contains("multipart/related"), has_logo);
        assert!(!bytes.contains("http"), "nothing is loaded from elsewhere");
    }
    let shown = logo.shown_in("<img src=\"cid:logo@room-booking\">");
    assert!(
        shown.starts_with("<img src=\"data:image/png;base64,iVBORw0KGgpwaWN0dXJl\""),
        "{shown}"
    );
}

#[test]
fn samples_have_names_in_the_language_of_the_template() {
    for (language, names) in [
        ("de", ["Budgetbesprechung", "Besprechungsraum 1", "Vorstandssitzung"]),
        ("fr", ["Revue du budget", "Salle de réunion 1", "Réunion du conseil"]),
        ("xx", ["Budget review", "Meeting room 1", "Board meeting"]),
    ] {
        let notice = samples::named_in("deleted", language).unwrap().notice;
        let told = TemplateChoices::of(language).compose(false).render(&notice).unwrap();
        for name in names {
            assert!(told.text.contains(name), "{}", told.text);
        }
    }
    // Each name that is translated is one of a sample.
    let all: String = samples::all().iter().map(|it| format!("{:?}", it.notice)).collect();
    for name in ["Budget review", "Stand-up", "Trade fair", "Lunch", "Library", "Interview"] {
        assert!(all.contains(&format!("{name:?}")), "{name}");
    }
}
