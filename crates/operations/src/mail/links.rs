//! Links in messages that act without a sign-in: who gets which, and their addresses (section 7 of the contract).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clearing::Address;
use facts::{LinkDate, LinkSubject, MAX_LINK_DATES, Removal};
use ical::Moment;
use mail::{FreeRoom, Links, MoveLink, Notice};
use store::calendars::{self, Calendar};
use store::delivery::ClaimedMessage;
use store::mail_links::{self, LinkAct, LinkRow, NewLink};
use store::outbox::MessageKind;
use store::{CalendarId, LinkId, OutboxId, Transaction, history};

use crate::mail::free_rooms::takes;
use crate::room::linked::Linked;
use crate::room::snapshot::Snapshot;
use crate::{Error, MessageId, Result, Service};

/// The path below which links are.
pub const LINK_PATH: &str = "/links/";

/// In which transaction, for which calendar and when links are written down.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    pub transaction: &'p Transaction,
    pub calendar: CalendarId,
    pub now: Moment,
}

impl Place<'_> {
    /// Leaves the links of a message about occurrences of one event. Only its organizer gets some: the contact address
    /// acts on the site. They work until the event begins.
    pub async fn leave_links(
        &self,
        message: OutboxId,
        (removals, address): (&[&Removal], &str),
        acts: &[LinkAct],
    ) -> Result<()> {
        let Some(first) = removals.first() else { return Ok(()) };
        let organizer = first.event.organizer.as_deref();
        if organizer.is_none_or(|it| Address::new(it) != Address::new(address)) {
            return Ok(());
        }
        // A message to the organizer of several winners is about several events.
        let is_of_it = |it: &&Removal| it.event.uid == first.event.uid && it.event.start > self.now;
        let subject = subject_of(removals.iter().copied().filter(is_of_it));
        let Some(subject) = subject else { return Ok(()) };
        for act in acts {
            let until = subject.last_start();
            self.leave_link(*act, message, (address, &first.event.uid), (&subject, until)).await?;
        }
        Ok(())
    }

    /// Leaves one link of a message, which works until a moment.
    pub async fn leave_link(
        &self,
        act: LinkAct,
        message: OutboxId,
        (address, uid): (&str, &str),
        (subject, until): (&LinkSubject, Moment),
    ) -> Result<LinkId> {
        let link = NewLink {
            act,
            address,
            message,
            calendar: self.calendar,
            uid,
            subject,
            expires_at: until.0,
            now: self.now.0,
        };
        Ok(mail_links::insert(self.transaction, &link).await?)
    }
}

/// What a link about some occurrences of one event is about; nothing if there are none.
pub(crate) fn subject_of<'r>(
    removals: impl Iterator<Item = &'r Removal> + Clone,
) -> Option<LinkSubject> {
    let first = removals.clone().next()?;
    let date = |it: &Removal| LinkDate {
        original: it.event.original,
        start: it.event.start,
        end: it.event.end,
    };
    let mut dates: Vec<LinkDate> = removals.map(date).take(MAX_LINK_DATES).collect();
    dates.sort_by_key(|it| it.start);
    Some(LinkSubject {
        organizer: first.event.organizer.clone(),
        dates,
        other: first.winner().map(|it| (it.uid.clone(), it.original)),
    })
}

/// What the recipient of a message can do.
#[derive(Clone, Debug, Default)]
pub(crate) struct WaysOn {
    /// Without signing in.
    pub links: Links,
    /// Rooms that are free for the whole time.
    pub free_rooms: Vec<FreeRoom>,
}

/// How many people an event is for, as far as its attendees tell.
fn count_people(text: &[u8]) -> usize {
    let Ok(calendar) = ical::Calendar::parse(text) else { return 0 };
    let all = calendar.objects().iter().flat_map(|object| calendar.events_of(object));
    all.map(|it| it.count_attendees()).max().unwrap_or_default()
}

