//! `doctor`: checks the installation, and says how to fix what it finds.

use std::path::Path;

use ical::{Moment, Zone};
use mail::Confinement;
use operations::{ClearRequest, Limit, Mode, Scope, Service};
use store::calendars::{self, Calendar};
use store::clock;
use store::history::{self, Retained, Starter};
use store::vault::Cost;
use store::{DatabaseKind, confirmations, identities, keys, objects, users};

use super::doctor_backup::backups;
use super::doctor_mail::{mail_server, outbox};
use super::doctor_sign_in::{directory, openid};
use super::findings::{Findings, Level};
use super::{Failure, config, secret_key, serve, service};
use crate::settings::{Flags, Settings};
use crate::show;

/// Checks the settings, the database, every calendar and the mail server, and says how to fix what
/// it finds
///
/// It changes no calendar. It migrates the database's schema, and synchronises the mirrors of
/// calendars on servers. The exit status is 1 if something does not work.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking doctor")]
pub(super) struct Doctor {
    #[command(flatten)]
    flags: Flags,
}

/// Keys that expire within this number of days are named.
const SOON_DAYS: i64 = 14;

impl Doctor {
    pub fn run(self) -> Result<(), Failure> {
        let mut findings = Findings::default();
        let settings = match Settings::of_process(&self.flags) {
            Ok(settings) => settings,
            Err(wrong) => {
                for sentence in wrong.0 {
                    findings.error(format!("settings: {sentence}"))?;
                }
                return findings.end();
            }
        };
        findings.ok("settings: all can be read; `room-booking config` prints them")?;
        env_file(&settings, &mut findings)?;
        folder(&settings, &mut findings)?;
        key_file(&settings, &mut findings)?;
        private_files(&settings, &mut findings)?;
        service::block_on(async {
            if let Some(service) = database(&settings, &mut findings).await? {
                let is_key_lost = secrets(&service, &settings, &mut findings).await?;
                clock(&service, &mut findings).await?;
                renderer(&service, &mut findings).await?;
                administrators(&service, &mut findings).await?;
                expiring_keys(&service, &settings, &mut findings).await?;
                // Those on servers need the key, and would make another one.
                if !is_key_lost {
                    all_calendars(&service, &mut findings).await?;
                }
                outbox(&service, &mut findings).await?;
                backups(&service, &settings, &mut findings).await?;
                // Nothing was written, so errors on closing do not matter.
                let _ = service.store.close().await;
            }
            openid(&settings, &mut findings).await?;
            directory(&settings, &mut findings).await
        })?;
        mail_server(&settings, &mut findings)?;
        findings.end()
    }
}

/// How far this machine's clock may differ from the database's, in seconds.
const CLOCKS_DIFFER: i64 = 60;

/// Whether the clock is right, and whether it was.
async fn clock(service: &Service, findings: &mut Findings) -> Result<(), Failure> {
    let now = service.now().0;
    let of_database = clock::of_database(&service.store).await?;
    let by = now - of_database;
    let is_wrong = by.abs() > CLOCKS_DIFFER;
    if is_wrong {
        let which = if by > 0 { "ahead of" } else { "behind" };
        findings.error(format!(
            "clock: this machine's clock is {} s {which} the database's; set the wrong one right, and let \
             both be set by NTP",
            by.abs()
        ))?;
    }
    let ahead = clock::ahead(&service.store, now.max(of_database)).await?;
    if !ahead.is_empty() {
        let columns: Vec<String> =
            ahead.iter().map(|it| format!("{} of {}.{}", it.rows, it.table, it.column)).collect();
        findings.warn(format!(
            "clock: the database has moments in the future ({}): a clock was ahead. The server mends them \
             within five minutes of its start",
            columns.join(", ")
        ))?;
    }
    for what in Retained::ALL {
        if history::backlog_since(&service.store, what).await?.is_some() {
            findings.warn(format!(
                "{}: more than a day's worth is older than it is kept. If the clock is right, that is a longer \
                 outage or a new setting, and it is deleted when it has been so for a day",
                what.as_str()
            ))?;
        }
    }
    if !is_wrong && ahead.is_empty() {
        findings.ok("clock: it agrees with the database's, and no moment lies in the future")?;
    }
    Ok(())
}

