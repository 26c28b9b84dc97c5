//! Mail templates.

use sea_orm::FromQueryResult;

use crate::sql::{self, values};
use crate::{Access, Result, TemplateId, Transaction};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Template {
    /// Its number.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// The subject, in Jinja2 syntax.
    pub subject: String,
    /// The text body.
    pub text_body: String,
    /// The HTML body, if it has one.
    pub html_body: Option<String>,
    /// What its texts are composed of, as JSON, where it is made by choices.
    pub choices: Option<String>,
    /// Whether it is built in.
    pub is_default: bool,
    /// The version of its texts; [`update`] fails if it is not the present one.
    pub version: i64,
}

/// Inserts a template.
///
/// # Errors
///
/// [`crate::Error::Taken`] if there is one of that name.
pub async fn insert(transaction: &Transaction, template: &Template) -> Result<TemplateId> {
    sql::insert(
        transaction,
        "INSERT INTO templates (name, subject, text_body, html_body, choices, is_default, version) \
         VALUES ($1, $2, $3, $4, $5, $6, 0) RETURNING id",
        values![
            template.name.clone(),
            template.subject.clone(),
            template.text_body.clone(),
            template.html_body.clone(),
            template.choices.clone(),
            template.is_default
        ],
    )
    .await
}

const COLUMNS: &str = "id, name, subject, text_body, html_body, choices, is_default, version";

/// All templates, by name.
///
/// # Errors
///
/// When the database fails.
pub async fn all(access: &impl Access) -> Result<Vec<Template>> {
    sql::all(access, &format!("SELECT {COLUMNS} FROM templates ORDER BY name"), Vec::new()).await
}

/// The template of an id.
///
/// # Errors
///
/// When the database fails.
pub async fn by_id(access: &impl Access, id: TemplateId) -> Result<Option<Template>> {
    sql::one(access, &format!("SELECT {COLUMNS} FROM templates WHERE id = $1"), values![id]).await
}

/// The template of a name.
///
/// # Errors
///
/// When the database fails.
pub async fn by_name(access: &impl Access, name: &str) -> Result<Option<Template>> {
    let sql = format!("SELECT {COLUMNS} FROM templates WHERE name = $1");
    sql::one(access, &sql, values![name.to_owned()]).await
}

/// Writes the texts of a template if its version is still the given one; returns whether it was.
///
/// # Errors
///
/// When the database fails.
pub async fn update(transaction: &Transaction, template: &Template) -> Result<bool> {
    let sql = "UPDATE templates SET subject = $2, text_body = $3, html_body = $4, \
               choices = $5, version = version + 1 WHERE id = $1 AND version = $6";
    let values = values![
        template.id,
        template.subject.clone(),
        template.text_body.clone(),
        template.html_body.clone(),
        template.choices.clone(),
        template.version
    ];
    Ok(sql::run(transaction, sql, values).await? > 0)
}

/// Deletes a template; calendars that used it have none then.
///
/// # Errors
///
/// When the database fails.
pub async fn delete(transaction: &Transaction, id: TemplateId) -> Result<()> {
    sql::run(transaction, "DELETE FROM templates WHERE id = $1", values![id]).await?;
    Ok(())
}

/// The slugs of the calendars that have a template, in order.
///
/// # Errors
///
/// When the database fails.
pub async fn used_by(access: &impl Access, id: TemplateId) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        slug: String,
    }
    let sql =
        "SELECT slug FROM calendars WHERE template_id = $1 AND removed_at IS NULL ORDER BY slug";
    Ok(sql::all::<Row>(access, sql, values![id]).await?.into_iter().map(|row| row.slug).collect())
}

/// Updates or inserts a built-in template. A user's template of the same name stays as it is.
///
/// # Errors
///
/// When the database fails.
pub async fn ensure_default(transaction: &Transaction, template: &Template) -> Result<()> {
    let sql = "INSERT INTO templates (name, subject, text_body, html_body, is_default, version) \
                 VALUES ($1, $2, $3, $4, TRUE, 0) \
               ON CONFLICT (name) DO UPDATE SET subject = excluded.subject, \
                 text_body = excluded.text_body, html_body = excluded.html_body, \
                 version = templates.version + 1 \
               WHERE templates.is_default";
    let values = values![
        template.name.clone(),
        template.subject.clone(),
        template.text_body.clone(),
        template.html_body.clone()
    ];
    sql::run(transaction, sql, values).await?;
    Ok(())
}

/// The logo of a template, if it has one.
///
/// # Errors
///
/// When the database fails.
pub async fn logo(access: &impl Access, id: TemplateId) -> Result<Option<Vec<u8>>> {
    sql::value(access, "SELECT picture FROM template_logos WHERE template_id = $1", values![id])
        .await
}

/// Whether a template has a logo.
///
/// # Errors
///
/// When the database fails.
pub async fn has_logo(access: &impl Access, id: TemplateId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM template_logos WHERE template_id = $1";
    Ok(sql::value::<i64>(access, sql, values![id]).await?.unwrap_or_default() > 0)
}

/// Sets the logo of a template, or removes it.
///
/// # Errors
///
/// When the database fails.
pub async fn set_logo(
    transaction: &Transaction,
    id: TemplateId,
    picture: Option<&[u8]>,
) -> Result<()> {
    let sql = "DELETE FROM template_logos WHERE template_id = $1";
    sql::run(transaction, sql, values![id]).await?;
    if let Some(picture) = picture {
        let sql = "INSERT INTO template_logos (template_id, picture) VALUES ($1, $2)";
        sql::run(transaction, sql, values![id, picture.to_vec()]).await?;
    }
    Ok(())
}
