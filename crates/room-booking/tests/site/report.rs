//! Monthly report: its numbers, its charts with the same numbers in tables, and its files.

use harness::web::Answer;
use operations::Clock;
use testing::{Database, block_on, ics, on_both_databases};

use crate::app::Site;

/// 2026-11-18T12:00:00Z, a Wednesday.
const NOW: i64 = 1_795_003_200;

/// A site in the middle of November with an hour that is used twice on the Tuesday before, and a name that a
/// spreadsheet would take for a formula.
async fn site(database: Database) -> Site {
    let site = Site::at(database, &[], Clock::manual(ical::Moment(NOW))).await;
    let event = |uid: &str, start: &str, end: &str| {
        ics::bare(uid)
            .line(format!("DTSTART;TZID=Europe/Berlin:20261117T{start}"))
            .line(format!("DTEND;TZID=Europe/Berlin:20261117T{end}"))
    };
    let series = event("series", "070000", "073000")
        .line("SUMMARY:=HYPERLINK(\"https://evil.example\")")
        .by("gone@example.org")
        .rule("FREQ=WEEKLY");
    let events = [
        event("a", "100000", "120000").line("SUMMARY:A").component(),
        event("b", "110000", "130000").line("SUMMARY:B").component(),
        series.component(),
    ];
    site.import("room-1", &events).await;
    site
}

/// What stands between two texts of a page.
fn between<'p>(page: &'p Answer, start: &str, end: &str) -> &'p str {
    let rest = page.text.split_once(start).unwrap_or_else(|| panic!("{start}: {}", page.text)).1;
    rest.split_once(end).unwrap().0
}

on_both_databases! {
    async fn the_report_has_the_numbers_of_the_month_as_charts_and_as_tables(database) {
        let site = site(database).await;
        let mut ann = site.browser(site.ann).await;
        let page = ann.get("/admin/report?month=2026-11").await;
        page.says("November 2026").says("This month is not over yet").says("Busiest room: The room-1, 4:00 hours");
        // Three hours of events, and two dates of the series.
        assert!(page.text.contains("<dt>Hours booked</dt><dd>4:00</dd>"), "{}", page.text);
        assert!(page.text.contains("<dt>Double-booked hours</dt><dd>1:00</dd>"), "{}", page.text);
        let bars = between(&page, "aria-labelledby=\"bars-title bars-desc\">", "</svg>");
        for part in ["<title id=\"bars-title\">", "<desc id=\"bars-desc\">", ">The room-1</text>", ">4:00</text>", "class=\"twice\" x=\"0\" y=\"17\" width=\"90\""] {
            assert!(bars.contains(part), "{part}: {bars}");
        }
        let table = between(&page, "Rooms as a table", "</table>");
        assert!(table.contains(">The room-1</a></th><td data-label=\"Hours booked\">4:00</td>"), "{table}");
        let map = between(&page, "aria-labelledby=\"map-title map-desc\">", "</svg>");
        // One of four Tuesdays, in one of two rooms.
        assert!(map.contains("<title>Tue 11:00: 13%</title>"), "{map}");
        assert_eq!(map.matches("class=\"track\"").count(), 168);
        let table = between(&page, "Hours of the week as a table", "</table>");
        assert!(table.contains("<th scope=\"row\">11:00</th><td>0</td><td>13</td>"), "{table}");
        page.says("No conflicts in this month").says("No such series").says("No such address");
        let older = ann.get(&page.link("/admin/report?month=2026-10")).await;
        older.says("October 2026").says("was not stored");
        older.link("/admin/report?month=2026-11");
        for month in ["2026-12", "nonsense", "9999-99"] {
            let page = ann.get(&format!("/admin/report?month={month}")).await;
            page.says("November 2026");
            assert!(!page.text.contains("Next month"), "{month}");
        }
    }

    async fn an_ordinary_user_sees_the_own_rooms_and_no_addresses(database) {
        let site = site(database).await;
        let mut bob = site.browser(site.bob).await;
        let page = bob.get("/admin/report").await;
        page.says("The room-1");
        assert!(!page.text.contains("The other") && !page.text.contains("Unknown addresses"));
        let csv = bob.get("/admin/report.csv?table=rooms").await.text;
        assert!(csv.contains("room-1") && !csv.contains("other"), "{csv}");
    }

    async fn each_table_is_a_file_in_which_no_name_is_a_formula(database) {
        let site = site(database).await;
        // Half a year later, nobody has seen the organizer of the series.
        site.service.clock.advance(std::time::Duration::from_secs(100 * 86_400));
        let mut ann = site.browser(site.ann).await;
        let mut lines = async |table: &str| -> Vec<String> {
            let file = ann.get(&format!("/admin/report.csv?month=2026-11&table={table}")).await;
            assert_eq!(file.status, 200, "{table}");
            assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
            let name = format!("attachment; filename=\"report-2026-11-{table}.csv\"");
            assert_eq!(file.header("content-disposition"), name);
            assert!(file.text.ends_with("\r\n"));
            file.text.lines().map(str::to_owned).collect()
        };
        let rooms = lines("rooms").await;
        assert_eq!(rooms[2], "2026-11,room-1,The room-1,4.00,1,1.00,0", "{rooms:?}");
        let hours = lines("hours").await;
        assert_eq!((hours.len(), hours[1 + 24 + 11].as_str()), (169, "2026-11,Tue,11,1.00,8.00,13"));
        assert!(lines("conflicts").await[0].ends_with(",restored,kept_started,kept_prioritised,kept_protected,kept_tolerated,kept_free,kept_changed,kept_refused,kept_pending,kept_report,kept_limit"));
        let series = lines("series").await;
        assert!(series[1].starts_with("room-1,The room-1,series,\"'=HYPERLINK(\"\"https://evil.example\"\")\",gone@example.org,"), "{series:?}");
        assert_eq!(lines("organizers").await, ["address,refused_at,answer"]);
    }
}

#[test]
fn a_site_without_rooms_says_so_and_a_german_reader_reads_german() {
    block_on(async {
        let site = site(Database::sqlite().await).await;
        let carol = site.setup().user("carol").await;
        let empty = site.browser(carol).await.get("/admin/report").await;
        empty.says("You have no access to any calendar");
        let mut ann = site.browser(site.ann).await;
        let page = ann
            .send(reqwest::Method::GET, "/admin/report", &[("accept-language", "de")], None)
            .await;
        page.says("Meistgenutzter Raum: The room-1, 4:00 Stunden")
            .says("Stunden der Woche als Tabelle");
        assert!(page.text.contains("11:00: 13 %"), "{}", page.text);
    });
}
