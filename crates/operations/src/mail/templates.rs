//! Templates: those of the program, those of administrators, and what they make of samples.

use facts::audit::{Action, AuditWord, Entry, FactValue, Field};
use mail::limits::{MAX_GREETING, MAX_SIGNATURE, MAX_SIGNATURE_LINES};
use mail::{ChoiceFault, Rendered, Template, TemplateChoices, TemplateError, defaults, samples};
use people::TemplatePosition;
use store::audit::Actor;
use store::{TemplateId, calendars, templates};

use crate::mail::template_fault::template_fault;
use crate::{Error, FieldError, MessageId, Result, Service};

/// The most characters of a template's name.
const MAX_NAME: usize = 100;

/// What somebody who saves a template goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Whatever is there may be written over.
    Whatever,
    /// That there is none of that name.
    Nothing,
    /// A version of it ([`templates::Template::version`]).
    Version(i64),
}

impl Seen {
    /// Whether a version may be written over.
    fn is(self, version: i64) -> bool {
        match self {
            Seen::Whatever => true,
            Seen::Nothing => false,
            Seen::Version(seen) => seen == version,
        }
    }
}

/// A template that is to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTemplate {
    /// What it is called.
    pub name: String,
    /// Its texts. If it is made by choices, they are composed anew when it is saved.
    pub template: Template,
    /// What it is made by, if it was not written.
    pub choices: Option<TemplateChoices>,
    /// Of a new one, the template whose logo it gets, if that has one.
    pub logo_of: Option<TemplateId>,
}

impl NewTemplate {
    /// A template of the database, to be saved as it is.
    pub fn of(it: &templates::Template) -> NewTemplate {
        let (name, template, choices) = (it.name.clone(), renderable(it), choices_of(it));
        NewTemplate { name, template, choices, logo_of: None }
    }

    /// One that somebody has written.
    pub fn written(name: &str, template: Template) -> NewTemplate {
        NewTemplate { name: name.to_owned(), template, choices: None, logo_of: None }
    }

    /// One that is made by choices.
    pub fn chosen(name: &str, choices: TemplateChoices, has_logo: bool) -> NewTemplate {
        let template = choices.compose(has_logo);
        NewTemplate { name: name.to_owned(), template, choices: Some(choices), logo_of: None }
    }
}

/// What a template of the database is made by, if it was not written.
pub(crate) fn choices_of(it: &templates::Template) -> Option<TemplateChoices> {
    // One of a later version is a text as any other.
    it.choices.as_deref().and_then(|json| serde_json::from_str(json).ok())
}

/// What is wrong with choices, field by field.
fn choice_errors(choices: &TemplateChoices) -> Vec<FieldError> {
    let error = |fault: ChoiceFault| match fault {
        ChoiceFault::Language => FieldError::new("language", MessageId::TemplateLanguageUnknown),
        ChoiceFault::Greeting => {
            FieldError::new("greeting", MessageId::greeting_form(MAX_GREETING))
        }
        ChoiceFault::Signature => FieldError::new(
            "signature",
            MessageId::signature_form(MAX_SIGNATURE_LINES, MAX_SIGNATURE),
        ),
    };
    choices.faults().into_iter().map(error).collect()
}

/// A template of the database as one that can be rendered.
pub(crate) fn renderable(it: &templates::Template) -> Template {
    Template { subject: it.subject.clone(), text: it.text_body.clone(), html: it.html_body.clone() }
}

/// Gives a row the texts of a template; whether they are others.
pub(crate) fn set_texts(row: &mut templates::Template, to: Template) -> bool {
    let is_other = renderable(row) != to;
    (row.subject, row.text_body, row.html_body) = (to.subject, to.text, to.html);
    is_other
}

