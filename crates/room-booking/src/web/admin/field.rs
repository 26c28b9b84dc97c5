//! The fields of forms: one component, whatever the page.

use std::fmt::Display;

use operations::FieldError;

use super::text::{ByName, Text, Texts};

/// One of the values that can be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is the present one.
    pub is_chosen: bool,
}

/// A field of a form, with its label, its explanation and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What it means.
    pub hint: Option<String>,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// `text`, `password`, `number` …, `textarea`, `select` or `checkbox`.
    pub kind: &'static str,
    /// The unit behind it.
    pub unit: Option<String>,
    /// Whether something has to stand in it.
    pub is_required: bool,
    /// Whether the box is ticked.
    pub is_ticked: bool,
    /// Whether one can write into it at once when the page is open.
    pub is_focused: bool,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// The smallest number.
    pub least: Option<String>,
    /// The largest number.
    pub most: Option<String>,
    /// What a browser may fill in.
    pub autocomplete: Option<&'static str>,
}

impl Field {
    /// A field of one line.
    pub fn new(kind: &'static str, name: &'static str, label: Text, value: impl Display) -> Field {
        Field {
            name,
            label: label.to_string(),
            hint: None,
            value: value.to_string(),
            error: None,
            kind,
            unit: None,
            is_required: false,
            is_ticked: false,
            is_focused: false,
            choices: Vec::new(),
            least: None,
            most: None,
            autocomplete: None,
        }
    }

    /// A line of text.
    pub fn text(name: &'static str, label: Text, value: impl Display) -> Field {
        Field::new("text", name, label, value)
    }

    /// A mail address.
    pub fn address(name: &'static str, label: Text, value: Option<&str>) -> Field {
        Field::new("email", name, label, value.unwrap_or_default()).completed("off")
    }

    /// A password.
    pub fn password(name: &'static str, label: Text, autocomplete: &'static str) -> Field {
        Field::new("password", name, label, "").completed(autocomplete).required()
    }

    /// A whole number within bounds.
    pub fn number(
        name: &'static str,
        label: Text,
        value: impl Display,
        least: u32,
        most: u32,
    ) -> Field {
        let bounds = (Some(least.to_string()), Some(most.to_string()));
        let (least, most) = bounds;
        Field { least, most, ..Field::new("number", name, label, value) }
    }

    /// A box to tick.
    pub fn checkbox(name: &'static str, label: Text, is_ticked: bool) -> Field {
        Field { is_ticked, ..Field::new("checkbox", name, label, "1") }
    }

    /// One of several values.
    pub fn select(name: &'static str, label: Text, choices: Vec<Choice>) -> Field {
        Field { choices, ..Field::new("select", name, label, "") }
    }

    /// With an explanation.
    pub fn hint(mut self, hint: Text) -> Field {
        self.hint = Some(hint.to_string());
        self
    }

    /// With a unit.
    pub fn unit(mut self, unit: Text) -> Field {
        self.unit = Some(unit.to_string());
        self
    }

    /// Something has to stand in it.
    pub fn required(mut self) -> Field {
        self.is_required = true;
        self
    }

    /// What a browser may fill in.
    pub fn completed(mut self, autocomplete: &'static str) -> Field {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// The identifiers of what describes it.
    pub fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

/// What is wrong with a form, as the list above it says it.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The field that it is about, if it is about one of the form.
    pub field: Option<&'static str>,
    /// What is wrong, and with what.
    pub text: String,
}

/// Puts what is wrong beside the fields that it is about; all of it comes back for the list above the
/// form.
pub fn with_errors<'f>(
    t: &Texts,
    fields: impl IntoIterator<Item = &'f mut Field>,
    errors: &[FieldError],
) -> Vec<Trouble> {
    let mut fields: Vec<&mut Field> = fields.into_iter().collect();
    let troubles = errors.iter().map(|error| {
        // Operations name fields in words.
        let name = error.field.replace(' ', "_");
        let Some(field) = fields.iter_mut().find(|field| field.name == name) else {
            return Trouble { field: None, text: t.wrong(error) };
        };
        let message = t.message(&error.message);
        let text = t.field_is_wrong(&field.label, &message);
        field.error = Some(message);
        Trouble { field: Some(field.name), text }
    });
    troubles.collect()
}

/// What is wrong with the values of a form, if that is why an operation was not done.
pub fn invalid(error: operations::Error) -> Result<Vec<FieldError>, super::errors::Refused> {
    match error {
        operations::Error::Invalid(errors) => Ok(errors),
        error => Err(error.into()),
    }
}
