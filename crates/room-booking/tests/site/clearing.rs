//! Preview, apply, history, putting back.

use harness::setup::scheduler;
use harness::web::Browser;
use testing::on_both_databases;

use crate::app::{Site, event};

const ROOM: &str = "/admin/calendars/room-1";

async fn lines(browser: &mut Browser) -> Vec<String> {
    browser.get(&format!("{ROOM}/preview")).await.boxes("line")
}

async fn apply(browser: &mut Browser, lines: &[String]) -> harness::web::Answer {
    let page = browser.get(&format!("{ROOM}/preview")).await;
    let mut form: Vec<_> = lines.iter().map(|line| ("line", line.as_str())).collect();
    if page.text.contains("name=\"beyond_limit\"") {
        form.push(("beyond_limit", "1"));
    }
    browser.post(&format!("{ROOM}/apply"), &form).await
}

/// Names of what the room still holds.
async fn names(site: &Site) -> Vec<String> {
    let calendar = site.service.calendar("room-1").await.unwrap();
    let text = String::from_utf8(site.service.export(&calendar).await.unwrap()).unwrap();
    let mut names: Vec<_> =
        text.lines().filter_map(|it| it.strip_prefix("SUMMARY:")).map(str::to_owned).collect();
    names.sort();
    names
}

/// Two double bookings, later than what a run settles beyond the safety limit.
async fn two_conflicts(site: &Site) {
    let events = [
        event("a", "Apple", (80, 81), 9),
        event("b", "Berry", (80, 81), 1),
        event("c", "Citrus", (84, 85), 9),
        event("d", "Date", (84, 85), 1),
    ];
    site.import("room-1", &events).await;
}

