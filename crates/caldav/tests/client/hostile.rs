//! Answers that are meant to do harm.

use std::io::Write as _;
use std::time::Duration;

use caldav::xml::{Bounds, Problem, parse_multistatus};
use caldav::{Error, Href, Limits, ServerKind, limits};

use crate::server::{self, Reply, Server, account, version};

fn parse(text: &str) -> Result<caldav::xml::Multistatus, Problem> {
    parse_multistatus(text.as_bytes(), Bounds::default())
}

fn wrapped(inner: &str) -> String {
    format!("<multistatus xmlns='DAV:'>{inner}</multistatus>")
}

async fn error_of(reply: Reply, limits: Limits) -> Error {
    let server = Server::giving(vec![reply]).await;
    let room = account(limits).collection(&server.url("/room/"), ServerKind::Other).unwrap();
    room.members().await.unwrap_err()
}

#[test]
fn a_doctype_and_the_entities_that_it_would_define_are_refused() {
    let laughs = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>";
    assert_eq!(parse(&format!("{laughs}{}", wrapped("&b;"))), Err(Problem::Doctype));
    let external = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>";
    assert_eq!(parse(&format!("{external}{}", wrapped("&a;"))), Err(Problem::Doctype));
    assert!(matches!(parse(&wrapped("&a;")), Err(Problem::Entity(_))));
    assert!(matches!(parse(&wrapped("&#0;")), Err(Problem::Entity(_))));
}

#[test]
fn elements_are_nested_as_deep_as_allowed_and_no_deeper() {
    let nested =
        |depth: usize| wrapped(&format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth)));
    assert!(parse(&nested(limits::MAX_DEPTH - 1)).is_ok());
    assert_eq!(parse(&nested(limits::MAX_DEPTH)), Err(Problem::TooDeep(limits::MAX_DEPTH)));
    assert!(parse(&nested(1_000_000)).is_err());
}

#[test]
fn as_many_responses_as_allowed_are_read_and_no_more() {
    let bounds = Bounds { responses: 10, ..Bounds::default() };
    let listed = |count: usize| {
        let one = "<response><href>/a</href></response>";
        parse_multistatus(wrapped(&one.repeat(count)).as_bytes(), bounds)
    };
    assert_eq!(listed(10).map(|it| it.responses.len()), Ok(10));
    assert_eq!(listed(11), Err(Problem::TooManyResponses(10)));
    // Several hrefs of one response count as several.
    let hrefs = |count: usize| {
        let inner = format!("<response>{}</response>", "<href>/a</href>".repeat(count));
        parse_multistatus(wrapped(&inner).as_bytes(), bounds)
    };
    assert_eq!(hrefs(10).map(|it| it.responses.len()), Ok(10));
    assert_eq!(hrefs(11), Err(Problem::TooManyResponses(10)));
}

#[test]
fn a_large_calendar_stays_within_the_bounds() {
    let one = "<response><href>/room/0123456789abcdef.ics</href><propstat><prop><getetag>\"1\"\
               </getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>";
    let text = wrapped(&one.repeat(100_000));
    assert!(text.len() < Limits::default().max_body);
    assert_eq!(parse(&text).unwrap().responses.len(), 100_000);
}

#[test]
fn namespaces_beyond_their_bound_are_refused() {
    let declared = |count: usize| {
        let all: Vec<String> = (0..count).map(|it| format!("xmlns:n{it}='u{it}'")).collect();
        wrapped(&format!("<a {}/>", all.join(" ")))
    };
    assert!(parse(&declared(limits::MAX_NAMESPACES - 1)).is_ok());
    assert!(parse(&declared(limits::MAX_NAMESPACES)).is_err());
}

#[test]
fn elements_mean_something_only_in_their_namespace_and_place() {
    let foreign = "<x xmlns='urn:x'><response xmlns='DAV:'><href>/a</href></response></x>";
    assert_eq!(parse(&wrapped(foreign)).unwrap().responses, vec![]);
    assert!(matches!(parse("<multistatus/>"), Err(Problem::OtherRoot(_))));
    assert!(matches!(parse("<html xmlns='DAV:'/>"), Err(Problem::OtherRoot(_))));
    let misplaced = "<response><href>/a</href><getetag>1</getetag><prop><getetag>1</getetag></prop>\
                     </response>";
    assert_eq!(parse(&wrapped(misplaced)).unwrap().responses[0].properties.etag, None);
}

#[test]
fn only_properties_that_were_found_count() {
    let refused = "<response><href>/a</href><propstat><prop><getetag>1</getetag></prop>\
                   <status>HTTP/1.1 403 Forbidden</status></propstat></response>";
    let response = parse(&wrapped(refused)).unwrap().responses.remove(0);
    assert_eq!((response.properties.etag, response.failed), (None, Some(403)));
}

#[test]
fn whatever_is_no_whole_document_is_refused() {
    let whole = wrapped(&version("/a", "\"1\"").replace("d:", ""));
    assert!(parse(&whole).is_ok());
    for end in 0..whole.len() {
        assert!(parse(&whole[..end]).is_err(), "{}", &whole[..end]);
    }
    for text in ["", " ", "{}", "<<<", "no xml", "<a></b>", "\u{0}"] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert_eq!(parse_multistatus(b"<a>\xff</a>", Bounds::default()), Err(Problem::NoUtf8));
    assert!(parse(&format!("{whole}{whole}")).is_err());
}

