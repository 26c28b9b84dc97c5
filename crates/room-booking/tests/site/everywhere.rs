//! What holds for every page.

use testing::{Database, block_on};

use crate::app::{Site, event};

/// Pages of every kind.
const PAGES: [&str; 24] = [
    "/admin",
    "/admin/account",
    "/admin/calendars",
    "/admin/new-calendar",
    "/admin/calendars/room-1",
    "/admin/calendars/room-1/book",
    "/admin/calendars/room-1/preview",
    "/admin/calendars/room-1/settings",
    "/admin/priorities",
    "/admin/servers",
    "/admin/templates",
    "/admin/new-template?copy=1",
    "/admin/templates/1",
    "/admin/outbox",
    "/admin/webhooks",
    "/admin/history",
    "/admin/report",
    "/admin/runs",
    "/admin/audit",
    "/admin/users",
    "/admin/users/1",
    "/admin/keys",
    "/admin/nothing",
    "/admin/history/9999",
];

#[test]
fn pages_load_nothing_from_elsewhere_and_hold_no_code_of_their_own() {
    block_on(async {
        let database = Database::sqlite().await;
        let variables = [("PUBLIC_URL", "http://rooms.example.org/sub")];
        let site = Site::on(database, &variables).await;
        site.import("room-1", &[event("a", "A", (9, 10), 2), event("b", "B", (9, 10), 1)]).await;
        let mut browser = site.browser(site.ann).await;
        for path in PAGES {
            let page = browser.get(path).await;
            let policy = page.header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
            assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
            for forbidden in [" style=", "<script>", "javascript:", " onclick="] {
                assert!(!page.text.contains(forbidden), "{path}: {forbidden}");
            }
            for attribute in ["src=\"", "href=\"", "action=\""] {
                for link in page.text.split(attribute).skip(1) {
                    let link = link.split('"').next().unwrap();
                    let is_ours = link.starts_with("/sub/") || link.starts_with('#');
                    assert!(is_ours, "{path}: {link}");
                }
            }
        }
    });
}

#[test]
fn what_strangers_write_into_events_stays_text() {
    block_on(async {
        let site = Site::new().await;
        let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
        site.import(
            "room-1",
            &[event("a", evil, (9, 10), 2), event("b<i>\"&", &format!("{evil} 2"), (9, 11), 1)],
        )
        .await;
        let mut browser = site.browser(site.ann).await;
        let slug = "/admin/calendars/room-1";
        let tomorrow = facts::time::rfc3339(&ical::Zone::utc(), site.service.now().plus(86_400));
        let week = browser.get(&format!("{slug}?date={}", &tomorrow[..10])).await;
        let link = week.link(&format!("{slug}/event?"));
        let preview = browser.get(&format!("{slug}/preview")).await;
        let lines = preview.boxes("line");
        let line = lines.iter().map(|it| ("line", it.as_str())).collect::<Vec<_>>();
        let event = browser.get(&link).await;
        let applied = browser.post(&format!("{slug}/apply"), &line).await;
        let history = browser.get("/admin/history").await;
        let removal = browser.get("/admin/history/1").await;
        let run = browser.get("/admin/runs/1").await;
        for (name, page) in [
            ("week", &week),
            ("preview", &preview),
            ("event", &event),
            ("history", &history),
            ("removal", &removal),
            ("run", &run),
        ] {
            assert_eq!(page.status, 200, "{name}");
            page.says("alert(1)");
            for code in ["<script>alert", "<img src=x", "<i>\""] {
                assert!(!page.text.contains(code), "{name}: {code}: {}", page.text);
            }
        }
        applied.says("One change was applied");
    });
}

#[test]
fn errors_are_pages_that_say_what_to_do() {
    block_on(async {
        let site = Site::new().await;
        let mut browser = site.browser(site.ann).await;
        for path in [
            "/admin/nothing",
            "/admin/calendars/none",
            "/admin/history/7",
            "/admin/history/not-a-number",
            "/admin/runs/7",
            "/admin/users/7",
            "/admin/calendars/room-1/event?uid=x&start=1",
            "/admin/calendars/room-1/event?uid=x&start=x",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 404, "{path}: {page:?}");
            page.says("Go to the start page");
        }
        let page = browser.post("/admin/nothing", &[]).await;
        assert_eq!(page.status, 404);
        let huge = "x".repeat(300 << 10);
        let page = browser.post("/admin/keys", &[("name", &huge)]).await;
        assert_eq!(page.status, 413, "{}", page.text);
    });
}

#[test]
fn long_lists_have_pages_and_nothing_on_them_is_out_of_reach() {
    block_on(async {
        let site = Site::new().await;
        let (actor, service) = (operations::command_line(), &site.service);
        let rights = store::keys::Rights::ALL;
        for number in 0..51 {
            let name = format!("number-{number:02}");
            site.setup().user(&name).await;
            service.people().add_key(&actor, "ann", &name, rights, None, None).await.unwrap();
            service.protect(&actor, Some("room-1"), &name).await.unwrap();
            let calendar = store::calendars::Calendar::built_in(&name, &name, "Europe/Berlin");
            site.setup().add(calendar, &["bob"]).await;
        }
        let mut ann = site.browser(site.ann).await;
        let bob = format!("/admin/users/{}", site.bob);
        let settings = "/admin/calendars/room-1/settings";
        for list in ["/admin/users", "/admin/keys", "/admin/priorities", bob.as_str(), settings] {
            let first = ann.get(list).await;
            let next = first.link(&format!("{list}?page="));
            let second = ann.get(&next).await;
            second.link(&format!("{list}?page=1"));
            let main = |text: &str| {
                let text = text.split_once("<main").unwrap().1;
                let text = text.split("class=\"many\"").next().unwrap();
                // What can be chosen is no list.
                let text: String = text
                    .split("<select")
                    .map(|it| it.rsplit("</select>").next().unwrap().to_owned())
                    .collect();
                let offered = |it: &str| match it.split_once("</fieldset>") {
                    Some((choices, rest)) if choices.starts_with("\"") => rest.to_owned(),
                    _ => it.to_owned(),
                };
                text.split("class=\"ticks offered").map(offered).collect::<String>()
            };
            let (first, second) = (main(&first.text), main(&second.text));
            for number in 0..51 {
                let name = format!("number-{number:02}");
                assert!(first.contains(&name) || second.contains(&name), "{list}: {name}");
            }
            assert!(!["number-00", "number-50"].iter().all(|it| first.contains(it)), "{list}");
        }
    });
}
