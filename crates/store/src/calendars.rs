//! Calendars: what an administrator decided for each, and who may reach it.

use clearing::{Address, Policy, RankBy, Ties};
use ical::UnknownZones;
use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, AccountId, CalendarId, Error, Result, TemplateId, Transaction, UserId};

/// Where a calendar's events are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In this database.
    BuiltIn,
    /// On a CalDAV server; this database has a mirror of it.
    CalDav(Collection),
}

/// A calendar collection on a CalDAV server (RFC 4791 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The account that reaches it.
    pub account: AccountId,
    /// Its address.
    pub url: String,
    /// Whether a delete lets the server answer the organizer (RFC 6638 section 8.1).
    pub sends_replies: bool,
    /// Whether the server is asked who booked, where it knows.
    pub asks_authors: bool,
    /// Whether it is another's, who shares it: then the server hides parts of some events.
    pub is_shared_in: bool,
    /// Which collection it is, by what its server says; `None` while the server has not been asked. The
    /// same for every address that leads to it.
    pub identity: Option<String>,
    /// The conditional writes that its server was shown to honour; `None` before a test.
    pub conditions: Option<String>,
}

impl Backend {
    /// The word for it in the database and for people.
    pub fn as_str(&self) -> &'static str {
        match self {
            Backend::BuiltIn => "built-in",
            Backend::CalDav(_) => "caldav",
        }
    }

    /// The collection, where it is on a server.
    pub fn collection(&self) -> Option<&Collection> {
        match self {
            Backend::BuiltIn => None,
            Backend::CalDav(collection) => Some(collection),
        }
    }
}

/// Which kinds of removals are announced by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announces {
    /// Overlapping events that were deleted.
    pub deleted: bool,
    /// Overlapping occurrences of series that were cancelled.
    pub cancelled: bool,
    /// Cancelled events that were deleted.
    pub leftovers: bool,
    /// Conflicts that were left alone.
    pub ignored: bool,
}

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its number.
    pub id: CalendarId,
    /// Its name in paths.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// IANA name of its time zone.
    pub zone: String,
    /// The room's own mail address.
    pub room_address: Option<String>,
    /// Who is written to where an event names no organizer.
    pub contact_address: Option<String>,
    /// Where its events are kept.
    pub backend: Backend,
    /// How many days of 24 hours the rules look ahead.
    pub horizon_days: u32,
    /// The longest overlap at an edge that is tolerated.
    pub tolerance_minutes: u32,
    /// From how many objects one run may remove overlaps without being confirmed.
    pub safety_limit: u32,
    /// Whether events that are marked as free block like others.
    pub free_blocks: bool,
    /// What becomes of times in a zone that nothing explains.
    pub unknown_zones: UnknownZones,
    /// What makes an event older than another.
    pub rank_by: RankBy,
    /// The template of its mail; without one there is none.
    pub template: Option<TemplateId>,
    /// What is announced.
    pub announces: Announces,
    /// Cleared every so many minutes.
    pub schedule_minutes: Option<u32>,
    /// Counts the changes of its content.
    pub revision: i64,
}

impl Calendar {
    /// Overlaps are removed from at most so many objects if nobody set anything else.
    pub const DEFAULT_SAFETY_LIMIT: u32 = 50;

    /// A built-in calendar of that name, with the defaults of the contract and no number yet.
    pub fn built_in(slug: &str, name: &str, zone: &str) -> Calendar {
        Calendar {
            id: CalendarId(0),
            slug: slug.to_owned(),
            name: name.to_owned(),
            zone: zone.to_owned(),
            room_address: None,
            contact_address: None,
            backend: Backend::BuiltIn,
            horizon_days: Policy::DEFAULT_HORIZON_DAYS,
            tolerance_minutes: 0,
            safety_limit: Calendar::DEFAULT_SAFETY_LIMIT,
            free_blocks: false,
            unknown_zones: UnknownZones::Refuse,
            rank_by: RankBy::HeldSince,
            template: None,
            announces: Announces {
                deleted: true,
                cancelled: true,
                leftovers: true,
                ignored: false,
            },
            schedule_minutes: None,
            revision: 0,
        }
    }
}

