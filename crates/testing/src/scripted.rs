//! An HTTP server with scripted answers, which records the requests.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its method, such as `REPORT`.
    pub method: String,
    /// Its path and query, escaped as the client escaped them.
    pub path: String,
    /// Its header fields, in order, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its whole body.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header field of this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let field = self.headers.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Reads a request of hyper's to its end.
    ///
    /// # Errors
    ///
    /// The client went away in the middle.
    pub async fn read(request: hyper::Request<Incoming>) -> Result<Request, hyper::Error> {
        let (head, body) = request.into_parts();
        let text = |value: &hyper::header::HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        Ok(Request {
            method: head.method.to_string(),
            path: head.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            headers: head.headers.iter().map(|(name, it)| (name.to_string(), text(it))).collect(),
            body: body.collect().await?.to_bytes().to_vec(),
        })
    }
}

/// How an answer is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// It arrives.
    #[default]
    Whole,
    /// It never comes; the connection stays open.
    Hang,
    /// The connection ends without it.
    Lost,
    /// The connection ends after this many bytes of its body.
    CutAfter(usize),
}

/// An answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header fields besides Content-Length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long it takes.
    pub delay: Duration,
    /// How it is delivered.
    pub way: Way,
}

impl Answer {
    /// A status and nothing else.
    pub fn status(status: u16) -> Answer {
        let (headers, body) = (Vec::new(), Vec::new());
        Answer { status, headers, body, delay: Duration::ZERO, way: Way::Whole }
    }

    /// A status with a body of XML.
    pub fn xml(status: u16, body: impl Into<String>) -> Answer {
        let answer = Answer::status(status).with("Content-Type", "application/xml; charset=utf-8");
        Answer { body: body.into().into_bytes(), ..answer }
    }

    /// A status with words.
    pub fn text(status: u16, words: &str) -> Answer {
        let answer = Answer::status(status).with("Content-Type", "text/plain; charset=utf-8");
        Answer { body: words.as_bytes().to_vec(), ..answer }
    }

    /// The same with one more header field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, this much later.
    #[must_use]
    pub fn after(self, delay: Duration) -> Answer {
        Answer { delay, ..self }
    }

    /// The same with another way.
    #[must_use]
    pub fn on(self, way: Way) -> Answer {
        Answer { way, ..self }
    }

    /// An answer as it was recorded: a line `HTTP 207`, header fields, an empty line, the body. What
    /// belongs to the connection of then is left away, and the body is not compressed.
    pub fn recorded(text: &str) -> Answer {
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP "));
        let mut answer = Answer::status(status.and_then(|it| it.trim().parse().ok()).unwrap());
        for line in lines {
            let (name, value) = line.split_once(':').unwrap();
            let gone = ["connection", "content-encoding", "content-length", "date", "host"];
            if !gone.contains(&name.to_ascii_lowercase().as_str()) {
                answer = answer.with(name, value.trim());
            }
        }
        answer.body = body.as_bytes().to_vec();
        answer
    }

    async fn send(self) -> Result<hyper::Response<Body>, &'static str> {
        tokio::time::sleep(self.delay).await;
        let mut answer = hyper::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            answer = answer.header(name, value);
        }
        let length = self.body.len();
        let body = match self.way {
            Way::Whole => {
                Full::new(Bytes::from(self.body)).map_err(|it| match it {}).boxed_unsync()
            }
            Way::Hang => std::future::pending().await,
            Way::Lost => return Err("the answer is lost"),
            Way::CutAfter(bytes) => {
                answer = answer.header("Content-Length", length.max(bytes + 1));
                let part = Bytes::from(self.body[..bytes.min(length)].to_vec());
                let part = stream::once(async { Ok(Frame::data(part)) });
                // What was sent before has to be on its way, or it would be dropped with the rest.
                let cut = stream::once(async {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    Err("the answer is cut")
                });
                StreamBody::new(part.chain(cut)).boxed_unsync()
            }
        };
        Ok(answer.body(body).unwrap())
    }
}

