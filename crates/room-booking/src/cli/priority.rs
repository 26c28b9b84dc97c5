//! `priority`: priority tokens, and the events that contain them.

use std::io::{BufWriter, Write};

use clearing::Ties;
use ical::{Moment, Zone};
use operations::{MAX_TOKEN_EVENTS, NewPriorityToken, command_line};
use serde::Serialize;
use store::tokens::{self, BindingState, Token, TokenBinding};

use super::arguments::TiesArgument;
use super::service::{Context, Database, run_async};
use super::{Failure, arguments, output, table};
use crate::settings::Flags;
use crate::show;

/// Manages priority tokens and the events that are bound to them
///
/// An event with a token in its description has priority at the times that it has when it is first
/// seen. Other priorities: `room-booking calendar prioritise`.
#[derive(clap::Args, Debug)]
pub(super) struct Priority {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Token(OfToken),
    Binding(OfBinding),
}

/// Adds, lists and removes priority tokens
#[derive(clap::Args, Debug)]
struct OfToken {
    #[command(subcommand)]
    action: TokenAction,
}

#[derive(clap::Subcommand, Debug)]
enum TokenAction {
    Add(AddToken),
    List(ListTokens),
    Remove(RemoveToken),
}

/// Lists, removes and renews the bindings of tokens to events
#[derive(clap::Args, Debug)]
struct OfBinding {
    #[command(subcommand)]
    action: BindingAction,
}

#[derive(clap::Subcommand, Debug)]
enum BindingAction {
    List(ListBindings),
    Remove(RemoveBinding),
    Renew(RenewBinding),
}

/// Adds a priority token, and prints it once
///
/// Standard output contains only the token, for scripts.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking priority token add --label 'Board, spring' --calendar meeting-room-1
  TOKEN=$(room-booking priority token add --label 'Open day' --events 5 --expires 2027-01-01)")]
struct AddToken {
    /// Its label, such as who gets it
    #[arg(long, value_name = "TEXT")]
    label: String,

    /// Limit it to this calendar; may be repeated [default: all calendars]
    #[arg(long = "calendar", value_name = "SLUG")]
    calendars: Vec<String>,

    /// The number of events that can use it; a series is one event
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(i64).range(1..=MAX_TOKEN_EVENTS))]
    events: i64,

    /// When it expires for further events; a date means its first moment [default: never]
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,

    /// What happens if the event overlaps another prioritised one: keep both, or decide by rank
    #[arg(long, value_name = "TIES", default_value = "keep")]
    ties: TiesArgument,

    #[command(flatten)]
    flags: Flags,
}

/// Lists priority tokens; their texts are not stored
#[derive(clap::Args, Debug)]
struct ListTokens {
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Removes a priority token with its bindings: the events that are bound to it lose the priority
#[derive(clap::Args, Debug)]
struct RemoveToken {
    /// Its id in `priority token list`
    id: i64,

    #[command(flatten)]
    flags: Flags,
}

/// Lists the events that contain a priority token
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking priority binding list --token 3")]
struct ListBindings {
    /// Only those of the token with this id
    #[arg(long, value_name = "ID")]
    token: Option<i64>,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Removes a binding: the event loses the priority, also when it is edited
///
/// Another event can use the token instead.
#[derive(clap::Args, Debug)]
struct RemoveBinding {
    /// Its id in `priority binding list`
    id: i64,

    #[command(flatten)]
    flags: Flags,
}

/// Renews a binding: binds the token to the times that the event has now
///
/// A moved event has no priority at its new times until then.
#[derive(clap::Args, Debug)]
struct RenewBinding {
    /// Its id in `priority binding list`
    id: i64,

    #[command(flatten)]
    flags: Flags,
}

impl Priority {
    pub fn run(self) -> Result<(), Failure> {
        match self.what {
            What::Token(OfToken { action }) => match action {
                TokenAction::Add(add) => add.run(),
                TokenAction::List(list) => list.run(),
                TokenAction::Remove(remove) => remove.run(),
            },
            What::Binding(OfBinding { action }) => match action {
                BindingAction::List(list) => list.run(),
                BindingAction::Remove(remove) => remove.run(),
                BindingAction::Renew(renew) => renew.run(),
            },
        }
    }
}

impl AddToken {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let Context { settings, service } = context;
            let zone = &settings.time_zone;
            let read = |text| arguments::moment("--expires <TIME>", text, zone);
            let expires_at = self.expires.as_deref().map(read).transpose()?.map(|it| it.0);
            let new = NewPriorityToken {
                label: &self.label,
                calendars: &self.calendars,
                events: self.events,
                expires_at,
                ties: self.ties.into(),
            };
            let (_, text) = service.add_priority_token(&command_line(), &new).await?;
            output::line(&text)?;
            output::note(
                "This is the token. It is shown only once. A person who writes it into the description of \
                 an event has the room for that event, so hand it to nobody else.",
            )
        })
    }
}

/// The answer of `priority token list --json`.
#[derive(Serialize)]
struct TokenAnswer {
    tokens: Vec<ListedToken>,
}

#[derive(Serialize)]
struct ListedToken {
    id: i64,
    label: String,
    /// The calendars that it is for; null for all.
    calendars: Option<Vec<String>>,
    events: i64,
    events_used: i64,
    state: &'static str,
    ties: &'static str,
    created_at: String,
    expires_at: Option<String>,
    #[serde(skip)]
    expires: String,
}

