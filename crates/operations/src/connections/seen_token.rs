//! Sync-tokens that are times: until when what a server lists with one may have changed.

use std::time::Duration;

use facts::Clock;
use facts::clock::Instant;

/// How long after a sync-token was first seen its second has passed, where tokens are times.
const TOKEN_SECOND: Duration = Duration::from_secs(2);

/// The sync-token of a calendar's last look, where tokens are times
/// ([`caldav::Quirks::tokens_are_times`]): what the server lists is listed again by each look until something
/// else changes. Read once after the token's second has passed, it cannot have changed in it any more.
#[derive(Clone, Debug)]
pub(crate) struct SeenToken {
    token: String,
    first_seen: Instant,
    is_read_after: bool,
}

impl SeenToken {
    /// Whether what is listed with a token was read after the token's second.
    pub fn is_read(seen: Option<&SeenToken>, token: Option<&str>) -> bool {
        seen.is_some_and(|it| it.is_read_after && Some(it.token.as_str()) == token)
    }

    /// What is known after a look that began at a moment and read what is listed with a token.
    pub fn after(
        seen: Option<SeenToken>,
        token: Option<&str>,
        begun: Instant,
        clock: &Clock,
    ) -> Option<SeenToken> {
        let token = token?;
        match seen.filter(|it| it.token == token) {
            Some(seen) => {
                let passed = clock.elapsed(seen.first_seen).saturating_sub(clock.elapsed(begun));
                let is_read_after = seen.is_read_after || passed >= TOKEN_SECOND;
                Some(SeenToken { is_read_after, ..seen })
            }
            None => Some(SeenToken {
                token: token.to_owned(),
                first_seen: clock.instant(),
                is_read_after: false,
            }),
        }
    }
}
