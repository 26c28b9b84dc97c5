//! A connection to a directory whose answers are bounded. The LDAP library reads answers of any length, and goes down one
//! call for each level of them, so that a deep one would end the process. Here each answer is read whole and looked at
//! before the library gets it. TLS is done here as well, StartTLS with it.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, StdStream};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::Failure;

/// How long a connection may take, with its TLS.
const CONNECT: Duration = Duration::from_secs(5);
/// The most bytes of one message of the directory …
pub const MAX_MESSAGE: usize = 256 << 10;
/// … and of all messages of one connection.
pub const MAX_SUM: usize = 1 << 20;
/// The most levels of a message; entries have five.
pub const MAX_DEPTH: usize = 32;

/// A SEQUENCE, which every message of LDAP is.
const SEQUENCE: u8 = 0x30;
/// The bit of a tag whose element consists of elements.
const CONSTRUCTED: u8 = 0x20;
/// The bits of a tag that say that its number follows; LDAP has no such tags.
const LONG_TAG: u8 = 0x1f;
/// The bit of a length that says that its bytes follow, and how many may.
const LONG_LENGTH: u8 = 0x80;
const MAX_LENGTH_BYTES: usize = 4;

/// The request for TLS (RFC 4511 section 4.14): message 1, the extended operation 1.3.6.1.4.1.1466.20037.
const STARTTLS: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
/// The number of its message, as its answer repeats it.
const FIRST_MESSAGE: [u8; 3] = [0x02, 0x01, 0x01];
/// The tag of the answer to an extended operation.
const EXTENDED_RESPONSE: u8 = 0x78;
/// What begins a result code of one byte.
const CODE: [u8; 2] = [0x0a, 0x01];

/// A connection, which ends with this.
pub(crate) struct Connection {
    pub ldap: Ldap,
    /// Why the relay ended it.
    ended: Arc<OnceLock<Failure>>,
    _tasks: JoinSet<()>,
}

impl Connection {
    /// Connects to a directory.
    ///
    /// # Errors
    ///
    /// If there is no connection, or no TLS where it has to be.
    pub async fn to(
        url: &Url,
        starttls: bool,
        tls: &Arc<ClientConfig>,
    ) -> Result<Connection, Failure> {
        timeout(CONNECT, connected(url, starttls, tls)).await.unwrap_or(Err(Failure::TooSlow))
    }

    /// Why something failed: what the relay found, if it ended the connection.
    pub fn why(&self, failure: Failure) -> Failure {
        self.ended.get().cloned().unwrap_or(failure)
    }
}

async fn connected(
    url: &Url,
    starttls: bool,
    tls: &Arc<ClientConfig>,
) -> Result<Connection, Failure> {
    let is_tls = url.scheme() == "ldaps";
    let port = url.port().unwrap_or(if is_tls { 636 } else { 389 });
    let host = url.host().ok_or(Failure::Internal)?;
    let (name, tcp) = match host {
        Host::Domain(name) => (
            ServerName::try_from(name.to_owned()).map_err(|_| Failure::Internal)?,
            TcpStream::connect((name, port)).await,
        ),
        Host::Ipv4(ip) => (IpAddr::V4(ip).into(), TcpStream::connect((ip, port)).await),
        Host::Ipv6(ip) => (IpAddr::V6(ip).into(), TcpStream::connect((ip, port)).await),
    };
    let mut tcp = tcp.map_err(|error| Failure::of_cause(&error))?;
    if !is_tls && !starttls {
        return relayed(tcp).await;
    }
    if !is_tls {
        start_tls(&mut tcp).await?;
    }
    let tls = TlsConnector::from(Arc::clone(tls)).connect(name, tcp).await;
    relayed(tls.map_err(|error| Failure::of_cause(&error))?).await
}

/// Asks for TLS. Of what follows the answer nothing is read: it belongs to TLS.
async fn start_tls(tcp: &mut TcpStream) -> Result<(), Failure> {
    tcp.write_all(STARTTLS).await.map_err(|error| Failure::of_cause(&error))?;
    let answer = Messages::of(tcp).next().await?;
    match answer.as_deref().map(result_code) {
        Some(Some(0)) => Ok(()),
        Some(Some(code)) => Err(Failure::ResultCode(code)),
        Some(None) => Err(malformed()),
        None => Err(ended()),
    }
}

/// The result code of the answer to the first message, an extended operation.
pub(crate) fn result_code(message: &[u8]) -> Option<u32> {
    let inside = |bytes: &'_ [u8]| header(bytes).map(|it| it.content);
    let answer = message.get(inside(message)?..)?.strip_prefix(&FIRST_MESSAGE)?;
    if answer.first() != Some(&EXTENDED_RESPONSE) {
        return None;
    }
    let result = answer.get(inside(answer)?..)?.strip_prefix(&CODE)?;
    result.first().map(|code| u32::from(*code))
}

