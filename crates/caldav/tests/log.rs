//! What the client logs. A program of its own: what is logged is decided once for a process, and another test
//! that logs first would silence this one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "client/server.rs"]
#[allow(dead_code, reason = "the other program uses the rest")]
mod server;

use caldav::{Connector, ConnectorSettings, Credentials, ServerKind};

use crate::server::{Reply, Server, limits};

fn state() -> Reply {
    Reply::multistatus(
        "<d:response><d:href>/room/</d:href><d:propstat><d:prop><s:getctag>7</s:getctag></d:prop>\
         <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>",
    )
}

/// All that is logged at any level while this lives.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_and_no_error_contains_the_authorization_also_where_a_redirect_repeats_it() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (user, password) = ("room", "geheim/?+\u{fe}\u{ff}");
    let pair = format!("{user}:{password}");
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair);
    assert!(base64.contains(['+', '/']), "a value whose alphabets differ: {base64}");
    let url_safe = base64.replace('+', "-").replace('/', "_");
    let other = Server::giving(vec![state()]).await;
    for path in [
        format!("/back/{}/", base64.replace('/', "%2F")),
        format!("/back/{url_safe}/"),
        format!("/back/{}", url_safe.trim_end_matches('=')),
        "/geheim%2F%3F%2B%C3%BE%C3%BF/room/".to_owned(),
        format!("/room/?next={base64}"),
        other.url(&format!("/{url_safe}/")).to_string(),
        "/room/".to_owned(),
    ] {
        let server = Server::giving(vec![Reply::redirect(302, &path), state()]).await;
        let credentials =
            Credentials::Basic { user: user.to_owned(), password: password.to_owned().into() };
        let settings = ConnectorSettings { limits: limits(), ..ConnectorSettings::default() };
        let account = Connector::new(settings).unwrap().account(credentials);
        let room = account.collection(&server.url("/old/"), ServerKind::Other).unwrap();
        let answer = room.ctag().await;
        assert_eq!(answer.is_ok(), path == "/room/", "{path}");
        let said = answer.map_or_else(|error| format!("{error} {error:?}"), |_| String::new());
        let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
        assert!(log.contains("asked a calendar server"), "it is logged");
        for secret in ["geheim", &base64, url_safe.trim_end_matches('=')] {
            assert!(!log.contains(secret) && !said.contains(secret), "{path}: {said}\n{log}");
        }
    }
    assert_eq!(other.count(), 0);
}
