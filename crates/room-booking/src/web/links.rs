//! The pages behind links in messages: what a link would do, and one button that does it (section 7 of the contract).
//!
//! They need no sign-in and set no cookie: the address itself, which is signed, says that its reader may do this. GET
//! changes nothing, because programs follow links in mails.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use governor::Quota;
use ical::{Moment, Zone};
use operations::{Clock, Error, GivenUp, LINK_PATH, LinkChoice, LinkPage, LinkState};
use store::mail_links::LinkAct;

use crate::show;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::format::{name, period, stamp};
use crate::web::admin::frame::page::{self, Page, Section, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};
use crate::web::admin::guard::{accepted_languages, in_language, read_form};
use crate::web::rate::KeyedLimiter;
use crate::web::{App, address};

/// Requests of one address in a minute.
const A_MINUTE: u32 = 60;
/// Addresses that are counted apart.
const MAX_ADDRESSES: usize = 10_000;
/// Keeps programs that follow links from these pages.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// The limit of requests for links, by address.
pub type LinkLimit = KeyedLimiter<IpAddr>;

/// The limit of requests for links.
pub fn limit(clock: &Clock) -> LinkLimit {
    let quota = Quota::per_minute(NonZeroU32::new(A_MINUTE).unwrap_or(NonZeroU32::MIN));
    KeyedLimiter::new(quota, MAX_ADDRESSES, clock)
}

#[derive(Template)]
#[template(path = "links/link.html")]
struct LinkTemplate {
    t: &'static Texts,
    p: Page,
    title: Text,
    lead: String,
    room: String,
    zone: String,
    /// The name of the booking; `None` if it is not the one any more.
    booking: Option<String>,
    dates: Vec<String>,
    /// The booking that it overlaps, and its organizer.
    other: Option<(String, Option<String>)>,
    /// Who decides about the room.
    contact: Option<String>,
    /// What there is to do; `None` if there is nothing.
    form: Option<LinkForm>,
}

/// The form of a link that can be used.
struct LinkForm {
    version: String,
    /// What the choices are about.
    legend: Text,
    /// Values of `what`, with what they mean.
    choices: Vec<(String, String)>,
    /// The one that is chosen, counted from 1.
    chosen: usize,
    button: Text,
    is_danger: bool,
    expires: String,
}

/// `GET` and `POST /links/{token}`
pub async fn link(
    State(app): State<App>,
    Path(token): Path<String>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut context =
        RequestContext::anonymous(app.clone()).in_language(&accepted_languages(&parts.headers));
    context.query = Arc::new(Form::read(parts.uri.query().unwrap_or_default().as_bytes()));
    context.path = format!("{LINK_PATH}{token}").into();
    let answer = answer(&app, &context, &token, (parts, body)).await;
    let response = answer.unwrap_or_else(|refused| page::error(&context, &refused));
    let mut response = in_language(context.texts(), response);
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    response
}

