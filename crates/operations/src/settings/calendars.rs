//! Calendars: adding them, their settings, and who has access.

use facts::audit::{Action, AuditWord, Entry, FactValue, Field, differences};
use people::audit::settings_of;
use people::names::taken;
use store::audit::Actor;
use store::calendars::{self, Calendar};
use store::rooms::{self, Room};
use store::users::User;
use store::{CalendarId, Transaction, templates};

use crate::settings::rooms::{check_room, values_of};
use crate::settings::validate::check_calendar;
use crate::{Error, MessageId, Result, Service};

/// A calendar that is to be made.
#[derive(Clone, Debug)]
pub struct NewCalendar {
    /// Its settings.
    pub calendar: Calendar,
    /// The users that it is assigned to.
    pub users: Vec<String>,
}

impl Service {
    /// The calendar of that slug.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn calendar(&self, slug: &str) -> Result<Calendar> {
        let calendar = calendars::by_slug(&self.store, slug).await?;
        calendar.ok_or_else(|| Error::NotFound(MessageId::no_calendar(slug)))
    }

    /// Makes a calendar.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds, or a slug that is taken; [`Error::NotFound`] for a
    /// user that is not there.
    pub async fn add_calendar(&self, actor: &Actor, new: &NewCalendar) -> Result<CalendarId> {
        check_calendar(&new.calendar).map_err(Error::Invalid)?;
        if new.calendar.answers {
            self.check_answers(&new.calendar).await?;
        }
        let mut users = Vec::new();
        for name in &new.users {
            users.push(self.people().user(name).await?.id);
        }
        let transaction = self.store.begin().await?;
        let inserted = calendars::insert(&transaction, &new.calendar).await;
        let id = inserted.map_err(|error| taken(error, "slug", MessageId::SlugTaken))?;
        for user in users {
            calendars::assign(&transaction, id, user).await?;
        }
        let kind = match new.calendar.backend.collection() {
            Some(_) => AuditWord::OnServer,
            None => AuditWord::BuiltIn,
        };
        let entry = Entry::new(Action::CalendarAdded, &new.calendar.slug)
            .with(Field::Kind, FactValue::Word(kind))
            .with(Field::People, FactValue::texts(&new.users));
        self.people().note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Writes the settings of a calendar over the version that they were made of
    /// ([`Calendar::version`]): of two people who change the same ones, the second does not undo unseen what
    /// the first has set.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds, or a template that is not there (any more);
    /// [`Error::NotFound`] if the calendar is not; [`Error::Conflict`] with [`MessageId::SavedMeanwhile`] if
    /// another version is there.
    pub async fn set_calendar(&self, actor: &Actor, calendar: &Calendar) -> Result<()> {
        self.set_calendar_and_room(actor, calendar, None).await
    }

    /// The same, and what its room is like, over the same version: both or neither.
    ///
    /// # Errors
    ///
    /// As [`Service::set_calendar`] and [`Service::set_room`].
    pub async fn set_calendar_and_room(
        &self,
        actor: &Actor,
        calendar: &Calendar,
        room: Option<&Room>,
    ) -> Result<()> {
        let mut wrong = check_calendar(calendar).err().unwrap_or_default();
        wrong.extend(room.and_then(|it| check_room(it).err()).unwrap_or_default());
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let present = calendars::by_id(&self.store, calendar.id).await?;
        if calendar.answers && present.is_some_and(|it| !it.answers) {
            self.check_answers(calendar).await?;
        }
        let transaction = self.store.begin().await?;
        // Nobody else writes the settings from here on; and what the rules make of the content may change.
        calendars::lock(&transaction, calendar.id).await?;
        let before = calendars::by_id(&transaction, calendar.id).await?;
        let before = before.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let saved_meanwhile = || Error::Conflict(MessageId::SavedMeanwhile.into());
        if before.version != calendar.version {
            return Err(saved_meanwhile());
        }
        let template = template_name(&transaction, calendar).await?;
        if calendar.template.is_some() && template.is_none() {
            return Err(Error::invalid("template", MessageId::TemplateGone));
        }
        let mut changed = differences(
            settings_of(&before, template_name(&transaction, &before).await?),
            settings_of(calendar, template),
        );
        let mut version = calendar.version;
        if !changed.is_empty() {
            if !calendars::update(&transaction, calendar).await? {
                return Err(saved_meanwhile());
            }
            version += 1;
        }
        if let Some(room) = room {
            let before = rooms::of(&transaction, calendar.id).await?.unwrap_or_default();
            let of_room = differences(values_of(&before), values_of(room));
            if !of_room.is_empty() && !rooms::set(&transaction, calendar.id, version, room).await? {
                return Err(saved_meanwhile());
            }
            changed.extend(of_room);
        }
        if changed.is_empty() {
            return Ok(());
        }
        let entry = Entry::new(Action::CalendarChanged, &calendar.slug).with_all(changed);
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Assigns calendars to users, each to each, all or none; what is assigned already stays, and is not recorded again.
    /// Returns how many assignments are new.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if one of them is not there.
    pub async fn assign_all(&self, actor: &Actor, slugs: &[&str], users: &[&str]) -> Result<usize> {
        let (calendars, people) = self.calendars_and_users(slugs, users).await?;
        let transaction = self.store.begin().await?;
        let mut new = 0;
        for (slug, id) in &calendars {
            for user in &people {
                if calendars::is_assigned(&transaction, *id, user.id).await? {
                    continue;
                }
                calendars::assign(&transaction, *id, user.id).await?;
                let entry = Entry::new(Action::CalendarAssigned, slug);
                let entry = entry.with(Field::User, FactValue::text(&user.name));
                self.people().note(&transaction, actor, entry).await?;
                new += 1;
            }
        }
        transaction.commit().await?;
        Ok(new)
    }

    /// Takes calendars from users, each from each, all or none; what is not assigned is passed over. Returns how many
    /// assignments were taken.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if one of them is not there.
    pub async fn unassign_all(
        &self,
        actor: &Actor,
        slugs: &[&str],
        users: &[&str],
    ) -> Result<usize> {
        let (calendars, people) = self.calendars_and_users(slugs, users).await?;
        let transaction = self.store.begin().await?;
        let mut taken = 0;
        for (slug, id) in &calendars {
            for user in &people {
                if !calendars::unassign(&transaction, *id, user.id).await? {
                    continue;
                }
                let entry = Entry::new(Action::CalendarUnassigned, slug);
                let entry = entry.with(Field::User, FactValue::text(&user.name));
                self.people().note(&transaction, actor, entry).await?;
                taken += 1;
            }
        }
        transaction.commit().await?;
        Ok(taken)
    }

    async fn calendars_and_users<'s>(
        &self,
        slugs: &[&'s str],
        users: &[&str],
    ) -> Result<(Vec<(&'s str, CalendarId)>, Vec<User>)> {
        let (mut calendars, mut people) = (Vec::new(), Vec::new());
        for slug in slugs {
            calendars.push((*slug, self.calendar(slug).await?.id));
        }
        for name in users {
            people.push(self.people().user(name).await?);
        }
        Ok((calendars, people))
    }

    /// Assigns a calendar to a user.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if one of them is not there.
    pub async fn assign(&self, actor: &Actor, slug: &str, user: &str) -> Result<()> {
        let (calendar, user) = (self.calendar(slug).await?, self.people().user(user).await?);
        let transaction = self.store.begin().await?;
        calendars::assign(&transaction, calendar.id, user.id).await?;
        let entry = Entry::new(Action::CalendarAssigned, slug);
        let entry = entry.with(Field::User, FactValue::text(&user.name));
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a calendar from a user.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if one of them is not there, or it is not assigned.
    pub async fn unassign(&self, actor: &Actor, slug: &str, user: &str) -> Result<()> {
        let (calendar, user) = (self.calendar(slug).await?, self.people().user(user).await?);
        let transaction = self.store.begin().await?;
        if !calendars::unassign(&transaction, calendar.id, user.id).await? {
            return Err(Error::NotFound(MessageId::not_assigned(slug, &user.name)));
        }
        let entry = Entry::new(Action::CalendarUnassigned, slug);
        let entry = entry.with(Field::User, FactValue::text(&user.name));
        self.people().note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }
}

/// What the template of a calendar is called.
async fn template_name(access: &Transaction, calendar: &Calendar) -> Result<Option<String>> {
    let Some(id) = calendar.template else { return Ok(None) };
    Ok(templates::by_id(access, id).await?.map(|it| it.name))
}
