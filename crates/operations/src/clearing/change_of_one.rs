//! What a clear changes in one object.

use std::collections::HashSet;
use std::sync::Arc;

use answers::report::Report;
use facts::{Event, Loss};

use crate::changes::change::Change;
use crate::changes::intent::Intent;
use crate::clearing::plan_answers::Acceptance;
use crate::room::snapshot::Snapshot;

/// What changes in one object.
#[derive(Debug)]
pub(crate) struct ChangeOfOne {
    /// Index of its resource in the snapshot.
    pub resource: usize,
    /// The text that is to be written; `None` to delete the resource.
    pub text: Option<Vec<u8>>,
    /// What goes by it.
    pub loss: Loss,
    /// The invitation that it accepts, if it does.
    pub acceptance: Option<Acceptance>,
    /// Indices of the resources of the strongest staying events that it gives way to.
    pub winners: HashSet<usize>,
}

impl ChangeOfOne {
    /// The change, of a calendar as it was.
    pub fn of(&self, snapshot: &Snapshot) -> Change {
        let intent = match &self.acceptance {
            None => Intent::Clear(self.loss.clone()),
            Some(acceptance) => Intent::Answer {
                accepted: acceptance.accepted.clone(),
                loss: Some(self.loss.clone()).filter(|it| !it.removals.is_empty()),
            },
        };
        Change {
            href: snapshot.places[self.resource].href.clone(),
            uid: self.loss.uid.clone(),
            before: Some(snapshot.resource(self.resource)),
            after: self.text.clone(),
            intent,
            was_free: false,
        }
    }

    /// The part of it that only accepts, if it does more than that.
    pub fn answer_alone(&self) -> Option<ChangeOfOne> {
        let acceptance = self.acceptance.as_ref()?;
        let text = acceptance.alone.clone()?;
        let loss = Loss { removals: Vec::new(), ..self.loss.clone() };
        let acceptance = Acceptance { alone: None, ..acceptance.clone() };
        let (text, acceptance) = (Some(text), Some(acceptance));
        Some(ChangeOfOne {
            resource: self.resource,
            text,
            loss,
            acceptance,
            winners: HashSet::new(),
        })
    }

    /// Adds it to a report.
    pub fn add_to(&self, report: &mut Report<Event>, slug: &Arc<str>) {
        report.add_loss(slug, &self.loss);
        if let Some(acceptance) = &self.acceptance {
            report.add_accepted(slug, &acceptance.accepted, self.loss.removals.len());
        }
    }
}
