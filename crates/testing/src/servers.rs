//! Real CalDAV servers, started by the scripts in `scripts/servers`, and another client of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use tempfile::TempDir;

use crate::xml;

/// A CalDAV server with the users alice, bob and room.
pub struct CalDavServer {
    /// Which one: the name of its script in `scripts/servers`, or `baikal` or `nextcloud`.
    pub kind: String,
    /// The folder with its data.
    pub folder: PathBuf,
    /// The address at which its discovery begins.
    pub url: String,
    /// The home of the room's calendars.
    pub home: String,
    /// The password of all three users.
    pub password: String,
    /// The room's calendar in which invitations arrive, if the server does scheduling.
    pub invitations: Option<String>,
    /// A calendar of alice's own, from which she can invite the room.
    pub alice_own: String,
    port: String,
    calendars: HashMap<&'static str, String>,
    own: Option<TempDir>,
}

/// The users that each server has.
pub const USERS: [&str; 3] = ["alice", "bob", "room"];
/// The calendar that each server has, whose name stands in the addresses of [`CalDavServer::calendar`].
pub const CALENDAR: &str = "meeting-room-1";

impl CalDavServer {
    /// The server that `scripts/servers/with` has started for all tests, by its name in capitals.
    ///
    /// # Panics
    ///
    /// When it has not.
    pub fn from_env(name: &str) -> CalDavServer {
        let variable = format!("ROOM_BOOKING_TEST_{name}");
        let lines = std::env::var(&variable).unwrap_or_else(|_| {
            let name = name.to_lowercase();
            panic!(
                "{variable} is not set: run the tests by scripts/test-servers, or as \
                    scripts/servers/with {name} -- cargo test"
            )
        });
        CalDavServer::of(&lines)
    }

    /// All servers that have been started for the tests.
    pub fn all() -> Vec<CalDavServer> {
        let names = [
            "RADICALE",
            "XANDIKOS",
            "DAVICAL",
            "CYRUS",
            "SOGO",
            "SABRE",
            // Those that no script starts; see docs/testing.md.
            "BAIKAL",
            "NEXTCLOUD",
        ];
        let started = |it: &str| std::env::var_os(format!("ROOM_BOOKING_TEST_{it}")).is_some();
        names.into_iter().filter(|it| started(it)).map(CalDavServer::from_env).collect()
    }

    /// Whether a script can start one of this kind for a test alone.
    pub fn has_script(&self) -> bool {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../scripts/servers")
            .join(&self.kind)
            .exists()
    }

    /// Starts one for this test alone, which may kill it. It is stopped when it is dropped.
    pub fn start(kind: &str) -> CalDavServer {
        let folder = tempfile::tempdir().unwrap();
        let lines = script(kind, &[folder.path().to_str().unwrap()]);
        let mut server = CalDavServer::of(&lines);
        server.own = Some(folder);
        server
    }

    /// Reads the lines that a script printed.
    fn of(lines: &str) -> CalDavServer {
        let values: HashMap<_, _> = lines.lines().filter_map(|it| it.split_once('=')).collect();
        let get = |key: &str| {
            let value = values.get(key).unwrap_or_else(|| panic!("{key} is missing in {lines}"));
            (*value).to_owned()
        };
        CalDavServer {
            kind: get("kind"),
            folder: get("folder").into(),
            url: get("url"),
            home: get("home"),
            password: get("password"),
            invitations: values.get("invitations").map(|it| (*it).to_owned()),
            alice_own: get("alice_own"),
            port: get("port"),
            calendars: USERS.iter().map(|it| (*it, get(&format!("{it}_calendar")))).collect(),
            own: None,
        }
    }

    /// The address of the calendar `meeting-room-1` as a user sees it.
    pub fn calendar(&self, user: &str) -> &str {
        &self.calendars[user]
    }

    /// Kills the server's processes with SIGKILL. Its database, if any, continues.
    pub fn kill(&self) {
        assert!(self.own.is_some(), "the server is not this test's own");
        script("stop", &["--kill", self.folder.to_str().unwrap()]);
    }

    /// Starts it again, at the same address with the same content.
    pub fn restart(&self) {
        assert!(self.own.is_some(), "the server is not this test's own");
        script(&self.kind, &[self.folder.to_str().unwrap(), &self.port]);
    }

