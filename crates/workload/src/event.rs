//! One VEVENT: its times and its lines.

use crate::about::{About, Client};
use crate::civil::{MINUTES_OF_A_DAY, Moment};
use crate::lines::Lines;
use crate::random::Random;
use crate::zone::Form;

/// How an event says where it ends.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    /// With DTEND.
    AtTime,
    /// With DURATION, in one unit: `PT90M`.
    Lasting,
    /// With DURATION, in several units: `PT1H30M`.
    LastingInUnits,
    /// Not at all.
    Unsaid,
}

/// When an event takes place.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) form: Form,
    pub(crate) start: Moment,
    /// How long it lasts; whole days where the form is a date.
    pub(crate) minutes: i64,
    pub(crate) ending: Ending,
}

impl Span {
    /// The lines that say when the event begins and ends.
    fn lines(self) -> Vec<String> {
        let mut lines = vec![self.form.property("DTSTART", &[self.start])];
        match self.ending {
            Ending::AtTime => {
                let end = self.start.plus(self.minutes);
                lines.push(self.form.property("DTEND", &[end]));
            }
            Ending::Lasting | Ending::LastingInUnits => {
                lines.push(format!("DURATION:{}", self.duration()));
            }
            Ending::Unsaid => {}
        }
        lines
    }

    fn duration(self) -> String {
        let days = self.minutes / MINUTES_OF_A_DAY;
        let minutes = self.minutes % MINUTES_OF_A_DAY;
        match (self.ending, minutes / 60, minutes % 60) {
            _ if self.form.is_date() && days == 7 => "P1W".to_owned(),
            _ if self.form.is_date() => format!("P{days}D"),
            (Ending::LastingInUnits, 0, 0) if days > 0 => format!("P{days}D"),
            (Ending::LastingInUnits, hours, 0) if days > 0 => format!("P{days}DT{hours}H"),
            (Ending::LastingInUnits, hours, rest) if days > 0 => {
                format!("P{days}DT{hours}H{rest}M")
            }
            (Ending::LastingInUnits, hours @ 1.., 0) => format!("PT{hours}H"),
            (Ending::LastingInUnits, hours @ 1.., rest) => format!("PT{hours}H{rest}M"),
            _ => format!("PT{}M", self.minutes),
        }
    }
}

/// Chooses how long an event of this form lasts, in minutes, and how it says so.
pub(crate) fn choose_length(random: &mut Random, client: Client, form: Form) -> (i64, Ending) {
    if form.is_date() {
        let days = random.weighted(&[(55, 1), (25, 2), (15, 5), (5, 7)]);
        let ending = if days == 1 && random.per_mille(200) {
            Ending::Unsaid
        } else {
            random.weighted(&[(85, Ending::AtTime), (15, Ending::Lasting)])
        };
        return (days * MINUTES_OF_A_DAY, ending);
    }
    let usual = [15, 30, 30, 30, 45, 50, 60, 60, 60, 60, 65, 90, 120, 120, 240];
    let minutes = match random.between(0, 999) {
        0..=7 => 0,
        8..=34 => 480,
        35..=49 => random.between(1, 3) * MINUTES_OF_A_DAY + random.pick(&[0, 60, 300]),
        _ => random.pick(&usual),
    };
    let ending = if client == Client::Android {
        Ending::Lasting
    } else {
        random.weighted(&[(84, Ending::AtTime), (8, Ending::Lasting), (8, Ending::LastingInUnits)])
    };
    if minutes == 0 && random.per_mille(400) {
        return (0, Ending::Unsaid);
    }
    (minutes, ending)
}

/// One component of an object.
pub(crate) struct Event<'a> {
    pub(crate) about: &'a About,
    pub(crate) span: Span,
    pub(crate) status: Option<&'static str>,
    pub(crate) sequence: i64,
    /// The room's PARTSTAT, where the room is among the attendees.
    pub(crate) reply: &'static str,
    /// RRULE, EXDATE, RDATE or RECURRENCE-ID.
    pub(crate) recurrence: Vec<String>,
}

impl Event<'_> {
    /// Writes the VEVENT, its properties in the order of its client.
    pub(crate) fn write(&self, lines: &mut Lines) {
        let mut identity = vec![format!("UID:{}", self.about.uid)];
        identity.extend(self.about.history.iter().cloned());
        identity.extend(self.about.summary.map(|name| format!("SUMMARY:{name}")));
        let mut times = self.span.lines();
        times.extend(self.recurrence.iter().cloned());
        times.extend(self.status.map(|status| format!("STATUS:{status}")));
        times.push(format!("SEQUENCE:{}", self.sequence));
        let room = self.about.room.as_ref();
        let mut others = self.about.people.clone();
        others.extend(room.map(|seat| seat.line(self.reply)));
        others.extend(self.about.transparency.map(str::to_owned));
        others.extend(self.about.details.iter().cloned());

        let groups = match self.about.client {
            Client::Apple | Client::Outlook => [others, times, identity],
            Client::Google | Client::Android => [times, identity, others],
            Client::Thunderbird | Client::Nextcloud => [identity, others, times],
        };
        lines.push("BEGIN:VEVENT");
        lines.extend(groups.iter().flatten().map(String::as_str));
        if let Some(alarm) = self.about.alarm {
            lines.push("BEGIN:VALARM");
            lines.extend(alarm.iter().copied());
            lines.push("END:VALARM");
        }
        lines.push("END:VEVENT");
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Span};
    use crate::civil::{Day, Moment};
    use crate::zone::Form;

    fn lines(form: Form, minutes: i64, ending: Ending) -> Vec<String> {
        let span = Span { form, start: Moment::new(Day::USUAL, 540), minutes, ending };
        span.lines()
    }

    #[test]
    fn the_end_is_said_in_each_of_its_ways() {
        let utc = |minutes, ending| lines(Form::Utc, minutes, ending).join(" ");
        let start = "DTSTART:20260302T090000Z";
        assert_eq!(utc(90, Ending::AtTime), format!("{start} DTEND:20260302T103000Z"));
        assert_eq!(utc(90, Ending::Lasting), format!("{start} DURATION:PT90M"));
        for (minutes, text) in [
            (90, "PT1H30M"),
            (60, "PT1H"),
            (45, "PT45M"),
            (0, "PT0M"),
            (1_440, "P1D"),
            (1_500, "P1DT1H"),
            (1_530, "P1DT1H30M"),
        ] {
            let expected = format!("{start} DURATION:{text}");
            assert_eq!(utc(minutes, Ending::LastingInUnits), expected);
        }
        assert_eq!(utc(0, Ending::Unsaid), start);
    }

    #[test]
    fn whole_days_end_on_the_day_after_the_last_one() {
        assert_eq!(
            lines(Form::Date, 2_880, Ending::AtTime),
            ["DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260304"]
        );
        assert_eq!(lines(Form::Date, 10_080, Ending::Lasting)[1], "DURATION:P1W");
    }
}
