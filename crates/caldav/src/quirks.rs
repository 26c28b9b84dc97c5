//! Kinds of servers, and how they deviate from the RFCs.

use std::fmt;

/// The kind of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ServerKind {
    /// Nextcloud, and ownCloud before it.
    Nextcloud,
    /// sabre/dav and what is made of it: Baïkal and others.
    Sabre,
    /// Radicale.
    Radicale,
    /// Xandikos.
    Xandikos,
    /// DAViCal.
    Davical,
    /// Cyrus IMAP.
    Cyrus,
    /// SOGo.
    Sogo,
    /// RustiCal.
    RustiCal,
    /// Zimbra.
    Zimbra,
    /// An unknown server. It is expected to follow the RFCs, except for conditional writes, which
    /// are probed first ([`Collection::probe_conditions`](crate::Collection::probe_conditions)).
    #[default]
    Other,
}

impl ServerKind {
    /// All of them.
    pub const ALL: [ServerKind; 10] = [
        ServerKind::Nextcloud,
        ServerKind::Sabre,
        ServerKind::Radicale,
        ServerKind::Xandikos,
        ServerKind::Davical,
        ServerKind::Cyrus,
        ServerKind::Sogo,
        ServerKind::RustiCal,
        ServerKind::Zimbra,
        ServerKind::Other,
    ];

    /// A short name in lower case, for databases.
    pub fn as_str(self) -> &'static str {
        match self {
            ServerKind::Nextcloud => "nextcloud",
            ServerKind::Sabre => "sabre",
            ServerKind::Radicale => "radicale",
            ServerKind::Xandikos => "xandikos",
            ServerKind::Davical => "davical",
            ServerKind::Cyrus => "cyrus",
            ServerKind::Sogo => "sogo",
            ServerKind::RustiCal => "rustical",
            ServerKind::Zimbra => "zimbra",
            ServerKind::Other => "other",
        }
    }

    /// What [`ServerKind::as_str`] wrote; anything else is [`ServerKind::Other`].
    pub fn parse(name: &str) -> ServerKind {
        let found = ServerKind::ALL.into_iter().find(|it| it.as_str() == name);
        found.unwrap_or(ServerKind::Other)
    }

    /// Whether its behaviour was never measured, so that nothing is assumed.
    pub fn is_unknown(self) -> bool {
        matches!(self, ServerKind::Other | ServerKind::Zimbra)
    }

    /// What this server does otherwise than the RFCs say.
    pub fn quirks(self) -> Quirks {
        let none = Quirks::default();
        match self {
            ServerKind::Nextcloud => Quirks {
                gone_is_412: true,
                gives_no_etag_after_scheduling: true,
                has_activity: true,
                hides_parts_from_sharees: true,
                tells_answers_by_changes_only: true,
                ..none
            },
            ServerKind::Sabre => Quirks { gone_is_412: true, ..none },
            ServerKind::Radicale => {
                Quirks { too_large_is_412: true, rewrites_bodies: true, ..none }
            }
            ServerKind::Cyrus => {
                Quirks { rewrites_bodies: true, leaves_question_marks: true, ..none }
            }
            ServerKind::Davical => Quirks { answers_invalid_tokens_with_everything: true, ..none },
            ServerKind::Sogo => Quirks {
                ignores_if_match_on_delete: true,
                ignores_if_none_match: true,
                ctag_counts_seconds: true,
                rewrites_bodies: true,
                answers_invalid_tokens_with_everything: true,
                etag_counters_restart: true,
                hides_parts_from_sharees: true,
                ends_connections_unsaid: true,
                lists_changes_unescaped: true,
                tokens_are_times: true,
                tells_answers_by_changes_only: true,
                tells_answers_or_dates: true,
                ..none
            },
            ServerKind::RustiCal => Quirks {
                ignores_if_match_on_put: true,
                existing_is_409: true,
                stale_delete_is_403: true,
                gone_is_success: true,
                rewrites_bodies: true,
                answers_invalid_tokens_with_everything: true,
                ..none
            },
            ServerKind::Xandikos | ServerKind::Zimbra | ServerKind::Other => none,
        }
    }
}

