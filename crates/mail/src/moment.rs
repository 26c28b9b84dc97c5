//! Dates and times in templates, with the behaviour of Python's `datetime`, `date`, `time` and
//! `timedelta`.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use minijinja::value::{DynObject, Kwargs, Object, ObjectRepr, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use crate::names::Language;
use crate::strftime::{offset, strftime};

/// What is shown of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    DateTime,
    Date,
    Time,
}

/// A `datetime`, or the `date` or `time` of one.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    at: Zoned,
    shape: Shape,
}

/// A `timedelta`, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delta {
    pub seconds: i64,
}

/// Seconds of a day.
const DAY: i64 = 86_400;

impl Moment {
    /// The moment of a number of seconds since 1970, in a zone. `None` beyond Python's range.
    pub fn at(seconds: i64, zone: &TimeZone) -> Option<Moment> {
        let at = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(zone.clone());
        (at.year() >= 1).then_some(Moment { at, shape: Shape::DateTime })
    }

    /// It as a value of the engine.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    /// It by a format, in another zone if one is given.
    pub fn format(
        &self,
        format: Option<&str>,
        zone: Option<&str>,
        language: Language,
    ) -> Result<String, Error> {
        let at = match zone {
            None => self.at.clone(),
            Some(name) => {
                let zone =
                    TimeZone::get(name).map_err(|_| wrong(format!("no time zone {name:?}")))?;
                self.at.with_time_zone(zone)
            }
        };
        match format {
            Some(format) => strftime(&at, format, language).map_err(wrong),
            None => Ok(format!("{}, {}", language.day(at.date()), language.time(at.time(), None))),
        }
    }

    fn is_of(&self, shape: Shape) -> bool {
        self.shape == shape
    }

    fn isoformat(&self, separator: &str, has_seconds: bool) -> String {
        let (date, time) = (self.at.date(), self.at.time());
        let mut text = String::new();
        if !self.is_of(Shape::Time) {
            text = format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
        }
        if self.is_of(Shape::DateTime) {
            text.push_str(separator);
        }
        if !self.is_of(Shape::Date) {
            text.push_str(&format!("{:02}:{:02}", time.hour(), time.minute()));
            if has_seconds {
                text.push_str(&format!(":{:02}", time.second()));
            }
        }
        if self.is_of(Shape::DateTime) {
            offset(&mut text, &self.at, true);
        }
        text
    }

    /// `self - other`, where Python knows such a difference.
    pub fn minus(&self, other: &Moment) -> Option<Delta> {
        let seconds = match (self.shape, other.shape) {
            (Shape::DateTime, Shape::DateTime) => {
                self.at.timestamp().as_second() - other.at.timestamp().as_second()
            }
            (Shape::Date, Shape::Date) => {
                i64::from((self.at.date() - other.at.date()).get_days()) * DAY
            }
            _ => return None,
        };
        Some(Delta { seconds })
    }

    /// `self - delta`: as Python, on the clock and not in elapsed time.
    pub fn minus_delta(&self, delta: Delta) -> Option<Moment> {
        if self.is_of(Shape::Time) {
            return None;
        }
        let whole = match self.shape {
            Shape::Date => delta.seconds.div_euclid(DAY) * DAY,
            _ => delta.seconds,
        };
        let span = jiff::SignedDuration::from_secs(whole);
        let civil = self.at.datetime().checked_sub(span).ok()?;
        let at = civil.to_zoned(self.at.time_zone().clone()).ok()?;
        (at.year() >= 1).then_some(Moment { at, shape: self.shape })
    }

    fn order(&self, other: &Moment) -> Option<Ordering> {
        match (self.shape, other.shape) {
            (Shape::DateTime, Shape::DateTime) => {
                Some(self.at.timestamp().cmp(&other.at.timestamp()))
            }
            (Shape::Date, Shape::Date) => Some(self.at.date().cmp(&other.at.date())),
            (Shape::Time, Shape::Time) => Some(self.at.time().cmp(&other.at.time())),
            _ => None,
        }
    }
}

