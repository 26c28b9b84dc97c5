//! The context of commands that use the database.

use std::pin::Pin;

use operations::Service;
use tokio::runtime::Builder;

use super::{Failure, output};
use crate::settings::{Flags, Settings};

/// The context of a command.
pub(super) struct Context {
    /// The effective settings.
    pub settings: Settings,
    /// The operations, on the database of the settings.
    pub service: Service,
}

/// Whether a command may create the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Database {
    /// It must exist: in a wrong folder, a command would find nothing to do and say so.
    IsThere,
    /// It is created if it does not exist.
    MayBeNew,
}

/// Runs asynchronous work on the database of the settings.
pub(super) fn run_async<T>(
    flags: &Flags,
    database: Database,
    work: impl AsyncFnOnce(&Context) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let settings = Settings::of_process(flags)?;
    block_on(async {
        let context = Context::open(settings, database).await?;
        let done = work(&context).await;
        context.close().await;
        done
    })
}

impl Context {
    async fn open(settings: Settings, database: Database) -> Result<Context, Failure> {
        let service = open(&settings, database).await?;
        Ok(Context { settings, service })
    }

    async fn close(self) {
        self.service.finish_runs().await;
        // Committed changes stay, so errors on closing do not matter.
        let _ = self.service.store.close().await;
    }
}

/// Waits for asynchronous work.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut done = None;
    // Boxed, so that the runtime is not compiled once for each command.
    wait_for(Box::pin(async { done = Some(work.await) }))?;
    done.unwrap_or_else(|| Err(Failure::Failed("the work did not end".to_owned())))
}

fn wait_for(work: Pin<Box<dyn Future<Output = ()> + '_>>) -> Result<(), Failure> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::Failed(format!("cannot start to work: {error}")))?;
    runtime.block_on(work);
    // What still computes on another thread is no longer needed, and nobody waits for it.
    runtime.shutdown_background();
    Ok(())
}

/// Opens the database of the settings.
pub(super) async fn open(settings: &Settings, database: Database) -> Result<Service, Failure> {
    let missing = settings.database_file().filter(|path| !path.exists());
    match (&missing, database) {
        (Some(path), Database::IsThere) => {
            return Err(Failure::Failed(format!(
                "there is no database {} yet; set DATA_DIR to the folder that it is in (or \
                 DATABASE_URL), or begin with `room-booking user add`",
                path.display()
            )));
        }
        (Some(path), Database::MayBeNew) => {
            output::note(&format!("A new database is made: {}", path.display()))?;
        }
        (None, _) => {}
    }
    settings.open().await.map_err(Failure::Failed)
}
