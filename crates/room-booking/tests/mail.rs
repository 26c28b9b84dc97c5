//! `template`, `outbox`, `mail` and what `doctor` says of the mail server, as their users run them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]

use serde_json::{Value, json};
use smtp_peer::{Options, Security, SmtpPeer, header};
use testing::ics::calendar;
use testing::program::{Ended, Folder};

/// Events that overlap in the lab in three days, so that `number` of them lose it.
fn overbooked(number: usize) -> String {
    let day = jiff::Timestamp::now().as_second() / 86_400 + 3;
    let day = jiff::Timestamp::from_second(day * 86_400).unwrap().strftime("%Y%m%d").to_string();
    let event = |uid: &str, created: &str| {
        format!(
            "UID:{uid}\nCREATED:{created}T000000Z\nSUMMARY:{uid}\nDTSTART:{day}T120000Z\n\
             DTEND:{day}T130000Z\nORGANIZER:mailto:{uid}@example.org"
        )
    };
    let mut events = vec![event("early", "20260101")];
    events.extend((0..number).map(|it| event(&format!("late{it}"), "20260201")));
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    calendar(&events)
}

/// A folder with a lab, and a mail server that wants a password over TLS.
struct Lab {
    folder: Folder,
    peer: SmtpPeer,
}

impl Lab {
    fn new() -> Lab {
        let login = Some(("rooms", "geheim"));
        let peer =
            SmtpPeer::start(&Options { security: Security::Tls, login, ..Options::default() });
        let lab = Lab { folder: Folder::new(), peer };
        let ann = ["user", "add", "ann", "--administrator", "--address", "ann@example.org"];
        lab.done(&ann);
        lab.done(&["calendar", "add", "lab", "--user", "ann"]);
        lab
    }

    /// Runs a command with the settings of the mail server, and these.
    fn run_with(&self, more: &[(&str, &str)], arguments: &[&str]) -> Ended {
        let port = self.peer.port.to_string();
        let authority = self.peer.authority().display().to_string();
        let mut settings = vec![
            ("SMTP_SERVER", "localhost"),
            ("SMTP_PORT", &port),
            ("SMTP_EMAIL", "rooms@example.org"),
            ("SMTP_SENDER_NAME", "Rooms"),
            ("SMTP_USER_NAME", "rooms"),
            ("SMTP_PASSWORD", "geheim"),
            ("SMTP_CA_FILE", &authority),
        ];
        settings.retain(|(name, _)| more.iter().all(|it| it.0 != *name));
        settings.extend_from_slice(more);
        self.folder.run_with(&settings, arguments)
    }

    fn done(&self, arguments: &[&str]) -> String {
        let ended = self.run_with(&[], arguments);
        assert_eq!(ended.status(), 0, "{arguments:?}: {}", ended.err());
        ended.out()
    }

    /// Standard error of a command that must fail.
    fn fails(&self, status: i32, arguments: &[&str]) -> String {
        let ended = self.run_with(&[], arguments);
        assert_eq!(ended.status(), status, "{arguments:?}: {}{}", ended.out(), ended.err());
        ended.err()
    }

    fn messages(&self, arguments: &[&str]) -> Vec<Value> {
        let arguments = [&["outbox", "list", "--json"], arguments].concat();
        self.run_with(&[], &arguments).json()["messages"].as_array().unwrap().clone()
    }
}

#[test]
fn a_new_calendar_writes_in_english_until_it_is_told_otherwise() {
    let lab = Lab::new();
    let template = |lab: &Lab| {
        let answer = lab.run_with(&[], &["calendar", "list", "--json"]).json();
        (answer["calendars"][0]["template"].clone(), answer["calendars"][0]["announces"].clone())
    };
    let all = json!(["deleted", "cancelled", "leftovers"]);
    assert_eq!(template(&lab), (json!("English"), all));
    lab.done(&["calendar", "set", "lab", "--template", "German", "--announce", "deleted,ignored"]);
    assert_eq!(template(&lab), (json!("German"), json!(["deleted", "ignored"])));
    lab.done(&["calendar", "set", "lab", "--no-template", "--announce", ""]);
    assert_eq!(template(&lab), (Value::Null, json!([])));
    lab.fails(1, &["calendar", "set", "lab", "--template", "Italian"]);
    lab.fails(2, &["calendar", "set", "lab", "--announce", "everything"]);
    lab.fails(2, &["calendar", "set", "lab", "--template", "German", "--no-template"]);
}

