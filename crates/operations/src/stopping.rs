//! The end of the process, for everything that has to know of it.

use tokio::sync::watch;
use tokio::time::Interval;

use crate::{Error, MessageId, Result, Service};

/// How far the end of the process is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It is not ending.
    #[default]
    Running,
    /// Jobs begin nothing new: other processes on the database do. What was begun goes on.
    Draining,
    /// Runs that have not ended by now are cut off, and recorded as such.
    CutOff,
}

/// Says how far the end of the process is. Clones share it.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Sender<Stage>);

impl Default for Stopping {
    fn default() -> Stopping {
        Stopping(watch::Sender::new(Stage::Running))
    }
}

impl Stopping {
    /// Goes on to a stage; never back to an earlier one.
    pub fn advance(&self, stage: Stage) {
        self.0.send_if_modified(|now| {
            let is_later = *now < stage;
            *now = stage.max(*now);
            is_later
        });
    }

    /// Whether a stage has come.
    pub fn has_come(&self, stage: Stage) -> bool {
        *self.0.borrow() >= stage
    }

    /// Waits until a stage comes.
    pub async fn comes(&self, stage: Stage) {
        // It fails only without a sender, and this is one.
        let _ = self.0.subscribe().wait_for(|now| *now >= stage).await;
    }

    /// The next tick of a job; false once the process drains, and the job ends.
    pub async fn tick(&self, ticks: &mut Interval) -> bool {
        tokio::select! {
            biased;
            () = self.comes(Stage::Draining) => false,
            _ = ticks.tick() => true,
        }
    }
}

impl Service {
    /// Does work of a run, unless the process ends before it is done: then it is dropped where it waits.
    /// Changes of which a request was sent stay in doubt, as after a crash.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if it was cut off.
    pub(crate) async fn unless_cut_off<T>(
        &self,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        tokio::select! {
            biased;
            done = work => done,
            () = self.stopping.comes(Stage::CutOff) => {
                Err(Error::Busy(MessageId::ServerStopped.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_comes_once_and_for_all_clones() {
        testing::block_on(async {
            let stopping = Stopping::default();
            let clone = stopping.clone();
            let waiting = tokio::spawn(async move { clone.comes(Stage::Draining).await });
            assert!(!stopping.has_come(Stage::Draining));
            stopping.advance(Stage::CutOff);
            stopping.advance(Stage::Draining);
            waiting.await.unwrap();
            assert!(stopping.has_come(Stage::CutOff));
            let mut ticks = tokio::time::interval(std::time::Duration::from_secs(60));
            assert!(!stopping.tick(&mut ticks).await, "a job begins nothing new");
        });
    }
}
