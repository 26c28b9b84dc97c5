//! The start of a session, however somebody signed in: where it leads, and the end of an earlier one.

use axum::response::Response;
use operations::Begun;
use secrecy::ExposeSecret as _;

use crate::web::admin::frame::errors::Refused;
use crate::web::admin::frame::pager;
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::local_path::is_of_site;

/// A path that a sign-in may lead to.
pub fn next(text: &str) -> &str {
    if is_of_site(text) { text } else { "/admin" }
}

/// Leads on after a right password: to a path, or to where the code is asked for.
pub async fn begun(context: &RequestContext, begun: &Begun, path: &str) -> Response {
    if begun.awaits_code {
        let way = pager::link("/admin/second-factor", &[("next", path)]);
        return context.begin(begun.token.expose_secret(), &way);
    }
    let response = context.begin(begun.token.expose_secret(), path);
    context.known_from_now_on(response, begun.user).await
}

/// Ends the session of this browser, if there is one: an earlier session is not reused.
pub async fn end_present(context: &RequestContext) -> Result<(), Refused> {
    if let Some(old) = &context.signed_in {
        context.app.service.people().end_session(old.session.user_id, &old.session.token).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn a_sign_in_leads_to_this_site_only() {
        for path in ["/admin", "/admin/calendars?q=a%20b", "/admin?done=saved"] {
            assert_eq!(next(path), path);
        }
        for path in ["", "//evil.example/admin", "//admin", "/\\admin", "/admin/%2e%2e/x"] {
            assert_eq!(next(path), "/admin", "{path}");
        }
    }
}
