//! Slugs that are made from names.

use std::collections::HashSet;

use crate::settings::validate::check_slug;

/// The largest length of a slug that is made from a name.
const MAX_SLUG: usize = 40;

/// A slug made from a name.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for character in name.to_lowercase().chars() {
        let plain = match character {
            'ä' | 'à' | 'á' | 'â' | 'å' => "a",
            'ö' | 'ò' | 'ó' | 'ô' | 'ø' => "o",
            'ü' | 'ù' | 'ú' | 'û' => "u",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'ß' => "ss",
            'ç' => "c",
            'ñ' => "n",
            'a'..='z' | '0'..='9' => {
                slug.push(character);
                continue;
            }
            _ => "-",
        };
        if plain != "-" || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push_str(plain);
        }
    }
    slug.truncate(MAX_SLUG);
    slug.trim_matches('-').to_owned()
}

/// A free slug, made from a name.
pub fn free_slug(name: &str, taken: &HashSet<String>) -> String {
    let made = slug_of(name);
    let made = if check_slug(&made).is_ok() { made } else { "room".to_owned() };
    let numbered = (2..).map(|number| format!("{made}-{number}"));
    let mut candidates = std::iter::once(made.clone()).chain(numbered);
    candidates.find(|slug| !taken.contains(slug)).unwrap_or(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_for_people_becomes_one_for_paths() {
        for (name, slug) in [
            ("Meeting room 1", "meeting-room-1"),
            ("  Großer Saal (2. OG)  ", "grosser-saal-2-og"),
            ("Æ!", ""),
            ("Café", "cafe"),
        ] {
            assert_eq!(slug_of(name), slug);
            assert!(slug.is_empty() || check_slug(slug).is_ok(), "{slug}");
        }
        assert!(check_slug(&slug_of(&"ab ".repeat(100))).is_ok());
    }

    #[test]
    fn calendars_of_one_name_get_different_slugs() {
        let mut taken = HashSet::new();
        for expected in ["hall", "hall-2", "hall-3"] {
            let slug = free_slug("Hall", &taken);
            assert_eq!(slug, expected);
            taken.insert(slug);
        }
        assert_eq!(free_slug("会議室", &taken), "room");
        assert_eq!(free_slug("docs", &taken), "room");
    }
}