on_both_databases! {
    async fn only_the_chosen_lines_of_a_preview_are_carried_out(database) {
        let site = Site::on(database, &[]).await;
        two_conflicts(&site).await;
        let mut ann = site.browser(site.ann).await;
        let page = ann.get(&format!("{ROOM}/preview")).await;
        page.says("The other event has held the time longer.").says("the calendar has no template");
        let all = lines(&mut ann).await;
        assert_eq!(all.len(), 2);
        apply(&mut ann, &all[..1]).await.says("One change was applied");
        assert_eq!(names(&site).await, ["Apple", "Citrus", "Date"]);
        let history = ann.get("/admin/history").await;
        history.says("Berry").says("Apple").says("Site, ann");
        ann.get("/admin/runs").await.says("Site, ann").says("Events: 1; calendars: 1");
    }

    async fn what_has_changed_since_the_preview_is_left_and_said(database) {
        let site = Site::on(database, &[]).await;
        two_conflicts(&site).await;
        let mut ann = site.browser(site.ann).await;
        let all = lines(&mut ann).await;
        // Berry was written anew, still in conflict; the winner of the other has changed too.
        site.import("room-1", &[event("b", "Berry pie", (8, 10), 1)]).await;
        let seen = apply(&mut ann, &all).await;
        seen.says("One change was applied").says("Skipped:").says("<li>Berry <");
        seen.says("Something has changed since the preview.");
        assert_eq!(names(&site).await, ["Apple", "Berry pie", "Citrus"]);
        let seen = apply(&mut ann, &all).await;
        seen.says("Nothing was removed").says("<li>Berry <").says("<li>Date <");
    }

    async fn a_line_whose_winner_has_changed_is_left(database) {
        let site = Site::on(database, &[]).await;
        two_conflicts(&site).await;
        let mut ann = site.browser(site.ann).await;
        let all = lines(&mut ann).await;
        site.import("room-1", &[event("a", "Apple tart", (8, 9), 9)]).await;
        apply(&mut ann, &all[..1]).await.says("Nothing was removed");
        assert_eq!(names(&site).await.len(), 4);
        let all = lines(&mut ann).await;
        apply(&mut ann, &all[..1]).await.says("One change was applied");
    }

    async fn a_long_preview_has_pages_and_all_of_it_is_applied_but_what_has_changed_since(database) {
        let site = Site::on(database, &[]).await;
        let pairs = (0..60).flat_map(|at| {
            let hours = (at * 24 + 8, at * 24 + 9);
            [event(&format!("w{at}"), "Winner", hours, 9), event(&format!("l{at}"), "Loser", hours, 1)]
        });
        site.import("room-1", &pairs.collect::<Vec<_>>()).await;
        let mut ann = site.browser(site.ann).await;
        let first = ann.get(&format!("{ROOM}/preview")).await;
        first.says("Changes 1 to 50 of 60").says("Apply all 60 changes");
        assert_eq!(first.boxes("line").len(), 50);
        let second = ann.get(&first.link(&format!("{ROOM}/preview?page=2"))).await;
        second.says("Changes 51 to 60 of 60");
        assert_eq!(second.boxes("line").len(), 10);
        site.import("room-1", &[event("l3", "Loser", (3 * 24 + 7, 3 * 24 + 10), 1)]).await;
        let keys = first.hidden("keys");
        let form = [("everything", "1"), ("keys", keys.as_str()), ("beyond_limit", "1")];
        let seen = ann.post(&format!("{ROOM}/apply"), &form).await;
        seen.says("59 changes were applied").says("One change was skipped, because something has");
        assert_eq!(names(&site).await.len(), 61);
        assert_eq!(seen.boxes("line").len(), 1, "it is shown as it is now");
        let seen = ann.post(&format!("{ROOM}/apply"), &form).await;
        seen.says("Nothing was removed").says("60 changes were skipped");
        let nonsense = [("everything", "1"), ("keys", "ä"), ("beyond_limit", "1")];
        assert_eq!(ann.post(&format!("{ROOM}/apply"), &nonsense).await.status, 422);
    }

    async fn beyond_the_safety_limit_only_an_administrator_applies_a_preview(database) {
        let site = Site::on(database, &[]).await;
        two_conflicts(&site).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let calendar = store::calendars::Calendar { safety_limit: 1, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let mut ann = site.browser(site.ann).await;
        let all = lines(&mut ann).await;
        let mut bob = site.browser(site.bob).await;
        let page = bob.get(&format!("{ROOM}/preview")).await;
        page.says("Above the safety limit").says("Ask an administrator");
        page.says("Waiting for confirmation").says("within 48 hours");
        assert!(page.boxes("line").is_empty());
        let seen = apply(&mut bob, &all).await;
        seen.says("Nothing was removed").says("<li>Berry <").says("<li>Date <");
        seen.says("Too many events would be removed at once. An administrator must confirm this.");
        assert!(!seen.text.contains("has changed since"), "it has not: {}", seen.text);
        let mut forged: Vec<_> = all.iter().map(|line| ("line", line.as_str())).collect();
        forged.push(("beyond_limit", "1"));
        bob.post(&format!("{ROOM}/apply"), &forged).await.says("Nothing was removed");
        assert_eq!(names(&site).await.len(), 4);
        ann.get("/admin").await.says("Runs waiting for confirmation");
        apply(&mut ann, &all).await.says("2 changes were applied");
        assert_eq!(names(&site).await, ["Apple", "Citrus"]);
        let page = ann.get("/admin").await;
        assert!(!page.text.contains("Runs waiting"), "{}", page.text);
    }

    async fn what_was_removed_is_restored_and_protected(database) {
        let site = Site::on(database, &[]).await;
        two_conflicts(&site).await;
        let mut ann = site.browser(site.ann).await;
        let all = lines(&mut ann).await;
        apply(&mut ann, &all).await;
        let history = ann.get("/admin/history").await;
        let path = history.link("/admin/history/");
        ann.get(&path).await.says("the next run removes it again");
        let page = site.browser(site.bob).await.get(&path).await;
        page.says("An administrator can restore it.");
        assert!(!page.text.contains("/restore"));
        let seen = ann.post(&format!("{path}/restore"), &[("protect", "1")]).await;
        assert!(seen.leads_to().ends_with("done=restored-protected"));
        assert_eq!(names(&site).await.len(), 3);
        ann.get(&path).await.says("Restored on");
        assert!(lines(&mut ann).await.is_empty(), "it is protected");
        let page = ann.get(&format!("{ROOM}/preview")).await;
        page.says("It is protected.").says("The rules keep all overlapping events");
        assert!(!page.text.contains("No events overlap"));
        let name = if page.text.contains(">Berry</a>") { ("b", "Berry") } else { ("d", "Date") };
        page.says(&format!("{}@example.org", name.0));
        ann.get(&page.link(&format!("{ROOM}/event?"))).await.says(name.1);
        let again = ann.post(&format!("{path}/restore"), &[]).await;
        assert_eq!(again.status, 409);
        again.says("It cannot be restored").says("was already restored");
    }

    async fn what_somebody_has_made_anew_is_not_written_over(database) {
        let site = Site::on(database, &[]).await;
        two_conflicts(&site).await;
        let mut ann = site.browser(site.ann).await;
        let all = lines(&mut ann).await;
        apply(&mut ann, &all[..1]).await;
        let path = ann.get("/admin/history").await.link("/admin/history/");
        ann.get(&path).await.says("Restore event");
        site.import("room-1", &[event("b", "Berry anew", (17, 18), 1)]).await;
        let page = ann.get(&path).await;
        page.says("It cannot be restored").says("another event with the same id");
        assert!(!page.text.contains("/restore"), "no button that only refuses");
        let seen = ann.post(&format!("{path}/restore"), &[]).await;
        assert_eq!(seen.status, 409);
        seen.says("It cannot be restored").says("another event with the same id");
        assert!(names(&site).await.contains(&"Berry anew".to_owned()));
    }

    async fn an_ordinary_user_sees_the_history_of_own_calendars_only(database) {
        let site = Site::on(database, &[]).await;
        two_conflicts(&site).await;
        site.import("other", &[event("x", "Xenon", (8, 9), 9), event("y", "Yeast", (8, 9), 1)]).await;
        site.setup().clear(operations::Scope::All, scheduler()).await;
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/history").await.says("Yeast").says("The other<").says("Berry").says("Schedule");
        ann.get("/admin/history?calendar=other").await.says("Yeast");
        let filtered = ann.get("/admin/history?kind=deleted+cancelled").await;
        filtered.says("No results");
        let mut bob = site.browser(site.bob).await;
        let page = bob.get("/admin/history").await;
        page.says("Berry");
        assert!(!page.text.contains("Yeast") && !page.text.contains("The other<"));
        let page = bob.get("/admin/history?calendar=other").await;
        assert!(!page.text.contains("Yeast"));
        for id in 1..=3 {
            let mut bob = site.browser(site.bob).await;
            let page = bob.get(&format!("/admin/history/{id}")).await;
            assert!(page.status == 404 || !page.text.contains("Yeast"), "{id}");
        }
    }

    async fn a_pending_removal_needs_attention_and_is_kept_or_carried_out_by_a_button(database) {
        let site = Site::on(database, &[]).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let conflicts = clearing::ConflictHandling::Warn;
        let calendar = store::calendars::Calendar { conflicts, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/pending").await.says("No pending removals");
        two_conflicts(&site).await;
        site.service
            .clear_bookings(None, harness::setup::clear_request(operations::Scope::All))
            .await
            .unwrap();
        ann.get("/admin").await.says("2 bookings will be removed").says("/admin/pending");
        let page = ann.get("/admin/pending").await;
        page.says("Berry").says("Date").says("Keep booking").says("Remove now");
        let all = store::pending::all_open(&site.service.store).await.unwrap();
        ann.post(&format!("/admin/pending/{}/keep", all[0].id), &[]).await;
        ann.post(&format!("/admin/pending/{}/now", all[1].id), &[]).await;
        assert_eq!(names(&site).await, ["Apple", "Berry", "Citrus"]);
        let page = ann.get("/admin/pending").await;
        page.says("Berry").says("kept");
        assert!(!page.text.contains("Date"), "{}", page.text);
    }
}
