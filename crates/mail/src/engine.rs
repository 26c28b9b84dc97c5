//! The template engine: minijinja without a loader, with its fuel as the bound of time and memory,
//! a bounded output, and a `-` for dates.
//!
//! This is the only module that uses minijinja's `unstable_machinery`. It needs the instructions
//! for three reasons: objects cannot define `-`; the engine's `+` joins lists lazily and its `~`
//! prints them without charging fuel, so that doubling one thirty times takes hours; and an unknown
//! name has to be found with its line and column also in a branch that no sample reaches.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::mpsc;
use std::time::Duration;

use minijinja::machinery::{CodeGenerator, Instruction, Instructions, Span, make_string_output};
use minijinja::machinery::{Token, eval, parse, tokenize};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value};
use serde::{Deserialize, Serialize};

use crate::limits::{
    MAX_BRANCHES, MAX_FUEL, MAX_RECURSION, MAX_SECONDS, MAX_SOURCE, MAX_TOKENS, MAX_WIDTH, STACK,
};
use crate::moment::{datetime_filter, is_time, period_filter};
use crate::operators::{add, concat, print, subtract};
use crate::problem::TemplateProblem;

/// The kind of a text, which decides what is escaped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Nothing is.
    Text,
    /// HTML markup.
    Html,
}

/// How an unknown name is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// It is an error.
    Refused,
    /// It is empty: for built-in texts about incomplete data.
    Empty,
}

/// An error of a template, with its position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub struct Fault {
    /// The error.
    pub reason: TemplateProblem,
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// The column in characters, counted from 1, where it is known.
    pub column: Option<usize>,
    /// Whether it ran out of time, so that its thread goes on.
    #[serde(default)]
    pub is_late: bool,
}

impl Fault {
    /// A fault without a place.
    pub(crate) fn new(reason: impl Into<TemplateProblem>) -> Fault {
        Fault { reason: reason.into(), line: None, column: None, is_late: false }
    }

    /// That it took too long.
    pub(crate) fn late() -> Fault {
        Fault { is_late: true, ..Fault::new(TemplateProblem::Late) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => {
                write!(formatter, "line {line}, column {column}: {}", self.reason)
            }
            (Some(line), None) => write!(formatter, "line {line}: {}", self.reason),
            _ => self.reason.fmt(formatter),
        }
    }
}

/// The names of the functions that `-`, `+` and `~` become; no template can say them.
const SUBTRACT: &str = "-";
const ADD: &str = "+";
const CONCAT: &str = "~";

/// A compiled text.
struct Compiled<'s> {
    instructions: Instructions<'s>,
    source: &'s str,
}

/// The names that a text uses and that are none of its own, nor of the engine.
///
/// # Errors
///
/// Where the text does not compile.
pub(crate) fn names_of(source: &str) -> Result<BTreeSet<String>, Fault> {
    on_a_thread(source, |source| {
        let environment = environment(Escape::Text, Unknown::Refused);
        Compiled::new(source)?;
        undeclared(&environment, source)
    })
}

/// Checks that a text compiles and uses only these names and existing filters and tests. A name in
/// `is defined` may be any.
///
/// # Errors
///
/// The first error, with line and column.
pub(crate) fn check(source: &str, known: &'static [&'static str]) -> Result<(), Fault> {
    on_a_thread(source, |source| {
        let environment = environment(Escape::Text, Unknown::Refused);
        let compiled = Compiled::new(source)?;
        compiled.check_filters(&environment)?;
        let unknown = undeclared(&environment, source)?;
        compiled.check_names(&unknown, known)
    })
}

/// Renders a text.
///
/// # Errors
///
/// Where it does not compile, fails, or exceeds a bound; `most` bytes of output are one.
pub(crate) fn render(
    source: &str,
    context: Value,
    escape: Escape,
    unknown: Unknown,
    most: usize,
) -> Result<String, Fault> {
    on_a_thread(source, move |source| {
        let environment = environment(escape, unknown);
        let compiled = Compiled::new(source)?;
        compiled.render(&environment, context, escape, most)
    })
}

