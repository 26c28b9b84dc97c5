//! What a message of the outbox says, at the moment in which it is sent.

use std::collections::BTreeMap;

use facts::{Month, time};
use ical::{Moment, Zone};
use mail::{
    CalendarFile, Language, Logo, Note, Notice, Rendered, TemplatePart, WarningStage, defaults,
};
use store::calendars;
use store::delivery::{ClaimedMessage, DeliveryOutcome, OutboxRow};
use store::outbox::MessageKind;
use store::templates;
use store::{CalendarId, TemplateId};

use crate::mail::links::WaysOn;
use crate::mail::template_fault::{template_error, template_fault};
use crate::mail::templates::{choices_of, renderable};
use crate::{Message, MessageId, Result, Service};

/// The note of a kind of message; `None` where a template says it.
fn note_of(kind: MessageKind) -> Option<Note> {
    match kind {
        MessageKind::ConfirmationWanted => Some(Note::ConfirmationWanted),
        MessageKind::CalendarFails => Some(Note::CalendarFails),
        MessageKind::CalendarWorks => Some(Note::CalendarWorks),
        MessageKind::MessagesHeld => Some(Note::MessagesHeld),
        MessageKind::ConflictsFound => Some(Note::ConflictsFound),
        MessageKind::MonthlyReport => Some(Note::MonthlyReport),
        MessageKind::Removed
        | MessageKind::Kept
        | MessageKind::Restored
        | MessageKind::Offer
        | MessageKind::Warning
        | MessageKind::WarningEnded => None,
    }
}

/// What a message says.
pub(crate) struct Said {
    pub rendered: Rendered,
    /// What there is to say about that, such as that its template failed.
    pub note: Option<Message>,
    /// Whether what was removed is attached.
    pub attaches: bool,
    /// The logo that its HTML shows.
    pub logo: Option<Logo>,
}

impl Said {
    /// By words that the program brings.
    fn by_the_program(rendered: Rendered) -> Said {
        Said { rendered, note: None, attaches: true, logo: None }
    }
}

