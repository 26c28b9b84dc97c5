//! The page of webhooks.

use testing::on_both_databases;
use testing::scripted::{Answer, Scripted};

use crate::app::Site;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

on_both_databases! {
    async fn a_test_is_sent_and_what_came_of_it_is_shown_without_the_address(database) {
        let receiver = Scripted::start(|_| Answer::text(503, "after <b>lunch</b>")).await;
        let url = format!("{}/geheim?key=geheim", receiver.url());
        let variables = [("WEBHOOK_URLS", url.as_str()), ("WEBHOOK_SECRET", SECRET)];
        let site = Site::on(database, &variables).await;
        let mut ann = site.browser(site.ann).await;
        let page = ann.get("/admin/webhooks").await;
        page.says("No webhooks yet").says(&receiver.url());
        let seen = ann.post("/admin/webhooks/test", &[]).await;
        assert_eq!(seen.leads_to(), "/admin/webhooks?done=webhook-test");
        assert_eq!(site.service.deliver_webhooks(0).await.unwrap(), 1);
        let page = ann.get("/admin/webhooks").await;
        page.says("webhook.test").says("the receiver answered 503: after &#60;b&#62;lunch&#60;/b&#62;");
        page.says("one attempt").says("next attempt");
        assert!(!page.text.contains("geheim"), "{}", page.text);
        let seen = ann.post("/admin/webhooks/1/retry", &[]).await;
        assert_eq!(seen.leads_to(), "/admin/webhooks?done=webhook-retried");
        let seen = ann.post("/admin/webhooks/1/discard", &[]).await;
        assert_eq!(seen.leads_to(), "/admin/webhooks?done=webhook-discarded");
        let page = ann.get("/admin/webhooks").await;
        page.says("discarded").says("Try again");
        assert_eq!(site.service.deliver_webhooks(0).await.unwrap(), 0);
    }

    async fn without_an_address_the_page_says_so_and_nothing_is_sent(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        ann.get("/admin/webhooks").await.says("WEBHOOK_URLS");
        let refused = ann.post("/admin/webhooks/test", &[]).await;
        assert_eq!(refused.status, 409);
        refused.says("no webhook is set");
    }
}
