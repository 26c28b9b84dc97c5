//! The settings of those who vouch for people: an OpenID Connect provider, and an LDAP directory.

use std::path::PathBuf;
use std::sync::Arc;

use identity::{CertificateDer, Directory, DirectorySettings, OpenId, OpenIdSettings, is_loopback};
use secrecy::SecretString;
use store::users::Ways;
use url::Url;

use super::reader::Reader;

/// The path that a provider leads back to.
pub const CALLBACK: &str = "/admin/sign-in/openid/callback";
/// What is asked of a provider beside `openid`, unless OIDC_SCOPES is set.
const SCOPES: [&str; 2] = ["email", "profile"];
/// The claim of groups, unless OIDC_GROUPS_CLAIM is set.
const GROUPS_CLAIM: &str = "groups";
/// How an entry is found, unless LDAP_FILTER is set.
const FILTER: &str = "(uid={name})";
/// The most characters of OIDC_NAME.
const MAX_NAME: usize = 60;

/// Sign-in with OpenID Connect.
#[derive(Clone, Debug)]
pub struct OpenIdSignIn {
    /// The provider.
    pub provider: Arc<OpenId>,
    /// What it is called on the site.
    pub name: String,
    /// How it is used, for showing.
    pub settings: OpenIdSettings,
    /// Whether nobody signs in with a password.
    pub is_only: bool,
    /// Whether people become ordinary users at their first sign-in.
    pub makes_users: bool,
    /// The file of further authorities, for showing.
    pub ca_file: Option<PathBuf>,
}

/// Sign-in against a directory.
#[derive(Clone, Debug)]
pub struct DirectorySignIn {
    /// The directory.
    pub directory: Arc<Directory>,
    /// How it is used, for showing.
    pub settings: DirectorySettings,
    /// Whether people become ordinary users at their first sign-in.
    pub makes_users: bool,
    /// The file of further authorities, for showing.
    pub ca_file: Option<PathBuf>,
}

/// An address without a user, a query and a fragment.
fn plain_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_plain.then_some(url)
}

/// A host of LDAP, optionally with a port, without a path.
fn directory_url(text: &str) -> Option<Url> {
    let url = plain_url(text)?;
    let is_right = matches!(url.scheme(), "ldap" | "ldaps")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && matches!(url.path(), "" | "/");
    is_right.then_some(url)
}

/// The ways in which people can sign in.
pub(super) fn ways(openid: Option<&OpenIdSignIn>, directory: Option<&DirectorySignIn>) -> Ways {
    Ways {
        passwords: !openid.is_some_and(|it| it.is_only),
        openid: openid.map(|it| it.settings.issuer.clone()),
        directory: directory.map(|it| it.directory.issuer()),
    }
}

