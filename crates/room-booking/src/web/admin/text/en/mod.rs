//! The site in English, which says which texts there are.

mod calendars;
mod everywhere;
mod history;
mod messages;
mod people;
mod sentences;
mod settings;
mod tokens;
mod week;

use calendars::calendars;
use everywhere::everywhere;
use history::history;
use messages::messages;
use people::people;
use settings::settings;
use tokens::tokens;
use week::week;

use super::language::Language;
use crate::show::ENGLISH;

/// English.
const LANGUAGE: Language =
    Language { code: "en", words: &ENGLISH, quotes: ["“", "”"], sentence: sentences::sentence };

macro_rules! english {
    ($($name:ident = $text:literal;)*) => {
        /// All texts, in one language.
        #[allow(missing_docs, reason = "what they say is their documentation")]
        #[derive(Debug)]
        pub struct Texts {
            pub language: Language,
            $(pub $name: super::Text,)*
        }

        impl Texts {
            /// All of them, each with its name.
            #[cfg(test)]
            pub fn all(&self) -> Vec<(&'static str, super::Text)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }

        /// All texts in English.
        pub static EN: Texts = Texts {
            language: LANGUAGE,
            $($name: super::Text($text),)*
        };
    };
}

gather! { english [everywhere people calendars settings week history messages tokens] }