impl ListedToken {
    fn of(token: Token, zone: &Zone, now: Moment) -> ListedToken {
        ListedToken {
            state: match token.expires_at {
                Some(at) if at <= now.0 => "expired",
                _ if token.used >= token.events => "used up",
                _ => "valid",
            },
            ties: match token.ties {
                Ties::Keep => "keep",
                Ties::Rank => "rank",
            },
            created_at: output::moment(zone, token.created_at),
            expires_at: token.expires_at.map(|it| output::moment(zone, it)),
            expires: output::stamp(zone, token.expires_at),
            id: token.id,
            label: token.label,
            calendars: token.calendars,
            events: token.events,
            events_used: token.used,
        }
    }
}

impl ListTokens {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let Context { settings, service } = context;
            let (zone, now) = (&settings.time_zone, service.now());
            let tokens = tokens::all(&service.store).await?;
            let tokens: Vec<_> =
                tokens.into_iter().map(|it| ListedToken::of(it, zone, now)).collect();
            if self.json {
                return output::json(&TokenAnswer { tokens });
            }
            let heading = show::count(tokens.len(), "token", "tokens");
            let columns = ["ID", "Label", "Calendars", "Events", "Expiry", "Ties", "State"];
            let rows = tokens.into_iter().map(|it| {
                vec![
                    it.id.to_string(),
                    show::plain(&it.label),
                    it.calendars.map_or_else(|| "all".to_owned(), |slugs| slugs.join(", ")),
                    format!("{} of {}", it.events_used, it.events),
                    it.expires,
                    it.ties.to_owned(),
                    it.state.to_owned(),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }
}

impl RemoveToken {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            context.service.remove_priority_token(&command_line(), self.id).await?;
            output::line(&format!("The token {} and its bindings are removed.", self.id))
        })
    }
}

/// The answer of `priority binding list --json`.
#[derive(Serialize)]
struct BindingAnswer {
    bindings: Vec<ListedBinding>,
}

#[derive(Serialize)]
struct ListedBinding {
    id: i64,
    token: i64,
    label: String,
    calendar: String,
    uid: String,
    state: &'static str,
    bound_at: String,
    /// The times that it was bound to; the end is null if they have none.
    intervals: Vec<ListedInterval>,
    #[serde(skip)]
    shown: ShownBinding,
}

#[derive(Serialize)]
struct ListedInterval {
    start: String,
    end: Option<String>,
}

/// Moments for people.
struct ShownBinding {
    bound: String,
    times: String,
}

impl ListedBinding {
    fn of(binding: TokenBinding, zone: &Zone) -> ListedBinding {
        let interval = |&(start, end): &(Moment, Moment)| ListedInterval {
            start: output::moment(zone, start.0),
            end: (end < Moment::MAX).then(|| output::moment(zone, end.0)),
        };
        ListedBinding {
            state: binding.state.as_str(),
            bound_at: output::moment(zone, binding.bound_at),
            intervals: binding.intervals.iter().map(interval).collect(),
            shown: ShownBinding {
                bound: output::stamp(zone, Some(binding.bound_at)),
                times: times(&binding, zone),
            },
            id: binding.id,
            token: binding.token_id,
            label: binding.label,
            calendar: binding.slug,
            uid: binding.uid,
        }
    }
}

/// The first of the times that a binding holds in, and how many more there are.
fn times(binding: &TokenBinding, zone: &Zone) -> String {
    if binding.state != BindingState::Bound || binding.is_suspended {
        return String::new();
    }
    let [(start, end), more @ ..] = binding.intervals.as_slice() else { return String::new() };
    let first = match *end < Moment::MAX {
        true => show::period(zone, *start, *end, false),
        false => show::stamp(zone, *start),
    };
    let is_endless = binding.intervals.last().is_some_and(|(_, end)| *end == Moment::MAX);
    match (is_endless, more.len()) {
        (true, _) => format!("{first}, and so on"),
        (false, 0) => first,
        (false, more) => format!("{first}, and {more} more"),
    }
}

impl ListBindings {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let Context { settings, service } = context;
            let zone = &settings.time_zone;
            let bindings = tokens::bindings(&service.store, self.token).await?;
            let bindings: Vec<_> =
                bindings.into_iter().map(|it| ListedBinding::of(it, zone)).collect();
            if self.json {
                return output::json(&BindingAnswer { bindings });
            }
            let heading = show::count(bindings.len(), "binding", "bindings");
            let columns = ["ID", "Token", "Calendar", "UID", "State", "Bound", "Prioritised"];
            let rows = bindings.into_iter().map(|it| {
                vec![
                    it.id.to_string(),
                    format!("{} {}", it.token, show::plain(&it.label)),
                    it.calendar,
                    show::plain(&it.uid),
                    it.state.to_owned(),
                    it.shown.bound,
                    it.shown.times,
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }
}

impl RemoveBinding {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            context.service.remove_token_binding(&command_line(), self.id).await?;
            output::line(&format!("The binding {} is removed.", self.id))
        })
    }
}

impl RenewBinding {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            context.service.renew_token_binding(&command_line(), self.id).await?;
            output::line(&format!("The binding {} is renewed.", self.id))
        })
    }
}
