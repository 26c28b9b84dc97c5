//! The languages of the site, and which one a reader wants.

use operations::{FieldError, Said, Sentence, Value};

use super::{EN, Text, Texts};
use crate::show::Words;

/// What a language has beside its texts.
#[derive(Debug)]
pub struct Language {
    /// Its code (RFC 5646).
    pub code: &'static str,
    /// How it writes days, times and numbers.
    pub words: &'static Words,
    /// What stands around a name.
    pub quotes: [&'static str; 2],
    /// How it words what operations say. Values that it has no place for are left out.
    pub sentence: fn(Sentence) -> &'static str,
}

/// The languages that there are; the first is for all who want none of them.
static ALL: [&Texts; 1] = [&EN];

/// How many of the languages that a browser names are looked at.
const MAX_NAMED: usize = 20;

/// The texts in the language that a browser prefers, by its `Accept-Language` (RFC 9110 section 12.5.4).
pub fn preferred(header: &str) -> &'static Texts {
    let mut best: (f32, &'static Texts) = (0.0, ALL[0]);
    for range in header.split(',').take(MAX_NAMED) {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let quality = parts.next().map_or(Some(1.0), |it| it.strip_prefix("q=")?.parse().ok());
        let quality = quality.filter(|it| (0.0..=1.0).contains(it)).unwrap_or(0.0);
        let code = tag.split('-').next().unwrap_or_default();
        let found = ALL.iter().find(|it| it.language.code.eq_ignore_ascii_case(code));
        // Of equals, the first one.
        if let Some(texts) = found.filter(|_| quality > best.0) {
            best = (quality, texts);
        }
    }
    best.1
}

impl Texts {
    /// What operations say.
    pub fn said(&self, said: &Said) -> String {
        let mut values = said.values.iter();
        let mut pieces = (self.language.sentence)(said.sentence).split("{}");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            text.extend(values.next().map(|it| self.value(it)));
            text.push_str(piece);
        }
        text
    }

    /// What operations said in English, when it was written down.
    pub fn said_before(&self, english: &str) -> String {
        self.said(&Said::of_english(english))
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Plain(text) => text.clone(),
            Value::Name(name) => {
                let [before, behind] = self.language.quotes;
                format!("{before}{name}{behind}")
            }
            Value::Said(said) => self.said(said),
            Value::List(values) => {
                values.iter().map(|it| self.value(it)).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What is wrong with a value, with the name of its field.
    pub fn wrong(&self, error: &FieldError) -> String {
        let label = self.field(&error.field).map_or(error.field.as_str(), |it| it.0);
        self.field_is_wrong.with_both(label, self.said(&error.message))
    }

    /// What a field is called that operations name.
    fn field(&self, name: &str) -> Option<Text> {
        Some(match name {
            "name" => self.field_name,
            "slug" => self.calendar_slug,
            "zone" => self.calendar_zone,
            "room address" => self.room_address,
            "contact address" => self.contact_address,
            "horizon" => self.horizon,
            "tolerance" => self.tolerance,
            "safety limit" => self.safety_limit,
            "schedule" => self.group_schedule,
            "address" => self.mail_address,
            "password" => self.password,
            "present" => self.present_password,
            "rights" => self.key_rights,
            "expiry" => self.key_expiry,
            "organizer" => self.organizer,
            "uid" => self.uid,
            "collection" => self.field_collection,
            "calendar" => self.col_calendar,
            "file" => self.field_file,
            "start" => self.starts,
            "end" => self.ends,
            "description" => self.description,
            "rrule" => self.repeat,
            "subject" => self.template_subject,
            "text body" => self.template_text,
            "HTML body" => self.template_html,
            _ => return None,
        })
    }
}
