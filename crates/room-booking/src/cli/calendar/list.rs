//! `calendar list`.

use std::io::{BufWriter, Write};

use clearing::RankBy;
use facts::Word as _;
use serde::Serialize;
use store::calendars;
use store::{objects, templates};

use crate::cli::service::{Context, Database, run_async};
use crate::cli::{Failure, output, table};
use crate::settings::Flags;
use crate::show;

/// Lists calendars
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking calendar list --json | jq '.calendars[] | {slug, objects}'")]
pub(super) struct List {
    /// Print all settings as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// The answer of `calendar list --json`.
#[derive(Serialize)]
struct Answer {
    calendars: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    slug: String,
    name: String,
    kind: &'static str,
    zone: String,
    room_address: Option<String>,
    contact_address: Option<String>,
    horizon_days: u32,
    tolerance_minutes: u32,
    safety_limit: u32,
    free_blocks: bool,
    unknown_zone: &'static str,
    rank_by: &'static str,
    conflicts: &'static str,
    grace_hours: u32,
    schedule_minutes: Option<u32>,
    watch_seconds: Option<u32>,
    answers: bool,
    restores_at_once: bool,
    takes_moves: bool,
    template: Option<String>,
    announces: Vec<&'static str>,
    users: Vec<String>,
    building: Option<String>,
    floor: Option<String>,
    capacity: Option<i64>,
    features: Vec<String>,
    description: Option<String>,
    objects: i64,
}

impl Listed {
    /// When it is cleared.
    fn cleared(&self) -> String {
        let by_schedule = self.schedule_minutes.map(|minutes| match minutes {
            1 => "every minute".to_owned(),
            minutes => format!("every {minutes} minutes"),
        });
        let when_changed = self.watch_seconds.map(|_| "when changed".to_owned());
        match (when_changed, by_schedule) {
            (Some(watch), Some(schedule)) => format!("{watch}, {schedule}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => "on request".to_owned(),
        }
    }
}

impl List {
    pub fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let calendars = listed(context).await?;
            if self.json {
                return output::json(&Answer { calendars });
            }
            let heading = show::count(calendars.len(), "calendar", "calendars");
            let columns = ["Calendar", "Name", "Kind", "Time zone", "Objects", "Cleared", "Users"];
            let rows = calendars.iter().map(|it| {
                vec![
                    it.slug.clone(),
                    show::plain(&it.name),
                    it.kind.to_owned(),
                    it.zone.clone(),
                    it.objects.to_string(),
                    it.cleared(),
                    show::sentence(it.users.join(", ")),
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
    let mut listed = Vec::new();
    let all_templates = templates::all(store).await?;
    let mut rooms = context.service.rooms().await?;
    for it in calendars::all(store).await? {
        let room = rooms.remove(&it.id).unwrap_or_default();
        let template = all_templates.iter().find(|template| Some(template.id) == it.template);
        let kinds = [
            ("deleted", it.announces.deleted),
            ("cancelled", it.announces.cancelled),
            ("leftovers", it.announces.leftovers),
            ("ignored", it.announces.ignored),
        ];
        listed.push(Listed {
            template: template.map(|template| template.name.clone()),
            announces: kinds.into_iter().filter(|it| it.1).map(|it| it.0).collect(),
            users: calendars::users_of(store, it.id).await?,
            building: room.building,
            floor: room.floor,
            capacity: room.capacity,
            features: room.features,
            description: room.description,
            objects: objects::count(store, it.id).await?,
            kind: it.backend.kind().as_str(),
            rank_by: match it.rank_by {
                RankBy::Created => "created",
                RankBy::HeldSince => "held-since",
            },
            conflicts: it.conflicts.as_str(),
            grace_hours: it.grace_hours,
            slug: it.slug,
            name: it.name,
            zone: it.zone,
            room_address: it.room_address,
            contact_address: it.contact_address,
            horizon_days: it.horizon_days,
            tolerance_minutes: it.tolerance_minutes,
            safety_limit: it.safety_limit,
            free_blocks: it.free_blocks,
            unknown_zone: it.unknown_zones.as_str(),
            schedule_minutes: it.schedule_minutes,
            watch_seconds: it.watch_seconds,
            answers: it.answers,
            restores_at_once: it.restores_at_once,
            takes_moves: it.takes_moves,
        });
    }
    Ok(listed)
}
