//! The form of a template that is made by choices, in place of written.

use mail::{TemplateChoices, TemplatePart, Tone, defaults};
use operations::FieldError;

use crate::web::admin::frame::field::{Choice, Field};
use crate::web::admin::frame::form::Form;
use crate::web::admin::frame::text::{Text, Texts};

/// The name of the box that says that a written source may be replaced.
pub const REPLACE: &str = "replace_source";

/// What a form was sent with. What it does not know is the usual.
pub fn read(form: &Form) -> TemplateChoices {
    let is_chosen = |part: &TemplatePart| form.values("part").any(|it| it == part.as_str());
    let signature = form.text("signature").replace("\r\n", "\n");
    let tone = Tone::ALL.into_iter().find(|it| it.as_str() == form.text("tone"));
    TemplateChoices {
        language: form.text("language").to_owned(),
        tone: tone.unwrap_or_default(),
        greeting: form.text("greeting").trim().to_owned(),
        signature: signature.trim_end().lines().map(|it| it.trim_end().to_owned()).collect(),
        parts: TemplatePart::ALL.into_iter().filter(is_chosen).collect(),
    }
}

/// The fields of the form.
pub fn fields(t: &Texts, choices: &TemplateChoices) -> Vec<Field> {
    let choice = |value: &str, label: String, chosen: &str| Choice {
        value: value.to_owned(),
        label,
        is_chosen: value == chosen,
    };
    let languages = defaults::ALL.map(|it| {
        let name = match it.language {
            "de" => t.in_german,
            "fr" => t.in_french,
            _ => t.in_english,
        };
        choice(it.language, name.to_string(), &choices.language)
    });
    let tones = Tone::ALL.map(|it| {
        let label = match it {
            Tone::Formal => t.tone_formal,
            Tone::Informal => t.tone_informal,
        };
        choice(it.as_str(), label.to_string(), choices.tone.as_str())
    });
    vec![
        Field::select("language", t.template_language, languages.into()),
        Field::select("tone", t.template_tone, tones.into()).hint(t.template_tone_hint),
        Field::text("greeting", t.template_greeting, &choices.greeting)
            .hint(t.template_greeting_hint),
        Field::new("textarea", "signature", t.template_signature, choices.signature.join("\n"))
            .hint(t.template_signature_hint),
    ]
}

/// The parts that a message may have, as boxes.
pub fn parts(t: &Texts, choices: &TemplateChoices) -> Vec<Choice> {
    let label = |part: TemplatePart| -> Text {
        match part {
            TemplatePart::Dates => t.part_dates,
            TemplatePart::Links => t.part_links,
            TemplatePart::FreeRooms => t.part_free_rooms,
            TemplatePart::Decider => t.part_decider,
            TemplatePart::Attachment => t.part_attachment,
        }
    };
    let part = |part: TemplatePart| Choice {
        value: part.as_str().to_owned(),
        label: label(part).to_string(),
        is_chosen: choices.has(part),
    };
    TemplatePart::ALL.into_iter().map(part).collect()
}

/// Asks whether a source that somebody has written may be lost, unless the form says so.
pub fn ask_about_source(t: &Texts, form: &Form) -> Option<FieldError> {
    (!form.is_ticked(REPLACE)).then(|| FieldError::quoted(REPLACE, t.replace_source_error))
}