fn folder(settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
    let shown = settings.data_dir.display();
    if !settings.data_dir.is_dir() {
        let above = settings.data_dir.ancestors().skip(1);
        let mut above = above.map(|it| if it.as_os_str().is_empty() { Path::new(".") } else { it });
        if let Some(Err(error)) = above.find(|it| it.exists()).map(tempfile::tempfile_in) {
            return findings.error(format!(
                "data folder: {shown} is not there and cannot be made ({error}); set DATA_DIR to another"
            ));
        }
        return findings.warn(format!(
            "data folder: {shown} is not there yet; it is made when it is needed. If there should \
             be one, set DATA_DIR"
        ));
    }
    match tempfile::tempfile_in(&settings.data_dir) {
        Ok(_) => findings.ok(format!("data folder: {shown} can be written")),
        Err(error) => findings.error(format!(
            "data folder: {shown} cannot be written ({error}); give it to the user that runs \
             room-booking, or set DATA_DIR to another"
        )),
    }
}

fn key_file(settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
    let path = settings.key_file();
    if settings.secret_key.is_some() {
        return findings.ok("key: SECRET_KEY is set");
    }
    if !path.exists() {
        return findings.ok(format!("key file: {} is made when it is needed", path.display()));
    }
    if let Err(error) = settings.secret() {
        return findings.error(show::sentence(&error));
    }
    findings.ok(format!("key file: {} can be read", path.display()))
}

/// Who else can open the files with secrets.
fn private_files(settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
    let exposed = settings.exposed();
    for it in &exposed {
        let path = show::plain(&it.path.display().to_string());
        findings.warn(format!(
            "files: others may read or write the {} {path}; mend it with: {}",
            it.what, it.mend
        ))?;
    }
    if exposed.is_empty() {
        findings.ok("files: those with secrets are their owner's alone")?;
    }
    Ok(())
}

/// Names in `.env` that are no settings: probably misspelled.
fn env_file(settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
    let known: Vec<&str> = config::shown(settings).into_iter().map(|(name, _)| name).collect();
    // Read by this program, but no setting of the server.
    let others = ["RUST_LOG", secret_key::NEW_SECRET_KEY];
    for name in super::names_in_env_file() {
        if !known.contains(&name.as_str()) && !others.contains(&name.as_str()) {
            findings.warn(format!(
                "settings: {} in .env is no setting of this program; `room-booking config` shows all",
                show::plain(&name)
            ))?;
        }
    }
    Ok(())
}

/// Whether the key decrypts what is stored, and what a guess of it costs. Returns whether the key file that
/// stored secrets need is missing.
async fn secrets(
    service: &Service,
    settings: &Settings,
    findings: &mut Findings,
) -> Result<bool, Failure> {
    // A missing key file is made by what needs it, not by what looks.
    if settings.secret_key.is_none() && !settings.key_file().exists() {
        let is_lost = service.people().has_secrets().await?;
        if is_lost {
            findings.error(format!(
                "secrets: the key file {} is missing, and stored secrets need it; restore it, or, if it is \
                 lost, run: room-booking secret rotate --forget-unreadable",
                settings.key_file().display()
            ))?;
        }
        return Ok(is_lost);
    }
    let checked = match service.people().check_secret_key().await {
        Ok(checked) => checked,
        Err(error) => {
            findings.error(show::sentence(&error))?;
            return Ok(false);
        }
    };
    if let Some(trouble) = secret_key::trouble(settings, &checked) {
        findings.error(format!("secrets: {trouble}"))?;
        return Ok(false);
    }
    let (cost, usual) = (checked.cost, Cost::DEFAULT);
    if cost.memory_kib < usual.memory_kib || cost.passes < usual.passes {
        findings.warn(
            "secrets: SECRET_KEY is stretched less than this version does; encrypt them anew: \
             room-booking secret rotate",
        )?;
        return Ok(false);
    }
    let count = show::count(checked.secrets, "stored secret", "stored secrets");
    let memory = cost.memory_kib / 1024;
    findings.ok(format!("secrets: {count}; a guess of SECRET_KEY costs {memory} MiB of memory"))?;
    Ok(false)
}

