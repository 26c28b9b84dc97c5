//! The day page: all rooms side by side, the search for a free one, and what needs attention. The site opens with it.

use std::collections::HashMap;

use askama::Template;
use facts::time;
use ical::Zone;
use ical::civil::Day;
use operations::Attention;
use store::calendars::Calendar;
use store::rooms::{self, Room};
use store::secrets::random_text;
use store::site::Overview;

use crate::web::admin::attention::{Panel, panel};
use crate::web::admin::bookings::confirmed::confirmed;
use crate::web::admin::bookings::day_rooms::{
    Columns, Part, RoomColumn, RoomDay, hours_of, place_of_wanted, style, window_of,
};
use crate::web::admin::bookings::find_room::{FoundRooms, Search, SearchForm};
use crate::web::admin::bookings::week::{clamp, iso, with_style};
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::page::{Page, Section, html};
use crate::web::admin::frame::pager::{Pager, link};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

/// Rooms of one page, so that a page stays light.
const ROOMS_ON_A_PAGE: usize = 16;

#[derive(Template)]
#[template(path = "admin/bookings/day.html")]
struct DayPage {
    t: &'static Texts,
    p: Page,
    title: String,
    panel: Panel,
    search: SearchForm,
    /// The rooms that are free at the time that is looked for.
    found: Option<FoundRooms>,
    columns: Vec<RoomColumn>,
    hours: Vec<String>,
    /// The classes of the time that is looked for.
    wanted: Option<String>,
    /// The rooms that are shown, from the first to the last, and how many there are.
    range: Option<String>,
    pager: Pager,
    previous: String,
    next: String,
    today: Option<String>,
    nonce: String,
    style: String,
}

/// The calendars that the signed-in user sees, by name as in [`Attention::calendars`], with their rooms.
struct Seen {
    calendars: Vec<Calendar>,
    rooms: HashMap<store::CalendarId, Room>,
}

impl Seen {
    async fn by(context: &RequestContext, attention: &Attention) -> Result<Seen, Refused> {
        let mut calendars = context.calendars_seen().await?;
        let order: HashMap<_, _> =
            attention.calendars.iter().enumerate().map(|(index, it)| (it.id, index)).collect();
        calendars.retain(|it| order.contains_key(&it.id));
        calendars.sort_by_key(|it| order.get(&it.id).copied());
        Ok(Seen { calendars, rooms: rooms::all(&context.app.service.store).await? })
    }

    fn room(&self, calendar: &Calendar) -> Option<&Room> {
        self.rooms.get(&calendar.id)
    }

    /// The zone of most rooms, so that the day is the one that most people have.
    fn zone(&self) -> Option<&str> {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for it in &self.calendars {
            *numbers.entry(&it.zone).or_default() += 1;
        }
        numbers.into_iter().max_by_key(|(zone, number)| (*number, *zone)).map(|(zone, _)| zone)
    }
}

/// `GET /admin`
pub async fn show(context: RequestContext) -> Answer {
    let t = context.texts();
    let service = &context.app.service;
    let attention = service.attention(context.user()?).await?;
    let seen = Seen::by(&context, &attention).await?;
    let zone = seen.zone().and_then(Zone::iana);
    let zone = zone.unwrap_or_else(|| context.app.settings.time_zone.clone());
    let today = zone.civil(service.now()).day();
    let day = context.query.value("date").and_then(time::date).map_or(today, clamp);
    let search = Search::read(&context.query, day);
    let (found, errors) = match search.find(&context, &seen.calendars).await? {
        Ok(found) => (found, Vec::new()),
        Err(errors) => (None, errors),
    };
    let wanted = search.wanted();
    let fitting: Vec<&Calendar> = seen
        .calendars
        .iter()
        .filter(|it| seen.room(it).is_some_and(|room| wanted.fits(room)))
        .collect();
    let to = |day: Day| {
        let date = iso(clamp(day));
        let mut pairs = vec![("date", date.as_str())];
        pairs.extend(search.filters());
        link("/admin", &pairs)
    };
    let date = iso(day);
    let mut pairs = vec![("date", date.as_str())];
    pairs.extend(search.filters());
    let times = search.times();
    pairs.extend(times.iter().map(|(name, value)| (*name, value.as_str())));
    // The room that was just booked is on the page.
    let room = context.query.text("room");
    let row = fitting.iter().position(|it| it.slug == room);
    let of = (fitting.len(), ROOMS_ON_A_PAGE);
    let pager = Pager::numbered_at(&context, "/admin", &pairs, of, row);
    let range = pager.range();
    let states: HashMap<_, &Overview> = attention.calendars.iter().map(|it| (it.id, it)).collect();
    let reader = context.reader()?;
    let mut days = Vec::with_capacity(range.len());
    for calendar in &fitting[range.clone()] {
        let (Some(room), Some(state)) = (seen.room(calendar), states.get(&calendar.id)) else {
            continue;
        };
        let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
        let window = window_of(&zone, day);
        let (events, more) = service.day_as_known(calendar, window, &reader).await?;
        days.push(RoomDay { calendar, room, state, zone, events, more });
    }
    let booked = days.iter().find(|it| it.calendar.slug == room).and_then(|it| {
        confirmed(&context, it.calendar, &it.zone, it.events.iter().map(|it| &it.event))
    });
    let wanted = found.as_ref().and(search.time());
    let hours = hours_of(&days, day, wanted);
    let columns = Columns { t, day, now: service.now(), hours, zone: zone.name().to_owned() };
    let columns: Vec<RoomColumn> = days.into_iter().map(|it| columns.column(it)).collect();
    let nonce = random_text(22);
    let all_rooms: Vec<&Room> = seen.calendars.iter().filter_map(|it| seen.room(it)).collect();
    let page = DayPage {
        t,
        p: context.page(Section::Start).in_zone(zone.name()).about(booked),
        title: t.language.words.long_day(day),
        panel: panel(&context, &attention),
        search: search.form(t, &all_rooms, &errors),
        found,
        style: style(&columns, hours, wanted),
        columns,
        hours: (hours.start / 60..=hours.end / 60).map(|hour| format!("{hour:02}:00")).collect(),
        wanted: wanted.map(place_of_wanted),
        range: (fitting.len() > range.len())
            .then(|| t.rooms_of(range.start + 1, range.end, fitting.len())),
        pager,
        previous: to(day - 1),
        next: to(day + 1),
        today: (day != today).then(|| to(today)),
        nonce,
    };
    with_style(html(&page)?, &page.nonce)
}
