//! Words: the fixed lists of which a column of the database, an answer or a line of the log has one.

use clearing::{ConflictHandling, RankBy, Reason, Ties};
use ical::UnknownZones;

/// A value of a fixed list, each with a word of its own: what the database keeps, and what programs read.
/// [`words!`](crate::words) declares such an enum.
pub trait Word: Copy + Eq + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// Its word.
    fn as_str(self) -> &'static str;

    /// The one that has this word.
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == word)
    }
}

/// Declares an enum of words, with `ALL`, `as_str` and `parse` of [`Word`], also as its own:
///
/// ```
/// facts::words! {
///     /// A light.
///     pub enum Light {
///         /// Go.
///         Green = "green",
///         /// Stop.
///         Red = "red",
///     }
/// }
/// assert_eq!(Light::Red.as_str(), "red");
/// assert_eq!(Light::parse("green"), Some(Light::Green));
/// assert_eq!(Light::parse("blue"), None);
/// assert_eq!(Light::ALL, [Light::Green, Light::Red]);
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$of_all:meta])* $vis:vis enum $name:ident {
        $($(#[$of_one:meta])* $variant:ident = $word:literal,)+
    }) => {
        $(#[$of_all])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name {
            $($(#[$of_one])* $variant,)+
        }

        impl $name {
            /// All of them.
            $vis const ALL: [$name; [$($word),+].len()] = [$($name::$variant),+];

            /// The word for it.
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            /// The one that has this word.
            $vis fn parse(word: &str) -> Option<$name> {
                <$name as $crate::Word>::parse(word)
            }
        }

        impl $crate::Word for $name {
            const ALL: &'static [$name] = &$name::ALL;

            fn as_str(self) -> &'static str {
                $name::as_str(self)
            }
        }
    };
}

impl Word for Reason {
    const ALL: &'static [Reason] = &Reason::ALL;

    fn as_str(self) -> &'static str {
        Reason::as_str(self)
    }
}

impl Word for Ties {
    const ALL: &'static [Ties] = &[Ties::Keep, Ties::Rank];

    fn as_str(self) -> &'static str {
        match self {
            Ties::Keep => "keep",
            Ties::Rank => "rank",
        }
    }
}

impl Word for RankBy {
    const ALL: &'static [RankBy] = &[RankBy::HeldSince, RankBy::Created];

    fn as_str(self) -> &'static str {
        match self {
            RankBy::HeldSince => "held since",
            RankBy::Created => "created",
        }
    }
}

impl Word for ConflictHandling {
    const ALL: &'static [ConflictHandling] =
        &[ConflictHandling::Remove, ConflictHandling::Warn, ConflictHandling::Report];

    fn as_str(self) -> &'static str {
        match self {
            ConflictHandling::Remove => "remove",
            ConflictHandling::Warn => "warn",
            ConflictHandling::Report => "report",
        }
    }
}

impl Word for UnknownZones {
    const ALL: &'static [UnknownZones] = &[UnknownZones::Refuse, UnknownZones::Calendar];

    fn as_str(self) -> &'static str {
        match self {
            UnknownZones::Refuse => "refuse",
            UnknownZones::Calendar => "calendar",
        }
    }
}
