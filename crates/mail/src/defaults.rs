//! The built-in templates: for each language its words, as macros, before a layout that all share.

use crate::template::Template;

/// A built-in template.
#[derive(Clone, Copy, Debug)]
pub struct Default {
    /// Its name.
    pub name: &'static str,
    /// Its subject.
    pub subject: &'static str,
    /// Its text body.
    pub text: &'static str,
    /// Its HTML body.
    pub html: &'static str,
}

/// English: the default of new calendars, and the fallback if a calendar's template fails.
pub const ENGLISH: Default = Default {
    name: "English",
    subject: include_str!("defaults/english.subject"),
    text: concat!(include_str!("defaults/english.words"), include_str!("defaults/layout.txt")),
    html: concat!(include_str!("defaults/english.words"), include_str!("defaults/layout.html")),
};

/// German.
pub const GERMAN: Default = Default {
    name: "German",
    subject: include_str!("defaults/german.subject"),
    text: concat!(include_str!("defaults/german.words"), include_str!("defaults/layout.txt")),
    html: concat!(include_str!("defaults/german.words"), include_str!("defaults/layout.html")),
};

/// All of them.
pub const ALL: [Default; 2] = [ENGLISH, GERMAN];

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