async fn database(
    settings: &Settings,
    findings: &mut Findings,
) -> Result<Option<Service>, Failure> {
    if let Some(path) = settings.database_file().filter(|path| !path.exists()) {
        findings.warn(format!(
            "database: {} is not there yet; `room-booking user add` or `serve` make it",
            path.display()
        ))?;
        return Ok(None);
    }
    match settings.open().await {
        Ok(service) => {
            let kind = match service.store.kind() {
                DatabaseKind::Sqlite => "SQLite",
                DatabaseKind::Postgres => "PostgreSQL",
            };
            let (schema, shown) = (service.store.schema(), settings.shown_database());
            findings.ok(format!("database: {kind} at {shown}, schema {schema}"))?;
            Ok(Some(service))
        }
        Err(error) => {
            findings.error(format!(
                "database: {}; see that it runs, and that DATABASE_URL, DATA_DIR and its rights are \
                 as they should be",
                show::sentence(&error)
            ))?;
            Ok(None)
        }
    }
}

/// Whether the kernel confines the processes that render templates.
async fn renderer(service: &Service, findings: &mut Findings) -> Result<(), Failure> {
    match serve::confinement(service).await? {
        Confinement::Confined => findings.ok("templates: they are rendered without rights"),
        Confinement::Unconfined(reason) => findings.warn(format!(
            "templates: they are rendered without a filter of system calls, because {reason}; the limits of \
             memory, time and files hold all the same"
        )),
    }
}

async fn administrators(service: &Service, findings: &mut Findings) -> Result<(), Failure> {
    let all = users::all(&service.store).await?;
    let active: Vec<_> = all.iter().filter(|it| it.is_administrator && it.is_active).collect();
    if active.is_empty() {
        let mend = "room-booking user add NAME --administrator --password-stdin";
        return findings.error(format!("users: no administrator is active; make one: {mend}"));
    }
    for user in active {
        if users::password_hash(&service.store, user.id).await?.is_some()
            || !identities::of_user(&service.store, user.id).await?.is_empty()
        {
            return findings.ok(format!("users: {}", show::count(all.len(), "user", "users")));
        }
    }
    findings.warn(
        "users: no administrator has a password to sign in with; set one: room-booking user \
         password NAME --password-stdin",
    )
}

async fn expiring_keys(
    service: &Service,
    settings: &Settings,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let now = service.now().0;
    let all = keys::all(&service.store, None).await?;
    let valid: Vec<_> = all.into_iter().filter(|key| key.is_valid_at(now)).collect();
    let mut is_any_ending = false;
    for key in &valid {
        let soon = now + SOON_DAYS * ical::civil::DAY;
        let Some(expires) = key.expires_at.filter(|expires| *expires <= soon) else { continue };
        is_any_ending = true;
        findings.warn(format!(
            "keys: {}… ({}) ends {}; make another with `room-booking key add`",
            key.prefix,
            show::plain(&key.name),
            show::stamp(&settings.time_zone, Moment(expires))
        ))?;
    }
    if is_any_ending {
        return Ok(());
    }
    findings.ok(format!("keys: {}", show::count(valid.len(), "valid key", "valid keys")))
}

