//! `secret`: the key that stored passwords are encrypted with.

use std::path::PathBuf;

use operations::{CheckedKey, Error, command_line};
use secrecy::ExposeSecret as _;
use store::sealed::{Rotated, SealedColumn, Unreadable};
use store::{UserId, users};

use super::service::{Context, Database, run_async};
use super::{Failure, output};
use crate::settings::{Flags, NewKey, Settings};
use crate::show;

/// Changes SECRET_KEY, which encrypts stored passwords
#[derive(clap::Args, Debug)]
pub(super) struct Secret {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Rotate(Rotate),
}

/// Encrypts everything with a new key, and says what to change
///
/// The present key is the one that the server uses: SECRET_KEY, or the key file. The new one is the
/// environment variable NEW_SECRET_KEY, or the content of a file; without either, a random one is made and
/// written to the key file. All is encrypted anew in one transaction. Servers that run have to be started
/// again with the new key; until then they can neither decrypt nor store passwords.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking secret rotate
  NEW_SECRET_KEY=$(openssl rand -hex 32) room-booking secret rotate
  room-booking secret rotate --new-key-file /run/secrets/room-booking
  room-booking secret rotate --forget-unreadable   # the present key is lost")]
struct Rotate {
    /// Take the new key from this file
    #[arg(long, value_name = "FILE")]
    new_key_file: Option<PathBuf>,

    /// Give up the secrets that the present key does not decrypt: the accounts of calendar servers need
    /// their passwords again, and the users are without a second factor until they set one up
    #[arg(long)]
    forget_unreadable: bool,

    #[command(flatten)]
    flags: Flags,
}

/// The variable of the new key.
pub(super) const NEW_SECRET_KEY: &str = "NEW_SECRET_KEY";

impl Secret {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::Rotate(rotate) => rotate.run(),
        }
    }
}

