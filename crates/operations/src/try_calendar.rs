//! Trying a calendar's server, step by step: what `doctor` and the site say of it.

use caldav::{CollectionProperties, ServerKind};
use store::accounts;
use store::calendars::{Calendar, Collection};
use store::mirror;

use crate::leases::first_fetch;
use crate::on_server::OnServer;
use crate::{Error, Result, Service, time};

/// How far a server's clock may be from ours, in seconds, before that is worth a word: a rank by creation
/// compares what clients of both write.
const CLOCK_TOLERANCE: i64 = 60;

/// How good or bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is as it should be.
    Good,
    /// It works, and is worth a look.
    Warning,
    /// It does not work.
    Bad,
}

/// What was found out about a calendar: a sentence, and, where something is wrong, how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How good or bad it is.
    pub level: Level,
    /// The sentence.
    pub text: String,
}

impl Finding {
    fn new(level: Level, text: impl Into<String>) -> Finding {
        Finding { level, text: text.into() }
    }
}

impl Service {
    /// Tries the server of a calendar: name, TLS, sign-in, what the account may do, which server it is and
    /// what that does in its own way, its clock, and how the mirror is. Nothing is changed there; what
    /// kind of server it is is written down.
    ///
    /// # Errors
    ///
    /// When the database fails; what the server does not do is a finding.
    pub async fn try_calendar(&self, calendar: &Calendar) -> Result<Vec<Finding>> {
        let Some(collection) = calendar.backend.collection() else {
            return Ok(vec![Finding::new(Level::Good, "it is built in")]);
        };
        let mut findings = Vec::new();
        match self.try_server(calendar, collection).await {
            Ok(found) => findings.extend(found),
            Err(Error::Store(error)) => return Err(Error::Store(error)),
            Err(error) => findings.push(Finding::new(Level::Bad, error.to_string())),
        }
        findings.extend(self.mirror_findings(calendar).await?);
        Ok(findings)
    }

    async fn try_server(
        &self,
        calendar: &Calendar,
        collection: &Collection,
    ) -> Result<Vec<Finding>> {
        let server = self.on_server(calendar).await?;
        let properties = match server.collection.properties().await {
            Ok(properties) => properties,
            Err(error) => return Err(server.error(&error).await),
        };
        self.write_down_kind(&server, &properties).await?;
        let mut findings = vec![Finding::new(
            Level::Good,
            format!(
                "{:?} signs in at {}, and the calendar is there",
                server.account.user_name, collection.url
            ),
        )];
        findings.extend(of_collection(calendar, collection, &properties));
        findings.push(of_kind(&properties));
        let quirks = properties.server.kind.quirks().sentences();
        findings.extend(quirks.into_iter().map(|it| Finding::new(Level::Good, it)));
        findings.extend(of_clock(&properties));
        Ok(findings)
    }

    async fn write_down_kind(
        &self,
        server: &OnServer,
        properties: &CollectionProperties,
    ) -> Result<()> {
        let (kind, version) = (properties.server.kind, properties.server.version.as_deref());
        let known = (server.account.server_kind.as_str(), server.account.server_version.as_deref());
        if kind == ServerKind::Other || known == (kind.as_str(), version) {
            return Ok(());
        }
        let transaction = self.store.begin().await?;
        accounts::set_server(&transaction, server.account.id, kind.as_str(), version).await?;
        Ok(transaction.commit().await?)
    }

    async fn mirror_findings(&self, calendar: &Calendar) -> Result<Vec<Finding>> {
        let state = mirror::state(&self.store, calendar.id).await?.unwrap_or_default();
        let health = mirror::health(&self.store, calendar.id).await?.unwrap_or_default();
        let zone = crate::snapshot::zone_of(calendar);
        let mut findings = Vec::new();
        if let Some(progress) = first_fetch(&state) {
            findings.push(Finding::new(Level::Warning, progress));
        } else if state.synced_at.is_none() {
            let text = format!(
                "its events have not been fetched yet: room-booking calendar sync {}",
                calendar.slug
            );
            findings.push(Finding::new(Level::Warning, text));
        }
        if let Some(since) = health.failing_since {
            let since = time::rfc3339(&zone, ical::Moment(since));
            let failure = health.failure.unwrap_or_default();
            let text = format!("its runs have failed since {since}, at last with: {failure}");
            findings.push(Finding::new(Level::Warning, text));
        }
        Ok(findings)
    }
}

fn of_collection(
    calendar: &Calendar,
    collection: &Collection,
    properties: &CollectionProperties,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !properties.is_calendar {
        let text = format!("{} is no calendar; look at its address", collection.url);
        findings.push(Finding::new(Level::Bad, text));
    }
    let components = &properties.components;
    if !components.is_empty() && !components.iter().any(|it| it == "VEVENT") {
        let text = format!("it takes no events, only {}", components.join(", "));
        findings.push(Finding::new(Level::Bad, text));
    }
    let may = properties.privileges;
    let missing: Vec<&str> = [
        (may.read, "read events"),
        (may.write_content, "change events"),
        (may.unbind, "delete events"),
        (may.bind, "create events"),
    ]
    .into_iter()
    .filter_map(|(may, what)| (!may).then_some(what))
    .collect();
    if !may.is_known {
        let text = "the server does not say what the account may do; the first run will show";
        findings.push(Finding::new(Level::Warning, text));
    } else if missing.is_empty() {
        let text = "the account may read, change, delete and create events";
        findings.push(Finding::new(Level::Good, text));
    } else {
        let text = format!(
            "the account may not {}; let the owner share the calendar with the right to edit",
            missing.join(", ")
        );
        findings.push(Finding::new(Level::Bad, text));
    }
    if collection.is_shared_in {
        let text = "it is shared with the account by its owner: on some servers private events are \
                    not seen, and confidential ones are left alone; let the owner sign in if that \
                    matters";
        findings.push(Finding::new(Level::Warning, text));
    }
    let zone = properties.zone.as_deref().filter(|zone| ical::Zone::iana(zone).is_some());
    if let Some(zone) = zone.filter(|zone| *zone != calendar.zone) {
        let text = format!(
            "the server has {zone} as its time zone, and here it is {}; set it with: room-booking \
             calendar set {} --zone {zone}",
            calendar.zone, calendar.slug
        );
        findings.push(Finding::new(Level::Warning, text));
    }
    if !properties.supports_sync {
        let text = "the server has no sync-collection (RFC 6578): all versions are listed whenever \
                    something has changed";
        findings.push(Finding::new(Level::Good, text));
    }
    findings
}

fn of_kind(properties: &CollectionProperties) -> Finding {
    let version = properties.server.version.as_deref();
    let version = version.map(|it| format!(" {it}")).unwrap_or_default();
    let scheduling = if properties.server.schedules() {
        "it answers organizers itself"
    } else {
        "it does not answer organizers: mail from here is all they get"
    };
    let text = format!("the server is {}{version}; {scheduling}", properties.server.kind);
    Finding::new(Level::Good, text)
}

fn of_clock(properties: &CollectionProperties) -> Option<Finding> {
    let ahead = properties.server.clock_difference?;
    if ahead.abs() <= CLOCK_TOLERANCE {
        return None;
    }
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    let text = format!(
        "the server's clock is {} seconds {direction} this machine's; set both by NTP, because \
         events are ranked by when they were created",
        ahead.abs()
    );
    Some(Finding::new(Level::Warning, text))
}
