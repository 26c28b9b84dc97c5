//! The texts of objects that the history refers to: each is stored once, by its digest, and compressed
//! (decision 35).

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::secrets::sha256;
use crate::sql::{self, values};
use crate::{CalendarId, DatabaseKind, Error, Result, Transaction};

/// The largest text, in bytes: PostgreSQL's limit for one value. A larger object cannot be stored,
/// compressed or not.
const MAX_TEXT_BYTES: usize = 1 << 30;
/// A larger text is compressed on a blocking thread, and only if it is not stored already.
const LARGE: usize = 1 << 16;
/// The number of parts into which the texts are divided by the first byte of their digests, so that
/// searching for unreferenced ones is always short.
pub const PARTS: u8 = 64;

/// Stores the given texts unless they are stored already, and returns their digests. No other
/// transaction deletes them before this one ends.
///
/// Each calendar has its own texts: transactions on one calendar run one after the other, but those
/// on two calendars with the same texts could deadlock.
pub(crate) async fn keep<const N: usize>(
    transaction: &Transaction,
    calendar: CalendarId,
    texts: [Option<&[u8]>; N],
) -> Result<[Option<Vec<u8>>; N]> {
    let of_calendar = calendar.0.to_be_bytes();
    let digest = |text: &[u8]| sha256(&[&of_calendar, text].concat()).to_vec();
    let digests = texts.map(|text| text.map(digest));
    let pairs = digests.iter().zip(texts).filter_map(|(digest, text)| digest.as_ref().zip(text));
    let mut wanted: Vec<(&Vec<u8>, &[u8])> =
        pairs.filter(|(digest, _)| !transaction.has_stored(digest)).collect();
    // In a fixed order, so that two transactions do not deadlock.
    wanted.sort_unstable_by_key(|it| it.0);
    wanted.dedup_by_key(|it| it.0);
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for &(digest, text) in &wanted {
        if text.len() > LARGE && is_stored(transaction, digest).await? {
            continue;
        }
        let at = values.len();
        rows.push(format!("(${}, ${}, ${})", at + 1, at + 2, at + 3));
        let size = i64::try_from(text.len()).unwrap_or(i64::MAX);
        values.extend(values![digest.clone(), size, pack(text).await?]);
    }
    if !rows.is_empty() {
        let rows = rows.join(", ");
        let sql = format!(
            "INSERT INTO texts (digest, size, data) VALUES {rows} ON CONFLICT (digest) DO NOTHING"
        );
        sql::run(transaction, &sql, values).await?;
    }
    transaction.remember_stored(wanted.into_iter().map(|(digest, _)| digest.clone()));
    Ok(digests)
}

/// Whether a text is stored. On PostgreSQL, the table is locked as for storing, so that the text is
/// not deleted before it is referenced.
async fn is_stored(transaction: &Transaction, digest: &[u8]) -> Result<bool> {
    if transaction.kind() == DatabaseKind::Postgres {
        sql::run(transaction, "LOCK TABLE texts IN ROW EXCLUSIVE MODE", Vec::new()).await?;
    }
    let sql = "SELECT size FROM texts WHERE digest = $1";
    Ok(sql::value::<i64>(transaction, sql, values![digest.to_vec()]).await?.is_some())
}

/// Compresses a text.
async fn pack(text: &[u8]) -> Result<Vec<u8>> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Error::Damaged("an object that is too large".to_owned()));
    }
    if text.len() <= LARGE {
        return compress(text);
    }
    let text = text.to_vec();
    let packing = tokio::task::spawn_blocking(move || compress(&text)).await;
    packing.map_err(|error| Error::Damaged(format!("a text that was not compressed: {error}")))?
}

fn compress(text: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(text).and_then(|()| encoder.finish());
    packed.map_err(|error| Error::Damaged(format!("a text that was not compressed: {error}")))
}

