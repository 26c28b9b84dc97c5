//! The page before something is removed: what goes with it, what stays, and what to do where it cannot be removed.

use askama::Template;
use axum::http::StatusCode;

use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::page::{Page, Section, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{Text, Texts};

/// What a page says before something is removed.
pub struct Removal {
    /// The section of the site.
    pub section: Section,
    /// What is to be removed.
    pub name: String,
    /// What removing it means.
    pub lead: Text,
    /// What goes.
    pub goes: Vec<String>,
    /// What stays.
    pub stays: Vec<String>,
    /// Why it cannot be removed; then there is no button.
    pub blocked: Option<String>,
    /// What else can be done: paths with their labels.
    pub ways: Vec<(String, String)>,
    /// The label of the button.
    pub button: Text,
    /// The path that removes it.
    pub action: String,
    /// The fields of the form.
    pub fields: Vec<(&'static str, String)>,
    /// The page that it is shown on.
    pub back: String,
}

#[derive(Template)]
#[template(path = "admin/frame/removal.html")]
struct RemovalPage {
    t: &'static Texts,
    p: Page,
    it: Removal,
    title: String,
}

impl Removal {
    /// The page.
    pub fn page(self, context: &RequestContext) -> Answer {
        self.page_with(context, StatusCode::OK)
    }

    /// The page, with a status.
    pub fn page_with(self, context: &RequestContext, status: StatusCode) -> Answer {
        let t = context.texts();
        let (p, title) = (context.page(self.section), t.remove_title(&self.name));
        let p = p.with_its_own_zone();
        html_with(status, &RemovalPage { t, p, it: self, title })
    }
}
