//! What each server does where they differ: the expectations of the tests, and the table of
//! `docs/servers.md`, which is made of them.

/// What is expected of a server.
#[derive(Debug)]
pub struct Expected {
    /// Its name in `scripts/servers` or, where no script starts it, in the lines of the person who does.
    pub kind: &'static str,
    /// Its name for people, and what our client takes it for.
    pub name: &'static str,
    /// Whether it tells its version.
    pub tells_version: bool,
    /// Whether it lets in by Digest only (RFC 7616).
    pub asks_for_digest: bool,
    /// Whether it tells an account's own mail addresses.
    pub tells_addresses: bool,
    /// Whether a calendar can be somebody else's.
    pub shares: bool,
    /// Whether deleted events and calendars lie in a trash bin: such a calendar goes on answering.
    pub has_trash_bin: bool,
    /// What it calls a calendar that nobody has named.
    pub calendar_name: &'static str,
    /// What it says to a sync-token that it does not know, and such a token.
    pub bad_token: (u16, &'static str),
    /// Whether the first look after changes may find what is known already, so that all versions have to
    /// be listed.
    pub lists_after_writes: bool,
    /// What it says to conditions that do not hold, and the like.
    pub statuses: Statuses,
    /// Whether an object is read right before each write, because the server does not look itself.
    pub reads_before_writes: bool,
    /// Whether what was written is read back, because the server rewrites it.
    pub reads_back_after_put: bool,
    /// Whether it expands series when it is asked to (RFC 4791 section 9.6.5).
    pub expands: bool,
    /// How many overrides without their master it takes in one object.
    pub overrides_only: OverridesOnly,
    /// Whether it shows TRANSP only to the user who wrote it.
    pub keeps_transp_to_its_author: bool,
    /// Which names of objects it refuses; see `names.rs`.
    pub refused_names: &'static [&'static str],
    /// What it does with invitations, if it does anything.
    pub scheduling: Option<Scheduling>,
}

/// Statuses of answers.
#[derive(Clone, Copy, Debug)]
pub struct Statuses {
    /// To a PUT with the ETag of an earlier version.
    pub stale_put: u16,
    /// To a DELETE with that.
    pub stale_delete: u16,
    /// To a PUT with `If-None-Match: *` over something.
    pub not_new: u16,
    /// To a DELETE with an ETag of what is gone.
    pub gone: u16,
    /// To a DELETE that is done.
    pub deleted: u16,
    /// To a PUT of a UID that another object of the calendar has.
    pub same_uid: u16,
}

/// What becomes of objects of overrides without their master.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverridesOnly {
    /// They are taken.
    Taken,
    /// They are taken with one override, and refused with more.
    One,
}

/// What a server does with invitations (RFC 6638).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduling {
    /// Whether the organizer sees DECLINED after the room's copy was deleted.
    pub tells_of_delete: bool,
    /// Whether the organizer sees DECLINED for an occurrence that an EXDATE has removed.
    pub tells_of_exdate: bool,
    /// Whether the room's copy stays, as cancelled, when the organizer deletes the event.
    pub keeps_called_off: bool,
    /// Whether the organizer sees ACCEPTED after the room's copy was restored; else DECLINED goes on
    /// standing there.
    pub tells_of_restore: bool,
    /// What the room's restored copy says of its answer after the organizer has changed the title.
    pub answer_after_edit: &'static str,
    /// Whether the room's answer takes a write of its own, because the server carries either that or dates.
    pub answers_apart: bool,
    /// What the room's copy says of its answer after the organizer has moved the event.
    pub answer_after_move: &'static str,
}

impl Scheduling {
    /// Of how many dates of a series the organizer sees DECLINED after an EXDATE has removed a number of them in one write:
    /// a server that carries either the answer or dates carries the last of several.
    pub fn told_of(&self, dates: usize) -> usize {
        match (self.tells_of_exdate, self.answers_apart) {
            (false, _) => 0,
            (true, true) => dates.min(1),
            (true, false) => dates,
        }
    }
}

