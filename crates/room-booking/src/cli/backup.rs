//! `backup`, `restore` and `copy-to`: the content of the database as a file, back, and in another database.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use facts::time::rfc3339;
use ical::{Moment, Zone};
use operations::command_line;
use secrecy::{ExposeSecret as _, SecretString};
use store::Store;
use store::archive::{self, Archive, ArchiveError, Content, Restored};

use super::service::{Context, Database, run_async};
use super::{Failure, output, secret_key};
use crate::settings::{Flags, Settings};
use crate::show;

/// Writes a backup of the database, also while servers run
///
/// The file holds everything that the database holds, as it is at one moment, whether that is SQLite or PostgreSQL, and
/// `restore` brings it into either. Only its owner can read it. It has its name when it is complete; a file that is there
/// already is not replaced. It holds no SECRET_KEY and no key file: keep that with it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking backup /var/backups/room-booking/before-the-update.backup
  BACKUP_DIR=/var/backups/room-booking room-booking serve   # every day, keeps 7")]
pub(super) struct Backup {
    /// The file to write
    file: PathBuf,

    #[command(flatten)]
    flags: Flags,
}

/// Replaces the database by a backup
///
/// The backup is checked first; one that is damaged or of a newer version changes nothing. Servers have to be stopped.
/// What the database holds is kept as a further backup. Messages that the backup has as waiting are held, because they
/// may have been sent since; people have to sign in again.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking restore /var/backups/room-booking/room-booking-20261201T024500Z.backup
  room-booking restore --yes FILE                # asks nothing
  room-booking outbox list --state held          # afterwards: release or discard these")]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,

    /// Replace what the database holds without asking
    #[arg(long)]
    yes: bool,

    /// Where what the database holds is kept [default: a file in DATA_DIR]
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,

    #[command(flatten)]
    flags: Flags,
}

/// Copies everything into an empty PostgreSQL database
///
/// Servers have to be stopped. The number and the content of the rows of every table are compared at the end; if
/// anything differs, nothing is written. The SQLite database stays as it is. PostgreSQL's password may come from
/// PGPASSWORD or a password file (PGPASSFILE) in place of the address, which other users of this machine may see.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  PGPASSWORD=… room-booking copy-to postgres://rooms@db.example.org/rooms")]
pub(super) struct CopyTo {
    /// The database to copy to, such as postgres://USER@HOST/NAME
    #[arg(value_name = "DATABASE_URL")]
    url: SecretString,

    #[command(flatten)]
    flags: Flags,
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Failure {
        Failure::Failed(error.to_string())
    }
}

/// What is named of a database, and the tables that it is counted in.
const COUNTED: [(&str, &str, &str); 6] = [
    ("users", "user", "users"),
    ("calendars", "calendar", "calendars"),
    ("objects", "event or series", "events and series"),
    ("removals", "removal", "removals"),
    ("outbox", "message", "messages"),
    ("audit", "entry of the audit trail", "entries of the audit trail"),
];

/// What a database holds, in words.
fn holds(contents: &[Content]) -> String {
    let words = COUNTED.iter().map(|(table, one, many)| {
        let rows = contents.iter().find(|it| it.table == *table).map_or(0, |it| it.rows);
        show::count(usize::try_from(rows).unwrap_or_default(), one, many)
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Where the key is that a backup needs.
fn key_of(settings: &Settings) -> String {
    match &settings.secret_key {
        Some(_) => "SECRET_KEY".to_owned(),
        None => format!("the key file {}", settings.key_file().display()),
    }
}

impl Backup {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let failed = |error| of_file(&self.file, error);
            let made = context.service.backup(&self.file).await.map_err(failed)?;
            let size =
                show::count(usize::try_from(made.bytes).unwrap_or_default(), "byte", "bytes");
            output::line(&format!("{}: {size}, {}.", made.file.display(), holds(&made.contents)))?;
            output::note(&format!(
                "Not in it: {}. Keep that as well, in another place: without it, passwords of calendar servers and \
                 second factors cannot be decrypted.",
                key_of(&context.settings)
            ))
        })
    }
}

/// An error that names the file that it is about.
fn of_file(file: &Path, error: ArchiveError) -> Failure {
    Failure::Failed(format!("{}: {error}", show::plain(&file.display().to_string())))
}