impl Calendar {
    /// Its policy without priorities and protections: what says which events block.
    pub fn plain_policy(&self) -> Policy {
        Policy {
            horizon_days: self.horizon_days,
            tolerance_minutes: self.tolerance_minutes,
            limit: Some(self.safety_limit as usize),
            free_blocks: self.free_blocks,
            rank_by: self.rank_by,
            room_address: self.room_address.as_deref().map(Address::new),
            ..Policy::default()
        }
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: CalendarId,
    slug: String,
    name: String,
    zone: String,
    room_address: Option<String>,
    contact_address: Option<String>,
    backend: String,
    account_id: Option<AccountId>,
    collection_url: Option<String>,
    sends_replies: bool,
    asks_authors: bool,
    is_shared_in: bool,
    collection_identity: Option<String>,
    conditions: Option<String>,
    horizon_days: i64,
    tolerance_minutes: i64,
    safety_limit: i64,
    free_blocks: bool,
    unknown_zone: String,
    rank_by: String,
    template_id: Option<TemplateId>,
    announces_deleted: bool,
    announces_cancelled: bool,
    announces_leftovers: bool,
    announces_ignored: bool,
    schedule_minutes: Option<i64>,
    revision: i64,
}

const COLUMNS: &str = "calendars.id, slug, calendars.name, zone, room_address, contact_address, \
     backend, account_id, collection_url, sends_replies, asks_authors, is_shared_in, \
     collection_identity, conditions, horizon_days, tolerance_minutes, safety_limit, free_blocks, \
     unknown_zone, rank_by, template_id, \
     announces_deleted, announces_cancelled, announces_leftovers, announces_ignored, \
     schedule_minutes, revision";

impl TryFrom<Row> for Calendar {
    type Error = Error;

    fn try_from(row: Row) -> Result<Calendar> {
        let damaged = |what: &str| Error::Damaged(format!("{what} in calendar {:?}", row.slug));
        let number = |it: i64, what: &str| u32::try_from(it).map_err(|_| damaged(what));
        Ok(Calendar {
            backend: match row.backend.as_str() {
                "built-in" => Backend::BuiltIn,
                "caldav" => match (row.account_id, row.collection_url.clone()) {
                    (Some(account), Some(url)) => Backend::CalDav(Collection {
                        account,
                        url,
                        sends_replies: row.sends_replies,
                        asks_authors: row.asks_authors,
                        is_shared_in: row.is_shared_in,
                        identity: row.collection_identity.clone(),
                        conditions: row.conditions.clone(),
                    }),
                    _ => return Err(damaged("no collection")),
                },
                _ => return Err(damaged("an unknown backend")),
            },
            unknown_zones: match row.unknown_zone.as_str() {
                "refuse" => UnknownZones::Refuse,
                "calendar" => UnknownZones::Calendar,
                _ => return Err(damaged("an unknown choice about time zones")),
            },
            rank_by: match row.rank_by.as_str() {
                "created" => RankBy::Created,
                "held since" => RankBy::HeldSince,
                _ => return Err(damaged("an unknown rank")),
            },
            horizon_days: number(row.horizon_days, "a horizon out of bounds")?,
            tolerance_minutes: number(row.tolerance_minutes, "a tolerance out of bounds")?,
            safety_limit: number(row.safety_limit, "a safety limit out of bounds")?,
            schedule_minutes: row
                .schedule_minutes
                .map(|it| number(it, "a schedule out of bounds"))
                .transpose()?,
            id: row.id,
            slug: row.slug,
            name: row.name,
            zone: row.zone,
            room_address: row.room_address,
            contact_address: row.contact_address,
            free_blocks: row.free_blocks,
            template: row.template_id,
            announces: Announces {
                deleted: row.announces_deleted,
                cancelled: row.announces_cancelled,
                leftovers: row.announces_leftovers,
                ignored: row.announces_ignored,
            },
            revision: row.revision,
        })
    }
}

/// The word for a choice about unknown time zones, in the database and for people.
pub fn unknown_zone_name(unknown_zones: UnknownZones) -> &'static str {
    match unknown_zones {
        UnknownZones::Refuse => "refuse",
        UnknownZones::Calendar => "calendar",
    }
}

