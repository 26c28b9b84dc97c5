//! What is gone, is reported as gone, or is not seen at present.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, CalendarId, Result, Transaction, texts};

/// Since when an object has not been seen, though nobody has confirmed that it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The moment at which that was noticed, in seconds since 1970.
    pub noticed_at: i64,
    /// The number of the last look that saw it.
    pub last_look: i64,
}

/// Records that an object is reported as gone from a href, with its text. Its claim continues until
/// that is confirmed.
///
/// # Errors
///
/// When the database fails.
pub async fn set_vanished(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    (href, text): (&str, &[u8]),
    now: i64,
) -> Result<()> {
    let sql = "UPDATE uid_metadata SET vanished_at = $3, vanished_href = $4, last_text = $5 \
               WHERE calendar_id = $1 AND uid = $2";
    let [digest] = texts::keep(transaction, calendar, [Some(text)]).await?;
    let values = values![calendar, sql::uid_key(uid), now, href.to_owned(), digest];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// The keys of the claims that have not ended, of objects that lie or lay at a place.
///
/// # Errors
///
/// When the database fails.
pub async fn live_at(
    access: &impl Access,
    calendar: CalendarId,
    href: &str,
) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
    }
    let sql = "SELECT uid FROM uid_metadata WHERE calendar_id = $1 AND claims_href = $2 \
               AND claims IS NOT NULL AND ended_at IS NULL ORDER BY uid";
    let rows: Vec<Row> = sql::all(access, sql, values![calendar, href.to_owned()]).await?;
    Ok(rows.into_iter().map(|it| it.uid).collect())
}

/// Records that an object is not seen at a moment, and that the look of a number was the last that saw it;
/// the first such record counts. Its claim continues, but not before what comes meanwhile.
///
/// # Errors
///
/// When the database fails.
pub async fn set_absent(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    Absence { noticed_at, last_look }: Absence,
) -> Result<()> {
    let sql = "UPDATE uid_metadata SET absent_at = $3, absent_since_look = $4 \
               WHERE calendar_id = $1 AND uid = $2 AND absent_at IS NULL";
    let values = values![calendar, sql::uid_key(uid), noticed_at, last_look];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// The keys of the claims of objects that were absent, and that lie in the mirror again with a text; and since
/// when they were.
///
/// # Errors
///
/// When the database fails.
pub async fn seen_again(
    access: &impl Access,
    calendar: CalendarId,
) -> Result<Vec<(String, Absence)>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
        absent_at: i64,
        absent_since_look: i64,
    }
    let sql = "SELECT uid_metadata.uid AS uid, absent_at, absent_since_look FROM uid_metadata \
               JOIN objects ON objects.calendar_id = uid_metadata.calendar_id AND href = claims_href \
               WHERE uid_metadata.calendar_id = $1 AND absent_at IS NOT NULL AND LENGTH(text) > 0 \
               ORDER BY uid_metadata.uid";
    let rows: Vec<Row> = sql::all(access, sql, values![calendar]).await?;
    let absence = |it: &Row| Absence { noticed_at: it.absent_at, last_look: it.absent_since_look };
    Ok(rows
        .into_iter()
        .map(|it| {
            let absence = absence(&it);
            (it.uid, absence)
        })
        .collect())
}

/// Records that an object is seen again.
///
/// # Errors
///
/// When the database fails.
pub async fn set_present(transaction: &Transaction, calendar: CalendarId, uid: &str) -> Result<()> {
    let sql = "UPDATE uid_metadata SET absent_at = NULL, absent_since_look = NULL \
               WHERE calendar_id = $1 AND uid = $2";
    sql::run(transaction, sql, values![calendar, sql::uid_key(uid)]).await?;
    Ok(())
}

/// Stores the text of an object that its server does not return at present, with the moment, so
/// that it is deleted eventually ([`crate::history::forget`]).
///
/// # Errors
///
/// When the database fails.
pub async fn keep_text(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    text: &[u8],
    now: i64,
) -> Result<()> {
    let sql = "UPDATE uid_metadata SET last_text = $3, vanished_at = $4 \
               WHERE calendar_id = $1 AND uid = $2";
    let [digest] = texts::keep(transaction, calendar, [Some(text)]).await?;
    let values = values![calendar, sql::uid_key(uid), digest, now];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// The last known text of an object that is not given at present, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastText {
    /// The key of its claims.
    pub uid: String,
    /// Its href.
    pub href: String,
    /// The text.
    pub text: Vec<u8>,
}

