//! One calendar object: a single event, a series with its overrides, or overrides alone.

use crate::Workload;
use crate::about::{About, Client};
use crate::civil::{Day, Moment};
use crate::event::{Ending, Event, Span, choose_length};
use crate::lines::Lines;
use crate::people::reply_of_the_room;
use crate::random::Random;
use crate::rule::Rule;
use crate::zone::{BERLIN, Form, NEW_YORK, ROOM_CLOCK, WINDOWS_BERLIN, WINDOWS_NEW_YORK, Zone};

/// How many of its first instances a series may lose or move.
const TOUCHED_INSTANCES: usize = 12;

/// The components of one UID.
pub(crate) struct Object {
    /// The zone that its calendar has to define, if any.
    pub(crate) zone: Option<&'static Zone>,
    /// Its VEVENTs, folded, with line ends.
    pub(crate) events: String,
}

impl Object {
    /// The object of that number in the workload.
    pub(crate) fn choose(workload: &Workload, number: usize) -> Self {
        let stream = u64::try_from(number).unwrap_or(u64::MAX);
        let mut random = Random::new(workload.seed, stream);
        let day = choose_day(&mut random, workload);
        let form = choose_form(&mut random);
        let kind = random.weighted(&[
            (695, ObjectKind::Single),
            (296, ObjectKind::Series),
            (9, ObjectKind::Orphans),
        ]);
        let (rule, day) = match kind {
            ObjectKind::Series => {
                let (rule, day) = Rule::choose(&mut random, day);
                (Some(rule), day)
            }
            ObjectKind::Single | ObjectKind::Orphans => (None, day),
        };
        let about = About::choose(&mut random, day, workload.first_day, &workload.room);
        let (minutes, ending) = choose_length(&mut random, about.client, form);
        let mut draft = Draft {
            span: Span {
                form,
                start: Moment::new(day, choose_minute(&mut random, form)),
                minutes,
                ending,
            },
            sequence: random.between(0, 3),
            reply: reply_of_the_room(&mut random),
            random,
            about: &about,
            lines: Lines::default(),
        };
        match rule {
            Some(rule) => draft.write_series(&rule),
            None if kind == ObjectKind::Orphans => draft.write_orphans(),
            None => draft.write_single(),
        }
        Self { zone: form.zone(), events: draft.lines.into_text() }
    }
}

/// What an object consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ObjectKind {
    Single,
    Series,
    /// Overrides without their master: what a room keeps that was invited to some dates only.
    Orphans,
}

/// What is done to one instance by an override.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Alone,
    ThisAndFuture,
}

/// An object at work.
struct Draft<'a> {
    random: Random,
    about: &'a About,
    /// Of the master.
    span: Span,
    sequence: i64,
    /// The room's answer to the master.
    reply: &'static str,
    lines: Lines,
}

