//! Templates and the outbox.

use serde_json::json;
use smtp_peer::{Options, SmtpPeer, header};
use store::outbox::MessageState;
use testing::{Database, block_on, on_both_databases};

use crate::app::{Site, event, mail_by};

const GOOD: [(&str, &str); 4] = [
    ("name", "Ours"),
    ("subject", "{{ name }} is gone"),
    ("text", "Dear {{ organizer }},\nsee {{ start }}."),
    ("html", "<p style=\"color: teal\">{{ name }}</p>"),
];

on_both_databases! {
    async fn a_template_is_copied_changed_and_deleted(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/templates").await.says("built-in");
        ann.get("/admin/new-template?copy=1").await.says("Copy of");
        let seen = ann.post("/admin/new-template", &GOOD).await;
        let path = seen.leads_to().split('?').next().unwrap().to_owned();
        ann.get(&path).await.says("{{ name }} is gone").says("Dear {{ organizer }}");
        let again = ann.post("/admin/new-template", &GOOD).await;
        assert_eq!(again.status, 422);
        again.says("is already used by another template");
        let changed = [("subject", "Gone: {{ name }}"), ("text", "a\nb")];
        assert_eq!(ann.post(&path, &changed).await.status, 303);
        ann.get(&path).await.says("Gone: {{ name }}");
        ann.get(&format!("{path}/remove")).await.says("Remove Ours?").says("Messages that were sent");
        let seen = ann.post(&format!("{path}/remove"), &[]).await;
        assert_eq!(seen.leads_to(), "/admin/templates?done=template-deleted");
        assert_eq!(ann.get(&path).await.status, 404);
        let brought = ann.post("/admin/templates/1/remove", &[]).await;
        assert_eq!(brought.status, 409);
        brought.says("This template is built-in");
    }

    async fn a_template_that_calendars_have_says_which_and_stays(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = ann.post("/admin/new-template", &GOOD).await.leads_to().to_owned();
        let path = path.split('?').next().unwrap();
        let id: i64 = path.rsplit('/').next().unwrap().parse().unwrap();
        let calendar = site.service.calendar("room-1").await.unwrap();
        let template = Some(store::TemplateId(id));
        let calendar = store::calendars::Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        ann.get("/admin/templates").await.says("room-1");
        let page = ann.get(path).await;
        page.says("Used by calendars: The room-1");
        let used = ann.post(&format!("{path}/remove"), &[]).await;
        assert_eq!(used.status, 409);
        used.says("Select another one in its settings first").says("/admin/calendars/room-1/settings");
        assert!(!used.text.contains("button danger"), "{}", used.text);
        site.import("room-1", &[event("a", "Apple", (8, 9), 9), event("b", "Berry", (8, 9), 1)]).await;
        let page = ann.get("/admin/calendars/room-1/preview").await;
        page.says("no mail server is set, so the message to b@example.org waits");
    }

    async fn messages_are_tried_again_and_discarded(database) {
        let site = Site::on(database, &[]).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let template = site.service.default_template().await.unwrap();
        let calendar = store::calendars::Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        site.import("room-1", &[event("a", "Apple", (8, 9), 9), event("b", "Berry", (8, 9), 1)]).await;
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/outbox").await.says("No messages yet");
        let line = ann.get("/admin/calendars/room-1/preview").await.boxes("line");
        ann.post("/admin/calendars/room-1/apply", &[("line", &line[0])]).await;
        let page = ann.get("/admin/outbox").await;
        page.says("b@example.org").says("waiting to be sent").says("Berry").says("No mail server is set up");
        page.says("when a mail server is set up");
        assert!(!page.text.contains("next attempt"), "{}", page.text);
        ann.get("/admin/history/1").await.says("b@example.org: waiting to be sent");
        let seen = ann.post("/admin/outbox/1/discard", &[]).await;
        assert_eq!(seen.leads_to(), "/admin/outbox?done=message-discarded");
        ann.get("/admin/outbox?state=discarded").await.says("ann discarded it");
        ann.get("/admin/outbox?state=failed").await.says("No results");
        assert_eq!(ann.post("/admin/outbox/1/retry", &[]).await.status, 303);
        ann.get("/admin/outbox?state=waiting").await.says("b@example.org");
    }
}

