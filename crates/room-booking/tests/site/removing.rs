//! Removing calendars, server accounts, users and priorities, with a page before that says what goes.

use harness::setup::scheduler;
use operations::{Scope, command_line};
use testing::{block_on, on_both_databases};

use crate::app::{Site, event};

on_both_databases! {
    async fn a_removed_calendar_is_nowhere_but_in_the_history(database) {
        let site = Site::on(database, &[]).await;
        let lost = [event("first", "First", (6, 7), 9), event("second", "Second", (6, 7), 1)];
        site.import("room-1", &lost).await;
        site.setup().clear(Scope::All, scheduler()).await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        let settings = ann.get("/admin/calendars/room-1/settings").await;
        let path = settings.link("/admin/calendars/room-1/remove");
        let page = ann.get(&path).await;
        page.says("Remove The room-1?").says("1 event: it is stored only in Room Booking");
        page.says("The access of 1 person").says("1 entry of the history, for 180 days");
        page.says("Export the events first").says("href=\"/admin/calendars/room-1/export\"");
        let seen = ann.post(&path, &[]).await;
        assert_eq!(seen.leads_to(), "/admin/calendars?done=calendar-removed");
        let page = ann.get("/admin/calendars?done=calendar-removed").await;
        page.says("Calendar removed.");
        assert!(!page.text.contains("The room-1"));
        assert_eq!(ann.get("/admin/calendars/room-1").await.status, 404);
        assert_eq!(bob.get("/admin/calendars/room-1").await.status, 404);
        assert_eq!(ann.post(&path, &[]).await.status, 404, "pressed twice");
        let history = ann.get("/admin/history").await;
        history.says("Second").says("The room-1");
        let line = history.link("/admin/history/");
        let page = ann.get(&line).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("/restore\""), "it has no calendar to go to");
        page.says("the calendar was removed");
        assert_eq!(ann.post(&format!("{line}/restore"), &[]).await.status, 409);
        assert_eq!(bob.get(&line).await.status, 404);
        assert!(!bob.get("/admin/history").await.text.contains("Second"));
        ann.get("/admin/audit").await.says("calendar removed").says("room-1");
        for page in ["/admin", "/admin/runs", "/admin/report", "/admin/pending", "/admin/outbox"] {
            assert_eq!(ann.get(page).await.status, 200, "{page}");
        }
        // Its name in paths is free, and what comes there has nothing of it.
        let form = [("name", "A new room"), ("slug", "room-1"), ("zone", "Europe/Berlin")];
        assert_eq!(ann.post("/admin/new-calendar", &form).await.status, 303);
        let calendar = site.service.calendar("room-1").await.unwrap();
        let text = String::from_utf8(site.service.export(&calendar).await.unwrap()).unwrap();
        assert!(!text.contains("SUMMARY"), "{text}");
        assert_eq!(bob.get("/admin/calendars/room-1").await.status, 404, "it is another one");
        site.service.assign(&command_line(), "room-1", "bob").await.unwrap();
        assert_eq!(bob.get(&line).await.status, 404, "nor is its history that of the new one");
    }

    async fn a_removed_user_is_out_and_the_name_is_free(database) {
        let site = Site::on(database, &[]).await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        let key = site.setup().key("bob").await;
        let path = format!("/admin/users/{}/remove", site.bob);
        let page = ann.get(&path).await;
        page.says("Remove bob?").says("1 API key: it stops working at once");
        page.says("The access to 1 calendar");
        assert_eq!(ann.post(&path, &[]).await.leads_to(), "/admin/users?done=user-removed");
        assert_eq!(bob.get("/admin").await.status, 303, "signed out at once");
        assert!(site.service.people().caller_of_key(&key).await.unwrap().is_none());
        assert!(!ann.get("/admin/users").await.text.contains(">bob<"));
        assert!(!ann.get("/admin/keys").await.text.contains("bob"));
        assert_eq!(ann.get(&path).await.status, 404);
        assert_eq!(ann.post(&path, &[]).await.status, 404, "pressed twice");
        let new = [("name", "bob"), ("role", "ordinary")];
        ann.post("/admin/users", &new).await.says("Invitation for bob");
        let again = site.service.people().user("bob").await.unwrap();
        assert_ne!(again.id, site.bob);
        let calendars = store::calendars::of_user(&site.service.store, again.id).await.unwrap();
        assert!(calendars.is_empty(), "the new bob has nothing of the other one's");
    }

    async fn the_last_administrator_stays_and_the_page_says_what_to_do(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}/remove", site.ann);
        let page = ann.get(&path).await;
        page.says("Make somebody else an administrator first");
        assert!(!page.text.contains("button danger"), "{}", page.text);
        assert_eq!(ann.post(&path, &[]).await.status, 409);
        let people = site.service.people();
        assert!(people.set_active(&command_line(), "ann", false).await.is_err());
        // Of two who remove each other at the same moment, one stays.
        let dora = site.setup().administrator("dora").await;
        let actor = command_line();
        let both = tokio::join!(
            people.remove_user(&actor, site.ann),
            people.remove_user(&actor, dora)
        );
        let left = store::users::all(&site.service.store).await.unwrap();
        let left: Vec<_> = left.iter().filter(|it| it.is_administrator && it.is_active).collect();
        assert!(!left.is_empty(), "{both:?}");
    }

    async fn a_priority_is_removed_where_it_stands_by_its_name(database) {
        let site = Site::on(database, &[]).await;
        site.import("room-1", &[event("a-uid", "Board meeting", (8, 10), 9)]).await;
        let mut ann = site.browser(site.ann).await;
        let room = "/admin/calendars/room-1";
        for (kind, value) in [("protected", "a-uid"), ("name", "Board")] {
            ann.post(&format!("{room}/priorities"), &[("kind", kind), ("value", value)]).await;
        }
        ann.get("/admin/audit").await.says("Board meeting (UID a-uid)").says("The room-1");
        let page = ann.get("/admin/priorities").await;
        page.says("<strong>Board meeting</strong>").says(">The room-1</a>");
        let path = page.link("/admin/priorities/remove?kind=protected").replace("&#38;", "&");
        let page = ann.get(&path).await;
        page.says("Remove Board meeting?").says("It applies to The room-1");
        let form = [("kind", "protected"), ("value", "a-uid"), ("calendar", "room-1"), ("from", "room-1")];
        let seen = ann.post("/admin/priorities/remove", &form).await;
        assert_eq!(seen.leads_to(), format!("{room}/settings?done=priority-removed"));
        let rules = store::calendars::priority_entries(&site.service.store).await.unwrap();
        assert_eq!(rules.len(), 1, "{rules:?}");
        assert_eq!(ann.get(&path).await.status, 404);
    }
}

