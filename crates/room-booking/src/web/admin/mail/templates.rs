//! Mail templates: list, editor with preview, copies, test messages.

use axum::extract::Path;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse as _;
use mail::{Logo, TemplateChoices, samples};
use operations::{Error, FieldError, NewTemplate, Seen, TemplatePosition};
use store::TemplateId;
use store::calendars::{self, Calendar};
use store::templates::{self, Template};

use crate::show;
use crate::web::admin::frame::errors::{Answer, Refused};
use crate::web::admin::frame::field::{Choice, Field, Trouble, invalid, with_errors};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::page::{Page, Section, html, html_with};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::{ByName, Texts};
use crate::web::admin::mail::template_form;

/// The sample that a preview begins with.
pub const FIRST_SAMPLE: &str = "deleted";

struct Row {
    id: i64,
    name: String,
    is_default: bool,
    used_by: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "admin/mail/templates.html")]
struct TemplatesPage {
    t: &'static Texts,
    p: Page,
    rows: Vec<Row>,
}

/// A line of a template with an error.
pub struct Wrong {
    /// The part of the template.
    pub part: String,
    /// What is wrong.
    pub message: String,
    /// Lines with their numbers, and whether it is that one.
    pub excerpt: Vec<(usize, String, bool)>,
}

#[derive(askama::Template)]
#[template(path = "admin/mail/template.html")]
struct EditorPage {
    t: &'static Texts,
    p: Page,
    /// The address of the form.
    path: String,
    title: String,
    id: Option<i64>,
    is_default: bool,
    used_by: Vec<String>,
    name: Field,
    subject: Field,
    text: Field,
    html: Field,
    /// The fields of the form, and the parts to choose from; empty where the source is shown.
    form: Vec<Field>,
    part_choices: Vec<Choice>,
    /// The box that says that the written source may be replaced.
    replace: Option<Field>,
    /// Whether the source that is shown is made by the form.
    is_composed: bool,
    is_form: bool,
    has_logo: bool,
    /// Whether a written source shows a logo that is not there.
    lacks_logo: bool,
    /// The template with a logo that a new one is a copy of: it gets that too.
    copy: Option<i64>,
    samples: Vec<Choice>,
    frame: String,
    /// The version of the template that the form shows.
    was: String,
    /// Whether the form differs from the stored template.
    is_unsaved: bool,
    wrong: Option<Wrong>,
    errors: Vec<Trouble>,
    notice: Option<String>,
    trouble: Option<String>,
    variables: Vec<(&'static str, crate::web::admin::frame::text::Text)>,
}

/// The names of the calendars that have a template, in order.
fn used_by(all: &[Calendar], id: TemplateId) -> Vec<String> {
    let mut names: Vec<String> =
        all.iter().filter(|it| it.template == Some(id)).map(|it| it.name.clone()).collect();
    names.sort_unstable();
    names
}

/// `GET /admin/templates`
pub async fn show(context: RequestContext) -> Answer {
    let store = &context.app.service.store;
    let mut rows = Vec::new();
    let all = calendars::all(store).await?;
    for it in templates::all(store).await? {
        let used_by = used_by(&all, it.id);
        rows.push(Row { id: it.id.0, name: it.name, is_default: it.is_default, used_by });
    }
    html(&TemplatesPage { t: context.texts(), p: context.page(Section::Mail), rows })
}

/// Where a template is edited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// In the form, by choices.
    Form,
    /// In its source.
    Source,
}

impl View {
    /// What a form or a link says, or else what fits a template.
    fn of(given: &Form, new: &NewTemplate) -> View {
        match given.text("view") {
            "form" => View::Form,
            "source" => View::Source,
            _ if new.choices.is_some() => View::Form,
            _ => View::Source,
        }
    }
}

