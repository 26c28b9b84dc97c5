//! What administrators set up: users, keys, calendars. Each change leaves a line in the audit trail.

use clearing::Ties;
use secrecy::{ExposeSecret as _, SecretString};
use store::audit::Actor;
use store::calendars::{self, Calendar, PriorityKind};
use store::keys::{self, NewKey, Rights};
use store::links::{self, Purpose};
use store::users::{self, NewUser, User};
use store::{CalendarId, KeyId, Transaction, UserId, secrets, templates};

use crate::audit_trail::{
    self, Action, Entry, FactValue, Field, Word, differences, role, settings_of,
};
use crate::{Error, FieldError, Result, Said, Sentence, Service};

/// Slugs that mean something else in paths.
pub const RESERVED_SLUGS: [&str; 7] =
    ["docs", "calendars", "clear-bookings", "openapi", "free", "changes", "pending"];
/// The most characters of a slug.
const MAX_SLUG: usize = 63;
/// The most characters of the names of users, keys and calendars.
const MAX_NAME: usize = 100;
/// The fewest characters of a password.
const MIN_PASSWORD: usize = 10;
/// The most bytes of a password.
const MAX_PASSWORD: usize = 1_000;
/// How long the link of a new installation is good for, in seconds.
const FIRST_LINK_SECONDS: i64 = 3_600;

/// A calendar that is to be made.
#[derive(Clone, Debug)]
pub struct NewCalendar {
    /// Its settings.
    pub calendar: Calendar,
    /// The users that it is assigned to.
    pub users: Vec<String>,
}

/// Whether a text can be a calendar's name in paths.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub fn check_slug(slug: &str) -> std::result::Result<(), Said> {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_right = (1..=MAX_SLUG).contains(&slug.len())
        && slug.bytes().all(|byte| is_letter(byte) || byte == b'-')
        && !slug.starts_with('-');
    if !is_right {
        return Err(Sentence::SlugForm.into());
    }
    if RESERVED_SLUGS.contains(&slug) {
        return Err(Sentence::slug_reserved(RESERVED_SLUGS.join(", ")));
    }
    Ok(())
}

/// Whether a text is a mail address.
///
/// # Errors
///
/// What is wrong with it, as the end of a sentence.
pub fn check_address(text: &str) -> std::result::Result<(), Sentence> {
    let text = text.trim();
    let is_right = email_address::EmailAddress::is_valid(text)
        && !text.chars().any(|it| it.is_control() || it.is_whitespace());
    if is_right { Ok(()) } else { Err(Sentence::AddressForm) }
}

pub(crate) fn check_name(field: &str, name: &str) -> std::result::Result<(), FieldError> {
    let is_right = (1..=MAX_NAME).contains(&name.trim().chars().count())
        && !name.chars().any(char::is_control);
    if is_right { Ok(()) } else { Err(FieldError::new(field, Sentence::NameForm)) }
}

pub(crate) fn check_password(password: &SecretString) -> std::result::Result<(), FieldError> {
    let password = password.expose_secret();
    if password.chars().count() < MIN_PASSWORD {
        let message = Sentence::password_too_short(MIN_PASSWORD);
        return Err(FieldError::new("password", message));
    }
    if password.len() > MAX_PASSWORD {
        return Err(FieldError::new("password", Sentence::PasswordTooLong));
    }
    Ok(())
}

