//! The preview of a clear, and applying all of it or selected lines.

use std::collections::HashSet;
use std::ops::Range;

use answers::report::Entry;
use askama::Template;
use axum::http::StatusCode;
use clearing::Reason;
use facts::Event;
use ical::Zone;
use operations::{Applied, Chosen, Error, Left, Limit, Message, Preview, PreviewLine};
use store::calendars::Calendar;
use store::history::{RemovalKind, Starter, Way};

use crate::show;
use crate::web::admin::clearing::reasons::{because, left_alone};
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::format::{name, period};
use crate::web::admin::frame::page::{Page, Section, html, html_with};
use crate::web::admin::frame::pager::{ON_A_PAGE, Pager, link};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;
use crate::web::admin::rooms::calendar::{Head, Unreachable};
use crate::web::admin::rooms::priorities::event_query;

/// The length of a line's short key: 48 bits, unique among the lines of a calendar.
const SHORT_KEY: usize = 12;
/// The largest number of lines that are applied at once.
const MAX_AT_ONCE: usize = 3_000;
/// The length of the name in a selected line, for the report that it was not applied.
const KEPT_OF_NAME: usize = 60;

struct PreviewRow {
    /// The value that is sent if it is selected.
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
    /// Whether the reader may select it; a line that waits for a confirmation needs the right to
    /// confirm.
    may_choose: bool,
}

struct KeptRow {
    name: String,
    when: String,
    organizer: Option<String>,
    path: String,
    beside: Option<String>,
    why: String,
}

#[derive(Template)]
#[template(path = "admin/clearing/preview.html")]
struct PreviewPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    lines: Vec<PreviewRow>,
    total: usize,
    /// Whether any overlap is kept.
    is_any_kept: bool,
    all: Option<All>,
    beyond_limit: Option<String>,
    /// Whether the reader may confirm removals beyond the limit.
    may_confirm: bool,
    /// Whether there is any line that the reader may select.
    may_apply: bool,
    left_alone: Vec<KeptRow>,
    pager: Pager,
    unreadable: Vec<(String, String)>,
    warnings: Vec<(String, String)>,
    outcome: Option<ApplyResult>,
    /// Whether all lines are selected.
    is_all_chosen: bool,
    /// The page with all lines selected, and with none.
    selections: [String; 2],
}

/// There is no preview, because the calendar's server does not answer.
#[derive(Template)]
#[template(path = "admin/clearing/preview_none.html")]
struct NoPreviewPage {
    t: &'static Texts,
    p: Page,
    c: Head,
    unreachable: Unreachable,
}

/// All lines of a preview, if there are more than one page.
struct All {
    /// Their short keys, concatenated.
    keys: String,
    button: String,
    shown: String,
}

/// The result of the last apply.
struct ApplyResult {
    done: String,
    /// The lines that were not applied, and why.
    left: Vec<(String, String)>,
    /// The number of lines that no longer exist.
    gone: Option<String>,
    failed: Vec<String>,
}

fn value(line: &PreviewLine) -> String {
    let name: String = show::plain(&line.removal.event.name).chars().take(KEPT_OF_NAME).collect();
    format!(
        "{}\t{}\t{}\t{name}",
        line.removal.key, line.removal.event.original.0, line.removal.event.uid
    )
}

fn chosen(text: &str) -> Option<Chosen> {
    let mut parts = text.splitn(4, '\t').map(str::to_owned);
    let mut next = || parts.next();
    Some(Chosen { key: next()?, original: next()?.parse().ok()?, uid: next()?, name: next()? })
}

/// The short keys of a form, which are concatenated.
fn short_keys(text: &str) -> HashSet<&str> {
    let keys = (0..MAX_AT_ONCE).map_while(|at| text.get(at * SHORT_KEY..(at + 1) * SHORT_KEY));
    keys.collect()
}

fn short_key(line: &PreviewLine) -> &str {
    line.removal.key.get(..SHORT_KEY).unwrap_or(&line.removal.key)
}

/// The form to apply all lines, if there are more than one page.
fn all(t: &Texts, lines: &[PreviewLine], shown: &Range<usize>, may_confirm: bool) -> Option<All> {
    if lines.len() <= ON_A_PAGE {
        return None;
    }
    let of_reader = || lines.iter().filter(|it| may_confirm || !it.waits);
    let at_once: Vec<_> = of_reader().take(MAX_AT_ONCE).collect();
    let button = match at_once.len() < of_reader().count() {
        true => t.apply_first(at_once.len()),
        false => t.apply_all(at_once.len()),
    };
    Some(All {
        keys: at_once.iter().map(|it| short_key(it)).collect(),
        button,
        shown: t.preview_part(t.from_to(shown.start + 1, shown.end.min(lines.len())), lines.len()),
    })
}

