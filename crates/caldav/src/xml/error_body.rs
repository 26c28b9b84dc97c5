//! Error bodies of servers.

use quick_xml::NsReader;
use quick_xml::events::Event;

use super::resolve;
use crate::limits::{MAX_CONDITIONS, MAX_DEPTH, MAX_NAMESPACES, MAX_WORDS};

/// The body of an answer that is no success: a `DAV:error` (RFC 4918 section 16), HTML, or plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    /// The local names of the elements of a `DAV:error`, which name preconditions.
    pub(crate) conditions: Vec<String>,
    /// The text for people, shortened, in one line and without markup; may be empty.
    pub(crate) words: String,
}

/// Elements of sabre/dav's errors that name no precondition.
const SABRE: [&str; 4] = ["sabredav-version", "exception", "header", "hint"];

impl ErrorBody {
    /// Reads a body of any type.
    pub(crate) fn of(bytes: &[u8]) -> ErrorBody {
        let text = String::from_utf8_lossy(bytes);
        read(&text).unwrap_or_else(|| ErrorBody {
            conditions: Vec::new(),
            words: in_one_line(&without_markup(&text)),
        })
    }

    /// Whether it names a precondition (RFC 4918 section 16).
    pub(crate) fn names(&self, condition: &str) -> bool {
        self.conditions.iter().any(|it| it == condition)
    }

    /// Whether it says that the collection contains another object with the same UID: by
    /// precondition (RFC 4791 section 5.3.2.1, RFC 6638 section 3.2.4.1) or in the words of
    /// Nextcloud or SOGo.
    pub(crate) fn is_uid_conflict(&self) -> bool {
        let words = self.words.to_ascii_lowercase();
        self.names("no-uid-conflict")
            || self.names("unique-scheduling-object-resource")
            || (words.contains("uid") && words.contains("already"))
    }
}

/// Reads a `DAV:error`; `None` where it is something else.
fn read(text: &str) -> Option<ErrorBody> {
    let mut xml = NsReader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    xml.resolver_mut().set_max_namespace_bindings(MAX_NAMESPACES);
    let mut open: Vec<String> = Vec::new();
    let (mut conditions, mut message, mut direct) = (Vec::new(), String::new(), String::new());
    loop {
        let event = xml.read_event().ok()?;
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                if open.len() >= MAX_DEPTH || (open.is_empty() && name != "error") {
                    return None;
                }
                let is_said = matches!(&*name, "message" | "responsedescription");
                let is_condition = open.len() == 1 && !is_said && !SABRE.contains(&&*name);
                if is_condition && conditions.len() < MAX_CONDITIONS {
                    conditions.push(name.chars().take(80).collect());
                }
                if !is_empty {
                    open.push(name);
                }
            }
            Event::End(_) => {
                open.pop();
                if open.is_empty() {
                    break;
                }
            }
            Event::Text(text) => push(&open, &text, &mut message, &mut direct),
            Event::CData(text) => push(&open, &text, &mut message, &mut direct),
            Event::GeneralRef(reference) => {
                let character = resolve(&reference).ok()?;
                let mut buffer = [0; 4];
                push(&open, character.encode_utf8(&mut buffer), &mut message, &mut direct);
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::DocType(_) | Event::Eof => return None,
        }
    }
    let said = [in_one_line(&message), in_one_line(&direct), in_one_line(&conditions.join(", "))];
    let words = said.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    Some(ErrorBody { conditions, words })
}

fn push(open: &[String], text: &str, message: &mut String, direct: &mut String) {
    match open {
        [_, name] if matches!(&**name, "message" | "responsedescription") => message.push_str(text),
        [_] => direct.push_str(text),
        _ => {}
    }
}

/// A text without markup, style sheets and scripts.
fn without_markup(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        words.push(' ');
        if words.len() > 4 * MAX_WORDS {
            return words;
        }
        let name: String = tag.chars().take_while(char::is_ascii_alphabetic).collect();
        let name = name.to_ascii_lowercase();
        let end = match &*name {
            "style" | "script" | "head" => format!("</{name}"),
            _ => ">".to_owned(),
        };
        // Only ASCII is folded, so that places in one are places in the other.
        let found = tag.to_ascii_lowercase().find(&end).map(|at| &tag[at..]);
        rest = found.and_then(|it| it.split_once('>')).map_or("", |(_, after)| after);
    }
    words.push_str(rest);
    words
}

/// At most [`MAX_WORDS`] characters, without line breaks and control characters.
pub(crate) fn in_one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if let Some((end, _)) = line.char_indices().nth(MAX_WORDS) {
            line.truncate(end);
            line.push('…');
            return line;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_words_and_markup_are_told_apart() {
        let of = |text: &str| ErrorBody::of(text.as_bytes());
        let davical =
            of("<error xmlns='DAV:'><if-match/>Existing &quot;a&quot;\n does not</error>");
        assert_eq!(davical.conditions, ["if-match"]);
        assert_eq!(davical.words, "Existing \"a\" does not");
        let sabre = of("<d:error xmlns:d='DAV:' xmlns:s='x'><s:exception>E</s:exception>\
            <s:message>No token</s:message><s:header>If-Match</s:header><d:valid-sync-token/></d:error>");
        assert_eq!(sabre.conditions, ["valid-sync-token"]);
        assert_eq!(sabre.words, "No token");
        let html =
            of("<html><head><style>b{}</style></head><BODY>Not<script>x()</script> found</BODY>");
        assert_eq!((html.words.as_str(), html.conditions.len()), ("Not found", 0));
        assert_eq!(of("<error xmlns='DAV:'><a/><b/></error>").words, "a, b");
        assert_eq!(of("a < b").words, "a");
        assert_eq!(of("").words, "");
    }

    #[test]
    fn as_many_conditions_as_allowed_are_kept() {
        let text = format!("<error>{}</error>", "<x/>".repeat(MAX_CONDITIONS + 1));
        assert_eq!(ErrorBody::of(text.as_bytes()).conditions.len(), MAX_CONDITIONS);
    }

    #[test]
    fn words_are_cut_at_their_bound() {
        let words = "ü".repeat(MAX_WORDS);
        assert_eq!(in_one_line(&words), words);
        assert_eq!(in_one_line(&format!("{words}ü")), format!("{words}…"));
    }
}