#[test]
fn templates_are_listed_shown_saved_tried_and_deleted() {
    let lab = Lab::new();
    let listed = lab.done(&["template", "list"]);
    assert!(listed.contains("English") && listed.contains("the program"), "{listed}");
    assert!(lab.done(&["template", "show", "German"]).contains("Ihre Buchung"));
    let set = ["template", "set", "ours", "--copy", "English", "--subject", "Lost: {{ name }}"];
    lab.done(&set);
    let subject = lab.done(&["template", "show", "ours", "--part", "subject"]);
    assert_eq!(subject, "Lost: {{ name }}\n");
    lab.folder.write("text.txt", "{{ name }} {{ start.strftime('%d.%m.') }}\n");
    lab.done(&["template", "set", "ours", "--text", "text.txt", "--no-html"]);
    let preview = lab.done(&["template", "preview", "ours"]);
    assert_eq!(preview, "Subject: Lost: Budget review\n\nBudget review 02.03.\n");
    let german = ["template", "preview", "German", "--sample", "several occurrences"];
    assert!(lab.done(&german).contains("hat 3 Termine verloren"), "{}", lab.done(&german));
    let html = lab.done(&["template", "preview", "English", "--part", "html"]);
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    let samples = lab.done(&["template", "preview", "--samples"]);
    assert!(samples.lines().any(|it| it == "restored"), "{samples}");

    lab.folder
        .write("broken.txt", "{{ name }}\n{% for it in overlap_events %}{{ it.nmae }}{% endfor %}");
    let error = lab.fails(1, &["template", "set", "ours", "--text", "broken.txt"]);
    assert!(error.contains("text body line 2, column 34: "), "{error}");
    lab.folder.write("hostile.txt", "{% set ns = namespace(x={'a': 1}) %}{% for i in range(100000) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}");
    let error = lab.fails(1, &["template", "set", "ours", "--text", "hostile.txt"]);
    assert!(error.contains("takes more memory than 128 MiB"), "{error}");
    assert_eq!(lab.done(&["template", "preview", "ours"]), preview, "nothing was saved");
    lab.fails(1, &["template", "set", "English", "--subject", "mine"]);
    lab.fails(2, &["template", "set", "new", "--subject", "s"]);
    lab.fails(1, &["template", "set", "ours", "--text", "nowhere.txt"]);
    lab.fails(1, &["template", "preview", "ours", "--sample", "nothing"]);
    lab.fails(1, &["template", "show", "Italian"]);
    lab.fails(1, &["template", "show", "ours", "--part", "html"]);
    lab.done(&["calendar", "set", "lab", "--template", "ours"]);
    assert!(
        lab.fails(1, &["template", "delete", "ours"])
            .contains("the template is used by calendars: lab")
    );
    lab.done(&["calendar", "set", "lab", "--template", "German"]);
    lab.done(&["template", "delete", "ours"]);
    lab.fails(1, &["template", "delete", "German"]);
}

#[test]
fn messages_are_listed_shown_retried_and_discarded() {
    let lab = Lab::new();
    assert!(lab.done(&["outbox", "list"]).contains("There are no such messages."));
    lab.folder.write("lab.ics", &overbooked(2));
    lab.done(&["calendar", "import", "lab", "lab.ics"]);
    lab.done(&["clear"]);
    let messages = lab.messages(&[]);
    assert_eq!(messages.len(), 2);
    let first = &messages[0];
    assert_eq!((&first["state"], &first["calendar"]), (&json!("waiting"), &json!("lab")));
    assert_eq!((&first["attempts"], &first["answers_lost"]), (&json!(0), &json!(0)));
    let listed = lab.done(&["outbox", "list", "--state", "waiting", "--limit", "1"]);
    assert!(listed.contains("@example.org") && listed.contains("1 message"), "{listed}");
    let id = first["id"].to_string();
    let shown = lab.done(&["outbox", "show", &id]);
    assert!(
        shown.contains("Message-ID     <") && shown.contains("State          waiting"),
        "{shown}"
    );
    // As it is sent: with a subject and a text, and no data of the template.
    let (head, text) = shown.split_once("\n\n").unwrap();
    let subject = head.lines().last().unwrap();
    assert!(subject.starts_with("Subject        Booking removed: "), "{shown}");
    assert!(text.starts_with("Hello") || text.contains("Your booking"), "{shown}");
    assert!(!shown.contains('{'), "{shown}");
    let data = lab.folder.run(&["outbox", "show", &id, "--data"]).json();
    assert!(data["overlap_events"].as_array().is_some_and(|all| !all.is_empty()), "{data}");
    assert!(lab.done(&["outbox", "discard", &id]).contains("discarded"));
    assert_eq!(
        lab.messages(&["--state", "discarded"])[0]["detail"],
        "the command line discarded it"
    );
    assert!(lab.done(&["outbox", "retry", &id]).contains("waiting to be sent"));
    assert!(lab.messages(&["--state", "discarded"]).is_empty());
    for command in ["show", "retry", "discard"] {
        lab.fails(1, &["outbox", command, "999"]);
        lab.fails(2, &["outbox", command]);
    }
    lab.fails(2, &["outbox", "list", "--state", "lost"]);
    let without = lab.folder.run(&["outbox", "list"]);
    assert!(without.err().contains("No mail server is set up"), "{}", without.err());
}

