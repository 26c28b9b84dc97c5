//! What a clear would do now, and doing exactly that: all of it, or chosen lines.

use askama::Template;
use ical::Zone;
use operations::report::{Entry, ShownEvent};
use operations::{Applied, Chosen, Limit, Preview, PreviewLine};
use store::calendars::Calendar;
use store::history::{Kind, Starter};

use super::calendar::Head;
use super::errors::{Answer, Refused};
use super::favours::event_query;
use super::format::{name, period};
use super::page::{Page, Section, html};
use super::reasons::{advantage, left_alone};
use super::text::Texts;
use super::visit::Visit;
use crate::show;

/// Lines of a preview on one page; further ones come when these are applied, or all at once.
const MAX_LINES: usize = 50;
/// Characters of a name that a chosen line carries, for saying that it was left.
const KEPT_OF_NAME: usize = 60;

struct Line {
    /// What is sent of it when it is chosen.
    value: String,
    label: String,
    name: String,
    when: String,
    organizer: Option<String>,
    path: String,
    what: &'static str,
    word: String,
    winner: Option<(String, String)>,
    why: String,
    told: Result<String, String>,
}

struct LeftAloneLine {
    name: String,
    when: String,
    beside: Option<String>,
    why: String,
}

#[derive(Template)]
#[template(path = "admin/preview.html")]
struct PreviewPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    lines: Vec<Line>,
    total: usize,
    all: String,
    beyond_limit: Option<String>,
    may_apply: bool,
    left_alone: Vec<LeftAloneLine>,
    left_alone_total: usize,
    unreadable: Vec<(String, String)>,
    outcome: Option<Outcome>,
}

/// What applying has just come to.
struct Outcome {
    done: String,
    left: Vec<String>,
    failed: Vec<String>,
}

fn value(line: &PreviewLine) -> String {
    let name: String = show::plain(&line.event.name).chars().take(KEPT_OF_NAME).collect();
    format!("{}\t{}\t{}\t{name}", line.key, line.event.lies.original.0, line.event.uid)
}

fn chosen(text: &str) -> Option<Chosen> {
    let mut parts = text.splitn(4, '\t').map(str::to_owned);
    let mut next = || parts.next();
    Some(Chosen { key: next()?, original: next()?.parse().ok()?, uid: next()?, name: next()? })
}

fn line(t: &Texts, zone: &Zone, slug: &str, it: &PreviewLine) -> Line {
    let (what, word) = match it.kind {
        Kind::CancelledOverlapping => ("goes", t.kind_cancelled),
        Kind::DeletedCancelled => ("cancelled", t.kind_leftover),
        _ => ("goes", t.kind_deleted),
    };
    let why = match it.won_by {
        Some(by) => advantage(t, by),
        None => t.why_leftover_short,
    };
    let others = if it.others > 0 { t.and_others.with(it.others) } else { String::new() };
    let query = event_query(&it.event.uid, &it.event.lies.start.0.to_string());
    let (name, when) = (name(t, &it.event), period(zone, &it.event));
    Line {
        value: value(it),
        label: t.choose_line.with_both(&name, &when),
        organizer: it.event.organizer.clone(),
        path: format!("/admin/calendars/{slug}/event?{query}"),
        what,
        word: word.to_string(),
        winner: it.winner.as_ref().map(|it| (super::format::name(t, it), period(zone, it))),
        why: format!("{why} {others}").trim().to_owned(),
        told: it.told.clone(),
        name,
        when,
    }
}

fn left_alone_line(t: &Texts, zone: &Zone, it: &Entry<ShownEvent>) -> LeftAloneLine {
    let reason = left_alone(t, it.reason.unwrap_or_default());
    let detail = it.detail.as_deref().map(show::sentence).unwrap_or_default();
    LeftAloneLine {
        name: name(t, &it.event),
        when: period(zone, &it.event),
        beside: it.overlaps_with.as_ref().map(|it| name(t, it)),
        why: format!("{reason} {detail}").trim().to_owned(),
    }
}

