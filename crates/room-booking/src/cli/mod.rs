//! The command line (section 6 of the contract).

mod account;
mod arguments;
mod backup;
mod because;
mod calendar;
mod check;
mod clear;
mod config;
mod config_sign_in;
mod config_values;
mod demo;
mod doctor;
mod doctor_backup;
mod doctor_mail;
mod doctor_sign_in;
mod events;
mod files;
mod findings;
mod healthcheck;
mod history;
mod key;
mod mail;
mod outbox;
mod output;
mod pending;
mod priority;
mod reference;
mod removal;
mod report;
mod secret;
mod secret_key;
mod serve;
mod service;
mod setup;
mod table;
mod template;
mod user;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::settings;

/// Resolves double bookings of meeting rooms by documented rules.
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
    Setup(setup::Setup),
    Serve(serve::Serve),
    Demo(demo::Demo),
    Clear(clear::Clear),
    Calendar(Box<calendar::Calendar>),
    Priority(priority::Priority),
    Account(account::Account),
    User(user::User),
    Key(key::Key),
    History(history::History),
    Pending(pending::Pending),
    Report(report::Report),
    Template(template::Template),
    Outbox(outbox::Outbox),
    Mail(mail::Mail),
    Secret(secret_key::Secret),
    Config(config::Config),
    Doctor(doctor::Doctor),
    Healthcheck(healthcheck::Healthcheck),
    Completions(reference::Completions),
    Man(reference::Man),
    Backup(backup::Backup),
    Restore(backup::Restore),
    CopyTo(backup::CopyTo),
}

impl Command {
    fn run(self) -> Result<(), Failure> {
        match self {
            Command::Check(check) => check.run(),
            Command::Events(events) => events.run(),
            Command::Setup(setup) => setup.run(),
            Command::Serve(serve) => serve.run(),
            Command::Demo(demo) => demo.run(),
            Command::Clear(clear) => clear.run(),
            Command::Calendar(calendar) => calendar.run(),
            Command::Priority(priority) => priority.run(),
            Command::Account(account) => account.run(),
            Command::User(user) => user.run(),
            Command::Key(key) => key.run(),
            Command::History(history) => history.run(),
            Command::Pending(pending) => pending.run(),
            Command::Report(report) => report.run(),
            Command::Template(template) => template.run(),
            Command::Outbox(outbox) => outbox.run(),
            Command::Mail(mail) => mail.run(),
            Command::Secret(secret) => secret.run(),
            Command::Config(config) => config.run(),
            Command::Doctor(doctor) => doctor.run(),
            Command::Healthcheck(healthcheck) => healthcheck.run(),
            Command::Completions(completions) => completions.run(),
            Command::Man(man) => man.run(),
            Command::Backup(backup) => backup.run(),
            Command::Restore(restore) => restore.run(),
            Command::CopyTo(copy) => copy.run(),
        }
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Wrong usage: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// Settings are wrong: exit status 2.
    #[error("{0}")]
    Settings(settings::Wrong),
    /// Anything else: exit status 1.
    #[error("{0}")]
    Failed(String),
    /// Standard output could not be written.
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
}

impl From<settings::Wrong> for Failure {
    fn from(wrong: settings::Wrong) -> Failure {
        Failure::Settings(wrong)
    }
}

impl From<operations::Error> for Failure {
    fn from(error: operations::Error) -> Failure {
        Failure::Failed(error.to_string())
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Failure {
        operations::Error::from(error).into()
    }
}

/// Exit status of a successful command.
const DONE: i32 = 0;
/// Exit status of a command that failed.
const FAILED: i32 = 1;
/// Exit status of wrong usage.
const WRONG_USAGE: i32 = 2;

/// Runs the program with the process's arguments and environment; returns its exit status.
pub fn run() -> i32 {
    // The renderer gets no settings and no secrets.
    if std::env::args_os().nth(1).is_some_and(|it| it == "render-mail") {
        ::mail::render_for_another();
        return DONE;
    }
    if let Err(error) = read_env_file() {
        return end(&[], Err(error));
    }
    run_with(std::env::args_os())
}

fn run_with(arguments: impl IntoIterator<Item = OsString>) -> i32 {
    let (command, names) = match parse(arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are output; an error while printing them cannot be reported.
            let _ = error.print();
            return error.exit_code();
        }
    };
    end(&names, command.run())
}

/// The command, with its names from the outermost on, such as `user`, `add`.
fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<(Command, Vec<String>), clap::Error> {
    let matches = Arguments::command().try_get_matches_from(arguments)?;
    let inner = |it: &ArgMatches| it.subcommand().map(|(name, it)| (name.to_owned(), it.clone()));
    let steps = std::iter::successors(inner(&matches), |(_, it)| inner(it));
    let names = steps.map(|(name, _)| name).collect();
    Ok((Arguments::from_arg_matches(&matches)?.command, names))
}

/// Lines of `.env` that `doctor` looks at.
const MAX_NAMES_IN_ENV_FILE: usize = 1_000;

/// The only place that prints an error and decides about the exit status.
fn end(command: &[String], result: Result<(), Failure>) -> i32 {
    match result {
        Ok(()) => DONE,
        // The reader closed the pipe, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
        Err(Failure::Usage(message)) => {
            let mut used = Arguments::command();
            used.build();
            for name in command {
                used = used.find_subcommand(name).cloned().unwrap_or(used);
            }
            let _ = used.error(ErrorKind::ValueValidation, message).print();
            WRONG_USAGE
        }
        Err(failure) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {failure}");
            if matches!(failure, Failure::Settings(_)) { WRONG_USAGE } else { FAILED }
        }
    }
}

/// The names and values in `.env` of the working directory, as far as it can be read.
fn lines_of_env_file() -> Vec<(String, String)> {
    let lines =
        std::env::current_dir().ok().and_then(|it| dotenvy::from_path_iter(it.join(".env")).ok());
    lines.into_iter().flatten().take(MAX_NAMES_IN_ENV_FILE).flatten().collect()
}

/// The names in `.env`.
fn names_in_env_file() -> Vec<String> {
    lines_of_env_file().into_iter().map(|(name, _)| name).collect()
}

/// Whether a variable has the value that `.env` gives it.
fn is_from_env_file(name: &str) -> bool {
    let value = std::env::var(name).ok();
    lines_of_env_file().into_iter().any(|(it, text)| it == name && Some(text) == value)
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
        // The line may contain a password, so it is not shown.
        Err(dotenvy::Error::LineParse(_, at)) => Err(failed(format!(
            "one of its lines is not NAME=value (at character {at} of that line); mend or remove it"
        ))),
        Err(dotenvy::Error::Io(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed("it is no list of NAME=value".to_owned())),
    }
}
