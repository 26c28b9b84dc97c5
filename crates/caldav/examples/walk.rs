//! Walks through a real server and prints what it does: finds the calendars, creates an object, replaces
//! and deletes it, with odd names and outdated versions.
//!
//! `cargo run -p caldav --example walk -- ADDRESS USER PASSWORD CALENDAR-URL`: what it writes, it deletes.

#![allow(clippy::print_stdout, reason = "it is what the example is for")]

use caldav::{
    Connector, ConnectorSettings, Credentials, ETag, Error, MULTIGET_CHUNK, ScheduleReply,
    SyncAnswer,
};

const NAMES: [&str; 8] = [
    "plain.ics",
    "two words.ics",
    "50%.ics",
    "a+b.ics",
    "a@b.ics",
    "Größe.ics",
    "a~b.ics",
    "a/b.ics",
];

fn object(uid: &str, name: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Room Booking//walk//EN\r\nBEGIN:VEVENT\r\n\
         UID:{uid}\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20270601T100000Z\r\n\
         DTEND:20270601T110000Z\r\nSUMMARY:{name}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, user, password, calendar] = &arguments[..] else {
        return Err("usage: walk ADDRESS USER PASSWORD CALENDAR-URL".into());
    };
    let connector = Connector::new(ConnectorSettings::default())?;
    let password = password.clone().into();
    let account = connector.account(Credentials::Basic { user: user.clone(), password });
    let kind = match account.discover(address).await {
        Ok(found) => {
            println!("server {:?}", found.server);
            println!("principal {:?} {:?}", found.principal.map(String::from), found.addresses);
            for step in &found.steps {
                println!("  {step}");
            }
            for it in &found.calendars {
                let (name, zone) = (&it.name, &it.zone);
                println!("  {} {name:?} {zone:?} {:?} {}", it.url, it.privileges, it.is_shared_in);
            }
            found.server.kind
        }
        Err(error) => {
            println!("discovery: {error}");
            caldav::ServerKind::Other
        }
    };
    let collection = account.collection(&calendar.parse()?, kind)?;
    let properties = collection.properties().await?;
    println!("{properties:?}");
    println!("state {:?}", collection.ctag().await);
    println!("wrong token {:?}", shown(collection.sync(Some("http://bogus/1")).await));
    let first = collection.sync(None).await;
    let token = match &first {
        Ok(SyncAnswer::Changes { token, .. }) => token.clone(),
        _ => None,
    };
    println!("first {}", shown(first));
    let mut hrefs = Vec::new();
    for name in NAMES {
        let href = collection.href_of(name);
        let text = object(&format!("walk-{name}"), name);
        let created = collection.create(&href, text.as_bytes()).await;
        println!("create {href}: {created:?}");
        if created.is_ok() {
            println!("  again: {:?}", collection.create(&href, text.as_bytes()).await.err());
            println!(
                "  same: {}",
                collection.get(&href).await?.is_some_and(|it| it.text == text.as_bytes())
            );
            hrefs.push(href);
        }
    }
    let same_uid = object("walk-plain.ics", "same UID");
    let other = collection.href_of("other.ics");
    let created = collection.create(&other, same_uid.as_bytes()).await;
    println!("same UID: {created:?}");
    if created.is_ok() {
        collection.at(&other).whatever_its_version().delete(ScheduleReply::Silent).await?;
    }
    println!("delta {}", shown(collection.sync(token.as_deref()).await));
    let members = collection.members().await?;
    println!("{} members", members.len());
    let missing = collection.href_of("missing.ics");
    let mut asked = hrefs.clone();
    asked.insert(0, missing.clone());
    for fetched in collection.multiget(&asked[..asked.len().min(MULTIGET_CHUNK)]).await? {
        println!("  {} {:.60}", fetched.href, format!("{:?}", fetched.outcome));
    }
    let stale = ETag::new("\"stale\"").ok_or("no ETag")?;
    for href in &hrefs {
        let at = || collection.at(href);
        let text = object(&format!("walk-{}", href.name()), "replaced");
        let Some(member) = members.iter().find(|it| it.href == *href) else {
            println!("{href} is not listed");
            continue;
        };
        let etag = member.etag.clone().ok_or("no ETag")?;
        let replaced = at().with_etag(&stale).replace(text.as_bytes()).await;
        println!("{href}: stale PUT {:?}", replaced.err().map(|it| it.to_string()));
        let replaced = at().with_etag(&etag).replace(text.as_bytes()).await;
        println!("  PUT {replaced:?}");
        let deleted = at().with_etag(&stale).delete(ScheduleReply::Silent).await;
        println!("  stale DELETE {deleted:?}");
        let etag = collection.get(href).await?.and_then(|it| it.etag).ok_or("no ETag")?;
        let deleted = at().with_etag(&etag).delete(ScheduleReply::AsTheServerDoes).await;
        println!("  DELETE {deleted:?}");
        let deleted = at().with_etag(&etag).delete(ScheduleReply::AsTheServerDoes).await;
        println!("  again {deleted:?}");
    }
    println!("gone {}", shown(collection.sync(token.as_deref()).await));
    let wrong = Credentials::Basic { user: user.clone(), password: "wrong".to_owned().into() };
    let wrong = connector.account(wrong).collection(collection.url(), kind)?;
    println!("wrong password: {:?}", wrong.ctag().await.err());
    Ok(())
}

fn shown(answer: Result<SyncAnswer, Error>) -> String {
    match answer {
        Ok(SyncAnswer::Changes { changed, vanished, token, is_truncated, skipped }) => format!(
            "{} changed, {} vanished, {token:?} {is_truncated} {skipped}",
            changed.len(),
            vanished.len()
        ),
        other => format!("{other:?}"),
    }
}
