//! A proxy with faults by a seed: the same seed gives the n-th request the same fault.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::scripted::{Answer, Request, Scripted, Way};

/// The fault of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// None: request and answer arrive.
    None,
    /// The connection ends before anything is forwarded.
    Refuse,
    /// The server gets this many bytes of the request, head and all, then the connections end.
    CutRequest(usize),
    /// The server gets the request and does what it is asked; the answer is lost.
    LoseAnswer,
    /// The request waits this long before it is forwarded.
    Delay(Duration),
    /// The answer ends after this many bytes of its body.
    CutAnswer(usize),
    /// The proxy answers with this status itself.
    Status(u16),
    /// The server gets the request twice. The client gets the second answer; of a DELETE the first, because
    /// the second one says that somebody else deleted the object.
    Twice,
}

/// How likely each fault is, from 0 to 1; together at most 1, the rest is no fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faults {
    /// Of [`Fault::Refuse`].
    pub refuse: f64,
    /// Of [`Fault::CutRequest`], anywhere in the first 2 KiB of it.
    pub cut_request: f64,
    /// Of [`Fault::LoseAnswer`].
    pub lose_answer: f64,
    /// Of [`Fault::Delay`], up to `longest_delay`.
    pub delay: f64,
    /// The longest delay.
    pub longest_delay: Duration,
    /// Of [`Fault::CutAnswer`], anywhere in the first 4 KiB of its body.
    pub cut_answer: f64,
    /// Of [`Fault::Status`] with 500, 502 or 503.
    pub status: f64,
    /// Of [`Fault::Twice`].
    pub twice: f64,
}

impl Faults {
    /// None at all.
    pub const CALM: Faults = Faults {
        refuse: 0.0,
        cut_request: 0.0,
        lose_answer: 0.0,
        delay: 0.0,
        longest_delay: Duration::from_millis(50),
        cut_answer: 0.0,
        status: 0.0,
        twice: 0.0,
    };

    /// Each kind with this probability.
    pub const fn each(probability: f64) -> Faults {
        Faults {
            refuse: probability,
            cut_request: probability,
            lose_answer: probability,
            delay: probability,
            cut_answer: probability,
            status: probability,
            twice: probability,
            ..Faults::CALM
        }
    }

    /// The fault of the n-th request under a seed.
    pub fn choose(&self, seed: u64, number: u64) -> Fault {
        let mut random = StdRng::seed_from_u64(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let longest = self.longest_delay.as_micros() as u64;
        let kinds = [
            (self.refuse, Fault::Refuse),
            (self.cut_request, Fault::CutRequest(random.random_range(1..2048))),
            (self.lose_answer, Fault::LoseAnswer),
            (self.delay, Fault::Delay(Duration::from_micros(random.random_range(0..=longest)))),
            (self.cut_answer, Fault::CutAnswer(random.random_range(0..4096))),
            (self.status, Fault::Status([500, 502, 503][random.random_range(0..3)])),
            (self.twice, Fault::Twice),
        ];
        let mut at: f64 = random.random();
        for (probability, fault) in kinds {
            if at < probability {
                return fault;
            }
            at -= probability;
        }
        Fault::None
    }
}

/// A request, and its outcome.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Its method and path.
    pub request: String,
    /// Its fault.
    pub fault: Fault,
    /// The status of the server's answer, which the client may not have seen.
    pub status: Option<u16>,
}

impl fmt::Display for Passed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.map_or_else(|| "-".to_owned(), |it| it.to_string());
        write!(out, "{status} {} {:?}", self.request, self.fault)
    }
}

struct Shared {
    upstream: SocketAddr,
    seed: u64,
    faults: Mutex<Faults>,
    next: Mutex<Option<Fault>>,
    holds: Mutex<Vec<Hold>>,
    log: Mutex<Vec<Passed>>,
}

/// A request that is to be held.
struct Hold {
    method: String,
    arrived: oneshot::Sender<()>,
    let_go: oneshot::Receiver<()>,
}

/// A request that is held, so that a test can act at that moment. It continues once this is
/// dropped.
pub struct Held {
    arrived: oneshot::Receiver<()>,
    _let_go: oneshot::Sender<()>,
}

impl Held {
    /// Waits until the request arrives.
    pub async fn arrived(&mut self) {
        (&mut self.arrived).await.unwrap();
    }
}

/// A proxy on a free port of 127.0.0.1 in front of one server. It ends when it is dropped.
pub struct FaultProxy {
    front: Scripted,
    shared: Arc<Shared>,
    upstream: String,
}

impl FaultProxy {
    /// Starts a proxy for the server at `http://HOST:PORT/…`, without faults at first. The seed is
    /// printed, so that a failed run can be repeated.
    #[allow(clippy::print_stderr, reason = "the seed of a failed run has to be known")]
    pub async fn start(upstream: &str, seed: u64) -> FaultProxy {
        eprintln!("fault proxy with seed {seed}");
        let host = upstream.strip_prefix("http://").unwrap().split('/').next().unwrap();
        let shared = Arc::new(Shared {
            upstream: host.parse().unwrap(),
            seed,
            faults: Mutex::new(Faults::CALM),
            next: Mutex::new(None),
            holds: Mutex::default(),
            log: Mutex::default(),
        });
        let behind = shared.clone();
        let front = Scripted::answering(move |request| {
            let shared = behind.clone();
            async move { shared.pass(request).await }
        });
        FaultProxy { front: front.await, shared, upstream: format!("http://{host}") }
    }