fn rank_name(rank_by: RankBy) -> &'static str {
    match rank_by {
        RankBy::Created => "created",
        RankBy::HeldSince => "held since",
    }
}

/// Makes a calendar; its number and revision are those of the answer, whatever was given.
///
/// # Errors
///
/// [`Error::Taken`] if there is one of that slug, or one of that collection.
pub async fn insert(
    transaction: &Transaction,
    calendar: &Calendar,
    now: i64,
) -> Result<CalendarId> {
    let id: CalendarId = sql::insert(
        transaction,
        "INSERT INTO calendars (slug, name, zone, backend, account_id, collection_url, \
         collection_identity, conditions, horizon_days, tolerance_minutes, \
         safety_limit, free_blocks, unknown_zone, rank_by, announces_deleted, announces_cancelled, \
         announces_leftovers, announces_ignored, revision, failure_announced, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, FALSE, '', '', FALSE, FALSE, FALSE, FALSE, 0, \
         FALSE, $9) \
         RETURNING id",
        values![
            calendar.slug.clone(),
            calendar.name.clone(),
            calendar.zone.clone(),
            calendar.backend.as_str().to_owned(),
            calendar.backend.collection().map(|it| it.account.0),
            calendar.backend.collection().map(|it| it.url.clone()),
            calendar.backend.collection().and_then(|it| it.identity.clone()),
            calendar.backend.collection().and_then(|it| it.conditions.clone()),
            now
        ],
    )
    .await?;
    update(transaction, &Calendar { id, ..calendar.clone() }).await?;
    Ok(id)
}

/// Writes all settings of a calendar but its slug, where its events are, and what was found out there.
///
/// # Errors
///
/// When the database fails.
pub async fn update(transaction: &Transaction, calendar: &Calendar) -> Result<()> {
    sql::run(
        transaction,
        "UPDATE calendars SET name = $2, zone = $3, room_address = $4, contact_address = $5, \
         horizon_days = $6, tolerance_minutes = $7, safety_limit = $8, free_blocks = $9, \
         rank_by = $10, template_id = $11, announces_deleted = $12, announces_cancelled = $13, \
         announces_leftovers = $14, announces_ignored = $15, schedule_minutes = $16, \
         sends_replies = $17, asks_authors = $18, is_shared_in = $19, unknown_zone = $20 WHERE id = $1",
        values![
            calendar.id,
            calendar.name.clone(),
            calendar.zone.clone(),
            calendar.room_address.clone(),
            calendar.contact_address.clone(),
            i64::from(calendar.horizon_days),
            i64::from(calendar.tolerance_minutes),
            i64::from(calendar.safety_limit),
            calendar.free_blocks,
            rank_name(calendar.rank_by).to_owned(),
            calendar.template.map(|template| template.0),
            calendar.announces.deleted,
            calendar.announces.cancelled,
            calendar.announces.leftovers,
            calendar.announces.ignored,
            calendar.schedule_minutes.map(i64::from),
            calendar.backend.collection().is_none_or(|it| it.sends_replies),
            calendar.backend.collection().is_none_or(|it| it.asks_authors),
            calendar.backend.collection().is_some_and(|it| it.is_shared_in),
            unknown_zone_name(calendar.unknown_zones).to_owned()
        ],
    )
    .await?;
    Ok(())
}

/// The calendar of that slug.
///
/// # Errors
///
/// When the database fails.
pub async fn by_slug(access: &impl Access, slug: &str) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE slug = $1");
    let row = sql::one::<Row>(access, &sql, values![slug.to_owned()]).await?;
    row.map(Calendar::try_from).transpose()
}

/// The calendar behind which a collection stands, by its address.
///
/// # Errors
///
/// When the database fails.
pub async fn by_collection(access: &impl Access, url: &str) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE collection_url = $1");
    let row = sql::one::<Row>(access, &sql, values![url.to_owned()]).await?;
    row.map(Calendar::try_from).transpose()
}

