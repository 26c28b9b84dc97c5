//! The language of pages: the browser's, where the site speaks it.

use harness::setup::scheduler;
use harness::web::{Answer, Browser};
use reqwest::{Method, StatusCode};
use testing::block_on;
use testing::fake::{FakeCalDav, PASSWORD, Quirks, USER};

use crate::app::Site;
use crate::routes::{ROWS, filled, path_of};

const GERMAN: [(&str, &str); 1] = [("accept-language", "de-DE,de;q=0.9,en;q=0.5")];
const FRENCH: [(&str, &str); 1] = [("accept-language", "fr-CA,fr;q=0.9,en;q=0.5")];

/// Words that stand in nearly every English sentence, in no German one, and but for these in no French one.
const FRENCH_TOO: [&str; 3] = ["a", "on", "or"];
#[rustfmt::skip]
const ENGLISH: [&str; 56] = [
    "the", "a", "and", "is", "are", "be", "been", "of", "to", "this", "that", "these", "those", "you",
    "your", "with", "for", "from", "by", "at", "on", "or", "not", "no", "nothing", "nobody", "it",
    "its", "they", "their", "them", "who", "whom", "whose", "what", "when", "where", "which", "has",
    "have", "had", "does", "did", "must", "may", "can", "would", "there", "here", "if", "only",
    "all", "any", "again", "never", "today",
];

/// What stands on a page for people to read, less what others than the site have written: elements whose
/// content is data, and code; with the marks that readers hear only.
fn readable(page: &Answer) -> String {
    let mut text = page.text.clone();
    for element in ["style", "script", "code", "pre", "textarea"] {
        while let Some(start) = text.find(&format!("<{element}")) {
            let end = format!("</{element}>");
            let length = text[start..].find(&end).map_or(text.len() - start, |it| it + end.len());
            text.replace_range(start..start + length, " ");
        }
    }
    let mut read = String::new();
    for part in text.split('<') {
        let (tag, behind) = part.split_once('>').unwrap_or(("", part));
        for attribute in ["title=\"", "aria-label=\"", "alt=\"", "placeholder=\""] {
            let value = tag.split_once(attribute).and_then(|(_, rest)| rest.split_once('"'));
            read.push_str(value.map_or("", |(value, _)| value));
            read.push(' ');
        }
        read.push_str(behind);
        read.push(' ');
    }
    while let Some((before, rest)) = read.split_once("{%") {
        let behind = rest.split_once("%}").map_or("", |(_, behind)| behind);
        read = format!("{before} {behind}");
    }
    // Names that the test has given.
    for name in ["The room-1", "The other", "Copy of English", "English", "German", "French"] {
        read = read.replace(name, " ");
    }
    read
}

#[track_caller]
fn is_german(path: &str, page: &Answer) {
    is_in("de", path, page);
}

