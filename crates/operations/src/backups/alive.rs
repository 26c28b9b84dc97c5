//! The sign of life of a server: while there is one, nothing replaces the content of the database. A server that finds
//! another content than it started with ends, because it has decided on what is gone.

use std::time::Duration;

use store::{archive, servers};
use tokio::time::sleep;

use crate::{Result, Service};

/// How often it is given: a third of [`servers::ALIVE_SECONDS`].
const EVERY: Duration = Duration::from_secs(10);

/// A server that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningServer {
    /// The mark of the last restore when it started.
    mark: Option<String>,
}

impl Service {
    /// Writes down that this process is a server. It waits for a restore that is in progress.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn begin_to_serve(&self) -> Result<RunningServer> {
        let transaction = self.store.begin().await?;
        servers::keep(&transaction, &self.process, self.now().0).await?;
        let mark = archive::last_mark(&transaction).await?;
        transaction.commit().await?;
        Ok(RunningServer { mark })
    }

    /// Gives signs of life until the content of the database was replaced: a backup was restored while this process was
    /// silent.
    pub async fn serve_until_replaced(&self, server: &RunningServer) {
        loop {
            sleep(EVERY).await;
            match self.is_replaced(server).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the sign of life could not be written"),
            }
        }
    }

    /// Gives a sign of life; whether the content of the database was replaced since the server began.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn is_replaced(&self, server: &RunningServer) -> Result<bool> {
        let transaction = self.store.begin().await?;
        if !servers::keep(&transaction, &self.process, self.now().0).await?
            && archive::last_mark(&transaction).await? != server.mark
        {
            // Its row goes with the transaction.
            return Ok(true);
        }
        transaction.commit().await?;
        Ok(false)
    }

    /// Writes down that this process is no server any more.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn end_serving(&self) -> Result<()> {
        let transaction = self.store.begin().await?;
        servers::forget(&transaction, &self.process).await?;
        Ok(transaction.commit().await?)
    }
}