/// The calendar behind which a collection stands, by what its server says of it.
///
/// # Errors
///
/// When the database fails.
pub async fn by_identity(access: &impl Access, identity: &str) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE collection_identity = $1");
    let row = sql::one::<Row>(access, &sql, values![identity.to_owned()]).await?;
    row.map(Calendar::try_from).transpose()
}

/// Keeps which collection stands behind a calendar, by what its server says of it.
///
/// # Errors
///
/// [`Error::Taken`] if it stands behind another calendar.
pub async fn set_identity(transaction: &Transaction, id: CalendarId, identity: &str) -> Result<()> {
    let sql = "UPDATE calendars SET collection_identity = $2 WHERE id = $1";
    sql::run(transaction, sql, values![id, identity.to_owned()]).await?;
    Ok(())
}

/// Keeps which conditional writes the server of a calendar was shown to honour.
///
/// # Errors
///
/// When the database fails.
pub async fn set_conditions(
    transaction: &Transaction,
    id: CalendarId,
    conditions: &str,
) -> Result<()> {
    let sql = "UPDATE calendars SET conditions = $2 WHERE id = $1";
    sql::run(transaction, sql, values![id, conditions.to_owned()]).await?;
    Ok(())
}

/// The calendar of that number.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: CalendarId) -> Result<Option<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars WHERE id = $1");
    let row = sql::one::<Row>(access, &sql, values![id]).await?;
    row.map(Calendar::try_from).transpose()
}

/// All calendars, by slug.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<Calendar>> {
    let sql = format!("SELECT {COLUMNS} FROM calendars ORDER BY slug");
    let rows = sql::all::<Row>(access, &sql, Vec::new()).await?;
    rows.into_iter().map(Calendar::try_from).collect()
}

/// The calendars that are assigned to a user, by slug.
///
/// # Errors
///
/// When the database fails.
pub async fn of_user(access: &impl Access, user: UserId) -> Result<Vec<Calendar>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM calendars \
         JOIN calendar_users ON calendar_users.calendar_id = calendars.id \
         WHERE calendar_users.user_id = $1 ORDER BY slug"
    );
    let rows = sql::all::<Row>(access, &sql, values![user]).await?;
    rows.into_iter().map(Calendar::try_from).collect()
}

/// The names of the users that a calendar is assigned to.
///
/// # Errors
///
/// When the database fails.
pub async fn users_of(access: &impl Access, id: CalendarId) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Name {
        name: String,
    }
    let sql = "SELECT name FROM users JOIN calendar_users ON user_id = users.id \
               WHERE calendar_id = $1 ORDER BY name";
    let rows = sql::all::<Name>(access, sql, values![id]).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Whether a calendar is assigned to a user.
///
/// # Errors
///
/// When the database fails.
pub async fn is_assigned(access: &impl Access, id: CalendarId, user: UserId) -> Result<bool> {
    let sql = "SELECT user_id FROM calendar_users WHERE calendar_id = $1 AND user_id = $2";
    Ok(sql::value::<UserId>(access, sql, values![id, user]).await?.is_some())
}

/// Assigns a calendar to a user; it may be assigned already.
///
/// # Errors
///
/// When the database fails.
pub async fn assign(transaction: &Transaction, id: CalendarId, user: UserId) -> Result<()> {
    let sql = "INSERT INTO calendar_users (calendar_id, user_id) VALUES ($1, $2) \
               ON CONFLICT DO NOTHING";
    sql::run(transaction, sql, values![id, user]).await?;
    Ok(())
}

/// Takes a calendar from a user; whether it was assigned.
///
/// # Errors
///
/// When the database fails.
pub async fn unassign(transaction: &Transaction, id: CalendarId, user: UserId) -> Result<bool> {
    let sql = "DELETE FROM calendar_users WHERE calendar_id = $1 AND user_id = $2";
    Ok(sql::run(transaction, sql, values![id, user]).await? > 0)
}

/// Locks the content and the settings of a calendar for this transaction, and counts its next revision, which is the
/// answer; `None` if there is no such calendar.
///
/// # Errors
///
/// When the database fails.
pub async fn lock(transaction: &Transaction, id: CalendarId) -> Result<Option<i64>> {
    let sql = "UPDATE calendars SET revision = revision + 1 WHERE id = $1 RETURNING revision";
    sql::value(transaction, sql, values![id]).await
}