/// The text of the columns `size` and `data`, if there is one.
pub(crate) fn unpack(size: Option<i64>, data: Option<Vec<u8>>) -> Result<Option<Vec<u8>>> {
    let (Some(size), Some(data)) = (size, data) else { return Ok(None) };
    let damaged = || Error::Damaged("a text of the history that cannot be read".to_owned());
    let size = usize::try_from(size).ok().filter(|it| *it <= MAX_TEXT_BYTES).ok_or_else(damaged)?;
    // At most one byte more than the stored size is decompressed.
    let mut decoder = ZlibDecoder::new(data.as_slice()).take(size as u64 + 1);
    let mut text = Vec::with_capacity(size.min(LARGE));
    match decoder.read_to_end(&mut text) {
        Ok(read) if read == size => Ok(Some(text)),
        _ => Err(damaged()),
    }
}

/// SQL for "nothing refers to the text".
const UNREFERENCED: &str = "NOT EXISTS (SELECT 1 FROM changes WHERE before_text = digest) \
     AND NOT EXISTS (SELECT 1 FROM changes WHERE after_text = digest) \
     AND NOT EXISTS (SELECT 1 FROM uid_metadata WHERE last_text = digest)";

/// Keeps other transactions from storing texts; waits for none of them. A text that another one found to be stored,
/// and does not refer to yet, would be deleted otherwise.
async fn alone(transaction: &Transaction) -> Result<()> {
    if transaction.kind() == DatabaseKind::Postgres {
        let sql = "LOCK TABLE texts IN SHARE ROW EXCLUSIVE MODE NOWAIT";
        sql::run(transaction, sql, Vec::new()).await?;
    }
    Ok(())
}

/// Deletes those of the texts of these digests that nothing refers to, and returns their number. The transaction must
/// do nothing else: on PostgreSQL, it blocks all others from storing texts.
///
/// # Errors
///
/// [`Error::Unavailable`] if another transaction stores texts at this moment; when the database fails.
pub async fn forget(transaction: &Transaction, digests: &[Vec<u8>]) -> Result<u64> {
    alone(transaction).await?;
    let hex = |digest: &Vec<u8>| digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let digests: Vec<String> = digests.iter().map(hex).collect();
    let is_named = match transaction.kind() {
        DatabaseKind::Postgres => {
            "digest = ANY (ARRAY(SELECT decode(jsonb_array_elements_text(CAST($1 AS jsonb)), 'hex')))"
        }
        DatabaseKind::Sqlite => "digest IN (SELECT unhex(value) FROM json_each($1))",
    };
    let sql = format!("DELETE FROM texts WHERE {is_named} AND {UNREFERENCED}");
    sql::run(transaction, &sql, values![serde_json::to_string(&digests)?]).await
}

/// Deletes the unreferenced texts of one of [`PARTS`] parts, and returns their number: those that a crash left
/// behind. The transaction must do nothing else: on PostgreSQL, it blocks all others from storing texts.
///
/// # Errors
///
/// [`Error::Unavailable`] if another transaction stores texts at this moment; when the database fails.
pub async fn collect(transaction: &Transaction, part: u8) -> Result<u64> {
    alone(transaction).await?;
    let part = part % PARTS;
    let start =
        |part: u8| vec![u8::try_from(u16::from(part) * 256 / u16::from(PARTS)).unwrap_or(0)];
    // The first digest of the next part; it is one byte longer for the last part.
    let end = if part + 1 == PARTS { vec![u8::MAX; 33] } else { start(part + 1) };
    let sql = format!("DELETE FROM texts WHERE digest >= $1 AND digest < $2 AND {UNREFERENCED}");
    sql::run(transaction, &sql, values![start(part), end]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_back_and_nothing_beyond_its_size_is() {
        for text in [&b""[..], b"BEGIN:VCALENDAR\r\n", &[0, 255, 13, 10], &[7; 100_000]] {
            let packed = compress(text).unwrap();
            let size = i64::try_from(text.len()).unwrap();
            let read = unpack(Some(size), Some(packed.clone())).unwrap();
            assert_eq!(read.as_deref(), Some(text));
            for wrong in [size + 1, size - 1, i64::MAX, -1] {
                let read = unpack(Some(wrong), Some(packed.clone()));
                assert!(matches!(read, Err(Error::Damaged(_))), "{wrong}");
            }
            let cut = packed[..packed.len() / 2].to_vec();
            assert!(unpack(Some(size), Some(cut)).is_err() || text.is_empty());
        }
        assert_eq!(unpack(None, None).unwrap(), None);
    }
}