/// All that is wrong with the settings of a calendar.
pub(crate) fn check_calendar(calendar: &Calendar) -> std::result::Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: Said| errors.push(FieldError::new(field, message));
    if let Err(reason) = check_slug(&calendar.slug) {
        wrong("slug", reason);
    }
    if let Err(error) = check_name("name", &calendar.name) {
        wrong("name", error.message);
    }
    if ical::Zone::iana(&calendar.zone).is_none() {
        wrong("zone", Sentence::ZoneForm.into());
    }
    for (field, address) in
        [("room address", &calendar.room_address), ("contact address", &calendar.contact_address)]
    {
        if let Some(Err(reason)) = address.as_deref().map(check_address) {
            wrong(field, reason.into());
        }
    }
    type OutOfBounds = fn(u32, u32) -> Said;
    let bounds: [(_, _, _, _, OutOfBounds); 4] = [
        (
            "horizon",
            calendar.horizon_days,
            1,
            clearing::Policy::MAX_HORIZON_DAYS,
            Sentence::days_between,
        ),
        ("tolerance", calendar.tolerance_minutes, 0, 7 * 24 * 60, Sentence::minutes_between),
        ("safety limit", calendar.safety_limit, 0, 1_000_000, Sentence::objects_between),
        (
            "schedule",
            calendar.schedule_minutes.unwrap_or(1),
            1,
            7 * 24 * 60,
            Sentence::minutes_between,
        ),
    ];
    for (field, value, least, most, out_of_bounds) in bounds {
        if !(least..=most).contains(&value) {
            wrong(field, out_of_bounds(least, most));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The command line, in the audit trail.
pub fn command_line() -> Actor {
    Actor { user: None, name: "command line".to_owned() }
}

impl Service {
    /// A user, or the command line, in the audit trail.
    pub(crate) async fn actor_of(
        &self,
        access: &impl store::Access,
        user: Option<UserId>,
    ) -> Result<Actor> {
        let Some(id) = user else { return Ok(command_line()) };
        let name = users::by_id(access, id).await?.map(|it| it.name);
        Ok(Actor { user, name: name.unwrap_or_default() })
    }

    /// What is decided for a calendar, or for all, changes what the rules make of its content.
    async fn count_revision(
        &self,
        transaction: &Transaction,
        calendar: Option<CalendarId>,
    ) -> Result<()> {
        match calendar {
            Some(id) => calendars::lock(transaction, id).await.map(|_| ())?,
            None => calendars::lock_all(transaction).await?,
        }
        Ok(())
    }

    /// Writes an entry of the audit trail down.
    pub(crate) async fn note(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        entry: Entry,
    ) -> Result<()> {
        entry.write(transaction, actor, self.now().0).await
    }

    /// Makes a user.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds, or a name that is taken.
    pub async fn add_user(
        &self,
        actor: &Actor,
        user: &NewUser<'_>,
        password: Option<&SecretString>,
    ) -> Result<UserId> {
        let user = &NewUser {
            name: user.name.trim(),
            address: user.address.map(str::trim).filter(|it| !it.is_empty()),
            ..*user
        };
        let mut errors = Vec::new();
        errors.extend(check_name("name", user.name).err());
        if let Some(Err(reason)) = user.address.map(check_address) {
            errors.push(FieldError::new("address", reason));
        }
        errors.extend(password.and_then(|it| check_password(it).err()));
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let hash = password.map(secrets::hash_password).transpose()?;
        let transaction = self.store.begin().await?;
        let inserted = users::insert(&transaction, user, self.now().0).await;
        let id = inserted.map_err(|error| taken(error, "name", Sentence::UserNameTaken))?;
        if let Some(hash) = hash {
            users::set_password(&transaction, id, &hash).await?;
        }
        let entry = Entry::new(Action::UserAdded, user.name);
        let entry = entry.with(Field::Role, role(user.is_administrator));
        self.note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Sets a user's password, and ends the user's sessions.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user; [`Error::Invalid`] if the password is too short.
    pub async fn set_password(
        &self,
        actor: &Actor,
        name: &str,
        password: &SecretString,
    ) -> Result<()> {
        check_password(password).map_err(|error| Error::Invalid(vec![error]))?;
        let user = self.user(name).await?;
        let hash = secrets::hash_password(password)?;
        let transaction = self.store.begin().await?;
        users::set_password(&transaction, user.id, &hash).await?;
        self.note(&transaction, actor, Entry::new(Action::PasswordSet, &user.name)).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes a user active or not.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user; [`Error::Conflict`] if somebody else changes the user at
    /// the same time.
    pub async fn set_active(&self, actor: &Actor, name: &str, is_active: bool) -> Result<()> {
        let user = User { is_active, ..self.user(name).await? };
        let transaction = self.store.begin().await?;
        if !users::update(&transaction, &user).await? {
            return Err(Error::Conflict(Sentence::SavedMeanwhile.into()));
        }
        let action = if is_active { Action::UserActivated } else { Action::UserDeactivated };
        self.note(&transaction, actor, Entry::new(action, &user.name)).await?;
        Ok(transaction.commit().await?)
    }

    /// The user of that name.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn user(&self, name: &str) -> Result<User> {
        let user = users::by_name(&self.store, name).await?;
        user.ok_or_else(|| Error::NotFound(Sentence::no_user_named(name)))
    }

    /// The calendar of that slug.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn calendar(&self, slug: &str) -> Result<Calendar> {
        let calendar = calendars::by_slug(&self.store, slug).await?;
        calendar.ok_or_else(|| Error::NotFound(Sentence::no_calendar(slug)))
    }

    /// Makes an API key; the text is shown once.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds; [`Error::NotFound`] for a user or a calendar that is
    /// not there.
    pub async fn add_key(
        &self,
        actor: &Actor,
        user: &str,
        name: &str,
        rights: Rights,
        slugs: Option<&[String]>,
        expires_at: Option<i64>,
    ) -> Result<(KeyId, String)> {
        check_name("name", name).map_err(|error| Error::Invalid(vec![error]))?;
        if rights == Rights::default() {
            return Err(Error::invalid("rights", Sentence::RightsMissing));
        }
        let now = self.now().0;
        if expires_at.is_some_and(|expires| expires <= now) {
            return Err(Error::invalid("expiry", Sentence::ExpiryPast));
        }
        let user = self.user(user).await?;
        let mut ids: Option<Vec<CalendarId>> = None;
        for slug in slugs.unwrap_or_default() {
            ids.get_or_insert_default().push(self.calendar(slug).await?.id);
        }
        let transaction = self.store.begin().await?;
        let calendars = ids.as_deref();
        let new = NewKey { user: user.id, name, rights, calendars, expires_at };
        let (id, text) = keys::insert(&transaction, &new, now).await?;
        let entry = Entry::new(Action::KeyAdded, name)
            .with(Field::User, FactValue::text(&user.name))
            .with(Field::Rights, audit_trail::rights(rights))
            .with(Field::Calendars, slugs.map_or(FactValue::NotSet, FactValue::texts))
            .with(Field::Expiry, FactValue::moment(expires_at));
        self.note(&transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok((id, text))
    }

    /// Ends a key for good.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such key, or it is revoked already.
    pub async fn revoke_key(&self, actor: &Actor, id: KeyId) -> Result<()> {
        let nothing = || Error::NotFound(Sentence::no_key(id));
        let transaction = self.store.begin().await?;
        let key = keys::by_id(&transaction, id).await?.ok_or_else(nothing)?;
        if !keys::revoke(&transaction, id, self.now().0).await? {
            return Err(nothing());
        }
        let user = users::by_id(&transaction, key.user_id).await?.map(|it| it.name);
        let entry = Entry::new(Action::KeyRevoked, &key.name)
            .with(Field::User, FactValue::optional(user.as_deref()))
            .with(Field::Prefix, FactValue::text(key.prefix));
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes a calendar.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for values out of bounds, or a slug that is taken; [`Error::NotFound`] for a
    /// user that is not there.
    pub async fn add_calendar(&self, actor: &Actor, new: &NewCalendar) -> Result<CalendarId> {
        check_calendar(&new.calendar).map_err(Error::Invalid)?;
        let mut users = Vec::new();
        for name in &new.users {
            users.push(self.user(name).await?.id);
        }
        let transaction = self.store.begin().await?;
        let inserted = calendars::insert(&transaction, &new.calendar).await;
        let id = inserted.map_err(|error| taken(error, "slug", Sentence::SlugTaken))?;
        for user in users {
            calendars::assign(&transaction, id, user).await?;
        }
        let kind = match new.calendar.backend.collection() {
            Some(_) => Word::OnServer,
            None => Word::BuiltIn,
        };
        let entry = Entry::new(Action::CalendarAdded, &new.calendar.slug)
            .with(Field::Kind, FactValue::Word(kind))
            .with(Field::People, FactValue::texts(&new.users));
        self.note(&transaction, actor, entry).await?;
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
    /// [`Error::NotFound`] if the calendar is not; [`Error::Conflict`] with [`Sentence::SavedMeanwhile`] if
    /// another version is there.
    pub async fn set_calendar(&self, actor: &Actor, calendar: &Calendar) -> Result<()> {
        check_calendar(calendar).map_err(Error::Invalid)?;
        let transaction = self.store.begin().await?;
        // Nobody else writes the settings from here on; and what the rules make of the content may change.
        calendars::lock(&transaction, calendar.id).await?;
        let before = calendars::by_id(&transaction, calendar.id).await?;
        let before = before.ok_or_else(|| Error::no_calendar(&calendar.slug))?;
        let saved_meanwhile = || Error::Conflict(Sentence::SavedMeanwhile.into());
        if before.version != calendar.version {
            return Err(saved_meanwhile());
        }
        let template = template_name(&transaction, calendar).await?;
        if calendar.template.is_some() && template.is_none() {
            return Err(Error::invalid("template", Sentence::TemplateGone));
        }
        let changed = differences(
            settings_of(&before, template_name(&transaction, &before).await?),
            settings_of(calendar, template),
        );
        if changed.is_empty() {
            return Ok(());
        }
        if !calendars::update(&transaction, calendar).await? {
            return Err(saved_meanwhile());
        }
        let entry = Entry::new(Action::CalendarChanged, &calendar.slug).with_all(changed);
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Assigns a calendar to a user.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if one of them is not there.
    pub async fn assign(&self, actor: &Actor, slug: &str, user: &str) -> Result<()> {
        let (calendar, user) = (self.calendar(slug).await?, self.user(user).await?);
        let transaction = self.store.begin().await?;
        calendars::assign(&transaction, calendar.id, user.id).await?;
        let entry = Entry::new(Action::CalendarAssigned, slug);
        let entry = entry.with(Field::User, FactValue::text(&user.name));
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a calendar from a user.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if one of them is not there, or it is not assigned.
    pub async fn unassign(&self, actor: &Actor, slug: &str, user: &str) -> Result<()> {
        let (calendar, user) = (self.calendar(slug).await?, self.user(user).await?);
        let transaction = self.store.begin().await?;
        if !calendars::unassign(&transaction, calendar.id, user.id).await? {
            return Err(Error::NotFound(Sentence::not_assigned(slug, &user.name)));
        }
        let entry = Entry::new(Action::CalendarUnassigned, slug);
        let entry = entry.with(Field::User, FactValue::text(&user.name));
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Prioritises on a calendar, or on all.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an empty value or an organizer that is no address; [`Error::NotFound`] if
    /// there is no such calendar.
    pub async fn prioritise(
        &self,
        actor: &Actor,
        slug: Option<&str>,
        kind: PriorityKind,
        value: &str,
    ) -> Result<()> {
        self.prioritise_with_ties(actor, slug, (kind, value), None).await
    }

    /// Prioritises on a calendar, or on all, and says what holds between two that are prioritised; with
    /// `None`, what is usual of the kind. Where it is so already, nothing is changed or written down.
    ///
    /// # Errors
    ///
    /// As [`Service::prioritise`].
    pub async fn prioritise_with_ties(
        &self,
        actor: &Actor,
        slug: Option<&str>,
        (kind, value): (PriorityKind, &str),
        ties: Option<Ties>,
    ) -> Result<()> {
        let value = value.trim();
        let is_domain = value.strip_prefix('@').is_some_and(|domain| !domain.is_empty());
        if value.is_empty() {
            return Err(Error::invalid(kind.as_str(), Sentence::MustNotBeEmpty));
        }
        if kind == PriorityKind::Organizer && !is_domain && check_address(value).is_err() {
            return Err(Error::invalid("organizer", Sentence::PriorityForm));
        }
        if kind == PriorityKind::Name && !clearing::has_words(value) {
            return Err(Error::invalid("name", Sentence::PriorityWords));
        }
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        if !calendars::prioritise(&transaction, calendar, (kind, value), ties).await? {
            return Ok(());
        }
        let mut entry = Entry::of_calendars(Action::PriorityAdded, slug)
            .with(field_of(kind), FactValue::text(value));
        if let Some(ties) = ties {
            entry = entry.with(Field::Ties, audit_trail::ties(ties));
        }
        self.count_revision(&transaction, calendar).await?;
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Protects the events of a UID on a calendar, or on all. Where it is so already, nothing is changed or
    /// written down.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an empty UID; [`Error::NotFound`] if there is no such calendar.
    pub async fn protect(&self, actor: &Actor, slug: Option<&str>, uid: &str) -> Result<()> {
        if uid.is_empty() {
            return Err(Error::invalid("uid", Sentence::MustNotBeEmpty));
        }
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        if !calendars::protect(&transaction, calendar, uid).await? {
            return Ok(());
        }
        let entry = Entry::of_calendars(Action::ProtectionAdded, slug);
        self.count_revision(&transaction, calendar).await?;
        self.note(&transaction, actor, entry.with(Field::Uid, FactValue::text(uid))).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a priority away.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such calendar, or it has no such priority.
    pub async fn unprioritise(
        &self,
        actor: &Actor,
        slug: Option<&str>,
        kind: PriorityKind,
        value: &str,
    ) -> Result<()> {
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        let value = value.trim();
        if !calendars::unprioritise(&transaction, calendar, kind, value).await? {
            let of = subject_of(slug);
            return Err(Error::NotFound(match kind {
                PriorityKind::Organizer => Sentence::organizer_not_prioritised(of, value),
                PriorityKind::Name => Sentence::name_not_prioritised(of, value),
                PriorityKind::Uid => Sentence::uid_not_prioritised(of, value),
            }));
        }
        let entry = Entry::of_calendars(Action::PriorityRemoved, slug);
        let entry = entry.with(field_of(kind), FactValue::text(value));
        self.count_revision(&transaction, calendar).await?;
        self.note(&transaction, actor, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a protection away.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such calendar, or the UID is not protected on it.
    pub async fn unprotect(&self, actor: &Actor, slug: Option<&str>, uid: &str) -> Result<()> {
        let calendar = self.calendar_or_all(slug).await?;
        let transaction = self.store.begin().await?;
        if !calendars::unprotect(&transaction, calendar, uid).await? {
            return Err(Error::NotFound(Sentence::not_protected(subject_of(slug), uid)));
        }
        let entry = Entry::of_calendars(Action::ProtectionRemoved, slug);
        self.count_revision(&transaction, calendar).await?;
        self.note(&transaction, actor, entry.with(Field::Uid, FactValue::text(uid))).await?;
        Ok(transaction.commit().await?)
    }

    async fn calendar_or_all(&self, slug: Option<&str>) -> Result<Option<CalendarId>> {
        Ok(match slug {
            None => None,
            Some(slug) => Some(self.calendar(slug).await?.id),
        })
    }

    /// While no user exists: the text of a link, good for an hour, by which the first administrator is
    /// made.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn first_administrator_link(&self) -> Result<Option<String>> {
        if users::is_there_any(&self.store).await? {
            return Ok(None);
        }
        let transaction = self.store.begin().await?;
        let expires_at = self.now().0 + FIRST_LINK_SECONDS;
        let link =
            links::insert(&transaction, Purpose::FirstAdministrator, None, expires_at).await?;
        transaction.commit().await?;
        Ok(Some(link))
    }
}

/// What the template of a calendar is called.
async fn template_name(access: &Transaction, calendar: &Calendar) -> Result<Option<String>> {
    let Some(id) = calendar.template else { return Ok(None) };
    Ok(templates::by_id(access, id).await?.map(|it| it.name))
}

/// What the audit trail calls what a priority goes by.
fn field_of(kind: PriorityKind) -> Field {
    match kind {
        PriorityKind::Organizer => Field::Organizer,
        PriorityKind::Name => Field::WordsOfName,
        PriorityKind::Uid => Field::Uid,
    }
}

/// Of what a priority or a protection was not found.
fn subject_of(slug: Option<&str>) -> Said {
    slug.map_or_else(|| Sentence::AllCalendars.into(), Said::quoted)
}

/// What a value that must be unique is told as.
pub(crate) fn taken(error: store::Error, field: &str, message: Sentence) -> Error {
    match error {
        store::Error::Taken => Error::invalid(field, message),
        error => Error::Store(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_of_the_alphabet_and_none_of_the_reserved_words() {
        let long = "a".repeat(63);
        for slug in ["a", "0", "meeting-room-1", "a-", long.as_str()] {
            assert_eq!(check_slug(slug), Ok(()), "{slug}");
        }
        let longer = "a".repeat(64);
        for slug in
            ["", "-a", "A", "a_b", "ä", "a b", "openapi", "free", "changes", "pending", &longer]
        {
            assert!(check_slug(slug).is_err(), "{slug}");
        }
    }

    #[test]
    fn addresses_hold_nothing_that_could_become_a_header() {
        assert_eq!(check_address(" Ann.O'Neil+room@Example.org "), Ok(()));
        for text in
            ["", "ann", "@example.org", "ann@", "a b@example.org", "a@b.org\r\nBcc: c@d.org"]
        {
            assert!(check_address(text).is_err(), "{text}");
        }
    }
}