impl Restore {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::MayBeNew, async |context| {
            let data = &context.settings.data_dir;
            let scratch = if data.is_dir() { data.clone() } else { self.folder() };
            let archive = Archive::open(&self.file, &scratch).await;
            let archive = archive.map_err(|error| of_file(&self.file, error))?;
            let restored = self.restore(context, &archive).await;
            archive.close().await;
            self.say(context, &restored?).await
        })
    }

    /// The folder of the backup: on the disk that is to outlast what goes wrong.
    fn folder(&self) -> PathBuf {
        let file = std::path::absolute(&self.file).unwrap_or_else(|_| self.file.clone());
        file.parent().map_or_else(|| PathBuf::from("/"), Path::to_path_buf)
    }

    async fn restore(&self, context: &Context, archive: &Archive) -> Result<Restored, Failure> {
        let Context { service, settings } = context;
        let zone = &settings.time_zone;
        let origin = &archive.origin;
        output::line(&format!(
            "The backup was made on {} from {}, by version {}. It holds {}.",
            show::stamp(zone, Moment(origin.made_at)),
            origin.database,
            show::plain(&origin.program),
            holds(&archive.contents)
        ))?;
        let working = archive::activity(&service.store).await?;
        if working != archive::Activity::default() {
            return Err(ArchiveError::InUse(working).into());
        }
        match archive::is_empty(&service.store).await {
            Ok(()) => {}
            Err(ArchiveError::NotEmpty(_)) => self.keep_present(context).await?,
            Err(error) => return Err(error.into()),
        }
        Ok(service.restore_backup(&command_line(), archive).await?)
    }

    /// Asks whether what the database holds may be replaced, and keeps it.
    async fn keep_present(&self, context: &Context) -> Result<(), Failure> {
        let Context { service, settings } = context;
        let file = match &self.keep {
            Some(file) => file.clone(),
            None => {
                let stamp = rfc3339(&Zone::utc(), service.now()).replace([':', '-'], "");
                let stamp = stamp.split('+').next().unwrap_or_default().to_owned();
                self.folder().join(format!("before-restore-{stamp}Z.backup"))
            }
        };
        let kept = service.backup(&file).await.map_err(|error| of_file(&file, error))?;
        output::line(&format!(
            "The database {} holds {}. That is kept in {}.",
            settings.shown_database(),
            holds(&kept.contents),
            kept.file.display()
        ))?;
        let agreed = if self.yes { Ok(true) } else { agrees() };
        if !matches!(agreed, Ok(true)) {
            // What is not replaced need not be kept.
            let _ = std::fs::remove_file(&kept.file);
            agreed?;
            return Err(Failure::Failed("nothing was changed".to_owned()));
        }
        Ok(())
    }

    async fn say(&self, context: &Context, restored: &Restored) -> Result<(), Failure> {
        let Context { service, settings } = context;
        output::line("Restored. What was done after the backup is not known any more:")?;
        let count = |number: u64, one, many| {
            show::count(usize::try_from(number).unwrap_or_default(), one, many)
        };
        let Restored { held, held_webhooks, undecided, begun_anew, offers, mirrors, .. } =
            *restored;
        let lines = [
            (
                held,
                "message is held, because it may have been sent since: room-booking outbox list --state held",
                "messages are held, because they may have been sent since: room-booking outbox list --state held",
            ),
            (
                held_webhooks,
                "webhook is held: send it again or discard it on the site (Mail, Webhooks)",
                "webhooks are held: send them again or discard them on the site (Mail, Webhooks)",
            ),
            (
                undecided,
                "pending removal waits for your decision: room-booking pending list",
                "pending removals wait for your decision: room-booking pending list",
            ),
            (
                begun_anew,
                "pending removal has its whole grace again",
                "pending removals have their whole grace again",
            ),
            (offers, "offer of a free hour has ended", "offers of free hours have ended"),
            (
                mirrors,
                "calendar on a server is compared with it before anything is decided",
                "calendars on servers are compared with them before anything is decided",
            ),
        ];
        for (number, one, many) in lines.into_iter().filter(|it| it.0 > 0) {
            output::line(&format!("- {}.", count(number, one, many)))?;
        }
        output::line(
            "- Everybody has to sign in again, and links to set a password have ended. Keys, passwords and users are \
             those of the backup: revoke and deactivate again what was revoked and deactivated since.",
        )?;
        // A missing key file is made by what needs it, not by what looks.
        if settings.secret_key.is_none() && !settings.key_file().exists() {
            if service.people().has_secrets().await? {
                output::note(&format!(
                    "The key file {} is missing, and stored secrets need it: restore it.",
                    settings.key_file().display()
                ))?;
            }
            return Ok(());
        }
        let checked = service.people().check_secret_key().await?;
        if let Some(trouble) = secret_key::trouble(settings, &checked) {
            output::note(&format!("SECRET_KEY: {trouble}"))?;
        }
        Ok(())
    }
}

/// Asks on a terminal; elsewhere nobody can answer.
fn agrees() -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Failed(
            "nothing was changed: this replaces what the database holds; give --yes to agree"
                .to_owned(),
        ));
    }
    write!(io::stderr(), "Replace it by the backup? [y/N] ")?;
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

impl CopyTo {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let Context { service, settings } = context;
            let to = Store::open(self.url.expose_secret()).await?;
            if to.kind() == service.store.kind() {
                return Err(Failure::Usage(
                    "one of the two databases has to be SQLite; PostgreSQL copies its own with pg_dump".to_owned(),
                ));
            }
            let copied = service.copy_database(&command_line(), &to).await;
            // Everything is committed or rolled back.
            let _ = to.close().await;
            let copied = copied?;
            let rows: i64 = copied.iter().map(|it| it.rows).sum();
            output::line(&format!(
                "Copied and compared: {} of {}: {}.",
                show::count(usize::try_from(rows).unwrap_or_default(), "row", "rows"),
                show::count(copied.len(), "table", "tables"),
                holds(&copied)
            ))?;
            output::line(&format!(
                "Now set DATABASE_URL to the new database for every server, and keep {}, which both need. {} stays \
                 as it is: move it away, so that no server works on it by mistake.",
                key_of(settings),
                settings.shown_database()
            ))
        })
    }
}
