//! The common part of an object's components: author, client and subject.

use crate::civil::{Day, Moment};
use crate::people::{RoomSeat, guests, organizer};
use crate::random::Random;

/// Names of meetings, escaped as RFC 5545 section 3.3.11 wants.
const SUMMARIES: [&str; 16] = [
    "Budget review",
    "1:1",
    "Jour fixe Vertrieb",
    "Größenabstimmung",
    "Réunion d'équipe",
    "🎉 Farewell party",
    "Планёрка",
    "設計レビュー",
    "اجتماع الفريق",
    "Vorstellungsgespräch (vertraulich)",
    "Sprint planning\\; retro\\, demo",
    "Schulung „Brandschutz“ – Pflichttermin",
    "Q3: Zahlen\\, Daten\\, Fakten",
    "Umbau C:\\\\Büro",
    "👩‍💻 Pairing",
    "A very long name of a meeting that nobody will ever read to its end because it was pasted \
     out of an agenda",
];

/// Sentences of descriptions, escaped likewise.
const SENTENCES: [&str; 9] = [
    "Agenda:\\n- Stand der Dinge\\n- Offene Punkte\\n- Verschiedenes",
    "Bitte vorher lesen: https://wiki.example.org/?page=agenda&v=1\\,2\\;draft",
    "Wir brauchen den Beamer\\, zwölf Stühle und Kaffee.",
    "Join online: https://meet.example.org/j/99887766?pwd=aBcDeF0123456789",
    "Teilnahme für alle aus dem Vertrieb\\; Gäste bitte am Empfang melden.",
    "Path: \\\\\\\\files.example.org\\\\share\\\\minutes",
    "これは定例会議です。資料は共有フォルダにあります。",
    "________________________________________________________________________________",
    "Merci de prévenir en cas d'absence 🙏",
];

/// The program that wrote an object; each has its habits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    Apple,
    Google,
    Outlook,
    Thunderbird,
    Nextcloud,
    /// `DAVx5` on Android: DURATION in place of DTEND, further times in UTC, often no CREATED.
    Android,
}

impl Client {
    pub(crate) fn choose(random: &mut Random) -> Self {
        random.weighted(&[
            (19, Self::Apple),
            (19, Self::Google),
            (19, Self::Outlook),
            (19, Self::Thunderbird),
            (19, Self::Nextcloud),
            (5, Self::Android),
        ])
    }

    fn uid(self, random: &mut Random) -> String {
        let lower = b"0123456789abcdef";
        let upper = b"0123456789ABCDEF";
        match self {
            Self::Apple => uuid(random, upper),
            Self::Google => {
                let name = random.text(26, b"0123456789abcdefghijklmnopqrstuv");
                format!("{name}@google.com")
            }
            Self::Outlook => {
                format!("040000008200E00074C5B7101A82E008{}", random.text(32, upper))
            }
            Self::Thunderbird | Self::Nextcloud | Self::Android => uuid(random, lower),
        }
    }

    fn extras(self, random: &mut Random) -> Vec<String> {
        let lines: &[&str] = match self {
            Self::Apple => &["X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC"],
            Self::Google => &["X-GOOGLE-CONFERENCE:https://meet.example.org/abc-defg-hij"],
            Self::Outlook => {
                &["X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY"]
            }
            Self::Thunderbird => &["X-MOZ-GENERATION:3"],
            Self::Nextcloud => &["X-NC-GROUP-ID:7"],
            Self::Android => &[],
        };
        let mut extras: Vec<String> = lines.iter().map(ToString::to_string).collect();
        if self == Self::Outlook && random.per_mille(150) {
            let text = random.pick(&SENTENCES);
            extras.push(format!(
                "X-ALT-DESC;FMTTYPE=text/html:<html><body><p>{text}</p></body></html>"
            ));
        }
        if random.per_mille(40) {
            extras.push("X-ROOM-SETUP;X-ROWS=4;X-NOTE=\"U-Form, 12:00\":Bestuhlung".to_owned());
        }
        extras
    }
}

/// What the components of one object share.
pub(crate) struct About {
    pub(crate) client: Client,
    pub(crate) uid: String,
    /// Escaped; a few events have no name.
    pub(crate) summary: Option<&'static str>,
    /// DTSTAMP and, where they are known, CREATED and LAST-MODIFIED.
    pub(crate) history: Vec<String>,
    /// ORGANIZER and the ATTENDEE lines of all but the room.
    pub(crate) people: Vec<String>,
    pub(crate) room: Option<RoomSeat>,
    /// DESCRIPTION, LOCATION and whatever the client adds.
    pub(crate) details: Vec<String>,
    /// TRANSP, where it is given.
    pub(crate) transparency: Option<&'static str>,
    pub(crate) alarm: Option<&'static [&'static str]>,
}