#[track_caller]
fn is_in(code: &str, path: &str, page: &Answer) {
    page.says(&format!("<html lang=\"{code}\">"));
    assert_eq!(page.header("content-language"), code, "{path}");
    assert!(page.header("vary").to_ascii_lowercase().contains("accept-language"), "{path}");
    let read = readable(page);
    let words = read.split(|it: char| !it.is_alphanumeric() && it != '-' && it != '_');
    let is_english =
        |it: &str| ENGLISH.contains(&it) && !(code == "fr" && FRENCH_TOO.contains(&it));
    let english: Vec<_> = words.filter(|it| is_english(&it.to_lowercase())).collect();
    assert!(english.is_empty(), "{path}: {english:?} in {}", one_line(&read));
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn german(browser: &mut Browser, path: &str) -> Answer {
    browser.send(Method::GET, path, &GERMAN, None).await
}

async fn german_form(browser: &mut Browser, path: &str, form: &[(&str, &str)]) -> Answer {
    let token = browser.form_token().await;
    let mut all = vec![("form_token", token.as_str())];
    all.extend_from_slice(form);
    browser.send(Method::POST, path, &GERMAN, Some(&all)).await
}

/// Asks for every page in a language, as a stranger, a user and an administrator.
async fn every_page_is_in(site: &Site, code: &str, language: &[(&str, &str)]) {
    for user in [None, Some(site.bob), Some(site.ann)] {
        let mut browser = match user {
            Some(user) => site.browser(user).await,
            None => site.stranger(),
        };
        for row in ROWS.iter().filter(|row| row.0 == "GET") {
            let path = path_of(row);
            let page = browser.send(Method::GET, &path, language, None).await;
            if page.header("content-type").starts_with("text/html") {
                // What a template makes of a sample is in the template's language.
                let is_of_a_template = row.1.ends_with("/frame");
                let page = if is_of_a_template { without_mail(page) } else { page };
                is_in(code, &path, &page);
            }
        }
    }
}

#[test]
fn the_home_page_and_the_frame_of_the_api_are_in_the_language_of_the_browser() {
    block_on(async {
        let site = filled().await;
        for (code, language) in [("de", &GERMAN), ("fr", &FRENCH)] {
            for path in ["/", "/api/docs"] {
                let page = site.stranger().send(Method::GET, path, language, None).await;
                is_in(code, path, &page);
            }
        }
        let home = site.stranger().get("/").await;
        home.says("<html lang=\"en\">").says("Sign in").says("One room");
    });
}

#[test]
fn every_page_is_french_where_the_browser_asks_for_it() {
    block_on(async {
        let site = filled().await;
        every_page_is_in(&site, "fr", &FRENCH).await;
        let mut browser = site.browser(site.ann).await;
        let start = browser.send(Method::GET, "/admin", &FRENCH, None).await;
        start.says("À traiter").says("Se déconnecter");
        let preview = "/admin/calendars/room-1/preview";
        let preview = browser.send(Method::GET, preview, &FRENCH, None).await;
        preview.says("L’autre a été réservé en premier.").says("le calendrier n’a pas de modèle");
    });
}

#[test]
fn every_page_is_german_where_the_browser_asks_for_it() {
    block_on(async {
        let site = filled().await;
        every_page_is_in(&site, "de", &GERMAN).await;
        let mut browser = site.browser(site.ann).await;
        german(&mut browser, "/admin").await.says("Zu erledigen").says("Abmelden");
        german(&mut browser, "/admin/history").await.says("Wegen einer Überschneidung gelöscht");
        let audit = german(&mut browser, "/admin/audit").await;
        audit
            .says("Kalender angelegt")
            .says("Befehlszeile")
            .says("Benutzer: bob")
            .says("Berechtigungen: lesen, buchen");
    });
}

/// A frame without the mail that is shown in it.
fn without_mail(mut page: Answer) -> Answer {
    while let Some(start) = page.text.find("<p>") {
        let length = page.text[start..].find("</p>").unwrap();
        page.text.replace_range(start..start + length, " ");
    }
    page
}

#[test]
fn what_was_just_done_and_what_is_applied_is_told_in_german() {
    block_on(async {
        let site = filled().await;
        let mut browser = site.browser(site.ann).await;
        for code in ["saved", "booked", "restored", "key-revoked", "calendars-added"] {
            let path = format!("/admin?done={code}");
            is_german(&path, &german(&mut browser, &path).await);
        }
        let preview = german(&mut browser, "/admin/calendars/room-1/preview").await;
        preview.says("der Kalender hat keine Vorlage").says("Der andere wurde zuerst gebucht.");
        let lines = preview.boxes("line");
        let form: Vec<_> = lines.iter().map(|it| ("line", it.as_str())).collect();
        let applied = german_form(&mut browser, "/admin/calendars/room-1/apply", &form).await;
        applied.says("wurde angewendet");
        is_german("apply", &applied);
        let removal = german(&mut browser, "/admin/history/1").await;
        removal
            .says("Niemand")
            .says("der Kalender hat keine Vorlage")
            .says("Termin wiederherstellen");
        let back = german_form(&mut browser, "/admin/history/1/restore", &[]).await;
        back.leads_to();
        let again = german_form(&mut browser, "/admin/history/1/restore", &[]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        again.says("Der Termin wurde schon wiederhergestellt.");
        is_german("restored", &again);
    });
}

#[test]
fn what_a_calendar_server_does_and_does_not_do_is_told_in_german() {
    block_on(async {
        let site = Site::new().await;
        let server = FakeCalDav::start(Quirks::SOGO).await;
        let mut browser = site.browser(site.ann).await;
        let sign_in = async |browser: &mut Browser, password: &str| {
            let url = server.url();
            let form = [("address", url.as_str()), ("user_name", USER), ("password", password)];
            german_form(browser, "/admin/servers", &form).await
        };
        let refused = sign_in(&mut browser, "wrong").await;
        refused.says("nimmt den Benutzernamen „room“ mit diesem Passwort nicht an");
        is_german("servers", &refused);
        sign_in(&mut browser, PASSWORD).await.leads_to();
        let collection = server.calendar_url();
        let form = [("collection", collection.as_str()), ("user", "ann")];
        let added = german_form(&mut browser, "/admin/servers/1/add", &form).await;
        let settings = added.leads_to().split('?').next().unwrap().to_owned();
        let room = settings.trim_end_matches("/settings");
        let pages = ["/admin/servers", "/admin/servers/1", &settings, "/admin/calendars"];
        for path in pages {
            is_german(path, &german(&mut browser, path).await);
        }
        let works = german(&mut browser, &format!("{room}/connection")).await;
        works.says("„room“ meldet sich unter").says("Der Server ist SOGo");
        is_german("connection", &works);
        // After a refused password, the account is suspended.
        server.lock_out();
        for path in [format!("{room}/connection"), format!("{room}/preview")] {
            let fails = german(&mut browser, &path).await;
            fails.says("nimmt das Passwort von „room“ nicht an");
            is_german(&path, &fails);
        }
        site.setup().clear(operations::Scope::All, scheduler()).await;
        // What the database has kept of it is English.
        for path in ["/admin".to_owned(), "/admin/calendars".to_owned(), settings] {
            let fails = german(&mut browser, &path).await;
            fails.says("nimmt das Passwort von „room“ nicht an");
            is_german(&path, &fails);
        }
    });
}

#[test]
fn what_is_wrong_with_a_form_is_told_in_german() {
    block_on(async {
        let site = filled().await;
        let mut browser = site.browser(site.ann).await;
        let (room, book) = ("/admin/calendars/room-1/settings", "/admin/calendars/room-1/book");
        for (path, form, expected) in [
            (
                "/admin/account/password",
                &[("present", harness::setup::PASSWORD), ("password", "short"), ("again", "short")]
                    [..],
                "Neues Passwort: muss mindestens 10 Zeichen haben",
            ),
            (
                "/admin/account/password",
                &[("present", "wrong"), ("password", "x"), ("again", "x")],
                "Aktuelles Passwort: ist nicht Ihr aktuelles Passwort",
            ),
            (
                "/admin/account/password",
                &[("password", "x"), ("again", "y")],
                "Passwort wiederholen: stimmt nicht überein",
            ),
            ("/admin/users", &[("name", "ann")], "Benutzername: ist schon vergeben"),
            (
                "/admin/users",
                &[("name", "eve"), ("address", "nowhere")],
                "E-Mail-Adresse: muss eine E-Mail-Adresse sein, zum Beispiel ann@example.org",
            ),
            (
                room,
                &[
                    ("name", "The room-1"),
                    ("zone", "Europe/Berlin"),
                    ("horizon", "40000"),
                    ("tolerance", "0"),
                    ("safety_limit", "1"),
                ],
                "Vorausschau: muss zwischen 1 und",
            ),
            (room, &[("horizon", "soon")], "muss eine ganze Zahl im zulässigen Bereich sein"),
            (
                "/admin/new-calendar",
                &[("name", "Room"), ("slug", "room-1"), ("zone", "Europe/Berlin")],
                "Name in URLs: gehört schon einem anderen Kalender",
            ),
            (
                "/admin/new-calendar",
                &[("name", "Room"), ("slug", "docs"), ("zone", "Nowhere")],
                "Zeitzone: muss eine IANA-Zeitzone sein",
            ),
            (book, &[("name", "x"), ("start", "soon")], "Beginn: muss ein Zeitpunkt wie"),
            (
                "/admin/keys",
                &[("name", "panel")],
                "Berechtigungen: muss mindestens ein Recht umfassen",
            ),
            ("/admin/priorities", &[("kind", "uid")], "Wert: darf nicht leer sein"),
            ("/admin/new-template", &[("name", "English")], "gehört einer mitgelieferten Vorlage"),
        ] {
            let page = german_form(&mut browser, path, form).await;
            let status = page.status.as_u16();
            assert!([409, 422].contains(&status), "{path}: {page:?}");
            assert!(
                one_line(&readable(&page)).to_lowercase().contains(&expected.to_lowercase()),
                "{path}: {expected} in {}",
                one_line(&readable(&page))
            );
            is_german(path, &page);
        }
        let taken = german_form(&mut browser, "/admin/users/2/calendars", &[("calendar", "no")]);
        taken.await.says("Einen Kalender „no“ gibt es nicht.");
        let stale = browser.send(Method::POST, "/admin/users", &GERMAN, Some(&[])).await;
        stale.says("Dieses Formular ist abgelaufen");
    });
}

#[test]
fn pages_are_english_where_the_browser_asks_for_nothing_that_the_site_speaks() {
    block_on(async {
        let site = Site::new().await;
        let mut browser = site.browser(site.ann).await;
        let none: &[(&str, &str)] = &[];
        let languages =
            ["", "tlh-KL,tlh;q=0.9", "de;q=0", "en,de", "de;q=7", ";;;q=,,", "dé\u{202E}"];
        let sent = languages.map(|it| [("accept-language", it)]);
        for headers in sent.iter().map(|it| &it[..]).chain([none]) {
            let page = browser.send(Method::GET, "/admin", headers, None).await;
            page.says("<html lang=\"en\">").says("Needs attention");
            assert_eq!(page.header("content-language"), "en", "{headers:?}");
        }
    });
}

#[test]
fn why_an_event_cannot_be_read_is_told_in_the_language_and_without_what_a_reader_may_not_see() {
    block_on(async {
        let site = Site::new().await;
        let odd = "BEGIN:VEVENT\r\nUID:odd\r\nCLASS:PRIVATE\r\nDTSTART:99990101T000000Z\r\n\
                   RRULE:FREQ=TAKEOVER\r\nEND:VEVENT\r\n";
        let file = format!("BEGIN:VCALENDAR\r\n{odd}END:VCALENDAR\r\n");
        let mut ann = site.browser(site.ann).await;
        let token = ann.form_token().await;
        let room = "/admin/calendars/room-1";
        ann.post_file(&format!("{room}/import"), &token, &file).await.says("FREQ=TAKEOVER");
        let preview = format!("{room}/preview");
        let page = german(&mut ann, &preview).await;
        page.says(
            "RRULE ist nicht lesbar: „FREQ=TAKEOVER“ hat eine FREQ, die RFC 5545 nicht kennt",
        );
        is_german(&preview, &page);
        let mut bob = site.browser(site.bob).await;
        let page = bob.send(Method::GET, &preview, &FRENCH, None).await;
        page.says(
            "RRULE est illisible\u{202F}: la valeur a un FREQ que la RFC 5545 ne connaît pas",
        );
        assert!(!page.text.contains("TAKEOVER"), "{page:?}");
        let english = bob.get(&preview).await;
        english.says("RRULE cannot be read: it has a FREQ that RFC 5545 does not know");
    });
}