#[test]
fn a_held_message_says_who_caused_it_and_is_released_or_discarded() {
    block_on(async {
        let site = Site::new().await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let template = site.service.default_template().await.unwrap();
        let calendar = store::calendars::Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        site.import("room-1", &[event("a", "Apple", (8, 9), 9), event("b", "Berry", (8, 9), 1)])
            .await;
        let mut ann = site.browser(site.ann).await;
        let line = ann.get("/admin/calendars/room-1/preview").await.boxes("line");
        ann.post("/admin/calendars/room-1/apply", &[("line", &line[0])]).await;
        let hold = async || {
            let transaction = site.service.store.begin().await.unwrap();
            store::mail_caps::hold(&transaction, store::OutboxId(1), "", 0).await.unwrap();
            transaction.commit().await.unwrap();
        };
        hold().await;
        let page = ann.get("/admin/outbox?state=held").await;
        page.says("b@example.org").says("held: release or discard it").says("caused by ann");
        page.says("/admin/outbox/1/release").says("/admin/outbox/1/discard");
        let refused = ann.post("/admin/outbox/1/retry", &[]).await;
        assert_eq!(refused.status, 409);
        refused.says("release it to send it");
        let seen = ann.post("/admin/outbox/1/release", &[]).await;
        assert_eq!(seen.leads_to(), "/admin/outbox?done=message-released");
        ann.get("/admin/outbox?state=waiting").await.says("b@example.org");
        let again = ann.post("/admin/outbox/1/release", &[]).await;
        assert_eq!(again.status, 409);
        again.says("is not held");
        hold().await;
        assert_eq!(ann.post("/admin/outbox/1/discard", &[]).await.status, 303);
        ann.get("/admin/outbox?state=discarded").await.says("ann discarded it");
        ann.get("/admin/audit").await.says("message released");
    });
}

#[test]
fn another_try_is_offered_only_where_mail_may_go() {
    block_on(async {
        let domains = [("MAIL_DOMAINS", "example.com")];
        let site = Site::on(Database::sqlite().await, &domains).await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let template = site.service.default_template().await.unwrap();
        let calendar = store::calendars::Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let may = event("c", "Citrus", (8, 9), 1).replace("c@example.org", "c@example.com");
        let events = [event("a", "Apple", (8, 9), 9), event("b", "Berry", (8, 9), 1), may];
        site.import("room-1", &events).await;
        let mut ann = site.browser(site.ann).await;
        let lines = ann.get("/admin/calendars/room-1/preview").await.boxes("line");
        let lines: Vec<_> = lines.iter().map(|line| ("line", line.as_str())).collect();
        ann.post("/admin/calendars/room-1/apply", &lines).await;
        let page = ann.get("/admin/outbox?state=refused").await;
        page.says("b@example.org").says("mail to example.org is not allowed");
        assert!(!page.text.contains("/retry"), "{}", page.text);
        let message = store::delivery::page(&site.service.store, None, None, 9).await.unwrap();
        let message = message.iter().find(|it| it.address == "c@example.com").unwrap().id;
        ann.post(&format!("/admin/outbox/{message}/discard"), &[]).await;
        ann.get("/admin/outbox?state=discarded").await.says("/retry");
        let refused =
            store::delivery::page(&site.service.store, Some(MessageState::Refused), None, 9).await;
        let refused = refused.unwrap()[0].id;
        let seen = ann.post(&format!("/admin/outbox/{refused}/retry"), &[]).await;
        assert_eq!(seen.status, 409);
        seen.says("This is not possible").says("MAIL_DOMAINS");
    });
}