async fn answer(
    app: &App,
    context: &RequestContext,
    token: &str,
    (parts, body): (Parts, Body),
) -> Answer {
    let client = address::of_request(&parts, &app.settings.trusted_proxies);
    app.links.check(&address::counted(client)).map_err(Refused::TooMany)?;
    if parts.method != Method::POST {
        return show(context, token, StatusCode::OK, None).await;
    }
    let form = read_form(&parts.headers, body).await?;
    let version = form.text("version");
    let followed = match choice(&form) {
        Some(choice) => app.service.follow_link(token, version, choice).await,
        None => return Err(Refused::Unfit(context.texts().mail_link_choose)),
    };
    match followed {
        Ok(()) => {
            let target = format!("{}{LINK_PATH}{token}", app.base_path());
            let target = HeaderValue::from_str(&target).map_err(Refused::internal)?;
            Ok((StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response())
        }
        // The page says why, and shows the booking as it is now.
        Err(error @ (Error::Conflict(_) | Error::Taken(_))) => {
            let why = context.texts().message(&error.said());
            show(context, token, StatusCode::CONFLICT, Some(why)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What a form asks for.
fn choice(form: &Form) -> Option<LinkChoice> {
    Some(match form.text("what") {
        "dates" => LinkChoice::GiveUp(GivenUp::Dates),
        "event" => LinkChoice::GiveUp(GivenUp::Event),
        "ask" => LinkChoice::Ask,
        "restore" => LinkChoice::Restore,
        what => match what.split_once(' ')? {
            ("move", room) => LinkChoice::Move(room.to_owned()),
            ("date", original) => LinkChoice::GiveUp(GivenUp::Date(Moment(original.parse().ok()?))),
            _ => return None,
        },
    })
}

async fn show(
    context: &RequestContext,
    token: &str,
    status: StatusCode,
    why: Option<String>,
) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    let link = service.link_page(token).await?;
    let zone = Zone::iana(&link.calendar.zone).unwrap_or_default();
    let dates: Vec<String> = match &link.listed {
        Some(notice) => listed(t, &zone, notice),
        None => link.events.iter().map(|it| period(t, &zone, it)).collect(),
    };
    let booking = match &link.listed {
        Some(notice) => Some(show::plain(&notice.event.name)),
        None => link.events.first().map(|it| name(t, it)),
    };
    let other = link.other.as_ref().map(|it| (name(t, it), it.organizer.clone()));
    let (title, lead) = heading(t, &link);
    let page = LinkTemplate {
        t,
        p: context.page(Section::None),
        title,
        lead: why.unwrap_or_else(|| lead.to_string()),
        room: link.calendar.name.clone(),
        zone: zone.name().to_owned(),
        booking: booking.map(|it| if it.is_empty() { t.unnamed.to_string() } else { it }),
        form: form_of(t, &link, (&dates, &zone), context.query.text("room")),
        dates,
        other,
        contact: link.calendar.contact_address.clone(),
    };
    let status = match (status, link.state) {
        (StatusCode::OK, LinkState::Over | LinkState::Stale) => StatusCode::GONE,
        (status, _) => status,
    };
    html_with(status, &page)
}

/// All dates that a message is about, each with who has the room then.
fn listed(t: &Texts, zone: &Zone, notice: &mail::Notice) -> Vec<String> {
    let words = &t.language.words;
    let line = |it: &mail::Occurrence| {
        let when = words.period(zone, Moment(it.start), Moment(it.end), false);
        match it.overlap_events.first() {
            Some(other) => t.mail_link_list_line(when, show::plain(&other.name)),
            None => when,
        }
    };
    notice.occurrences.iter().take(mail::limits::MAX_OCCURRENCES).map(line).collect()
}

fn heading(t: &Texts, link: &LinkPage) -> (Text, Text) {
    match (link.state, link.act) {
        (LinkState::Open, LinkAct::List) => (t.mail_link_list_title, t.mail_link_list_lead),
        (_, LinkAct::List) => (t.mail_link_list_over_title, t.mail_link_list_over_lead),
        (LinkState::Open, LinkAct::Restore) => {
            (t.mail_link_restore_title, t.mail_link_restore_lead)
        }
        (LinkState::Used, LinkAct::Restore) => {
            (t.mail_link_restored_title, t.mail_link_restored_lead)
        }
        (LinkState::Over | LinkState::Stale, LinkAct::Restore) => {
            (t.mail_link_offer_over_title, t.mail_link_offer_over_lead)
        }
        (LinkState::Open, LinkAct::Move) if link.rooms.is_empty() => {
            (t.mail_link_no_room_title, t.mail_link_no_room_lead)
        }
        (LinkState::Open, LinkAct::Move) if link.is_recurring => {
            (t.mail_link_move_title, t.mail_link_move_series_lead)
        }
        (LinkState::Open, LinkAct::Move) => (t.mail_link_move_title, t.mail_link_move_lead),
        (LinkState::Used, LinkAct::Move) => (t.mail_link_moved_title, t.mail_link_moved_lead),
        (LinkState::Open, LinkAct::Ask) => (t.mail_link_ask_title, t.mail_link_ask_lead),
        (LinkState::Open, _) => (t.mail_link_give_up_title, t.mail_link_give_up_lead),
        (LinkState::Used, LinkAct::Ask) => (t.mail_link_asked_title, t.mail_link_asked_lead),
        (LinkState::Used, _) => (t.mail_link_given_up_title, t.mail_link_given_up_lead),
        (LinkState::Stale, LinkAct::Ask) => (t.mail_link_decided_title, t.mail_link_decided_lead),
        (LinkState::Over, _) => (t.mail_link_over_title, t.mail_link_over_lead),
        (LinkState::Stale, _) => (t.mail_link_stale_title, t.mail_link_stale_lead),
    }
}

fn form_of(
    t: &Texts,
    link: &LinkPage,
    (dates, zone): (&[String], &Zone),
    room: &str,
) -> Option<LinkForm> {
    let has_nothing =
        link.act == LinkAct::List || link.act == LinkAct::Move && link.rooms.is_empty();
    if link.state != LinkState::Open || has_nothing {
        return None;
    }
    let choices = match (link.act, link.is_recurring) {
        (LinkAct::Ask, _) => vec![("ask".to_owned(), String::new())],
        (LinkAct::Restore, _) => vec![("restore".to_owned(), String::new())],
        (LinkAct::List, _) => Vec::new(),
        (LinkAct::Move, _) => {
            let of_room = |(slug, name): &(String, String)| (format!("move {slug}"), name.clone());
            link.rooms.iter().map(of_room).collect()
        }
        (_, false) => vec![("event".to_owned(), String::new())],
        (_, true) => {
            let mut choices = Vec::new();
            if dates.len() > 1 {
                choices.push(("dates".to_owned(), t.mail_link_all_dates(dates.len())));
            }
            let of_date = |(event, date): (&facts::Event, &String)| {
                (format!("date {}", event.original.0), t.mail_link_one_date(date))
            };
            choices.extend(link.events.iter().zip(dates).map(of_date));
            if link.is_all_theirs {
                choices.push(("event".to_owned(), t.mail_link_series.to_string()));
            }
            choices
        }
    };
    let wanted =
        choices.iter().position(|(value, _)| value.split_once(' ') == Some(("move", room)));
    Some(LinkForm {
        version: link.version.clone(),
        legend: if link.act == LinkAct::Move { t.mail_link_which_room } else { t.mail_link_which },
        choices,
        chosen: wanted.unwrap_or_default() + 1,
        button: match link.act {
            LinkAct::Ask => t.mail_link_ask_button,
            LinkAct::Restore => t.mail_link_restore_button,
            LinkAct::Move => t.mail_link_move_button,
            _ => t.mail_link_give_up_button,
        },
        is_danger: link.act == LinkAct::GiveUp,
        expires: stamp(t, zone, link.expires_at.0),
    })
}
