//! What the program does automatically: clears, recovery, delivery.

use operations::Mode;
use rand::RngExt as _;

use crate::gate::Kind;
use crate::replica;
use crate::set_up::SLUGS;
use crate::world::World;

impl World {
    pub(crate) fn clear(&mut self, which: usize, room: usize, mode: Mode) -> Result<(), String> {
        let word = if mode == Mode::Real { "clears" } else { "looks at" };
        let what = format!("{word} room {room}");
        self.operate(which, &what, Kind::Clear, replica::clear(SLUGS[room], mode))?;
        Ok(())
    }

    pub(crate) fn recover(&mut self, which: usize) -> Result<(), String> {
        self.operate(which, "recovers", Kind::Clear, replica::recover())?;
        self.operate(which, "finishes moves and divisions", Kind::Link, replica::finish())?;
        Ok(())
    }

    pub(crate) fn deliver(&mut self, which: usize) -> Result<(), String> {
        self.operate(which, "looks for free hours", Kind::Clear, replica::give_second_chances())?;
        let is_killed = self.random.random_range(0..8) == 0;
        self.mail.kill_next(is_killed && self.due_messages()? == 1);
        self.operate(which, "delivers", Kind::Other, replica::deliver())?;
        self.mail.kill_next(false);
        Ok(())
    }

    fn due_messages(&self) -> Result<usize, String> {
        let now = self.now();
        self.count(&format!(
            "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND due_at <= {now}"
        ))
    }
}
