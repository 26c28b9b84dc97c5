//! `outbox`: messages and their states.

use std::io::{BufWriter, Write};

use ical::Zone;
use operations::{Message, command_line};
use serde::Serialize;
use store::OutboxId;
use store::delivery::{self, OutboxRow};
use store::outbox::MessageState;

use super::service::{Database, run_async};
use super::{Failure, output, table};
use crate::settings::Flags;
use crate::show;

/// Lists messages and their states, and retries, releases or discards them
#[derive(clap::Args, Debug)]
pub(super) struct Outbox {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    List(List),
    Show(Show),
    Retry(Retry),
    Release(Release),
    Discard(Discard),
}

/// Lists messages, latest first
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking outbox list --state failed
  room-booking outbox list --json | jq '.messages[] | {id, address, state}'")]
struct List {
    /// Only those in this state
    #[arg(long, value_name = "STATE")]
    state: Option<StateArgument>,

    /// The largest number of messages
    #[arg(long, value_name = "N", default_value_t = 50,
          value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum StateArgument {
    /// Waiting to be sent
    Waiting,
    /// Held for the next message about its series
    Gathered,
    /// Sent together with another message
    Joined,
    /// Accepted by the mail server
    Sent,
    /// Refused by the mail server, or not sent for two days
    Failed,
    /// The recipient has reached the daily limit
    OverLimit,
    /// Too many messages of a day go to other domains, or it comes from a backup: release or discard it
    Held,
    /// Mail to the address is not allowed
    Refused,
    /// Discarded, or there was nothing to send
    Discarded,
}

impl StateArgument {
    fn state(self) -> MessageState {
        match self {
            StateArgument::Waiting => MessageState::Waiting,
            StateArgument::Gathered => MessageState::Gathered,
            StateArgument::Joined => MessageState::Joined,
            StateArgument::Sent => MessageState::Sent,
            StateArgument::Failed => MessageState::Failed,
            StateArgument::OverLimit => MessageState::OverLimit,
            StateArgument::Held => MessageState::Held,
            StateArgument::Refused => MessageState::Refused,
            StateArgument::Discarded => MessageState::Discarded,
        }
    }
}

/// Shows one message: its state, the server's answer, and the subject and text as they are sent now
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking outbox show 12
  room-booking outbox show 12 --data | jq .overlap_events")]
struct Show {
    /// Its id in `outbox list`
    id: i64,

    /// Print only the data for the template, as JSON
    #[arg(long)]
    data: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Retries messages
///
/// Messages that failed, are over the limit, refused or discarded, or wait for their next attempt.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking outbox retry 12 13")]
struct Retry {
    /// Their ids in `outbox list`
    #[arg(required = true)]
    ids: Vec<i64>,

    #[command(flatten)]
    flags: Flags,
}

/// Releases messages that are held
///
/// Without MAIL_DOMAINS, at most 20 messages a day that one user caused, and 200 in all, go to
/// addresses outside the domain of SMTP_EMAIL. Further ones are held. So are those that were waiting in a
/// backup that was restored, because they may have been sent since.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking outbox release 12 13")]
struct Release {
    /// Their ids in `outbox list --state held`
    #[arg(required = true)]
    ids: Vec<i64>,

    #[command(flatten)]
    flags: Flags,
}

/// Discards messages that were not sent
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking outbox discard 12")]
struct Discard {
    /// Their ids in `outbox list`
    #[arg(required = true)]
    ids: Vec<i64>,

    #[command(flatten)]
    flags: Flags,
}

impl Outbox {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::List(list) => list.run(),
            Action::Show(show) => show.run(),
            Action::Retry(Retry { ids, flags }) => {
                run_async(&flags, Database::IsThere, async |context| {
                    for id in &ids {
                        context.service.retry_message(&command_line(), OutboxId(*id)).await?;
                        output::line(&format!("Message {id} is waiting to be sent."))?;
                    }
                    if context.settings.smtp.is_none() {
                        output::note("No mail server is set up, so nothing is sent: SMTP_SERVER")?;
                    }
                    Ok(())
                })
            }
            Action::Release(Release { ids, flags }) => {
                run_async(&flags, Database::IsThere, async |context| {
                    for id in &ids {
                        context.service.release_message(&command_line(), OutboxId(*id)).await?;
                        output::line(&format!("Message {id} is released."))?;
                    }
                    Ok(())
                })
            }
            Action::Discard(Discard { ids, flags }) => {
                run_async(&flags, Database::IsThere, async |context| {
                    for id in &ids {
                        context.service.discard_message(&command_line(), OutboxId(*id)).await?;
                        output::line(&format!("Message {id} is discarded."))?;
                    }
                    Ok(())
                })
            }
        }
    }
}

