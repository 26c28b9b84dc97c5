//! Templates of mail.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, TemplateId, Transaction};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Template {
    /// Its number.
    pub id: TemplateId,
    /// What it is called.
    pub name: String,
    /// The subject, in Jinja2 syntax.
    pub subject: String,
    /// The text body.
    pub text_body: String,
    /// The HTML body, if it has one.
    pub html_body: Option<String>,
    /// Whether the program brought it.
    pub is_default: bool,
}

/// Makes a template.
///
/// # Errors
///
/// [`crate::Error::Taken`] if there is one of that name.
pub async fn insert(
    transaction: &Transaction,
    template: &Template,
    now: i64,
) -> Result<TemplateId> {
    sql::insert(
        transaction,
        "INSERT INTO templates (name, subject, text_body, html_body, is_default, created_at, \
         changed_at) VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
        values![
            template.name.clone(),
            template.subject.clone(),
            template.text_body.clone(),
            template.html_body.clone(),
            template.is_default,
            now
        ],
    )
    .await
}

/// All templates, by name.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<Template>> {
    let sql = "SELECT id, name, subject, text_body, html_body, is_default FROM templates \
               ORDER BY name";
    sql::all(access, sql, Vec::new()).await
}