pub(crate) fn wrong(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail.into())
}

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (has_date, has_time) = (!self.is_of(Shape::Time), !self.is_of(Shape::Date));
        let (date, time) = (self.at.date(), self.at.time());
        Some(match key.as_str()? {
            "year" if has_date => Value::from(date.year()),
            "month" if has_date => Value::from(date.month()),
            "day" if has_date => Value::from(date.day()),
            "hour" if has_time => Value::from(time.hour()),
            "minute" if has_time => Value::from(time.minute()),
            "second" if has_time => Value::from(time.second()),
            "microsecond" if has_time => Value::from(0),
            "fold" if has_time => Value::from(0),
            "tzinfo" if self.is_of(Shape::DateTime) => Value::from(zone_name(&self.at)),
            "tzinfo" if self.is_of(Shape::Time) => Value::from(()),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let (has_date, is_whole) = (!self.is_of(Shape::Time), self.is_of(Shape::DateTime));
        let weekday = self.at.weekday();
        Ok(match method {
            "strftime" | "__format__" => {
                let (format,): (&str,) = from_args(args)?;
                Value::from(strftime(&self.at, format, Language::default()).map_err(wrong)?)
            }
            "isoformat" => {
                let (separator, timespec, options): (Option<&str>, Option<&str>, Kwargs) =
                    from_args(args)?;
                let named = |name| options.get::<Option<String>>(name);
                let (by_name, spec) = (named("sep")?, named("timespec")?);
                options.assert_all_used()?;
                let separator = separator.map(str::to_owned).or(by_name);
                let spec = timespec.map(str::to_owned).or(spec);
                let separator = separator.unwrap_or_else(|| "T".to_owned());
                if separator.chars().count() != 1 {
                    return Err(wrong("isoformat: sep must be one character"));
                }
                Value::from(self.isoformat(&separator, spec.as_deref() != Some("minutes")))
            }
            "weekday" if has_date => {
                none_of(args)?;
                Value::from(weekday.to_monday_zero_offset())
            }
            "isoweekday" if has_date => {
                none_of(args)?;
                Value::from(weekday.to_monday_one_offset())
            }
            "date" if is_whole => {
                none_of(args)?;
                Moment { at: self.at.clone(), shape: Shape::Date }.value()
            }
            "time" | "timetz" if is_whole => {
                none_of(args)?;
                Moment { at: self.at.clone(), shape: Shape::Time }.value()
            }
            "timestamp" if is_whole => {
                none_of(args)?;
                Value::from(self.at.timestamp().as_second() as f64)
            }
            "utcoffset" if is_whole => {
                none_of(args)?;
                Value::from_object(Delta { seconds: self.at.offset().seconds().into() })
            }
            "tzname" if is_whole => {
                none_of(args)?;
                Value::from(strftime(&self.at, "%Z", Language::default()).map_err(wrong)?)
            }
            "ctime" if has_date => {
                none_of(args)?;
                Value::from(strftime(&self.at, "%c", Language::default()).map_err(wrong)?)
            }
            "astimezone" if is_whole => {
                let (name,): (&str,) = from_args(args)?;
                let zone =
                    TimeZone::get(name).map_err(|_| wrong(format!("no time zone {name:?}")))?;
                Moment { at: self.at.with_time_zone(zone), shape: Shape::DateTime }.value()
            }
            "toordinal" if has_date => {
                none_of(args)?;
                let first = jiff::civil::date(1, 1, 1);
                Value::from((self.at.date() - first).get_days() + 1)
            }
            "isocalendar" if has_date => {
                none_of(args)?;
                let week = self.at.date().iso_week_date();
                let day = Weekday::to_monday_one_offset(week.weekday());
                Value::from(vec![i32::from(week.year()), week.week().into(), day.into()])
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        self.order(other.downcast_ref::<Moment>()?)
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.isoformat(" ", true))
    }
}

fn zone_name(at: &Zoned) -> String {
    at.time_zone().iana_name().map_or_else(
        || {
            let mut text = String::from("UTC");
            offset(&mut text, at, true);
            text
        },
        str::to_owned,
    )
}

fn none_of(args: &[Value]) -> Result<(), Error> {
    let () = from_args(args)?;
    Ok(())
}

impl Object for Delta {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "days" => Value::from(self.seconds.div_euclid(DAY)),
            "seconds" => Value::from(self.seconds.rem_euclid(DAY)),
            "microseconds" => Value::from(0),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "total_seconds" => {
                none_of(args)?;
                Ok(Value::from(self.seconds as f64))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.seconds != 0
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        Some(self.seconds.cmp(&other.downcast_ref::<Delta>()?.seconds))
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.seconds.div_euclid(DAY), self.seconds.rem_euclid(DAY));
        if days != 0 {
            write!(formatter, "{days} day{}, ", if days.abs() == 1 { "" } else { "s" })?;
        }
        write!(formatter, "{}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
    }
}

/// Whether a value is a date, a time or a time span.
pub(crate) fn is_time(value: &Value) -> bool {
    value.downcast_object_ref::<Moment>().is_some()
        || value.downcast_object_ref::<Delta>().is_some()
}

/// The filter `datetime(format, zone, language)`. Nothing for none.
pub(crate) fn datetime_filter(
    value: &Value,
    format: Option<String>,
    zone: Option<String>,
    language: Option<String>,
    options: Kwargs,
) -> Result<Value, Error> {
    let named = |name| options.get::<Option<String>>(name);
    let format = format.or(named("format")?);
    let zone = zone.or(named("zone")?);
    let language = language.or(named("language")?);
    options.assert_all_used()?;
    if value.is_none() {
        return Ok(Value::from(""));
    }
    let moment = value
        .downcast_object::<Moment>()
        .ok_or_else(|| wrong(format!("datetime formats date-times, not a {}", value.kind())))?;
    let language = Language::known(language.as_deref()).map_err(wrong)?;
    moment.format(format.as_deref(), zone.as_deref(), language).map(Value::from)
}

/// The filter `period(end, language)` of a start: `Mon 2 March 2026, 12:00–13:00`; whole days are said
/// to be such, and the end's day is said where it is another.
pub(crate) fn period_filter(
    start: &Value,
    end: &Value,
    language: Option<String>,
) -> Result<String, Error> {
    let both = start.downcast_object::<Moment>().zip(end.downcast_object::<Moment>());
    let (start, end) = both.ok_or_else(|| wrong("period takes two date-times"))?;
    let language = Language::known(language.as_deref()).map_err(wrong)?;
    Ok(period(&start.at, &end.at, language))
}

fn period(start: &Zoned, end: &Zoned, language: Language) -> String {
    let (day, all_day) = (language.day(start.date()), language.all_day());
    let is_midnight = |at: &Zoned| at.time() == jiff::civil::Time::midnight();
    let days = (end.date() - start.date()).get_days();
    if is_midnight(start) && is_midnight(end) && days > 0 {
        return match end.date().yesterday() {
            Ok(last) if days > 1 => format!("{day} – {}, {all_day}", language.day(last)),
            _ => format!("{day}, {all_day}"),
        };
    }
    let time = |end: Option<&Zoned>| language.time(start.time(), end.map(Zoned::time));
    match days {
        0 if start.time() == end.time() => format!("{day}, {}", time(None)),
        0 => format!("{day}, {}", time(Some(end))),
        _ => {
            let end_day = language.day(end.date());
            format!("{day}, {} – {end_day}, {}", time(None), language.time(end.time(), None))
        }
    }
}
