//! What the build refuses: the checks that `build.rs` makes, on catalogues that are wrong in one way each.

#[path = "../build/catalogue.rs"]
#[allow(dead_code, reason = "the build uses all of it")]
mod catalogue;
#[path = "../build/check.rs"]
#[allow(dead_code, reason = "the build uses all of it")]
mod check;

use catalogue::Catalogue;

/// The files of the program itself, in English.
const LANGUAGE: &str = include_str!("../i18n/en/language.ftl");

/// What is wrong with an English and a German file of messages.
fn faults_of(file: &str, english: &str, german: &str) -> Vec<String> {
    let mut all = ["en", "de"].map(Catalogue::new);
    for (catalogue, text) in all.iter_mut().zip([english, german]) {
        catalogue.add("language.ftl", LANGUAGE);
        catalogue.add(file, text);
    }
    check::faults(&all)
}

fn faults(english: &str, german: &str) -> Vec<String> {
    faults_of("site.ftl", english, german)
}

const ENGLISH: &str = "# $count (number): how many\n# $name (text)\nfound =\n    { $count ->\n        \
                       [one] One in { $name }\n       *[other] { $count } in { $name }\n    }\nsave = Save\n";
const GERMAN: &str = "save = Speichern\nfound = { $count } in { $name }\n";

#[test]
fn a_translation_may_say_it_in_its_own_order_and_without_plurals() {
    assert_eq!(faults(ENGLISH, GERMAN), [""; 0]);
}

#[test]
fn a_translation_has_each_message_and_no_other() {
    assert_eq!(faults(ENGLISH, "save = Speichern\n"), ["de/site.ftl: found is missing"]);
    let more = format!("{GERMAN}load = Laden\n");
    assert_eq!(faults(ENGLISH, &more), ["de/site.ftl: load is not in en/site.ftl"]);
    let twice = format!("{GERMAN}save = Sichern\n");
    assert_eq!(faults(ENGLISH, &twice), ["de/site.ftl: save is there twice"]);
}

#[test]
fn a_translation_has_the_arguments_of_the_message_and_no_others() {
    let german = "save = Speichern { $name }\nfound = { $count } gefunden\n";
    assert_eq!(
        faults(ENGLISH, german),
        [
            "de/site.ftl: found: $name is missing",
            "de/site.ftl: save: $name is not an argument of it",
        ]
    );
}

#[test]
fn only_a_number_chooses_between_variants() {
    let german = "save = Speichern\nfound =\n    { $name ->\n       *[other] { $count } in { $name }\n    }\n";
    let expected = ["de/site.ftl: found: $name is no number, so it cannot choose a variant"];
    assert_eq!(faults(ENGLISH, german), expected);
}

#[test]
fn english_declares_each_argument_with_its_kind() {
    let german = "save = { $name }\n";
    let expected = ["en/site.ftl: save: $name is not declared: # $name (kind)"];
    assert_eq!(faults("save = { $name }\n", german), expected);
    let unknown = "# $name (word)\nsave = { $name }\n";
    assert_eq!(
        faults(unknown, german),
        [
            "en/site.ftl: save: $name is of no kind: word",
            "en/site.ftl: save: $name has to be a text or a number here",
        ]
    );
    let unused = "# $name (text)\nsave = Save\n";
    let expected = ["en/site.ftl: save: $name is declared and not used"];
    assert_eq!(faults(unused, "save = Speichern\n"), expected);
}

#[test]
fn the_wording_for_the_site_is_in_both_or_in_neither() {
    let english = "gone = gone\n    .site = gone, see below\nsave = save\n";
    let german = "gone = fort\nsave = sichern\n    .site = speichern\n";
    assert_eq!(
        faults_of("operations.ftl", english, german),
        [
            "de/operations.ftl: gone.site is missing",
            "de/operations.ftl: save.site is not in en/operations.ftl",
        ]
    );
    let elsewhere = "gone = gone\n    .site = gone\n";
    assert_eq!(faults(elsewhere, elsewhere).len(), 2, "only operations have two wordings");
    let other = "gone = gone\n    .title = gone\n";
    assert_eq!(
        faults(other, "gone = fort\n"),
        ["en/site.ftl: gone: .title is not known, only .site is"]
    );
}

#[test]
fn the_example_of_a_time_has_the_time_in_it() {
    let mut all = ["en", "de"].map(Catalogue::new);
    for (catalogue, noon) in all.iter_mut().zip(["12:00", "12.00 Uhr"]) {
        let language = LANGUAGE.replace("noon-in-mail = 12:00", &format!("noon-in-mail = {noon}"));
        catalogue.add("language.ftl", &language);
    }
    let expected = ["de/language.ftl: noon-in-mail: it has 12:00 in it, once"];
    assert_eq!(check::faults(&all), expected);
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    let found = faults("save = Save\n\nload\n", "save = Speichern\n");
    assert!(found[0].starts_with("en/site.ftl:3: "), "{found:?}");
    for (wrong, fault) in [
        ("-product = Room Booking\nsave = Save\n", "terms are not supported"),
        ("save = { load }\n", "all that is supported"),
        ("save = { NUMBER(1) }\n", "all that is supported"),
        ("save = { \"\" }\n", "it says nothing"),
        ("Save = Save\n", "lower-case letters"),
    ] {
        let found = faults(wrong, wrong);
        assert!(found.iter().any(|it| it.contains(fault)), "{wrong}: {found:?}");
    }
}

#[test]
fn a_language_without_english_or_without_its_own_words_is_refused() {
    let found = check::faults(&[Catalogue::new("de")]);
    assert_eq!(found, ["there is no folder en"]);
    let found = check::faults(&[Catalogue::new("en")]);
    assert!(found.contains(&"en/language.ftl: short-monday is missing".to_owned()), "{found:?}");
    let mut file = Catalogue::new("en");
    file.add("notes.txt", "");
    assert_eq!(file.faults, ["en/notes.txt: the name of a catalogue ends in .ftl"]);
}