fn show_with(
    visit: &Visit,
    calendar: &Calendar,
    preview: &Preview,
    outcome: Option<Outcome>,
) -> Answer {
    let t = visit.texts();
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let is_beyond = preview.beyond_limit.is_some();
    let left_alone = preview.left_alone.iter().take(MAX_LINES);
    html(&PreviewPage {
        t,
        p: visit.page(Section::Calendars),
        c: Head::new(visit, calendar, "preview"),
        lines: preview
            .lines
            .iter()
            .take(MAX_LINES)
            .map(|it| line(t, &zone, &calendar.slug, it))
            .collect(),
        total: preview.lines.len(),
        all: preview.all.clone(),
        beyond_limit: preview
            .beyond_limit
            .map(|objects| t.beyond_limit.with_both(objects, calendar.safety_limit)),
        may_apply: !is_beyond || visit.is_administrator(),
        left_alone: left_alone.map(|it| left_alone_line(t, &zone, it)).collect(),
        left_alone_total: preview.left_alone.len(),
        unreadable: preview
            .unreadable
            .iter()
            .take(MAX_LINES)
            .map(|it| (show::plain(&it.object), show::sentence(&it.error)))
            .collect(),
        outcome,
    })
}

/// `GET /admin/calendars/{calendar}/preview`
pub async fn show(visit: Visit) -> Answer {
    let calendar = visit.calendar()?;
    let preview = visit.app.service.preview(calendar).await?;
    show_with(&visit, calendar, &preview, None)
}

/// `POST /admin/calendars/{calendar}/apply`
pub async fn apply(visit: Visit) -> Answer {
    let (t, form, calendar) = (visit.texts(), &visit.form, visit.calendar()?);
    let service = &visit.app.service;
    let chosen: Vec<Chosen> = if form.is_ticked("everything") {
        // More lines than a page has: their common name says whether they are still the same.
        let preview = service.preview(calendar).await?;
        if preview.all != form.text("all") {
            return Err(Refused::Conflict(t.preview_changed.to_string()));
        }
        preview.lines.iter().filter_map(|it| chosen(&value(it))).collect()
    } else {
        form.values("line").filter_map(chosen).collect()
    };
    if chosen.is_empty() {
        return Err(Refused::Invalid(t.nothing_chosen.to_string()));
    }
    // The limit is lifted only where the page has said that it is met, and by whoever may do that.
    let is_confirmed = visit.is_administrator() && form.is_ticked("beyond_limit");
    let limit = if is_confirmed { Limit::Lifted } else { Limit::Holds };
    let starter = Starter { by: "site", user: Some(visit.user()?.id), key: None };
    let count = chosen.len();
    let applied = service.apply_preview(calendar, chosen, limit, starter).await?;
    let preview = service.preview(calendar).await?;
    let outcome = outcome(t, &applied, count);
    show_with(&visit, calendar, &preview, Some(outcome))
}

fn outcome(t: &Texts, applied: &Applied, chosen: usize) -> Outcome {
    let done = chosen - applied.left.len();
    let named = |name: &str| if name.is_empty() { t.unnamed.to_string() } else { name.to_owned() };
    Outcome {
        done: match done {
            0 => t.applied_nothing.to_string(),
            1 => t.applied_one.to_string(),
            some => t.applied_some.with(some),
        },
        left: applied.left.iter().map(|it| named(&it.name)).collect(),
        failed: applied
            .report
            .failed_calendars
            .iter()
            .map(|it| show::sentence(&it.error))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_line_is_read_back_whatever_its_uid_and_name_hold() {
        let text = "abc\t-5\tuid with blanks & <b>\tname\twith a tab";
        let read = chosen(text).unwrap();
        assert_eq!(read.uid, "uid with blanks & <b>");
        assert_eq!((read.original, read.name.as_str()), (-5, "name\twith a tab"));
        for text in ["", "abc", "abc\tx\tuid\tname", "abc\t1\tuid"] {
            assert_eq!(chosen(text), None, "{text}");
        }
    }
}
