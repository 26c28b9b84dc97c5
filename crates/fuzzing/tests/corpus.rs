//! The corpus of the fuzz targets, and mutations of it, in every run of the tests.
//!
//! The mutations are the same in each run. An input that fails belongs into the corpus as a file.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod mutate;

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use mutate::Mutator;

/// Mutated inputs for each target.
const MUTATIONS: u64 = 1_000;
/// Mutated templates: each is rendered with every sample.
const MUTATED_TEMPLATES: u64 = 200;

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_scanned() {
    run("scan", fuzzing::scan);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_expanded() {
    run("expand", fuzzing::expand);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_edited() {
    run("edit", fuzzing::edit);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_checked() {
    run("check", fuzzing::check);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_read_as_an_answer() {
    run("multistatus", fuzzing::multistatus);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_read_as_the_head_of_an_answer() {
    run("head", fuzzing::head);
}

#[cfg(feature = "program")]
#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_read_as_a_request() {
    run("request", fuzzing::request);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_sent_as_a_letter() {
    run("letter", fuzzing::letter);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_rendered() {
    run("template", fuzzing::template);
}

#[cfg(feature = "program")]
#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_typed() {
    run("typed", fuzzing::typed);
}

#[test]
fn every_file_of_the_corpus_and_every_mutation_of_one_can_be_vouched_for() {
    run("vouched", fuzzing::vouched);
}

#[test]
fn each_target_is_a_program_with_a_corpus_and_is_run_here() {
    let names = |folder: &str, ending: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(folder);
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.map(|it| it.trim_end_matches(ending).to_owned()).collect();
        names.sort();
        names
    };
    let targets = names("fuzz_targets", ".rs");
    assert_eq!(targets, names("corpus", ""));
    let (here, listed) = (include_str!("corpus.rs"), include_str!("../../../fuzz/Cargo.toml"));
    for target in targets {
        assert!(here.contains(&format!("run(\"{target}\", fuzzing::{target});")), "{target}");
        assert!(listed.contains(&format!("name = \"{target}\"\n")), "{target}");
    }
}

fn run(target: &str, function: fn(&[u8])) {
    let files = corpus(target);
    assert!(files.len() >= 20, "only {} files are in the corpus of {target}", files.len());
    let texts: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap()).collect();
    for (path, text) in files.iter().zip(&texts) {
        attempt(function, text, &path.display().to_string());
    }
    let mutations = if target == "template" { MUTATED_TEMPLATES } else { MUTATIONS };
    for number in 0..mutations {
        let mutated = Mutator::new(number).mutate(&texts);
        attempt(function, &mutated, &format!("mutation {number} of {target}"));
    }
}

/// Calls `function`; where that panics, shows the input, so that it can become a file.
fn attempt(function: fn(&[u8]), input: &[u8], name: &str) {
    let result = panic::catch_unwind(AssertUnwindSafe(|| function(input)));
    if let Err(reason) = result {
        eprintln!("{name} is:\n{}", input.escape_ascii());
        panic::resume_unwind(reason);
    }
}

fn corpus(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