/// The last known texts of the objects at these hrefs whose claims have not ended, of those that are not given at
/// present, or cannot be read.
///
/// # Errors
///
/// When the database fails.
pub async fn last_texts_at(
    access: &impl Access,
    calendar: CalendarId,
    hrefs: &[String],
) -> Result<Vec<LastText>> {
    #[derive(FromQueryResult)]
    struct Row {
        uid: String,
        href: String,
        size: i64,
        data: Vec<u8>,
    }
    if hrefs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT uid, claims_href AS href, size, data FROM uid_metadata JOIN texts ON digest = last_text \
         WHERE calendar_id = $1 AND {} AND ended_at IS NULL ORDER BY uid",
        access.is_one_of("claims_href", "$2")
    );
    let values = values![calendar, serde_json::to_string(hrefs)?];
    let rows: Vec<Row> = sql::all(access, &sql, values).await?;
    let text = |Row { uid, href, size, data }| {
        let text = texts::unpack(Some(size), Some(data))?;
        Ok(text.map(|text| LastText { uid, href, text }))
    };
    Ok(rows.into_iter().map(text).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Ends the claim of a UID: its object is confirmed as gone. Its text stays, so that it is known
/// which hours it held until then.
///
/// # Errors
///
/// When the database fails.
pub async fn set_ended(
    transaction: &Transaction,
    calendar: CalendarId,
    uid: &str,
    text: Option<&[u8]>,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE uid_metadata SET ended_at = $3, last_text = COALESCE($4, last_text), \
               vanished_at = NULL, vanished_href = NULL, absent_at = NULL, absent_since_look = NULL \
               WHERE calendar_id = $1 AND uid = $2";
    let [digest] = texts::keep(transaction, calendar, [text]).await?;
    let values = values![calendar, sql::uid_key(uid), now, digest];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// An object that was reported as gone, with its href.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Vanished {
    /// Its UID.
    pub uid: String,
    /// Its href.
    pub href: String,
}

/// The objects of a calendar that were reported as gone without a confirmation, at most `most`,
/// oldest report first.
///
/// # Errors
///
/// When the database fails.
pub async fn unconfirmed(
    access: &impl Access,
    calendar: CalendarId,
    most: i64,
) -> Result<Vec<Vanished>> {
    let sql = "SELECT uid, vanished_href AS href FROM uid_metadata \
               WHERE calendar_id = $1 AND vanished_href IS NOT NULL ORDER BY vanished_at, uid LIMIT $2";
    sql::all(access, sql, values![calendar, most]).await
}

/// Whether a calendar has objects that were reported as gone without a confirmation.
///
/// # Errors
///
/// When the database fails.
pub async fn is_any_unconfirmed(access: &impl Access, calendar: CalendarId) -> Result<bool> {
    Ok(!unconfirmed(access, calendar, 1).await?.is_empty())
}

/// The texts of all objects of a calendar that are gone, or were reported as gone, since a moment,
/// except those of one UID.
///
/// # Errors
///
/// When the database fails.
pub async fn gone_since(
    access: &impl Access,
    calendar: CalendarId,
    uid: &str,
    since: i64,
) -> Result<Vec<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Row {
        size: i64,
        data: Vec<u8>,
    }
    let sql = "SELECT size, data FROM uid_metadata JOIN texts ON digest = last_text \
               WHERE calendar_id = $1 AND uid <> $2 \
               AND COALESCE(ended_at, vanished_at) >= $3 ORDER BY uid";
    let values = values![calendar, sql::uid_key(uid), since];
    let rows: Vec<Row> = sql::all(access, sql, values).await?;
    let texts = rows.into_iter().map(|it| texts::unpack(Some(it.size), Some(it.data)));
    Ok(texts.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}