#[test]
fn an_error_in_a_template_is_shown_at_its_line_and_nothing_is_saved() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let mut wrong = GOOD;
        wrong[2] = ("text", "one\r\ntwo\r\n{{ nmae }}\r\nfour");
        let seen = ann.post("/admin/new-template", &wrong).await;
        assert_eq!(seen.status, 422);
        seen.says("line 3").says("nmae").says("class=\"it\">3 | {{ nmae }}").says("2 | two");
        seen.says("Template not saved").says("value=\"Ours\"");
        assert!(!ann.get("/admin/templates").await.text.contains("Ours"));
        let frame = ann.post("/admin/template-preview", &wrong).await;
        frame.says("line 3").says("nmae");
    });
}

#[test]
fn the_preview_is_a_sandbox_that_shows_code_as_text_or_without_its_power() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let mut evil = GOOD.to_vec();
        evil[1] = ("subject", "<script>alert(1)</script>{{ name }}");
        evil[3] = ("html", "<script>alert(2)</script><p style=\"color: teal\">{{ name }}</p>");
        evil.push(("sample", "hostile name"));
        let frame = ann.post("/admin/template-preview", &evil).await;
        assert_eq!(frame.status, 200);
        let policy = frame.header("content-security-policy");
        assert!(policy.starts_with("sandbox; default-src 'none'"), "{policy}");
        assert!(!policy.contains("script-src") && !policy.contains("allow-scripts"), "{policy}");
        assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
        assert_eq!(frame.header("x-frame-options"), "SAMEORIGIN");
        assert!(!frame.text.contains("<script>alert"), "{}", frame.text);
        frame.says("<iframe sandbox title=\"HTML\" srcdoc=\"");
        let editor = ann.get("/admin/new-template").await;
        assert!(editor.header("content-security-policy").contains("frame-src 'self'"));
        assert!(!editor.header("content-security-policy").contains("unsafe"));
    });
}

#[test]
fn a_test_message_comes_with_what_stands_in_the_form_at_ones_own_address_only() {
    block_on(async {
        let peer = SmtpPeer::start(&Options::default());
        let port = peer.port.to_string();
        let mail = mail_by(&port);
        let site = Site::on(Database::sqlite().await, &mail).await;
        let mut ann = site.browser(site.ann).await;
        let mut form = GOOD.to_vec();
        form.extend([("action", "test"), ("address", "somebody-else@example.org")]);
        let seen = ann.post("/admin/templates/1", &form).await;
        seen.says("The test email is being sent to ann@example.org").says("{{ name }} is gone");
        let letters = peer.emails();
        assert_eq!(letters.len(), 1);
        assert_eq!(header(&letters[0], "To"), Some("ann@example.org"));
        let subject = header(&letters[0], "Subject").unwrap();
        assert!(subject.starts_with("[Test] ") && subject.ends_with(" is gone"), "{subject}");
        ann.get("/admin/templates/1").await.says("English");
        peer.behave(&json!({ "reject": ["ann@example.org"] }));
        ann.post("/admin/templates/1", &form)
            .await
            .says("could not be sent")
            .says("no such mailbox here");
    });
}

