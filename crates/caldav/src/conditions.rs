//! Which conditional writes (RFC 9110 section 13.1) a server honours.

use std::fmt;

/// Which conditional writes a server honours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conditions {
    /// A PUT with another version's If-Match is refused.
    pub on_put: bool,
    /// A DELETE with another version's If-Match is refused, also where the object is gone.
    pub on_delete: bool,
    /// A PUT with `If-None-Match: *` is refused where there is an object.
    pub on_create: bool,
}

/// The names of the honoured conditions, for databases.
const NAMES: [&str; 3] = ["put", "delete", "create"];

impl Conditions {
    /// What [`Conditions::to_string`](ToString::to_string) wrote.
    pub fn parse(text: &str) -> Conditions {
        let has = |name: &str| text.split(' ').any(|it| it == name);
        let [put, delete, create] = NAMES;
        Conditions { on_put: has(put), on_delete: has(delete), on_create: has(create) }
    }
}

impl fmt::Display for Conditions {
    /// The names of the honoured conditions, separated by blanks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let honoured = NAMES.iter().zip([self.on_put, self.on_delete, self.on_create]);
        let names: Vec<&str> =
            honoured.filter(|(_, is_it)| *is_it).map(|(name, _)| *name).collect();
        f.write_str(&names.join(" "))
    }
}
