//! Calendar servers. A running one is asked in the browser tests; here it is about what goes wrong.

use testing::block_on;

use crate::app::Site;

#[test]
fn a_server_that_cannot_be_reached_is_said_in_words_and_no_password_comes_back() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let form = [
            ("address", "http://127.0.0.1:9/"),
            ("user_name", "rooms"),
            ("password", "geheim-geheim"),
            ("sign_in", "basic"),
        ];
        let seen = ann.post("/admin/servers", &form).await;
        assert_eq!(seen.status, 422, "{seen:?}");
        seen.says("Calendars not found").says("127.0.0.1:9").says("value=\"rooms\"");
        assert!(!seen.text.contains("geheim-geheim"));
        ann.post("/admin/servers", &[("address", " ")]).await.says("must not be empty");
        ann.get("/admin/calendars/room-1/connection").await.says("it is built in");
    });
}
