//! The state of the fake server.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::quirks::{Etags, Quirks};

/// An object.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its text.
    pub text: String,
    /// Its ETag, with its quotes.
    pub etag: String,
    written: u32,
}

/// A calendar.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// Its objects, by the last part of their address, unescaped.
    pub objects: BTreeMap<String, Object>,
    /// What was deleted into the trash bin.
    pub trash: BTreeMap<String, String>,
    /// When each name was last written or deleted.
    changed: BTreeMap<String, u64>,
    now: u64,
    /// Tokens from before this moment are invalid.
    valid_from: u64,
    /// Names that a multiget leaves out although they are there.
    omitted: BTreeSet<String>,
}

impl Calendar {
    /// Writes an object, like a client of the calendar.
    pub fn put(&mut self, name: &str, text: &str, quirks: &Quirks) {
        self.now += 1;
        let written = self.objects.get(name).map_or(0, |it| it.written + 1);
        let etag = match quirks.etags {
            Etags::Counters => format!("\"gcs{written:08}\""),
            Etags::Texts | Etags::Weak => {
                let mut hasher = DefaultHasher::new();
                (text, self.now).hash(&mut hasher);
                let weak = if quirks.etags == Etags::Weak { "W/" } else { "" };
                format!("{weak}\"{:016x}\"", hasher.finish())
            }
        };
        let object = Object { text: text.to_owned(), etag, written };
        self.objects.insert(name.to_owned(), object);
        self.changed.insert(name.to_owned(), self.now);
    }

    /// Deletes an object, like a client of the calendar; into the trash bin if there is one.
    pub fn remove(&mut self, name: &str, quirks: &Quirks) -> Option<Object> {
        let object = self.objects.remove(name)?;
        self.now += 1;
        self.changed.insert(name.to_owned(), self.now);
        if quirks.trash_bin {
            self.trash.insert(name.to_owned(), object.text.clone());
        }
        Some(object)
    }

    /// Makes all tokens invalid that were handed out.
    pub fn forget_tokens(&mut self) {
        self.now += 1;
        self.valid_from = self.now;
    }

    /// Removes the change log's rows of a name: no sync reports its last change.
    pub fn lose_change(&mut self, name: &str) {
        self.changed.remove(name);
    }

    /// Leaves an object out of every multiget although it is there.
    pub fn omit_from_multiget(&mut self, name: &str) {
        self.omitted.insert(name.to_owned());
    }

    /// What a multiget finds under a name.
    pub(super) fn for_multiget(&self, name: &str) -> Option<(&String, &Object)> {
        self.objects.get_key_value(name).filter(|_| !self.omitted.contains(name))
    }

    /// Whether a token is from the future.
    pub(super) fn is_future(&self, token: &str) -> bool {
        let then = token.strip_prefix("http://fake.test/ns/sync/").and_then(|it| it.parse().ok());
        then.is_some_and(|then: u64| then > self.now)
    }

    /// The token of now.
    pub fn token(&self, quirks: &Quirks) -> String {
        if quirks.minus_one_when_empty && self.changed.is_empty() {
            return "-1".to_owned();
        }
        format!("http://fake.test/ns/sync/{}", self.now)
    }

    /// The ctag of now.
    pub fn ctag(&self) -> String {
        format!("\"{}\"", self.now)
    }

    /// The names that changed since a token, all that there are for an empty one; `None` for a token
    /// that is not valid.
    pub fn since(&self, token: &str, quirks: &Quirks) -> Option<Vec<&str>> {
        if quirks.empty_first_sync && token.is_empty() {
            return Some(Vec::new());
        }
        if quirks.echoes_future_tokens && self.is_future(token) {
            return Some(Vec::new());
        }
        let names = self.changed.iter();
        if token.is_empty() || (token == "-1" && quirks.minus_one_when_empty) {
            let there = |name: &str| quirks.gone_in_first_sync || self.objects.contains_key(name);
            return Some(names.map(|(name, _)| name.as_str()).filter(|it| there(it)).collect());
        }
        let then: u64 = token.strip_prefix("http://fake.test/ns/sync/")?.parse().ok()?;
        if then > self.now || then < self.valid_from {
            return None;
        }
        Some(names.filter(|(_, when)| **when > then).map(|(name, _)| name.as_str()).collect())
    }

    /// The name under which a UID stands.
    pub fn find_uid(&self, uid: &str) -> Option<&str> {
        let has = |object: &Object| uid_of(&object.text) == Some(uid);
        self.objects.iter().find(|(_, object)| has(object)).map(|(name, _)| name.as_str())
    }
}

/// The UID of an object's text.
pub fn uid_of(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("UID:")).map(str::trim)
}
