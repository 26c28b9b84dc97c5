//! The answers of `setup`: from a terminal, or from a file.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;

use secrecy::SecretString;

use crate::cli::{Failure, output, secret};

/// The most lines of a file of answers.
const MAX_LINES: usize = 1_000;
/// The longest answer on a terminal, in bytes.
const MAX_LINE: u64 = 4_096;

/// Where answers come from.
pub(super) enum Answers {
    /// Somebody who is asked.
    Terminal,
    /// Answers by their names; those that were not asked for yet. There may be passwords among them.
    File(BTreeMap<String, SecretString>),
}

impl Answers {
    /// Those of a file; without one, of a terminal.
    pub fn new(file: Option<&Path>) -> Result<Answers, Failure> {
        let Some(path) = file else {
            return match io::stdin().is_terminal() {
                true => Ok(Answers::Terminal),
                false => {
                    let hint = "no terminal can answer: add --yes FILE with the answers";
                    Err(Failure::Usage(hint.to_owned()))
                }
            };
        };
        let failed = |why: String| Failure::Failed(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        // Elsewhere the `$` would begin the name of a variable, and the rest of a password would be lost.
        let is_lost = |line: &str| {
            line.contains('$') && !line.contains('\'') && !line.trim_start().starts_with('#')
        };
        if text.lines().any(is_lost) {
            return Err(failed("put values with $ into single quotes".to_owned()));
        }
        let lines = dotenvy::from_read_iter(text.as_bytes());
        let mut answers = BTreeMap::new();
        for line in lines.take(MAX_LINES) {
            // It may hold a password, so it is not shown.
            let (name, value) =
                line.map_err(|_| failed("one of its lines is not NAME=value".to_owned()))?;
            answers.insert(name, SecretString::from(value));
        }
        Ok(Answers::File(answers))
    }

    /// Answers that nothing asks for now; a file may have them all the same.
    pub fn pass_over(&mut self, names: &[&str]) {
        if let Answers::File(answers) = self {
            answers.retain(|name, _| !names.contains(&name.as_str()));
        }
    }

    fn taken(answers: &mut BTreeMap<String, SecretString>, name: &str) -> Option<SecretString> {
        answers.remove(name)
    }

    /// An answer; without one, the default.
    pub fn ask(
        &mut self,
        name: &str,
        question: &str,
        default: Option<&str>,
    ) -> Result<String, Failure> {
        use secrecy::ExposeSecret as _;
        let given = match self {
            Answers::File(answers) => {
                Answers::taken(answers, name).map(|it| it.expose_secret().trim().to_owned())
            }
            Answers::Terminal => {
                let shown = default.filter(|it| !it.is_empty());
                let shown = shown.map(|it| format!(" [{it}]")).unwrap_or_default();
                output::note(&format!("{question}{shown}:"))?;
                let mut line = String::new();
                io::stdin().lock().take(MAX_LINE).read_line(&mut line)?;
                Some(line.trim().to_owned()).filter(|it| !it.is_empty())
            }
        };
        match given.or_else(|| default.map(str::to_owned)) {
            Some(answer) => Ok(answer),
            None => Err(Failure::Failed(format!("{name} is missing"))),
        }
    }

    /// A password that is there already; a terminal does not show it.
    pub fn secret(&mut self, name: &str, question: &str) -> Result<SecretString, Failure> {
        match self {
            Answers::File(answers) => {
                Ok(Answers::taken(answers, name).unwrap_or_else(|| SecretString::from("")))
            }
            Answers::Terminal => secret::prompt(&format!("{question}: ")),
        }
    }

    /// A new password: asked for twice on a terminal.
    pub fn new_secret(&mut self, name: &str, question: &str) -> Result<SecretString, Failure> {
        match self {
            Answers::File(answers) => Answers::taken(answers, name)
                .ok_or_else(|| Failure::Failed(format!("{name} is missing"))),
            Answers::Terminal => secret::confirm(secret::prompt(&format!("{question}: "))?),
        }
    }

    /// That no answer of a file was left, such as one whose name is mistyped.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Answers::File(answers) if !answers.is_empty() => {
                let names: Vec<_> = answers.into_keys().collect();
                let names = names.join(", ");
                Err(Failure::Failed(format!("nothing asks for {names}; nothing is set up")))
            }
            _ => Ok(()),
        }
    }
}

/// A value as `.env` has it.
pub(super) fn quoted(value: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._:/@-+".contains(it);
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in value.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '"' | '\\' | '$' => quoted.extend(['\\', character]),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_read_again_as_it_was_written() {
        for value in [
            "",
            "plain",
            "a b",
            "#no comment",
            "it's",
            "say \"x\"",
            "$HOME",
            "back\\slash",
            "a\nb",
            "pässwörd",
        ] {
            let text = format!("NAME={}\n", quoted(value));
            let read: Vec<_> =
                dotenvy::from_read_iter(text.as_bytes()).collect::<Result<_, _>>().unwrap();
            assert_eq!(read, [("NAME".to_owned(), value.to_owned())], "{text}");
        }
    }
}
