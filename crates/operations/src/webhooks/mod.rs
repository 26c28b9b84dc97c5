//! Webhooks: messages about what happened, to addresses that administrators have set.

pub(crate) mod announce;
pub(crate) mod deliver;
pub(crate) mod manage;

use std::collections::HashSet;

use ::webhooks::{Client, Endpoint, Secret};

/// The most addresses.
pub const MAX_ENDPOINTS: usize = 10;

/// Where webhooks go; nowhere, by default.
#[derive(Debug, Default)]
pub struct Webhooks {
    endpoints: Vec<Endpoint>,
    sender: Option<(Client, Secret)>,
}

impl Webhooks {
    /// Webhooks to these addresses, each once, at most [`MAX_ENDPOINTS`].
    ///
    /// # Errors
    ///
    /// A sentence, if the system trusts no authorities.
    pub fn new(mut endpoints: Vec<Endpoint>, secret: Secret) -> Result<Webhooks, String> {
        let mut seen = HashSet::new();
        endpoints.retain(|it| seen.insert(it.id()));
        endpoints.truncate(MAX_ENDPOINTS);
        Ok(Webhooks { endpoints, sender: Some((Client::new()?, secret)) })
    }

    /// The number of addresses.
    pub fn count(&self) -> usize {
        self.endpoints.len()
    }

    /// Where they lead to, without what may be secret in them.
    pub fn shown(&self) -> Vec<String> {
        self.endpoints.iter().map(Endpoint::shown).collect()
    }

    /// Where the address leads to that the database names so; `None` if it is set no more.
    pub fn shown_as(&self, id: &str) -> Option<String> {
        self.endpoints.iter().find(|it| it.id() == id).map(Endpoint::shown)
    }
}