/// The part of a list on a page.
fn on_page<'l, T>(list: &'l [T], page: &Range<usize>) -> &'l [T] {
    &list[page.start.min(list.len())..page.end.min(list.len())]
}

fn line(t: &Texts, zone: &Zone, slug: &str, it: &PreviewLine, may_confirm: bool) -> PreviewRow {
    let removal = &it.removal;
    let (what, word) = match removal.kind {
        _ if it.waits => ("waits", t.waits_for_confirmation),
        RemovalKind::CancelledOverlapping => ("goes", t.kind_cancelled),
        RemovalKind::DeletedCancelled => ("cancelled", t.kind_leftover),
        _ => ("goes", t.kind_deleted),
    };
    let why = match &removal.because {
        Some(by) => because(t, zone, by),
        None => t.why_leftover_short.to_string(),
    };
    let why = if it.waits { format!("{why} {}", t.left_limit) } else { why };
    let others = removal.conflicts.len().saturating_sub(1);
    let others = if others > 0 { t.and_others(others) } else { String::new() };
    let (name, when) = (name(t, &removal.event), period(t, zone, &removal.event));
    PreviewRow {
        value: value(it),
        label: t.choose_line(&name, &when),
        organizer: removal.event.organizer.clone(),
        path: event_path(slug, &removal.event),
        what,
        word: word.to_string(),
        winner: removal
            .winner()
            .map(|it| (crate::web::admin::frame::format::name(t, it), period(t, zone, it))),
        why: format!("{why} {others}").trim().to_owned(),
        told: match &it.told {
            Ok(address) if address.is_empty() => Ok(t.private_event.to_string()),
            Ok(address) => Ok(address.clone()),
            Err(message) => Err(t.message(message)),
        },
        may_choose: may_confirm || !it.waits,
        name,
        when,
    }
}

fn kept_row(t: &Texts, zone: &Zone, slug: &str, it: &Entry<Event>) -> KeptRow {
    KeptRow {
        name: name(t, &it.event),
        organizer: it.event.organizer.clone(),
        path: event_path(slug, &it.event),
        when: period(t, zone, &it.event),
        beside: it.overlaps_with.as_ref().map(|it| name(t, it)),
        why: {
            let why = it.reason.map(|reason| why_kept(t, reason, it.detail.as_ref()));
            let why = why.unwrap_or_default();
            let by = it.because.as_ref().map(|it| format!(" {}", because(t, zone, &it.because)));
            why + &by.unwrap_or_default()
        },
    }
}

fn why_kept(t: &Texts, reason: Reason, detail: Option<&Message>) -> String {
    let reason = left_alone(t, reason);
    let detail = detail.map(|it| show::sentence(t.message(it))).unwrap_or_default();
    format!("{reason} {detail}").trim().to_owned()
}

/// The link to the page of an event.
fn event_path(slug: &str, event: &Event) -> String {
    let query = event_query(&event.uid, &event.start.0.to_string());
    format!("/admin/calendars/{slug}/event?{query}")
}

fn show_with(
    context: &RequestContext,
    calendar: &Calendar,
    preview: &Preview,
    outcome: Option<ApplyResult>,
) -> Answer {
    let t = context.texts();
    let zone = Zone::iana(&calendar.zone).unwrap_or_else(Zone::utc);
    let may_confirm = context.is_administrator();
    let path = format!("/admin/calendars/{}/preview", calendar.slug);
    let lists = [&preview.kept.len(), &preview.unreadable.len(), &preview.warnings.len()];
    let most = lists.into_iter().fold(preview.lines.len(), |most, list| most.max(*list));
    // After an apply, what was not selected stays so, until somebody selects it.
    let select = context.query.value("select");
    let is_all_chosen = match select {
        Some(word) => word == "all",
        None => outcome.is_none(),
    };
    let parameters = [("select", select.unwrap_or_default())];
    let pager = Pager::numbered(context, &path, &parameters, most, ON_A_PAGE);
    let number = context.query.text("page");
    let selections = ["all", "none"].map(|it| link(&path, &[("select", it), ("page", number)]));
    let page = pager.range();
    let lines = on_page(&preview.lines, &page).iter();
    let left_alone = on_page(&preview.kept, &page).iter();
    let unreadable = on_page(&preview.unreadable, &page).iter();
    let warnings = on_page(&preview.warnings, &page).iter();
    html(&PreviewPage {
        t,
        p: context.page(Section::Calendars),
        c: Head::new(context, calendar, "preview"),
        lines: lines.map(|it| line(t, &zone, &calendar.slug, it, may_confirm)).collect(),
        total: preview.lines.len(),
        is_any_kept: !preview.kept.is_empty(),
        all: all(t, &preview.lines, &page, may_confirm),
        beyond_limit: preview
            .beyond_limit
            .map(|objects| t.beyond_limit(objects, calendar.safety_limit)),
        may_confirm,
        may_apply: may_confirm || preview.lines.iter().any(|it| !it.waits),
        left_alone: left_alone.map(|it| kept_row(t, &zone, &calendar.slug, it)).collect(),
        pager,
        unreadable: unreadable
            .map(|it| (show::plain(&it.object), show::sentence(t.message(&it.error))))
            .collect(),
        warnings: warnings.map(|it| (show::plain(&it.object), t.message(&it.detail))).collect(),
        outcome,
        is_all_chosen,
        selections,
    })
}

