//! The rules for catalogues.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Catalogue, Form, Message};

/// The language that defines the messages and their arguments.
pub const FIRST: &str = "en";

/// The file with the messages of operations, which the database stores as ids with arguments.
pub const OPERATIONS: &str = "operations";

/// The file with how a language writes days, times, numbers and names.
pub const LANGUAGE: &str = "language";

/// The kinds of arguments.
pub const KINDS: [&str; 6] = ["text", "name", "number", "moment", "message", "list"];

/// The days of the week, as the ids of `language.ftl` have them.
pub const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The months likewise.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The time of day that a language writes as an example.
pub const NOON: &str = "12:00";

/// What `language.ftl` has beside the days and months.
const SIGNS: [&str; 11] = [
    "behind-weekday",
    "behind-long-weekday",
    "first-day",
    "behind-day",
    "whole-day",
    "noon-in-mail",
    "thousands",
    "quote-open",
    "quote-close",
    "list-separator",
    "colon",
];

/// All errors of the catalogues, the first of which is English.
pub fn faults(all: &[Catalogue]) -> Vec<String> {
    let mut faults: Vec<String> = all.iter().flat_map(|it| it.faults.clone()).collect();
    let Some((first, others)) = all.split_first().filter(|(it, _)| it.language == FIRST) else {
        faults.push(format!("there is no folder {FIRST}"));
        return faults;
    };
    for catalogue in all {
        check_language(catalogue, &mut faults);
    }
    for message in &first.messages {
        check_first(message, &mut faults);
    }
    check_ids_of_language(first, &mut faults);
    for other in others {
        compare(first, other, &mut faults);
    }
    faults
}

fn place(catalogue: &Catalogue, message: &Message) -> String {
    format!("{}/{}.ftl: {}", catalogue.language, message.area, message.id)
}

/// The rules for each language.
fn check_language(catalogue: &Catalogue, faults: &mut Vec<String>) {
    let is_code = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    if catalogue.language.is_empty() || !is_code(&catalogue.language) {
        faults.push(format!("{} is not the code of a language", catalogue.language));
    }
    let mut seen = BTreeSet::new();
    for message in &catalogue.messages {
        let at = place(catalogue, message);
        // What operations say and what the site says are two sets of messages.
        if !seen.insert((message.area == OPERATIONS, &message.id)) {
            faults.push(format!("{at} is there twice"));
        }
        let is_plain = |it: &str| {
            it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
        };
        if !is_plain(&message.id) {
            faults.push(format!("{at}: an id has lower-case letters, digits and hyphens only"));
        }
        let is_noon = message.area == LANGUAGE && message.id == "noon-in-mail";
        let parts = message.value.literal.as_deref().map(|it| it.split(NOON).count());
        if is_noon && parts != Some(2) {
            faults.push(format!("{at}: it has {NOON} in it, once"));
        }
        if message.site.is_some() && message.area != OPERATIONS {
            faults.push(format!("{at}: only messages of {OPERATIONS}.ftl have a .site"));
        }
    }
}

/// The rules for a message in English, which declares the arguments.
fn check_first(message: &Message, faults: &mut Vec<String>) {
    let at = format!("{FIRST}/{}.ftl: {}", message.area, message.id);
    let forms = [Some(&message.value), message.site.as_ref()];
    let used: BTreeSet<&String> = forms.into_iter().flatten().flat_map(|it| &it.used).collect();
    let mut declared = BTreeMap::new();
    for argument in &message.arguments {
        let name = &argument.name;
        if !KINDS.contains(&argument.kind.as_str()) {
            faults.push(format!("{at}: ${name} is of no kind: {}", argument.kind));
        }
        if declared.insert(name, &argument.kind).is_some() {
            faults.push(format!("{at}: ${name} is declared twice"));
        }
        if !used.contains(name) {
            faults.push(format!("{at}: ${name} is declared and not used"));
        }
        if message.area != OPERATIONS && !["text", "number"].contains(&argument.kind.as_str()) {
            faults.push(format!("{at}: ${name} has to be a text or a number here"));
        }
    }
    for name in used.into_iter().filter(|it| !declared.contains_key(it)) {
        faults.push(format!("{at}: ${name} is not declared: # ${name} (kind)"));
    }
    if message.area == LANGUAGE && message.value.literal.is_none() {
        faults.push(format!("{at}: it has no arguments"));
    }
}

/// The program itself knows the ids of `language.ftl`: none may be missing, and no other is used.
fn check_ids_of_language(first: &Catalogue, faults: &mut Vec<String>) {
    let names = DAYS.into_iter().chain(MONTHS);
    let named = names.flat_map(|it| [format!("short-{it}"), format!("long-{it}")]);
    let wanted: BTreeSet<String> = named.chain(SIGNS.map(str::to_owned)).collect();
    let of_language = first.messages.iter().filter(|it| it.area == LANGUAGE);
    let had: BTreeSet<String> = of_language.map(|it| it.id.clone()).collect();
    for id in wanted.difference(&had) {
        faults.push(format!("{FIRST}/{LANGUAGE}.ftl: {id} is missing"));
    }
    for id in had.difference(&wanted) {
        faults.push(format!("{FIRST}/{LANGUAGE}.ftl: {id} is not known to the program"));
    }
}

/// The rules for a translation: the same messages with the same arguments.
fn compare(first: &Catalogue, other: &Catalogue, faults: &mut Vec<String>) {
    let keyed = |it: &Catalogue| -> BTreeMap<(String, String), usize> {
        let messages = it.messages.iter().enumerate();
        messages.map(|(at, it)| ((it.area.clone(), it.id.clone()), at)).collect()
    };
    let (wanted, had) = (keyed(first), keyed(other));
    for ((area, id), at) in &had {
        if !wanted.contains_key(&(area.clone(), id.clone())) {
            let at = place(other, &other.messages[*at]);
            faults.push(format!("{at} is not in {FIRST}/{area}.ftl"));
        }
    }
    for ((area, id), at) in &wanted {
        let Some(found) = had.get(&(area.clone(), id.clone())) else {
            faults.push(format!("{}/{area}.ftl: {id} is missing", other.language));
            continue;
        };
        let (model, message) = (&first.messages[*at], &other.messages[*found]);
        let at = place(other, message);
        compare_forms(&at, &model.value, &message.value, model, faults);
        match (&model.site, &message.site) {
            (Some(model_form), Some(form)) => {
                compare_forms(&format!("{at}.site"), model_form, form, model, faults);
            }
            (Some(_), None) => faults.push(format!("{at}.site is missing")),
            (None, Some(_)) => faults.push(format!("{at}.site is not in {FIRST}/{area}.ftl")),
            (None, None) => {}
        }
    }
}

fn compare_forms(at: &str, model: &Form, form: &Form, of: &Message, faults: &mut Vec<String>) {
    for name in model.used.difference(&form.used) {
        faults.push(format!("{at}: ${name} is missing"));
    }
    for name in form.used.difference(&model.used) {
        faults.push(format!("{at}: ${name} is not an argument of it"));
    }
    let is_number =
        |name: &&String| of.arguments.iter().any(|it| it.name == **name && it.kind == "number");
    for name in form.selectors.iter().filter(|it| !is_number(it)) {
        faults.push(format!("{at}: ${name} is no number, so it cannot choose a variant"));
    }
}