#[test]
fn an_invitation_is_mailed_with_its_rooms_and_its_link_is_stored_nowhere() {
    block_on(async {
        let peer = SmtpPeer::start(&Options::default());
        let port = peer.port.to_string();
        let mail = mail_by(&port);
        let site = Site::on(Database::sqlite().await, &mail).await;
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/users").await.says("the invitation is sent there");
        let form = [
            ("name", "carla"),
            ("address", "carla@example.org"),
            ("role", "ordinary"),
            ("calendar", "room-1"),
            ("calendar", "other"),
        ];
        let page = ann.post("/admin/users", &form).await;
        page.says("The invitation was sent to carla@example.org").says("Access to: ");
        let link = page.code();
        let letters = peer.emails();
        assert_eq!(letters.len(), 1);
        assert_eq!(header(&letters[0], "To"), Some("carla@example.org"));
        let text = format!("{:?}", letters[0]).replace("=\\n", "").replace("=3D", "=");
        let secret = link.rsplit('/').next().unwrap();
        assert!(text.contains(secret), "{text}");
        assert!(text.contains("The other, The room-1"), "{text}");
        assert!(!ann.get("/admin/outbox").await.text.contains("carla"));
        let mut carla = site.stranger();
        let path = format!("/admin/link/{secret}");
        let passwords =
            [("password", "lantern orbit velvet 29"), ("again", "lantern orbit velvet 29")];
        assert_eq!(carla.post(&path, &passwords).await.status, 303);
        assert_eq!(carla.get("/admin/calendars/other").await.status, 200);
        // One that went to a wrong address is of no use once the address is right.
        let form = [("name", "dora"), ("address", "stranger@example.org"), ("role", "ordinary")];
        let secret = ann.post("/admin/users", &form).await.code();
        let path = format!("/admin/link/{}", secret.rsplit('/').next().unwrap());
        assert_eq!(site.stranger().get(&path).await.status, 200);
        let dora = site.service.people().user("dora").await.unwrap();
        let address = Some("dora@example.org".to_owned());
        let right = store::users::User { address, ..dora };
        site.service.people().update_user(&operations::command_line(), &right).await.unwrap();
        assert_eq!(site.stranger().get(&path).await.status, 404);
        // A mail server that does not take it: the link is there to hand over.
        peer.behave(&json!({ "reject": ["emil@example.org"] }));
        let form = [("name", "emil"), ("address", "emil@example.org"), ("role", "ordinary")];
        let page = ann.post("/admin/users", &form).await;
        page.says("could not be sent to emil@example.org").says("no such mailbox here");
        assert!(page.code().contains("/admin/link/"));
    });
}

#[test]
fn a_message_of_the_outbox_is_shown_as_its_recipient_reads_it_and_runs_nothing() {
    block_on(async {
        let site = Site::new().await;
        let calendar = site.service.calendar("room-1").await.unwrap();
        let template = site.service.default_template().await.unwrap();
        let calendar = store::calendars::Calendar { template, ..calendar };
        site.service.set_calendar(&operations::command_line(), &calendar).await.unwrap();
        let hostile = event("b", "<script>alert(1)</script>", (8, 9), 1);
        site.import("room-1", &[event("a", "Apple", (8, 9), 9), hostile]).await;
        site.setup().clear(operations::Scope::All, harness::setup::scheduler()).await;
        let mut ann = site.browser(site.ann).await;
        let outbox = ann.get("/admin/outbox").await;
        outbox.says(">The room-1</a>");
        let path = outbox.link("/admin/outbox/");
        let page = ann.get(&path).await;
        page.says("b@example.org")
            .says("was removed, because the room is")
            .says("&#60;script&#62;");
        assert!(!page.text.contains("<script"), "{}", page.text);
        assert!(!page.header("content-security-policy").contains("script-src"));
        // It is still readable when its calendar is gone.
        let room = site.service.calendar("room-1").await.unwrap();
        site.service.remove_calendar(&operations::command_line(), &room).await.unwrap();
        ann.get(&path).await.says("was removed, because the room is").says(">removed</span>");
        ann.get("/admin/outbox").await.says("The room-1 (removed)");
    });
}

#[test]
fn a_test_message_goes_to_ones_own_address_or_says_why_not() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let mut form = GOOD.to_vec();
        form.push(("action", "test"));
        form.push(("address", "somebody-else@example.org"));
        let seen = ann.post("/admin/templates/1", &form).await;
        seen.says("The test email could not be sent").says("there is no mail server");
        let ann_ = site.service.people().user("ann").await.unwrap();
        let without = store::users::User { address: None, ..ann_ };
        site.service.people().update_user(&operations::command_line(), &without).await.unwrap();
        ann.post("/admin/templates/1", &form).await.says("You have no email address yet");
    });
}