impl fmt::Display for ServerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ServerKind::Nextcloud => "Nextcloud",
            ServerKind::Sabre => "sabre/dav",
            ServerKind::Radicale => "Radicale",
            ServerKind::Xandikos => "Xandikos",
            ServerKind::Davical => "DAViCal",
            ServerKind::Cyrus => "Cyrus",
            ServerKind::Sogo => "SOGo",
            ServerKind::RustiCal => "RustiCal",
            ServerKind::Zimbra => "Zimbra",
            ServerKind::Other => "a CalDAV server",
        })
    }
}

/// How a server deviates from the RFCs, as measured on running servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quirks {
    /// A DELETE with an outdated If-Match deletes: the object is read right before.
    pub ignores_if_match_on_delete: bool,
    /// A PUT with an outdated If-Match overwrites: the object is read right before.
    pub ignores_if_match_on_put: bool,
    /// A PUT with `If-None-Match: *` overwrites what is there: it is looked for right before.
    pub ignores_if_none_match: bool,
    /// `If-None-Match: *` on something that exists is 409 in place of 412.
    pub existing_is_409: bool,
    /// A DELETE with an outdated If-Match is 403 in place of 412.
    pub stale_delete_is_403: bool,
    /// An object that is too large is 412 without a precondition, as if it had been changed.
    pub too_large_is_412: bool,
    /// The ctag is the second of the last change: another change within the same second does not
    /// change it.
    pub ctag_counts_seconds: bool,
    /// What is stored is not what was sent, byte for byte: compare meaning after a write.
    pub rewrites_bodies: bool,
    /// A conditional DELETE of an object that is gone is 412 in place of 404.
    pub gone_is_412: bool,
    /// A DELETE of an object that is gone is answered as a success, whatever its If-Match: the
    /// object is read right before, so that another client's deletion is not taken for ours.
    pub gone_is_success: bool,
    /// An unknown sync-token is answered with all members as if they were changes.
    pub answers_invalid_tokens_with_everything: bool,
    /// ETags are counters that restart when an object is created anew: an ETag that is equal does not
    /// mean an object that is equal.
    pub etag_counters_restart: bool,
    /// A PUT that makes the server send invitations is answered without ETag.
    pub gives_no_etag_after_scheduling: bool,
    /// It closes connections after its answers without announcing it: each request gets its own
    /// connection, because a write whose connection is reset may have been carried out.
    pub ends_connections_unsaid: bool,
    /// The hrefs in a sync-collection are not escaped.
    pub lists_changes_unescaped: bool,
    /// Question marks in hrefs are not escaped.
    pub leaves_question_marks: bool,
    /// A sync-token is the second of the last change. Changes in that second are listed repeatedly,
    /// and deletions are listed also without a known token.
    pub tokens_are_times: bool,
    /// The answer in a copy that changes is sent to the organizer, and that in one that is created is not.
    pub tells_answers_by_changes_only: bool,
    /// Of a copy in which both an answer and the dates change, it sends the organizer the dates only, and of
    /// several the last one: the answer is written first, by a request of its own.
    pub tells_answers_or_dates: bool,
    /// The Activity app knows who created an event.
    pub has_activity: bool,
    /// Users with whom a calendar is shared see confidential events in part only (`SUMMARY:Busy`);
    /// these must never be written back.
    pub hides_parts_from_sharees: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_as_it_is_written() {
        for kind in ServerKind::ALL {
            assert_eq!(ServerKind::parse(kind.as_str()), kind);
            assert!(!kind.to_string().is_empty());
        }
        // The last one of the enum: with one more behind it, this line has to name that one.
        assert_eq!(ServerKind::ALL.len(), ServerKind::Other as usize + 1);
        assert_eq!(ServerKind::parse("something new"), ServerKind::Other);
    }

    #[test]
    fn a_server_that_is_not_known_is_taken_at_the_word_of_the_rfcs() {
        assert_eq!(ServerKind::Other.quirks(), Quirks::default());
    }
}
