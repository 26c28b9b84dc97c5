//! `room-booking serve` as a process of its own, which can be killed.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::program::room_booking;

/// How long a server may take to answer after it was started.
const START: Duration = Duration::from_secs(30);

/// The program with these arguments on a database, with its files in a folder.
pub fn command(folder: &Path, database_url: &str, arguments: &[&str]) -> Command {
    let mut command = room_booking();
    command.args(arguments).current_dir(folder);
    command.env("DATABASE_URL", database_url).env("DATA_DIR", folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A server process. It is killed when this is dropped.
pub struct Server {
    child: Child,
    /// The address at which it answers, without a slash at its end.
    pub url: String,
    log: PathBuf,
}

impl Server {
    /// Starts a server on a database; its log goes to the end of a file in `folder`.
    pub fn start(database_url: &str, folder: &Path) -> Server {
        Server::start_with(database_url, folder, &[])
    }

    /// As [`Server::start`], with further settings.
    pub fn start_with(database_url: &str, folder: &Path, more: &[(&str, String)]) -> Server {
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let log = folder.join("server.log");
        let output = || -> Stdio {
            let file: File = OpenOptions::new().create(true).append(true).open(&log).unwrap();
            file.into()
        };
        let url = format!("http://127.0.0.1:{port}");
        let child = command(folder, database_url, &["serve"])
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .env("PUBLIC_URL", &url)
            // The load is that of many people, from one address and with one key.
            .env("CONNECTIONS_PER_ADDRESS", "4096")
            .env("EVENTS_PER_KEY_PER_DAY", "1000000")
            .env("RUST_LOG", "info")
            .envs(more.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(output())
            .stderr(output())
            .spawn()
            .unwrap();
        Server { child, url, log }
    }

    /// Waits until it answers.
    pub async fn ready(&mut self, client: &reqwest::Client) {
        let deadline = Instant::now() + START;
        loop {
            let answer = client.get(format!("{}/readyz", self.url)).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended with {status}: {}", self.log());
            }
            assert!(Instant::now() < deadline, "the server does not answer: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success(), "kill -s {name} {id}: {sent}");
    }

    /// Its exit status, once it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits for its end; its exit status.
    pub async fn end(&mut self, within: Duration) -> ExitStatus {
        let deadline = Instant::now() + within;
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not end: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Kills it (SIGKILL); it must not have ended before.
    pub fn kill(mut self) {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "the server ended without a kill, {ended:?}: {}", self.log());
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The most memory that it has had, in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// The memory that it has now, in bytes.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
    }

    /// What it and those before it in the same folder logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
