//! The languages, and messages in them.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::message::{Message, Number, Value};
use crate::time::rfc3339;
use crate::words::{Words, grouped};

include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));

/// A text of the site that takes no arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub &'static str);

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// The properties of a language.
#[derive(Debug)]
pub struct Language {
    /// Its code (RFC 5646).
    pub code: &'static str,
    /// How it writes days, times and numbers.
    pub words: Words,
    /// What stands around a name.
    pub quotes: [&'static str; 2],
    /// What stands between the parts of a list.
    pub list_separator: &'static str,
    /// What stands behind a label, before its value.
    pub colon: &'static str,
}

/// For whom a message is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// For programs and terminals.
    Plain,
    /// For people on the site: with the site's own wording if there is one, moments and numbers as
    /// in the language, and its quotation marks.
    Site,
}

/// The messages of a language.
type Bundle = FluentBundle<FluentResource>;

/// The number of a browser's languages that are read.
const MAX_NAMED: usize = 20;

/// English.
pub fn english() -> &'static Texts {
    let [english, ..] = &ALL;
    english
}

/// The language of a code (RFC 5646), in any case; if there is none of that region, the one without a region.
pub fn named(tag: &str) -> Option<&'static Texts> {
    let of = |code: &str| ALL.iter().find(|it| it.language.code.eq_ignore_ascii_case(code));
    of(tag).or_else(|| of(tag.split('-').next().unwrap_or_default()))
}

/// The language that a browser prefers, by its `Accept-Language` (RFC 9110 section 12.5.4).
pub fn preferred(header: &str) -> &'static Texts {
    let mut best: (f32, &'static Texts) = (0.0, english());
    for range in header.split(',').take(MAX_NAMED) {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let quality = parts.next().map_or(Some(1.0), |it| it.strip_prefix("q=")?.parse().ok());
        let quality = quality.filter(|it| (0.0..=1.0).contains(it)).unwrap_or(0.0);
        // Of equals, the first one.
        if let Some(texts) = named(tag).filter(|_| quality > best.0) {
            best = (quality, texts);
        }
    }
    best.1
}

/// The messages of a language, out of its files.
fn bundle<const INDEX: usize>(code: &str, files: &[&str]) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(code.parse().into_iter().collect());
    // The marks around arguments are for texts of both directions; mail, terminals and tests want none.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(numbers::<INDEX, _>));
    for file in files {
        // The build has read it without faults.
        let resource = FluentResource::try_new((*file).to_owned());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(read, _)| read));
    }
    bundle
}

/// Writes a number as the language does.
fn numbers<const INDEX: usize, M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let thousands = ALL[INDEX].language.words.thousands;
    let shown = format!("{:.0}", number.value);
    Some(if number.options.use_grouping { grouped(&shown, thousands) } else { shown })
}

impl Texts {
    /// A message of operations, worded for the site.
    pub fn message(&self, message: &Message) -> String {
        self.worded(message, Style::Site)
    }

    /// A message of operations that the database kept as JSON, worded for the site.
    pub fn stored_message(&self, stored: &str) -> String {
        self.message(&Message::of_stored(stored))
    }

    /// A whole number, with something between its thousands.
    pub fn number(&self, whole: impl fmt::Display) -> String {
        grouped(&whole.to_string(), self.language.words.thousands)
    }

    /// A name in quotation marks.
    pub fn quoted(&self, name: &str) -> String {
        let [before, behind] = self.language.quotes;
        format!("{before}{name}{behind}")
    }

    /// A message in this language.
    pub(crate) fn worded(&self, message: &Message, style: Style) -> String {
        let declared = message.id.arguments().iter().map(|it| it.name);
        let arguments: Vec<_> = declared.zip(&message.values).collect();
        self.format(&OPERATIONS[self.index], message.id.id(), &arguments, style)
    }

    /// A text of the site with its arguments.
    fn text_with(&self, id: &str, arguments: &[(&'static str, Value)]) -> String {
        let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value)).collect();
        self.format(&SITE[self.index], id, &arguments, Style::Site)
    }

    fn format(
        &self,
        bundle: &Bundle,
        id: &str,
        arguments: &[(&'static str, &Value)],
        style: Style,
    ) -> String {
        let message = bundle.get_message(id);
        let site = || message.as_ref()?.get_attribute("site").map(|it| it.value());
        let own = if style == Style::Site { site() } else { None };
        let pattern = own.or_else(|| message.as_ref()?.value());
        // The build has seen each id in each language.
        let Some(pattern) = pattern else { return id.to_owned() };
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            values.set(*name, self.value(value, style));
        }
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned()
    }

    fn value<'v>(&self, value: &'v Value, style: Style) -> FluentValue<'v> {
        match value {
            Value::Text(text) => FluentValue::from(text.as_str()),
            Value::Number(number) => {
                let mut value = FluentValue::from(*number);
                if let FluentValue::Number(number) = &mut value {
                    number.options.use_grouping = style == Style::Site;
                }
                value
            }
            value => FluentValue::from(self.shown(value, style)),
        }
    }

    fn shown(&self, value: &Value, style: Style) -> String {
        match (value, style) {
            (Value::Text(text), _) => text.clone(),
            (Value::Name(name), Style::Plain) => format!("{name:?}"),
            (Value::Name(name), Style::Site) => self.quoted(name),
            (Value::Number(number), Style::Plain) => number.to_string(),
            (Value::Number(number), Style::Site) => self.number(number),
            (Value::Moment(time), Style::Plain) => rfc3339(&time.zone(), time.moment()),
            (Value::Moment(time), Style::Site) => {
                let at = ical::Moment(time.at - time.at.rem_euclid(60));
                self.language.words.stamp(&time.zone(), at)
            }
            (Value::Message(message), style) => self.worded(message, style),
            (Value::List(values), style) => {
                let all: Vec<_> = values.iter().map(|it| self.shown(it, style)).collect();
                all.join(self.language.list_separator)
            }
        }
    }
}

/// In English, for the API and the command line: moments as in RFC 3339, numbers without
/// separators, names in ASCII quotation marks.
impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&english().worded(self, Style::Plain))
    }
}