impl Service {
    /// What a message of the outbox says if it is sent now, without the links by which its recipient acts, and what there
    /// is to say about that, such as
    /// that its template failed; or why nothing is sent.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn message_as_sent(
        &self,
        message: &OutboxRow,
    ) -> Result<std::result::Result<(Rendered, Option<Message>), Message>> {
        let of = (*message.kind, message.data.as_str(), message.calendar_id);
        let rendered = self.rendered(of.0, of.1, of.2, WaysOn::default()).await?;
        let shown = |Said { mut rendered, note, logo, .. }: Said| {
            if let Some(logo) = logo {
                rendered.html = rendered.html.map(|it| logo.shown_in(&it));
            }
            (rendered, note)
        };
        Ok(rendered.map(shown).map_err(|outcome| match outcome {
            DeliveryOutcome::PutOff(_, why)
            | DeliveryOutcome::Failed(why)
            | DeliveryOutcome::Discarded(why)
            | DeliveryOutcome::Refused(why) => Message::of_stored(&why),
            _ => MessageId::RendersToNothing.into(),
        }))
    }

    /// What a message of this kind says with this data to somebody who has these ways on, and what there is to say
    /// about that; or that there is nothing to send.
    pub(crate) async fn rendered(
        &self,
        kind: MessageKind,
        data: &str,
        calendar: Option<CalendarId>,
        WaysOn { links, free_rooms }: WaysOn,
    ) -> Result<std::result::Result<Said, DeliveryOutcome>> {
        if let Some(note) = note_of(kind) {
            let language = self.language_of(calendar).await?;
            let told = note.render_in(language, &in_words(language, data));
            let told = told.map(Said::by_the_program);
            return Ok(told.map_err(|it| DeliveryOutcome::Failed(stored(template_fault(&it)))));
        }
        let notice = serde_json::from_str::<Notice>(data);
        let mut notice = match notice {
            Ok(notice) => notice,
            Err(error) => {
                return Ok(Err(DeliveryOutcome::Failed(stored(MessageId::mail_data_fault(error)))));
            }
        };
        (notice.links, notice.free_rooms) = (links, free_rooms);
        if kind == MessageKind::Warning
            && let Some(warning) = &mut notice.warning
            && let WarningStage::Announced { removal_at, first_lost_at, grace_hours } =
                &mut warning.stage
        {
            // The grace begins when the mail server takes the message.
            let start = Moment(*first_lost_at);
            *removal_at = clearing::removal_at(self.now(), start, *grace_hours).0;
        }
        let template = match calendar {
            Some(calendar) => self.template_of(calendar).await?,
            None => None,
        };
        let default = defaults::ENGLISH.template();
        let is_of_warning = matches!(kind, MessageKind::Warning | MessageKind::WarningEnded);
        let Some(row) = template else {
            if is_of_warning {
                // The organizer is notified of a warning, also where nothing else is announced.
                let note = MessageId::CalendarHasNoTemplate.into();
                return self.of_default(&default, &notice, note).await;
            }
            let why = stored(MessageId::CalendarHasNoTemplateAnyMore);
            return Ok(Err(DeliveryOutcome::Discarded(why)));
        };
        let template = renderable(&row);
        // A template that knows nothing of it would speak of a removal.
        let needed = match kind {
            MessageKind::Warning => Some("removal_at"),
            MessageKind::WarningEnded => Some("is_warning_ended"),
            MessageKind::Offer => Some("is_offer"),
            _ if notice.is_restored => Some("is_restored"),
            _ if notice.reason.is_some() => Some("is_ignored"),
            _ => None,
        };
        if let Some(variable) = needed.filter(|it| !template.speaks_of(it)) {
            let note = MessageId::template_silent(&row.name, variable);
            return self.of_default(&default, &notice, note).await;
        }
        match self.render(&template, &notice).await? {
            Ok(rendered) if rendered.is_empty() => {
                Ok(Err(DeliveryOutcome::Discarded(stored(MessageId::RendersToNothing))))
            }
            Ok(rendered) => {
                let shows_logo = rendered.html.as_ref().is_some_and(|it| Logo::is_shown_in(it));
                let logo = match shows_logo {
                    true => self.template_logo(row.id).await?,
                    false => None,
                };
                let choices = choices_of(&row);
                let attaches = choices.is_none_or(|it| it.has(TemplatePart::Attachment));
                Ok(Ok(Said { rendered, note: None, attaches, logo }))
            }
            Err(error) if error.is_passing => Ok(Err(put_off(error))),
            Err(error) => {
                let note = MessageId::template_failed(&row.name, template_error(&error));
                tracing::warn!(template = row.name, %error, "a template failed");
                self.of_default(&default, &notice, note).await
            }
        }
    }

    /// The language of a calendar's messages: that of its template, if it is a built-in one or made by choices. Nothing
    /// says in which language what somebody has written is. Without a calendar: that of the template that most
    /// calendars have.
    async fn language_of(&self, calendar: Option<CalendarId>) -> Result<Language> {
        let template = match calendar {
            Some(calendar) => self.template_of(calendar).await?,
            None => self.most_used_template().await?,
        };
        let ours = template.filter(|it| it.is_default || it.choices.is_some());
        Ok(ours.and_then(|it| renderable(&it).language()).unwrap_or_default())
    }

    async fn most_used_template(&self) -> Result<Option<templates::Template>> {
        let mut numbers: BTreeMap<TemplateId, usize> = BTreeMap::new();
        for template in calendars::all(&self.store).await?.into_iter().filter_map(|it| it.template)
        {
            *numbers.entry(template).or_default() += 1;
        }
        match numbers.into_iter().max_by_key(|(_, number)| *number) {
            Some((id, _)) => Ok(templates::by_id(&self.store, id).await?),
            None => Ok(None),
        }
    }

    async fn of_default(
        &self,
        default: &mail::Template,
        notice: &Notice,
        note: Message,
    ) -> Result<std::result::Result<Said, DeliveryOutcome>> {
        let rendered = self.render(default, notice).await?;
        let failed = |error: mail::TemplateError| match error.is_passing {
            true => put_off(error),
            false => DeliveryOutcome::Failed(stored(template_error(&error))),
        };
        let said = |it| Said { note: Some(note), ..Said::by_the_program(it) };
        Ok(rendered.map(said).map_err(failed))
    }
}

