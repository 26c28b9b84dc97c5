//! Request bodies: JSON, bounded in size and time.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::problem::Problem;

/// The largest body: all fields at their bounds with every character written as two escapes.
pub const MAX_BODY: usize = 256 << 10;
/// How long a body may take to arrive.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Reads a body of JSON.
///
/// # Errors
///
/// 415 if it declares another type or compression, 413 if it is too large, 408 if it is too slow,
/// 400 if it is no JSON or names a member twice.
pub async fn json(headers: &HeaderMap, body: Body) -> Result<Value, Problem> {
    json_up_to(MAX_BODY, headers, body).await
}

/// Reads a body of JSON of at most `most` bytes.
///
/// # Errors
///
/// As [`json`].
pub async fn json_up_to(most: usize, headers: &HeaderMap, body: Body) -> Result<Value, Problem> {
    let kind = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(not_declared());
    }
    let is_plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).iter().all(is_plain) {
        let detail = "send the body as it is: this server reads no Content-Encoding";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    parse(&bytes(most, headers, body).await?)
}

/// The JSON of a whole body.
///
/// # Errors
///
/// 400 if it is no JSON, or names a member twice.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    of_bytes(bytes).map_err(|error| {
        let what = if error.is_data() { "not usable" } else { "no JSON" };
        Problem::new(StatusCode::BAD_REQUEST, format!("the body is {what}: {error}"))
    })
}

/// 415: it is not declared as JSON.
pub(super) fn not_declared() -> Problem {
    let detail = "send the body as JSON: the header is `Content-Type: application/json`";
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
}

/// 413: it is larger than `most` bytes.
pub(super) fn too_large(most: usize) -> Problem {
    let detail = format!("the body is larger than {} KiB", most >> 10);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

/// 408: it did not arrive in time.
pub(super) fn too_slow() -> Problem {
    let detail = format!("the body took longer than {} seconds to come", BODY_TIMEOUT.as_secs());
    Problem::new(StatusCode::REQUEST_TIMEOUT, detail)
}

/// The JSON of a whole body.
///
/// # Errors
///
/// If it is no JSON, or names a member twice.
pub(super) fn of_bytes(bytes: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(bytes).map(|Strict(value)| value)
}

/// A JSON value in which no object names a member twice, at any depth: readers differ in which one
/// counts (RFC 8259 section 4), so it is refused.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let Strict(value) = members.next_value()?;
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("the member {name:?} stands twice")));
            }
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

async fn bytes(most: usize, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let length = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > most) {
        return Err(too_large(most));
    }
    let read = tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, most).collect()).await;
    match read {
        Ok(Ok(collected)) => Ok(collected.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(most)),
        Ok(Err(_)) => {
            let detail = "the body ended before it was complete";
            Err(Problem::new(StatusCode::BAD_REQUEST, detail))
        }
        Err(_) => Err(too_slow()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_stands_twice_is_refused_at_whatever_depth() {
        let read = |text: &str| serde_json::from_str(text).map(|Strict(value)| value);
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":{"b":null,"b":null}}"#,
            r#"[{"a":1},[{"b":1,"c":2,"b":3}]]"#,
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("stands twice"), "{text}: {error}");
        }
        let text = r#"{"a":{"a":[1,-2,1.5,"x",true,null]},"b":{"a":{}},"A":0}"#;
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        assert!(read(&"[".repeat(100_000)).is_err(), "depth is bounded");
    }

    #[test]
    fn a_compressed_body_is_of_a_type_that_is_not_supported() {
        let read = |coding: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            testing::block_on(json(&headers, Body::from("{}")))
        };
        assert!(read("identity").is_ok());
        for coding in ["gzip", "br", "identity, gzip"] {
            let problem = read(coding).unwrap_err();
            assert!(format!("{problem:?}").contains("status: 415"), "{problem:?}");
        }
    }
}