impl Rotate {
    fn run(self) -> Result<(), Failure> {
        let settings = Settings::of_process(&self.flags)?;
        let new = self.new_key()?;
        let present = settings.secret().map_err(Failure::Failed)?;
        if present.expose_secret() == new.key().expose_secret() {
            return Err(Failure::Failed("the new key is the present one".to_owned()));
        }
        // The key file is where a server looks that is given no key, or where a new one is kept.
        let is_kept = settings.secret_key.is_none() || matches!(new, NewKey::Made(_));
        if is_kept && settings.secret_key.is_some() && settings.key_file().exists() {
            return Err(Failure::Failed(format!(
                "SECRET_KEY is set, and there is a key file {} that is not in use; move it away, or \
                 give the new key as {NEW_SECRET_KEY}",
                settings.key_file().display()
            )));
        }
        run_async(&self.flags, Database::IsThere, async |context| {
            if is_kept {
                settings.prepare_key_file(new.key()).map_err(Failure::Failed)?;
            }
            let people = context.service.people();
            let gives_up = self.forget_unreadable;
            match people.rotate_secret_key(&command_line(), new.key(), gives_up).await {
                Ok((Rotated::Done(encrypted), forgotten)) => {
                    if is_kept {
                        settings.replace_key_file().map_err(Failure::Failed)?;
                    }
                    if !forgotten.is_empty() {
                        let words = names(context, &forgotten).await?;
                        output::line(&format!("Given up: {}.", words.join(", ")))?;
                    }
                    self.say(&settings, &new, encrypted)
                }
                Ok((Rotated::Unreadable(unreadable), _)) => {
                    settings.discard_next_key_if(is_kept);
                    let words = names(context, &unreadable).await?.join(", ");
                    let mend = match people.check_secret_key().await?.is_right {
                        true => {
                            "enter the passwords again, and reset the second factors (room-booking user \
                             reset-second-factor NAME)"
                        }
                        false => "give the key that they were encrypted with",
                    };
                    Err(Failure::Failed(format!(
                        "nothing was changed: the present key does not decrypt {words}; {mend}, or give \
                         them up with --forget-unreadable"
                    )))
                }
                Err(error @ Error::Store(store::Error::KeyChanged)) => {
                    settings.discard_next_key_if(is_kept);
                    Err(error.into())
                }
                // Nobody knows whether it was committed, so the new key is kept.
                Err(error) if is_kept => Err(Failure::Failed(format!(
                    "{error}; the new key is in {}: `room-booking doctor` says whether the present one \
                     still decrypts what is stored",
                    settings.next_key_file().display()
                ))),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn new_key(&self) -> Result<NewKey, Failure> {
        let variable = std::env::var(NEW_SECRET_KEY).ok().filter(|it| !it.trim().is_empty());
        let given = match (&self.new_key_file, variable) {
            (Some(_), Some(_)) => {
                let both = format!("give either --new-key-file or {NEW_SECRET_KEY}");
                return Err(Failure::Usage(both));
            }
            (Some(path), None) => Some(std::fs::read_to_string(path).map_err(|error| {
                let path = path.display();
                Failure::Failed(format!("the file {path} cannot be read: {error}"))
            })?),
            (None, variable) => variable,
        };
        NewKey::of(given.as_deref()).map_err(Failure::Failed)
    }

    fn say(&self, settings: &Settings, new: &NewKey, count: usize) -> Result<(), Failure> {
        let count = show::count(count, "secret is", "secrets are");
        output::line(&format!("{count} encrypted with the new key."))?;
        let file = settings.key_file();
        let (file, former) = (file.display(), settings.former_key_file());
        match (&settings.secret_key, new) {
            (None, _) => {
                output::line(&format!("The new key is in {file}. Copy it to every other server."))?;
                output::line(&format!(
                    "The former key is in {}; remove it once no backup needs it.",
                    former.display()
                ))?;
            }
            (Some(_), NewKey::Given(_)) => {
                let from = match &self.new_key_file {
                    Some(path) => format!("the content of {}", path.display()),
                    None => format!("the value of {NEW_SECRET_KEY}"),
                };
                output::line(&format!(
                    "Now set SECRET_KEY to {from}, in .env or wherever the settings of your servers \
                     come from. Backups need the former key."
                ))?;
            }
            (Some(_), NewKey::Made(_)) => output::line(&format!(
                "The new key is in {file}. Now remove SECRET_KEY from .env, or from wherever the \
                 settings of your servers come from; or set it to the content of that file. Backups \
                 need the former key."
            ))?,
        }
        output::line(
            "Then start every server again: one that still runs can neither decrypt nor store \
             passwords of calendar servers and keys of second factors.",
        )
    }
}

impl Settings {
    fn discard_next_key_if(&self, is_kept: bool) {
        if is_kept {
            self.discard_next_key();
        }
    }
}

/// What secrets are, in words.
async fn names(context: &Context, secrets: &[Unreadable]) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for it in secrets {
        names.push(match it.column {
            SealedColumn::AccountPassword => {
                format!(
                    "the password of account {0} (room-booking account set {0} --password-stdin)",
                    it.id
                )
            }
            SealedColumn::SecondFactorKey => {
                let user = users::by_id(&context.service.store, UserId(it.id)).await?;
                let name = user.map_or_else(|| it.id.to_string(), |user| user.name);
                format!("the second factor of {}", show::plain(&name))
            }
        });
    }
    Ok(names)
}

/// What is wrong with the key, if anything is.
pub(super) fn trouble(settings: &Settings, checked: &CheckedKey) -> Option<String> {
    let CheckedKey { secrets, unreadable, is_right, .. } = checked;
    let count = unreadable.len();
    if *is_right {
        return (count > 0).then(|| {
            format!(
                "{count} of {secrets} stored secrets cannot be decrypted: the database was changed; enter the \
                 passwords of calendar servers again and reset the second factors"
            )
        });
    }
    let next = settings.next_key_file();
    let mend = match (&settings.secret_key, next.exists()) {
        (None, true) => format!(
            "a rotation was interrupted: move {} to {}",
            next.display(),
            settings.key_file().display()
        ),
        (None, false) => "restore the key file".to_owned(),
        (Some(_), _) => "set SECRET_KEY to the one that they were encrypted with".to_owned(),
    };
    Some(format!(
        "this is not the key of this database: {count} of {secrets} stored secrets cannot be decrypted, and \
         none can be stored; {mend}, or, if it is lost, run: room-booking secret rotate --forget-unreadable"
    ))
}
