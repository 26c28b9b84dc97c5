//! Trying a calendar's server, step by step: what `doctor` and the site say of it.

use caldav::{CollectionProperties, Conditions, Quirks, ServerKind};
use store::accounts;
use store::calendars::{self, Calendar, Collection};
use store::{health, mirror};

use crate::connections::kind::{kind_of, stored_kind};
use crate::room::on_server::OnServer;
use crate::sync::mirror::first_fetch;
use crate::{Error, Message, MessageId, Result, Service, Time, Value};

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
    pub text: Message,
}

impl Finding {
    fn new(level: Level, text: impl Into<Message>) -> Finding {
        Finding { level, text: text.into() }
    }
}

impl Service {
    /// Tries the server of a calendar: name, TLS, sign-in, what the account may do, which server it is and
    /// what that does in its own way, its clock, whether another calendar here is the same one, and how
    /// the mirror is. A server of unknown kind is tested once with an event of our own, which is deleted
    /// again; nothing else is changed there. What was found out of the server is kept.
    ///
    /// # Errors
    ///
    /// When the database fails; what the server does not do is a finding.
    pub async fn try_calendar(&self, calendar: &Calendar) -> Result<Vec<Finding>> {
        let Some(collection) = calendar.backend.collection() else {
            return Ok(vec![Finding::new(Level::Good, MessageId::BuiltIn)]);
        };
        let mut findings = Vec::new();
        match self.try_server(calendar, collection).await {
            Ok(found) => findings.extend(found),
            Err(Error::Store(error)) => return Err(Error::Store(error)),
            Err(error) => findings.push(Finding::new(Level::Bad, error.said())),
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
            MessageId::signs_in(&server.account.user_name, &collection.url),
        )];
        findings.extend(of_collection(calendar, collection, &properties));
        findings.extend(self.also_calendar(&server, &properties).await?);
        let schedules = self.ask(&server, server.collection.schedules().await).await?;
        findings.push(of_kind(&properties, schedules));
        if properties.server.kind.is_unknown() {
            findings.push(of_conditions(self.test_conditions(&server).await?));
        }
        findings.extend(of_quirks(properties.server.kind.quirks()));
        findings.extend(of_clock(&properties));
        Ok(findings)
    }

    async fn write_down_kind(
        &self,
        server: &OnServer,
        properties: &CollectionProperties,
    ) -> Result<()> {
        // Few answers tell the version; what is known of it stays.
        let known_version = server.account.server_version.as_deref();
        let version = properties.server.version.as_deref().or(known_version);
        let kind = properties.server.kind;
        let known = (kind_of(&server.account), known_version);
        if kind == ServerKind::Other || known == (kind, version) {
            return Ok(());
        }
        let transaction = self.store.begin().await?;
        accounts::set_server(&transaction, server.account.id, stored_kind(kind), version).await?;
        Ok(transaction.commit().await?)
    }

    /// Keeps which collection it is, and finds out whether it stands behind another calendar as well.
    async fn also_calendar(
        &self,
        server: &OnServer,
        properties: &CollectionProperties,
    ) -> Result<Option<Finding>> {
        let id = server.calendar.id;
        let identity = properties.identity.to_string();
        let collection = Collection { identity: Some(identity), ..server.settings.clone() };
        if let Some(other) = self.same_collection(&collection, Some(id)).await? {
            let text = MessageId::also_calendar(&other.slug);
            return Ok(Some(Finding::new(Level::Bad, text)));
        }
        if let Some(identity) =
            collection.identity.filter(|_| collection_changed(server, properties))
        {
            let transaction = self.store.begin().await?;
            calendars::set_identity(&transaction, id, &identity).await?;
            transaction.commit().await?;
        }
        Ok(None)
    }

    async fn mirror_findings(&self, calendar: &Calendar) -> Result<Vec<Finding>> {
        let state = mirror::state(&self.store, calendar.id).await?.unwrap_or_default();
        let health = health::of(&self.store, calendar.id).await?.unwrap_or_default();
        let zone = crate::room::snapshot::zone_of(calendar);
        let mut findings = Vec::new();
        if let Some(progress) = first_fetch(&state) {
            findings.push(Finding::new(Level::Warning, progress));
        } else if state.synced_at.is_none() {
            let text = MessageId::not_fetched_yet(&calendar.slug);
            findings.push(Finding::new(Level::Warning, text));
        }
        if let Some(at) = state.audited_at {
            let at = Time::new(&zone, ical::Moment(at));
            findings.push(match state.audit_found {
                0 => Finding::new(Level::Good, MessageId::audited_clean(at)),
                found => Finding::new(Level::Warning, MessageId::audited_mended(at, found)),
            });
        }
        if let Some(since) = health.failing_since {
            let since = Time::new(&zone, ical::Moment(since));
            let failure = Message::of_stored(&health.failure.unwrap_or_default());
            let text = MessageId::failing_since(since, failure);
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
        let text = MessageId::is_no_calendar(&collection.url);
        findings.push(Finding::new(Level::Bad, text));
    }
    let components = &properties.components;
    if !components.is_empty() && !components.iter().any(|it| it == "VEVENT") {
        let text = MessageId::takes_no_events(components.join(", "));
        findings.push(Finding::new(Level::Bad, text));
    }
    let may = properties.privileges;
    let missing: Vec<Value> = [
        (may.read, MessageId::MayNotRead),
        (may.write_content, MessageId::MayNotChange),
        (may.unbind, MessageId::MayNotDelete),
        (may.bind, MessageId::MayNotCreate),
    ]
    .into_iter()
    .filter(|(may, _)| !may)
    .map(|(_, what)| Value::of_message(what))
    .collect();
    if !may.is_known {
        findings.push(Finding::new(Level::Warning, MessageId::RightsUnknown));
    } else if missing.is_empty() {
        findings.push(Finding::new(Level::Good, MessageId::MayAll));
    } else {
        let text = MessageId::may_not(missing);
        findings.push(Finding::new(Level::Bad, text));
    }
    if collection.is_shared_in {
        findings.push(Finding::new(Level::Warning, MessageId::SharedIn));
    }
    let zone = properties.zone.as_deref().filter(|zone| ical::Zone::iana(zone).is_some());
    if let Some(zone) = zone.filter(|zone| *zone != calendar.zone) {
        let text = MessageId::other_zone(zone, &calendar.zone, &calendar.slug);
        findings.push(Finding::new(Level::Warning, text));
    }
    if !properties.supports_sync {
        findings.push(Finding::new(Level::Good, MessageId::NoSyncCollection));
    }
    findings
}

