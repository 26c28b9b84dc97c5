//! Claims in the form of the database.

use clearing::{Claim, Claims, HeldSince, Source};
use ical::Moment;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The moment, the last look before it, and how it is known.
pub(super) type StoredHeld = (i64, i64, u8);

/// Claims in the form of the database.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredClaims {
    pub(super) base: StoredHeld,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<(i64, i64, StoredHeld)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refuted: Option<i64>,
    pub(super) of_text: String,
}

const SOURCES: [Source; 5] =
    [Source::Unknown, Source::Client, Source::Look, Source::Written, Source::Reserved];

impl From<&Claims> for StoredClaims {
    fn from(claims: &Claims) -> StoredClaims {
        let held = |it: &HeldSince| {
            let source = SOURCES.iter().position(|source| *source == it.source).unwrap_or_default();
            (it.since.0, it.unseen_look, source as u8)
        };
        StoredClaims {
            base: held(&claims.base),
            parts: claims.parts.iter().map(|it| (it.start.0, it.end.0, held(&it.held))).collect(),
            refuted: claims.created_refuted.map(|it| it.0),
            of_text: String::new(),
        }
    }
}

pub(super) fn parse_claims(json: &str) -> Result<(Claims, String)> {
    let stored: StoredClaims = serde_json::from_str(json)?;
    let held = |(since, unseen_look, source): StoredHeld| -> Result<HeldSince> {
        let unknown = || Error::Damaged(format!("a claim of the unknown source {source}"));
        let source = *SOURCES.get(usize::from(source)).ok_or_else(unknown)?;
        Ok(HeldSince { since: Moment(since), unseen_look, source })
    };
    let part = |(start, end, of_it): (i64, i64, StoredHeld)| -> Result<Claim> {
        Ok(Claim { start: Moment(start), end: Moment(end), held: held(of_it)? })
    };
    let claims = Claims {
        base: held(stored.base)?,
        parts: stored.parts.into_iter().map(part).collect::<Result<_>>()?,
        created_refuted: stored.refuted.map(Moment),
    };
    Ok((claims, stored.of_text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    /// A program of another version that read or digested them otherwise would take every event for one
    /// that it has never seen, and its moments would be lost.
    #[test]
    fn claims_keep_their_moments_whatever_version_of_the_program_wrote_them() {
        let text = "d41be1a3a1b05e1a38ea3a4d6f1e1c4b";
        for (written, base, parts, refuted) in [
            (format!(r#"{{"base":[1767225600,0,1],"of_text":"{text}"}}"#), Source::Client, 0, None),
            (
                format!(
                    r#"{{"base":[1767225600,3,2],"parts":[[1772532000,1772535600,[1772000000,7,3]]],"refuted":5,"of_text":"{text}"}}"#
                ),
                Source::Look,
                1,
                Some(Moment(5)),
            ),
        ] {
            let (claims, of_text) = parse_claims(&written).unwrap();
            assert_eq!((claims.base.since.0, claims.base.source), (1_767_225_600, base));
            assert_eq!((claims.parts.len(), claims.created_refuted), (parts, refuted));
            for part in &claims.parts {
                assert_eq!((part.start.0, part.end.0), (1_772_532_000, 1_772_535_600));
                let HeldSince { since, unseen_look, source } = part.held;
                assert_eq!((since.0, unseen_look, source), (1_772_000_000, 7, Source::Written));
            }
            assert_eq!(of_text, text);
            let again = StoredClaims { of_text, ..StoredClaims::from(&claims) };
            assert_eq!(serde_json::to_string(&again).unwrap(), written);
        }
        let digest = crate::uid_metadata::digest(b"BEGIN:VEVENT\r\n");
        assert_eq!(digest, "568fa44c258e0d03004bd75282aa42cf");
    }
}
