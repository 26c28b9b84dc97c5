//! Logos of templates.

use facts::audit::{Action, Entry, Fact, FactValue, Field};
use mail::limits::MAX_LOGO;
use mail::{Logo, NoLogo};
use store::audit::Actor;
use store::{TemplateId, templates};

use crate::mail::templates::{choices_of, set_texts};
use crate::{Error, MessageId, Result, Service};

impl Service {
    /// The logo of a template, if it has one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn template_logo(&self, id: TemplateId) -> Result<Option<Logo>> {
        let found = templates::logo(&self.store, id).await?;
        Ok(found.and_then(|bytes| Logo::of(bytes).ok()))
    }

    /// Sets the logo of a template, or removes it. What it is, is judged by its content alone.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if it is no PNG or JPEG, or larger than [`MAX_LOGO`]; [`Error::Conflict`] for a template that
    /// the program brings, or one that was saved meanwhile.
    pub async fn set_template_logo(
        &self,
        actor: &Actor,
        name: &str,
        picture: Option<Vec<u8>>,
    ) -> Result<()> {
        let wrong = |fault| match fault {
            NoLogo::Form => Error::invalid("logo", MessageId::LogoForm),
            NoLogo::TooLarge => Error::invalid("logo", MessageId::logo_too_large(MAX_LOGO / 1024)),
        };
        let logo = picture.map(Logo::of).transpose().map_err(wrong)?;
        let mut row = self.template(name).await?;
        if row.is_default {
            return Err(Error::Conflict(MessageId::TemplateBrought.into()));
        }
        let transaction = self.store.begin().await?;
        let had_logo = templates::has_logo(&transaction, row.id).await?;
        templates::set_logo(&transaction, row.id, logo.as_ref().map(Logo::bytes)).await?;
        if let Some(choices) = choices_of(&row)
            && set_texts(&mut row, choices.compose(logo.is_some()))
            && !templates::update(&transaction, &row).await?
        {
            return Err(Error::Conflict(MessageId::SavedMeanwhile.into()));
        }
        let fact = Fact {
            field: Field::Picture,
            before: Some(FactValue::YesNo(had_logo)),
            value: FactValue::YesNo(logo.is_some()),
        };
        let entry = Entry::new(Action::TemplateChanged, name).with_all(vec![fact]);
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }
}