/// Runs on a thread with a sufficient stack, and no longer than [`MAX_SECONDS`]. Fuel bounds a
/// text; this limit is for work that the engine does not charge. A thread cannot be ended, so a
/// late one continues: [`crate::Renderer`] ends its process.
fn on_a_thread<T: Send + 'static>(
    source: &str,
    work: impl FnOnce(&str) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let source = source.to_owned();
    let (sender, receiver) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("template".to_owned()).stack_size(STACK);
    // The caller may no longer be waiting.
    let spawned = thread.spawn(move || drop(sender.send(work(&source))));
    spawned.map_err(|error| Fault::new(format!("there is no thread for it: {error}")))?;
    receiver.recv_timeout(Duration::from_secs(MAX_SECONDS)).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => Fault::late(),
        mpsc::RecvTimeoutError::Disconnected => Fault::new("the template engine failed"),
    })?
}

fn environment(escape: Escape, unknown: Unknown) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(match unknown {
        Unknown::Refused => UndefinedBehavior::Strict,
        Unknown::Empty => UndefinedBehavior::Chainable,
    });
    environment.set_auto_escape_callback(move |_| match escape {
        Escape::Text => AutoEscape::None,
        Escape::Html => AutoEscape::Html,
    });
    environment.set_fuel(Some(MAX_FUEL));
    environment.set_recursion_limit(MAX_RECURSION);
    environment.set_unknown_method_callback(method);
    // It prints all variables, which is of no use in a mail.
    environment.remove_global("debug");
    environment.remove_filter("pprint");
    // Their results are cheap to make and, nested forty times, endless to print.
    environment.remove_filter("chain");
    environment.remove_filter("zip");
    environment.add_filter("datetime", datetime_filter);
    environment.add_filter("period", period_filter);
    environment.add_function(SUBTRACT, |left: &Value, right: &Value| subtract(left, right));
    environment.add_function(ADD, add);
    environment.add_function(CONCAT, concat);
    environment.set_formatter(print);
    environment
}

/// Python's methods of texts, lists and maps.
fn method(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    if method == "format"
        && let Some(text) = value.as_str()
    {
        check_format(state, text, args)?;
    }
    minijinja_contrib::pycompat::unknown_method_callback(state, value, method, args)
}

/// `str.format` produces large texts from small ones and is charged only afterwards. So it accepts
/// only short values, and is charged before, by its fields times the longest of them.
fn check_format(state: &State<'_, '_>, format: &str, args: &[Value]) -> Result<(), Error> {
    let wrong = |detail: String| Err(Error::new(ErrorKind::InvalidOperation, detail));
    let mut fields = 0;
    for field in format.split('{').skip(1) {
        fields += 1;
        let field = field.split('}').next().unwrap_or_default();
        for digits in field.split(|it: char| !it.is_ascii_digit()) {
            let digits = digits.trim_start_matches('0');
            if digits.len() > 4 || digits.parse::<usize>().is_ok_and(|it| it > MAX_WIDTH) {
                return wrong(format!("a width of format is more than {MAX_WIDTH}"));
            }
        }
    }
    let mut longest = MAX_WIDTH;
    for value in args {
        let named = value.is_kwargs().then(|| value.try_iter().ok()).flatten();
        let values = match named {
            Some(names) => names.filter_map(|name| value.get_item(&name).ok()).collect(),
            None => vec![value.clone()],
        };
        for value in values {
            longest = longest.max(match value.as_str() {
                Some(text) => text.len(),
                None if is_short(&value) => MAX_WIDTH,
                None => return wrong(format!("format takes no {}", value.kind())),
            });
        }
    }
    let bytes = longest.saturating_mul(fields);
    state.consume_fuel(u64::try_from(bytes / 64).unwrap_or(u64::MAX))
}