/// The answer of `outbox list --json`.
#[derive(Serialize)]
struct Answer {
    messages: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    id: OutboxId,
    kind: &'static str,
    calendar: Option<String>,
    uid: String,
    address: String,
    state: &'static str,
    detail: Option<Message>,
    attempts: i64,
    answers_lost: i64,
    message_id: String,
    created_at: String,
    due_at: String,
    sent_at: Option<String>,
    caused_by: Option<CausedBy>,
}

/// The user, and the key, that caused a message.
#[derive(Serialize)]
struct CausedBy {
    user: String,
    key: Option<String>,
}

/// The detail of a message's state, for a terminal.
fn detail(stored: Option<&str>) -> String {
    stored.map(|it| show::sentence(Message::of_stored(it))).unwrap_or_default()
}

fn listed(letter: OutboxRow, zone: &Zone) -> Listed {
    let moment = |seconds| output::moment(zone, seconds);
    Listed {
        id: letter.id,
        kind: letter.kind.as_str(),
        calendar: letter.slug,
        uid: letter.uid,
        address: letter.address,
        state: letter.state.as_str(),
        detail: letter.detail.as_deref().map(Message::of_stored),
        attempts: letter.attempts,
        answers_lost: letter.answers_lost,
        message_id: letter.message_id,
        created_at: moment(letter.created_at),
        due_at: moment(letter.due_at),
        sent_at: letter.sent_at.map(moment),
        caused_by: letter.user_name.map(|user| CausedBy { user, key: letter.key_name }),
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let state = self.state.map(StateArgument::state);
            let letters = delivery::messages(&context.service.store, state, self.limit).await?;
            let zone = &context.settings.time_zone;
            if self.json {
                let messages = letters.into_iter().map(|it| listed(it, zone)).collect();
                return output::json(&Answer { messages });
            }
            if letters.is_empty() {
                return output::line("There are no such messages.");
            }
            let heading = show::count(letters.len(), "message", "messages");
            let columns = ["ID", "Written", "About", "Calendar", "To", "State", "Tries", "Detail"];
            let rows = letters.iter().map(|it| {
                vec![
                    it.id.to_string(),
                    output::stamp(zone, Some(it.created_at)),
                    it.kind.to_string(),
                    it.slug.clone().unwrap_or_default(),
                    show::plain(&it.address),
                    it.state.to_string(),
                    it.attempts.to_string(),
                    detail(it.detail.as_deref()),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            out.flush()?;
            if context.settings.smtp.is_none() {
                output::note("No mail server is set up, so nothing is sent: SMTP_SERVER")?;
            }
            Ok(())
        })
    }
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let it = context.service.message(OutboxId(self.id)).await?;
            if self.data {
                let data = serde_json::from_str::<serde_json::Value>(&it.data);
                return output::json(&data.unwrap_or(serde_json::Value::Null));
            }
            let zone = &context.settings.time_zone;
            let said = context.service.message_as_sent(&it).await?;
            let mut rows = vec![
                ("Message", it.id.to_string()),
                ("About", it.kind.to_string()),
                ("Calendar", it.slug.clone().unwrap_or_default()),
                ("Event", show::sentence(&it.uid)),
                ("To", show::plain(&it.address)),
                ("State", it.state.to_string()),
                ("Detail", detail(it.detail.as_deref())),
                ("Written", output::stamp(zone, Some(it.created_at))),
                ("Sent", output::stamp(zone, it.sent_at)),
                ("Caused by", show::sentence(it.user_name.unwrap_or_default())),
                ("Key", show::sentence(it.key_name.unwrap_or_default())),
                ("Tries", it.attempts.to_string()),
                ("Answers lost", it.answers_lost.to_string()),
                ("Message-ID", show::sentence(&it.message_id)),
            ];
            if matches!(*it.state, MessageState::Waiting | MessageState::Gathered) {
                rows.push(("Not before", output::stamp(zone, Some(it.due_at))));
            }
            match &said {
                Ok((rendered, note)) => {
                    let note = note.as_ref().map(show::sentence).unwrap_or_default();
                    rows.push(("Note", note));
                    rows.push(("Subject", show::sentence(&rendered.subject)));
                }
                Err(why) => rows.push(("Not sent", show::sentence(why))),
            }
            let mut out = BufWriter::new(anstream::stdout().lock());
            for (name, text) in rows.iter().filter(|(_, text)| !text.is_empty()) {
                writeln!(out, "{name:<13}  {text}")?;
            }
            if let Ok((rendered, _)) = &said {
                writeln!(out)?;
                for line in show::lines(rendered.text.trim_end()) {
                    writeln!(out, "{line}")?;
                }
            }
            Ok(out.flush()?)
        })
    }
}