fn of_kind(properties: &CollectionProperties, schedules: bool) -> Finding {
    let version = properties.server.version.as_deref();
    let version = version.map(|it| format!(" {it}")).unwrap_or_default();
    let scheduling =
        if schedules { MessageId::AnswersOrganizers } else { MessageId::AnswersNoOrganizers };
    let server = format!("{}{version}", properties.server.kind);
    Finding::new(Level::Good, MessageId::server_is(server, scheduling))
}

/// Whether what is known of the collection's identity is not what its server says.
fn collection_changed(server: &OnServer, properties: &CollectionProperties) -> bool {
    server.settings.identity.as_deref() != Some(&*properties.identity.to_string())
}

/// What a test of conditional writes came to.
fn of_conditions(conditions: Option<Conditions>) -> Finding {
    match conditions {
        Some(Conditions { on_put: true, on_delete: true, .. }) => {
            Finding::new(Level::Good, MessageId::ConditionsHonoured)
        }
        Some(_) => Finding::new(Level::Warning, MessageId::ConditionsIgnored),
        None => Finding::new(Level::Warning, MessageId::ConditionsUntested),
    }
}

/// What a kind of server does in its own way, and an administrator may want to know.
fn of_quirks(quirks: Quirks) -> Vec<Finding> {
    let all = [
        (quirks.ignores_if_match_on_delete, MessageId::QuirkDeletesChanged),
        (quirks.ignores_if_match_on_put, MessageId::QuirkOverwritesChanged),
        (quirks.ignores_if_none_match, MessageId::QuirkOverwritesExisting),
        (quirks.rewrites_bodies, MessageId::QuirkRewrites),
        (quirks.gone_is_412, MessageId::QuirkGoneIsChanged),
        (quirks.answers_invalid_tokens_with_everything, MessageId::QuirkForgetsSilently),
        (quirks.etag_counters_restart, MessageId::QuirkEtagsRepeat),
        (quirks.gives_no_etag_after_scheduling, MessageId::QuirkNoVersionAfterInviting),
        (quirks.hides_parts_from_sharees, MessageId::QuirkHidesParts),
        (quirks.has_activity, MessageId::QuirkActivity),
    ];
    let those = all.into_iter().filter(|(applies, _)| *applies);
    those.map(|(_, sentence)| Finding::new(Level::Good, sentence)).collect()
}

fn of_clock(properties: &CollectionProperties) -> Option<Finding> {
    let ahead = properties.server.clock_difference?;
    if ahead.abs() <= CLOCK_TOLERANCE {
        return None;
    }
    let text = match ahead > 0 {
        true => MessageId::clock_ahead(ahead),
        false => MessageId::clock_behind(ahead.saturating_neg()),
    };
    Some(Finding::new(Level::Warning, text))
}