/// The parts of a template in which two versions of it differ.
fn changed_parts(one: &templates::Template, other: &templates::Template) -> Vec<AuditWord> {
    let parts = [
        (AuditWord::Subject, one.subject != other.subject),
        (AuditWord::TextBody, one.text_body != other.text_body),
        (AuditWord::HtmlBody, one.html_body != other.html_body),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

fn refused(error: &TemplateError) -> Error {
    let message = match &error.sample {
        Some(sample) => MessageId::template_fault_on_sample(template_fault(&error.fault), sample),
        None => template_fault(&error.fault),
    };
    let position = TemplatePosition { part: error.part, line: error.fault.line };
    Error::Invalid(vec![FieldError::new(error.part.as_str(), message).at(position)])
}

impl Service {
    /// Makes the templates that the program brings, or brings them up to date.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn ensure_templates(&self) -> Result<()> {
        let found = templates::all(&self.store).await?;
        let wanted = defaults::ALL.map(|it| templates::Template {
            id: TemplateId(0),
            name: it.name.to_owned(),
            subject: it.subject.to_owned(),
            text_body: it.text.to_owned(),
            html_body: Some(it.html.to_owned()),
            choices: None,
            is_default: true,
            version: 0,
        });
        let is_there = |wanted: &templates::Template| {
            let same_name = found.iter().find(|it| it.name == wanted.name);
            same_name.is_some_and(|it| {
                let templates::Template { id, version, .. } = *it;
                !it.is_default || templates::Template { id, version, ..wanted.clone() } == *it
            })
        };
        if !wanted.iter().all(is_there) {
            let transaction = self.store.begin().await?;
            for template in &wanted {
                templates::ensure_default(&transaction, template).await?;
            }
            transaction.commit().await?;
        }
        // Those that are made by choices have the words of this version.
        for mut row in found {
            let Some(choices) = choices_of(&row) else { continue };
            let has_logo = templates::has_logo(&self.store, row.id).await?;
            if set_texts(&mut row, choices.compose(has_logo)) {
                let transaction = self.store.begin().await?;
                templates::update(&transaction, &row).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// The template that new calendars have, if it is there.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn default_template(&self) -> Result<Option<TemplateId>> {
        let found = templates::by_name(&self.store, defaults::ENGLISH.name).await?;
        Ok(found.map(|it| it.id))
    }

    /// The template that the new calendars of somebody have who reads a language (RFC 5646): the built-in one in it,
    /// else the English one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn default_template_in(&self, language: &str) -> Result<Option<TemplateId>> {
        if let Some(built_in) = defaults::in_language(language)
            && let Some(found) = templates::by_name(&self.store, built_in.name).await?
            && found.is_default
        {
            return Ok(Some(found.id));
        }
        self.default_template().await
    }

    /// The template of that name.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn template(&self, name: &str) -> Result<templates::Template> {
        let found = templates::by_name(&self.store, name).await?;
        found.ok_or_else(|| Error::NotFound(MessageId::no_template(name)))
    }

    /// Makes sure that a template compiles, names nothing unknown, and renders on samples of all kinds.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with the first thing that is wrong, its line and its column.
    pub async fn check_template(&self, template: &Template) -> Result<()> {
        let (renderer, template) = (self.renderer.clone(), template.clone());
        let checked = tokio::task::spawn_blocking(move || renderer.check(&template)).await;
        let checked = checked.map_err(|error| Error::Internal(error.to_string()))?;
        checked.map_err(|error| refused(&error))
    }

    /// Saves a template, over one of the same name if there is one.
    ///
    /// # Errors
    ///
    /// As [`Service::save_template_seen`].
    pub async fn save_template(&self, actor: &Actor, new: &NewTemplate) -> Result<()> {
        self.save_template_seen(actor, new, Seen::Whatever).await
    }

    /// Saves a template, if what is there is what somebody has seen: of two people who change the same one,
    /// the second does not undo unseen what the first has written.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if it is refused, as [`Service::check_template`] says, or its name is; or if it
    /// would change one that the program brings. [`Error::Conflict`] with [`MessageId::SavedMeanwhile`] if
    /// another version is there, or none any more.
    pub async fn save_template_seen(
        &self,
        actor: &Actor,
        new: &NewTemplate,
        seen: Seen,
    ) -> Result<()> {
        let name = new.name.trim();
        let is_name =
            (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if !is_name {
            return Err(Error::invalid("name", MessageId::NameForm));
        }
        let errors = new.choices.as_ref().map(choice_errors).unwrap_or_default();
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let found = templates::by_name(&self.store, name).await?;
        let logo = match (&found, new.logo_of) {
            (None, Some(of)) => templates::logo(&self.store, of).await?,
            _ => None,
        };
        let has_logo = match &found {
            Some(found) => templates::has_logo(&self.store, found.id).await?,
            None => logo.is_some(),
        };
        let template = match &new.choices {
            Some(choices) => choices.compose(has_logo),
            None => new.template.clone(),
        };
        self.check_template(&template).await?;
        let choices = new.choices.as_ref().map(serde_json::to_string).transpose();
        let transaction = self.store.begin().await?;
        let mut row = templates::Template {
            id: TemplateId(0),
            name: name.to_owned(),
            subject: String::new(),
            text_body: String::new(),
            html_body: None,
            choices: choices.map_err(|it| Error::Internal(it.to_string()))?,
            is_default: false,
            version: 0,
        };
        set_texts(&mut row, template);
        let saved_meanwhile = || Error::Conflict(MessageId::SavedMeanwhile.into());
        let entry = match templates::by_name(&transaction, name).await? {
            Some(found) if found.is_default => {
                return Err(Error::invalid("name", MessageId::TemplateNameBrought));
            }
            Some(_) if seen == Seen::Nothing => {
                return Err(Error::invalid("name", MessageId::TemplateNameTaken));
            }
            Some(found) if !seen.is(found.version) => return Err(saved_meanwhile()),
            None if matches!(seen, Seen::Version(_)) => return Err(saved_meanwhile()),
            Some(found) => {
                (row.id, row.version) = (found.id, found.version);
                let parts = changed_parts(&found, &row);
                if parts.is_empty() && found.choices == row.choices {
                    return Ok(());
                }
                if !templates::update(&transaction, &row).await? {
                    return Err(saved_meanwhile());
                }
                let parts = FactValue::Words(parts);
                Entry::new(Action::TemplateChanged, name).with(Field::Parts, parts)
            }
            None => {
                let inserted = templates::insert(&transaction, &row).await;
                let id = inserted.map_err(|error| match error {
                    store::Error::Taken => Error::invalid("name", MessageId::TemplateNameTaken),
                    error => Error::Store(error),
                })?;
                templates::set_logo(&transaction, id, logo.as_deref()).await?;
                Entry::new(Action::TemplateAdded, name)
            }
        };
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes a template.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none of that name; [`Error::Conflict`] if calendars have it, or
    /// the program brings it.
    pub async fn delete_template(&self, actor: &Actor, name: &str) -> Result<()> {
        let template = self.template(name).await?;
        if template.is_default {
            return Err(Error::Conflict(MessageId::TemplateBrought.into()));
        }
        let transaction = self.store.begin().await?;
        let used_by = templates::used_by(&transaction, template.id).await?;
        if !used_by.is_empty() {
            return Err(Error::Conflict(MessageId::template_used(used_by.join(", "))));
        }
        templates::delete(&transaction, template.id).await?;
        self.people().note(&transaction, actor, Entry::new(Action::TemplateDeleted, name)).await?;
        Ok(transaction.commit().await?)
    }

    /// What a template makes of a sample, whether it is saved or not.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such sample; [`Error::Invalid`] if it fails.
    pub async fn preview_template(&self, template: &Template, sample: &str) -> Result<Rendered> {
        let language = template.language().unwrap_or_default();
        let found = samples::named_in(sample, language.code());
        let sample = found.ok_or_else(|| {
            let names: Vec<_> = samples::all().iter().map(|it| it.name).collect();
            Error::NotFound(MessageId::no_sample(sample, names.join("; ")))
        })?;
        self.render(template, &sample.notice).await?.map_err(|error| refused(&error))
    }

    /// Renders away from the threads that answer.
    pub(crate) async fn render(
        &self,
        template: &Template,
        notice: &mail::Notice,
    ) -> Result<std::result::Result<Rendered, TemplateError>> {
        let (renderer, template, notice) =
            (self.renderer.clone(), template.clone(), notice.clone());
        let rendering = tokio::task::spawn_blocking(move || renderer.render(&template, &notice));
        rendering.await.map_err(|error| Error::Internal(error.to_string()))
    }

    /// The template of a calendar, if both are there.
    pub(crate) async fn template_of(
        &self,
        calendar: store::CalendarId,
    ) -> Result<Option<templates::Template>> {
        let calendar = calendars::by_id_or_removed(&self.store, calendar).await?;
        match calendar.and_then(|it| it.template) {
            Some(id) => Ok(templates::by_id(&self.store, id).await?),
            None => Ok(None),
        }
    }
}
