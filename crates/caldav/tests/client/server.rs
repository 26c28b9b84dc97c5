//! A server that answers what a test says, and remembers what it was asked.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use caldav::{
    Account, Collection, Conditions, Connector, ConnectorSettings, Credentials, Limits, PlainHttp,
    ServerKind,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// The password of every account here.
pub const SECRET: &str = "correct-horse";

/// A request that arrived.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| &**value)
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// What Content-Length says, where that is not the truth.
    length: Option<usize>,
    before: Duration,
    /// After how many bytes of the body the server stops for how long.
    pause: Option<(usize, Duration)>,
    /// How often the body is sent; the Content-Length is left out then.
    times: Option<usize>,
}

impl Reply {
    pub fn status(status: u16) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            length: None,
            before: Duration::ZERO,
            pause: None,
            times: None,
        }
    }

    pub fn xml(body: &str) -> Reply {
        Reply::status(207).header("Content-Type", "application/xml").body(body)
    }

    /// A multistatus of these responses.
    pub fn multistatus(responses: &str) -> Reply {
        Reply::xml(&format!(
            "<d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\" \
             xmlns:s=\"http://calendarserver.org/ns/\">{responses}</d:multistatus>"
        ))
    }

    pub fn object(etag: &str, text: &str) -> Reply {
        Reply::status(200).header("ETag", etag).body(text)
    }

    pub fn redirect(status: u16, to: &str) -> Reply {
        Reply::status(status).header("Location", to)
    }

    /// What a real server answered once.
    pub fn recorded(name: &str) -> Reply {
        let text = recorded(&format!("{name}.txt"));
        let (head, body) = text.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().trim_start_matches("HTTP ").parse().unwrap();
        let mut reply = Reply::status(status).body(body);
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let of_connection = [
                "content-length",
                "content-encoding",
                "transfer-encoding",
                "connection",
                "keep-alive",
            ];
            if !of_connection.contains(&&*name.to_ascii_lowercase()) {
                reply = reply.header(name, value);
            }
        }
        reply
    }

    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Reply {
        self.body = body.into();
        self
    }

    /// Lets Content-Length promise more or less than there is.
    pub fn length(mut self, length: usize) -> Reply {
        self.length = Some(length);
        self
    }

    /// Lets the answer begin late.
    pub fn after(mut self, wait: Duration) -> Reply {
        self.before = wait;
        self
    }

    /// Stops in the middle of the body.
    pub fn stops_at(mut self, at: usize, wait: Duration) -> Reply {
        self.pause = Some((at, wait));
        self
    }

    /// Sends the body again and again, without saying how long it is.
    pub fn times(mut self, times: usize) -> Reply {
        self.times = Some(times);
        self
    }

    async fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        tokio::time::sleep(self.before).await;
        let mut head = format!("HTTP/1.1 {} Something\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.times.is_none() {
            let length = self.length.unwrap_or(self.body.len());
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).await?;
        let (first, wait) = self.pause.unwrap_or((self.body.len(), Duration::ZERO));
        for _ in 0..self.times.unwrap_or(1) {
            stream.write_all(&self.body[..first]).await?;
            stream.flush().await?;
            tokio::time::sleep(wait).await;
            stream.write_all(&self.body[first..]).await?;
        }
        stream.shutdown().await
    }
}

/// A file of `crates/testing/recorded`: what real servers answered.
pub fn recorded(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testing/recorded");
    fs::read_to_string(folder.join(name)).unwrap()
}

type Answering = dyn Fn(&Seen) -> Option<Reply> + Send + Sync;

/// A server on a port of its own, for as long as the test runs.
#[derive(Clone)]
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// A server that answers so; with `None` it closes the connection.
    pub async fn new(answering: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let server = Server { port, seen: Arc::clone(&seen) };
        let answering: Arc<Answering> = Arc::new(answering);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (answering, seen) = (Arc::clone(&answering), Arc::clone(&seen));
                tokio::spawn(async move {
                    let Some(request) = read(&mut stream).await else { return };
                    seen.lock().unwrap().push(request.clone());
                    if let Some(reply) = answering(&request) {
                        // A client that has heard enough closes the connection.
                        let _ = reply.write(&mut stream).await;
                    }
                });
            }
        });
        server
    }

    /// A server that gives these answers, one after the other, the last one again and again.
    pub async fn giving(replies: Vec<Reply>) -> Server {
        let count = Mutex::new(0);
        Server::new(move |_| {
            let mut count = count.lock().unwrap();
            let reply = replies.get(*count).or(replies.last()).cloned();
            *count += 1;
            reply
        })
        .await
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// What was asked so far, as methods and paths.
    pub fn asked(&self) -> Vec<String> {
        self.seen().iter().map(|it| format!("{} {}", it.method, it.path)).collect()
    }

    /// How often it was asked.
    pub fn count(&self) -> usize {
        self.seen().len()
    }

    pub fn collection(&self, path: &str, kind: ServerKind) -> Collection {
        account(limits()).collection(&self.url(path), kind).unwrap()
    }

    /// The collection at `/room/`, on a server that honours conditions as far as its kind does.
    pub fn room(&self, kind: ServerKind) -> Collection {
        let conditions = Conditions { on_put: true, on_delete: true, on_create: true };
        self.collection("/room/", kind).with_conditions(conditions)
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let mut seen = Seen {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        ..Seen::default()
    };
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        seen.headers.push((name.to_owned(), value.to_owned()));
    }
    let length: usize = seen.header("content-length").map_or(0, |it| it.parse().unwrap());
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    seen.body = String::from_utf8(body).unwrap();
    Some(seen)
}

/// Limits under which no test waits.
pub fn limits() -> Limits {
    Limits {
        retry_pause: Duration::from_millis(1),
        retries: 2,
        max_retry_after: Duration::from_secs(1),
        ..Limits::default()
    }
}

pub fn connector(limits: Limits) -> Connector {
    let settings = ConnectorSettings { limits, ..ConnectorSettings::default() };
    assert_eq!(settings.plain_http, PlainHttp::LoopbackOnly);
    Connector::new(settings).unwrap()
}

pub fn credentials() -> Credentials {
    Credentials::Basic { user: "room-1".to_owned(), password: SECRET.to_owned().into() }
}

pub fn account(limits: Limits) -> Account {
    connector(limits).account(credentials())
}

/// An object as it is written.
pub fn object(uid: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTART:20270601T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// A response with a version, as it stands in a multistatus.
pub fn version(href: &str, etag: &str) -> String {
    format!(
        "<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:getetag>{etag}</d:getetag>\
         </d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )
}

/// A response with a status, as it stands in a multistatus.
pub fn gone(href: &str) -> String {
    format!(
        "<d:response><d:href>{href}</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>"
    )
}

/// A response with an object, as it stands in a multistatus.
pub fn with_data(href: &str, etag: &str, text: &str) -> String {
    format!(
        "<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:getetag>{etag}</d:getetag>\
         <c:calendar-data>{text}</c:calendar-data></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )
}
