//! The built-in templates: which parts a message has, for each language its words, as macros, and a layout that all
//! share.

use crate::template::Template;

/// A built-in template.
#[derive(Clone, Copy, Debug)]
pub struct Default {
    /// Its language (RFC 5646).
    pub language: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its subject.
    pub subject: &'static str,
    /// The words that its bodies begin with, as macros.
    pub(crate) words: &'static str,
    /// Its text body.
    pub text: &'static str,
    /// Its HTML body.
    pub html: &'static str,
}

/// English: the default of new calendars, and the fallback if a calendar's template fails.
pub const ENGLISH: Default = Default {
    language: "en",
    name: "English",
    subject: include_str!("defaults/english.subject"),
    words: include_str!("defaults/english.words"),
    text: concat!(
        include_str!("defaults/head"),
        include_str!("defaults/english.words"),
        include_str!("defaults/layout.txt")
    ),
    html: concat!(
        include_str!("defaults/head"),
        include_str!("defaults/english.words"),
        include_str!("defaults/layout.html")
    ),
};

/// German.
pub const GERMAN: Default = Default {
    language: "de",
    name: "German",
    subject: include_str!("defaults/german.subject"),
    words: include_str!("defaults/german.words"),
    text: concat!(
        include_str!("defaults/head"),
        include_str!("defaults/german.words"),
        include_str!("defaults/layout.txt")
    ),
    html: concat!(
        include_str!("defaults/head"),
        include_str!("defaults/german.words"),
        include_str!("defaults/layout.html")
    ),
};

/// French.
pub const FRENCH: Default = Default {
    language: "fr",
    name: "French",
    subject: include_str!("defaults/french.subject"),
    words: include_str!("defaults/french.words"),
    text: concat!(
        include_str!("defaults/head"),
        include_str!("defaults/french.words"),
        include_str!("defaults/layout.txt")
    ),
    html: concat!(
        include_str!("defaults/head"),
        include_str!("defaults/french.words"),
        include_str!("defaults/layout.html")
    ),
};

/// The layouts of the text and the HTML body, which all share.
pub(crate) const LAYOUTS: [&str; 2] =
    [include_str!("defaults/layout.txt"), include_str!("defaults/layout.html")];

/// All of them. A language that has a catalogue of messages needs none: its readers get English messages.
pub const ALL: [Default; 3] = [ENGLISH, GERMAN, FRENCH];

/// The one in a language (RFC 5646), if there is one.
pub fn in_language(code: &str) -> Option<Default> {
    let code = code.split('-').next().unwrap_or_default();
    ALL.into_iter().find(|it| it.language.eq_ignore_ascii_case(code))
}

impl Default {
    /// It as a template.
    pub fn template(&self) -> Template {
        Template {
            subject: self.subject.to_owned(),
            text: self.text.to_owned(),
            html: Some(self.html.to_owned()),
        }
    }
}