/// The values of a form, valid or not.
pub fn written(context: &RequestContext, name: &str, has_logo: bool) -> NewTemplate {
    let form = &context.form;
    if form.text("view") == "form" {
        return NewTemplate::chosen(name, template_form::read(form), has_logo);
    }
    // Browsers send line ends as CR LF.
    let text = |name: &str| form.text(name).replace("\r\n", "\n");
    let template = mail::Template {
        subject: form.text("subject").to_owned(),
        text: text("text"),
        html: Some(text("html")).filter(|it| !it.trim().is_empty()),
    };
    NewTemplate::written(name, template)
}

/// An error, with the lines around it.
pub fn wrong(t: &Texts, new: &mail::Template, error: &FieldError) -> Option<Wrong> {
    let TemplatePosition { part, line } = error.position?;
    let (part, source) = match part {
        mail::Part::Subject => (t.template_subject, new.subject.as_str()),
        mail::Part::Text => (t.template_text, new.text.as_str()),
        mail::Part::Html => (t.template_html, new.html.as_deref().unwrap_or_default()),
    };
    let excerpt = line.map_or(Vec::new(), |line| {
        let lines = source.lines().enumerate().skip(line.saturating_sub(2)).take(3);
        lines.map(|(index, text)| (index + 1, show::sentence(text), index + 1 == line)).collect()
    });
    Some(Wrong { part: part.to_string(), message: t.message(&error.message), excerpt })
}

/// The messages of an editor page.
#[derive(Default)]
struct Told {
    errors: Vec<FieldError>,
    notice: Option<String>,
    trouble: Option<String>,
    /// Whether another user has saved it meanwhile.
    is_conflict: bool,
}

async fn edit(
    context: &RequestContext,
    present: Option<&Template>,
    new: &NewTemplate,
    told: Told,
) -> Answer {
    let t = context.texts();
    let store = &context.app.service.store;
    let body = |name, label, value: &str| {
        let field = Field::new("textarea", name, label, value);
        if name == "text" { field.required() } else { field }
    };
    let given = if context.has_typed() { &context.form } else { &context.query };
    let view = View::of(given, new);
    let is_written = present.is_some_and(|it| it.choices.is_none());
    // The form of a template that was written begins with the usual choices in its language.
    let choices = new.choices.clone().unwrap_or_else(|| {
        let language = new.template.language().map_or(t.language.code, |it| it.code());
        TemplateChoices::of(language)
    });
    let mut form = match view {
        View::Form => template_form::fields(t, &choices),
        View::Source => Vec::new(),
    };
    let mut replace = (view == View::Form && is_written).then(|| {
        let is_ticked = context.form.is_ticked(template_form::REPLACE);
        Field::checkbox(template_form::REPLACE, t.replace_source, is_ticked)
            .hint(t.replace_source_hint)
    });
    let mut fields = [
        Field::text("name", t.template_name, &new.name).required(),
        Field::text("subject", t.template_subject, &new.template.subject).required(),
        body("text", t.template_text, &new.template.text),
        body("html", t.template_html, new.template.html.as_deref().unwrap_or_default())
            .hint(t.template_html_hint),
    ];
    let wrong = told.errors.iter().find_map(|error| wrong(t, &new.template, error));
    let is_elsewhere = |error: &&FieldError| self::wrong(t, &new.template, error).is_none();
    let others: Vec<_> = told.errors.iter().filter(is_elsewhere).cloned().collect();
    let errors = with_errors(t, fields.iter_mut().chain(&mut form).chain(&mut replace), &others);
    let [name, subject, text, html] = fields;
    let chosen = context.form.value("sample").unwrap_or(FIRST_SAMPLE);
    let samples = samples::all().into_iter().map(|it| Choice {
        value: it.name.to_owned(),
        label: t.sample(it.name),
        is_chosen: it.name == chosen,
    });
    let is_wrong = !told.errors.is_empty();
    let (used_by, has_logo) = match present {
        Some(it) => {
            let used_by = used_by(&calendars::all(store).await?, it.id);
            (used_by, templates::has_logo(store, it.id).await?)
        }
        None => (Vec::new(), false),
    };
    html_with(
        if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK },
        &EditorPage {
            t,
            p: context.page(Section::Mail),
            path: present.map_or("/admin/new-template".to_owned(), |it| {
                format!("/admin/templates/{}", it.id)
            }),
            title: present.map_or(t.new_template.to_string(), |it| it.name.clone()),
            id: present.map(|it| it.id.0),
            is_default: present.is_some_and(|it| it.is_default),
            used_by,
            name,
            subject,
            text,
            html,
            form,
            part_choices: template_form::parts(t, &choices),
            replace,
            is_composed: present.is_some_and(|it| it.choices.is_some()),
            is_form: view == View::Form,
            has_logo,
            lacks_logo: present.is_some_and(|it| it.choices.is_none())
                && !has_logo
                && new.template.html.as_deref().is_some_and(Logo::is_shown_in),
            copy: match present {
                Some(_) => None,
                None => copied_logo(context, given).await?.map(|(id, _)| id.0),
            },
            samples: samples.collect(),
            // The script, or its button, previews the form; this frame shows the stored template.
            frame: present.map_or(String::new(), |it| format!("/admin/templates/{}/frame", it.id)),
            was: match (context.form.value("was"), told.is_conflict) {
                // A form that is shown again keeps from what it was made.
                (Some(was), false) => was.to_owned(),
                _ => present.map_or(String::new(), |it| it.version.to_string()),
            },
            is_unsaved: present.is_none_or(|it| {
                NewTemplate::of(it).template != new.template || view == View::Form && is_written
            }) && (view == View::Form || !new.template.text.is_empty()),
            wrong,
            errors,
            notice: told.notice,
            trouble: told.trouble,
            variables: t.variables(),
        },
    )
    .map(with_frame)
}

