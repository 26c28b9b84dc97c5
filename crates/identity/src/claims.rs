//! What a provider tells of a person.

use std::collections::HashMap;

use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Failure, MAX_SUBJECT, Person, TokenFault};

/// The claims that are no standard ones, groups among them.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Further {
    #[serde(flatten)]
    all: HashMap<String, Value>,
}

impl AdditionalClaims for Further {}

/// The claims of one answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told<'t> {
    pub name: Option<&'t str>,
    pub address: Option<&'t str>,
    pub is_address_verified: bool,
    pub further: Option<&'t Further>,
}

/// The value of a claim: by its whole name, or by a path with dots such as `realm_access.roles`.
fn claim<'f>(further: &'f Further, name: &str) -> Option<&'f Value> {
    if let Some(value) = further.all.get(name) {
        return Some(value);
    }
    let (first, rest) = name.split_once('.')?;
    rest.split('.').try_fold(further.all.get(first)?, |value, part| value.get(part))
}

/// The groups of a person; `None` where there is no such claim.
fn groups<'f>(further: &'f Further, name: &str) -> Option<Vec<&'f str>> {
    match claim(further, name)? {
        Value::String(one) => Some(vec![one]),
        Value::Array(all) => Some(all.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

/// Whether an ID token leaves something open that the provider tells elsewhere (userinfo).
pub(crate) fn is_complete(told: Told<'_>, groups_claim: Option<&str>) -> bool {
    let has_groups = |name| told.further.is_some_and(|it| claim(it, name).is_some());
    told.address.is_some() && told.name.is_some() && groups_claim.is_none_or(has_groups)
}

/// The person that claims tell of. What the first answer tells counts before what the second does; an address and
/// whether it is verified are of the same one.
///
/// `group` is the claim of groups and the group of administrators. An empty list of groups says that the person is in
/// none; no list says nothing.
pub(crate) fn person(
    all: &[Told<'_>],
    subject: &str,
    group: Option<(&str, &str)>,
) -> Result<Person, Failure> {
    if subject.is_empty() || subject.len() > MAX_SUBJECT {
        return Err(Failure::Token(TokenFault::Subject));
    }
    let with_address = all.iter().find(|it| it.address.is_some());
    let is_administrator = group.and_then(|(claim, group)| {
        let groups = all.iter().find_map(|it| groups(it.further?, claim));
        if groups.is_none() {
            // Nothing is known: a mapper or a scope may be gone for everybody.
            tracing::warn!(claim, "the provider sends no claim of groups; roles stay as they are");
        }
        groups.map(|it| it.contains(&group))
    });
    Ok(Person {
        subject: subject.to_owned(),
        name: all.iter().find_map(|it| it.name).map(str::to_owned),
        address: with_address.and_then(|it| it.address).map(str::to_owned),
        is_address_verified: with_address.is_some_and(|it| it.is_address_verified),
        is_administrator,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_are_a_list_or_one_text_at_a_name_or_at_a_path() {
        let further: Further = serde_json::from_value(json!({
            "groups": ["staff", 7, "room-admins"],
            "group": "room-admins",
            "realm_access": { "roles": ["room-admins"] },
            "https://example.org/groups": ["room-admins"],
            "empty": [],
            "number": 7,
        }))
        .unwrap();
        let told = Told { further: Some(&further), ..Told::default() };
        let is_one =
            |claim, group| person(&[told], "7", Some((claim, group))).unwrap().is_administrator;
        for name in ["groups", "group", "realm_access.roles", "https://example.org/groups"] {
            assert_eq!(is_one(name, "room-admins"), Some(true), "{name}");
        }
        for name in ["number", "none", "realm_access", "realm_access.none", "a.b.c", ""] {
            assert_eq!(is_one(name, "room-admins"), None, "{name}: nothing is known");
        }
        assert_eq!(is_one("empty", "room-admins"), Some(false));
        assert_eq!(is_one("groups", "room"), Some(false), "the whole name counts");
        assert_eq!(person(&[told], "7", None).unwrap().is_administrator, None);
    }

    #[test]
    fn an_address_is_verified_by_the_answer_that_tells_it_and_by_no_other() {
        let token = Told { address: Some("ann@example.org"), ..Told::default() };
        let userinfo =
            Told { address: Some("eve@example.org"), is_address_verified: true, ..token };
        let found = person(&[token, userinfo], "7", None).unwrap();
        assert_eq!(found.address.as_deref(), Some("ann@example.org"));
        assert!(!found.is_address_verified);
        let found = person(&[Told::default(), userinfo], "7", None).unwrap();
        assert_eq!(found.address.as_deref(), Some("eve@example.org"));
        assert!(found.is_address_verified);
    }

    #[test]
    fn a_subject_is_there_and_bounded() {
        for subject in [String::new(), "a".repeat(MAX_SUBJECT + 1)] {
            let found = person(&[Told::default()], &subject, None);
            assert_eq!(found, Err(Failure::Token(TokenFault::Subject)));
        }
        assert!(person(&[Told::default()], &"a".repeat(MAX_SUBJECT), None).is_ok());
    }
}
