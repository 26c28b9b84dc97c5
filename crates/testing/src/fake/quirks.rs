//! Quirks of servers.

/// The appearance of the server: its headers and the form of its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// `/calendars/room/NAME/` on a server without a name.
    Plain,
    /// `/remote.php/dav/calendars/room/NAME/`, with Nextcloud's DAV header.
    Nextcloud,
    /// `/SOGo/dav/room/Calendar/NAME/`, with SOGo's Server header on writes.
    Sogo,
    /// `/calendars/room/NAME/`, with sabre's header.
    Sabre,
}

/// How an invalid sync-token is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadToken {
    /// 403 with `valid-sync-token`, as RFC 6578 has it.
    Forbidden,
    /// 412 with `valid-sync-token`: Xandikos.
    PreconditionFailed,
    /// 207 with all objects: DAViCal, SOGo, RustiCal.
    Everything,
    /// 410 without a body.
    Gone,
}

/// When a PUT is answered with an ETag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtagAfterPut {
    /// Always.
    Always,
    /// Not for objects with attendees: Nextcloud, whose scheduling writes them once more.
    WithoutAttendees,
    /// Never.
    Never,
}

/// The source of ETags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Etags {
    /// Of the text and of when it was written.
    Texts,
    /// Of how often the object was written since it was created: SOGo.
    Counters,
    /// Weak ones, for which no condition holds: a proxy that compresses.
    Weak,
}

/// The authentication scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Basic, or a bearer token.
    Basic,
    /// Digest with MD5 and nothing else: Baïkal as it is installed.
    Digest,
}

/// How the server escapes addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// `%40`, `%C3%BC`, `~`: Radicale, DAViCal.
    Upper,
    /// `@`, `%c3%bc`, `~`: Nextcloud, sabre.
    Lower,
    /// `%40`, `%C3%BC`, `%7E`: SOGo.
    Tilde,
}

/// How the server deviates from the RFCs.
#[derive(Clone, Debug)]
pub struct Quirks {
    /// Its appearance.
    pub look: Look,
    /// Whether `/.well-known/caldav` leads anywhere.
    pub well_known: bool,
    /// Whether it has sync-collection; else there is a ctag only.
    pub sync_collection: bool,
    /// The answer to an invalid token.
    pub bad_token: BadToken,
    /// Whether the token of an empty calendar is `-1`.
    pub minus_one_when_empty: bool,
    /// Whether the first sync lists objects that are gone: Radicale.
    pub gone_in_first_sync: bool,
    /// Whether calendar-data is given in a sync-collection, too.
    pub data_in_sync: bool,
    /// Whether a sync with a `limit` is answered with 507.
    pub limit_is_507: bool,
    /// Whether calendar-data is left out everywhere but in GET.
    pub drops_calendar_data: bool,
    /// Whether multiget leaves missing objects out; else they are 404.
    pub leaves_missing_out: bool,
    /// The status of a DELETE that worked.
    pub deleted: u16,
    /// The status of a DELETE of an object that is gone.
    pub gone: u16,
    /// The status of a DELETE with a stale If-Match; `None` deletes.
    pub stale_delete: Option<u16>,
    /// The status of a PUT with a stale If-Match; `None` overwrites.
    pub stale_put: Option<u16>,
    /// The status of a PUT with `If-None-Match: *` on what is there; `None` overwrites.
    pub not_new: Option<u16>,
    /// The status of a PUT that overwrote something.
    pub overwritten: u16,
    /// The status of a PUT of a UID that stands under another address; `None` stores it.
    pub uid_conflict: Option<u16>,
    /// When a PUT is answered with an ETag.
    pub etag_after_put: EtagAfterPut,
    /// The source of ETags.
    pub etags: Etags,
    /// How addresses are escaped.
    pub escapes: Escapes,
    /// Whether the hrefs of a sync-collection are escaped.
    pub escapes_in_sync: bool,
    /// How a sent text is changed before it is stored.
    pub rewrites: Option<fn(&str) -> String>,
    /// Whether DELETE moves objects to the trash bin by default.
    pub trash_bin: bool,
    /// The largest object in bytes, and the status for larger ones.
    pub largest: (usize, u16),
    /// Whether a token from the future, as after the restore of a backup, is answered with "no changes"
    /// and echoed: sabre and Nextcloud.
    pub echoes_future_tokens: bool,
    /// Whether the first sync lists nothing but the calendar itself.
    pub empty_first_sync: bool,
    /// The status of all writes, where the account may only read; Nextcloud says 404.
    pub read_only: Option<u16>,
    /// The authentication scheme.
    pub sign_in: SignIn,
    /// Whether the calendar lies in Nextcloud's trash bin: it answers, and says so when it is asked.
    pub is_trashed: bool,
}

