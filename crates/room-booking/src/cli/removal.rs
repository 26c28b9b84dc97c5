//! Asking before something is removed.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use super::{Failure, output};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 100;

/// Whether to ask.
#[derive(clap::Args, Debug)]
pub(super) struct Confirmed {
    /// Remove without asking; needed where no terminal can answer
    #[arg(long)]
    yes: bool,
}

impl Confirmed {
    /// Says what goes and what stays, and asks on a terminal.
    pub fn ask(&self, what: &str, goes: &[String], stays: &[String]) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        output::note(&format!("{what} will be removed, and with it:"))?;
        for line in goes {
            output::note(&format!("  - {line}"))?;
        }
        output::note("This stays:")?;
        for line in stays {
            output::note(&format!("  - {line}"))?;
        }
        if !io::stdin().is_terminal() {
            let hint = "nothing is removed: add --yes to remove it without being asked";
            return Err(Failure::Failed(hint.to_owned()));
        }
        write!(anstream::stderr(), "Remove it? [y/N] ")?;
        let mut answer = String::new();
        io::stdin().lock().take(MAX_ANSWER).read_line(&mut answer)?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::Failed("nothing is removed".to_owned())),
        }
    }
}

/// A count in words, if there is any.
pub(super) fn some(count: i64, one: &str, many: &str) -> Option<String> {
    let number = usize::try_from(count).unwrap_or_default();
    (number > 0).then(|| crate::show::count(number, one, many))
}
