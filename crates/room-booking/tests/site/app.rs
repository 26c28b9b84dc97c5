//! A server with rooms and users, and browsers that use it.

use std::net::SocketAddr;
use std::sync::Arc;

use operations::{Clock, NewCalendar, ServerSettings, Servers, Service, command_line};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use room_booking::settings::{Flags, Settings};
use room_booking::web::{App, server};
use secrecy::SecretString;
use store::UserId;
use store::calendars::Calendar;
use store::sessions::{self, NewSession};
use store::users::NewUser;
use testing::Database;
use tokio::sync::oneshot;

/// The password of all users.
pub const PASSWORD: &str = "correct horse battery";

/// The real clock.
pub fn clock() -> i64 {
    Clock::system().now().0
}

/// A server with an administrator `ann`, an ordinary user `bob` who has `room-1`, and rooms `room-1`
/// and `other`, in Berlin.
pub struct Site {
    pub address: SocketAddr,
    pub service: Service,
    pub app: App,
    pub ann: UserId,
    pub bob: UserId,
    client: reqwest::Client,
    _database: Database,
    _stop: oneshot::Sender<()>,
}

impl Site {
    pub async fn new() -> Site {
        Site::on(Database::new(store::DatabaseKind::Sqlite).await, &[]).await
    }

    /// On a database, with environment variables.
    pub async fn on(database: Database, variables: &[(&str, &str)]) -> Site {
        Site::at(database, variables, Clock::system()).await
    }

    /// With a clock of its own.
    pub async fn at(database: Database, variables: &[(&str, &str)], clock: Clock) -> Site {
        let site = Site::empty(database, variables, clock).await;
        let actor = command_line();
        let service = &site.service;
        // A hash that is made once: Argon2 takes its time, and more without optimisation.
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash = HASH
            .get_or_init(async || {
                store::secrets::hash_password(&SecretString::from(PASSWORD)).unwrap()
            })
            .await;
        let mut ids = Vec::new();
        for (name, is_administrator) in [("ann", true), ("bob", false)] {
            let address = format!("{name}@example.org");
            let new = NewUser { name, address: Some(&address), is_administrator };
            let id = service.add_user(&actor, &new, None).await.unwrap();
            let transaction = service.store.begin().await.unwrap();
            store::users::set_password(&transaction, id, hash).await.unwrap();
            transaction.commit().await.unwrap();
            ids.push(id);
        }
        for (slug, users) in [("room-1", vec!["bob"]), ("other", vec![])] {
            let calendar = Calendar::built_in(slug, &format!("The {slug}"), "Europe/Berlin");
            let users = users.into_iter().map(str::to_owned).collect();
            service.add_calendar(&actor, &NewCalendar { calendar, users }).await.unwrap();
        }
        Site { ann: ids[0], bob: ids[1], ..site }
    }

    /// A server on an empty database.
    pub async fn empty(database: Database, variables: &[(&str, &str)], clock: Clock) -> Site {
        let mut service = Service::new(database.open().await);
        service.clock = clock;
        let secret = Arc::new(|| Ok(SecretString::from("a secret of the tests")));
        let cost = store::vault::Cost::LOWEST;
        service.servers =
            Servers::new(ServerSettings { secret, cost, ..ServerSettings::default() });
        service.ensure_templates().await.unwrap();
        let settings = Settings::read(&Flags::default(), &|name| {
            let found = variables.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let settings = settings.unwrap();
        service.mailer = settings.mailer();
        service.mail_domains = settings.mail_domains.clone().into();
        let app = App::new(service.clone(), settings);
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(server::serve(listener, app.clone(), async {
            let _ = stopped.await;
        }));
        let client = testing::http_client_builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let (ann, bob) = (UserId(0), UserId(0));
        Site { address, service, app, ann, bob, client, _database: database, _stop: stop }
    }

    /// A browser that nobody has signed in with.
    pub fn stranger(&self) -> Browser<'_> {
        Browser { site: self, cookie: None, known: Vec::new() }
    }

    /// A browser in which a user has a session.
    pub async fn browser(&self, user: UserId) -> Browser<'_> {
        let now = clock();
        let new = NewSession {
            user,
            address: "192.0.2.1",
            browser: "Firefox on Linux",
            expires_at: now + 86_400,
            awaits_code: false,
        };
        let transaction = self.service.store.begin().await.unwrap();
        let token = sessions::insert(&transaction, &new, now).await.unwrap();
        transaction.commit().await.unwrap();
        Browser { site: self, cookie: Some(token), known: Vec::new() }
    }

    /// Puts events into a room: lines of VEVENTs.
    pub async fn import(&self, slug: &str, events: &[String]) {
        let text =
            format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.concat());
        let calendar = self.service.calendar(slug).await.unwrap();
        self.service.import(&command_line(), &calendar, text.as_bytes(), &|_, _| {}).await.unwrap();
    }
}