/// Whether a value other than a text is short when it is printed.
fn is_short(value: &Value) -> bool {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::Undefined | ValueKind::None | ValueKind::Bool | ValueKind::Number => true,
        _ => is_time(value),
    }
}

fn undeclared(environment: &Environment<'_>, source: &str) -> Result<BTreeSet<String>, Fault> {
    let template = environment.template_from_str(source);
    let template = template.map_err(|error| fault(&error, source))?;
    let names = template.undeclared_variables(false).into_iter();
    let globals: BTreeSet<&str> = environment.globals().map(|(name, _)| name).collect();
    Ok(names.filter(|name| !globals.contains(name.as_str())).collect())
}

impl<'s> Compiled<'s> {
    fn new(source: &'s str) -> Result<Compiled<'s>, Fault> {
        if source.len() > MAX_SOURCE {
            return Err(Fault::new(TemplateProblem::SourceTooLong));
        }
        check_depth(source)?;
        let syntax = SyntaxConfig::default();
        let tree = parse(source, "template", syntax).map_err(|error| fault(&error, source))?;
        let mut generator = CodeGenerator::new("template", source);
        generator.compile_stmt(&tree);
        let (mut instructions, _) = generator.finish();
        let mut index = 0;
        while let Some(instruction) = instructions.get_mut(index) {
            match instruction {
                Instruction::Sub => *instruction = Instruction::CallFunction(SUBTRACT, Some(2)),
                Instruction::Add => *instruction = Instruction::CallFunction(ADD, Some(2)),
                Instruction::StringConcat => {
                    *instruction = Instruction::CallFunction(CONCAT, Some(2));
                }
                _ => {}
            }
            index += 1;
        }
        Ok(Compiled { instructions, source })
    }

    /// All instructions with their places.
    fn all(&self) -> impl Iterator<Item = (u32, &Instruction<'s>)> {
        (0..).map_while(|index| Some((index, self.instructions.get(index)?)))
    }

    fn check_names(&self, unknown: &BTreeSet<String>, known: &[&str]) -> Result<(), Fault> {
        let asked: BTreeSet<&str> = self.all().filter_map(|it| self.asked_name(it)).collect();
        for (index, instruction) in self.all() {
            let (Instruction::Lookup(name) | Instruction::CallFunction(name, _)) = instruction
            else {
                continue;
            };
            let is_known = known.contains(name) || asked.contains(name);
            if unknown.contains(*name) && !is_known {
                let name = (*name).to_owned();
                let problem = match nearest(&name, known) {
                    Some(near) => TemplateProblem::UnknownNameNear(name, near.to_owned()),
                    None => TemplateProblem::UnknownName(name),
                };
                return Err(self.fault_at(index, problem));
            }
        }
        Ok(())
    }

    /// The name that `is defined` or `is undefined` is asked of.
    fn asked_name(&self, (index, instruction): (u32, &Instruction<'s>)) -> Option<&'s str> {
        let next = self.instructions.get(index + 1);
        match (instruction, next) {
            (
                Instruction::Lookup(name),
                Some(Instruction::PerformTest("defined" | "undefined", ..)),
            ) => Some(name),
            _ => None,
        }
    }

    fn check_filters(&self, environment: &Environment<'_>) -> Result<(), Fault> {
        for (index, instruction) in self.all() {
            let (kind, name) = match instruction {
                Instruction::ApplyFilter(name, ..) => ("filter", *name),
                Instruction::PerformTest(name, ..) => ("test", *name),
                _ => continue,
            };
            // The engine's own tests say what there is.
            let question = format!("name is {kind}");
            let asked = environment.compile_expression(&question);
            let is_there = asked.and_then(|it| it.eval(minijinja::context! { name }));
            if !is_there.is_ok_and(|it| it.is_true()) {
                let name = name.to_owned();
                let problem = match kind {
                    "filter" => TemplateProblem::UnknownFilter(name),
                    _ => TemplateProblem::UnknownTest(name),
                };
                return Err(self.fault_at(index, problem));
            }
        }
        Ok(())
    }

    fn fault_at(&self, index: u32, reason: TemplateProblem) -> Fault {
        let span: Option<Span> = self.instructions.get_span(index);
        let column = span.map(|it| column(self.source, it.start_offset as usize));
        Fault { line: self.instructions.get_line(index), column, ..Fault::new(reason) }
    }

    fn render(
        &self,
        environment: &Environment<'_>,
        context: Value,
        escape: Escape,
        most: usize,
    ) -> Result<String, Fault> {
        let escape = match escape {
            Escape::Text => AutoEscape::None,
            Escape::Html => AutoEscape::Html,
        };
        let mut text = String::new();
        let blocks = std::collections::BTreeMap::new();
        let mut out = make_string_output(&mut text);
        let done =
            eval(environment, &self.instructions, context, &blocks, &mut out, escape).map(|_| ());
        drop(out);
        done.map_err(|error| fault(&error, self.source))?;
        if text.len() > most {
            return Err(Fault::new(TemplateProblem::TextTooLong(most)));
        }
        Ok(text)
    }
}

/// Checks that no tag and no chain of branches is so long that it needs more stack than there is.
fn check_depth(source: &str) -> Result<(), Fault> {
    let (mut of_tag, mut branches) = (0, 0);
    for token in tokenize(source, false, SyntaxConfig::default()) {
        // The parser reports invalid tokens with their lines.
        let Ok((token, span)) = token else { return Ok(()) };
        match token {
            Token::TemplateData(_) | Token::VariableStart | Token::BlockStart => of_tag = 0,
            _ => of_tag += 1,
        }
        branches += usize::from(matches!(token, Token::Ident("elif")));
        let reason = if of_tag > MAX_TOKENS {
            TemplateProblem::TagTooLong
        } else if branches > MAX_BRANCHES {
            TemplateProblem::TooManyBranches
        } else {
            continue;
        };
        let column = Some(column(source, span.start_offset as usize));
        return Err(Fault { line: Some(span.start_line.into()), column, ..Fault::new(reason) });
    }
    Ok(())
}

/// The known name that a name was probably meant to be.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = |it: &&&str| distance(name, it) <= 2;
    known.iter().filter(near).min_by_key(|it| distance(name, it)).copied()
}

/// The edit distance of two names.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().take(64).enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = before + usize::from(a != *b);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[other.len()]
}

/// The column of a byte of a text, in characters, counted from 1.
fn column(source: &str, offset: usize) -> usize {
    let before = &source[..source.floor_char_boundary(offset)];
    before.rsplit('\n').next().unwrap_or_default().chars().count() + 1
}

fn fault(error: &Error, source: &str) -> Fault {
    let reason = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => TemplateProblem::OutOfFuel,
        (ErrorKind::UndefinedError, detail) => {
            let place = error.range().and_then(|range| source.get(range));
            match (place, detail) {
                (_, Some(detail)) => detail.into(),
                (Some(place), None) => TemplateProblem::UnknownName(place.to_owned()),
                (None, None) => TemplateProblem::SomethingUnknown,
            }
        }
        (ErrorKind::SyntaxError, Some(detail)) => TemplateProblem::Syntax(detail.to_owned()),
        (ErrorKind::InvalidOperation, Some(detail)) => {
            TemplateProblem::InvalidOperation(detail.to_owned())
        }
        (ErrorKind::UnknownMethod, Some(detail)) => {
            TemplateProblem::UnknownMethod(detail.to_owned())
        }
        (kind, Some(detail)) => format!("{kind}: {detail}").into(),
        (kind, None) => kind.to_string().into(),
    };
    let column = error.range().map(|range| column(source, range.start));
    Fault { line: error.line(), column, ..Fault::new(reason) }
}
