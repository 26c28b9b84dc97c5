//! A language's catalogue: the messages of its files, read as far as the checks and the generated code need it.

use std::collections::BTreeSet;

use fluent_syntax::ast::{self, Entry, Expression, InlineExpression, PatternElement, VariantKey};
use fluent_syntax::parser;

/// The messages of a language.
#[derive(Debug)]
pub struct Catalogue {
    /// Its code (RFC 5646), the name of its folder.
    pub language: String,
    /// Its messages, in the order of their files and lines.
    pub messages: Vec<Message>,
    /// What cannot be read.
    pub faults: Vec<String>,
}

/// A message.
#[derive(Debug)]
pub struct Message {
    /// Who says it: `operations`, or a part of the site.
    pub area: String,
    /// Its file, without the ending: the area, or a part of it (`operations.servers`).
    pub file: String,
    /// Its id.
    pub id: String,
    /// Its comment, without the arguments.
    pub about: Vec<String>,
    /// The arguments that its comment declares, in their order.
    pub arguments: Vec<Argument>,
    /// Its text.
    pub value: Form,
    /// Its text on the site, if that differs.
    pub site: Option<Form>,
}

/// An argument that a comment declares: `$name (kind)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its kind, such as `number`.
    pub kind: String,
}

/// A wording.
#[derive(Debug, Default)]
pub struct Form {
    /// The arguments that it uses.
    pub used: BTreeSet<String>,
    /// The arguments that select its variants.
    pub selectors: BTreeSet<String>,
    /// Its text, if it has neither arguments nor variants.
    pub literal: Option<String>,
    /// The text of its parts, for documentation.
    pub text: String,
    /// Features that it uses and that are not allowed.
    pub faults: Vec<String>,
}

impl Catalogue {
    /// A catalogue without messages.
    pub fn new(language: &str) -> Catalogue {
        Catalogue { language: language.to_owned(), messages: Vec::new(), faults: Vec::new() }
    }

    /// Adds the messages of a file.
    pub fn add(&mut self, file: &str, text: &str) {
        let place = format!("{}/{file}", self.language);
        let Some(stem) = file.strip_suffix(".ftl") else {
            self.faults.push(format!("{place}: the name of a catalogue ends in .ftl"));
            return;
        };
        let resource = match parser::parse(text) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let start = error.pos.start.min(text.len());
                    let line =
                        text.as_bytes()[..start].iter().filter(|it| **it == b'\n').count() + 1;
                    self.faults.push(format!("{place}:{line}: {error}"));
                }
                resource
            }
        };
        for entry in resource.body {
            match entry {
                Entry::Message(message) => self.add_message(&place, stem, &message),
                Entry::Term(term) => self.faults.push(format!(
                    "{place}: -{}: terms are not supported; write the text itself",
                    term.id.name
                )),
                _ => {}
            }
        }
    }

    fn add_message(&mut self, place: &str, file: &str, message: &ast::Message<&str>) {
        let area = file.split('.').next().unwrap_or(file);
        let id = message.id.name;
        let Some(value) = &message.value else {
            self.faults.push(format!("{place}: {id} says nothing"));
            return;
        };
        let mut site = None;
        for attribute in &message.attributes {
            match attribute.id.name {
                "site" => site = Some(Form::of(&attribute.value)),
                name => {
                    self.faults.push(format!("{place}: {id}: .{name} is not known, only .site is"))
                }
            }
        }
        let mut read = Message {
            area: area.to_owned(),
            file: file.to_owned(),
            id: id.to_owned(),
            about: Vec::new(),
            arguments: Vec::new(),
            value: Form::of(value),
            site,
        };
        for line in message.comment.iter().flat_map(|it| &it.content) {
            match declared(line) {
                Some(argument) => read.arguments.push(argument),
                None => read.about.push((*line).to_owned()),
            }
        }
        for form in [Some(&read.value), read.site.as_ref()].into_iter().flatten() {
            self.faults.extend(form.faults.iter().map(|it| format!("{place}: {id}: {it}")));
        }
        self.messages.push(read);
    }
}

/// `$name (kind)`, with anything behind it.
fn declared(line: &str) -> Option<Argument> {
    let (name, rest) = line.strip_prefix('$')?.split_once(" (")?;
    let (kind, _) = rest.split_once(')')?;
    Some(Argument { name: name.to_owned(), kind: kind.to_owned() })
}

impl Form {
    fn of(pattern: &ast::Pattern<&str>) -> Form {
        let mut form = Form { literal: Some(String::new()), ..Form::default() };
        form.add(pattern);
        if form.literal.as_deref().is_some_and(str::is_empty) {
            form.faults.push("it says nothing".to_owned());
        }
        form
    }

    fn add(&mut self, pattern: &ast::Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.says(value),
                PatternElement::Placeable { expression } => self.add_expression(expression),
            }
        }
    }

    fn says(&mut self, text: &str) {
        self.text.push_str(text);
        if let Some(literal) = &mut self.literal {
            literal.push_str(text);
        }
    }

    fn add_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.add_inline(inline),
            Expression::Select { selector, variants } => {
                self.literal = None;
                match selector {
                    InlineExpression::VariableReference { id } => {
                        self.used.insert(id.name.to_owned());
                        self.selectors.insert(id.name.to_owned());
                    }
                    _ => self.faults.push("only an argument can choose a variant".to_owned()),
                }
                for variant in variants {
                    let key = match &variant.key {
                        VariantKey::Identifier { name } => name,
                        VariantKey::NumberLiteral { value } => value,
                    };
                    self.text.push_str(&format!(" [{key}] "));
                    self.add(&variant.value);
                }
            }
        }
    }

    fn add_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::StringLiteral { value } => {
                let text = fluent_syntax::unicode::unescape_unicode_to_string(value);
                self.says(&text);
            }
            InlineExpression::VariableReference { id } => {
                self.literal = None;
                self.used.insert(id.name.to_owned());
                self.text.push_str(&format!("{{{}}}", id.name));
            }
            InlineExpression::Placeable { expression } => self.add_expression(expression),
            InlineExpression::NumberLiteral { .. }
            | InlineExpression::FunctionReference { .. }
            | InlineExpression::MessageReference { .. }
            | InlineExpression::TermReference { .. } => {
                let allowed =
                    "text, { $argument }, { \"text\" } and variants are all that is supported";
                self.faults.push(allowed.to_owned());
            }
        }
    }
}