/// Counts the next revision of all calendars, because something has changed that counts for each.
///
/// # Errors
///
/// When the database fails.
pub async fn lock_all(transaction: &Transaction) -> Result<()> {
    sql::run(transaction, "UPDATE calendars SET revision = revision + 1", Vec::new()).await?;
    Ok(())
}

/// What a priority goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityKind {
    /// An organizer's address, or a domain with a leading `@`.
    Organizer,
    /// A text in the name.
    Name,
    /// One event.
    Uid,
}

impl PriorityKind {
    /// The word for it in the database and for people.
    pub fn as_str(self) -> &'static str {
        match self {
            PriorityKind::Organizer => "organizer",
            PriorityKind::Name => "name",
            PriorityKind::Uid => "uid",
        }
    }

    /// What [`PriorityKind::as_str`] gives.
    pub fn parse(word: &str) -> Option<PriorityKind> {
        let all = [PriorityKind::Organizer, PriorityKind::Name, PriorityKind::Uid];
        all.into_iter().find(|it| it.as_str() == word)
    }
}

/// Prioritises on a calendar, or on all; it may be prioritised already. Without `ties`, what is usual of
/// its kind holds between two that are prioritised.
///
/// # Errors
///
/// When the database fails.
pub async fn prioritise(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    (kind, value): (PriorityKind, &str),
    ties: Option<Ties>,
    now: i64,
) -> Result<()> {
    let calendar = calendar.map(|calendar| calendar.0);
    let ties = ties.map(|ties| ties_name(ties).to_owned());
    let sql = "UPDATE priorities SET ties = $4 \
               WHERE COALESCE(calendar_id, 0) = COALESCE($1, 0) AND kind = $2 AND value = $3";
    let values = values![calendar, kind.as_str().to_owned(), value.to_owned(), ties.clone()];
    if sql::run(transaction, sql, values).await? > 0 {
        return Ok(());
    }
    let sql = "INSERT INTO priorities (calendar_id, kind, value, ties, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = values![calendar, kind.as_str().to_owned(), value.to_owned(), ties, now];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// The word in the database for what holds between two that are prioritised.
pub(crate) fn ties_name(ties: Ties) -> &'static str {
    match ties {
        Ties::Keep => "keep",
        Ties::Rank => "rank",
    }
}

/// What [`ties_name`] wrote.
pub(crate) fn parse_ties(word: &str) -> Result<Ties> {
    match word {
        "keep" => Ok(Ties::Keep),
        "rank" => Ok(Ties::Rank),
        _ => Err(Error::Damaged(format!("a priority with the unknown ties {word:?}"))),
    }
}

/// Protects the events of a UID on a calendar, or on all; they may be protected already.
///
/// # Errors
///
/// When the database fails.
pub async fn protect(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    uid: &str,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO protections (calendar_id, uid, created_at) \
               SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM protections \
               WHERE COALESCE(calendar_id, 0) = COALESCE($1, 0) AND uid = $2)";
    let calendar = calendar.map(|calendar| calendar.0);
    sql::run(transaction, sql, values![calendar, uid.to_owned(), now]).await?;
    Ok(())
}

/// Takes a priority away; whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn unprioritise(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    kind: PriorityKind,
    value: &str,
) -> Result<bool> {
    let sql = "DELETE FROM priorities WHERE COALESCE(calendar_id, 0) = COALESCE($1, 0) \
               AND kind = $2 AND value = $3";
    let calendar = calendar.map(|calendar| calendar.0);
    let values = values![calendar, kind.as_str().to_owned(), value.to_owned()];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Takes a protection away; whether there was one.
///
/// # Errors
///
/// When the database fails.
pub async fn unprotect(
    transaction: &Transaction,
    calendar: Option<CalendarId>,
    uid: &str,
) -> Result<bool> {
    let sql = "DELETE FROM protections \
               WHERE COALESCE(calendar_id, 0) = COALESCE($1, 0) AND uid = $2";
    let calendar = calendar.map(|calendar| calendar.0);
    Ok(sql::run(transaction, sql, values![calendar, uid.to_owned()]).await? > 0)
}

/// A priority or a protection.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Favour {
    /// The slug of its calendar; `None` for all calendars.
    pub slug: Option<String>,
    /// [`PriorityKind`] as a word, or `protected`.
    pub kind: String,
    /// The address, the text or the UID.
    pub value: String,
    /// `keep` or `rank`; `None` for what is usual of its kind.
    pub ties: Option<String>,
}