/// What was removed, for messages about that.
pub(crate) fn calendar_file(message: &ClaimedMessage, now: i64) -> Option<CalendarFile> {
    // Messages to administrators are no notices.
    let notice = serde_json::from_str::<Notice>(&message.data).ok()?;
    notice.calendar_file(&message.message_id, now)
}

/// As the outbox keeps what became of a message.
pub(crate) fn stored(said: impl Into<Message>) -> String {
    said.into().to_stored()
}

/// The data of a message to administrators, with what failed, months and moments in the words of a language.
fn in_words(language: Language, data: &str) -> String {
    let mut data: serde_json::Value = serde_json::from_str(data).unwrap_or_default();
    let texts = wording::named(language.code()).unwrap_or(wording::english());
    if let Some(failure) = data.get_mut("failure").filter(|it| it.is_string()) {
        let message = Message::of_stored(failure.as_str().unwrap_or_default());
        // In English as the terminal has it, beside which the message names commands.
        let is_english = language == Language::default();
        *failure = if is_english { message.to_string() } else { texts.message(&message) }.into();
    }
    let month = data.get("month").and_then(|it| it.as_str()).and_then(Month::parse);
    if let Some(month) = month {
        let name = language.month(month.number() as usize - 1);
        data["month"] = format!("{name} {}", month.year()).into();
    }
    let zone = data.get("zone").and_then(|it| it.as_str()).and_then(Zone::iana).unwrap_or_default();
    for name in ["since", "until"] {
        if let Some(moment) = data.get_mut(name).filter(|it| it.is_i64()) {
            *moment = time::rfc3339(&zone, Moment(moment.as_i64().unwrap_or_default())).into();
        }
    }
    data.to_string()
}

/// A message that may be rendered later; the moment is for the caller to say.
fn put_off(error: mail::TemplateError) -> DeliveryOutcome {
    DeliveryOutcome::PutOff(i64::MIN, stored(template_error(&error)))
}

#[cfg(test)]
mod tests {
    use mail::Language;

    use super::in_words;

    #[test]
    fn moments_are_shown_in_the_zone_of_the_calendar_and_what_is_missing_stays_away() {
        let data = r#"{"since": 1772449200, "until": null, "zone": "Europe/Berlin"}"#;
        let english = Language::default();
        let told = mail::Note::CalendarWorks.render(&in_words(english, data)).unwrap().text;
        assert!(told.contains("it had failed since 2026-03-02T12:00:00+01:00"), "{told}");
        assert!(in_words(english, r#"{"since": 0}"#).contains("1970-01-01T00:00:00+00:00"));
    }

    #[test]
    fn a_month_and_what_failed_are_in_the_language_of_the_message() {
        let failure = crate::Message::from(crate::MessageId::NoCalendarEmpty).to_stored();
        let data = serde_json::json!({"month": "2026-11", "failure": failure}).to_string();
        let data = data.as_str();
        let german = Language::of("de").unwrap();
        assert!(in_words(german, data).contains("November 2026"));
        assert!(in_words(Language::of("fr").unwrap(), data).contains("novembre 2026"));
        assert_ne!(in_words(german, data), in_words(Language::default(), data));
        // Older messages have it in words.
        assert!(in_words(german, r#"{"month": "May 2026"}"#).contains("May 2026"));
    }
}
