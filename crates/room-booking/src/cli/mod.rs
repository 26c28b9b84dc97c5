//! The command line (section 6 of the contract).

mod arguments;
mod check;
mod events;
mod files;
mod table;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

/// Keeps the calendars of meeting rooms free of cancelled leftovers and double bookings.
#[derive(Parser, Debug)]
#[command(name = "room-booking", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Check(check::Check),
    Events(events::Events),
}

/// Why a command failed: the line that a person reads.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Wrong usage: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// Anything else: exit status 1.
    #[error("{0}")]
    Failed(String),
    /// Standard output could not be written.
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
}

/// Exit status of a command that did what it was asked.
const DONE: i32 = 0;
/// Exit status of a command that failed.
const FAILED: i32 = 1;
/// Exit status of wrong usage.
const WRONG_USAGE: i32 = 2;

/// Runs the program with the process's arguments and environment; returns its exit status.
pub fn run() -> i32 {
    if let Err(error) = read_env_file() {
        return end("", Err(error));
    }
    run_with(std::env::args_os())
}

fn run_with(arguments: impl IntoIterator<Item = OsString>) -> i32 {
    let command = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command,
        Err(error) => {
            // Help and version are answers; what cannot be printed cannot be mended here either.
            let _ = error.print();
            return error.exit_code();
        }
    };
    let name = match command {
        Command::Check(_) => "check",
        Command::Events(_) => "events",
    };
    let result = match command {
        Command::Check(check) => check.run(),
        Command::Events(events) => events.run(),
    };
    end(name, result)
}

/// The one place that prints an error and decides about the exit status.
fn end(command: &str, result: Result<(), Failure>) -> i32 {
    match result {
        Ok(()) => DONE,
        // Whoever reads the answer has had enough of it, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
        Err(Failure::Usage(message)) => {
            let mut program = Arguments::command();
            program.build();
            let command = program.find_subcommand_mut(command).cloned();
            let error = command.unwrap_or(program).error(ErrorKind::ValueValidation, message);
            let _ = error.print();
            WRONG_USAGE
        }
        Err(failure) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {failure}");
            FAILED
        }
    }
}

/// Reads `.env` of the working directory, if there is one; the environment overrides it.
fn read_env_file() -> Result<(), Failure> {
    let path = std::env::current_dir()?.join(".env");
    let failed = |reason: String| {
        Failure::Failed(format!("the file {} cannot be read: {reason}", path.display()))
    };
    match dotenvy::from_path(&path) {
        Ok(()) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // The line itself may hold a password, so it is not shown.
        Err(dotenvy::Error::LineParse(_, at)) => Err(failed(format!(
            "one of its lines is not NAME=value (at character {at} of that line); mend or remove it"
        ))),
        Err(dotenvy::Error::Io(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed("it is no list of NAME=value".to_owned())),
    }
}
