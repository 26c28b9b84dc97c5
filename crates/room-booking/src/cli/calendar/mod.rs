//! `calendar`: rooms, people with access, and events.

mod content;
mod list;
mod remove;
mod room;
mod rules;
mod server;
mod settings;
mod values;

pub(super) use server::fetch;

use super::Failure;

/// Adds, changes, lists and removes calendars, and imports and exports events
#[derive(clap::Args, Debug)]
pub(super) struct Calendar {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Add(settings::Add),
    Discover(server::Discover),
    Sync(server::SyncCommand),
    Set(settings::Set),
    List(list::List),
    Assign(rules::Assign),
    Unassign(rules::Unassign),
    Import(content::Import),
    Export(content::Export),
    Prioritise(rules::Prioritise),
    Protect(rules::Protect),
    Rules(rules::Rules),
    Remove(remove::Remove),
}

impl Calendar {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::Add(add) => add.run(),
            Action::Discover(discover) => discover.run(),
            Action::Sync(sync) => sync.run(),
            Action::Set(set) => set.run(),
            Action::List(list) => list.run(),
            Action::Assign(assign) => assign.run(),
            Action::Unassign(unassign) => unassign.run(),
            Action::Import(import) => import.run(),
            Action::Export(export) => export.run(),
            Action::Prioritise(prioritise) => prioritise.run(),
            Action::Protect(protect) => protect.run(),
            Action::Rules(rules) => rules.run(),
            Action::Remove(remove) => remove.run(),
        }
    }
}