    /// A calendar of the room's that a test has for itself, which alice and bob may write. The name is
    /// made of letters, digits and hyphens. UIDs have to be the test's own as well: Cyrus allows each
    /// once among all calendars of a user.
    pub async fn make_calendar(&self, name: &str) -> TestCalendar<'_> {
        let calendar = TestCalendar { server: self, name: name.to_owned() };
        let room = calendar.seen_by("room");
        let answer = room.request("MKCALENDAR", "", &[], "").await;
        assert_eq!(answer.status, 201, "{}: {}", room.url, answer.body);
        if self.kind == "sogo" {
            for user in ["alice", "bob"] {
                let roles = [
                    "ObjectCreator",
                    "ObjectEraser",
                    "PublicModifier",
                    "PrivateModifier",
                    "ConfidentialModifier",
                ];
                let roles: String = roles.iter().map(|it| format!("<{it}/>")).collect();
                let body = format!(
                    "<?xml version=\"1.0\"?><acl-query xmlns=\"urn:inverse:params:xml:ns:inverse-dav\">\
                        <set-roles user=\"{user}\">{roles}</set-roles></acl-query>"
                );
                let answer = room.request("POST", "", &[], &body).await;
                assert_eq!(answer.status, 204, "{}", answer.body);
            }
        }
        calendar
    }

    /// A calendar of the room's that is there already.
    pub fn existing_calendar(&self, name: &str) -> TestCalendar<'_> {
        TestCalendar { server: self, name: name.to_owned() }
    }

    /// A user's program on any calendar, by its address with a slash at its end.
    pub fn client(&self, user: &str, url: &str) -> Client {
        Client::new(url, user, &self.password)
    }
}

impl Drop for CalDavServer {
    fn drop(&mut self) {
        if self.own.is_some() {
            script("stop", &[self.folder.to_str().unwrap()]);
        }
    }
}

/// Runs a script of `scripts/servers` and returns what it printed.
fn script(name: &str, arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = root.join("scripts/servers").join(name);
    let output = Command::new(&program).args(arguments).current_dir(root).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A calendar for a single test.
pub struct TestCalendar<'a> {
    server: &'a CalDavServer,
    /// Its name: the last part of its address.
    pub name: String,
}

impl TestCalendar<'_> {
    /// Its address as a user sees it.
    pub fn url(&self, user: &str) -> String {
        self.server.calendar(user).replace(CALENDAR, &self.name)
    }

    /// A user's program on it.
    pub fn seen_by(&self, user: &str) -> Client {
        self.server.client(user, &self.url(user))
    }
}

/// Another client on one calendar. It writes without reading first.
pub struct Client {
    http: reqwest::Client,
    user: String,
    password: String,
    /// The calendar's address, with a slash at its end.
    pub url: String,
}

/// The answer of a server.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The ETag, as it was given.
    pub etag: Option<String>,
    /// The body.
    pub body: String,
}

/// An object as a server lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its address, as the server wrote it.
    pub href: String,
    /// Its ETag, as the server wrote it.
    pub etag: String,
    /// Its text, if it was asked for.
    pub text: String,
}

impl Client {
    /// A program on a calendar of any server, by its address with a slash at its end.
    pub fn new(url: &str, user: &str, password: &str) -> Client {
        // SOGo closes connections after an answer, and does not always say so.
        let http = crate::http_client_builder().no_proxy().pool_max_idle_per_host(0);
        let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let (user, password) = (user.to_owned(), password.to_owned());
        Client { http, user, password, url: url.to_owned() }
    }

    /// One request. `name` is the last part of the address, escaped as it is to be sent; it is empty for
    /// the calendar itself.
    pub async fn request(
        &self,
        method: &str,
        name: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{name}", self.url));
        request = request.basic_auth(&self.user, Some(&self.password));
        if body.starts_with('<') {
            request = request.header("Content-Type", "application/xml; charset=utf-8");
        } else if !body.is_empty() {
            request = request.header("Content-Type", "text/calendar; charset=utf-8");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body.to_owned()).send().await.unwrap();
        let etag = answer.headers().get("ETag").map(|it| it.to_str().unwrap().to_owned());
        Reply { status: answer.status().as_u16(), etag, body: answer.text().await.unwrap() }
    }

    /// Writes an object, only over this ETag if one is given.
    pub async fn put(&self, name: &str, text: &str, etag: Option<&str>) -> Reply {
        let headers: Vec<_> = etag.iter().map(|it| ("If-Match", *it)).collect();
        self.request("PUT", name, &headers, text).await
    }

    /// Deletes an object, only with this ETag if one is given.
    pub async fn delete(&self, name: &str, etag: Option<&str>) -> Reply {
        let headers: Vec<_> = etag.iter().map(|it| ("If-Match", *it)).collect();
        self.request("DELETE", name, &headers, "").await
    }

