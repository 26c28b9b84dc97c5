//! What people ask of the program itself, over the API.

use operations::Requested;
use rand::RngExt as _;

use crate::built_in::{self, Deed, moment};
use crate::event::{DAY, Event, SLOT, shown};
use crate::gate::Kind;
use crate::mail::Link;
use crate::replica;
use crate::set_up::SLUGS;
use crate::world::World;

/// Links that somebody tries at once, until one of them does something.
const MAX_BUTTONS: usize = 3;

impl World {
    /// Somebody follows a link of a message, perhaps one that was followed before, and another where it does nothing.
    pub(crate) fn follow_a_link(&mut self, which: usize) -> Result<(), String> {
        let mut links = self.mail.links();
        // Few bookings can be moved, so those who can do so often do.
        if self.of_links.random_range(0..3) == 0 && links.iter().any(|it| it.1.moves) {
            links.retain(|it| it.1.moves);
        }
        // As few as can restore what they lost.
        if self.of_links.random_range(0..2) == 0 {
            let offered = self.count(&format!(
                "SELECT COALESCE(MAX(mail_links.id), 0) FROM mail_links \
                   JOIN calendars ON calendars.id = calendar_id \
                 WHERE act = 'restore' AND used_at IS NULL AND expires_at > {} AND slug <> '{}'",
                self.now(),
                built_in::SLUG
            ))?;
            let is_offered = |number: i64| usize::try_from(number) == Ok(offered);
            if links.iter().any(|it| is_offered(it.0)) {
                links.retain(|it| is_offered(it.0));
            }
        }
        if links.is_empty() || self.of_links.random_range(0..5) < 2 {
            return Ok(());
        }
        for _ in 0..MAX_BUTTONS {
            // Mostly one of the latest.
            let last = self.of_links.random_range(0..links.len().min(6));
            let (number, Link { token, .. }) = links[links.len() - 1 - last].clone();
            if self.press(which, number, &token)? {
                // They press the button once more, or forward the message.
                self.press(which, number, &token)?;
                break;
            }
        }
        Ok(())
    }

    /// Follows a link, and says whether that did something.
    fn press(&mut self, which: usize, number: i64, token: &str) -> Result<bool, String> {
        // The model of the built-in room knows of nothing that is done there by links.
        let is_built_in = self.count(&format!(
            "SELECT COUNT(*) FROM mail_links JOIN calendars ON calendars.id = calendar_id \
             WHERE mail_links.id = {number} AND slug = '{}'",
            built_in::SLUG
        ))?;
        if is_built_in > 0 {
            return Ok(false);
        }
        let order = replica::follow(token.to_owned());
        let done = self.operate(which, &format!("follows link {number}"), Kind::Link, order)?;
        let has_acted = matches!(&done, Some(Ok(act)) if replica::is_act(act));
        if has_acted && !self.links_used.insert(number) {
            self.gate.accuse(format!("link {number} acted twice"));
        }
        Ok(has_acted)
    }

    /// Somebody books or deletes on the server over the API.
    pub(crate) fn ask(&mut self, which: usize, room: usize) -> Result<(), String> {
        let slug = SLUGS[room];
        let mut events = self.gate.events(room);
        // Not by UID: those of bookings do not repeat.
        events.sort_by(|one, other| one.name.cmp(&other.name));
        let ahead: Vec<&Event> = events.iter().filter(|it| it.start > self.now()).collect();
        if !ahead.is_empty() && self.random.random_range(0..4) == 0 {
            let event = ahead[self.random.random_range(0..ahead.len())];
            let what = format!("deletes {} because it is asked to", event.name);
            let order = replica::delete(self.caller.clone(), slug, event.uid.clone());
            return self.operate(which, &what, Kind::Request, order).map(|_| ());
        }
        self.booked += 1;
        let start = (self.now() / DAY + self.random.random_range(0..4)) * DAY;
        let start = start + self.random.random_range(16..36) * SLOT;
        let start = if start > self.now() { start } else { start + DAY };
        let requested = Requested {
            name: format!("Api {}", self.booked),
            start: moment(start),
            end: moment(start + self.random.random_range(1..4) * SLOT),
            organizer: Some("panel@example.org".to_owned()),
            ..Requested::default()
        };
        let what = format!("books {} at {} if that is free", requested.name, shown(start));
        let order = replica::book(self.caller.clone(), slug, requested);
        self.operate(which, &what, Kind::Book, order).map(|_| ())
    }

    /// Somebody divides a series on the server: from one of its dates on, it gets another name. Whether there was one.
    pub(crate) fn divide_a_series(&mut self, which: usize, room: usize) -> Result<bool, String> {
        if self.of_divisions.random_range(0..3) == 0 {
            return Ok(false);
        }
        let now = self.now();
        let is_ours = |it: &Event| it.organizer.is_none() || it.is_unscheduled;
        let later = |it: &Event| {
            let starts = it.occurrences().into_iter().map(|it| it.0);
            starts.filter(|start| *start > now.max(it.start)).collect::<Vec<i64>>()
        };
        let mut events = self.gate.events(room);
        events.retain(|it| !it.is_cancelled && is_ours(it) && !later(it).is_empty());
        // Not by UID: those of bookings do not repeat.
        events.sort_by(|one, other| one.name.cmp(&other.name));
        if events.is_empty() {
            return Ok(false);
        }
        let event = events.swap_remove(self.of_divisions.random_range(0..events.len()));
        let dates = later(&event);
        let from = dates[self.of_divisions.random_range(0..dates.len())];
        self.divided += 1;
        let name = format!("{} {}", event.name, self.divided);
        let what = format!("divides {} at {}", event.name, shown(from));
        let order = replica::divide(self.caller.clone(), SLUGS[room], (event.uid, from), name);
        self.operate(which, &what, Kind::Divide, order)?;
        Ok(true)
    }

    /// Somebody does something in the built-in room.
    pub(crate) fn in_the_built_in_room(&mut self, which: usize) -> Result<(), String> {
        for _ in 0..3 {
            self.advance(60);
            let now = self.now();
            let deed = self.built_in.choose(&mut self.random, now);
            self.built_in_deed(which, &deed)?;
        }
        Ok(())
    }

    pub(crate) fn built_in_deed(&mut self, which: usize, deed: &Deed) -> Result<(), String> {
        let now = self.now();
        let order = deed.order(self.caller.clone(), now);
        let Some(answer) = self.operate(which, &deed.to_string(), Kind::BuiltIn, order)? else {
            return Ok(());
        };
        if let Some(wrong) = self.built_in.done(deed, &answer, now) {
            self.gate.accuse(wrong);
        }
        Ok(())
    }
}