impl Expected {
    /// What is expected of a kind of server.
    pub fn of(kind: &str) -> &'static Expected {
        let found = ALL.iter().chain(&OTHERS).find(|it| it.kind == kind);
        found.unwrap_or_else(|| panic!("nothing is expected of {kind}"))
    }

    /// What is asked of a calendar that has not changed: SOGo's state is a second, which tells nothing
    /// while it is not over.
    pub fn unchanged(&self) -> [&'static str; 1] {
        if self.kind == "sogo" { ["REPORT"] } else { ["PROPFIND"] }
    }

    /// The number of requests beside multigets that find the changes, where all versions need not be
    /// listed.
    pub fn looks(&self) -> Vec<&'static str> {
        if self.kind == "sogo" { vec!["REPORT"] } else { vec!["PROPFIND", "REPORT"] }
    }

    /// The last request of ours at which somebody else's change is still noticed.
    pub fn last_request_before(&self, write: &'static str) -> &'static str {
        if self.reads_before_writes { "GET" } else { write }
    }
}

const RADICALE: Expected = Expected {
    kind: "radicale",
    name: "Radicale",
    tells_version: false,
    asks_for_digest: false,
    tells_addresses: false,
    shares: true,
    has_trash_bin: false,
    calendar_name: "room/meeting-room-1",
    bad_token: (
        403,
        "http://radicale.org/ns/sync/0000000000000000000000000000000000000000000000000000000000000000",
    ),
    lists_after_writes: false,
    statuses: Statuses {
        stale_put: 412,
        stale_delete: 412,
        not_new: 412,
        gone: 404,
        deleted: 200,
        same_uid: 409,
    },
    reads_before_writes: false,
    reads_back_after_put: true,
    expands: true,
    overrides_only: OverridesOnly::One,
    keeps_transp_to_its_author: false,
    refused_names: &["ampersand", "question", "slash"],
    scheduling: None,
};

const XANDIKOS: Expected = Expected {
    kind: "xandikos",
    name: "Xandikos",
    shares: false,
    calendar_name: "meeting-room-1",
    bad_token: (412, "0000000000000000000000000000000000000000"),
    statuses: Statuses { deleted: 204, same_uid: 412, ..RADICALE.statuses },
    reads_back_after_put: false,
    overrides_only: OverridesOnly::Taken,
    refused_names: &["slash"],
    ..RADICALE
};

const DAVICAL: Expected = Expected {
    kind: "davical",
    name: "DAViCal",
    tells_version: true,
    tells_addresses: true,
    shares: true,
    bad_token: (207, "data:,999999999"),
    lists_after_writes: true,
    statuses: Statuses { same_uid: 201, ..XANDIKOS.statuses },
    scheduling: Some(Scheduling {
        tells_of_delete: true,
        tells_of_exdate: false,
        keeps_called_off: false,
        tells_of_restore: true,
        answer_after_edit: "ACCEPTED",
        answers_apart: false,
        answer_after_move: "NEEDS-ACTION",
    }),
    ..XANDIKOS
};

const CYRUS: Expected = Expected {
    kind: "cyrus",
    name: "Cyrus",
    tells_version: false,
    bad_token: (403, "data:,1-1"),
    lists_after_writes: false,
    statuses: Statuses { same_uid: 403, ..XANDIKOS.statuses },
    reads_back_after_put: true,
    keeps_transp_to_its_author: true,
    scheduling: Some(Scheduling {
        tells_of_delete: true,
        tells_of_exdate: false,
        keeps_called_off: true,
        tells_of_restore: true,
        answer_after_edit: "ACCEPTED",
        answers_apart: false,
        answer_after_move: "NEEDS-ACTION",
    }),
    ..DAVICAL
};

