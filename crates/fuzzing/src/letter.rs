//! Fuzz target: emails about what strangers wrote.

use mail::limits::MAX_SUBJECT;
use mail::{Content, Event, Notice, Rendered, Sender, domain_to_ascii, is_address};

use crate::sections::Sections;

/// Makes an email: the first line is the recipient, the next two are the sender's name and the subject, and the
/// rest is the body, and the name of an event in a calendar file. No header is added by what they contain, the recipient stays alone, and lines are short
/// enough for every server.
pub fn letter(data: &[u8]) {
    let Sections { first, lines, body } = Sections::of(data);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let to = text(first);
    let line = |at: usize| lines.get(at).map(|it| text(it));
    let subject: String = line(1).unwrap_or_default().chars().take(MAX_SUBJECT).collect();
    // As templates render it.
    let subject = subject.replace(char::is_control, " ");
    let sender = Sender {
        address: "rooms@example.org".to_owned(),
        name: line(0),
        reply_to: None,
        bcc: Vec::new(),
    };
    let html = lines.get(2).map(|_| text(body));
    let rendered = Rendered { subject, text: text(body), html };
    let domain = to.rsplit_once('@').map_or(to.as_str(), |(_, domain)| domain);
    let ascii = domain_to_ascii(domain);
    assert_eq!(domain_to_ascii(&ascii), ascii, "a domain has two forms");
    let notice = Notice {
        calendar_name: text(first),
        event: Event { name: text(body), ..Event::default() },
        ..Notice::default()
    };
    let file = notice.calendar_file(&to, 1_772_449_200);
    let content = Content { rendered: &rendered, file: file.as_ref(), logo: None };
    let Ok(email) = sender.email_with(&to, content, "<1@example.org>", 1_772_449_200) else {
        assert!(!is_address(&to), "{to} is an address, but no email can be made");
        return;
    };
    assert!(is_address(&to) && !to.contains(['\r', '\n', ' ', ',']), "{to}");
    assert!(email.to().rsplit_once('@').is_some_and(|(_, domain)| domain.is_ascii()), "{to}");
    assert!(!email.to().contains(['[', ']']), "the address of a host: {to}");
    headers(email.bytes());
}

/// The headers that an email has, each once, and no other.
const HEADERS: [&str; 8] = [
    "Auto-Submitted",
    "Content-Transfer-Encoding",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
];
/// The longest line of a message (RFC 5322 section 2.1.1), without its end.
const LONGEST_LINE: usize = 998;

fn headers(bytes: &[u8]) {
    let head = bytes.windows(4).position(|it| it == b"\r\n\r\n").map_or(bytes, |at| &bytes[..at]);
    let head = String::from_utf8_lossy(head);
    let mut found = Vec::new();
    for line in head.split("\r\n").filter(|it| !it.starts_with([' ', '\t'])) {
        assert!(!line.contains(['\r', '\n', '\0']), "a line in a line: {line:?}");
        let name = line.split_once(':').map_or(line, |(name, _)| name);
        if name != "To" {
            assert!(HEADERS.contains(&name), "a header that nobody wrote: {line:?}");
        }
        assert!(!found.contains(&name), "a header twice: {line:?}");
        found.push(name);
    }
    for name in ["From", "To", "Subject", "Date"] {
        assert!(found.contains(&name), "no {name}");
    }
    for line in bytes.split(|it| *it == b'\n') {
        assert!(line.len() <= LONGEST_LINE + 1, "a line of {} bytes", line.len());
    }
}
