//! The page of an action's form.

/// The page with the form of an action, by the action's path; errors lead back to it.
pub fn form_page(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let rest = match parts[..] {
        ["calendars", slug, "apply"] => format!("/calendars/{slug}/preview"),
        ["calendars", slug, "users" | "priorities" | "import" | "picture", ..] => {
            format!("/calendars/{slug}/settings")
        }
        ["calendars", slug, "event", ..] => format!("/calendars/{slug}"),
        [all @ ("servers" | "templates" | "tokens" | "users" | "history"), one, _, ..] => {
            format!("/{all}/{one}")
        }
        [all @ ("outbox" | "webhooks" | "keys" | "account" | "priorities" | "pending"), ..] => {
            format!("/{all}")
        }
        ["template-preview"] => "/templates".to_owned(),
        ["sign-out"] => String::new(),
        _ => return path.to_owned(),
    };
    format!("/admin{rest}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::form_page;
    use crate::web::admin::routes::routes;

    #[test]
    fn from_every_action_a_way_leads_back_to_a_page() {
        let pages: HashSet<_> =
            routes().iter().filter(|it| it.method == "GET").map(|it| it.path).collect();
        for action in routes().iter().filter(|it| it.method == "POST") {
            let page = form_page(action.path);
            assert!(pages.contains(page.as_str()), "{} leads to {page}", action.path);
        }
    }

    #[test]
    fn the_page_is_that_of_the_form() {
        for (action, page) in [
            ("/admin/calendars/hall/apply", "/admin/calendars/hall/preview"),
            ("/admin/calendars/hall/book?x=1", "/admin/calendars/hall/book"),
            ("/admin/calendars/hall/priorities/remove", "/admin/calendars/hall/settings"),
            ("/admin/users/3", "/admin/users/3"),
            ("/admin/users/3/calendars/remove", "/admin/users/3"),
            ("/admin/sign-out", "/admin"),
        ] {
            assert_eq!(form_page(action), page);
        }
    }
}