impl Service {
    /// What the recipient of a message can do, as it is sent: the links that still work, and rooms that are free instead.
    /// The message is more important than its links: where these cannot be made, as without SECRET_KEY, it has none.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub(crate) async fn ways_on(
        &self,
        message: &ClaimedMessage,
        names_closed_rooms: bool,
    ) -> Result<WaysOn> {
        match self.ways_of(message, names_closed_rooms).await {
            Err(error) if !error.is_outage() => {
                tracing::warn!(%error, message = message.id.0, "a message goes without links");
                Ok(WaysOn::default())
            }
            ways => ways,
        }
    }

    async fn ways_of(&self, message: &ClaimedMessage, names_closed_rooms: bool) -> Result<WaysOn> {
        let mut ways = WaysOn::default();
        for row in &mail_links::of_message(&self.store, message.id, self.now().0).await? {
            let address = self.address_of_link(row).await?;
            match *row.act {
                LinkAct::GiveUp => {
                    // Its page lists all dates, also those that the message leaves out.
                    if row.subject()?.dates.len() > 1 {
                        ways.links.all_dates = Some(address.clone());
                    }
                    ways.links.give_up = Some(address);
                }
                LinkAct::Ask => ways.links.ask = Some(address),
                LinkAct::Restore => ways.links.restore = Some(address),
                LinkAct::List => ways.links.all_dates = Some(address),
                LinkAct::Move => {
                    self.name_rooms(&mut ways, (row, &address), names_closed_rooms).await?;
                }
            }
        }
        if *message.kind == MessageKind::Removed {
            ways.free_rooms = self.rooms_for_removed(message, names_closed_rooms).await?;
        }
        Ok(ways)
    }

    /// The rooms that are free at all times to come at which a message says that an event lost its room to another one.
    async fn rooms_for_removed(
        &self,
        message: &ClaimedMessage,
        names_closed_rooms: bool,
    ) -> Result<Vec<FreeRoom>> {
        let Some(calendar) = self.calendar_of_message(message).await? else {
            return Ok(Vec::new());
        };
        let notice: Notice = serde_json::from_str(&message.data).map_err(store::Error::from)?;
        let whole = [(notice.event.start, notice.event.end, &notice.overlap_events)];
        let dates = notice.occurrences.iter().map(|it| (it.start, it.end, &it.overlap_events));
        let all = dates.chain(whole.into_iter().filter(|_| notice.occurrences.is_empty()));
        // Who called a meeting off needs no other room.
        let (now, lost) = (self.now(), all.filter(|it| !it.2.is_empty()));
        let hours = lost.map(|(start, end, _)| (Moment(start), Moment(end)));
        let hours: Vec<_> = hours.filter(|it| it.0 > now).collect();
        if hours.is_empty() {
            return Ok(Vec::new());
        }
        let text = match message.change_id {
            Some(id) => history::change(&self.store, id).await?.and_then(|it| it.before_text),
            None => None,
        };
        let people = text.as_deref().map_or(0, count_people);
        let rooms = self.rooms_instead(&calendar, (&hours, people), !names_closed_rooms).await?;
        Ok(rooms.into_iter().map(|it| self.free_room(it, names_closed_rooms)).collect())
    }

    async fn calendar_of_message(&self, message: &ClaimedMessage) -> Result<Option<Calendar>> {
        match message.calendar_id {
            Some(id) => Ok(calendars::by_id(&self.store, id).await?),
            None => Ok(None),
        }
    }

    /// A room that is free, with the page of its week for people of the house.
    fn free_room(&self, room: Calendar, is_inside: bool) -> FreeRoom {
        let url = is_inside.then(|| format!("{}/admin/calendars/{}", self.public_url, room.slug));
        FreeRoom { name: room.name, url }
    }

    /// Names the rooms to which the event of a link can be moved, or that are free.
    async fn name_rooms(
        &self,
        ways: &mut WaysOn,
        (row, address): (&LinkRow, &str),
        names_closed_rooms: bool,
    ) -> Result<()> {
        let Some(calendar) = calendars::by_id(&self.store, row.calendar_id).await? else {
            return Ok(());
        };
        let snapshot = Snapshot::of_uid(&self.store, &calendar, &row.uid).await?;
        let subject = row.subject()?;
        let Some(linked) = Linked::of(&snapshot, &subject) else { return Ok(()) };
        let (now, people) = (self.now(), linked.people);
        let only_open = !names_closed_rooms;
        let whole = linked.hours_to_move(&snapshot, now).unwrap_or_default();
        for room in self.rooms_instead(&calendar, (&whole, people), only_open).await? {
            if takes(&room, &calendar) {
                let url = format!("{address}?room={}", room.slug);
                ways.links.r#move.push(MoveLink { room: room.name, url });
            } else {
                ways.free_rooms.push(self.free_room(room, names_closed_rooms));
            }
        }
        if ways.links.r#move.is_empty() && ways.free_rooms.is_empty() {
            // It cannot be moved, or no room is free for all dates of a series.
            let hours = linked.hours(now);
            let rooms = self.rooms_instead(&calendar, (&hours, people), only_open).await?;
            let named = rooms.into_iter().map(|it| self.free_room(it, names_closed_rooms));
            ways.free_rooms.extend(named);
        }
        Ok(())
    }

    async fn address_of_link(&self, row: &LinkRow) -> Result<String> {
        let signature = URL_SAFE_NO_PAD.encode(row.signature(self.vault().await?)?);
        Ok(format!("{}{LINK_PATH}{}.{signature}", self.public_url, row.id))
    }

    /// The link that a part of an address stands for: its number and its signature.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is none of this program's.
    pub(crate) async fn link_of(&self, token: &str) -> Result<LinkRow> {
        let unknown = || Error::NotFound(MessageId::MailLinkUnknown.into());
        let (id, signature) = token.split_once('.').ok_or_else(unknown)?;
        let id: i64 = id.parse().map_err(|_| unknown())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| unknown())?;
        let row = mail_links::by_id(&self.store, LinkId(id)).await?.ok_or_else(unknown)?;
        let expected = row.signature(self.vault().await?)?;
        match store::secrets::is_same(&signature, &expected) {
            true => Ok(row),
            false => Err(unknown()),
        }
    }
}