    /// Reads an object.
    pub async fn get(&self, name: &str) -> Reply {
        self.request("GET", name, &[], "").await
    }

    /// All objects of the calendar, in the order of their addresses.
    pub async fn list(&self) -> Vec<Listed> {
        let body = "<propfind xmlns=\"DAV:\"><prop><getetag/><resourcetype/></prop></propfind>";
        let answer = self.request("PROPFIND", "", &[("Depth", "1")], body).await;
        assert_eq!(answer.status, 207, "{}", answer.body);
        listed(&answer.body).into_iter().filter(|it| !it.href.ends_with('/')).collect()
    }

    /// The objects with occurrences between two moments (`20270601T000000Z`; RFC 4791 section 7.8),
    /// expanded by the server.
    pub async fn expanded(&self, start: &str, end: &str) -> Vec<Listed> {
        let body = format!(
            "<C:calendar-query xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><prop><getetag/>\
                <C:calendar-data><C:expand start=\"{start}\" end=\"{end}\"/></C:calendar-data></prop>\
                <C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">\
                <C:time-range start=\"{start}\" end=\"{end}\"/></C:comp-filter></C:comp-filter>\
                </C:filter></C:calendar-query>"
        );
        let answer = self.request("REPORT", "", &[("Depth", "1")], &body).await;
        assert_eq!(answer.status, 207, "{}", answer.body);
        listed(&answer.body)
    }

    /// The starts of all occurrences between two moments by the server's own expansion, sorted.
    pub async fn starts(&self, start: &str, end: &str) -> Vec<String> {
        let mut starts = Vec::new();
        for object in self.expanded(start, end).await {
            let events = object.text.split("BEGIN:VEVENT").skip(1);
            let lines = events.flat_map(str::lines).filter(|it| it.starts_with("DTSTART"));
            starts.extend(lines.filter_map(|it| Some(it.split_once(':')?.1.trim().to_owned())));
        }
        starts.sort();
        starts
    }
}

/// The objects of a multistatus that are there.
fn listed(multistatus: &str) -> Vec<Listed> {
    let mut found: Vec<_> = xml::all(multistatus, "response")
        .iter()
        .filter_map(|response| {
            let text = xml::first(response.inner, "calendar-data").unwrap_or_default();
            let etag = xml::first(response.inner, "getetag").filter(|it| !it.is_empty());
            let href = xml::first(response.inner, "href")?;
            (etag.is_some() || href.ends_with('/')).then(|| Listed {
                href,
                etag: etag.unwrap_or_default(),
                text,
            })
        })
        .collect();
    found.sort_by(|a, b| a.href.cmp(&b.href));
    found
}

/// The name of an object's address for a UID: everything but letters and digits escaped.
pub fn name_of(uid: &str) -> String {
    format!("{}.ics", utf8_percent_encode(uid, NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_prints_is_a_server() {
        let lines = "kind=cyrus\nfolder=/f\nport=1\npassword=p\nurl=http://h/dav/\n\
            home=http://h/dav/c/room/\nroom_calendar=http://h/dav/c/room/meeting-room-1/\n\
            alice_calendar=http://h/dav/c/alice/room.meeting-room-1/\n\
            bob_calendar=http://h/dav/c/bob/room.meeting-room-1/\n\
            invitations=http://h/dav/c/room/Default/\nalice_own=http://h/dav/c/alice/Default/\n";
        let server = CalDavServer::of(lines);
        assert_eq!(server.kind, "cyrus");
        assert_eq!(server.invitations.as_deref(), Some("http://h/dav/c/room/Default/"));
        let calendar = TestCalendar { server: &server, name: "x-1".to_owned() };
        assert_eq!(calendar.url("alice"), "http://h/dav/c/alice/room.x-1/");
    }

    #[test]
    fn the_recorded_answers_of_all_servers_are_read() {
        for kind in
            ["nextcloud", "radicale", "xandikos", "davical", "cyrus", "sogo", "sabre", "rustical"]
        {
            let answer = crate::scripted::recorded(&format!("{kind}-query-timerange"));
            let objects = listed(&String::from_utf8(answer.body).unwrap());
            // SOGo lists series that take place elsewhere, too.
            assert_eq!(objects.len(), if kind == "sogo" { 3 } else { 2 }, "{kind}");
            assert!(objects[0].text.starts_with("BEGIN:VCALENDAR"), "{kind}");
        }
    }
}
