//! `account`: accounts on calendar servers.

use std::io::{BufWriter, Write as _};

use operations::command_line;
use serde::Serialize;
use store::accounts::{self, ServerKind};
use store::{AccountId, calendars};

use super::removal::Confirmed;
use super::service::{Context, Database, run_async};
use super::{Failure, output, secret, table};
use crate::settings::Flags;
use crate::show;

/// Lists and removes the accounts on calendar servers, and sets their passwords
///
/// `room-booking calendar add --url` creates them.
#[derive(clap::Args, Debug)]
pub(super) struct Account {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    List(List),
    Set(Set),
    Remove(Remove),
}

/// Lists the accounts on calendar servers
#[derive(clap::Args, Debug)]
struct List {
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Sets the password of an account; its server is then asked again
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking account set 1 --password-stdin < app-password")]
struct Set {
    /// Its number, as `account list` shows it
    id: i64,

    /// Read the password, or the token, from the first line of standard input; a terminal asks for it without this, too
    #[arg(long)]
    password_stdin: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Removes an account that no calendar uses
///
/// Calendars and events on the server stay.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking account remove 1")]
struct Remove {
    /// Its number, as `account list` shows it
    id: i64,

    #[command(flatten)]
    confirmed: Confirmed,

    #[command(flatten)]
    flags: Flags,
}

impl Account {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::List(list) => list.run(),
            Action::Set(set) => set.run(),
            Action::Remove(remove) => remove.run(),
        }
    }
}

/// The answer of `account list --json`.
#[derive(Serialize)]
struct Answer {
    accounts: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    id: AccountId,
    url: String,
    user_name: String,
    server: String,
    calendars: Vec<String>,
    refused_at: Option<String>,
}

impl List {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let accounts = listed(context).await?;
            if self.json {
                return output::json(&Answer { accounts });
            }
            let heading = show::count(accounts.len(), "account", "accounts");
            let columns = ["Number", "Server", "User", "Kind", "Password", "Calendars"];
            let rows = accounts.iter().map(|it| {
                let state = if it.refused_at.is_some() { "refused" } else { "not refused" };
                vec![
                    it.id.to_string(),
                    show::plain(&it.url),
                    show::plain(&it.user_name),
                    show::plain(&it.server),
                    state.to_owned(),
                    it.calendars.join(", "),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }
}

async fn listed(context: &Context) -> Result<Vec<Listed>, Failure> {
    let store = &context.service.store;
    let all = calendars::all(store).await?;
    let accounts = accounts::all(store).await?.into_iter().map(|account| {
        let is_of_it = |it: &&calendars::Calendar| {
            it.backend.collection().is_some_and(|it| it.account == account.id)
        };
        let version = account.server_version.map(|it| format!(" {it}")).unwrap_or_default();
        Listed {
            id: account.id,
            calendars: all.iter().filter(is_of_it).map(|it| it.slug.clone()).collect(),
            server: format!("{}{version}", account.server_kind.map_or("", ServerKind::as_str)),
            url: account.url,
            user_name: account.user_name,
            refused_at: account
                .refused_at
                .map(|at| output::moment(&context.settings.time_zone, at)),
        }
    });
    Ok(accounts.collect())
}

impl Remove {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let found = listed(context).await?.into_iter().find(|it| it.id.0 == self.id);
            if let Some(account) = found {
                if !account.calendars.is_empty() {
                    return Err(Failure::Failed(format!(
                        "calendars use the account {}: {}; remove them first with `room-booking calendar remove`",
                        self.id,
                        account.calendars.join(", ")
                    )));
                }
                let what = format!("The account {} on {}", self.id, show::plain(&account.url));
                let goes = ["the stored password".to_owned()];
                let stays = ["all calendars and events on the server".to_owned()];
                self.confirmed.ask(&what, &goes, &stays)?;
            }
            context.service.forget_account(&command_line(), AccountId(self.id)).await?;
            output::line(&format!("The account {} is removed.", self.id))
        })
    }
}

impl Set {
    fn run(self) -> Result<(), Failure> {
        let password = secret::password()?;
        run_async(&self.flags, Database::IsThere, async |context| {
            let id = AccountId(self.id);
            context.service.set_account_password(&command_line(), id, &password).await?;
            output::line(&format!("The password of account {id} is set."))?;
            let found = context.service.discover_again(id).await;
            match found {
                Ok(_) => output::line("The server accepts it."),
                Err(error) => Err(error.into()),
            }
        })
    }
}
