//! The settings of the mail server.

use std::net::IpAddr;
use std::path::PathBuf;

use mail::Security;
use secrecy::SecretString;

/// The settings of the mail server.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Host.
    pub server: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Sender's address.
    pub email: String,
    /// Sender's display name.
    pub sender_name: Option<String>,
    /// Login.
    pub user_name: String,
    /// Password; without one, no sign-in is attempted.
    pub password: Option<SecretString>,
    /// Addresses that get a blind copy.
    pub bcc: Vec<String>,
    /// The address for replies, if not the sender.
    pub reply_to: Option<String>,
    /// The largest number of messages a minute.
    pub rate: u32,
    /// Further certificate authorities.
    pub ca_file: Option<PathBuf>,
}

impl Smtp {
    /// The connection settings of the mail server, for a client host of that name.
    pub fn server(&self, hello: &str) -> mail::Smtp {
        let login = self.password.clone().map(|password| (self.user_name.clone(), password));
        mail::Smtp {
            host: self.server.clone(),
            port: self.port,
            security: self.security,
            login,
            ca_file: self.ca_file.clone(),
            hello: hello.to_owned(),
            timeouts: mail::Timeouts::default(),
        }
    }

    /// The sender of messages.
    pub fn sender(&self) -> mail::Sender {
        mail::Sender {
            address: self.email.clone(),
            name: self.sender_name.clone(),
            reply_to: self.reply_to.clone(),
            bcc: self.bcc.clone(),
        }
    }

    /// Whether a password or a message would be sent unencrypted over a network.
    pub fn is_exposed(&self) -> bool {
        let is_loopback = self.server == "localhost"
            || self.server.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        self.security == Security::None && !is_loopback
    }
}