/// An event tomorrow, at full hours of UTC, created `days_ago` days ago.
pub fn event(uid: &str, name: &str, hours: (i64, i64), days_ago: i64) -> String {
    let midnight = clock().div_euclid(86_400) * 86_400 + 86_400;
    let stamp = |at: i64| {
        let text = facts::time::rfc3339(&ical::Zone::utc(), ical::Moment(at));
        format!("{}Z", text[..19].replace(['-', ':'], ""))
    };
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nCREATED:{}\r\nDTSTART:{}\r\n\
         DTEND:{}\r\nSUMMARY:{name}\r\nORGANIZER:mailto:{uid}@example.org\r\nEND:VEVENT\r\n",
        stamp(clock() - days_ago * 86_400),
        stamp(midnight + hours.0 * 3600),
        stamp(midnight + hours.1 * 3600),
    )
}

/// A browser: it keeps the site's cookie, and follows no redirects.
#[derive(Clone)]
pub struct Browser<'s> {
    site: &'s Site,
    pub cookie: Option<String>,
    /// The cookies by which the browser is known, as it sends them.
    pub known: Vec<String>,
}

/// A page, or what else came back.
#[derive(Debug)]
pub struct Seen {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads on to.
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header(LOCATION.as_str())
    }

    /// Makes sure that it is a page that says this.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Seen {
        assert!(self.text.contains(text), "{} does not say {text:?}:\n{}", self.status, self.text);
        self
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.split_once(mark.as_str());
        let (_, rest) = rest.unwrap_or_else(|| panic!("no {name} in {}", self.text));
        unescape(rest.split_once('"').unwrap().0)
    }

    /// The values of all boxes of a name.
    pub fn boxes(&self, name: &str) -> Vec<String> {
        let mark = format!("type=\"checkbox\" name=\"{name}\" value=\"");
        let parts = self.text.split(mark.as_str()).skip(1);
        parts.map(|rest| unescape(rest.split_once('"').unwrap().0)).collect()
    }

    /// The last line of code that it shows.
    pub fn code(&self) -> String {
        let (_, rest) = self.text.rsplit_once("<code>").unwrap_or_else(|| panic!("{self:?}"));
        unescape(rest.split_once('<').unwrap().0)
    }

    /// The first link that begins so.
    pub fn link(&self, start: &str) -> String {
        let mark = format!("href=\"{start}");
        let (_, rest) = self.text.split_once(mark.as_str()).unwrap_or_else(|| panic!("{self:?}"));
        format!("{start}{}", unescape(rest.split_once('"').unwrap().0))
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

impl Browser<'_> {
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Seen {
        let url = format!("http://{}{path}", self.site.address);
        let mut request = self.site.client.request(method, url);
        let session = self.cookie.iter().map(|it| format!("room-booking={it}"));
        let cookies: Vec<_> = session.chain(self.known.iter().cloned()).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            let mut body = form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(form);
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body.finish());
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for set in headers.get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if name.contains("-known-") {
                self.known.retain(|it| !it.starts_with(&format!("{name}=")));
                self.known.push(pair.to_owned());
            } else {
                self.cookie = Some(value.to_owned()).filter(|it| !it.is_empty());
            }
        }
        Seen { status, headers, text: response.text().await.unwrap() }
    }

    pub async fn get(&mut self, path: &str) -> Seen {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form with the token that forms of this browser carry.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Seen {
        let token = self.form_token().await;
        self.post_with(&token, path, form).await
    }

    /// Sends a form with that token.
    pub async fn post_with(&mut self, token: &str, path: &str, form: &[(&str, &str)]) -> Seen {
        let mut all = vec![("form_token", token)];
        all.extend_from_slice(form);
        self.send(Method::POST, path, &[], Some(&all)).await
    }

    /// Sends a form with a file, as browsers do.
    pub async fn post_file(&mut self, path: &str, token: &str, file: &str) -> Seen {
        let part = |head: &str, body: &str| {
            format!("--boundary\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let body = [
            part("name=\"form_token\"", token),
            part("name=\"file\"; filename=\"room.ics\"", file),
            "--boundary--\r\n".to_owned(),
        ];
        let url = format!("http://{}{path}", self.site.address);
        let mut request = self.site.client.post(url).body(body.concat());
        request = request.header("content-type", "multipart/form-data; boundary=boundary");
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, format!("room-booking={cookie}"));
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Seen { status, headers, text: response.text().await.unwrap() }
    }

    /// What forms of this browser carry.
    pub async fn form_token(&mut self) -> String {
        let page = self.get("/admin/account").await;
        let page = if page.status == 303 { self.get("/admin/sign-in").await } else { page };
        page.hidden("form_token")
    }

    /// Signs in as people do.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Seen {
        self.post("/admin/sign-in", &[("name", name), ("password", password)]).await
    }
}
