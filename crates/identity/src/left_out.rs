//! What stands in place of the clients in a build without them: types of which there is no value.

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use crate::settings::{AtProvider, DirectorySettings, NAME, OpenIdSettings};
use crate::{Failure, Person};

/// Why there is none.
const LEFT_OUT: &str = "this program was built without sign-in by OpenID Connect and LDAP; take a package or an image, \
                        or build it with `--features full`";

/// A provider that people sign in at; there is none in this build.
#[derive(Clone, Copy, Debug)]
pub enum OpenId {}

/// A directory that people sign in at; there is none in this build.
#[derive(Clone, Copy, Debug)]
pub enum Directory {}

impl OpenId {
    /// There is none.
    ///
    /// # Errors
    ///
    /// Always: a sentence that says how to build the program with it.
    pub fn new(_settings: OpenIdSettings) -> Result<OpenId, String> {
        Err(LEFT_OUT.to_owned())
    }

    /// The provider's name of itself.
    pub fn issuer(&self) -> &str {
        match *self {}
    }

    /// Why the provider could not be asked the last time, if that is not over.
    pub fn failure(&self) -> Option<Failure> {
        match *self {}
    }

    /// Asks the provider what it is.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub async fn check(&self) -> Result<(), Failure> {
        match *self {}
    }

    /// Asks the provider what it is, beside what goes on.
    pub fn look(self: &Arc<OpenId>) {
        match **self {}
    }

    /// Begins a sign-in.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub async fn begin(&self) -> Result<(Url, AtProvider), Failure> {
        match *self {}
    }

    /// Completes a sign-in.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub async fn complete(
        self: &Arc<OpenId>,
        _code: SecretString,
        _at_provider: AtProvider,
    ) -> Result<Person, Failure> {
        match **self {}
    }

    /// Where the browser is to go to end the session at the provider.
    pub async fn end_session(&self) -> Option<Url> {
        match *self {}
    }
}

impl Directory {
    /// There is none.
    ///
    /// # Errors
    ///
    /// Always: a sentence that says how to build the program with it.
    pub fn new(_settings: DirectorySettings) -> Result<Directory, String> {
        Err(LEFT_OUT.to_owned())
    }

    /// Whether a filter has a place for the name.
    pub fn is_filter(text: &str) -> bool {
        text.contains(NAME)
    }

    /// The name of the directory in identities.
    pub fn issuer(&self) -> String {
        match *self {}
    }

    /// Who somebody with this name and password is.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub async fn sign_in(
        self: &Arc<Directory>,
        _name: &str,
        _password: &SecretString,
    ) -> Result<Option<Person>, Failure> {
        match **self {}
    }

    /// Whether a password is the one of the entry that this subject names.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub async fn proves(
        self: &Arc<Directory>,
        _subject: &str,
        _password: &SecretString,
    ) -> Result<bool, Failure> {
        match **self {}
    }

    /// Whether the entry that this subject names is in the group of administrators.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub async fn is_administrator(
        self: &Arc<Directory>,
        _subject: &str,
    ) -> Result<Option<bool>, Failure> {
        match **self {}
    }

    /// Signs in with the service account.
    ///
    /// # Errors
    ///
    /// None: there is no such value.
    pub async fn check(self: &Arc<Directory>) -> Result<(), Failure> {
        match **self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> Url {
        Url::parse("https://id.example.org").expect("an address")
    }

    #[test]
    fn a_build_without_the_clients_says_how_to_get_them() {
        let provider = OpenId::new(OpenIdSettings {
            issuer: url().to_string(),
            client_id: "rooms".to_owned(),
            client_secret: SecretString::from("secret"),
            scopes: Vec::new(),
            groups_claim: "groups".to_owned(),
            admin_group: None,
            authorities: Vec::new(),
            redirect: url(),
            after_sign_out: url(),
        });
        let directory = Directory::new(DirectorySettings {
            url: url(),
            starttls: false,
            bind: None,
            base: "dc=example".to_owned(),
            filter: "(uid={name})".to_owned(),
            admin_group: None,
            authorities: Vec::new(),
        });
        for reason in [provider.map(|_| ()), directory.map(|_| ())] {
            assert!(reason.expect_err("there is none").contains("--features full"));
        }
    }
}