/// Pages with a preview may hold a frame of this site.
fn with_frame(mut response: axum::response::Response) -> axum::response::Response {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' \
                          data:; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                          frame-ancestors 'none'";
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// The template of a path.
pub async fn of_path(context: &RequestContext, id: i64) -> Result<Template, Refused> {
    let found = templates::by_id(&context.app.service.store, TemplateId(id)).await?;
    found.ok_or_else(|| Refused::nothing(context.texts().no_such_template))
}

/// `GET /admin/new-template`: that of the form, an empty one, or a copy.
pub async fn show_new(context: RequestContext) -> Answer {
    if context.has_typed() {
        let new = written(&context, context.form.text("name").trim(), false);
        return edit(&context, None, &new, Told::default()).await;
    }
    let t = context.texts();
    let mut new = match context.query.text("copy").parse() {
        Ok(id) => {
            let of = of_path(&context, id).await?;
            let copied = NewTemplate::of(&of);
            let name = t.copy_of(&copied.name);
            match of.is_default {
                // The form makes just what the program brings.
                true => {
                    let language = copied.template.language().unwrap_or_default();
                    NewTemplate::chosen(&name, TemplateChoices::of(language.code()), false)
                }
                false => NewTemplate { name, ..copied },
            }
        }
        Err(_) => NewTemplate::chosen("", TemplateChoices::of(t.language.code), false),
    };
    if context.query.text("view") == "source" {
        if !context.query.has("copy") {
            new.template =
                mail::Template { subject: String::new(), text: String::new(), html: None };
        }
        new.choices = None;
    }
    edit(&context, None, &new, Told::default()).await
}

/// The template that a new one is a copy of, as a form or a link says, and its logo; `None` if it has none.
pub async fn copied_logo(
    context: &RequestContext,
    given: &Form,
) -> Result<Option<(TemplateId, Logo)>, Refused> {
    let Ok(id) = given.text("copy").parse().map(TemplateId) else { return Ok(None) };
    let logo = context.app.service.template_logo(id).await?;
    Ok(logo.map(|logo| (id, logo)))
}

/// `POST /admin/new-template`
pub async fn make(context: RequestContext) -> Answer {
    let logo_of = context.form.text("copy").parse().map(TemplateId).ok();
    let written = written(&context, context.form.text("name").trim(), false);
    save_or_test(&context, None, &NewTemplate { logo_of, ..written }).await
}

/// `GET /admin/templates/{template}`
pub async fn show_one(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let it = of_path(&context, id).await?;
    let new = match context.has_typed() {
        true => written(&context, &it.name, has_logo(&context, &it).await?),
        false => NewTemplate::of(&it),
    };
    edit(&context, Some(&it), &new, Told::default()).await
}

/// The same, with what is wrong with its logo.
pub async fn show_with(context: &RequestContext, it: &Template, errors: Vec<FieldError>) -> Answer {
    let mut again = context.clone();
    again.form = std::sync::Arc::default();
    edit(&again, Some(it), &NewTemplate::of(it), Told { errors, ..Told::default() }).await
}

async fn has_logo(context: &RequestContext, it: &Template) -> Result<bool, Refused> {
    Ok(templates::has_logo(&context.app.service.store, it.id).await?)
}

/// `POST /admin/templates/{template}`
pub async fn save(context: RequestContext, Path(id): Path<i64>) -> Answer {
    let it = of_path(&context, id).await?;
    let new = written(&context, &it.name, has_logo(&context, &it).await?);
    save_or_test(&context, Some(&it), &new).await
}

async fn save_or_test(
    context: &RequestContext,
    present: Option<&Template>,
    new: &NewTemplate,
) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    if context.form.text("action") == "test" {
        let told = test(context, new).await?;
        return edit(context, present, new, told).await;
    }
    let is_written = present.is_some_and(|it| it.choices.is_none() && !it.is_default);
    if new.choices.is_some()
        && is_written
        && let Some(asked) = template_form::ask_about_source(t, &context.form)
    {
        let told = Told { errors: vec![asked], ..Told::default() };
        return edit(context, present, new, told).await;
    }
    let seen = match (present, context.form.value("was")) {
        (None, _) => Seen::Nothing,
        (Some(_), None) => Seen::Whatever,
        (Some(_), Some(was)) => Seen::Version(was.parse().unwrap_or(-1)),
    };
    match service.save_template_seen(&context.actor()?, new, seen).await {
        Ok(()) => {
            let saved = service.template(&new.name).await?;
            Ok(context.to(&format!("/admin/templates/{}?done=saved", saved.id)))
        }
        Err(Error::Conflict(message)) => {
            let trouble = Some(t.message(&message));
            let saved = templates::by_name(&service.store, &new.name).await?;
            // The present template, or a new one if it was deleted.
            let told = Told { trouble, is_conflict: true, ..Told::default() };
            let page = edit(context, saved.as_ref(), new, told).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => {
            let errors = invalid(error)?;
            let trouble = Some(t.template_not_saved.to_string());
            edit(context, present, new, Told { errors, trouble, ..Told::default() }).await
        }
    }
}

/// Sends a test message to the user's own address, and to no other.
async fn test(context: &RequestContext, new: &NewTemplate) -> Result<Told, Refused> {
    let t = context.texts();
    let Some(address) = &context.user()?.address else {
        return Ok(Told { trouble: Some(t.test_no_address.to_string()), ..Told::default() });
    };
    let (service, actor) = (&context.app.service, context.actor()?);
    Ok(match service.send_test(&actor, new, address).await {
        Ok(_) => Told { notice: Some(t.test_sent(address)), ..Told::default() },
        Err(Error::Invalid(errors)) => Told { errors, ..Told::default() },
        Err(Error::Conflict(words)) => Told {
            trouble: Some(t.test_failed(show::sentence(t.message(&words)))),
            ..Told::default()
        },
        Err(error) => return Err(error.into()),
    })
}
