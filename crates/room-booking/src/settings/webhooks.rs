//! The settings of webhooks.

use std::sync::Arc;

use operations::{MAX_ENDPOINTS, Webhooks};
use secrecy::{ExposeSecret as _, SecretString};
use webhooks::{Endpoint, Secret};

use super::reader::Reader;

/// Where webhooks go, and what they are signed with.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// The addresses.
    pub endpoints: Arc<[Endpoint]>,
    secret: SecretString,
}

impl WebhookSettings {
    /// What sends them.
    ///
    /// # Errors
    ///
    /// A sentence, if they cannot be sent.
    pub fn open(&self) -> Result<Webhooks, String> {
        let secret = Secret::parse(self.secret.expose_secret());
        let secret = secret.ok_or_else(|| MUST.to_owned())?;
        Webhooks::new(self.endpoints.to_vec(), secret)
    }
}

/// What a secret has to be.
const MUST: &str =
    "whsec_ and 24 to 64 random bytes in base64, such as: echo whsec_$(openssl rand -base64 32)";

impl Reader<'_> {
    /// Where webhooks go.
    pub(super) fn webhooks(&mut self) -> Option<WebhookSettings> {
        let addresses = self.list("WEBHOOK_URLS");
        let must = "addresses of http or https with commas between, such as https://hooks.example.org/rooms";
        let endpoints: Vec<Endpoint> = addresses
            .iter()
            .filter_map(|it| self.read("WEBHOOK_URLS", Some(it.clone()), must, Endpoint::parse))
            .collect();
        if endpoints.len() > MAX_ENDPOINTS {
            self.wrong.push(format!("WEBHOOK_URLS must be at most {MAX_ENDPOINTS} addresses"));
        }
        let secret = self.text("WEBHOOK_SECRET");
        let secret = self.read("WEBHOOK_SECRET", secret, MUST, |it| {
            Secret::parse(it).map(|_| SecretString::from(it))
        });
        match secret {
            Some(secret) if !endpoints.is_empty() => {
                Some(WebhookSettings { endpoints: endpoints.into(), secret })
            }
            None if !addresses.is_empty() => {
                if self.text("WEBHOOK_SECRET").is_none() {
                    self.wrong
                        .push(format!("WEBHOOK_URLS is set, so WEBHOOK_SECRET must be {MUST}"));
                }
                None
            }
            _ => None,
        }
    }
}
