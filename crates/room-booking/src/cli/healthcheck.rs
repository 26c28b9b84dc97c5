//! `healthcheck`: whether the server of this machine answers, for containers, which have no other program.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::Failure;
use crate::settings::{Flags, Settings, reachable};

/// Asks the server of this machine whether it answers
///
/// It requests /healthz at LISTEN, and ends with status 1 if there is no answer within five seconds. With --ready it requests
/// /readyz, which also says whether the database can be written.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking healthcheck --ready && echo ready")]
pub(super) struct Healthcheck {
    /// Ask whether it is ready, too
    #[arg(long)]
    ready: bool,

    #[command(flatten)]
    flags: Flags,
}

/// How long the server may take to accept, and for each part of its answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of the line that says the status.
const MAX_STATUS_LINE: u64 = 1_024;

impl Healthcheck {
    pub fn run(self) -> Result<(), Failure> {
        let settings = Settings::of_process(&self.flags)?;
        let address = reachable(settings.listen);
        let path = if self.ready { "/readyz" } else { "/healthz" };
        let failed = |why: &dyn std::fmt::Display| {
            Failure::Failed(format!("http://{address}{path} does not answer: {why}"))
        };
        let line = status_line(address, path).map_err(|error| failed(&error))?;
        match line.split(' ').nth(1) {
            Some("200") => Ok(()),
            Some(status) => {
                Err(Failure::Failed(format!("http://{address}{path} is answered with {status}")))
            }
            None => Err(failed(&"its answer is no HTTP")),
        }
    }
}

/// The first line of the answer to a GET (RFC 9112 section 4).
fn status_line(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream.take(MAX_STATUS_LINE)).read_line(&mut line)?;
    Ok(line)
}
