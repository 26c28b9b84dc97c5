//! `user`: users.

use std::io::{BufWriter, Write};

use operations::command_line;
use serde::Serialize;
use store::users::{self, NewUser};
use store::{UserId, calendars, second_factors};

use super::removal::{Confirmed, some};
use super::service::{Context, Database, run_async};
use super::{Failure, output, secret, table};
use crate::settings::Flags;
use crate::show;

/// Adds, lists and removes users, sets their passwords, makes links to choose one, signs them out and resets their second factors
#[derive(clap::Args, Debug)]
pub(super) struct User {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Add(Add),
    List(List),
    Password(Password),
    Link(Link),
    Activate(Activate),
    Deactivate(Deactivate),
    SignOut(SignOut),
    ResetSecondFactor(ResetSecondFactor),
    Remove(Remove),
}

/// Adds a user
///
/// A terminal asks for a password; left empty, the user has none: such a user cannot sign in on the site, but can have
/// keys.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking user add ann --administrator --address ann@example.org --password-stdin < password
  room-booking user add door-panels")]
struct Add {
    /// The user name; case does not matter
    name: String,

    /// Email address: for messages to administrators, and the organizer of the user's bookings
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,

    /// Make the user an administrator, who manages calendars, users, templates and priorities
    #[arg(long)]
    administrator: bool,

    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,

    /// Add the user without a password, and do not ask for one
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Lists users
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking user list --json | jq -r '.users[].name'")]
struct List {
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Sets a user's password, and ends the user's sessions
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking user password ann --password-stdin < password")]
struct Password {
    /// The user's name
    name: String,

    /// Read the password from the first line of standard input; a terminal asks for it without this, too
    #[arg(long)]
    password_stdin: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Prints a one-time link by which a user chooses a password and is signed in
///
/// It is the way back in where OIDC_ONLY is set and the provider is down. It is valid for one day, or for 7 days while
/// the user has no password. It signs in as the user: treat it as a password.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking user link ann")]
struct Link {
    /// The user's name
    name: String,

    #[command(flatten)]
    flags: Flags,
}

/// Activates a user
#[derive(clap::Args, Debug)]
struct Activate {
    /// The user's name
    name: String,

    #[command(flatten)]
    flags: Flags,
}

/// Deactivates a user: the user's keys stop working, and the sessions end
#[derive(clap::Args, Debug)]
struct Deactivate {
    /// The user's name
    name: String,

    #[command(flatten)]
    flags: Flags,
}

/// Ends a user's sessions in all browsers
///
/// The browsers are not known as the user's any more, so they have no limit of their own for sign-ins.
/// The password, keys and one-time links stay.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking user sign-out ann")]
struct SignOut {
    /// The user's name
    name: String,

    #[command(flatten)]
    flags: Flags,
}

/// Removes the second factor of a user who has lost the app and the recovery codes
///
/// The user's sessions end. If REQUIRE_SECOND_FACTOR demands one, the next sign-in sets it up anew.
#[derive(clap::Args, Debug)]
struct ResetSecondFactor {
    /// The user's name
    name: String,

    #[command(flatten)]
    flags: Flags,
}

/// Removes a user
///
/// The user's API keys stop working and the sessions end. Bookings stay; messages about them go to the contact address of
/// the room. The history names the user for RETENTION_DAYS. The last active administrator cannot be removed.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking user remove ann")]
struct Remove {
    /// The user's name
    name: String,

    #[command(flatten)]
    confirmed: Confirmed,

    #[command(flatten)]
    flags: Flags,
}

impl User {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::Add(add) => add.run(),
            Action::List(list) => list.run(),
            Action::Password(password) => password.run(),
            Action::Link(link) => link.run(),
            Action::Activate(Activate { name, flags }) => set_active(&flags, &name, true),
            Action::Deactivate(Deactivate { name, flags }) => set_active(&flags, &name, false),
            Action::SignOut(sign_out) => sign_out.run(),
            Action::ResetSecondFactor(reset) => reset.run(),
            Action::Remove(remove) => remove.run(),
        }
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let password = match (self.password_stdin, self.no_password) {
            (true, _) => Some(secret::password()?),
            (false, true) => None,
            (false, false) => secret::new_password()?,
        };
        run_async(&self.flags, Database::MayBeNew, async |context| {
            let new = NewUser {
                name: &self.name,
                address: self.address.as_deref(),
                is_administrator: self.administrator,
            };
            context.service.people().add_user(&command_line(), &new, password.as_ref()).await?;
            let role = if self.administrator { "administrator" } else { "user" };
            output::line(&format!("The {role} {} is added.", show::plain(&self.name)))
        })?;
        if password.is_none() {
            output::note(&format!(
                "No password is set yet: `room-booking user password {}`",
                show::plain(&self.name)
            ))?;
        }
        Ok(())
    }
}

impl Password {
    fn run(self) -> Result<(), Failure> {
        let password = match self.password_stdin {
            true => secret::password()?,
            false => secret::chosen_password()?,
        };
        run_async(&self.flags, Database::IsThere, async |context| {
            context.service.people().set_password(&command_line(), &self.name, &password).await?;
            output::line(&format!("The password of {} is set.", show::plain(&self.name)))
        })
    }
}

impl Link {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let people = context.service.people();
            let user = people.user(&self.name).await?;
            let (_, link) = people.password_link(&command_line(), user.id).await?;
            output::line(&format!("{}/admin/link/{link}", context.service.public_url))
        })
    }
}

