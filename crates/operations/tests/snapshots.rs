//! Whole mails, headers and all, as they leave the program.

use harness::snapshot::named;
use harness::{assert_kept, event};
use testing::on_both_databases;

use crate::deliver::{deliver, room, text};

/// A letter whose bodies are decoded (quoted-printable, RFC 2045, section 6.7).
fn decoded(letter: &str) -> String {
    // An encoded word at the end of a header's line ends in the same sign.
    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    let mut bytes = format!("{head}\r\n\r\n").into_bytes();
    for part in body.replace("=\r\n", "").split_inclusive('=') {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        match u8::from_str_radix(code, 16) {
            // The mark before it was the end of the last part.
            Ok(byte) if bytes.last() == Some(&b'=') => {
                bytes.pop();
                bytes.push(byte);
                bytes.extend_from_slice(rest.as_bytes());
            }
            _ => bytes.extend_from_slice(part.as_bytes()),
        }
    }
    String::from_utf8(bytes).unwrap()
}

on_both_databases! {
    async fn the_mail_about_a_removal_is_the_one_that_is_kept(database) {
        let (mut room, memory) = room(&database.open().await).await;
        room.service.ensure_templates().await.unwrap();
        for (number, (language, start, end)) in
            [("English", "0303T10", "0303T11"), ("German", "0303T14", "0303T15")].into_iter().enumerate()
        {
            let template = Some(room.service.template(language).await.unwrap().id);
            room = room.set(|it| it.template = template).await;
            let lost = event(language, "0201T00", start, end).line("SUMMARY:Budget & plans");
            room = room.with(lost.by("ann@example.org")).await;
            room.clear().await;
            assert_eq!(deliver(&room).await, (1, 0, 0));
            let letter = named(&decoded(&text(&memory.emails()[number])), &[
                ("Message-ID: <", ">", "MESSAGE-ID"),
                ("Date: ", "\n", "DATE"),
                ("boundary=\"", "\"", "BOUNDARY"),
                ("DTSTAMP:", "\n", "DTSTAMP"),
            ]);
            assert_kept!(format!("removal-mail-{}", language.to_lowercase()), letter);
        }
    }
}
