//! Templates that are made by the form of their editor.

use harness::web::{Answer, Browser};
use testing::on_both_databases;

use crate::app::Site;

/// What the form is sent with for an informal German template with a signature and two parts.
const CHOSEN: [(&str, &str); 8] = [
    ("view", "form"),
    ("name", "Ours"),
    ("language", "de"),
    ("tone", "informal"),
    ("greeting", ""),
    ("signature", "Dein Empfang\r\nRaum 1\r\n"),
    ("part", "links"),
    ("part", "decider"),
];

const PNG: &[u8] = b"\x89PNG\r\n\x1a\npicture";

/// Makes the template; its path.
async fn made(ann: &mut Browser) -> String {
    let seen = ann.post("/admin/new-template", &CHOSEN).await;
    seen.leads_to().split('?').next().unwrap().to_owned()
}

fn with(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let is_other = |it: &&(&str, &str)| changes.iter().all(|change| change.0 != it.0);
    CHOSEN.iter().filter(is_other).chain(changes).copied().collect()
}

/// The source that the editor shows.
async fn source(ann: &mut Browser, path: &str) -> Answer {
    ann.get(&format!("{path}?view=source")).await
}

on_both_databases! {
    async fn the_form_makes_the_source_and_shows_again_what_was_chosen(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let begun = ann.get("/admin/new-template").await;
        begun.says("<option value=\"en\" selected>English</option>");
        begun.says("name=\"part\" value=\"attachment\" checked");
        let path = made(&mut ann).await;
        let form = ann.get(&path).await;
        form.says("<option value=\"de\" selected>German</option>");
        form.says("<option value=\"informal\" selected>");
        form.says("\nDein Empfang\nRaum 1</textarea>");
        form.says("value=\"links\" checked").says("value=\"dates\">");
        assert!(!form.text.contains("name=\"text\""), "{}", form.text);
        let source = source(&mut ann, &path).await;
        source.says("{%- set parts = [&#34;links&#34;, &#34;decider&#34;] -%}");
        source.says("Deine Buchung").says("The form makes this source.");
        let changed = with(&[("tone", "formal"), ("was", &*form.hidden("was").leak())]);
        assert_eq!(ann.post(&path, &changed).await.status, 303);
        ann.get(&path).await.says("<option value=\"formal\" selected>");
        ann.get("/admin/audit").await.says("Ours");
        // A copy is made by the same choices.
        let id = path.rsplit('/').next().unwrap();
        let copy = ann.get(&format!("/admin/new-template?copy={id}")).await;
        copy.says("Copy of Ours").says("<option value=\"de\" selected>").says("Dein Empfang");
        // That of a built-in one makes just that.
        let german = site.service.template("German").await.unwrap().id;
        let copy = ann.get(&format!("/admin/new-template?copy={german}")).await;
        copy.says("Copy of German").says("<option value=\"de\" selected>");
    }

    async fn a_source_that_is_saved_is_ones_own_and_the_form_replaces_it_only_if_that_is_meant(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = made(&mut ann).await;
        let own = [("view", "source"), ("subject", "Gone: {{ name }}"), ("text", "All mine")];
        assert_eq!(ann.post(&path, &own).await.status, 303);
        ann.get(&path).await.says("All mine</textarea>");
        let form = ann.get(&format!("{path}?view=form")).await;
        form.says("Replace the source").says("what was written is lost");
        let asked = ann.post(&path, &CHOSEN).await;
        assert_eq!(asked.status, 422);
        asked.says("Select this checkbox to replace the source.").says("Dein Empfang");
        source(&mut ann, &path).await.says("All mine</textarea>");
        assert_eq!(ann.post(&path, &with(&[("replace_source", "1")])).await.status, 303);
        ann.get(&path).await.says("<option value=\"de\" selected>");
        assert!(!source(&mut ann, &path).await.text.contains("All mine"));
    }

    async fn the_preview_follows_the_form_on_samples_in_the_language_of_the_template(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let frame = ann.post("/admin/template-preview", &CHOSEN).await;
        frame.says("Deine Buchung").says("Budgetbesprechung").says("Besprechungsraum 1");
        frame.says("Dein Empfang\nRaum 1");
        assert!(!frame.text.contains("Kalenderdatei"), "{}", frame.text);
        let french = with(&[("language", "fr"), ("greeting", "Chers collègues <b>{{ name }}</b>,")]);
        let frame = ann.post("/admin/template-preview", &french).await;
        frame.says("Chers collègues &#60;b&#62;{{ name }}&#60;/b&#62;,").says("Salle de réunion 1");
        // Also those of a source that names its language.
        let german = [("subject", "s"), ("text", "{% set language = \"de\" %}{{ calendar_name }}")];
        ann.post("/admin/template-preview", &german).await.says("Besprechungsraum 1");
    }

    async fn what_is_wrong_with_choices_stands_at_its_field_and_nothing_is_saved(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let long = "x".repeat(201).leak();
        let lines = "y\r\n".repeat(11).leak();
        let seen = ann.post("/admin/new-template", &with(&[("greeting", long), ("signature", lines), ("language", "xx")])).await;
        assert_eq!(seen.status, 422);
        seen.says("must be one line of at most 200 characters").says("must have at most 10 lines");
        seen.says("must be English, German or French").says(long);
        assert!(!ann.get("/admin/templates").await.text.contains("Ours"));
    }

    async fn a_logo_is_shown_in_the_form_and_the_preview_and_removed_again(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = made(&mut ann).await;
        let token = ann.form_token().await;
        let logo = format!("{path}/logo");
        for (file, status) in [(&b"<svg/>"[..], 422), (&b""[..], 422), (PNG, 303)] {
            let seen = ann.post_file_of(&logo, &token, ("logo", "a.png"), file).await;
            assert_eq!(seen.status, status, "{seen:?}");
        }
        let mut large = PNG.to_vec();
        large.resize(mail::limits::MAX_LOGO + 1, 0);
        let seen = ann.post_file_of(&logo, &token, ("logo", "a.png"), &large).await;
        assert_eq!(seen.status, 422);
        seen.says("must be at most 64 KiB").says(&format!("src=\"{logo}\""));
        let seen = ann.get(&logo).await;
        assert_eq!(seen.header("content-type"), "image/png");
        assert!(seen.header("content-security-policy").contains("sandbox"));
        source(&mut ann, &path).await.says("{%- set logo = &#34;cid:logo@room-booking&#34; -%}");
        ann.get(&format!("{path}/frame")).await.says("data:image/png;base64,iVBORw0KGgpwaWN0dXJl");
        let id = path.rsplit('/').next().unwrap().to_owned().leak();
        let frame = ann.post("/admin/template-preview", &with(&[("template", id)])).await;
        frame.says("data:image/png;base64,");
        ann.get("/admin/audit").await.says("Picture: no → yes");
        assert_eq!(ann.post(&format!("{logo}/remove"), &[]).await.status, 303);
        assert_eq!(ann.get(&logo).await.status, 404);
        source(&mut ann, &path).await.says("{%- set logo = none -%}");
        let brought = ann.post_file_of("/admin/templates/1/logo", &token, ("logo", "a.png"), PNG).await;
        assert_eq!(brought.status, 409);
    }

    async fn a_copy_of_a_template_gets_its_logo(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = made(&mut ann).await;
        let id = path.rsplit('/').next().unwrap();
        let without = ann.get(&format!("/admin/new-template?copy={id}")).await;
        assert!(!without.text.contains("name=\"copy\""), "{}", without.text);
        let token = ann.form_token().await;
        ann.post_file_of(&format!("{path}/logo"), &token, ("logo", "a.png"), PNG).await;
        let page = ann.get(&format!("/admin/new-template?copy={id}&view=source")).await;
        let copied = page.hidden("copy");
        let html = "<img src=\"cid:logo@room-booking\" alt=\"\">";
        let copy = [
            ("view", "source"),
            ("name", "Copy of Ours"),
            ("subject", "Gone"),
            ("text", "All mine"),
            ("html", html),
            ("copy", &*copied),
        ];
        ann.post("/admin/template-preview", &copy).await.says("data:image/png;base64,");
        let saved = ann.post("/admin/new-template", &copy).await;
        let saved = saved.leads_to().split('?').next().unwrap().to_owned();
        assert_ne!(saved, path);
        assert_eq!(ann.get(&format!("{saved}/logo")).await.header("content-type"), "image/png");
        let warning = "The source shows a logo, and this template has none.";
        assert!(!ann.get(&saved).await.text.contains(warning));
        ann.post(&format!("{saved}/logo/remove"), &[]).await;
        ann.get(&saved).await.says(warning);
    }

    async fn templates_of_the_form_get_the_words_of_a_newer_version(database) {
        let site = Site::on(database, &[]).await;
        let mut ann = site.browser(site.ann).await;
        let path = made(&mut ann).await;
        // As an older version would have composed it.
        let transaction = site.service.store.begin().await.unwrap();
        let mut row = store::templates::by_name(&transaction, "Ours").await.unwrap().unwrap();
        row.text_body = "old words".to_owned();
        assert!(store::templates::update(&transaction, &row).await.unwrap());
        transaction.commit().await.unwrap();
        site.service.ensure_templates().await.unwrap();
        source(&mut ann, &path).await.says("Deine Buchung");
    }
}