#[test]
fn many_rooms_are_given_to_one_person_and_many_people_one_room_at_once() {
    block_on(async {
        let site = Site::new().await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        for name in ["carla", "dora", "emil"] {
            site.setup().user(name).await;
        }
        let users = "/admin/calendars/room-1/users";
        let three = [("user", "carla"), ("user", "dora"), ("user", "emil")];
        assert_eq!(ann.post(users, &three).await.status, 303);
        let page = ann.get("/admin/calendars/room-1/settings").await;
        assert_eq!(page.boxes("user").len(), 5, "four who have access, and one who has not");
        let two = [("user", "carla"), ("user", "emil")];
        assert_eq!(ann.post(&format!("{users}/remove"), &two).await.status, 303);
        let store = &site.service.store;
        let room = site.service.calendar("room-1").await.unwrap().id;
        assert_eq!(store::calendars::users_of(store, room).await.unwrap(), ["bob", "dora"]);
        // One that is not there: none of them.
        let wrong = [("user", "carla"), ("user", "nobody")];
        assert_eq!(ann.post(users, &wrong).await.status, 404);
        assert_eq!(store::calendars::users_of(store, room).await.unwrap(), ["bob", "dora"]);
        assert_eq!(ann.post(users, &[]).await.status, 422);
        let path = format!("/admin/users/{}/calendars", site.bob);
        assert_eq!(ann.post(&path, &[("all", "1")]).await.status, 303);
        assert_eq!(bob.get("/admin/calendars/other").await.status, 200);
        let both = [("calendar", "room-1"), ("calendar", "other")];
        assert_eq!(ann.post(&format!("{path}/remove"), &both).await.status, 303);
        assert_eq!(bob.get("/admin/calendars/other").await.status, 404);
        let found = ann.get(&format!("/admin/users/{}?q=other", site.bob)).await;
        assert_eq!(found.boxes("calendar"), ["other"]);
    });
}

#[test]
fn all_lines_of_a_preview_are_selected_again_after_an_apply() {
    block_on(async {
        let site = Site::new().await;
        let events: Vec<String> = (0..3)
            .flat_map(|it| {
                let hours = (8 + 2 * it, 9 + 2 * it);
                [
                    event(&format!("a{it}"), "First", hours, 9),
                    event(&format!("b{it}"), "Second", hours, 1),
                ]
            })
            .collect();
        site.import("room-1", &events).await;
        let mut ann = site.browser(site.ann).await;
        let preview = "/admin/calendars/room-1/preview";
        let lines = ann.get(preview).await.boxes("line");
        let after = ann.post("/admin/calendars/room-1/apply", &[("line", &lines[0])]).await;
        assert!(!after.text.contains(" checked"), "what was not selected stays so");
        let path = after.link(&format!("{preview}?select=all"));
        let all = ann.get(&path).await;
        assert_eq!(all.text.matches(" checked").count(), 2);
        assert_eq!(
            ann.get(&format!("{preview}?select=none")).await.text.matches(" checked").count(),
            0
        );
    });
}