/// The library on one end, the directory on the other.
async fn relayed(
    directory: impl AsyncRead + AsyncWrite + Send + 'static,
) -> Result<Connection, Failure> {
    let internal = |_| Failure::Internal;
    let (inner, outer) = UnixStream::pair().map_err(internal)?;
    let inner = StdStream::Unix(inner.into_std().map_err(internal)?);
    let ended = Arc::new(OnceLock::new());
    let mut tasks = JoinSet::new();
    tasks.spawn(relay(directory, outer, Arc::clone(&ended)));
    let url = Url::parse("ldapi:///").map_err(|_| Failure::Internal)?;
    let settings = LdapConnSettings::new().set_std_stream(inner);
    let connected = LdapConnAsync::from_url_with_settings(settings, &url).await;
    let (driver, ldap) = connected.map_err(Failure::of_ldap)?;
    tasks.spawn(async move {
        // Its end is an error of what waits for an answer.
        let _ = driver.drive().await;
    });
    Ok(Connection { ldap, ended, _tasks: tasks })
}

async fn relay(
    directory: impl AsyncRead + AsyncWrite,
    library: UnixStream,
    ended: Arc<OnceLock<Failure>>,
) {
    let (answers, mut requests) = tokio::io::split(directory);
    let (mut of_library, mut to_library) = library.into_split();
    let mut messages = Messages::of(answers);
    let down = async {
        loop {
            match messages.next().await {
                Ok(Some(message)) if to_library.write_all(&message).await.is_ok() => {}
                Ok(_) => break,
                Err(failure) => {
                    let _ = ended.set(failure);
                    break;
                }
            }
        }
    };
    tokio::select! {
        _ = tokio::io::copy(&mut of_library, &mut requests) => {}
        () = down => {}
    }
}

fn malformed() -> Failure {
    Failure::Malformed("the directory's answer")
}

fn ended() -> Failure {
    Failure::NoConnection("the directory ended the connection".to_owned())
}

/// The messages of a directory, each whole, within the bounds.
pub(crate) struct Messages<R> {
    reader: R,
    /// How many bytes may still come.
    left: usize,
}

impl<R: AsyncRead + Unpin> Messages<R> {
    pub fn of(reader: R) -> Messages<R> {
        Messages { reader, left: MAX_SUM }
    }

    /// The next one; `None` at the end of the connection.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut message = vec![0; 2];
        let first = message.get_mut(..1).ok_or(Failure::Internal)?;
        if self.reader.read(first).await.map_err(|error| Failure::of_cause(&error))? == 0 {
            return Ok(None);
        }
        self.fill(&mut message, 1).await?;
        if message.first() != Some(&SEQUENCE) {
            return Err(malformed());
        }
        let length_bytes = length_bytes(message.get(1).copied().unwrap_or_default());
        let header_length = 2 + length_bytes.ok_or_else(malformed)?;
        message.resize(header_length, 0);
        self.fill(&mut message, 2).await?;
        let header = header(&message).ok_or_else(malformed)?;
        let length = header.content + header.length;
        if length > MAX_MESSAGE {
            return Err(Failure::TooLarge(MAX_MESSAGE));
        }
        self.left = self.left.checked_sub(length).ok_or(Failure::TooLarge(MAX_SUM))?;
        message.resize(length, 0);
        self.fill(&mut message, header_length).await?;
        if is_within_depth(&message) { Ok(Some(message)) } else { Err(malformed()) }
    }

    /// Reads the rest of a message, from this byte on.
    async fn fill(&mut self, message: &mut [u8], from: usize) -> Result<(), Failure> {
        let rest = message.get_mut(from..).unwrap_or_default();
        self.reader.read_exact(rest).await.map(|_| ()).map_err(|_| ended())
    }
}

/// How many bytes the length has beside its first one; `None` if it is none of LDAP (RFC 4511 section 5.1).
fn length_bytes(first: u8) -> Option<usize> {
    match first {
        LONG_LENGTH => None,
        _ if first < LONG_LENGTH => Some(0),
        _ => Some(usize::from(first - LONG_LENGTH)).filter(|it| *it <= MAX_LENGTH_BYTES),
    }
}

/// What begins an element.
#[derive(Clone, Copy)]
struct Header {
    is_constructed: bool,
    /// Where its content begins.
    content: usize,
    /// The bytes of the content.
    length: usize,
}

