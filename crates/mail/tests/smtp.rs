//! Emails to a real mail server, which parses them with a parser of its own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]

use std::time::{Duration, Instant};

use mail::{
    AddressOf, Email, Failure, Rendered, Security, SendError, Sender, Session, Smtp, SmtpFault,
    Timeouts, Transport, Trouble,
};
use secrecy::SecretString;
use serde_json::{Value, json};
use smtp_peer::{Options, SmtpPeer, header};

/// 2026-03-02T08:00:00Z.
const NOW: i64 = 1_772_438_400;
const ID: &str = "<4uT6@rooms.example.org>";

fn sender() -> Sender {
    Sender {
        address: "rooms@example.org".to_owned(),
        name: Some("Räume".to_owned()),
        reply_to: Some("desk@example.org".to_owned()),
        bcc: vec!["archive@example.org".to_owned(), "audit@example.net".to_owned()],
    }
}

fn plain(subject: &str, text: &str) -> Rendered {
    Rendered { subject: subject.to_owned(), text: text.to_owned(), html: None }
}

fn email_to(address: &str) -> Email {
    sender().email(address, &plain("Hello", "Text"), ID, NOW).unwrap()
}

fn smtp(peer: &SmtpPeer, security: Security) -> Smtp {
    Smtp {
        host: "localhost".to_owned(),
        port: peer.port,
        security,
        login: None,
        ca_file: (security != Security::None).then(|| peer.authority()),
        hello: "rooms.example.org".to_owned(),
        timeouts: Timeouts::default(),
    }
}