#[tokio::test]
async fn a_body_as_long_as_allowed_is_read_and_no_longer() {
    let text = "<d:multistatus xmlns:d='DAV:'></d:multistatus>";
    let of = |padding: usize| Reply::xml(&format!("{text}{}", " ".repeat(padding)));
    let limits = Limits { max_body: text.len() + 100, ..server::limits() };
    let server = Server::giving(vec![of(100)]).await;
    let room = account(limits.clone()).collection(&server.url("/room/"), ServerKind::Other);
    assert!(room.unwrap().members().await.is_ok());
    let error = error_of(of(101), limits).await;
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn an_endless_body_ends_at_the_bound() {
    let endless = Reply::xml(&" ".repeat(64 * 1024)).times(usize::MAX);
    let limits = Limits { max_body: 1024 * 1024, ..server::limits() };
    let error = error_of(endless, limits).await;
    assert!(matches!(error, Error::TooLarge { bound: 1_048_576 }), "{error:?}");
}

#[tokio::test]
async fn the_endless_words_of_a_refusal_end_too() {
    let endless = Reply::status(403).body("no ".repeat(20_000)).times(usize::MAX);
    let error = error_of(endless, server::limits()).await;
    let Error::Forbidden { words } = &error else { panic!("{error:?}") };
    assert!(words.starts_with("no no") && words.chars().count() <= limits::MAX_WORDS + 1);
}

#[tokio::test]
async fn a_bomb_of_gzip_is_bounded_by_what_it_unpacks_to() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..256 {
        packer.write_all(&[b' '; 64 * 1024]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 64 * 1024);
    let limits = Limits { max_body: 1024 * 1024, ..server::limits() };
    let error =
        error_of(Reply::xml("").header("Content-Encoding", "gzip").body(bomb), limits).await;
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_packed_is_unpacked_and_what_is_garbage_is_said_to_be() {
    let text = format!(
        "<d:multistatus xmlns:d='DAV:'>{}</d:multistatus>",
        version("/room/a.ics", "\"1\"")
    );
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let of = |body: &[u8]| Reply::xml("").header("Content-Encoding", "gzip").body(body);
    let server = Server::giving(vec![of(&packed)]).await;
    assert_eq!(server.room(ServerKind::Other).members().await.unwrap().len(), 1);
    assert!(server.seen()[0].header("accept-encoding").unwrap().contains("gzip"));
    let error = error_of(of(&packed[..packed.len() / 2]), server::limits()).await;
    assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
    let error = error_of(of(b"this is no gzip at all"), server::limits()).await;
    assert!(matches!(error, Error::BadAnswer(_)), "{error:?}");
}

#[tokio::test]
async fn what_is_no_multistatus_is_a_bad_answer() {
    for reply in [
        Reply::status(200).body("<html>sign in</html>"),
        Reply::status(204),
        Reply::xml("<html>sign in</html>"),
        Reply::xml("<!DOCTYPE html><html></html>"),
        Reply::xml("\u{0}\u{1}\u{2}"),
    ] {
        let error = error_of(reply.clone(), server::limits()).await;
        assert!(matches!(error, Error::BadAnswer(_)), "{reply:?} {error:?}");
    }
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let many = (0..1000).fold(Reply::xml(""), |it, n| it.header(&format!("X-{n}"), "y"));
    let error = error_of(many, server::limits()).await;
    assert!(matches!(error, Error::Interrupted(_) | Error::BadAnswer(_)), "{error:?}");
}

#[tokio::test]
async fn an_absurd_version_is_none() {
    let long = format!("\"{}\"", "x".repeat(limits::MAX_ETAG));
    let text = format!("{}{}", version("/room/a.ics", &long), version("/room/b.ics", "a&#10;b"));
    let server = Server::giving(vec![Reply::multistatus(&text)]).await;
    let members = server.room(ServerKind::Other).members().await.unwrap();
    assert_eq!(members.len(), 2);
    assert!(members.iter().all(|it| it.etag.is_none()));
}

#[tokio::test]
async fn a_href_as_long_as_allowed_is_taken_and_no_longer() {
    let href = |length: usize| format!("/room/{}", "x".repeat(length - "/room/".len()));
    let fits = href(limits::MAX_HREF);
    let text = format!("{}{}", version(&fits, "1"), version(&href(limits::MAX_HREF + 1), "1"));
    let server = Server::giving(vec![Reply::multistatus(&text)]).await;
    let members = server.room(ServerKind::Other).members().await.unwrap();
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].href, Href::from_store(fits));
}

#[tokio::test]
async fn retries_end() {
    let limits = Limits { retries: 4, retry_pause: Duration::ZERO, ..server::limits() };
    let server = Server::giving(vec![Reply::status(503)]).await;
    let room = account(limits).collection(&server.url("/room/"), ServerKind::Other).unwrap();
    assert!(room.members().await.is_err());
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn as_many_features_as_allowed_are_kept() {
    let features: Vec<String> = (0..limits::MAX_FEATURES + 5).map(|it| format!("F{it}")).collect();
    let body = "<d:response><d:href>/room/</d:href></d:response>";
    let reply = Reply::multistatus(body).header("DAV", &features.join(", "));
    let server = Server::giving(vec![reply]).await;
    let found = server.room(ServerKind::Other).properties().await.unwrap().server.features;
    assert_eq!((found.len(), found[0].as_str()), (limits::MAX_FEATURES, "f0"));
}
