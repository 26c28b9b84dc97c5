//! Generates the Rust names of the messages.

use std::fmt::Write as _;

use super::catalogue::{Argument, Catalogue, Message};
use super::check::{DAYS, LANGUAGE, MONTHS, NOON, OPERATIONS};

/// The messages of operations: what each is called, and what it takes.
pub fn messages(all: &[Catalogue]) -> String {
    let mut out = String::new();
    if let Some(first) = all.first() {
        message_ids(&mut out, first);
    }
    out
}

/// The texts of all languages.
pub fn catalogues(all: &[Catalogue]) -> String {
    let mut out = String::new();
    let Some(first) = all.first() else { return out };
    texts(&mut out, first);
    let _ = write!(
        out,
        "/// All languages, English first.\npub static ALL: [Texts; {}] = [",
        all.len()
    );
    for (index, catalogue) in all.iter().enumerate() {
        values(&mut out, index, first, catalogue);
    }
    out.push_str("];\n");
    bundles(&mut out, all);
    out
}

fn of_area<'c>(catalogue: &'c Catalogue, area: &str) -> impl Iterator<Item = &'c Message> {
    catalogue.messages.iter().filter(move |it| it.area == area)
}

/// The messages that are neither operations' nor about the language itself.
fn of_site(catalogue: &Catalogue) -> impl Iterator<Item = &Message> {
    catalogue.messages.iter().filter(|it| it.area != OPERATIONS && it.area != LANGUAGE)
}

/// `no-calendar` as `NoCalendar`.
fn camel(id: &str) -> String {
    let mut name = String::new();
    for part in id.split('-') {
        let mut characters = part.chars();
        name.extend(characters.next().map(|it| it.to_ascii_uppercase()));
        name.push_str(characters.as_str());
    }
    name
}

fn snake(id: &str) -> String {
    id.replace('-', "_")
}

/// The text of a message, as the documentation of its name.
fn doc(message: &Message) -> String {
    let mut lines =
        format!("    /// `{}`\n", message.value.text.replace('`', "'").replace('\n', " "));
    for line in &message.about {
        let _ = writeln!(lines, "    ///\n    /// {line}");
    }
    lines
}

/// The ids of operations' messages.
fn message_ids(out: &mut String, first: &Catalogue) {
    let all: Vec<&Message> = of_area(first, OPERATIONS).collect();
    out.push_str(
        "/// What operations say to people: the ids of `operations.ftl`.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum MessageId {\n",
    );
    for message in &all {
        let _ = writeln!(out, "{}    {},", doc(message), camel(&message.id));
    }
    out.push_str(
        "}\n\nimpl MessageId {\n    /// All of them.\n    pub const ALL: &'static [MessageId] = &[",
    );
    for message in &all {
        let _ = write!(out, "MessageId::{}, ", camel(&message.id));
    }
    out.push_str("];\n\n    /// Its id in the catalogues and in the database.\n    pub const fn id(self) -> &'static str {\n        match self {\n");
    for message in &all {
        let _ = writeln!(out, "            MessageId::{} => {:?},", camel(&message.id), message.id);
    }
    out.push_str("        }\n    }\n\n    /// Its arguments, in the order of [`Message::values`].\n    pub const fn arguments(self) -> &'static [Argument] {\n        match self {\n");
    for message in all.iter().filter(|it| !it.arguments.is_empty()) {
        let _ = write!(out, "            MessageId::{} => &[", camel(&message.id));
        for Argument { name, kind } in &message.arguments {
            let _ =
                write!(out, "Argument {{ name: {name:?}, kind: ArgumentKind::{} }}, ", camel(kind));
        }
        out.push_str("],\n");
    }
    out.push_str("            _ => &[],\n        }\n    }\n");
    for message in all.iter().filter(|it| !it.arguments.is_empty()) {
        let (mut taken, mut made) = (String::new(), String::new());
        for Argument { name, kind } in &message.arguments {
            let name = snake(name);
            let of = match kind.as_str() {
                "number" => "impl Number",
                "moment" => "Time",
                "message" => "impl Into<Message>",
                "list" => "Vec<Value>",
                _ => "impl fmt::Display",
            };
            let _ = write!(taken, "{name}: {of}, ");
            let _ = write!(made, "Value::of_{kind}({name}), ");
        }
        let _ = writeln!(
            out,
            "\n{}    pub fn {}({taken}) -> Message {{\n        Message {{ id: MessageId::{}, values: vec![{made}] }}\n    }}",
            doc(message),
            snake(&message.id),
            camel(&message.id)
        );
    }
    out.push_str("}\n\n");
}

