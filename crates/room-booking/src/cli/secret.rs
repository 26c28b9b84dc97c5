//! Passwords as input of commands: never as arguments, which other users can read.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use secrecy::SecretString;

use super::Failure;

/// The longest line of a password, in bytes.
const MAX_LINE: u64 = 4_096;

/// The first line of standard input; a terminal shows a prompt and no echo.
pub fn password() -> Result<SecretString, Failure> {
    let failed = |error: io::Error| Failure::Failed(format!("cannot read the password: {error}"));
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return rpassword::prompt_password("Password: ").map(SecretString::from).map_err(failed);
    }
    let mut line = String::new();
    // An empty line is an empty password; nothing at all is a password that somebody forgot.
    if stdin.lock().take(MAX_LINE).read_line(&mut line).map_err(failed)? == 0 {
        return Err(Failure::Failed("no password was given on standard input".to_owned()));
    }
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}
