//! `-`, `+`, `~` and printing: like the engine's on numbers, texts and lists, like Python's on
//! dates and times, and never larger than the charged fuel.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Error, Output, State, Value, escape_formatter, filters};

use crate::limits::MAX_BODY;
use crate::moment::{Delta, Moment, wrong};

/// Bytes that one fuel pays for; it is the engine's rate.
const BYTES_OF_FUEL: usize = 64;
/// Bytes of a slot of a list.
const SLOT: usize = size_of::<Value>();

/// What `left - right` is.
pub(crate) fn subtract(left: &Value, right: &Value) -> Result<Value, Error> {
    let impossible = || wrong(format!("cannot subtract {} from {}", kind(right), kind(left)));
    if let Some(from) = left.downcast_object::<Moment>() {
        if let Some(other) = right.downcast_object::<Moment>() {
            return from.minus(&other).map(Value::from_object).ok_or_else(impossible);
        }
        let taken = delta(right).and_then(|it| from.minus_delta(it));
        return taken.map(Moment::value).ok_or_else(impossible);
    }
    if let Some(from) = delta(left) {
        let other = delta(right).ok_or_else(impossible)?;
        let seconds = from.seconds.checked_sub(other.seconds).ok_or_else(impossible)?;
        return Ok(Value::from_object(Delta { seconds }));
    }
    numbers(left, right, i128::checked_sub, |one, other| one - other).ok_or_else(impossible)
}

/// What `left + right` is. Lists are joined at once and paid for.
pub(crate) fn add(state: &State<'_, '_>, left: &Value, right: &Value) -> Result<Value, Error> {
    let impossible = || wrong(format!("cannot add {} to {}", kind(right), kind(left)));
    if let (Some(one), Some(other)) = (left.as_str(), right.as_str()) {
        pay(state, one.len() + other.len())?;
        let sum = format!("{one}{other}");
        let is_safe = left.is_safe() && right.is_safe();
        return Ok(if is_safe { Value::from_safe_string(sum) } else { Value::from(sum) });
    }
    let is_list = |value: &Value| matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    if is_list(left) && is_list(right) {
        let mut sum = Vec::new();
        for value in left.try_iter()?.chain(right.try_iter()?) {
            pay(state, SLOT)?;
            sum.push(value);
        }
        return Ok(Value::from(sum));
    }
    let other = match (delta(left), delta(right)) {
        (None, None) => {
            let sum = numbers(left, right, i128::checked_add, |one, other| one + other);
            return sum.ok_or_else(impossible);
        }
        (Some(one), Some(other)) => {
            let seconds = one.seconds.checked_add(other.seconds).ok_or_else(impossible)?;
            return Ok(Value::from_object(Delta { seconds }));
        }
        (Some(it), None) | (None, Some(it)) => it.seconds.checked_neg(),
    };
    let moment = left.downcast_object::<Moment>().or_else(|| right.downcast_object::<Moment>());
    let sum = moment.zip(other).and_then(|(at, seconds)| at.minus_delta(Delta { seconds }));
    sum.map(Moment::value).ok_or_else(impossible)
}

/// What `left ~ right` is: both as texts. What is no markup is escaped where the other is.
pub(crate) fn concat(
    state: &mut State<'_, '_>,
    left: &Value,
    right: &Value,
) -> Result<Value, Error> {
    if left.is_undefined() || right.is_undefined() {
        return Err(Error::from(minijinja::ErrorKind::UndefinedError));
    }
    let is_mixed = left.is_safe() != right.is_safe();
    let is_markup = is_mixed && !matches!(state.auto_escape(), AutoEscape::None);
    let mut piece = |value: &Value| -> Result<String, Error> {
        let text = Value::from(text_of(state, value)?.into_owned());
        let text = match (is_markup, value.is_safe()) {
            (true, false) => filters::escape(state, &text)?,
            _ => text,
        };
        Ok(text.as_str().unwrap_or_default().to_owned())
    };
    let sum = piece(left)? + &piece(right)?;
    pay(state, 2 * sum.len())?;
    let is_safe = is_markup || left.is_safe() && right.is_safe();
    Ok(if is_safe { Value::from_safe_string(sum) } else { Value::from(sum) })
}

/// Prints a value. A list may contain itself so often that printing it never ends.
pub(crate) fn print(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if value.as_object().is_some() {
        let text = Value::from(text_of(state, value)?.into_owned());
        return escape_formatter(out, state, &text);
    }
    escape_formatter(out, state, value)
}

fn pay(state: &State<'_, '_>, bytes: usize) -> Result<(), Error> {
    state.consume_fuel(u64::try_from(bytes / BYTES_OF_FUEL + 1).unwrap_or(u64::MAX))
}

/// A value as text, at most [`MAX_BODY`] bytes of it.
fn text_of<'v>(state: &State<'_, '_>, value: &'v Value) -> Result<Cow<'v, str>, Error> {
    if let Some(text) = value.as_str() {
        pay(state, text.len())?;
        return Ok(Cow::Borrowed(text));
    }
    let mut text = Bounded(String::new());
    let written = write!(text, "{value}");
    // It may have been much work.
    pay(state, 16 * text.0.len())?;
    written.map_err(|_| wrong(format!("a {} is too long to print", value.kind())))?;
    Ok(Cow::Owned(text.0))
}

/// A text that takes no more than [`MAX_BODY`] bytes.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if self.0.len() + piece.len() > MAX_BODY {
            return Err(fmt::Error);
        }
        self.0.push_str(piece);
        Ok(())
    }
}

fn delta(value: &Value) -> Option<Delta> {
    value.downcast_object::<Delta>().map(|it| *it)
}

/// Whole numbers stay such.
fn numbers(
    left: &Value,
    right: &Value,
    whole: fn(i128, i128) -> Option<i128>,
    other: fn(f64, f64) -> f64,
) -> Option<Value> {
    let is_number = |it: &Value| matches!(it.kind(), ValueKind::Number | ValueKind::Bool);
    if !is_number(left) || !is_number(right) {
        return None;
    }
    let both = i128::try_from(left.clone()).ok().zip(i128::try_from(right.clone()).ok());
    let is_whole = |it: &Value| it.is_integer() || it.kind() == ValueKind::Bool;
    if let Some((one, two)) = both.filter(|_| is_whole(left) && is_whole(right)) {
        let result = whole(one, two)?;
        return Some(i64::try_from(result).map_or_else(|_| Value::from(result), Value::from));
    }
    let [one, two] = [left, right].map(|it| f64::try_from(it.clone()).ok());
    Some(Value::from(other(one?, two?)))
}

/// What a value is called in an error.
fn kind(value: &Value) -> String {
    if value.downcast_object_ref::<Moment>().is_some() {
        return "a date-time".to_owned();
    }
    if value.downcast_object_ref::<Delta>().is_some() {
        return "a time span".to_owned();
    }
    format!("a {}", value.kind())
}