type Body = UnsyncBoxBody<Bytes, &'static str>;

/// The recorded answers of eight servers, by the names of the files in `crates/testing/recorded`
/// without their ending, such as `nextcloud-delete-missing`.
pub fn recorded(name: &str) -> Answer {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recorded");
    script_of_recorded(&folder.join(format!("{name}.txt")))
}

/// The answer that was recorded in a file, in the form of [`Answer::recorded`].
pub fn script_of_recorded(file: &Path) -> Answer {
    let text = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    Answer::recorded(&String::from_utf8_lossy(&text))
}

/// One step of a script: the expected request, and the answer.
#[derive(Clone, Debug)]
pub struct Step {
    /// The method that has to come.
    pub method: String,
    /// The path that has to come, as the client has to escape it.
    pub path: String,
    /// The answer to it.
    pub answer: Answer,
}

/// A step of a script.
pub fn step(method: &str, path: &str, answer: Answer) -> Step {
    Step { method: method.to_owned(), path: path.to_owned(), answer }
}

/// An HTTP/1.1 server on a free port of 127.0.0.1. It ends, with its connections, when it is dropped.
pub struct Scripted {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    rest: Arc<Mutex<VecDeque<Step>>>,
    task: JoinHandle<()>,
}

impl Scripted {
    /// A server that asks `handler` for each answer.
    pub async fn start<H>(handler: H) -> Scripted
    where
        H: Fn(&Request) -> Answer + Send + Sync + 'static,
    {
        Scripted::answering(move |(_, request)| std::future::ready(handler(&request))).await
    }

    /// A server whose handler may wait; it also gets the number of the request, from 0.
    pub async fn answering<H, F>(handler: H) -> Scripted
    where
        H: Fn((u64, Request)) -> F + Send + Sync + 'static,
        F: Future<Output = Answer> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let counter = Arc::new(AtomicU64::new(0));
        let (handler, seen) = (Arc::new(handler), requests.clone());
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let (handler, seen, counter) = (handler.clone(), seen.clone(), counter.clone());
                connections.spawn(async move {
                    let service = service_fn(move |request| {
                        let (handler, seen) = (handler.clone(), seen.clone());
                        let counter = counter.clone();
                        async move {
                            let request = Request::read(request).await.map_err(|_| "cut")?;
                            let number = counter.fetch_add(1, Ordering::Relaxed);
                            seen.lock().unwrap().push(request.clone());
                            handler((number, request)).await.send().await
                        }
                    });
                    let http = hyper::server::conn::http1::Builder::new();
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Scripted { address, requests, rest: Arc::default(), task }
    }

    /// A server that expects these requests, in this order. Whatever else comes is answered with 500,
    /// and the script stays where it is.
    pub async fn expecting(steps: impl IntoIterator<Item = Step>) -> Scripted {
        let rest = Arc::new(Mutex::new(steps.into_iter().collect::<VecDeque<_>>()));
        let script = rest.clone();
        let server = Scripted::start(move |request| {
            let mut script = script.lock().unwrap();
            match script.front() {
                Some(next) if next.method == request.method && next.path == request.path => {
                    script.pop_front().unwrap().answer
                }
                next => {
                    let next = next.map(|it| format!("{} {}", it.method, it.path));
                    let text = format!("{} {} is not {next:?}", request.method, request.path);
                    Answer::text(500, &text)
                }
            }
        });
        let mut server = server.await;
        server.rest = rest;
        server
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests until now.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// All requests until now as `METHOD /path`, and forgets them.
    pub fn take(&self) -> Vec<String> {
        let requests = std::mem::take(&mut *self.requests.lock().unwrap());
        requests.iter().map(|it| format!("{} {}", it.method, it.path)).collect()
    }

    /// The steps of the script that were not requested.
    pub fn rest(&self) -> Vec<Step> {
        self.rest.lock().unwrap().iter().cloned().collect()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}
