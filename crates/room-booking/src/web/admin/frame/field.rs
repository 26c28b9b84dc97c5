//! The fields of forms: one component for all pages.

use std::fmt::Display;

use operations::FieldError;

use crate::web::admin::frame::text::{ByName, Text, Texts};

/// A choice of a field.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The value that is sent.
    pub value: String,
    /// The label.
    pub label: String,
    /// Whether it is the present one.
    pub is_chosen: bool,
}

/// A field of a form, with its label, hint and error.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    /// The label.
    pub label: String,
    /// The hint.
    pub hint: Option<String>,
    /// The value.
    pub value: String,
    /// The error.
    pub error: Option<String>,
    /// `text`, `password`, `number` …, `textarea`, `select` or `checkbox`.
    pub kind: &'static str,
    /// The unit.
    pub unit: Option<String>,
    /// Whether it is required.
    pub is_required: bool,
    /// Whether the box is checked.
    pub is_ticked: bool,
    /// Whether it has the focus when the page opens.
    pub is_focused: bool,
    /// The choices.
    pub choices: Vec<Choice>,
    /// The smallest number.
    pub least: Option<String>,
    /// The largest number.
    pub most: Option<String>,
    /// The `autocomplete` value.
    pub autocomplete: Option<&'static str>,
    /// The id of the list that it proposes values from.
    pub list: Option<&'static str>,
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
            list: None,
        }
    }

    /// A line of text.
    pub fn text(name: &'static str, label: Text, value: impl Display) -> Field {
        Field::new("text", name, label, value)
    }

    /// An email address.
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

    /// A checkbox.
    pub fn checkbox(name: &'static str, label: Text, is_ticked: bool) -> Field {
        Field { is_ticked, ..Field::new("checkbox", name, label, "1") }
    }

    /// One of several values.
    pub fn select(name: &'static str, label: Text, choices: Vec<Choice>) -> Field {
        Field { choices, ..Field::new("select", name, label, "") }
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: Text) -> Field {
        self.hint = Some(hint.to_string());
        self
    }

    /// Adds a unit.
    pub fn unit(mut self, unit: Text) -> Field {
        self.unit = Some(unit.to_string());
        self
    }

    /// Makes it required.
    pub fn required(mut self) -> Field {
        self.is_required = true;
        self
    }

    /// The `autocomplete` value.
    pub fn completed(mut self, autocomplete: &'static str) -> Field {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// Proposes the values of a list of the page (`<datalist>`).
    pub fn listed(mut self, list: &'static str) -> Field {
        self.list = Some(list);
        self.completed("off")
    }

    /// The ids of its hint and error (`aria-describedby`).
    pub fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

/// An error of a form, as the list above the form shows it.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The field that it is about, if any.
    pub field: Option<&'static str>,
    /// The text of the error.
    pub text: String,
}

/// Adds the errors to their fields, and returns all of them for the list above the form.
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

/// The errors of a form's values, if they are the reason why an operation failed.
pub fn invalid(error: operations::Error) -> Result<Vec<FieldError>, super::errors::Refused> {
    match error {
        operations::Error::Invalid(errors) => Ok(errors),
        error => Err(error.into()),
    }
}