#[test]
fn a_test_message_arrives_or_the_servers_words_are_said() {
    let lab = Lab::new();
    let said = lab.done(&["mail", "test", "ann@example.org", "--template", "German"]);
    assert_eq!(said, "Sent to ann@example.org; the server says: 250 kept\n");
    let letters = lab.peer.emails();
    let subject = header(&letters[0], "Subject").unwrap();
    assert!(subject.starts_with("[Test] Buchung entfernt: "), "{subject}");
    assert_eq!(header(&letters[0], "From"), Some("Rooms <rooms@example.org>"));
    lab.peer.behave(&json!({ "reject": ["ann@example.org"] }));
    let error = lab.fails(1, &["mail", "test", "ann@example.org"]);
    assert!(error.contains("550 5.1.1 no such mailbox here"), "{error}");
    lab.fails(1, &["mail", "test", "nobody"]);
    let limited =
        lab.run_with(&[("MAIL_DOMAINS", "example.com")], &["mail", "test", "ann@example.org"]);
    assert!(limited.err().contains("mail to example.org is not allowed"), "{}", limited.err());
    let without = lab.folder.run(&["mail", "test", "ann@example.org"]);
    assert!(without.err().contains("set SMTP_SERVER"), "{}", without.err());
}

#[test]
fn the_doctor_signs_in_to_the_mail_server_and_says_how_to_mend_what_is_wrong() {
    let lab = Lab::new();
    let line = |more: &[(&str, &str)]| {
        let ended = lab.run_with(more, &["doctor"]);
        assert!(!(ended.out() + &ended.err()).contains("geheim"), "{}", ended.out());
        let out = ended.out();
        let line = out.lines().rfind(|it| it.contains("mail server:")).unwrap().to_owned();
        (ended.status(), line)
    };
    let (status, right) = line(&[]);
    // There is no password yet, which is a warning.
    assert_eq!((status, right.starts_with("ok")), (0, true), "{right}");
    assert!(right.ends_with("(TLS), signed in as rooms"), "{right}");
    let starttls = SmtpPeer::start(&Options { security: Security::StartTls, ..Options::default() });
    let plain = SmtpPeer::start(&Options::default());
    let [starttls_port, plain_port] = [&starttls, &plain].map(|it| it.port.to_string());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free_port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let cases: [(&[(&str, &str)], &str); 8] = [
        (&[("SMTP_PASSWORD", "geheimer")], "SMTP_USER_NAME (rooms) and SMTP_PASSWORD are right"),
        (&[("SMTP_SERVER", "127.0.0.1")], "must be a name that stands in the server's certificate"),
        (&[("SMTP_CA_FILE", "")], "set SMTP_CA_FILE"),
        (&[("SMTP_PORT", &free_port)], "nothing listens on port"),
        (&[("SMTP_PORT", &starttls_port)], "set SMTP_STARTTLS=True"),
        (&[("SMTP_PORT", &plain_port), ("SMTP_STARTTLS", "yes")], "take SMTP_STARTTLS away"),
        (&[("SMTP_PORT", &plain_port), ("SMTP_TLS", "none")], "and SMTP_PASSWORD are right"),
        (&[("SMTP_SERVER", "no-such-host.invalid")], "no host has the name in SMTP_SERVER"),
    ];
    for (more, mend) in cases {
        let (status, said) = line(more);
        assert_eq!((status, said.starts_with("error")), (1, true), "{more:?}: {said}");
        assert!(said.contains(mend), "{more:?}: {said}");
    }
    let relay: &[(&str, &str)] =
        &[("SMTP_PORT", &plain_port), ("SMTP_TLS", "none"), ("SMTP_PASSWORD", "")];
    let (status, said) = line(relay);
    assert_eq!((status, said.starts_with("ok")), (0, true), "{said}");
    assert!(said.ends_with("without signing in"), "{said}");
}
