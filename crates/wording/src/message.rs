//! Messages as values: an id with its arguments, not yet worded in any language.

use std::fmt;

use ical::{Moment, Zone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A message of operations with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    /// The message.
    pub id: MessageId,
    /// Its arguments, in the order of [`MessageId::arguments`].
    pub values: Vec<Value>,
}

/// An argument that a message declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name in the catalogues and in the database.
    pub name: &'static str,
    /// What it is.
    pub kind: ArgumentKind,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// [`Value::Text`]
    Text,
    /// [`Value::Name`]
    Name,
    /// [`Value::Number`]
    Number,
    /// [`Value::Moment`]
    Moment,
    /// [`Value::Message`]
    Message,
    /// [`Value::List`]
    List,
}

/// A whole number of any size, or a reference to one, as templates have it.
pub trait Number {
    /// Itself; one that is too large is the largest.
    fn whole(self) -> i64;
}

macro_rules! numbers {
    ($($of:ty)*) => {
        $(impl Number for $of {
            fn whole(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        })*
    };
}

numbers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

impl<N: Number + Copy> Number for &N {
    fn whole(self) -> i64 {
        (*self).whole()
    }
}

/// An argument of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// A text that is the same in every language.
    Text(String),
    /// A name that somebody gave, which is shown in quotation marks.
    Name(String),
    /// A whole number, by which a language chooses its plural.
    Number(i64),
    /// A moment, which is shown on the clock of its zone.
    Moment(Time),
    /// A message of its own.
    Message(#[serde(with = "nested")] Box<Message>),
    /// Several.
    List(Vec<Value>),
}

/// A moment and the zone on whose clock it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Time {
    /// In seconds since 1970.
    pub at: i64,
    /// An IANA name.
    pub zone: String,
}

impl Time {
    /// A moment on the clock of a zone.
    pub fn new(zone: &Zone, moment: Moment) -> Time {
        Time { at: moment.0, zone: zone.name().to_owned() }
    }

    /// The moment.
    pub fn moment(&self) -> Moment {
        Moment(self.at)
    }

    /// Its zone; UTC, if the zone is not known any more.
    pub fn zone(&self) -> Zone {
        Zone::iana(&self.zone).unwrap_or_else(Zone::utc)
    }
}

impl Value {
    /// A text that is the same in every language.
    pub fn of_text(text: impl fmt::Display) -> Value {
        Value::Text(text.to_string())
    }

    /// A name that somebody gave.
    pub fn of_name(name: impl fmt::Display) -> Value {
        Value::Name(name.to_string())
    }

    /// A whole number; one that is too large is the largest.
    pub fn of_number(number: impl Number) -> Value {
        Value::Number(number.whole())
    }

    /// A moment.
    pub fn of_moment(time: Time) -> Value {
        Value::Moment(time)
    }

    /// A message of its own.
    pub fn of_message(message: impl Into<Message>) -> Value {
        Value::Message(Box::new(message.into()))
    }

    /// Several.
    pub fn of_list(values: Vec<Value>) -> Value {
        Value::List(values)
    }

    fn kind(&self) -> ArgumentKind {
        match self {
            Value::Text(_) => ArgumentKind::Text,
            Value::Name(_) => ArgumentKind::Name,
            Value::Number(_) => ArgumentKind::Number,
            Value::Moment(_) => ArgumentKind::Moment,
            Value::Message(_) => ArgumentKind::Message,
            Value::List(_) => ArgumentKind::List,
        }
    }
}

impl Message {
    /// A text of another layer or program: it is the same in every language.
    pub fn quoted(words: impl fmt::Display) -> Message {
        MessageId::quoted(words)
    }

    /// The JSON for the database: `{"id": …, "arguments": {…}}` with each argument by its name, as
    /// `{"number": 5}`. [`Message::of_stored`] reads it.
    pub fn to_stored(&self) -> String {
        self.to_json().to_string()
    }

    /// Reads the JSON of [`Message::to_stored`]. Anything else, such as an unknown message, is
    /// quoted as it is.
    pub fn of_stored(stored: &str) -> Message {
        let read = serde_json::from_str::<Stored>(stored).map_err(|error| error.to_string());
        read.and_then(Message::try_from).unwrap_or_else(|_| Message::quoted(stored))
    }

    fn to_json(&self) -> Json {
        let names = self.id.arguments().iter().map(|it| it.name.to_owned());
        let values = self.values.iter().map(|it| serde_json::to_value(it).unwrap_or_default());
        let arguments: Map<String, Json> = names.zip(values).collect();
        let mut all = Map::new();
        all.insert("id".to_owned(), Json::from(self.id.id()));
        if !arguments.is_empty() {
            all.insert("arguments".to_owned(), Json::from(arguments));
        }
        Json::from(all)
    }
}

/// The JSON of [`Message::to_stored`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    id: String,
    #[serde(default)]
    arguments: std::collections::BTreeMap<String, Value>,
}

impl TryFrom<Stored> for Message {
    type Error = String;

    fn try_from(Stored { id, mut arguments }: Stored) -> Result<Message, String> {
        let found = MessageId::ALL.iter().find(|it| it.id() == id);
        let message_id = *found.ok_or_else(|| format!("there is no message {id}"))?;
        let mut values = Vec::new();
        for declared in message_id.arguments() {
            match arguments.remove(declared.name) {
                Some(value) if value.kind() == declared.kind => values.push(value),
                _ => return Err(format!("{id}: {} is missing or of another kind", declared.name)),
            }
        }
        match arguments.is_empty() {
            true => Ok(Message { id: message_id, values }),
            false => Err(format!("{id}: there is an argument too many")),
        }
    }
}

/// A message in an argument, as JSON for the database.
mod nested {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Message, Stored};

    pub(super) fn serialize<S: Serializer>(
        message: &Message,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        message.to_json().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Box<Message>, D::Error> {
        let message = Message::try_from(Stored::deserialize(from)?);
        message.map(Box::new).map_err(serde::de::Error::custom)
    }
}

/// In English, for answers of the API.
impl Serialize for Message {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<MessageId> for Message {
    /// A message without arguments.
    fn from(id: MessageId) -> Message {
        debug_assert!(id.arguments().is_empty(), "{id:?} has arguments");
        Message { id, values: Vec::new() }
    }
}

/// A message without arguments, in English.
impl fmt::Display for MessageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Message::from(*self).fmt(formatter)
    }
}
