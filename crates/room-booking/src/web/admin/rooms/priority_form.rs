//! The form of a new priority, and the way to remove one.

use store::calendars::PriorityEntry;

use crate::web::admin::frame::pager::link;
use crate::web::admin::frame::request_context::RequestContext;

/// The form of a new priority: what was sent, and what is wrong with it.
#[derive(Default)]
pub struct PriorityForm {
    /// What it is about.
    pub kind: String,
    /// Its value.
    pub value: String,
    /// What happens if two prioritised events overlap.
    pub ties: String,
    /// What is wrong with the value.
    pub error: Option<String>,
}

impl PriorityForm {
    /// The form as it was sent.
    pub fn sent(context: &RequestContext, error: String) -> PriorityForm {
        let text = |name: &str| context.form.text(name).to_owned();
        let (kind, value, ties) = (text("kind"), text("value"), text("ties"));
        PriorityForm { kind, value, ties, error: Some(error) }
    }
}

/// The page that removes a priority or a protection, and leads back to the settings of a calendar or to all priorities.
pub fn removal_path(it: &PriorityEntry, from: Option<&str>) -> String {
    let parameters = [
        ("kind", it.kind_word()),
        ("value", it.value.as_str()),
        ("calendar", it.slug.as_deref().unwrap_or_default()),
        ("from", from.unwrap_or_default()),
    ];
    link("/admin/priorities/remove", &parameters)
}