impl Reader<'_> {
    /// The authorities of a file.
    fn authorities(&mut self, name: &str) -> (Option<PathBuf>, Vec<CertificateDer<'static>>) {
        let Some(path) = self.text(name).map(PathBuf::from) else { return (None, Vec::new()) };
        let read = mail::read_authorities(&path);
        if let Err(reason) = &read {
            self.wrong.push(format!("{name} cannot be used: {reason}"));
        }
        (Some(path), read.unwrap_or_default())
    }

    /// That settings do nothing without another one.
    fn needs(&mut self, names: &[&str], other: &str) {
        for name in names {
            if self.text(name).is_some() {
                self.wrong.push(format!("{name} is set, so {other} must be set"));
            }
        }
    }

    /// The provider, if there is one.
    pub(super) fn openid(&mut self, public_url: Option<&Url>) -> Option<OpenIdSignIn> {
        let text = self.text("OIDC_ISSUER");
        let must = "the issuer of your provider, such as https://id.example.org, with https unless it is on this host";
        let issuer = self.read("OIDC_ISSUER", text.clone(), must, |text| {
            let url = plain_url(text)?;
            let is_safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
            is_safe.then(|| (text.to_owned(), url))
        });
        let name = self.text("OIDC_NAME");
        let name = self.read("OIDC_NAME", name, "at most 60 characters", |text| {
            (text.chars().count() <= MAX_NAME).then(|| text.to_owned())
        });
        let scopes = self.text("OIDC_SCOPES");
        let scopes: Vec<String> = match &scopes {
            Some(all) => {
                all.split([' ', ',']).filter(|it| !it.is_empty()).map(str::to_owned).collect()
            }
            None => SCOPES.map(str::to_owned).to_vec(),
        };
        let scopes = scopes.into_iter().filter(|it| it != "openid").collect();
        let groups_claim = self.text("OIDC_GROUPS_CLAIM");
        let admin_group = self.text("OIDC_ADMIN_GROUP");
        let makes_users = self.boolean("OIDC_CREATE_USERS");
        let is_only = self.boolean("OIDC_ONLY");
        let (ca_file, authorities) = self.authorities("OIDC_CA_FILE");
        let client_id = self.text("OIDC_CLIENT_ID");
        let client_secret = self.text("OIDC_CLIENT_SECRET").map(SecretString::from);
        if text.is_none() {
            self.needs(&["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"], "OIDC_ISSUER");
            if is_only {
                self.wrong.push("OIDC_ONLY is set, so OIDC_ISSUER must be set".to_owned());
            }
            return None;
        }
        for (name, is_set) in [
            ("OIDC_CLIENT_ID", client_id.is_some()),
            ("OIDC_CLIENT_SECRET", client_secret.is_some()),
        ] {
            if !is_set {
                self.wrong.push(format!("OIDC_ISSUER is set, so {name} must be set"));
            }
        }
        let (issuer, url) = issuer?;
        let base = public_url?.as_str().trim_end_matches('/');
        let of_site = |path: &str| Url::parse(&format!("{base}{path}")).ok();
        let settings = OpenIdSettings {
            issuer,
            client_id: client_id?,
            client_secret: client_secret?,
            scopes,
            groups_claim: groups_claim.unwrap_or_else(|| GROUPS_CLAIM.to_owned()),
            admin_group,
            authorities,
            redirect: of_site(CALLBACK)?,
            after_sign_out: of_site("/admin/sign-in")?,
        };
        match OpenId::new(settings.clone()) {
            Ok(provider) => {
                let name = name.or_else(|| url.host_str().map(str::to_owned)).unwrap_or_default();
                let provider = Arc::new(provider);
                Some(OpenIdSignIn { provider, name, settings, is_only, makes_users, ca_file })
            }
            Err(reason) => {
                self.wrong.push(format!("OIDC_ISSUER cannot be used: {reason}"));
                None
            }
        }
    }

    /// The directory, if there is one.
    pub(super) fn directory(&mut self, is_openid_only: bool) -> Option<DirectorySignIn> {
        let text = self.text("LDAP_URL");
        let must = "ldaps://HOST or ldap://HOST, with a port if it is not the usual one";
        let url = self.read("LDAP_URL", text.clone(), must, directory_url);
        let starttls = self.text("LDAP_STARTTLS").map(|_| self.boolean("LDAP_STARTTLS"));
        let filter = self.text("LDAP_FILTER");
        let must = "a filter (RFC 4515) with {name} in it, such as (uid={name})";
        let filter = self.read("LDAP_FILTER", filter, must, |text| {
            Directory::is_filter(text).then(|| text.to_owned())
        });
        let makes_users = self.boolean("LDAP_CREATE_USERS");
        let (ca_file, authorities) = self.authorities("LDAP_CA_FILE");
        let base = self.text("LDAP_BASE");
        let admin_group = self.text("LDAP_ADMIN_GROUP");
        let name = self.text("LDAP_BIND_DN");
        let password = self.text("LDAP_BIND_PASSWORD").map(SecretString::from);
        if name.is_some() != password.is_some() {
            let sentence = "LDAP_BIND_DN and LDAP_BIND_PASSWORD must be set together, or neither";
            self.wrong.push(sentence.to_owned());
        }
        if text.is_none() {
            self.needs(&["LDAP_BASE", "LDAP_FILTER", "LDAP_ADMIN_GROUP"], "LDAP_URL");
            return None;
        }
        if base.is_none() {
            self.wrong.push("LDAP_URL is set, so LDAP_BASE must be set".to_owned());
        }
        if is_openid_only {
            self.wrong.push("LDAP_URL and OIDC_ONLY contradict each other".to_owned());
        }
        let url = url?;
        let is_plain = url.scheme() == "ldap";
        let settings = DirectorySettings {
            starttls: is_plain && starttls.unwrap_or_else(|| !is_loopback(&url)),
            url,
            bind: name.zip(password),
            base: base?,
            filter: filter.unwrap_or_else(|| FILTER.to_owned()),
            admin_group,
            authorities,
        };
        if settings.is_exposed() {
            let sentence =
                "LDAP_STARTTLS must not be off: passwords would go over the network unencrypted";
            self.wrong.push(sentence.to_owned());
        }
        match Directory::new(settings.clone()) {
            Ok(directory) => {
                let directory = Arc::new(directory);
                Some(DirectorySignIn { directory, settings, makes_users, ca_file })
            }
            Err(reason) => {
                self.wrong.push(format!("LDAP_URL cannot be used: {reason}"));
                None
            }
        }
    }
}
