//! `setup`: from nothing to a room that is kept, by five questions.

mod answers;
mod env_file;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use operations::{Error, FoundServer, NewCalendar, ServerAccess, Service, Sync, command_line};
use secrecy::{ExposeSecret as _, SecretString};
use store::accounts::SignIn;
use store::calendars::{self, Backend, Calendar};
use store::users::NewUser;
use wording::MessageId;

use self::answers::Answers;
use super::calendar::fetch;
use super::service::{Context, Database, run_async};
use super::{Failure, output};
use crate::settings::{Flags, Settings};
use crate::show;

/// Sets Room Booking up: the administrator, the calendar server or built-in rooms, mail, and its address
///
/// It asks on a terminal, or takes the answers from a file. Settings go into .env of the working folder; those that are
/// there already, or in the environment, stay and are not asked for. Nobody and no room is added before the calendar
/// server has been reached and all answers are right.
#[derive(clap::Args, Debug)]
#[command(after_help = "The file has lines NAME=value:
  USER=ann  USER_ADDRESS=ann@example.org  USER_PASSWORD=…
  CALENDAR_SERVER=cloud.example.org  CALENDAR_USER=rooms  CALENDAR_PASSWORD=…   (without a server: built-in rooms)
  CALENDAR_PLAIN_HTTP=no     (yes: the password may go to another machine without TLS)
  ROOMS=Board room, Lab      (the calendars' names or addresses there, or the new rooms; on a server also: all)
  SCHEDULE=15                (minutes between clears; 0: none yet)
  SMTP_SERVER=mail.example.org  SMTP_EMAIL=rooms@example.org  SMTP_PASSWORD=…  SMTP_STARTTLS=False
  PUBLIC_URL=https://rooms.example.org  TIME_ZONE=Europe/Berlin
A value with $, quotes or spaces stands in 'single quotes'.

Examples:
  room-booking setup
  room-booking setup --yes answers")]
pub(super) struct Setup {
    /// Take the answers from this file, and ask nothing
    #[arg(long, value_name = "FILE")]
    yes: Option<PathBuf>,

    #[command(flatten)]
    flags: Flags,
}

/// The most rooms of one setup.
const MAX_ROOMS: usize = 200;
/// The longest pause between clears, in minutes.
const MAX_SCHEDULE: u32 = 1_440;

/// What was answered.
struct Wanted {
    /// The administrator, if one has to be made.
    person: Option<Person>,
    rooms: Rooms,
    /// Minutes between clears.
    schedule: Option<u32>,
    /// Settings for `.env`.
    settings: Vec<(&'static str, String)>,
}

struct Person {
    name: String,
    address: Option<String>,
    password: SecretString,
}

/// The rooms, by their names.
enum Rooms {
    BuiltIn(Vec<String>),
    OnServer { access: ServerAccess, found: FoundServer, chosen: Vec<usize> },
}

impl Setup {
    pub fn run(self) -> Result<(), Failure> {
        let mut answers = Answers::new(self.yes.as_deref())?;
        let file = std::env::current_dir()?.join(".env");
        run_async(&self.flags, Database::MayBeNew, async |context| {
            let wanted = Wanted::ask(&mut answers, context).await?;
            answers.finish()?;
            wanted.check(&self.flags)?;
            if !wanted.settings.is_empty() {
                env_file::check_writable(&file)?;
            }
            wanted.carry_out(context, &file).await
        })
    }
}

impl Wanted {
    async fn ask(answers: &mut Answers, context: &Context) -> Result<Wanted, Failure> {
        let service = &context.service;
        let person = match service.people().can_an_administrator_sign_in().await? {
            // A second setup, such as after one that stopped half way.
            true => {
                answers.pass_over(&["USER", "USER_ADDRESS", "USER_PASSWORD"]);
                None
            }
            false => Some(Person::ask(answers)?),
        };
        let rooms = Rooms::ask(answers, service).await?;
        let schedule =
            answers.ask("SCHEDULE", "Minutes between clears (0: none yet)", Some("15"))?;
        let schedule = match schedule.parse::<u32>() {
            Ok(0) => None,
            Ok(minutes @ 1..=MAX_SCHEDULE) => Some(minutes),
            _ => {
                let message = format!("SCHEDULE must be a number from 0 to {MAX_SCHEDULE}");
                return Err(Failure::Failed(message));
            }
        };
        let mut settings = ask_mail(answers)?;
        let zone = context.settings.time_zone.name();
        settings.extend(ask_setting(answers, "TIME_ZONE", "Time zone of the rooms", Some(zone))?);
        let url = context.settings.public_url.as_str().trim_end_matches('/');
        let given = ask_setting(answers, "PUBLIC_URL", "How people reach the site", Some(url))?;
        settings.extend(given.filter(|(_, given)| given.trim_end_matches('/') != url));
        Ok(Wanted { person, rooms, schedule, settings })
    }

    /// That the program would start with the new settings.
    fn check(&self, flags: &Flags) -> Result<(), Failure> {
        let new = |name: &str| self.settings.iter().find(|it| it.0 == name).map(|it| it.1.clone());
        let with = |name: &str| new(name).or_else(|| std::env::var(name).ok());
        match Settings::read(flags, &with) {
            Ok(_) => Ok(()),
            Err(wrong) => Err(Failure::Failed(format!("{wrong}; nothing is set up"))),
        }
    }

    async fn carry_out(self, context: &Context, file: &Path) -> Result<(), Failure> {
        let Wanted { person, rooms, schedule, settings } = self;
        let service = &context.service;
        let mut users = Vec::new();
        if let Some(person) = person {
            let new = NewUser {
                name: &person.name,
                address: person.address.as_deref(),
                is_administrator: true,
            };
            let password = Some(&person.password);
            service.people().add_user(&command_line(), &new, password).await?;
            output::line(&format!("The administrator {} is added.", show::plain(&person.name)))?;
            users.push(person.name);
        }
        let written = env_file::add(file, &settings)?;
        let zone = settings.iter().find(|it| it.0 == "TIME_ZONE").map(|it| it.1.as_str());
        let zone = zone.unwrap_or(context.settings.time_zone.name());
        let added = rooms.add(context, schedule, zone, &users).await?;
        if !written.is_empty() {
            let names = written.join(", ");
            output::line(&format!("Written to {}: {names}.", file.display()))?;
        }
        let url = settings.iter().find(|it| it.0 == "PUBLIC_URL").map(|it| it.1.as_str());
        let url = url.unwrap_or(context.settings.public_url.as_str()).trim_end_matches('/');
        let first =
            added.first().map_or_else(String::new, |slug| format!("/calendars/{slug}/preview"));
        output::line("Start the server: room-booking serve (or the service of your system).")?;
        output::line(&format!("Then sign in, and see what would be removed: {url}/admin{first}"))
    }
}

/// The settings of mail.
const SMTP: [&str; 4] = ["SMTP_SERVER", "SMTP_EMAIL", "SMTP_STARTTLS", "SMTP_PASSWORD"];

/// Whether `.env`, which was read into the environment, or the environment has a setting. Where it is empty, a line that
/// is added to `.env` would not be used either.
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some()
}

/// A setting, unless `.env` or the environment has it: that stays, and is not asked for.
fn ask_setting(
    answers: &mut Answers,
    name: &'static str,
    question: &str,
    default: Option<&str>,
) -> Result<Option<(&'static str, String)>, Failure> {
    if is_set(name) {
        answers.pass_over(&[name]);
        return Ok(None);
    }
    Ok(Some((name, answers.ask(name, question, default)?)))
}

/// The settings of mail; none without a server. They belong together: if the server is set, none is asked for.
fn ask_mail(answers: &mut Answers) -> Result<Vec<(&'static str, String)>, Failure> {
    let question = "Mail server (empty: no messages are sent)";
    let server = match ask_setting(answers, SMTP[0], question, Some(""))? {
        Some(server) if !server.1.is_empty() => server,
        Some(_) => return Ok(Vec::new()),
        None => {
            answers.pass_over(&SMTP);
            return Ok(Vec::new());
        }
    };
    let mut settings = vec![server];
    settings.extend(ask_setting(answers, SMTP[1], "Sender's address", None)?);
    settings.extend(ask_setting(answers, SMTP[2], "STARTTLS in place of TLS", Some("False"))?);
    // Such as a secret of the container.
    if is_set(SMTP[3]) {
        answers.pass_over(&SMTP[3..]);
        return Ok(settings);
    }
    let password = answers.secret(SMTP[3], "Its password (empty for none)")?;
    if !password.expose_secret().is_empty() {
        settings.push((SMTP[3], password.expose_secret().to_owned()));
    }
    Ok(settings)
}

impl Person {
    fn ask(answers: &mut Answers) -> Result<Person, Failure> {
        let own = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER")).ok();
        // The user of packages is nobody who signs in.
        let own = own.filter(|it| it != "root" && it != "room-booking");
        let name = answers.ask("USER", "Your user name", own.as_deref())?;
        let address =
            answers.ask("USER_ADDRESS", "Your email address (empty for none)", Some(""))?;
        let password = answers.new_secret("USER_PASSWORD", "Your password")?;
        Ok(Person { name, address: Some(address).filter(|it| !it.is_empty()), password })
    }
}

impl Rooms {
    async fn ask(answers: &mut Answers, service: &Service) -> Result<Rooms, Failure> {
        let what = "Calendar server (empty: rooms are built in)";
        let address = answers.ask("CALENDAR_SERVER", what, Some(""))?;
        if address.is_empty() {
            answers.pass_over(&["CALENDAR_PLAIN_HTTP"]);
            let names = answers.ask("ROOMS", "Rooms, with commas", Some("Meeting room 1"))?;
            return Ok(Rooms::BuiltIn(list(&names)?));
        }
        let user_name = answers.ask("CALENDAR_USER", "User name there", None)?;
        let password = answers.secret("CALENDAR_PASSWORD", "Password there (an app password)")?;
        let mut access = ServerAccess {
            address,
            user_name,
            password,
            sign_in: SignIn::Basic,
            allows_plain_http: false,
        };
        let found = discover(answers, service, &mut access).await?;
        let free: Vec<usize> = (0..found.calendars.len())
            .filter(|index| {
                let it = &found.calendars[*index];
                it.takes_events && it.is_writable && it.slug.is_none()
            })
            .collect();
        if free.is_empty() {
            let message = "the account reaches no calendar that it may change and that is not added yet; share the \
                           room's calendar with it, with permission to edit";
            return Err(Failure::Failed(message.to_owned()));
        }
        for (number, index) in free.iter().enumerate() {
            let it = &found.calendars[*index];
            let line =
                format!("  {} {} ({})", number + 1, show::plain(&it.name), show::plain(&it.url));
            output::note(&line)?;
        }
        let names = answers.ask(
            "ROOMS",
            "Rooms of these: numbers or names, with commas, or all",
            Some("all"),
        )?;
        let mut chosen = Vec::new();
        match names.as_str() {
            "all" => chosen = free,
            names => {
                for name in list(names)? {
                    let by_number =
                        name.parse().ok().and_then(|it: usize| free.get(it.wrapping_sub(1)));
                    let is_it = |index: &&usize| {
                        let it = &found.calendars[**index];
                        it.name == name
                            || it.url.trim_end_matches('/') == name.trim_end_matches('/')
                    };
                    let meant: Vec<_> = free.iter().filter(is_it).collect();
                    match (meant.as_slice(), by_number) {
                        ([one], _) => chosen.push(**one),
                        ([], Some(one)) => chosen.push(*one),
                        ([], None) => {
                            return Err(Failure::Failed(format!(
                                "ROOMS: there is no calendar {name:?}"
                            )));
                        }
                        _ => {
                            return Err(Failure::Failed(format!(
                                "ROOMS: several calendars are named {name:?}; give the address"
                            )));
                        }
                    }
                }
            }
        }
        let mut seen = HashSet::new();
        chosen.retain(|it| seen.insert(*it));
        if chosen.len() > MAX_ROOMS {
            let message = format!("ROOMS: at most {MAX_ROOMS} at once; name some of them");
            return Err(Failure::Failed(message));
        }
        Ok(Rooms::OnServer { access, found, chosen })
    }

    /// Adds the rooms; the slugs.
    async fn add(
        self,
        context: &Context,
        schedule: Option<u32>,
        zone: &str,
        users: &[String],
    ) -> Result<Vec<String>, Failure> {
        let service = &context.service;
        let known = calendars::all(&service.store).await?;
        let mut taken: HashSet<String> = known.iter().map(|it| it.slug.clone()).collect();
        let template = service.default_template().await?;
        let new = |name: &str, zone: &str, taken: &mut HashSet<String>| {
            let slug = operations::free_slug(name, taken);
            taken.insert(slug.clone());
            let mut calendar = Calendar::built_in(&slug, name, zone);
            calendar.template = template;
            calendar.schedule_minutes = schedule;
            NewCalendar { calendar, users: users.to_vec() }
        };
        let mut slugs = Vec::new();
        match self {
            Rooms::BuiltIn(names) => {
                for name in names {
                    if let Some(it) = known.iter().find(|it| it.name == name) {
                        let name = show::plain(&name);
                        output::line(&format!("The room {name} is there already: {}.", it.slug))?;
                        slugs.push(it.slug.clone());
                        continue;
                    }
                    let new = new(&name, zone, &mut taken);
                    service.add_calendar(&command_line(), &new).await?;
                    output::line(&format!(
                        "The room {} is added: {}.",
                        show::plain(&name),
                        new.calendar.slug
                    ))?;
                    slugs.push(new.calendar.slug);
                }
            }
            Rooms::OnServer { access, found, chosen } => {
                for index in chosen {
                    let it = &found.calendars[index];
                    let name: String = show::plain(&it.name).chars().take(MAX_NAME).collect();
                    let mut new = new(&name, it.zone.as_deref().unwrap_or(zone), &mut taken);
                    new.calendar.backend = Backend::CalDav(it.collection());
                    let actor = command_line();
                    service.add_calendar_on_server(&actor, &new, &access, &found, it).await?;
                    output::line(&format!("The room {name} is added: {}.", new.calendar.slug))?;
                    let calendar = service.calendar(&new.calendar.slug).await?;
                    if let Err(error) = fetch(context, &calendar, Sync::Update).await {
                        // The server fetches it again; the other rooms need not wait for that.
                        output::note(&format!("warning: {}: {error}", calendar.slug))?;
                    }
                    slugs.push(new.calendar.slug);
                }
            }
        }
        Ok(slugs)
    }
}

/// The calendars of a server. If the password would go to another machine without TLS, that needs to be allowed first.
async fn discover(
    answers: &mut Answers,
    service: &Service,
    access: &mut ServerAccess,
) -> Result<FoundServer, Failure> {
    const NAME: &str = "CALENDAR_PLAIN_HTTP";
    match service.discover(access).await {
        Err(Error::Server { detail, .. }) if detail.id == MessageId::CaldavPlainHttp => {}
        found => {
            answers.pass_over(&[NAME]);
            return Ok(found?);
        }
    }
    let host = operations::pool::host(&access.address);
    let host = show::plain(&host);
    let question = format!(
        "The connection to {host} has no TLS: everybody on the network between can read the password and the events.\n\
         Allow it, because that network is your own? (yes or no)"
    );
    if answers.ask(NAME, &question, Some("no"))? != "yes" {
        let message = format!(
            "{host} has no TLS: use an https address, or answer {NAME} with yes if the network between is your own"
        );
        return Err(Failure::Failed(message));
    }
    access.allows_plain_http = true;
    Ok(service.discover(access).await?)
}

/// The longest name of a room that is taken from its server, in characters.
const MAX_NAME: usize = 100;

/// The names of a list with commas, each once.
fn list(names: &str) -> Result<Vec<String>, Failure> {
    let mut seen = HashSet::new();
    let names = names.split(',').map(str::trim).filter(|it| !it.is_empty());
    let names: Vec<String> = names.filter(|it| seen.insert(*it)).map(str::to_owned).collect();
    match names.len() {
        0 => Err(Failure::Failed("ROOMS names no room".to_owned())),
        1..=MAX_ROOMS => Ok(names),
        _ => Err(Failure::Failed(format!("ROOMS names more than {MAX_ROOMS} rooms"))),
    }
}
