//! Every setting that is read is printed and documented, and the files that are shipped have no others.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// Settings with which those are read that depend on them.
const SETS: [&[(&str, &str)]; 5] = [
    &[],
    &[("SMTP_SERVER", "mail.example.org"), ("SMTP_EMAIL", "rooms@example.org")],
    &[
        ("OIDC_ISSUER", "https://id.example.org"),
        ("OIDC_CLIENT_ID", "rooms"),
        ("OIDC_CLIENT_SECRET", "geheim"),
    ],
    &[("LDAP_URL", "ldaps://ldap.example.org"), ("LDAP_BASE", "dc=example")],
    &[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20geheim"),
    ],
];

/// The settings with these variables, and the names of all variables that were read.
fn read(set: &[(&str, &str)]) -> (Settings, BTreeSet<String>) {
    let read = RefCell::new(BTreeSet::new());
    let settings = Settings::read(&Flags::default(), &|name| {
        read.borrow_mut().insert(name.to_owned());
        set.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned())
    });
    (settings.unwrap(), read.take())
}

/// All that is ever read.
fn names() -> BTreeSet<String> {
    SETS.into_iter().flat_map(|set| read(set).1).collect()
}

/// A path of the repository.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// The texts of the files of a folder whose names end so.
fn texts(folder: &str, end: &str) -> Vec<(PathBuf, String)> {
    let files = fs::read_dir(path(folder)).unwrap().map(|it| it.unwrap().path());
    let files = files.filter(|it| it.to_string_lossy().ends_with(end));
    let texts: Vec<_> = files.map(|it| (it.clone(), fs::read_to_string(it).unwrap())).collect();
    assert!(!texts.is_empty(), "{folder} has no {end}");
    texts
}

#[test]
fn every_setting_that_is_read_is_printed_once() {
    for set in SETS {
        let (settings, read) = read(set);
        let shown = shown(&settings);
        let printed: BTreeSet<String> = shown.iter().map(|it| it.0.to_owned()).collect();
        assert_eq!(printed.len(), shown.len(), "one is printed twice");
        assert!(shown.iter().all(|(_, value)| !value.contains("geheim")), "{shown:?}");
        let missing: Vec<_> = read.difference(&printed).cloned().collect();
        assert!(missing.is_empty(), "config does not print {missing:?}");
    }
}

#[test]
fn every_setting_that_is_read_is_documented() {
    let documents = texts("docs", ".md");
    let is_documented =
        |name: &&String| documents.iter().any(|(_, text)| text.contains(&format!("`{name}`")));
    let missing: Vec<_> = names().into_iter().filter(|name| !is_documented(&name)).collect();
    assert!(missing.is_empty(), "docs/*.md do not have {missing:?}");
}

/// Whether a word is the name of a variable, such as `TIME_ZONE`.
fn is_name(word: &str) -> bool {
    word.contains(|it: char| it.is_ascii_uppercase())
        && word.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
}

#[test]
fn the_files_that_are_shipped_have_settings_that_are_read() {
    let names = names();
    let mut seen = BTreeSet::new();
    let of_postgres = ["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"];
    let mut check = |file: &Path, name: &str| {
        if is_name(name) && !of_postgres.contains(&name) {
            assert!(names.contains(name), "{} has {name}", file.display());
            seen.insert(name.to_owned());
        }
    };
    for (file, text) in texts("packaging/examples", ".yaml") {
        for line in text.lines().map(str::trim) {
            // `NAME: value`, or `- { name: NAME, value: … }`.
            let entry = line.strip_prefix("- { name: ").and_then(|it| it.split_once(','));
            let name = entry.or_else(|| line.split_once(':')).map_or("", |it| it.0);
            check(&file, name);
        }
    }
    for line in text("packaging/env").lines() {
        let name = line.trim_start_matches('#').split_once('=').map_or("", |it| it.0);
        check(Path::new("packaging/env"), name);
    }
    for name in ["PUBLIC_URL", "DATABASE_URL", "DRAIN_SECONDS", "SMTP_SERVER"] {
        assert!(seen.contains(name), "{name} was not found: {seen:?}");
    }
}

#[test]
fn the_examples_name_the_image_as_it_is_tagged_and_the_proxy_where_there_is_one() {
    for (file, text) in texts("packaging/examples", ".yaml") {
        let images = text.lines().filter_map(|it| it.trim().strip_prefix("image: "));
        let own: Vec<_> = images.filter(|it| it.contains("room-booking")).collect();
        assert_eq!(own, ["room-booking:latest"], "{}", file.display());
        if text.contains("kind: Deployment") {
            assert!(text.contains("imagePullPolicy: IfNotPresent"), "{}", file.display());
        }
        let is_behind_a_proxy = text.contains("https://");
        assert_eq!(text.contains("TRUSTED_PROXIES"), is_behind_a_proxy, "{}", file.display());
    }
    assert!(text("scripts/package").contains("also_tagged \"$archive\" latest"));
}

#[test]
fn the_image_is_the_same_by_the_dockerfile_and_by_the_script() {
    let (dockerfile, script) = (text("packaging/Dockerfile"), text("scripts/package"));
    let version = env!("CARGO_PKG_VERSION");
    let label = format!("LABEL org.opencontainers.image.version=\"{version}\"\n");
    for (in_dockerfile, in_script) in [
        ("\nUSER 65532:65532\n", "--user 65532:65532 "),
        ("\nWORKDIR /data\n", "--workingdir /data "),
        (
            "\nENV DATA_DIR=/data LISTEN=0.0.0.0:8000\n",
            "--env DATA_DIR=/data --env LISTEN=0.0.0.0:8000 ",
        ),
        ("\nVOLUME /data\n", "--volume /data "),
        ("\nEXPOSE 8000\n", "--port 8000 "),
        ("\nSTOPSIGNAL SIGTERM\n", "--stop-signal SIGTERM "),
        ("CMD [\"/room-booking\", \"healthcheck\"]", "'CMD /room-booking healthcheck' "),
        ("ENTRYPOINT [\"/room-booking\"]\nCMD [\"serve\"]", "'[\"/room-booking\"]' --cmd serve "),
        ("--profile dist --features full ", "profile=${PROFILE:-dist}\n"),
        ("strip -o ", "strip -o "),
        ("target-feature=+crt-static", "target-feature=+crt-static"),
        (&label, "--label \"org.opencontainers.image.version=$version\" "),
    ] {
        assert!(dockerfile.contains(in_dockerfile), "Dockerfile: {in_dockerfile}");
        assert!(script.contains(in_script), "scripts/package: {in_script}");
    }
}

#[test]
fn every_step_of_the_tests_has_a_job() {
    let script = text("scripts/test");
    let steps = script.split("\nsteps=(\n").nth(1).unwrap().split("\n)\n").next().unwrap();
    let steps = steps.lines().filter_map(|it| it.trim().strip_prefix('"')?.split('|').next());
    // Which is the first part of `tests`; and those long ones that find what others do not.
    let steps: BTreeSet<_> =
        steps.filter(|it| *it != "build").chain(["days", "packages"]).collect();
    for file in [".github/workflows/check.yml", ".forgejo/workflows/check.yml"] {
        let jobs = text(file);
        let jobs = jobs.split("steps:\n").nth(1).unwrap().split("    runs-on:").next().unwrap();
        let jobs: BTreeSet<_> = jobs.split_whitespace().filter(|it| *it != "-").collect();
        assert_eq!(jobs, steps, "{file}");
    }
}
