//! Names of days and months in the languages that dates are written in.

/// A language that dates are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, as Python's `strftime` writes it.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The language of a code such as `de`, `de_AT` or `en-GB`, in any case.
    pub fn of(code: &str) -> Option<Language> {
        let first = code.split(['-', '_']).next().unwrap_or_default();
        match first.to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "de" => Some(Language::German),
            _ => None,
        }
    }

    /// How a date with its time is written where nobody says how.
    pub fn default_format(self) -> &'static str {
        match self {
            Language::English => "%a %-d %B %Y, %H:%M",
            Language::German => "%a, %-d. %B %Y, %H:%M Uhr",
        }
    }

    /// The name of a day; 0 is Monday.
    pub fn weekday(self, index: usize) -> &'static str {
        let names = match self {
            Language::English => {
                ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            }
            Language::German => {
                ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
            }
        };
        names[index % 7]
    }

    /// The short name of a day; 0 is Monday.
    pub fn short_weekday(self, index: usize) -> &'static str {
        let letters = match self {
            Language::English => 3,
            Language::German => 2,
        };
        &self.weekday(index)[..letters]
    }

    /// The name of a month; 0 is January.
    pub fn month(self, index: usize) -> &'static str {
        let names = match self {
            Language::English => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
            Language::German => [
                "Januar",
                "Februar",
                "März",
                "April",
                "Mai",
                "Juni",
                "Juli",
                "August",
                "September",
                "Oktober",
                "November",
                "Dezember",
            ],
        };
        names[index % 12]
    }

    /// The short name of a month; 0 is January.
    pub fn short_month(self, index: usize) -> &'static str {
        let name = self.month(index);
        let end = name.char_indices().nth(3).map_or(name.len(), |(at, _)| at);
        &name[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_language_and_any_index_has_one() {
        let german = Language::of("de_AT").unwrap();
        assert_eq!((german.weekday(2), german.short_weekday(2)), ("Mittwoch", "Mi"));
        assert_eq!((german.month(2), german.short_month(2)), ("März", "Mär"));
        assert_eq!(Language::of("EN").map(|it| it.short_month(4)), Some("May"));
        assert_eq!(Language::of("fr"), None);
        assert_eq!(Language::English.weekday(7), "Monday");
    }
}
