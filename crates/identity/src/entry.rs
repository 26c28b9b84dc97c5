//! What an entry of a directory tells of a person.

use ldap3::{SearchEntry, ldap_escape};

use crate::{Failure, MAX_SUBJECT, Person};

/// The attributes that tell who somebody is, in lower case: the first one that is there counts.
const SUBJECTS: [&str; 4] = ["entryuuid", "objectguid", "nsuniqueid", "ipauniqueid"];
/// Those that are a text; the other one is a number of sixteen bytes.
const TEXTS: [&str; 3] = ["entryuuid", "nsuniqueid", "ipauniqueid"];
const NAMES: [&str; 2] = ["samaccountname", "uid"];
const ADDRESSES: [&str; 1] = ["mail"];
pub(crate) const MEMBER_OF: &str = "memberof";

/// The attributes that are asked for.
pub(crate) fn attributes() -> Vec<&'static str> {
    [&SUBJECTS[..], &NAMES, &ADDRESSES, &[MEMBER_OF]].concat()
}

/// The filter that finds the entry of a subject.
pub(crate) fn filter_of_subject(subject: &str) -> String {
    let is_hex =
        subject.len().is_multiple_of(2) && subject.bytes().all(|it| it.is_ascii_hexdigit());
    let escaped = ldap_escape(subject);
    let texts = format!("(entryUUID={escaped})(nsUniqueId={escaped})(ipaUniqueID={escaped})");
    if !is_hex {
        return format!("(|{texts})");
    }
    let bytes = subject.as_bytes().chunks(2).filter_map(|it| std::str::from_utf8(it).ok());
    let bytes: String = bytes.map(|it| format!("\\{it}")).collect();
    format!("(|{texts}(objectGUID={bytes}))")
}

/// The values of an attribute, whose name may be in any case.
pub(crate) fn values<'e>(entry: &'e SearchEntry, attribute: &str) -> impl Iterator<Item = &'e str> {
    let of = entry.attrs.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(attribute));
    of.flat_map(|(_, values)| values.iter().map(String::as_str))
}

fn first(entry: &SearchEntry, attributes: &[&'static str]) -> Option<String> {
    let mut found = attributes.iter().filter_map(|it| values(entry, it).next());
    found.find(|it| !it.is_empty()).map(str::to_owned)
}

/// What names an entry for good, also after it was renamed. The entry's own name does not: another person's entry may
/// get it later.
fn subject(entry: &SearchEntry) -> Option<String> {
    let binary = SUBJECTS.iter().find_map(|attribute| {
        let mut of = entry.bin_attrs.iter();
        let (_, values) = of.find(|(name, _)| name.eq_ignore_ascii_case(attribute))?;
        let bytes = values.first()?.iter().map(|byte| format!("{byte:02x}"));
        Some(bytes.collect::<String>())
    });
    // Sixteen bytes that happen to be a text are a number all the same.
    let guid = values(entry, "objectguid").next();
    let guid = guid.map(|it| it.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
    first(entry, &TEXTS).or(binary).or(guid)
}

pub(crate) fn person_of(
    entry: &SearchEntry,
    is_administrator: Option<bool>,
) -> Result<Person, Failure> {
    let subject = subject(entry).ok_or(Failure::NoIdentifier)?;
    if subject.is_empty() || subject.len() > MAX_SUBJECT {
        return Err(Failure::Malformed("the directory's entry"));
    }
    let address = first(entry, &ADDRESSES);
    Ok(Person {
        subject,
        name: first(entry, &NAMES),
        // The directory's administrators write it.
        is_address_verified: address.is_some(),
        address,
        is_administrator,
    })
}

#[cfg(test)]
mod tests {
    use ldap3::parse_filter;

    use super::*;

    fn entry(attributes: &[(&str, &str)]) -> SearchEntry {
        let mut entry = SearchEntry {
            dn: "uid=Ann,dc=example".to_owned(),
            attrs: Default::default(),
            bin_attrs: Default::default(),
        };
        for (name, value) in attributes {
            entry.attrs.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        entry
    }

    #[test]
    fn an_entry_is_known_by_what_stays_when_it_is_renamed() {
        let uuid = [("entryUUID", "6a1f"), ("uid", "ann")];
        assert_eq!(subject(&entry(&uuid)).as_deref(), Some("6a1f"));
        let of_389 = [("nsUniqueId", "5b1f-9c"), ("uid", "ann")];
        assert_eq!(subject(&entry(&of_389)).as_deref(), Some("5b1f-9c"));
        let mut of_guid = entry(&[]);
        of_guid.bin_attrs.insert("objectGUID".to_owned(), vec![vec![0xff, 0x01]]);
        assert_eq!(subject(&of_guid).as_deref(), Some("ff01"));
        let text = subject(&entry(&[("objectGUID", "a1")]));
        assert_eq!(text.as_deref(), Some("6131"), "also if it is a text");
    }

    #[test]
    fn an_entry_that_only_its_name_names_is_nobody_because_another_may_get_the_name() {
        for entry in [entry(&[("uid", "ann")]), entry(&[("entryUUID", ""), ("uid", "ann")])] {
            assert_eq!(person_of(&entry, None), Err(Failure::NoIdentifier));
        }
    }

    #[test]
    fn the_filter_of_a_subject_finds_what_it_was_read_from() {
        assert_eq!(
            filter_of_subject("6a-1f"),
            "(|(entryUUID=6a-1f)(nsUniqueId=6a-1f)(ipaUniqueID=6a-1f))"
        );
        assert!(filter_of_subject("ff01").contains(r"(objectGUID=\ff\01)"));
        assert!(!filter_of_subject("a)(uid*").contains("(uid*"));
        for subject in ["6a-1f", "ff01", "a)(b=c", "uid=ann"] {
            assert!(parse_filter(filter_of_subject(subject)).is_ok(), "{subject}");
        }
    }

    #[test]
    fn the_address_of_an_entry_is_taken_and_an_empty_one_is_none() {
        let found = person_of(
            &entry(&[("entryUUID", "1"), ("Mail", "ann@example.org"), ("UID", "Ann")]),
            None,
        )
        .unwrap();
        assert_eq!(found.address.as_deref(), Some("ann@example.org"));
        assert!(found.is_address_verified);
        assert_eq!(found.name.as_deref(), Some("Ann"));
        let found = person_of(&entry(&[("entryUUID", "1"), ("mail", "")]), None).unwrap();
        assert_eq!((found.address, found.is_address_verified), (None, false));
    }
}
