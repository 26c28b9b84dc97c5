//! What eight real servers answered.

use caldav::{ETag, Error, FetchOutcome, Href, ScheduleReply, ServerKind, SyncAnswer};

use crate::server::{Reply, Server, object};

/// The servers: the name of their recordings, what they are recognised as, where the calendar lies.
const SERVERS: [(&str, ServerKind, &str); 8] = [
    ("cyrus", ServerKind::Cyrus, "/dav/calendars/user/room/meeting-room-1/"),
    ("davical", ServerKind::Davical, "/caldav.php/room/meeting-room-1/"),
    ("nextcloud", ServerKind::Nextcloud, "/remote.php/dav/calendars/room-1/meeting-room-1/"),
    ("radicale", ServerKind::Radicale, "/room/meeting-room-1/"),
    ("rustical", ServerKind::RustiCal, "/caldav/principal/roomuser/meeting-room-1/"),
    ("sabre", ServerKind::Sabre, "/server.php/calendars/room/meeting-room-1/"),
    ("sogo", ServerKind::Sogo, "/SOGo/dav/room/Calendar/meeting-room-1/"),
    ("xandikos", ServerKind::Xandikos, "/room/calendars/meeting-room-1/"),
];

async fn answering(name: &str, what: &str) -> Server {
    Server::giving(vec![Reply::recorded(&format!("{name}-{what}"))]).await
}