/// The texts of the site: a field for each message, or a function if it has arguments.
fn texts(out: &mut String, first: &Catalogue) {
    out.push_str(
        "/// What the site says, in one language.\n#[derive(Debug)]\npub struct Texts {\n    \
         /// How it writes days, times, numbers and names.\n    pub language: Language,\n    \
         pub(crate) index: usize,\n",
    );
    for message in of_site(first).filter(|it| it.arguments.is_empty()) {
        let _ = writeln!(out, "{}    pub {}: Text,", doc(message), snake(&message.id));
    }
    out.push_str("}\n\nimpl Texts {\n");
    for message in of_site(first).filter(|it| !it.arguments.is_empty()) {
        let (mut taken, mut made) = (String::new(), String::new());
        for Argument { name, kind } in &message.arguments {
            let of = if kind == "number" { "impl Number" } else { "impl fmt::Display" };
            let _ = write!(taken, ", {}: {of}", snake(name));
            let _ = write!(made, "({name:?}, Value::of_{kind}({})), ", snake(name));
        }
        let _ = writeln!(
            out,
            "{}    pub fn {}(&self{taken}) -> String {{\n        self.text_with({:?}, &[{made}])\n    }}\n",
            doc(message),
            snake(&message.id),
            message.id
        );
    }
    out.push_str("}\n\n");
}

/// A language's texts.
fn values(out: &mut String, index: usize, first: &Catalogue, catalogue: &Catalogue) {
    let said = |area: &str, id: &str| {
        let found = of_area(catalogue, area).find(|it| it.id == id);
        found.and_then(|it| it.value.literal.clone()).unwrap_or_default()
    };
    let language = |id: &str| format!("{:?}", said(LANGUAGE, id));
    let noon = said(LANGUAGE, "noon-in-mail");
    let around_time = noon.split_once(NOON).unwrap_or_default();
    let around_time = [around_time.0, around_time.1];
    let several = |form: &str, names: &[&str]| {
        let all: Vec<_> = names.iter().map(|it| language(&format!("{form}-{it}"))).collect();
        format!("[{}]", all.join(", "))
    };
    let _ = write!(
        out,
        "Texts {{ index: {index}, language: Language {{ code: {:?}, words: Words {{ weekdays: {}, \
         long_weekdays: {}, months: {}, long_months: {}, behind_weekday: {}, behind_long_weekday: {}, \
         first_day: {}, behind_day: {}, \
         all_day: {}, around_time: {around_time:?}, thousands: {} }}, quotes: [{}, {}], list_separator: {}, colon: {} }}, ",
        catalogue.language,
        several("short", &DAYS),
        several("long", &DAYS),
        several("short", &MONTHS),
        several("long", &MONTHS),
        language("behind-weekday"),
        language("behind-long-weekday"),
        language("first-day"),
        language("behind-day"),
        language("whole-day"),
        language("thousands"),
        language("quote-open"),
        language("quote-close"),
        language("list-separator"),
        language("colon"),
    );
    for message in of_site(first).filter(|it| it.arguments.is_empty()) {
        let text = said(&message.area, &message.id);
        let _ = write!(out, "{}: Text({text:?}), ", snake(&message.id));
    }
    out.push_str("},\n");
}

/// The catalogues themselves, read when the first message of a language is worded.
fn bundles(out: &mut String, all: &[Catalogue]) {
    for (name, is_operations) in [("OPERATIONS", true), ("SITE", false)] {
        let count = all.len();
        let _ = write!(out, "static {name}: [LazyLock<Bundle>; {count}] = [");
        for (index, catalogue) in all.iter().enumerate() {
            let messages = catalogue.messages.iter();
            let mut files: Vec<&str> = messages
                .filter(|it| (it.area == OPERATIONS) == is_operations)
                .map(|it| it.file.as_str())
                .collect();
            files.dedup();
            let mut texts = String::new();
            for file in files {
                let path = format!("/i18n/{}/{file}.ftl", catalogue.language);
                let _ = write!(
                    texts,
                    "include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?})), "
                );
            }
            let _ = write!(
                out,
                "LazyLock::new(|| bundle::<{index}>({:?}, &[{texts}])), ",
                catalogue.language
            );
        }
        out.push_str("];\n");
    }
}