/// The header of the element that bytes begin with.
fn header(bytes: &[u8]) -> Option<Header> {
    let tag = *bytes.first()?;
    if tag & LONG_TAG == LONG_TAG {
        return None;
    }
    let first = *bytes.get(1)?;
    let content = 2 + length_bytes(first)?;
    let length = match content {
        2 => usize::from(first),
        _ => bytes.get(2..content)?.iter().fold(0, |all, byte| (all << 8) | usize::from(*byte)),
    };
    Some(Header { is_constructed: tag & CONSTRUCTED != 0, content, length })
}

/// Whether a message consists of elements that are whole and not nested too deeply.
fn is_within_depth(message: &[u8]) -> bool {
    // Where the elements end that are open.
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < message.len() {
        let end = open.last().copied().unwrap_or(message.len());
        let Some(header) = message.get(at..end).and_then(header) else { return false };
        let content = at + header.content;
        let Some(after) = content.checked_add(header.length).filter(|it| *it <= end) else {
            return false;
        };
        at = after;
        if header.is_constructed {
            if open.len() == MAX_DEPTH {
                return false;
            }
            open.push(after);
            at = content;
        }
        while open.last() == Some(&at) {
            open.pop();
        }
    }
    open.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element within other ones, on this many levels.
    fn nested(levels: usize) -> Vec<u8> {
        let mut all = vec![0x04, 0x00];
        for _ in 0..levels {
            let length = u32::try_from(all.len()).unwrap().to_be_bytes();
            all = [&[SEQUENCE, 0x84][..], &length, &all].concat();
        }
        all
    }

    async fn read(bytes: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        Messages::of(bytes).next().await
    }

    #[tokio::test]
    async fn a_message_has_at_most_so_many_levels() {
        let deepest = nested(MAX_DEPTH);
        assert_eq!(read(&deepest).await, Ok(Some(deepest)));
        assert_eq!(read(&nested(MAX_DEPTH + 1)).await, Err(malformed()));
        assert_eq!(read(&nested(20_000)).await, Err(malformed()));
    }

    #[tokio::test]
    async fn a_message_has_at_most_so_many_bytes_and_so_have_all_of_a_connection() {
        let of = |length: usize| {
            let length = u32::try_from(length - 6).unwrap().to_be_bytes();
            let inner = u32::from_be_bytes(length) - 6;
            let mut all = [&[SEQUENCE, 0x84][..], &length, &[0x04, 0x84]].concat();
            all.extend(inner.to_be_bytes());
            all.resize(all.len() + usize::try_from(inner).unwrap(), 0);
            all
        };
        let largest = of(MAX_MESSAGE);
        assert_eq!(read(&largest).await, Ok(Some(largest.clone())));
        assert_eq!(read(&of(MAX_MESSAGE + 1)).await, Err(Failure::TooLarge(MAX_MESSAGE)));
        let endless = b"\x30\x84\xff\xff\xff\xff";
        assert_eq!(read(endless).await, Err(Failure::TooLarge(MAX_MESSAGE)), "before it is read");
        let many = [&largest.repeat(MAX_SUM / MAX_MESSAGE)[..], &of(20)].concat();
        let mut many = Messages::of(&many[..]);
        for _ in 0..MAX_SUM / MAX_MESSAGE {
            assert!(many.next().await.is_ok());
        }
        assert_eq!(many.next().await, Err(Failure::TooLarge(MAX_SUM)));
    }

    #[tokio::test]
    async fn what_the_library_could_read_otherwise_is_refused() {
        for hostile in [
            &b"HTTP/1.1 400"[..],
            b"\x30\x80\x00\x00",
            b"\x30\x85\x00\x00\x00\x00\x02\x04\x00",
            b"\x30\x02\x1f\x00",
            b"\x30\x03\x30\x02\x04",
            b"\x30\x04\x30\x01\x04\x00",
            b"\x30\x01\x04",
        ] {
            assert_eq!(read(hostile).await, Err(malformed()), "{hostile:?}");
        }
        assert_eq!(read(b"").await, Ok(None));
        assert_eq!(read(b"\x30\x05\x04").await, Err(ended()));
    }

    #[test]
    fn the_answer_to_starttls_is_read_in_both_forms_of_lengths() {
        let short = b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00";
        let long = b"\x30\x84\x00\x00\x00\x10\x02\x01\x01\x78\x84\x00\x00\x00\x07\x0a\x01\x34\x04\x00\x04\x00";
        assert_eq!((result_code(short), result_code(long)), (Some(0), Some(52)));
        for other in
            [&b"\x30\x00"[..], b"\x30\x05\x02\x01\x02\x78\x00", b"\x30\x05\x02\x01\x01\x61\x00"]
        {
            assert_eq!(result_code(other), None, "{other:?}");
        }
        assert_eq!(STARTTLS.len(), 2 + 0x1d);
    }
}
