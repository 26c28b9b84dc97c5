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

const SOURCES: [Source; 4] = [Source::Unknown, Source::Client, Source::Look, Source::Written];

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