impl Favour {
    /// What holds between two that are prioritised, also where it is what is usual of its kind; `None` for
    /// a protection.
    ///
    /// # Errors
    ///
    /// When the database holds a word that says neither.
    pub fn ties_in_effect(&self) -> Result<Option<Ties>> {
        if let Some(word) = &self.ties {
            return parse_ties(word).map(Some);
        }
        Ok(match PriorityKind::parse(&self.kind) {
            Some(PriorityKind::Organizer) => Some(Ties::usual_of_organizer(&self.value)),
            Some(PriorityKind::Name) => Some(Ties::USUAL_OF_NAMES),
            Some(PriorityKind::Uid) => Some(Ties::USUAL_OF_UIDS),
            None => None,
        })
    }
}

/// All priorities and protections, those for all calendars first.
///
/// # Errors
///
/// When the database fails.
pub async fn favours(access: &impl Access) -> Result<Vec<Favour>> {
    let sql = "SELECT slug, kind, value, ties FROM priorities \
                 LEFT JOIN calendars ON calendars.id = calendar_id \
               UNION ALL SELECT slug, 'protected' AS kind, uid AS value, NULL AS ties FROM protections \
                 LEFT JOIN calendars ON calendars.id = calendar_id";
    let mut favours: Vec<Favour> = sql::all(access, sql, Vec::new()).await?;
    favours.sort_by(|one, other| {
        (&one.slug, &one.kind, &one.value).cmp(&(&other.slug, &other.kind, &other.value))
    });
    Ok(favours)
}

/// The policy of a calendar, with its priorities and protections and those of all calendars.
///
/// # Errors
///
/// When the database fails.
pub async fn policy(access: &impl Access, calendar: &Calendar) -> Result<Policy> {
    #[derive(FromQueryResult)]
    struct Priority {
        kind: String,
        value: String,
        ties: Option<String>,
    }
    let mut policy = calendar.plain_policy();
    let of_it = "WHERE calendar_id IS NULL OR calendar_id = $1";
    let sql = format!("SELECT kind, value, ties FROM priorities {of_it}");
    for Priority { kind, value, ties } in sql::all(access, &sql, values![calendar.id]).await? {
        let ties = ties.as_deref().map(parse_ties).transpose()?;
        match kind.as_str() {
            "organizer" => policy.priorities.add_organizer(&value, ties),
            "name" => policy.priorities.add_name(&value, ties),
            "uid" => policy.priorities.add_uid(&value, ties),
            _ => return Err(Error::Damaged(format!("a priority of the unknown kind {kind:?}"))),
        }
    }
    let sql = format!("SELECT 'uid' AS kind, uid AS value, NULL AS ties FROM protections {of_it}");
    for Priority { value, .. } in sql::all(access, &sql, values![calendar.id]).await? {
        policy.protected.insert(value);
    }
    Ok(policy)
}

/// A calendar whose schedule is due.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Due {
    /// Its slug.
    pub slug: String,
    /// The address of its collection, where it is on a server.
    pub collection_url: Option<String>,
}

/// Takes the calendars whose schedule is due at a moment (seconds since 1970). Whoever takes one has to
/// clear it; nobody else takes it before its next turn.
///
/// # Errors
///
/// When the database fails.
pub async fn take_due(transaction: &Transaction, now: i64) -> Result<Vec<Due>> {
    let sql = "UPDATE calendars SET last_scheduled_at = $1 WHERE schedule_minutes IS NOT NULL \
               AND COALESCE(last_scheduled_at, 0) + schedule_minutes * 60 <= $1 \
               RETURNING slug, collection_url";
    sql::all(transaction, sql, values![now]).await
}
