//! `/healthz` and `/readyz`, for monitoring.

use axum::extract::State;
use axum::http::StatusCode;

use super::App;
use super::problem::Problem;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The process is ready: its database answers.
pub async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    match app.service.store.ping().await {
        Ok(()) => Ok("ok\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let detail = "the database does not answer";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail))
        }
    }
}
