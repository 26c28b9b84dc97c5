//! The server that each test has for itself.

use std::net::SocketAddr;
use std::sync::Arc;

use operations::{NewCalendar, ServerSettings, Servers, Service, command_line};
use reqwest::{Method, Response, StatusCode};
use room_booking::settings::{Flags, Settings};
use room_booking::web::{App, server};
use secrecy::SecretString;
use serde_json::Value;
use store::calendars::Calendar;
use store::keys::Rights;
use store::users::NewUser;
use testing::Database;
use tokio::sync::oneshot;

/// A server with a user `ann`, her calendars `room-1` and `room-2` in Berlin, a calendar `other` that is
/// not hers, and a key of hers with all rights.
pub struct TestApp {
    pub address: SocketAddr,
    pub service: Service,
    pub app: App,
    pub key: String,
    pub client: reqwest::Client,
    _database: Database,
    _stop: oneshot::Sender<()>,
}

impl TestApp {
    pub async fn new(database: Database) -> TestApp {
        TestApp::with(database, &[]).await
    }

    /// With environment variables.
    pub async fn with(database: Database, variables: &[(&str, &str)]) -> TestApp {
        let mut service = Service::new(database.open().await);
        let secret = Arc::new(|| Ok(SecretString::from("a secret of the tests")));
        let cost = store::vault::Cost::LOWEST;
        service.servers =
            Servers::new(ServerSettings { secret, cost, ..ServerSettings::default() });
        let actor = command_line();
        let user =
            NewUser { name: "ann", address: Some("ann@example.org"), is_administrator: false };
        service.add_user(&actor, &user, None).await.unwrap();
        for (slug, users) in [("room-1", vec!["ann"]), ("room-2", vec!["ann"]), ("other", vec![])] {
            let calendar = Calendar::built_in(slug, "A room", "Europe/Berlin");
            let users = users.into_iter().map(str::to_owned).collect();
            service.add_calendar(&actor, &NewCalendar { calendar, users }).await.unwrap();
        }
        let (_, key) =
            service.add_key(&actor, "ann", "test", Rights::ALL, None, None).await.unwrap();
        let settings = Settings::read(&Flags::default(), &|name| {
            let found = variables.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        let settings = settings.unwrap();
        service.events_per_key = settings.events_per_key;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App::new(service.clone(), settings);
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(server::serve(listener, app.clone(), async {
            let _ = stopped.await;
        }));
        let client = testing::http_client();
        TestApp { address, service, app, key, client, _database: database, _stop: stop }
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// Sends a request with the key.
    pub async fn send(&self, method: Method, path: &str) -> Answer {
        self.send_with(&self.key, method, path).await
    }

    pub async fn send_with(&self, key: &str, method: Method, path: &str) -> Answer {
        Answer::of(self.request(method, path).bearer_auth(key).send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(&self.key).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Books an event; its id.
    pub async fn book(&self, calendar: &str, name: &str, start: &str, end: &str) -> String {
        let body = serde_json::json!({ "name": name, "start": start, "end": end });
        let answer = self.post(&format!("/api/{calendar}/events"), &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json["id"].as_str().unwrap().to_owned()
    }

    /// The names of a calendar's events in a decade.
    pub async fn names(&self, calendar: &str) -> Vec<String> {
        let path = format!("/api/{calendar}/events?start=2026-01-01&end=2030-12-31&limit=10000");
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let events = answer.json["events"].as_array().unwrap();
        events.iter().map(|event| event["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Makes an administrator who has room-1 and room-2, with a key of all rights.
    pub async fn administrator_key(&self) -> String {
        let actor = command_line();
        let user = NewUser { name: "boss", address: None, is_administrator: true };
        self.service.add_user(&actor, &user, None).await.unwrap();
        for slug in ["room-1", "room-2"] {
            self.service.assign(&actor, slug, "boss").await.unwrap();
        }
        let made = self.service.add_key(&actor, "boss", "boss", Rights::ALL, None, None).await;
        made.unwrap().1
    }

    /// Imports events, each the lines of a VEVENT, into a calendar.
    pub async fn import(&self, calendar: &str, events: &[String]) {
        let events: String =
            events.iter().map(|it| format!("BEGIN:VEVENT\r\n{it}END:VEVENT\r\n")).collect();
        let file = format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
        let calendar = self.service.calendar(calendar).await.unwrap();
        let (actor, file) = (command_line(), file.as_bytes());
        self.service.import(&actor, &calendar, file, &|_, _| {}).await.unwrap();
    }

    /// A moment a number of hours ahead, as iCalendar writes it in UTC.
    pub fn stamp(&self, hours: i64) -> String {
        let moment = self.service.now().plus(hours * 3_600);
        let text = facts::time::rfc3339(&ical::Zone::utc(), moment);
        format!("{}Z", text.replace(['-', ':'], "").split('+').next().unwrap())
    }

    pub async fn post_with(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(key).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Makes a key of ann's with these rights.
    pub async fn key_with(&self, rights: Rights, calendars: Option<&[String]>) -> String {
        let actor = command_line();
        let made = self.service.add_key(&actor, "ann", "other", rights, calendars, None).await;
        made.unwrap().1
    }
}

/// An answer that was read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    /// `null` where it is no JSON.
    pub json: Value,
}

impl Answer {
    pub async fn of(response: Response) -> Answer {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, text, json }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Makes sure that it is an error of that status as the contract wants it.
    pub fn expect_problem(&self, status: u16) -> &Answer {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.json["status"], status, "{self:?}");
        for key in ["title", "detail"] {
            assert!(self.json[key].as_str().is_some_and(|it| !it.is_empty()), "{self:?}");
        }
        self
    }

    /// The fields that are named as wrong.
    pub fn wrong_fields(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().unwrap();
        errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
    }
}
