//! Texts of strangers, made fit for a message.

use crate::limits::{MAX_NAME, MAX_URL};

/// An untrusted text on one line, without direction marks, and no longer than the bound of names.
pub(crate) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let mut shown: String = text
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| if is_break(c) { ' ' } else { c })
        .take(MAX_NAME + 1)
        .collect();
    if shown.chars().count() > MAX_NAME {
        shown = shown.chars().take(MAX_NAME - 1).collect();
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// An address on the web as it may stand behind a button: `http` or `https`, of printable ASCII only, and not so
/// long that programs cut it. Others are none: a script, a file, or a link that its line ends.
pub(crate) fn web_address(text: &str) -> Option<&str> {
    let text = text.trim();
    let scheme = text.split_once("://").map(|(scheme, _)| scheme)?;
    let is_web = ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
    let is_fit = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
    let has_host = text.len() > scheme.len() + "://".len();
    (is_web && has_host && text.len() <= MAX_URL && text.bytes().all(is_fit)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_stays_on_its_line_and_turns_no_other() {
        assert_eq!(one_line("a\r\nBcc: b\u{202e}c\u{2028}d"), "a  Bcc: bc d");
        assert_eq!(one_line("שלום\u{200f}!"), "שלום\u{200f}!", "marks of single letters stay");
    }

    #[test]
    fn a_name_of_255_characters_stays_and_a_longer_one_is_cut() {
        let name = "ä".repeat(MAX_NAME);
        assert_eq!(one_line(&name), name);
        let cut = one_line(&(name + "ä"));
        assert_eq!(cut.chars().count(), MAX_NAME);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for url in ["https://rooms.example.org/a?b=c&d=%20#e", "HTTP://[::1]:8080/", " http://x "] {
            assert_eq!(web_address(url), Some(url.trim()), "{url}");
        }
        let longest = format!("https://{}", "a".repeat(MAX_URL - "https://".len()));
        assert_eq!(web_address(&longest), Some(longest.as_str()));
        for url in [
            "javascript:alert(1)",
            "javascript://x/%0aalert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//example.org",
            "https://",
            "https://a b",
            "https://a\r\nBcc: b",
            "https://a\"onclick=",
            "https://ä.example",
            &(longest + "a"),
        ] {
            assert_eq!(web_address(url), None, "{url}");
        }
    }
}
