//! A collector that does not answer costs nothing but spans: no more of them wait than is said, and nobody waits for it.

#![cfg(feature = "exporter")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use traces::{MAX_WAITING, TARGET, TraceSettings, Traces};
use tracing_subscriber::layer::SubscriberExt as _;
use url::Url;

/// What the spans of this test are called.
const NAME: &str = "a-span-that-is-counted";
/// More than can wait.
const MADE: usize = 3 * MAX_WAITING;
/// What may be on its way to the collector beside what waits.
const ON_THE_WAY: usize = 1_024;

/// A collector that does not answer before it may.
#[derive(Debug, Default)]
struct Collector {
    may_answer: AtomicBool,
    spans: AtomicUsize,
}

impl Collector {
    fn start() -> (Url, Arc<Collector>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let collector = Arc::new(Collector::default());
        let shared = collector.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), shared.clone());
                std::thread::spawn(move || shared.answer(stream));
            }
        });
        (Url::parse(&url).unwrap(), collector)
    }

    /// Answers the requests of a connection until its end.
    fn answer(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut writer = stream;
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).ok()? == 0 {
                    return None;
                }
                let line = line.trim().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            let named = body.windows(NAME.len()).filter(|it| *it == NAME.as_bytes()).count();
            while !self.may_answer.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
            self.spans.fetch_add(named, Ordering::SeqCst);
            writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()?;
        }
    }
}

#[test]
fn no_more_spans_wait_than_is_said_and_making_them_waits_for_nobody() {
    let (endpoint, collector) = Collector::start();
    let (ended, end) = mpsc::channel::<()>();
    let (started, start) = mpsc::channel();
    // As in the program: spans are made, and sent, while a runtime runs.
    let runtime = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let settings = TraceSettings {
                endpoint,
                headers: Vec::new(),
                service_name: "rooms".to_owned(),
                share: 1.0,
            };
            started.send(Traces::start(settings).unwrap()).unwrap();
            while end.try_recv() == Err(mpsc::TryRecvError::Empty) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    });
    let traces = start.recv().unwrap();
    let begun = Instant::now();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(traces.layer()), || {
        for _ in 0..MADE {
            drop(tracing::info_span!(target: TARGET, "a-span-that-is-counted"));
        }
    });
    let took = begun.elapsed();
    assert!(
        took < Duration::from_secs(8),
        "a collector that does not answer holds spans up: {took:?}"
    );
    assert_eq!(collector.spans.load(Ordering::SeqCst), 0, "it has not answered yet");
    collector.may_answer.store(true, Ordering::SeqCst);
    traces.end(Duration::from_secs(20));
    drop(ended);
    runtime.join().unwrap();
    let received = collector.spans.load(Ordering::SeqCst);
    assert!(received >= MAX_WAITING, "{received} of {MADE}");
    assert!(received <= MAX_WAITING + ON_THE_WAY, "{received} of {MADE}");
}

#[test]
fn the_document_says_how_many_spans_wait() {
    let document = include_str!("../../../docs/metrics.md");
    let number = format!("{},{:03}", MAX_WAITING / 1_000, MAX_WAITING % 1_000);
    assert!(document.contains(&format!("At most {number}\nspans wait")), "{number}");
}