async fn all_calendars(service: &Service, findings: &mut Findings) -> Result<(), Failure> {
    let all = calendars::all(&service.store).await?;
    if all.is_empty() {
        return findings.warn("calendars: there is none; `room-booking calendar add` makes one");
    }
    for calendar in &all {
        one_calendar(service, calendar, findings).await?;
    }
    Ok(())
}

/// The most warnings about one calendar that are shown.
const MAX_WARNINGS: usize = 10;

async fn one_calendar(
    service: &Service,
    calendar: &Calendar,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let slug = &calendar.slug;
    if Zone::iana(&calendar.zone).is_none() {
        return findings.error(format!(
            "calendar {slug}: its time zone {} is not known; set another: room-booking calendar \
             set {slug} --zone ZONE",
            show::plain(&calendar.zone)
        ));
    }
    let tried = service.try_calendar(calendar).await?;
    let is_bad = tried.iter().any(|it| it.level == operations::Level::Bad);
    for finding in tried.iter().filter(|_| calendar.backend.collection().is_some()) {
        let level = match finding.level {
            operations::Level::Good => Level::Ok,
            operations::Level::Warning => Level::Warning,
            operations::Level::Bad => Level::Error,
        };
        findings.add(level, &format!("calendar {slug}: {}", show::sentence(&finding.text)))?;
    }
    if is_bad {
        return Ok(());
    }
    let request = ClearRequest {
        scope: Scope::Named(vec![slug.clone()]),
        mode: Mode::Test,
        limit: Limit::Holds,
        started_by: Starter::person(None),
    };
    let report = service.clear_bookings(None, request).await?;
    for failed in &report.failed_calendars {
        findings.error(format!("calendar {slug}: {}", show::sentence(&failed.error)))?;
    }
    let mend = match calendar.backend.collection() {
        Some(_) => "mend or delete it in a calendar program",
        None => "import it again without the fault, or delete it",
    };
    for it in report.unreadable_objects.iter().take(MAX_WARNINGS) {
        let (object, error) = (show::plain(&it.object), show::sentence(&it.error));
        findings.warn(format!(
            "calendar {slug}: {object} is kept because it cannot be read: {error}; {mend}"
        ))?;
    }
    let others = report.unreadable_objects.len().saturating_sub(MAX_WARNINGS);
    if others > 0 {
        findings.warn(format!(
            "calendar {slug}: {} that cannot be read; `room-booking clear --test --calendar {slug}` shows \
             all",
            show::count(others, "more object", "more objects")
        ))?;
    }
    for it in report.warnings.iter().take(MAX_WARNINGS) {
        let (object, detail) = (show::plain(&it.object), show::sentence(&it.detail));
        findings.warn(format!("calendar {slug}: {object}: {detail}"))?;
    }
    if let Some(others) = report.warnings.len().checked_sub(MAX_WARNINGS).filter(|it| *it > 0) {
        findings.warn(format!(
            "calendar {slug}: {} more; `room-booking clear --test --calendar {slug}` shows all",
            show::count(others, "warning", "warnings")
        ))?;
    }
    if confirmations::find(&service.store, calendar.id).await?.is_some() {
        findings.warn(format!(
            "calendar {slug}: its safety limit was met, so only conflicts that start within 48 hours are \
             removed, from at most ten events in 24 hours; the rest waits for confirmation: look at \
             it with `room-booking clear --test --calendar {slug}`, and confirm it with --confirm"
        ))?;
    }
    if calendars::users_of(&service.store, calendar.id).await?.is_empty() {
        findings.warn(format!(
            "calendar {slug}: no user's key reaches it; room-booking calendar assign {slug} USER"
        ))?;
    }
    if !report.failed_calendars.is_empty() {
        return Ok(());
    }
    let count = objects::count(&service.store, calendar.id).await?;
    let count = show::count(usize::try_from(count).unwrap_or_default(), "object", "objects");
    findings.ok(format!("calendar {slug}: {}, {count}", calendar.backend.kind().as_str()))
}
