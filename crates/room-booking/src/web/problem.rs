//! Error responses of the API: `application/problem+json` (RFC 9457).

use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use facts::Event;
use operations::{Error, FieldError};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::schema;

/// Why a request failed.
#[derive(Debug)]
pub struct Problem {
    body: Box<ProblemBody>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// An error (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// What kind of error it is, in a few words.
    #[schema(example = "Unprocessable Entity")]
    title: String,
    /// The status of the answer.
    #[schema(example = 422)]
    status: u16,
    /// What failed, on what, and what to do.
    #[schema(example = "end must be after the start")]
    detail: String,
    /// For a rejected body or query: what is wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Option<Vec<schema::FieldError>>)]
    errors: Vec<FieldError>,
    /// For a taken room: the events in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Option<Vec<schema::Event>>)]
    events: Vec<Event>,
}

/// The errors of calls that ask a calendar's server, for the documentation.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it is read by the documentation only")]
pub enum ServerErrors {
    /// The calendar's server cannot be reached, or refused it: `detail` says what it came to
    #[response(status = 502, content_type = "application/problem+json")]
    BadGateway(ProblemBody),
    /// The calendar's server took too long
    #[response(status = 504, content_type = "application/problem+json")]
    GatewayTimeout(ProblemBody),
}

/// The errors of every call, for the documentation.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it is read by the documentation only")]
pub enum Errors {
    /// No key, or no valid one
    #[response(status = 401, content_type = "application/problem+json",
               headers(("WWW-Authenticate" = String, description = "`Bearer`")))]
    Unauthorized(ProblemBody),
    /// The key lacks the right to do this, or only others may
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemBody),
    /// A value is not known or out of its bounds, and nothing was done; `errors` says which
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(ProblemBody),
    /// Too many wrong keys came from this address; or a key's events of the day (UTC) are used up
    #[response(status = 429, content_type = "application/problem+json",
               headers(("Retry-After" = u64, description = "Seconds to wait")))]
    TooMany(ProblemBody),
    /// The database is busy or does not answer
    #[response(status = 503, content_type = "application/problem+json",
               headers(("Retry-After" = u64, description = "Seconds to wait")))]
    Unavailable(ProblemBody),
    /// The disk of the database is full, and nothing was saved
    #[response(status = 507, content_type = "application/problem+json")]
    Full(ProblemBody),
}

impl Problem {
    /// A problem with a status and a detail.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        let body = ProblemBody {
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            events: Vec::new(),
        };
        Problem { body: Box::new(body), headers: Vec::new() }
    }

    /// Its body.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(&*self.body).unwrap_or_default()
    }

    /// With a header.
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.headers.push((name, value));
        self
    }

    /// 401: there is no valid key.
    pub fn unauthorized(detail: &str) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, detail)
            .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 429: too many wrong keys.
    pub fn too_many(seconds: u64) -> Problem {
        let detail = format!("too many wrong keys came from your address; wait {seconds} seconds");
        Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).with(RETRY_AFTER, seconds.into())
    }

    /// 422: fields are wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Problem {
        Error::Invalid(errors).into()
    }

    /// 405: the path has other methods.
    pub fn method_not_allowed(allowed: &'static str) -> Problem {
        let detail = format!("this path takes {allowed} only");
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
            .with(ALLOW, HeaderValue::from_static(allowed))
    }

    /// 500: an internal error. The cause is logged and not sent to the caller.
    pub fn internal() -> Problem {
        let detail = "something went wrong on the server; its log says what, under the request id";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let detail = error.to_string();
        match error {
            Error::NotFound(_) => Problem::new(StatusCode::NOT_FOUND, detail),
            Error::Invalid(errors) => {
                let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
                problem.body.errors = errors;
                problem
            }
            Error::Taken(events) => {
                let mut problem = Problem::new(StatusCode::CONFLICT, detail);
                problem.body.events = events;
                problem
            }
            Error::Conflict(_) => Problem::new(StatusCode::CONFLICT, detail),
            Error::Outdated(_) => Problem::new(StatusCode::PRECONDITION_FAILED, detail),
            Error::Forbidden(_) => Problem::new(StatusCode::FORBIDDEN, detail),
            Error::Busy(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
                .with(RETRY_AFTER, HeaderValue::from_static("10")),
            Error::TooMany { retry_after, .. } => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, detail)
                    .with(RETRY_AFTER, retry_after.into())
            }
            Error::Server { is_timeout, .. } => {
                tracing::warn!(error = detail, "caldav request failed");
                let status = match is_timeout {
                    true => StatusCode::GATEWAY_TIMEOUT,
                    false => StatusCode::BAD_GATEWAY,
                };
                Problem::new(status, detail)
            }
            Error::Store(store::Error::Unavailable(error)) => {
                tracing::error!(%error, "database unavailable");
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
                    .with(RETRY_AFTER, HeaderValue::from_static("10"))
            }
            Error::Store(store::Error::Full(error)) => {
                tracing::error!(%error, "database full");
                Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail)
            }
            Error::Store(_) | Error::Internal(_) => {
                tracing::error!(error = detail, "request failed");
                Problem::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.body.status);
        let body = serde_json::to_vec(&*self.body).unwrap_or_default();
        let content = (CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let mut response =
            (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), [content], body).into_response();
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
