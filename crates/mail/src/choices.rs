//! What an administrator chooses of a template, in place of writing it: its source is composed of the built-in one.

use serde::{Deserialize, Serialize};

use crate::defaults::{self, LAYOUTS};
use crate::limits::{MAX_GREETING, MAX_SIGNATURE, MAX_SIGNATURE_LINES};
use crate::logo::Logo;
use crate::template::Template;
use crate::tone::Tone;

/// A part that a message may have or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplatePart {
    /// The list of dates of a series.
    Dates,
    /// The links by which the reader acts.
    Links,
    /// The rooms that are free at that time.
    FreeRooms,
    /// Who decides about the room.
    Decider,
    /// What was removed, attached as a calendar file.
    Attachment,
}

impl TemplatePart {
    /// All of them, in the order in which a message has them.
    pub const ALL: [TemplatePart; 5] = [
        TemplatePart::Dates,
        TemplatePart::Links,
        TemplatePart::FreeRooms,
        TemplatePart::Decider,
        TemplatePart::Attachment,
    ];

    /// Its word in forms, in the source and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            TemplatePart::Dates => "dates",
            TemplatePart::Links => "links",
            TemplatePart::FreeRooms => "free_rooms",
            TemplatePart::Decider => "decider",
            TemplatePart::Attachment => "attachment",
        }
    }
}

/// What is chosen of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateChoices {
    /// The language of a built-in template (RFC 5646).
    pub language: String,
    /// How it addresses the reader.
    pub tone: Tone,
    /// Its first line; an empty text for that of the language and tone.
    pub greeting: String,
    /// Its last lines before the name of the program.
    pub signature: Vec<String>,
    /// Its parts, each once, in their order.
    pub parts: Vec<TemplatePart>,
}

/// What is wrong with choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceFault {
    /// There is no built-in template in that language.
    Language,
    /// The greeting is longer than [`MAX_GREETING`], or has several lines.
    Greeting,
    /// The signature is longer than [`MAX_SIGNATURE`], or has more lines than [`MAX_SIGNATURE_LINES`].
    Signature,
}

impl TemplateChoices {
    /// Those that make the built-in template in a language, or else in English.
    pub fn of(language: &str) -> TemplateChoices {
        let built_in = defaults::in_language(language).unwrap_or(defaults::ENGLISH);
        TemplateChoices {
            language: built_in.language.to_owned(),
            tone: Tone::Formal,
            greeting: String::new(),
            signature: Vec::new(),
            parts: TemplatePart::ALL.to_vec(),
        }
    }

    /// Whether a message has a part.
    pub fn has(&self, part: TemplatePart) -> bool {
        self.parts.contains(&part)
    }

    /// What is wrong with them.
    pub fn faults(&self) -> Vec<ChoiceFault> {
        let is_known = defaults::ALL.iter().any(|it| it.language == self.language);
        let is_line = |text: &str, most: usize| {
            text.chars().count() <= most && !text.chars().any(char::is_control)
        };
        let signed: usize = self.signature.iter().map(|it| it.chars().count()).sum();
        let is_signature = self.signature.len() <= MAX_SIGNATURE_LINES
            && signed <= MAX_SIGNATURE
            && self.signature.iter().all(|it| is_line(it, MAX_SIGNATURE));
        let checked = [
            (is_known, ChoiceFault::Language),
            (is_line(&self.greeting, MAX_GREETING), ChoiceFault::Greeting),
            (is_signature, ChoiceFault::Signature),
        ];
        checked.into_iter().filter(|(is_right, _)| !is_right).map(|(_, fault)| fault).collect()
    }

    /// The template that they make, with a logo or without. Nothing that was typed is read as Jinja2.
    pub fn compose(&self, has_logo: bool) -> Template {
        let built_in = defaults::in_language(&self.language).unwrap_or(defaults::ENGLISH);
        let mut words = self.tone.of_words(built_in.language, built_in.words);
        if !self.greeting.is_empty() {
            words = with_greeting(&words, &self.greeting);
        }
        let parts: Vec<&str> = self.parts.iter().map(|it| it.as_str()).collect();
        let lines: Vec<&str> = self.signature.iter().map(String::as_str).collect();
        let logo = if has_logo { literal(Logo::SOURCE) } else { "none".to_owned() };
        let head = format!(
            "{{%- set parts = {} -%}}\n{{%- set signature = {} -%}}\n{{%- set logo = {logo} -%}}\n",
            list(&parts),
            list(&lines)
        );
        let body = |layout: &str| format!("{head}{words}{layout}");
        Template {
            subject: built_in.subject.to_owned(),
            text: body(LAYOUTS[0]),
            html: Some(body(LAYOUTS[1])),
        }
    }
}

/// The words with another greeting.
fn with_greeting(words: &str, greeting: &str) -> String {
    const BEGIN: &str = "{%- macro greeting() -%}";
    let Some((before, rest)) = words.split_once(BEGIN) else { return words.to_owned() };
    let (_, after) = rest.split_once("{%- endmacro -%}").unwrap_or(("", rest));
    format!("{before}{BEGIN}{{{{ {} }}}}{{%- endmacro -%}}{after}", literal(greeting))
}

/// A text as a literal of Jinja2, which reads those of JSON.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list(texts: &[&str]) -> String {
    let literals: Vec<String> = texts.iter().map(|it| literal(it)).collect();
    format!("[{}]", literals.join(", "))
}