/// `GET /admin/calendars/{calendar}/preview`
pub async fn show(context: RequestContext) -> Answer {
    let calendar = context.calendar()?;
    let preview = match context.app.service.preview(calendar, &context.reader()?).await {
        Err(Error::Server { detail, .. }) => {
            let page = NoPreviewPage {
                t: context.texts(),
                p: context.page(Section::Calendars),
                c: Head::new(&context, calendar, "preview"),
                unreachable: Unreachable::new(&context, calendar, &detail).await?,
            };
            return html_with(StatusCode::BAD_GATEWAY, &page);
        }
        preview => preview?,
    };
    show_with(&context, calendar, &preview, None)
}

/// `POST /admin/calendars/{calendar}/apply`
pub async fn apply(context: RequestContext) -> Answer {
    let (t, form, calendar) = (context.texts(), &context.form, context.calendar()?);
    let (service, reader) = (&context.app.service, context.reader()?);
    let (chosen, gone): (Vec<Chosen>, usize) = if form.is_ticked("everything") {
        // All lines: the preview is computed again, and lines that no longer exist, because
        // something about them changed, are not applied.
        let keys = short_keys(form.text("keys"));
        let preview = service.preview(calendar, &reader).await?;
        let still = preview.lines.iter().filter(|it| keys.contains(short_key(it)));
        let chosen: Vec<_> = still.filter_map(|it| chosen(&value(it))).collect();
        let gone = keys.len() - chosen.len();
        (chosen, gone)
    } else {
        (form.values("line").filter_map(chosen).collect(), 0)
    };
    if chosen.is_empty() && gone == 0 {
        return Err(Refused::Unfit(t.nothing_chosen));
    }
    // The limit is lifted only if the page showed that it is reached, and by a user who may do so.
    let is_confirmed = context.is_administrator() && form.is_ticked("beyond_limit");
    let limit = if is_confirmed { Limit::Lifted } else { Limit::Holds };
    let starter = Starter { user: Some(context.user()?.id), ..Starter::of(Way::Site) };
    let count = chosen.len();
    let applied = service.apply_preview(calendar, chosen, limit, starter, &reader).await?;
    let preview = service.preview(calendar, &reader).await?;
    let outcome = outcome(t, &applied, count, gone);
    show_with(&context, calendar, &preview, Some(outcome))
}

/// Why a selected line was not applied.
fn why_left(t: &Texts, it: &Left, failed: bool) -> String {
    match it.reason {
        Some(reason) => why_kept(t, reason, it.detail.as_ref()),
        None if failed => t.left_failed.to_string(),
        None => t.left_changed_since.to_string(),
    }
}

fn outcome(t: &Texts, applied: &Applied, chosen: usize, gone: usize) -> ApplyResult {
    let done = chosen - applied.left.len();
    let failed = !applied.report.failed_calendars.is_empty();
    let named = |name: &str| if name.is_empty() { t.unnamed.to_string() } else { name.to_owned() };
    ApplyResult {
        done: match done {
            0 => t.applied_nothing.to_string(),
            some => t.applied_some(some),
        },
        left: applied
            .left
            .iter()
            .map(|it| (named(&it.line.name), why_left(t, it, failed)))
            .collect(),
        gone: match gone {
            0 => None,
            some => Some(t.gone_some(some)),
        },
        failed: applied
            .report
            .failed_calendars
            .iter()
            .map(|it| show::sentence(t.message(&it.error)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_keys_are_read_as_far_as_they_are_whole_and_no_more_than_are_applied_at_once() {
        assert_eq!(short_keys("").len(), 0);
        assert_eq!(short_keys("0123456789ab0123"), HashSet::from(["0123456789ab"]));
        // A multi-byte character across a boundary is no key.
        assert_eq!(short_keys("0123456789aä0123456789ab").len(), 0);
        let many: String = (0..=MAX_AT_ONCE).map(|at| format!("{at:012x}")).collect();
        assert_eq!(short_keys(&many).len(), MAX_AT_ONCE);
    }

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