const SOGO: Expected = Expected {
    kind: "sogo",
    name: "SOGo",
    bad_token: (207, "17"),
    statuses: Statuses { stale_delete: 204, not_new: 204, same_uid: 409, ..XANDIKOS.statuses },
    reads_before_writes: true,
    expands: false,
    keeps_transp_to_its_author: false,
    refused_names: &[],
    scheduling: Some(Scheduling {
        tells_of_delete: true,
        tells_of_exdate: true,
        keeps_called_off: false,
        tells_of_restore: true,
        answer_after_edit: "NEEDS-ACTION",
        answers_apart: true,
        answer_after_move: "NEEDS-ACTION",
    }),
    ..CYRUS
};

const SABRE: Expected = Expected {
    kind: "sabre",
    name: "sabre/dav",
    tells_version: true,
    asks_for_digest: true,
    tells_addresses: true,
    shares: true,
    // From the future, as after the restore of a backup; one of another form is 403.
    bad_token: (207, "http://sabre.io/ns/sync/999999999"),
    statuses: Statuses { gone: 412, same_uid: 201, ..XANDIKOS.statuses },
    scheduling: Some(Scheduling {
        tells_of_delete: true,
        tells_of_exdate: true,
        keeps_called_off: true,
        tells_of_restore: true,
        answer_after_edit: "ACCEPTED",
        answers_apart: false,
        answer_after_move: "ACCEPTED",
    }),
    ..XANDIKOS
};

/// sabre/dav as Baïkal sets it up, which our client does not tell apart.
const BAIKAL: Expected = Expected { kind: "baikal", ..SABRE };

const NEXTCLOUD: Expected = Expected {
    kind: "nextcloud",
    name: "Nextcloud",
    asks_for_digest: false,
    has_trash_bin: true,
    bad_token: (207, "http://sabre.io/ns/sync/999999999"),
    statuses: Statuses { same_uid: 400, ..SABRE.statuses },
    ..SABRE
};

/// Servers that no script starts.
const OTHERS: [Expected; 2] = [BAIKAL, NEXTCLOUD];

const ALL: [Expected; 6] = [RADICALE, XANDIKOS, DAVICAL, CYRUS, SOGO, SABRE];

/// A line of the table: what it is about, what the servers of the tests do, and what Nextcloud and
/// RustiCal did when they were recorded.
type Row = (&'static str, fn(&Expected) -> String, [&'static str; 2]);

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn of_scheduling(of: &Expected, what: fn(Scheduling) -> bool) -> String {
    of.scheduling.map_or_else(|| "–".to_owned(), |it| yes(what(it)))
}

