//! Passwords as input of commands: never as arguments, which other users can read.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use secrecy::{ExposeSecret as _, SecretString};

use super::Failure;

/// The longest line of a password, in bytes.
const MAX_LINE: u64 = 4_096;

/// The first line of standard input; a terminal shows a prompt and no echo.
pub fn password() -> Result<SecretString, Failure> {
    if io::stdin().is_terminal() {
        return prompt("Password: ");
    }
    let mut line = String::new();
    // An empty line is an empty password; nothing at all is a password that somebody forgot.
    if io::stdin().lock().take(MAX_LINE).read_line(&mut line).map_err(failed)? == 0 {
        return Err(Failure::Failed("no password was given on standard input".to_owned()));
    }
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}

/// The password of a new user: asked for twice on a terminal. `None` if it is left empty, or no terminal can answer.
pub fn new_password() -> Result<Option<SecretString>, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    let password = prompt("Password (empty for none): ")?;
    if password.expose_secret().is_empty() {
        return Ok(None);
    }
    confirm(password).map(Some)
}

/// A password that replaces another: asked for twice on a terminal.
pub fn chosen_password() -> Result<SecretString, Failure> {
    if !io::stdin().is_terminal() {
        let hint = "no terminal can ask for the password: add --password-stdin";
        return Err(Failure::Usage(hint.to_owned()));
    }
    confirm(prompt("New password: ")?)
}

/// Asks for the same once more, against typing errors.
pub fn confirm(password: SecretString) -> Result<SecretString, Failure> {
    let again = prompt("The same once more: ")?;
    match again.expose_secret() == password.expose_secret() {
        true => Ok(password),
        false => Err(Failure::Failed("the two passwords differ; nothing is changed".to_owned())),
    }
}

fn failed(error: io::Error) -> Failure {
    Failure::Failed(format!("cannot read the password: {error}"))
}

/// What somebody types, without an echo.
pub fn prompt(text: &str) -> Result<SecretString, Failure> {
    rpassword::prompt_password(text).map(SecretString::from).map_err(failed)
}