impl Draft<'_> {
    fn write_single(&mut self) {
        let status = self.status_of_master();
        self.write_master(status, Vec::new());
    }

    fn write_orphans(&mut self) {
        let first = self.span.start.day;
        for week in 0..self.random.between(1, 3) {
            self.write_override(first.plus(7 * week), Change::Alone);
        }
    }

    fn write_series(&mut self, rule: &Rule) {
        let start = self.span.start;
        let form = self.span.form;
        let mut days = rule.days(start.day, TOUCHED_INSTANCES);
        let mut recurrence = vec![format!("RRULE:{}", rule.text(form, start.minute))];

        let excluded = if self.random.per_mille(160) {
            let count = self.random.weighted(&[(70, 1), (20, 2), (10, 4)]);
            self.take(&mut days, count)
        } else {
            Vec::new()
        };
        let days_of_a_line = self.random.pick(&[1, 4, 4]);
        for some in excluded.chunks(days_of_a_line) {
            recurrence.push(self.further_times("EXDATE", some));
        }
        if self.random.per_mille(50) {
            recurrence.push(self.additional_date());
        }
        let status = self.status_of_master();
        self.write_master(status, recurrence);

        if self.random.per_mille(300) {
            let count = self.random.weighted(&[(70, 1), (20, 2), (10, 3)]);
            for day in self.take(&mut days, count) {
                self.write_override(day, Change::Alone);
            }
        }
        if self.random.per_mille(15) {
            for day in self.take(&mut days, 1) {
                self.write_override(day, Change::ThisAndFuture);
            }
        }
    }

    fn write_master(&mut self, status: Option<&'static str>, recurrence: Vec<String>) {
        let event = Event {
            about: self.about,
            span: self.span,
            status,
            sequence: self.sequence,
            reply: self.reply,
            recurrence,
        };
        event.write(&mut self.lines);
    }

    /// Writes the override of the instance on that day: most often moved, else cancelled, or the
    /// same but for what the room answers.
    fn write_override(&mut self, day: Day, change: Change) {
        let original = self.instance(day);
        let mut span = self.span;
        span.start = original;
        if self.random.per_mille(800) {
            let days = self.random.weighted(&[(6, 0), (1, -1), (2, 1)]);
            let minutes =
                if span.form.is_date() { 0 } else { self.random.pick(&[-60, -30, 0, 30, 60, 120]) };
            span.start = Moment::new(original.day.plus(days), original.minute + minutes);
            span.minutes *= self.random.pick(&[1, 1, 1, 2]);
            if span.form.is_date() && matches!(span.ending, Ending::Unsaid) {
                span.ending = Ending::AtTime;
            }
        }
        let mut identifier = self.form_of_further_times();
        if self.random.per_mille(60) {
            // Some write the whole override in UTC, whatever the zone of the series.
            identifier = span.form.without_zone();
            span.start = span.form.to_utc(span.start);
            span.form = identifier;
        }
        let name = match change {
            Change::Alone => "RECURRENCE-ID",
            Change::ThisAndFuture => "RECURRENCE-ID;RANGE=THISANDFUTURE",
        };
        let status = match change {
            Change::Alone => self.random.weighted(&[
                (40, Some("CONFIRMED")),
                (32, Some("CANCELLED")),
                (22, None),
                (6, Some("TENTATIVE")),
            ]),
            Change::ThisAndFuture => Some("CONFIRMED"),
        };
        let declined = self.random.per_mille(80);
        let event = Event {
            about: self.about,
            span,
            status,
            sequence: self.sequence + self.random.between(0, 1),
            reply: if declined { "DECLINED" } else { self.reply },
            recurrence: vec![self.times_in(identifier, name, &[day])],
        };
        event.write(&mut self.lines);
    }

    /// An RDATE line some days after the start, where the rule mostly gives no instance.
    fn additional_date(&mut self) -> String {
        let day = self.span.start.day.plus(self.random.between(3, 40));
        let hours = self.random.between(1, 3);
        if self.span.form.is_date() || self.random.per_mille(850) {
            return self.further_times("RDATE", &[day]);
        }
        let line = self.further_times("RDATE;VALUE=PERIOD", &[day]);
        format!("{line}/PT{hours}H")
    }

    /// One line with the instances of these days, in the form in which the client writes EXDATE,
    /// RDATE and RECURRENCE-ID.
    fn further_times(&self, name: &str, days: &[Day]) -> String {
        let form = self.form_of_further_times();
        self.times_in(form, name, days)
    }

    /// One line with the instances of these days, in the form of the series or in UTC.
    fn times_in(&self, form: Form, name: &str, days: &[Day]) -> String {
        let instances = days.iter().map(|&day| self.instance(day));
        let moments: Vec<Moment> = match form {
            Form::Utc => instances.map(|local| self.span.form.to_utc(local)).collect(),
            Form::Date | Form::Floating | Form::Zoned(_) => instances.collect(),
        };
        form.property(name, &moments)
    }

    /// The instance of that day, before any override, on the clock of the series.
    fn instance(&self, day: Day) -> Moment {
        Moment::new(day, self.span.start.minute)
    }

    /// UTC for a client that knows no zone there, else the form of the series.
    fn form_of_further_times(&self) -> Form {
        match self.about.client {
            Client::Android => self.span.form.without_zone(),
            _ => self.span.form,
        }
    }

    fn status_of_master(&mut self) -> Option<&'static str> {
        self.random.weighted(&[
            (57, Some("CONFIRMED")),
            (28, None),
            (10, Some("TENTATIVE")),
            (5, Some("CANCELLED")),
        ])
    }

    /// Takes up to `count` days out of `days`, in their order, and leaves one at least.
    fn take(&mut self, days: &mut Vec<Day>, count: usize) -> Vec<Day> {
        let mut taken = Vec::new();
        while taken.len() < count && days.len() > 1 {
            let day = self.random.pick(days);
            days.retain(|&other| other != day);
            taken.push(day);
        }
        taken.sort_unstable();
        taken
    }
}

/// A day of the workload, mostly a working day.
fn choose_day(random: &mut Random, workload: &Workload) -> Day {
    let before = i64::from(workload.days_before);
    let after = i64::from(workload.days_after);
    let mut day = workload.first_day;
    for _ in 0..3 {
        day = workload.first_day.plus(random.between(-before, after - 1));
        if day.weekday() < 5 {
            break;
        }
    }
    day
}

/// Minutes after midnight at which an event begins.
fn choose_minute(random: &mut Random, form: Form) -> i64 {
    if form.is_date() {
        return 0;
    }
    let hour = match random.between(0, 99) {
        // The hours at which clocks change and at which days end.
        0 => random.between(1, 2),
        1 => random.between(21, 23),
        _ => random.between(7, 17),
    };
    hour * 60 + random.pick(&[0, 0, 0, 15, 30, 30, 45])
}

fn choose_form(random: &mut Random) -> Form {
    random.weighted(&[
        (580, Form::Zoned(&BERLIN)),
        (85, Form::Zoned(&WINDOWS_BERLIN)),
        (65, Form::Zoned(&NEW_YORK)),
        (25, Form::Zoned(&WINDOWS_NEW_YORK)),
        (45, Form::Zoned(&ROOM_CLOCK)),
        (100, Form::Utc),
        (40, Form::Floating),
        (60, Form::Date),
    ])
}
