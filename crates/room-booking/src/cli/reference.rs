//! `completions` and `man`: what shells and readers of manuals need, made from the commands themselves.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;

use super::{Arguments, Failure};

/// Prints the completions of a shell
///
/// Add them to what the shell reads: for bash, ~/.local/share/bash-completion/completions/room-booking; for zsh, _room-booking in a
/// folder of $fpath; for fish, ~/.config/fish/completions/room-booking.fish.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking completions bash > ~/.local/share/bash-completion/completions/room-booking")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(self) -> Result<(), Failure> {
        let mut completions = Vec::new();
        clap_complete::generate(self.shell, &mut command(), NAME, &mut completions);
        Ok(io::stdout().lock().write_all(&completions)?)
    }
}

/// Prints the manual page, or writes the pages of all commands into a folder
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking man | man -l -
  room-booking man --directory /usr/local/share/man/man1")]
pub(super) struct Man {
    /// Write room-booking.1, and a page for each command beside it, into this folder
    #[arg(long, value_name = "FOLDER")]
    directory: Option<PathBuf>,
}

impl Man {
    pub fn run(self) -> Result<(), Failure> {
        let Some(folder) = self.directory else {
            return Ok(io::stdout().lock().write_all(&page(command(), NAME)?)?);
        };
        let wrong = |path: &Path, error: io::Error| {
            Failure::Failed(format!("cannot write {}: {error}", path.display()))
        };
        fs::create_dir_all(&folder).map_err(|error| wrong(&folder, error))?;
        let mut command = command();
        command.build();
        write_pages(&folder, NAME, &command, &wrong)
    }
}

/// The program, as manuals name it.
const NAME: &str = "room-booking";

fn command() -> Command {
    Arguments::command()
}

fn page(command: Command, name: &str) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).title(name.to_uppercase()).render(&mut page)?;
    Ok(page)
}

/// Writes the page of a command and those of the commands below it, such as `room-booking-user-add.1`.
fn write_pages(
    folder: &Path,
    name: &str,
    command: &Command,
    wrong: &impl Fn(&Path, io::Error) -> Failure,
) -> Result<(), Failure> {
    let path = folder.join(format!("{name}.1"));
    let named = command.clone().disable_help_subcommand(true).display_name(name.to_owned());
    let page = page(named, name).map_err(|error| wrong(&path, error))?;
    fs::write(&path, page).map_err(|error| wrong(&path, error))?;
    for inner in command.get_subcommands().filter(|it| it.get_name() != "help") {
        write_pages(folder, &format!("{name}-{}", inner.get_name()), inner, wrong)?;
    }
    Ok(())
}
