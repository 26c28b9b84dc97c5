//! Passwords that people and scripts give to commands: never as arguments, which others can read.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use secrecy::SecretString;

use super::Failure;

/// The most bytes of the line that a password stands in.
const MAX_LINE: u64 = 4_096;

/// The first line of standard input; on a terminal it is asked for and not shown.
pub fn password() -> Result<SecretString, Failure> {
    let failed = |error: io::Error| Failure::Failed(format!("cannot read the password: {error}"));
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return rpassword::prompt_password("Password: ").map(SecretString::from).map_err(failed);
    }
    let mut line = String::new();
    stdin.lock().take(MAX_LINE).read_line(&mut line).map_err(failed)?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}