    /// The same address on the proxy.
    pub fn through(&self, url: &str) -> String {
        let path = url.strip_prefix(&self.upstream).unwrap_or_else(|| panic!("{url} is elsewhere"));
        self.front.url() + path
    }

    /// Lets faults happen from now on.
    pub fn storm(&self, faults: Faults) {
        *self.shared.faults.lock().unwrap() = faults;
    }

    /// Lets everything through from now on.
    pub fn calm(&self) {
        self.storm(Faults::CALM);
    }

    /// Sets the fault of the next request, whatever the seed is.
    pub fn next(&self, fault: Fault) {
        *self.shared.next.lock().unwrap() = Some(fault);
    }

    /// Holds the next request of this method before anything is done to it.
    pub fn hold(&self, method: &str) -> Held {
        let (arrived, is_there) = oneshot::channel();
        let (go, let_go) = oneshot::channel();
        let hold = Hold { method: method.to_owned(), arrived, let_go };
        self.shared.holds.lock().unwrap().push(hold);
        Held { arrived: is_there, _let_go: go }
    }

    /// Every request until now, in the order in which they were done with.
    pub fn log(&self) -> Vec<Passed> {
        self.shared.log.lock().unwrap().clone()
    }
}

impl Shared {
    async fn pass(&self, (number, request): (u64, Request)) -> Answer {
        self.wait(&request).await;
        let chosen = self.faults.lock().unwrap().choose(self.seed, number);
        let fault = self.next.lock().unwrap().take().unwrap_or(chosen);
        let (answer, status) = self.treat(&request, fault).await;
        let request = format!("{} {}", request.method, request.path);
        self.log.lock().unwrap().push(Passed { request, fault, status });
        answer
    }

    /// Waits where a test has asked for it.
    async fn wait(&self, request: &Request) {
        let hold = {
            let mut holds = self.holds.lock().unwrap();
            let at = holds.iter().position(|it| it.method == request.method);
            at.map(|at| holds.remove(at))
        };
        if let Some(hold) = hold {
            // A test that has ended waits for nothing.
            let _ = hold.arrived.send(());
            let _ = hold.let_go.await;
        }
    }

    /// What the client gets, and the status that the server gave.
    async fn treat(&self, request: &Request, fault: Fault) -> (Answer, Option<u16>) {
        let lost = Answer::status(500).on(Way::Lost);
        match fault {
            Fault::Refuse => return (lost, None),
            Fault::Status(status) => return (Answer::status(status), None),
            Fault::CutRequest(bytes) => {
                self.send_part(request, bytes).await;
                return (lost, None);
            }
            Fault::Delay(time) => tokio::time::sleep(time).await,
            Fault::Twice if request.method == "DELETE" => {}
            Fault::Twice => drop(self.forward(request).await),
            Fault::None | Fault::LoseAnswer | Fault::CutAnswer(_) => {}
        }
        let Some(answer) = self.forward(request).await else {
            // As a gateway says it: the server is down.
            return (Answer::status(502), None);
        };
        if fault == Fault::Twice && request.method == "DELETE" {
            drop(self.forward(request).await);
        }
        let status = Some(answer.status);
        match fault {
            Fault::LoseAnswer => (lost, status),
            Fault::CutAnswer(bytes) if !answer.body.is_empty() => {
                let bytes = bytes.min(answer.body.len() - 1);
                (answer.on(Way::CutAfter(bytes)), status)
            }
            Fault::CutAnswer(_) => (lost, status),
            _ => (answer, status),
        }
    }

    async fn forward(&self, request: &Request) -> Option<Answer> {
        let stream = TcpStream::connect(self.upstream).await.ok()?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        let connection = tokio::spawn(connection);
        let mut builder =
            hyper::Request::builder().method(request.method.as_str()).uri(&request.path);
        for (name, value) in &request.headers {
            if !["connection", "transfer-encoding", "content-length"].contains(&name.as_str()) {
                builder = builder.header(name, value);
            }
        }
        let body = Full::new(Bytes::from(request.body.clone()));
        let answer = sender.send_request(builder.body(body).ok()?).await.ok()?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.ok()?.to_bytes().to_vec();
        connection.abort();
        let mut answer = Answer { body, ..Answer::status(head.status.as_u16()) };
        for (name, value) in &head.headers {
            if !["connection", "transfer-encoding", "content-length"].contains(&name.as_str()) {
                answer = answer.with(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
            }
        }
        Some(answer)
    }

    /// Sends at most all but the last byte of a request.
    async fn send_part(&self, request: &Request, bytes: usize) {
        let mut text = format!("{} {} HTTP/1.1\r\n", request.method, request.path).into_bytes();
        for (name, value) in &request.headers {
            if !["transfer-encoding", "content-length"].contains(&name.as_str()) {
                text.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
            }
        }
        text.extend_from_slice(
            format!("content-length: {}\r\n\r\n", request.body.len()).as_bytes(),
        );
        text.extend_from_slice(&request.body);
        text.truncate(bytes.min(text.len() - 1));
        if let Ok(mut stream) = TcpStream::connect(self.upstream).await {
            let _ = stream.write_all(&text).await;
            let _ = stream.shutdown().await;
        }
    }
}