const ROWS: [Row; 23] = [
    ("found from host, address, calendar or mail address", |_| "yes".to_owned(), ["yes", "yes"]),
    (
        "signs in by",
        |it| if it.asks_for_digest { "Basic or Digest" } else { "Basic" }.to_owned(),
        ["Basic", "Basic"],
    ),
    ("tells its version", |it| yes(it.tells_version), ["yes", "no"]),
    ("tells an account's addresses", |it| yes(it.tells_addresses), ["yes", "?"]),
    (
        "a calendar of the room's, as alice's",
        |it| if it.shares { "by its address" } else { "there are no rights" }.to_owned(),
        ["?"; 2],
    ),
    ("requests for an unchanged calendar", |_| "1".to_owned(), ["1", "?"]),
    (
        "the first look after changes lists all versions",
        |it| yes(it.lists_after_writes),
        ["no", "?"],
    ),
    ("a sync-token that it does not know", |it| it.bad_token.0.to_string(), ["403", "207"]),
    ("PUT over another version", |it| it.statuses.stale_put.to_string(), ["412", "**201**"]),
    ("DELETE of another version", |it| bold_success(it.statuses.stale_delete), ["412", "403"]),
    ("PUT of a new one over another", |it| bold_success(it.statuses.not_new), ["412", "409"]),
    ("DELETE of what is gone", |it| it.statuses.gone.to_string(), ["412", "200"]),
    ("the same UID at another address", |it| it.statuses.same_uid.to_string(), ["400", "201"]),
    (
        "requests for one removal",
        |it| if it.reads_before_writes { "2" } else { "1" }.to_owned(),
        ["1", "1, PUT 2"],
    ),
    (
        "what was written is read back",
        |it| yes(it.reads_back_after_put),
        ["where it gives no ETag", "yes"],
    ),
    (
        "an event that was removed lies in a trash bin, and is restored all the same",
        |it| if it.has_trash_bin { "yes" } else { "–" }.to_owned(),
        ["yes", "–"],
    ),
    ("its own expansion leaves EXDATEs out", |it| yes(it.expands), ["?"; 2]),
    (
        "overrides without a master",
        |it| {
            let taken = it.overrides_only == OverridesOnly::Taken;
            if taken { "taken" } else { "one of them" }.to_owned()
        },
        ["?"; 2],
    ),
    (
        "what alice marks as free is free to others",
        |it| yes(!it.keeps_transp_to_its_author),
        ["?"; 2],
    ),
    (
        "names that it refuses",
        |it| {
            let shown = |word: &&str| match *word {
                "ampersand" => "`&`",
                "question" => "`?`",
                _ => "`/`",
            };
            let all: Vec<_> = it.refused_names.iter().map(shown).collect();
            if all.is_empty() { "none".to_owned() } else { all.join(" ") }
        },
        ["?"; 2],
    ),
    (
        "alice hears of a deleted copy, of an EXDATE; what she calls off stays",
        |it| {
            let hears = of_scheduling(it, |it| it.tells_of_delete);
            let exdate = of_scheduling(it, |it| it.tells_of_exdate);
            format!("{hears}, {exdate}; {}", of_scheduling(it, |it| it.keeps_called_off))
        },
        ["yes, yes; yes", "–, –; –"],
    ),
    (
        "alice hears of a restored copy; its answer after her next edit",
        |it| {
            let hears = of_scheduling(it, |it| it.tells_of_restore);
            let after = it.scheduling.map_or("–", |it| it.answer_after_edit);
            format!("{hears}; {after}")
        },
        ["yes; ACCEPTED", "–; –"],
    ),
    (
        "alice sees that the room accepts a series, and the dates that it declines; its answer after she moves it",
        |it| {
            let accepts = of_scheduling(it, |_| true);
            let declines = of_scheduling(it, |it| it.tells_of_exdate);
            let declines =
                if declines == "yes" && it.kind == "sogo" { "the last" } else { &declines };
            let after = it.scheduling.map_or("–", |it| it.answer_after_move);
            format!("{accepts}, {declines}; {after}")
        },
        ["yes, ?; ?", "–, –; –"],
    ),
];

/// A status, which is dangerous where it is a success.
fn bold_success(status: u16) -> String {
    if status < 300 { format!("**{status}**") } else { status.to_string() }
}

/// The table of `docs/servers.md`.
fn table() -> String {
    let mut lines = vec![
        format!(
            "| | {} | Nextcloud | RustiCal |",
            ALL.iter().map(|it| it.name).collect::<Vec<_>>().join(" | ")
        ),
        format!("|---|{}", "---|".repeat(ALL.len() + 2)),
    ];
    for (what, of, replayed) in ROWS {
        let cells: Vec<_> = ALL.iter().map(of).collect();
        lines.push(format!("| {what} | {} | {} |", cells.join(" | "), replayed.join(" | ")));
    }
    lines.join("\n")
}

#[test]
fn the_table_of_the_documentation_is_what_the_tests_expect() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/servers.md");
    let text = std::fs::read_to_string(file).unwrap();
    let table = table();
    assert!(text.contains(&table), "docs/servers.md has to contain:\n\n{table}\n");
}