fn with_login(mut smtp: Smtp, user: &str, password: &str) -> Smtp {
    smtp.login = Some((user.to_owned(), SecretString::from(password)));
    smtp
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

async fn send(session: &mut dyn Session, email: &Email) -> Result<Vec<String>, SendError> {
    let accepted = session.send_envelope(email).await?;
    session.transmit(email).await?;
    Ok(accepted.notes.iter().map(ToString::to_string).collect())
}

async fn send_once(smtp: &Smtp, email: &Email) -> Result<Vec<String>, SendError> {
    let mut session = smtp.connect().await?;
    let sent = send(session.as_mut(), email).await;
    session.end().await;
    sent
}

fn options(security: smtp_peer::Security) -> Options {
    Options { security, login: Some(("rooms", "geheim geheim")), ..Options::default() }
}

#[test]
fn a_letter_arrives_in_whole_over_tls_starttls_and_without() {
    for (of_peer, security) in [
        (smtp_peer::Security::Tls, Security::Tls),
        (smtp_peer::Security::StartTls, Security::StartTls),
        (smtp_peer::Security::None, Security::None),
    ] {
        let peer = SmtpPeer::start(&options(of_peer));
        let smtp = with_login(smtp(&peer, security), "rooms", "geheim geheim");
        let rendered = Rendered {
            subject: "Buchung entfernt: Übersicht – 12:00".to_owned(),
            text: "Grüße\r\nzweite Zeile\n.\n.. Punkte\nFrom hier\n".to_owned(),
            html: Some("<p>Grüße &amp; mehr</p>".to_owned()),
        };
        let email = sender().email("Ann.Lee@example.org", &rendered, ID, NOW).unwrap();
        let notes = block_on(send_once(&smtp, &email)).unwrap();
        assert_eq!(notes, [""; 0]);
        let [it] = &peer.emails()[..] else { panic!("one email, with {security:?}") };
        assert_eq!(it["from"], "rooms@example.org");
        let to = ["Ann.Lee@example.org", "archive@example.org", "audit@example.net"];
        assert_eq!(it["to"], json!(to), "blind copies are in the envelope");
        assert_eq!(
            (&it["user"], &it["tls"]),
            (&json!("rooms"), &json!(security != Security::None))
        );
        let expected = [
            ("From", "Räume <rooms@example.org>"),
            ("To", "Ann.Lee@example.org"),
            ("Subject", "Buchung entfernt: Übersicht – 12:00"),
            ("Date", "Mon, 02 Mar 2026 08:00:00 +0000"),
            ("Message-ID", ID),
            ("Auto-Submitted", "auto-generated"),
            ("Reply-To", "desk@example.org"),
            ("MIME-Version", "1.0"),
        ];
        for (name, value) in expected {
            assert_eq!(header(it, name), Some(value), "{name}");
        }
        assert_eq!(it["headers"].as_array().unwrap().len(), expected.len() + 1, "{it}");
        assert!(header(it, "Bcc").is_none() && !it["raw_headers"].to_string().contains("archive"));
        assert_eq!(it["type"], "multipart/alternative");
        assert_eq!(it["charsets"], json!(["utf-8", "utf-8"]));
        assert_eq!(it["text"], "Grüße\nzweite Zeile\n.\n.. Punkte\nFrom hier");
        assert_eq!(it["html"], "<p>Grüße &amp; mehr</p>");
        assert_eq!((&it["defects"], &it["header_defects"]), (&json!([]), &json!([])));
        assert_eq!(it["is_ascii"], true, "so any server takes it");
        assert!(it["longest_line"].as_u64().unwrap() <= 998);
    }
}

#[test]
fn no_name_subject_or_template_can_add_a_header() {
    let peer = SmtpPeer::start(&Options::default());
    let smtp = smtp(&peer, Security::None);
    let evil = "x\r\nBcc: all@example.org\r\n\r\nbody \u{202e}<b>{{ 1 }}</b>";
    let long = "ä".repeat(10_000);
    let sender = Sender { name: Some(evil.to_owned()), ..sender() };
    for (subject, text) in
        [(evil, "t"), (long.as_str(), evil), ("", &long), ("a\0b\u{7f}", "\0\u{1b}[31m")]
    {
        let email = sender.email("ann@example.org", &plain(subject, text), ID, NOW).unwrap();
        block_on(send_once(&smtp, &email)).unwrap();
    }
    let emails = peer.emails();
    assert_eq!(emails.len(), 4);
    for it in &emails {
        let names: Vec<_> =
            it["headers"].as_array().unwrap().iter().map(|it| it[0].as_str().unwrap()).collect();
        assert!(!names.contains(&"Bcc") && names.len() <= 10, "{names:?}");
        assert_eq!(it["to"].as_array().unwrap().len(), 3, "{it}");
        assert!(it["longest_line"].as_u64().unwrap() <= 998, "{it}");
        assert_eq!(it["header_defects"], json!([]), "{it}");
    }
    let from = header(&emails[0], "From").unwrap();
    assert!(from.starts_with("\"x Bcc: all@example.org") && from.ends_with(" <rooms@example.org>"));
    assert_eq!(emails[3]["text"].as_str().unwrap().trim_end(), "[31m");
}

#[test]
fn an_address_that_is_none_makes_no_letter() {
    for address in [
        "",
        "ann",
        "a@b@c",
        "a b@example.org",
        "a@example.org\r\nRCPT TO:<b@example.org>",
        "<a@example.org>",
        "a@example.org, b@example.org",
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        "a@127.0.0.1",
        "a@127.1",
        "a@0x7f000001",
        "a@①②⑦.0.0.1",
    ] {
        let error = sender().email(address, &plain("s", "t"), ID, NOW).unwrap_err();
        assert_eq!((error.of, error.address.as_str()), (AddressOf::Recipient, address));
    }
    let sender = Sender { bcc: vec!["x".to_owned()], ..sender() };
    assert!(sender.email("ann@example.org", &plain("s", "t"), ID, NOW).is_err());
}

#[test]
fn several_letters_go_over_one_connection_whatever_became_of_the_ones_before() {
    let peer = SmtpPeer::start(&Options::default());
    peer.behave(&json!({ "reject": ["gone@example.org"], "later": ["busy@example.org"] }));
    let smtp = smtp(&peer, Security::None);
    block_on(async {
        let mut session = smtp.connect().await.unwrap();
        for (address, failure) in [
            ("ann@example.org", None),
            ("gone@example.org", Some(Failure::Never)),
            ("busy@example.org", Some(Failure::Later)),
            ("ben@example.org", None),
        ] {
            match send(session.as_mut(), &email_to(address)).await {
                Ok(_) => assert_eq!(failure, None, "{address}"),
                Err(error) => {
                    assert_eq!(Some(error.failure), failure, "{address}: {error}");
                    session.reset().await.unwrap();
                }
            }
        }
        session.end().await;
    });
    let emails = peer.emails();
    assert_eq!(emails.len(), 2);
    assert_eq!(emails[0]["session"], emails[1]["session"]);
}

#[test]
fn a_refused_blind_copy_keeps_nobody_from_the_letter_and_is_said() {
    let peer = SmtpPeer::start(&Options::default());
    peer.behave(&json!({ "reject": ["archive@example.org"] }));
    let notes = block_on(send_once(&smtp(&peer, Security::None), &email_to("ann@example.org")));
    let notes = notes.unwrap();
    assert_eq!(notes, ["no blind copy to archive@example.org: 550 5.1.1 no such mailbox here"]);
    assert_eq!(peer.emails()[0]["to"], json!(["ann@example.org", "audit@example.net"]));
}

#[test]
fn what_a_server_says_is_told_for_now_from_for_good_and_of_the_letter_from_of_the_server() {
    let peer = SmtpPeer::start(&Options::default());
    let smtp = smtp(&peer, Security::None);
    for (manners, failure, words) in [
        (json!({ "refuse": "552 5.3.4 too large" }), Failure::Never, "552 5.3.4 too large"),
        (json!({ "refuse": "451 4.3.0 later" }), Failure::Later, "451 4.3.0 later"),
        (json!({ "greylist": true }), Failure::Later, "450 4.2.0 greylisted, try again"),
        (json!({ "full": "421 4.3.2 going down" }), Failure::Server, "421 4.3.2 going down"),
        (json!({ "full": "530 5.7.0 sign in first" }), Failure::Server, "530 5.7.0 sign in first"),
        (json!({ "full": "553 not from you" }), Failure::Never, "553 not from you"),
    ] {
        peer.behave(&manners);
        let error = block_on(send_once(&smtp, &email_to("ann@example.org"))).unwrap_err();
        assert_eq!((error.failure, error.fault), (failure, SmtpFault::quoted(words)));
    }
    assert_eq!(peer.emails(), [Value::Null; 0]);
    peer.behave(&json!({ "greylist": true }));
    block_on(send_once(&smtp, &email_to("ann@example.org"))).unwrap();
}

#[test]
fn a_line_that_is_cut_after_the_letter_is_a_lost_answer() {
    let peer = SmtpPeer::start(&Options::default());
    peer.behave(&json!({ "cut": 1 }));
    let smtp = smtp(&peer, Security::None);
    let error = block_on(send_once(&smtp, &email_to("ann@example.org"))).unwrap_err();
    assert_eq!(error.failure, Failure::AnswerLost, "{error}");
    assert_eq!(peer.emails().len(), 1, "the server has it all the same");
}

#[test]
fn a_slow_server_is_waited_for_as_long_as_was_said() {
    let peer = SmtpPeer::start(&Options::default());
    peer.behave(&json!({ "delay": 1 }));
    let mut smtp = smtp(&peer, Security::None);
    smtp.timeouts.message = Duration::from_secs(30);
    block_on(send_once(&smtp, &email_to("ann@example.org"))).unwrap();
    peer.behave(&json!({ "delay": 30 }));
    smtp.timeouts.message = Duration::from_millis(300);
    let error = block_on(send_once(&smtp, &email_to("ann@example.org"))).unwrap_err();
    assert_eq!(error.failure, Failure::AnswerLost, "{error}");
}

#[test]
fn an_address_beyond_ascii_goes_to_a_server_that_takes_it() {
    let peer = SmtpPeer::start(&Options::default());
    let email = email_to("jürgen@example.org");
    block_on(send_once(&smtp(&peer, Security::None), &email)).unwrap();
    assert_eq!(peer.emails()[0]["to"][0], "jürgen@example.org");
}

#[test]
fn a_domain_beyond_ascii_goes_as_a_labels_to_a_server_without_smtputf8() {
    let peer = SmtpPeer::start(&Options { has_utf8: false, ..Options::default() });
    let smtp = smtp(&peer, Security::None);
    let sender = Sender {
        address: "raeume@bücher.example".to_owned(),
        bcc: vec!["archiv@bücher.example".to_owned()],
        ..sender()
    };
    let email = sender.email("jens@Straße.example", &plain("s", "t"), ID, NOW).unwrap();
    block_on(send_once(&smtp, &email)).unwrap();
    let [it] = &peer.emails()[..] else { panic!("one email") };
    assert_eq!(it["from"], "raeume@xn--bcher-kva.example");
    assert_eq!(it["to"], json!(["jens@xn--strae-oqa.example", "archiv@xn--bcher-kva.example"]));
    assert_eq!(header(it, "To"), Some("jens@xn--strae-oqa.example"));
    assert_eq!((&it["is_ascii"], &it["header_defects"]), (&json!(true), &json!([])));
    // What stands before the @ has no such form.
    let email = sender.email("jürgen@example.org", &plain("s", "t"), ID, NOW).unwrap();
    let error = block_on(send_once(&smtp, &email)).unwrap_err();
    assert_eq!((error.failure, error.fault), (Failure::Never, SmtpFault::NoUtf8Addresses));
}

#[test]
fn what_looks_like_an_encoded_word_is_read_as_it_was_written() {
    let peer = SmtpPeer::start(&Options::default());
    let smtp = smtp(&peer, Security::None);
    let word = "=?utf-8?q?Free_=0D=0ABcc:_all@example.org?=";
    let subjects = [
        word.to_owned(),
        format!("Räume {word} ü"),
        format!("{word} {word}"),
        "a =?x b".to_owned(),
        "=?utf-8?b?".to_owned(),
        format!("{} {word}", "ä€😀".repeat(20)),
        format!("x{word}y\"<b@example.org>"),
    ];
    for subject in &subjects {
        // It fits into one word: Python keeps the white space between two in a name.
        let sender = Sender { name: Some("=?utf-8?q?Boss?= <Räume>".to_owned()), ..sender() };
        let email = sender.email("ann@example.org", &plain(subject, "t"), ID, NOW).unwrap();
        block_on(send_once(&smtp, &email)).unwrap();
    }
    let emails = peer.emails();
    assert_eq!(emails.len(), subjects.len());
    for (it, subject) in emails.iter().zip(&subjects) {
        assert_eq!(header(it, "Subject"), Some(subject.as_str()), "{it}");
        assert!(!it["raw_headers"].to_string().contains("?q?"), "{it}");
        assert_eq!(it["from_name"], "=?utf-8?q?Boss?= <Räume>");
        assert_eq!(it["from_address"], "rooms@example.org");
        assert_eq!(it["header_defects"], json!([]), "{it}");
        for line in it["raw_headers"].as_array().unwrap() {
            assert!(line.as_str().unwrap().len() <= 78, "{line}");
        }
    }
}

#[test]
fn a_blind_copy_that_is_refused_for_now_is_named_and_goes_alone_later() {
    let peer = SmtpPeer::start(&Options::default());
    let smtp = smtp(&peer, Security::None);
    let email = email_to("ann@example.org");
    peer.behave(&json!({ "later": ["archive@example.org"] }));
    block_on(async {
        let mut session = smtp.connect().await.unwrap();
        let accepted = session.send_envelope(&email).await.unwrap();
        session.transmit(&email).await.unwrap();
        let [(address, note)] = &accepted.later[..] else { panic!("{accepted:?}") };
        let words = note.to_string();
        assert_eq!(address, "archive@example.org");
        assert!(words.contains("451 4.3.0 mailbox is busy"), "{words}");
        session.end().await;
    });
    let copy = email.clone().only_copies(&["archive@example.org"]);
    let error = block_on(send_once(&smtp, &copy)).unwrap_err();
    assert_eq!(error.failure, Failure::Later, "{error}");
    peer.behave(&json!({}));
    block_on(send_once(&smtp, &copy)).unwrap();
    let to: Vec<_> = peer.emails().iter().map(|it| it["to"].clone()).collect();
    assert_eq!(
        to,
        [json!(["ann@example.org", "audit@example.net"]), json!(["archive@example.org"])]
    );
    assert_eq!(header(&peer.emails()[1], "To"), Some("ann@example.org"));
    peer.behave(&json!({ "reject": ["archive@example.org"] }));
    let error = block_on(send_once(&smtp, &copy)).unwrap_err();
    assert_eq!(error.failure, Failure::Never, "{error}");
}

/// Why there is no connection.
fn trouble(smtp: &Smtp) -> (Trouble, String) {
    match block_on(smtp.sign_in()) {
        Err(error) => (error.trouble, error.fault.to_string()),
        Ok(_) => panic!("it signed in"),
    }
}

#[test]
fn what_is_wrong_with_a_connection_is_told_apart() {
    let tls = SmtpPeer::start(&options(smtp_peer::Security::Tls));
    let right = with_login(smtp(&tls, Security::Tls), "rooms", "geheim geheim");
    block_on(right.sign_in()).unwrap();
    let wrong_password = with_login(right.clone(), "rooms", "falsch");
    let (what, words) = trouble(&wrong_password);
    assert_eq!(what, Trouble::WrongPassword, "{words}");
    assert!(!words.contains("falsch"), "{words}");
    assert!(!format!("{wrong_password:?}").contains("falsch"));
    let unknown = Smtp { ca_file: None, ..right.clone() };
    assert_eq!(trouble(&unknown).0, Trouble::UnknownAuthority);
    let by_address = Smtp { host: "127.0.0.1".to_owned(), ..right.clone() };
    assert_eq!(trouble(&by_address).0, Trouble::WrongName);
    let nowhere = Smtp { host: "no-such-host.invalid".to_owned(), ..right.clone() };
    assert_eq!(trouble(&nowhere).0, Trouble::NoSuchHost);
    let no_file = Smtp { ca_file: Some("/dev/null".into()), ..right.clone() };
    assert_eq!(trouble(&no_file).0, Trouble::CaFile);

    let starttls = SmtpPeer::start(&options(smtp_peer::Security::StartTls));
    let right = with_login(smtp(&starttls, Security::StartTls), "rooms", "geheim geheim");
    block_on(right.sign_in()).unwrap();
    assert_eq!(trouble(&Smtp { security: Security::Tls, ..right.clone() }).0, Trouble::NotTls);
    assert_eq!(trouble(&Smtp { ca_file: None, ..right.clone() }).0, Trouble::UnknownAuthority);
    let by_address = Smtp { host: "127.0.0.1".to_owned(), ..right.clone() };
    assert_eq!(trouble(&by_address).0, Trouble::WrongName);
    let unprotected = Smtp { security: Security::None, ..right };
    assert_eq!(trouble(&unprotected).0, Trouble::NoSignIn, "no password goes in the clear");

    let plain = SmtpPeer::start(&Options::default());
    assert_eq!(trouble(&smtp(&plain, Security::StartTls)).0, Trouble::NoStartTls);
    let expired =
        SmtpPeer::start(&Options { is_expired: true, ..options(smtp_peer::Security::Tls) });
    assert_eq!(trouble(&smtp(&expired, Security::Tls)).0, Trouble::Expired);
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let mut refused = smtp(&plain, Security::None);
    refused.port = port;
    assert_eq!(trouble(&refused).0, Trouble::Refused);
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = SmtpPeer::start(&Options::default());
    let mut smtp = smtp(&peer, Security::None);
    smtp.port = listener.local_addr().unwrap().port();
    smtp.timeouts.connect = Duration::from_millis(300);
    let begun = Instant::now();
    assert_eq!(trouble(&smtp).0, Trouble::Silent);
    assert!(begun.elapsed() < Duration::from_secs(10));
}
