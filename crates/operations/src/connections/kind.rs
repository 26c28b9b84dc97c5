//! The kind of a server, as the database keeps it and as the client knows it: the same words.

use caldav::ServerKind;
use store::accounts::{self, Account};

/// The recognised kind of an account's server.
pub(crate) fn kind_of(account: &Account) -> ServerKind {
    let kind = account.server_kind.map(|it| ServerKind::parse(it.as_str()));
    kind.unwrap_or(ServerKind::Other)
}

/// A kind as the database keeps it.
pub(crate) fn stored_kind(kind: ServerKind) -> accounts::ServerKind {
    accounts::ServerKind::parse(kind.as_str()).unwrap_or(accounts::ServerKind::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_has_a_word_for_each_kind_of_server_that_the_client_knows() {
        let of_client = ServerKind::ALL.map(ServerKind::as_str);
        assert_eq!(accounts::ServerKind::ALL.map(accounts::ServerKind::as_str), of_client);
    }
}
