//! The built-in templates.

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
    text: include_str!("defaults/english.txt"),
    html: include_str!("defaults/english.html"),
};

/// German.
pub const GERMAN: Default = Default {
    name: "German",
    subject: include_str!("defaults/german.subject"),
    text: include_str!("defaults/german.txt"),
    html: include_str!("defaults/german.html"),
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
