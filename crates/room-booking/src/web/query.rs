//! Query strings, read strictly: unknown and repeated parameters are refused, so that a misspelt
//! `test` never clears anything.

use facts::time;
use ical::{Moment, Zone};
use operations::FieldError;

use super::problem::Problem;

/// The parameters of a query.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// The values of a flag that mean yes, in lower case.
const YES: [&str; 5] = ["1", "ok", "on", "true", "yes"];
/// Those that mean no.
const NO: [&str; 4] = ["0", "off", "false", "no"];

/// The largest number of parameters in one query.
const MAX_PARAMETERS: usize = 1_000;

impl Query {
    /// Reads a query with these known parameters; those in `repeatable` may be repeated.
    pub fn read(text: Option<&str>, known: &[&str], repeatable: &[&str]) -> Query {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(text.unwrap_or_default().as_bytes())
                .into_owned()
                .take(MAX_PARAMETERS + 1)
                .collect();
        let mut errors = Vec::new();
        if pairs.len() > MAX_PARAMETERS {
            errors.push(FieldError::quoted("query", "must have at most 1,000 parameters"));
        }
        for (index, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let message = match known {
                    [] => "is not known here: this call takes no parameters".to_owned(),
                    known => format!("is not known here; known are {}", known.join(", ")),
                };
                errors.push(FieldError::quoted(name, message));
            } else if !repeatable.contains(&name.as_str())
                && pairs[..index].iter().any(|(other, _)| other == name)
            {
                errors.push(FieldError::quoted(name, "must stand no more than once"));
            }
        }
        Query { pairs, errors }
    }

    /// The value of a parameter.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Adds an error about a parameter.
    pub fn wrong(&mut self, name: &str, message: &str) {
        self.errors.push(FieldError::quoted(name, message));
    }

    /// Whether a parameter is true; `false` if it is missing.
    pub fn boolean(&mut self, name: &str) -> bool {
        let Some(value) = self.value(name) else { return false };
        let value = value.to_lowercase();
        let is_yes = YES.contains(&&*value);
        if !is_yes && !NO.contains(&&*value) {
            let message = format!("must be one of {} and {}", YES.join(", "), NO.join(", "));
            self.wrong(name, &message);
        }
        is_yes
    }

    /// A date or a time as text, empty if it is missing; a space before an offset counts as a decoded `+`.
    pub fn time_text(&self, name: &str) -> String {
        let value = self.value(name).unwrap_or_default();
        match value.rsplit_once(' ') {
            Some((time, offset)) if time.contains(['T', 't', ':']) => format!("{time}+{offset}"),
            _ => value.to_owned(),
        }
    }

    /// A moment.
    pub fn moment(&mut self, name: &str, zone: &Zone) -> Option<Moment> {
        self.value(name)?;
        let text = self.time_text(name);
        let moment = time::moment(&text, zone);
        if moment.is_none() {
            let message = "must be a date or a time such as 2026-03-02, 2026-03-02T12:00 or \
                           2026-03-02T12:00:00+01:00";
            self.wrong(name, message);
        }
        moment
    }

    /// A number within bounds.
    pub fn number(&mut self, name: &str, least: usize, most: usize) -> Option<usize> {
        let value = self.value(name)?;
        let number = value.parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(name, &format!("must be a number from {least} to {most}"));
        }
        number
    }

    /// The collected errors, if any.
    pub fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::invalid(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(query: &Query) -> Vec<&str> {
        query.errors.iter().map(|error| error.field.as_str()).collect()
    }

    #[test]
    fn what_is_not_known_or_stands_twice_is_wrong() {
        let query = Query::read(Some("tset=1&test=1&test=1&c=a&c=b"), &["test", "c"], &["c"]);
        assert_eq!(fields(&query), ["tset", "test"]);
        assert_eq!(query.values("c").collect::<Vec<_>>(), ["a", "b"]);
        assert!(query.finish().is_err());
    }

    #[test]
    fn the_flags_of_the_document_are_those_that_are_read() {
        let made = crate::web::docs::openapi("/").unwrap();
        let made: serde_json::Value = serde_json::from_str(&made).unwrap();
        let read: Vec<_> = YES.into_iter().chain(NO).collect();
        assert_eq!(made["components"]["schemas"]["Flag"]["enum"], serde_json::json!(read));
    }

    #[test]
    fn yes_and_no_have_many_names_and_nothing_else_is_either() {
        for (text, expected) in
            [("test=OK", true), ("test=yes", true), ("test=Off", false), ("", false)]
        {
            let mut query = Query::read(Some(text), &["test"], &[]);
            assert_eq!(query.boolean("test"), expected, "{text}");
            assert!(query.finish().is_ok(), "{text}");
        }
        for text in ["test", "test=", "test=maybe", "test=%31%00", "test=1+"] {
            let mut query = Query::read(Some(text), &["test"], &[]);
            query.boolean("test");
            assert_eq!(fields(&query), ["test"], "{text}");
        }
    }

    #[test]
    fn a_space_before_an_offset_is_the_plus_that_it_was() {
        let read = |text: &str| {
            let mut query = Query::read(Some(&format!("start={text}")), &["start"], &[]);
            query.moment("start", &Zone::utc())
        };
        let expected = Some(Moment(1_772_449_200));
        assert_eq!(read("2026-03-02T12:00:00+01:00"), expected);
        assert_eq!(read("2026-03-02T12:00:00%2B01:00"), expected);
        assert_eq!(read("2026-03-02T12:00+0100"), expected);
        assert_eq!(read("2026-03-02 11:00"), expected);
        assert_eq!(read("2026-03-02%2012:00:00+01:00"), expected);
        assert_eq!(read("now"), None);
    }

    #[test]
    fn more_parameters_than_anybody_needs_are_refused() {
        let text = "c=a&".repeat(MAX_PARAMETERS + 1);
        assert_eq!(fields(&Query::read(Some(&text), &["c"], &["c"])), ["query"]);
        let text = "c=a&".repeat(MAX_PARAMETERS);
        assert!(Query::read(Some(&text), &["c"], &["c"]).errors.is_empty());
    }
}
