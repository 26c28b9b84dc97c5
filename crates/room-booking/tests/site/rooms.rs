//! What a room is like: its place, its features, its picture.

use testing::{block_on, on_both_databases};

use crate::app::Site;
use crate::routes::PNG;

const ROOM: &str = "/admin/calendars/room-1";

/// The settings form, as a browser sends it.
const FORM: [(&str, &str); 6] = [
    ("name", "The room"),
    ("zone", "Europe/Berlin"),
    ("horizon", "365"),
    ("tolerance", "0"),
    ("safety_limit", "50"),
    ("rank_by", "held-since"),
];

on_both_databases! {
    async fn a_room_is_described_in_the_form_of_its_settings_and_on_its_page(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("{ROOM}/settings");
        let mut form = FORM.to_vec();
        form.extend([
            ("building", "North <wing>"), ("floor", "2"), ("capacity", "12"),
            ("features", "Video wall, projector; Projector"),
            ("room_description", "Ring the bell.\r\nMind the step."),
        ]);
        let seen = ann.post(&path, &form).await;
        assert!(seen.leads_to().ends_with("done=saved"), "{seen:?}");
        let calendar = site.service.calendar("room-1").await.unwrap();
        let room = site.service.room(&calendar).await.unwrap();
        assert_eq!(room.features, ["video-wall", "projector"]);
        assert_eq!(room.description.as_deref(), Some("Ring the bell.\nMind the step."));
        let mut bob = site.browser(site.bob).await;
        let page = bob.get(ROOM).await;
        page.says("North &#60;wing&#62; · Floor 2 · 12 seats · video-wall · projector");
        page.says("Mind the step.");
        ann.get("/admin/audit").await.says("Seats: – → 12").says("Building: – → North");
        // The other rooms propose its building.
        ann.get("/admin/calendars/other/settings").await.says("<datalist id=\"buildings\"><option value=\"North");
        // A form of before, without these fields, changes nothing about the room.
        assert_eq!(ann.post(&path, &FORM).await.status, 303);
        assert_eq!(site.service.room(&calendar).await.unwrap(), room);
    }

    async fn what_is_wrong_with_a_room_saves_neither_it_nor_the_settings(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let before = site.service.calendar("room-1").await.unwrap();
        let path = format!("{ROOM}/settings");
        for (field, value, message) in [
            ("capacity", "many", "Seats: must be a whole number"),
            ("capacity", "0", "Seats: must be 1 to 100,000 seats"),
            ("features", "höhe", "Features: must be words of a-z"),
        ] {
            let mut form = FORM.to_vec();
            form[0] = ("name", "Another name");
            form.push((field, value));
            let seen = ann.post(&path, &form).await;
            assert_eq!(seen.status, 422);
            seen.says(message).says("value=\"Another name\"");
        }
        assert_eq!(site.service.calendar("room-1").await.unwrap(), before);
    }

    async fn a_picture_is_served_as_what_it_is_and_runs_nothing(database) {
        let site = Site::on(database, &[]).await;
        let (mut ann, mut bob) = (site.browser(site.ann).await, site.browser(site.bob).await);
        let path = format!("{ROOM}/picture");
        assert_eq!(bob.get(&path).await.status, 404, "there is none yet");
        let token = ann.form_token().await;
        let page = b"<html><script>alert(1)</script>";
        let seen = ann.post_file_of(&path, &token, ("picture", "room.png"), page).await;
        assert_eq!(seen.status, 422, "its name does not make it a picture");
        seen.says("must be a PNG, JPEG or WebP picture");
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        assert_eq!(ann.post_file_of(&path, &token, ("picture", "a.png"), svg).await.status, 422);
        assert_eq!(ann.post_file_of(&path, &token, ("picture", "a.png"), b"").await.status, 422);
        let mut large = PNG.to_vec();
        large.resize(operations::MAX_PICTURE + 1, 0);
        let seen = ann.post_file_of(&path, &token, ("picture", "a.png"), &large).await;
        assert_eq!(seen.status, 422);
        seen.says("must be at most 2 MiB");
        large.resize(operations::MAX_PICTURE, 0);
        let seen = ann.post_file_of(&path, &token, ("picture", "a.png"), &large).await;
        assert_eq!(seen.status, 303, "{seen:?}");
        // Whatever the browser calls it.
        let seen = ann.post_file_of(&path, &token, ("picture", "page.html"), PNG).await;
        assert!(seen.leads_to().contains("done=picture-saved"), "{seen:?}");
        let seen = bob.get(&path).await;
        assert_eq!(seen.header("content-type"), "image/png");
        assert_eq!(seen.header("x-content-type-options"), "nosniff");
        let policy = seen.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
        bob.get(ROOM).await.says(&format!("src=\"{path}\"")).says("alt=\"Picture of The room-1\"");
        assert_eq!(bob.get("/admin/calendars/other/picture").await.status, 404);
        ann.get("/admin/audit").await.says("Picture: no → yes");
        assert_eq!(ann.post(&format!("{path}/remove"), &[]).await.status, 303);
        assert_eq!(bob.get(&path).await.status, 404);
    }
}

#[test]
fn a_time_zone_is_chosen_from_a_list_and_a_schedule_is_in_words() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        let page = ann.get(&format!("{ROOM}/settings")).await;
        page.says("list=\"zones\"").says("<option value=\"Europe/Berlin\">");
        page.says(">No schedule</option>").says(">every 15 minutes</option>");
        ann.get("/admin/new-calendar").await.says("<option value=\"Pacific/Auckland\">");
    });
}

#[test]
fn a_new_calendar_writes_in_the_language_of_whoever_makes_it() {
    block_on(async {
        let site = Site::new().await;
        let mut ann = site.browser(site.ann).await;
        for (language, name, template) in [("de", "Saal", "German"), ("en", "Hall", "English")] {
            let token = ann.form_token().await;
            let form = [("name", name), ("zone", "Europe/Berlin"), ("form_token", token.as_str())];
            let headers = [("accept-language", language)];
            let path = "/admin/new-calendar";
            let seen = ann.send(reqwest::Method::POST, path, &headers, Some(&form)).await;
            assert_eq!(seen.status, 303, "{seen:?}");
            let calendar = site.service.calendar(&name.to_lowercase()).await.unwrap();
            let found = store::templates::by_id(&site.service.store, calendar.template.unwrap());
            assert_eq!(found.await.unwrap().unwrap().name, template);
        }
    });
}