impl Quirks {
    /// No quirks: the behaviour of the RFCs.
    pub const RFC: Quirks = Quirks {
        look: Look::Plain,
        well_known: true,
        sync_collection: true,
        bad_token: BadToken::Forbidden,
        minus_one_when_empty: false,
        gone_in_first_sync: false,
        data_in_sync: true,
        limit_is_507: false,
        drops_calendar_data: false,
        leaves_missing_out: false,
        deleted: 204,
        gone: 404,
        stale_delete: Some(412),
        stale_put: Some(412),
        not_new: Some(412),
        overwritten: 204,
        uid_conflict: Some(409),
        etag_after_put: EtagAfterPut::Always,
        etags: Etags::Texts,
        escapes: Escapes::Upper,
        escapes_in_sync: true,
        rewrites: None,
        trash_bin: false,
        largest: (10_000_000, 413),
        echoes_future_tokens: false,
        empty_first_sync: false,
        read_only: None,
        sign_in: SignIn::Basic,
        is_trashed: false,
    };

    /// A server without sync-collection.
    pub const CTAG_ONLY: Quirks = Quirks { sync_collection: false, ..Quirks::RFC };

    /// Nextcloud 31.
    pub const NEXTCLOUD: Quirks = Quirks {
        look: Look::Nextcloud,
        limit_is_507: true,
        leaves_missing_out: true,
        gone: 412,
        uid_conflict: Some(400),
        etag_after_put: EtagAfterPut::WithoutAttendees,
        escapes: Escapes::Lower,
        trash_bin: true,
        largest: (10_485_760, 403),
        echoes_future_tokens: true,
        ..Quirks::RFC
    };

    /// sabre/dav 4.7 as Baïkal installs it.
    pub const SABRE: Quirks = Quirks {
        look: Look::Sabre,
        leaves_missing_out: true,
        gone: 412,
        uid_conflict: None,
        escapes: Escapes::Lower,
        echoes_future_tokens: true,
        sign_in: SignIn::Digest,
        ..Quirks::RFC
    };

    /// An unknown server: Forward Email, which ignores the If-Match of a DELETE and answers a
    /// forgotten token with all members.
    pub const UNKNOWN: Quirks =
        Quirks { bad_token: BadToken::Everything, stale_delete: None, ..Quirks::RFC };

    /// SOGo 5.8.
    pub const SOGO: Quirks = Quirks {
        look: Look::Sogo,
        bad_token: BadToken::Everything,
        minus_one_when_empty: true,
        stale_delete: None,
        not_new: None,
        etags: Etags::Counters,
        escapes: Escapes::Tilde,
        escapes_in_sync: false,
        ..Quirks::RFC
    };

    /// RustiCal 0.14.
    pub const RUSTICAL: Quirks = Quirks {
        bad_token: BadToken::Everything,
        deleted: 200,
        gone: 200,
        stale_delete: Some(403),
        stale_put: None,
        not_new: Some(409),
        overwritten: 201,
        uid_conflict: None,
        largest: (4_194_304, 413),
        ..Quirks::RFC
    };

    /// Radicale 3.9.
    pub const RADICALE: Quirks = Quirks {
        gone_in_first_sync: true,
        deleted: 200,
        largest: (10_000_000, 412),
        ..Quirks::RFC
    };

    /// Xandikos 0.4.
    pub const XANDIKOS: Quirks = Quirks {
        bad_token: BadToken::PreconditionFailed,
        data_in_sync: false,
        uid_conflict: Some(412),
        ..Quirks::RFC
    };

    /// DAViCal 1.1.
    pub const DAVICAL: Quirks = Quirks {
        bad_token: BadToken::Everything,
        data_in_sync: false,
        leaves_missing_out: true,
        uid_conflict: None,
        ..Quirks::RFC
    };

    /// Cyrus 3.6.
    pub const CYRUS: Quirks = Quirks { uid_conflict: Some(403), ..Quirks::RFC };
}
