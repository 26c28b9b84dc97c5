//! What the reader of a message can do without signing in, and the rooms that are free.

use std::collections::BTreeMap;

use minijinja::Value;
use serde::{Deserialize, Serialize};

use crate::limits::MAX_ROOMS;
use crate::untrusted::{one_line, web_address};

/// Links for the reader of a message. A link is all that it takes to act, so they go to nobody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Links {
    /// Where the reader gives up the booking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub give_up: Option<String>,
    /// Where the reader moves it to another room.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub r#move: Vec<MoveLink>,
    /// Where the reader asks an administrator to decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// Of an offer, where the reader takes the booking back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore: Option<String>,
    /// Where all dates are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_dates: Option<String>,
}

/// A link by which a booking is moved to a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveLink {
    /// The room's name.
    pub room: String,
    /// Where it is done.
    pub url: String,
}

/// A room that is free for the whole time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeRoom {
    /// Its name.
    pub name: String,
    /// Where it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Links {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Links::default()
    }

    /// The links, cut to the bounds of templates; those that lead to no page of the web are left out.
    pub(crate) fn trimmed(&self) -> Links {
        let page = |url: &Option<String>| url.as_deref().and_then(web_address).map(str::to_owned);
        let moves = self.r#move.iter().filter_map(|it| {
            let url = web_address(&it.url)?.to_owned();
            Some(MoveLink { room: one_line(&it.room), url })
        });
        Links {
            give_up: page(&self.give_up),
            r#move: moves.take(MAX_ROOMS).collect(),
            ask: page(&self.ask),
            restore: page(&self.restore),
            all_dates: page(&self.all_dates),
        }
    }

    /// They as a variable of a template; each is there, and none where there is no such link.
    pub(crate) fn variable(&self) -> Value {
        let Links { give_up, r#move, ask, restore, all_dates } = self.trimmed();
        let moves = r#move.into_iter().map(|it| {
            Value::from(BTreeMap::from([
                ("room", Value::from(it.room)),
                ("url", Value::from(it.url)),
            ]))
        });
        Value::from(BTreeMap::from([
            ("give_up", Value::from(give_up)),
            ("move", Value::from(moves.collect::<Vec<_>>())),
            ("ask", Value::from(ask)),
            ("restore", Value::from(restore)),
            ("all_dates", Value::from(all_dates)),
        ]))
    }
}

impl FreeRoom {
    /// The room, cut to the bounds of templates.
    pub(crate) fn trimmed(&self) -> FreeRoom {
        let url = self.url.as_deref().and_then(web_address).map(str::to_owned);
        FreeRoom { name: one_line(&self.name), url }
    }

    /// It as a variable of a template.
    pub(crate) fn variable(&self) -> Value {
        let FreeRoom { name, url } = self.trimmed();
        Value::from(BTreeMap::from([("name", Value::from(name)), ("url", Value::from(url))]))
    }
}
