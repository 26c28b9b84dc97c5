//! The tables of a report as files.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use clearing::Reason;
use facts::{Month, time};
use ical::Zone;
use operations::{MonthlyReport, RoomMonth};

use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::report::charts::percent;
use crate::web::admin::report::csv::csv;
use crate::web::admin::report::page::{report, share};

/// The English names of the days: a file is for programs.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `GET /admin/report.csv`
pub async fn download(context: RequestContext) -> Answer {
    let nothing = || Refused::nothing(context.texts().nothing_here);
    let month = context.query.text("month");
    if !month.is_empty() && Month::parse(month).is_none() {
        return Err(nothing());
    }
    let table = context.query.text("table");
    let of_table: fn(&MonthlyReport, &Zone) -> Vec<Vec<String>> = match table {
        "rooms" => rooms,
        "hours" => hours,
        "conflicts" => conflicts,
        "series" => series,
        "organizers" if !context.is_administrator() => return Err(Refused::Forbidden),
        "organizers" => organizers,
        _ => return Err(nothing()),
    };
    let report = report(&context).await?;
    let text = csv(of_table(&report, &context.app.settings.time_zone));
    let file = format!("attachment; filename=\"report-{}-{table}.csv\"", report.month);
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, file)];
    Ok((headers, text).into_response())
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

/// Hours with two digits behind the point.
fn decimal(seconds: i64) -> String {
    let hundredths = (seconds.max(0) + 18) / 36;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn rooms(report: &MonthlyReport, _: &Zone) -> Vec<Vec<String>> {
    let names = [
        "month",
        "calendar",
        "name",
        "hours_booked",
        "percent_of_month",
        "hours_used_twice",
        "unreadable_events",
    ];
    let row = |it: &RoomMonth| {
        vec![
            report.month.to_string(),
            it.slug.clone(),
            it.name.clone(),
            decimal(it.usage.booked),
            share(it).to_string(),
            decimal(it.usage.used_twice),
            it.usage.unreadable.to_string(),
        ]
    };
    [head(&names)].into_iter().chain(report.rooms.iter().map(row)).collect()
}

fn hours(report: &MonthlyReport, _: &Zone) -> Vec<Vec<String>> {
    let names = ["month", "weekday", "hour", "hours_booked", "hours_in_month", "percent"];
    let (usage, hours, _) = report.in_all();
    let mut rows = vec![head(&names)];
    for ((used, of), day) in usage.by_hour.iter().zip(&hours).zip(DAYS) {
        for (hour, (used, of)) in used.iter().zip(of).enumerate() {
            rows.push(vec![
                report.month.to_string(),
                day.to_owned(),
                hour.to_string(),
                decimal(*used),
                decimal(*of),
                percent(*used, *of).to_string(),
            ]);
        }
    }
    rows
}

fn conflicts(report: &MonthlyReport, _: &Zone) -> Vec<Vec<String>> {
    let names = [
        "month",
        "calendar",
        "name",
        "found",
        "removed",
        "settled",
        "kept",
        "leftovers_removed",
        "restored",
    ];
    let mut first = head(&names);
    first.extend(Reason::ALL.map(|it| format!("kept_{}", it.as_str())));
    let row = |it: &RoomMonth| {
        let c = &it.conflicts;
        let numbers = [c.found, c.removed, c.settled, c.kept_in_all(), c.leftovers, c.restored];
        let of = |reason: Reason| {
            let found = c.kept.iter().find(|(it, _)| *it == reason);
            found.map_or(0, |(_, number)| *number)
        };
        let by_reason = Reason::ALL.map(of);
        let texts = [report.month.to_string(), it.slug.clone(), it.name.clone()];
        let numbers = numbers.into_iter().chain(by_reason).map(|it| it.to_string());
        texts.into_iter().chain(numbers).collect()
    };
    [first].into_iter().chain(report.rooms.iter().map(row)).collect()
}

fn series(report: &MonthlyReport, zone: &Zone) -> Vec<Vec<String>> {
    let names =
        ["calendar", "name", "uid", "event", "organizer", "next_date", "organizer_last_seen"];
    let all = report.series.iter().flatten();
    let rows = all.map(|it| {
        vec![
            it.slug.clone(),
            it.room.clone(),
            it.event.uid.clone(),
            it.event.name.clone(),
            it.event.organizer.clone().unwrap_or_default(),
            time::rfc3339(&it.event.zone, it.event.start),
            it.last_seen.map(|at| time::rfc3339(zone, at)).unwrap_or_default(),
        ]
    });
    [head(&names)].into_iter().chain(rows).collect()
}

fn organizers(report: &MonthlyReport, zone: &Zone) -> Vec<Vec<String>> {
    let names = ["address", "refused_at", "answer"];
    let all = report.addresses.iter().flatten();
    let rows = all
        .map(|it| vec![it.address.clone(), time::rfc3339(zone, it.refused_at), it.answer.clone()]);
    [head(&names)].into_iter().chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn hours_have_two_digits_behind_the_point() {
        assert_eq!(
            [0, 3_600, 5_400, 900, 36].map(decimal),
            ["0.00", "1.00", "1.50", "0.25", "0.01"]
        );
    }
}
