//! `mail test`: a test message.

use operations::{NewTemplate, command_line};

use super::service::{Database, run_async};
use super::template::texts_of;
use super::{Failure, output};
use crate::settings::Flags;
use crate::show;

/// Tests the mail server
#[derive(clap::Args, Debug)]
pub(super) struct Mail {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Test(Test),
}

/// Sends a sample of a template to an address immediately
///
/// `room-booking doctor` diagnoses the mail server.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking mail test ann@example.org
  room-booking mail test ann@example.org --template German")]
struct Test {
    /// The recipient
    address: String,

    /// The template
    #[arg(long, value_name = "NAME", default_value = "English")]
    template: String,

    #[command(flatten)]
    flags: Flags,
}

impl Mail {
    pub fn run(self) -> Result<(), Failure> {
        let Action::Test(test) = self.action;
        run_async(&test.flags, Database::IsThere, async |context| {
            let row = context.service.template(&test.template).await?;
            let (by, new) = (command_line(), NewTemplate::written(&row.name, texts_of(&row)));
            let words = context.service.send_test(&by, &new, &test.address).await?;
            let address = show::plain(&test.address);
            output::line(&format!("Sent to {address}; the server says: {}", show::sentence(&words)))
        })
    }
}