impl SignOut {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let user = context.service.people().user(&self.name).await?;
            context.service.people().sign_out_everywhere(&command_line(), &user).await?;
            output::line(&format!("{} is signed out everywhere.", show::plain(&user.name)))
        })
    }
}

impl ResetSecondFactor {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let user = context.service.people().user(&self.name).await?;
            context.service.people().reset_second_factor(&command_line(), &user).await?;
            output::line(&format!("{} has no second factor now.", show::plain(&user.name)))
        })
    }
}

impl Remove {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let people = context.service.people();
            let user = people.user(&self.name).await?;
            let with = people.user_belongings(user.id).await?;
            let goes = [
                Some("password, second factor and email address".to_owned()),
                some(with.keys, "API key, which stops working", "API keys, which stop working"),
                some(with.sessions, "session", "sessions"),
                some(with.calendars, "calendar's access", "calendars' access"),
            ];
            let days = context.settings.retention_days;
            let stays = [
                some(with.events, "booking", "bookings"),
                Some(format!("the name in the history, for {days} days, and in the audit trail")),
            ];
            let goes: Vec<_> = goes.into_iter().flatten().collect();
            let stays: Vec<_> = stays.into_iter().flatten().collect();
            let name = format!("The user {}", show::plain(&user.name));
            self.confirmed.ask(&name, &goes, &stays)?;
            people.remove_user(&command_line(), user.id).await?;
            output::line(&format!("{name} is removed."))
        })
    }
}

fn set_active(flags: &Flags, name: &str, is_active: bool) -> Result<(), Failure> {
    run_async(flags, Database::IsThere, async |context| {
        context.service.people().set_active(&command_line(), name, is_active).await?;
        let state = if is_active { "active" } else { "no longer active" };
        output::line(&format!("{} is {state}.", show::plain(name)))
    })
}

/// The answer of `user list --json`.
#[derive(Serialize)]
struct Answer {
    users: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    name: String,
    address: Option<String>,
    administrator: bool,
    active: bool,
    has_password: bool,
    second_factor: bool,
    calendars: Vec<String>,
    created_at: String,
}

impl List {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let users = listed(context).await?;
            if self.json {
                return output::json(&Answer { users });
            }
            let heading = show::count(users.len(), "user", "users");
            let columns = ["Name", "Role", "State", "Password", "Address", "Calendars"];
            let rows = users.iter().map(|user| {
                vec![
                    show::plain(&user.name),
                    if user.administrator { "administrator" } else { "user" }.to_owned(),
                    if user.active { "active" } else { "not active" }.to_owned(),
                    if user.has_password { "set" } else { "none" }.to_owned(),
                    show::plain(user.address.as_deref().unwrap_or_default()),
                    user.calendars.join(", "),
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
    let with_second_factor = second_factors::users(store).await?;
    let mut listed = Vec::new();
    for user in users::all(store).await? {
        listed.push(Listed {
            second_factor: with_second_factor.contains(&user.id),
            has_password: users::password_hash(store, user.id).await?.is_some(),
            calendars: slugs_of(context, user.id).await?,
            created_at: output::moment(&context.settings.time_zone, user.created_at),
            name: user.name,
            address: user.address,
            administrator: user.is_administrator,
            active: user.is_active,
        });
    }
    Ok(listed)
}

/// The calendars that are assigned to a user.
async fn slugs_of(context: &Context, user: UserId) -> Result<Vec<String>, Failure> {
    let calendars = calendars::of_user(&context.service.store, user).await?;
    Ok(calendars.into_iter().map(|calendar| calendar.slug).collect())
}
