//! Templates: checked when they are saved, rendered when a message is sent.

use serde::{Deserialize, Serialize};

use crate::engine::{self, Escape, Fault, Unknown};
use crate::limits::{MAX_BODY, MAX_SUBJECT};
use crate::names::Language;
use crate::notice::{Notice, VARIABLES};
use crate::samples;
use crate::untrusted::one_line;

/// A template in Jinja2 syntax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The subject.
    pub subject: String,
    /// The text body.
    pub text: String,
    /// The HTML body, if it has one; variables are escaped in it.
    pub html: Option<String>,
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The subject.
    Subject,
    /// The text body.
    Text,
    /// The HTML body.
    Html,
}

impl Part {
    /// The name for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Subject => "subject",
            Part::Text => "text body",
            Part::Html => "HTML body",
        }
    }
}

/// An error of a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}: {fault}", .part.as_str())]
pub struct TemplateError {
    /// The part.
    pub part: Part,
    /// The error and its position.
    pub fault: Fault,
    /// The sample with which it fails, if any.
    pub sample: Option<String>,
    /// Whether it is no fault of the template and may pass, as when the machine is short of memory.
    #[serde(default)]
    pub is_passing: bool,
}

/// A rendered message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// The subject, on one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The HTML, if the template has some.
    pub html: Option<String>,
}

impl Rendered {
    /// Whether it is blank and therefore not sent.
    pub fn is_empty(&self) -> bool {
        let is_blank = |text: &str| text.trim().is_empty();
        is_blank(&self.text) && self.html.as_deref().is_none_or(is_blank)
    }
}

impl Template {
    /// Checks that it compiles, names no unknown variable, and renders on all samples.
    ///
    /// # Errors
    ///
    /// The first error, with its line and column if they are known.
    pub fn check(&self) -> Result<(), TemplateError> {
        for (part, source) in self.parts() {
            engine::check(source, &VARIABLES).map_err(|fault| TemplateError {
                part,
                fault,
                sample: None,
                is_passing: false,
            })?;
        }
        for sample in samples::all() {
            self.render(&sample.notice)
                .map_err(|error| TemplateError { sample: Some(sample.name.to_owned()), ..error })?;
        }
        Ok(())
    }

    /// Renders it.
    ///
    /// # Errors
    ///
    /// If it fails or exceeds a bound.
    pub fn render(&self, notice: &Notice) -> Result<Rendered, TemplateError> {
        let context = notice.context().map_err(|reason| TemplateError {
            part: Part::Text,
            fault: Fault::new(reason),
            sample: None,
            is_passing: false,
        })?;
        let render = |part: Part, source: &str| {
            let escape = if part == Part::Html { Escape::Html } else { Escape::Text };
            engine::render(source, context.clone(), escape, Unknown::Refused, MAX_BODY)
                .map_err(|fault| TemplateError { part, fault, sample: None, is_passing: false })
        };
        let subject = subject_of(&render(Part::Subject, &self.subject)?);
        let text = render(Part::Text, &self.text)?;
        let html = self.html.as_deref().map(|html| render(Part::Html, html)).transpose()?;
        Ok(Rendered { subject, text, html })
    }

    /// Whether it uses a variable that a notice needs: without it, a message about a restored or
    /// kept event would read like one about a removal.
    pub fn speaks_of(&self, variable: &str) -> bool {
        engine::names_of(&self.text).is_ok_and(|names| names.contains(variable))
    }

    /// The language that it says it is in, as the built-in ones, their copies and those made by choices do.
    pub fn language(&self) -> Option<Language> {
        let (_, rest) = self.text.split_once("set language = \"")?;
        Language::of(rest.split_once('"')?.0)
    }

    fn parts(&self) -> impl Iterator<Item = (Part, &str)> {
        let html = self.html.as_deref().map(|html| (Part::Html, html));
        [(Part::Subject, self.subject.as_str()), (Part::Text, self.text.as_str())]
            .into_iter()
            .chain(html)
    }
}

/// A subject: on one line, cut to the bound.
pub(crate) fn subject_of(text: &str) -> String {
    // Spaces at which no line is broken are signs of a language, such as before a colon in French.
    let is_gap = |it: char| it.is_whitespace() && !matches!(it, '\u{A0}' | '\u{202F}');
    let words: Vec<&str> = text.split(is_gap).filter(|it| !it.is_empty()).collect();
    let line = words.join(" ");
    let cleaned: String = line.chars().filter(|c| !c.is_control()).take(MAX_SUBJECT).collect();
    one_line(&cleaned)
}