impl About {
    /// The common part of an object that starts on `start`; `today` is when the calendar was read,
    /// and `room` the address of its room.
    pub(crate) fn choose(random: &mut Random, start: Day, today: Day, room: &str) -> Self {
        let client = Client::choose(random);
        let invited = random.per_mille(880);
        let mut people = Vec::new();
        if invited {
            people.push(organizer(random, room));
            people.extend(guests(random));
        }
        let seated = invited && random.per_mille(980);
        Self {
            client,
            uid: client.uid(random),
            summary: random.per_mille(990).then(|| random.pick(&SUMMARIES)),
            history: history(random, client, start, today),
            people,
            room: seated.then(|| RoomSeat::choose(random, room)),
            details: details(random, client),
            transparency: random.weighted(&[
                (48, None),
                (47, Some("TRANSP:OPAQUE")),
                (5, Some("TRANSP:TRANSPARENT")),
            ]),
            alarm: random.per_mille(300).then(|| random.pick(&ALARMS)),
        }
    }
}

/// Alarms, whose DESCRIPTION and ATTENDEE are not those of their event.
const ALARMS: [&[&str]; 4] = [
    &["ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Reminder"],
    &["ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Erinnerung"],
    &[
        "ACTION:AUDIO",
        "TRIGGER;RELATED=END:-PT5M",
        "X-WR-ALARMUID:0A1B2C3D-1111-4222-8333-444455556666",
        "ATTACH;VALUE=URI:Chord",
    ],
    &[
        "ACTION:EMAIL",
        "TRIGGER:-P1D",
        "SUMMARY:Morgen",
        "DESCRIPTION:Morgen ist es so weit\\, bitte vorbereiten",
        "ATTENDEE:mailto:ada@example.org",
    ],
];

/// What calendars write into CREATED where they do not know it; the last one is the first as one
/// server hands it on.
const PLACEHOLDERS: [&str; 5] = [
    "00001231T000000Z",
    "00001231T000000Z",
    "19000101T120000Z",
    "19000101T120000Z",
    "20001231T000000Z",
];

/// When the object was created, last changed and sent.
fn history(random: &mut Random, client: Client, start: Day, today: Day) -> Vec<String> {
    let latest = start.min(today);
    let created = if start < today && random.per_mille(30) {
        // Somebody wrote down a meeting that had begun already.
        Moment::new(start, random.between(8 * 60, 20 * 60))
    } else {
        let day = latest.plus(-random.between(1, 120));
        Moment::new(day, random.between(7 * 60, 20 * 60))
    };
    let changed = created.plus(random.weighted(&[(50, 0), (30, 47), (20, 9 * 24 * 60)]));
    let changed = changed.min(Moment::new(today, 0)).max(created);
    let utc = |moment: Moment, second: i64| format!("{}Z", moment.basic(second));
    let second = random.between(0, 58);
    let sent = if client == Client::Google { Moment::new(today, 0) } else { changed };
    let mut lines = vec![format!("DTSTAMP:{}", utc(sent, second + 1))];
    let missing = if client == Client::Android { 500 } else { 10 };
    if random.per_mille(25) {
        lines.push(format!("CREATED:{}", random.pick(&PLACEHOLDERS)));
    } else if !random.per_mille(missing) {
        lines.push(format!("CREATED:{}", utc(created, second)));
    }
    if random.per_mille(700) {
        lines.push(format!("LAST-MODIFIED:{}", utc(changed, second + 1)));
    }
    lines
}

/// What the object says beside its name, and what its client adds.
fn details(random: &mut Random, client: Client) -> Vec<String> {
    let mut lines = Vec::new();
    if random.per_mille(600) {
        let sentences: Vec<&str> = (0..random.weighted(&[(45, 1), (35, 2), (20, 3)]))
            .map(|_| random.pick(&SENTENCES))
            .collect();
        lines.push(format!("DESCRIPTION:{}", sentences.join("\\n")));
    }
    if random.per_mille(300) {
        lines.push("LOCATION:Besprechungsraum Süd\\, 2. OG".to_owned());
    }
    if random.per_mille(80) {
        lines.push("CATEGORIES:Vertrieb,Intern\\, geheim".to_owned());
    }
    let class = random.weighted(&[
        (75, None),
        (20, Some("CLASS:PUBLIC")),
        (3, Some("CLASS:PRIVATE")),
        (2, Some("CLASS:CONFIDENTIAL")),
    ]);
    lines.extend(class.map(str::to_owned));
    lines.extend(client.extras(random));
    lines
}

fn uuid(random: &mut Random, digits: &[u8]) -> String {
    let parts: Vec<String> =
        [8, 4, 4, 4, 12].into_iter().map(|length| random.text(length, digits)).collect();
    parts.join("-")
}