#[tokio::test]
async fn every_server_is_recognised_and_tells_what_its_calendar_can() {
    for (name, kind, path) in SERVERS {
        let server = answering(name, "propfind-calendar").await;
        let found = server.collection(path, ServerKind::Other).properties().await.unwrap();
        assert_eq!(found.server.kind, kind, "{name}");
        assert!(found.is_calendar && found.supports_sync && found.supports_multiget, "{name}");
        assert!(found.state.ctag.is_some() && found.state.sync_token.is_some(), "{name}");
        let can = found.privileges;
        assert!(can.is_known && can.read && can.write_content && can.bind && can.unbind, "{name}");
        assert!(found.components.contains(&"VEVENT".to_owned()), "{name}");
        assert_eq!(found.url.path(), path);
        let has_size = !matches!(name, "davical" | "xandikos" | "sogo");
        assert!(found.max_resource_size.is_some() || !has_size, "{name}");
        assert!(found.server.clock_difference.is_some(), "{name}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_server_that_schedules_says_so() {
    for (name, schedules) in [("nextcloud", true), ("davical", true), ("radicale", false)] {
        let (_, _, path) = SERVERS.iter().find(|(it, ..)| *it == name).unwrap();
        let server = answering(name, "propfind-calendar").await;
        let found = server.collection(path, ServerKind::Other).properties().await.unwrap();
        assert_eq!(found.server.schedules(), schedules, "{name}");
    }
}

#[tokio::test]
async fn a_change_since_the_token_is_told_by_every_server() {
    for (name, kind, path) in SERVERS {
        let server = answering(name, "sync-delta").await;
        let answer = server.collection(path, kind).sync(Some("token")).await.unwrap();
        let SyncAnswer::Changes { changed, vanished, token, is_truncated, skipped } = answer else {
            panic!("{name}: {answer:?}");
        };
        assert!(changed.is_empty() && !is_truncated && skipped == 0, "{name}");
        let two = Href::from_store(format!("{path}sx%20two.ics"));
        assert!(vanished.contains(&two), "{name}: {vanished:?}");
        assert!(token.is_some(), "{name}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_known_is_seen_where_it_can_be_seen() {
    for (name, kind, path) in SERVERS {
        let server = answering(name, "sync-bad-token").await;
        let answer = server.collection(path, kind).sync(Some("http://bogus/1")).await.unwrap();
        if kind.quirks().answers_invalid_tokens_with_everything {
            let SyncAnswer::Changes { changed, .. } = answer else { panic!("{name}: {answer:?}") };
            assert!(!changed.is_empty(), "{name}");
        } else {
            assert_eq!(answer, SyncAnswer::InvalidToken, "{name}");
        }
        assert_eq!(server.count(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_missing_object_is_missing_whether_a_server_names_it_or_not() {
    for (name, kind, path) in SERVERS {
        // What an answer leaves out, or says to be missing, is asked for alone.
        let said = Reply::recorded(&format!("{name}-multiget-one-missing"));
        let server = Server::giving(vec![said, Reply::status(404)]).await;
        let collection = server.collection(path, kind);
        let asked = [collection.href_of("ghost.ics"), collection.href_of("sx1.ics")];
        let fetched = collection.multiget(&asked).await.unwrap();
        assert_eq!(fetched.len(), 2, "{name}");
        assert_eq!(
            (&fetched[0].href, &fetched[0].outcome),
            (&asked[0], &FetchOutcome::Missing),
            "{name}"
        );
        let FetchOutcome::Found { etag: Some(etag), text } = &fetched[1].outcome else {
            panic!("{name}: {:?}", fetched[1]);
        };
        assert!(etag.as_str().starts_with('"') && etag.as_str().ends_with('"'), "{name}");
        let text = std::str::from_utf8(text).unwrap();
        assert!(text.contains("SUMMARY:Ampersand & <angle> \"q\""), "{name}: {text}");
        assert!(text.starts_with("BEGIN:VCALENDAR"), "{name}");
        assert_eq!(server.count(), 2, "{name}");
    }
}

#[tokio::test]
async fn an_outdated_version_is_not_overwritten() {
    for (name, kind, path) in SERVERS {
        if kind.quirks().ignores_if_match_on_put {
            continue;
        }
        let server = answering(name, "put-stale-if-match").await;
        let collection = server.collection(path, kind);
        let href = collection.href_of("sx1.ics");
        let stale = ETag::new("\"stale\"").unwrap();
        let error = collection.at(&href).with_etag(&stale).replace(b"x").await.unwrap_err();
        assert!(matches!(error, Error::Changed), "{name}: {error:?}");
        assert!(!error.is_outcome_unknown());
        assert_eq!(server.seen()[0].header("if-match"), Some("\"stale\""), "{name}");
        // Radicale is asked what its 412 is about.
        let requests = if kind.quirks().too_large_is_412 { 2 } else { 1 };
        assert_eq!(server.count(), requests, "{name}");
    }
}

#[tokio::test]
async fn a_second_object_of_a_uid_is_told_apart_where_a_server_refuses_it() {
    for (name, kind, path) in SERVERS {
        let server = Server::new(move |seen| {
            // SOGo is asked first whether something is there.
            let reply = match &*seen.method {
                "PUT" => Reply::recorded(&format!("{name}-put-same-uid")),
                _ => Reply::status(404),
            };
            Some(reply)
        })
        .await;
        let collection = server.collection(path, kind);
        let href = collection.href_of("other.ics");
        let created = collection.create(&href, object("sx1@lab").as_bytes()).await;
        match name {
            "davical" | "sabre" | "rustical" => assert!(created.is_ok(), "{name}: {created:?}"),
            _ => assert!(matches!(created, Err(Error::UidConflict { .. })), "{name}: {created:?}"),
        }
    }
}

#[tokio::test]
async fn a_deletion_that_worked_is_done_with_200_and_with_204() {
    for (name, kind, path) in SERVERS {
        let server = Server::new(move |seen| {
            let reply = match &*seen.method {
                "DELETE" => Reply::recorded(&format!("{name}-delete-ok")),
                // SOGo's object is read right before.
                _ => Reply::object("\"1\"", &object("u")),
            };
            Some(reply)
        })
        .await;
        let collection = server.collection(path, kind);
        let href = collection.href_of("sx1.ics");
        let etag = ETag::new("\"1\"").unwrap();
        let at = collection.at(&href).with_etag(&etag);
        let deleted = at.delete(ScheduleReply::AsTheServerDoes).await;
        assert_eq!(deleted.unwrap(), caldav::Deleted::Done, "{name}");
    }
}

#[tokio::test]
async fn deleting_what_is_gone_is_no_deletion_whatever_a_server_answers() {
    for (name, kind, path) in SERVERS {
        let server = Server::new(move |seen| {
            let reply = match &*seen.method {
                "DELETE" => Reply::recorded(&format!("{name}-delete-missing")),
                _ => Reply::status(404),
            };
            Some(reply)
        })
        .await;
        let collection = server.collection(path, kind);
        let href = collection.href_of("sx1.ics");
        let etag = ETag::new("\"1\"").unwrap();
        let at = collection.at(&href).with_etag(&etag);
        let deleted = at.delete(ScheduleReply::AsTheServerDoes).await;
        // RustiCal says that it has deleted it, so it is asked before.
        assert_eq!(deleted.unwrap(), caldav::Deleted::WasGone, "{name}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    for (name, kind, path) in SERVERS {
        let server = answering(name, "unauthorised").await;
        let collection = server.collection(path, kind);
        for _ in 0..3 {
            let error = collection.ctag().await.unwrap_err();
            assert!(matches!(error, Error::Unauthorized), "{name}: {error:?}");
        }
        assert_eq!(server.count(), 1, "{name}");
    }
}
