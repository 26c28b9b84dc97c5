//! Random calendar objects, ugly ones among them.

use proptest::prelude::*;

/// The text of an object with a master, exclusions, additions and overrides, of the UID `random`.
pub fn object() -> impl Strategy<Value = String> {
    (form(), rule(), any::<[u8; 16]>(), prop::bool::ANY, prop::bool::ANY).prop_map(
        |(form, rule, dice, has_organizer, crlf)| {
            let text = Draft { form, rule, dice, has_organizer }.text();
            if crlf { text.replace('\n', "\r\n") } else { text }
        },
    )
}

/// How DTSTART is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Date,
    Utc,
    Floating,
    Zone(&'static str),
}

fn form() -> impl Strategy<Value = Form> {
    prop::sample::select(vec![
        Form::Date,
        Form::Utc,
        Form::Floating,
        Form::Zone("Europe/Berlin"),
        Form::Zone("America/New_York"),
        Form::Zone("W. Europe Standard Time"),
        Form::Zone("Australia/Lord_Howe"),
    ])
}

fn rule() -> impl Strategy<Value = Option<String>> {
    let everyday = prop::sample::select(vec![
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;WKST=SU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "FREQ=DAILY;BYHOUR=2,14",
        "FREQ=HOURLY;INTERVAL=7",
    ]);
    let end = prop_oneof![
        Just(String::new()),
        (1_u32..20).prop_map(|count| format!(";COUNT={count}")),
        (1_u32..12).prop_map(|month| format!(";UNTIL=2026{month:02}15T120000Z")),
    ];
    prop::option::weighted(0.9, (everyday, end).prop_map(|(rule, end)| format!("{rule}{end}")))
}

struct Draft {
    form: Form,
    rule: Option<String>,
    /// What is random about the rest.
    dice: [u8; 16],
    has_organizer: bool,
}

impl Draft {
    /// A property that is a date in the form of the object, `days` and `minutes` after its start.
    fn stamp(&self, name: &str, days: u32, minutes: u32) -> String {
        let day = jiff::civil::date(2026, 3, 20 + i8::try_from(self.dice[0] % 10).unwrap());
        let minutes = minutes + 2 * 60 + u32::from(self.dice[1] % 4) * 30;
        let at = day.at(0, 0, 0, 0)
            + jiff::Span::new().days(i64::from(days)).minutes(i64::from(minutes));
        let local = at.strftime("%Y%m%dT%H%M%S");
        match self.form {
            Form::Date => format!("{name};VALUE=DATE:{}\n", at.strftime("%Y%m%d")),
            Form::Utc => format!("{name}:{local}Z\n"),
            Form::Floating => format!("{name}:{local}\n"),
            Form::Zone(zone) => format!("{name};TZID={zone}:{local}\n"),
        }
    }

    fn component(&self, properties: &str, is_cancelled: bool) -> String {
        let mut text = String::from("BEGIN:VEVENT\nUID:random\nDTSTAMP:20260101T000000Z\n");
        text.push_str(properties);
        if self.has_organizer {
            text.push_str("ORGANIZER;CN=\"A; B\":mailto:a@example.org\n");
        }
        if is_cancelled {
            text.push_str("STATUS:CANCELLED\n");
        }
        text.push_str("X-UNKNOWN;PARAM=\"a:b\":kept as it is\n  even where it is folded\n");
        text.push_str("BEGIN:VALARM\nTRIGGER:-PT15M\nDTSTAMP:19990101T000000Z\nEND:VALARM\n");
        text.push_str("END:VEVENT\n");
        text
    }

    fn text(&self) -> String {
        let dice = |index: usize| u32::from(self.dice[index]);
        let length = 30 + dice(2);
        let end = if dice(3) % 2 == 0 || self.form == Form::Date {
            self.stamp("DTEND", 1 + dice(3) % 2, length)
        } else {
            format!("DURATION:PT{length}M\n")
        };
        let mut master = self.stamp("DTSTART", 0, 0) + &end;
        if let Some(rule) = &self.rule {
            master.push_str(&format!("RRULE:{rule}\n"));
        }
        for index in 4..4 + (dice(4) % 3) as usize {
            master.push_str(&self.stamp("EXDATE", dice(index) % 30, 0));
        }
        if dice(7) % 3 == 0 {
            master.push_str(&self.stamp("RDATE", dice(8) % 40, 45));
        }
        master.push_str("SUMMARY:Master\n");
        let mut text = String::from("BEGIN:VCALENDAR\nVERSION:2.0\n");
        if dice(9) % 8 != 0 {
            text.push_str(&self.component(&master, false));
        }
        // Some overrides hit an instance, some are none's.
        let step = match self.rule.as_deref() {
            Some(rule) if rule.starts_with("FREQ=DAILY;INTERVAL=3") => 3,
            Some(rule) if rule.starts_with("FREQ=DAILY") => 1,
            _ => 7,
        };
        let count = 1 + dice(9) % 4;
        for number in 0..count {
            let index = 10 + number as usize;
            let day = (dice(index) % 6) * step;
            let is_following = dice(index) % 5 == 0;
            let recurrence_id = self.stamp("RECURRENCE-ID", day, 0);
            let recurrence_id = if is_following {
                recurrence_id.replacen(':', ";RANGE=THISANDFUTURE:", 1)
            } else {
                recurrence_id
            };
            let moved = dice(index) % 3;
            let properties = recurrence_id
                + &self.stamp("DTSTART", day + moved, moved * 40)
                + &self.stamp("DTEND", day + moved + 1, moved * 40 + 20)
                + &format!("SUMMARY:Override {number}\nSEQUENCE:{}\n", dice(index) % 2);
            text.push_str(&self.component(&properties, dice(index) % 7 == 0));
        }
        text + "END:VCALENDAR\n"
    }
}
