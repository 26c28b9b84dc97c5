//! Pending removals as the API and `pending list --json` print them.

use facts::Event;
use operations::PendingRemoval;
use serde::Serialize;
use store::PendingId;

/// The list, ready to be written as JSON.
#[derive(Serialize)]
pub struct PendingAnswer {
    pending: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    id: PendingId,
    calendar: String,
    event: Event,
    overlaps_with: Option<Event>,
    made_at: String,
    warned_at: Option<String>,
    removal_at: Option<String>,
    decision: Option<&'static str>,
    needs_attention: bool,
}

impl PendingAnswer {
    /// That of some pending removals.
    pub fn of(all: Vec<PendingRemoval>) -> PendingAnswer {
        let listed = |it: PendingRemoval| {
            let needs_attention = it.needs_attention();
            let zone = it.removal.event.zone.clone();
            let printed = |at| facts::time::rfc3339(&zone, at);
            Listed {
                id: it.id,
                calendar: it.calendar,
                overlaps_with: it.removal.winner().cloned(),
                event: it.removal.event,
                made_at: printed(it.made_at),
                warned_at: it.warned_at.map(printed),
                removal_at: it.removal_at.map(printed),
                decision: it.decision.map(|it| it.as_str()),
                needs_attention,
            }
        };
        PendingAnswer { pending: all.into_iter().map(listed).collect() }
    }
}
