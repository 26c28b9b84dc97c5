//! Calendar files, written in few words.

/// An hour of 2026 in short: `0303T10` or `0303T1030`, in UTC; anything longer is kept as it is.
pub fn stamp(short: &str) -> String {
    match short.len() {
        7 => format!("2026{short}0000Z"),
        9 => format!("2026{short}00Z"),
        _ => short.to_owned(),
    }
}

/// A moment in seconds since 1970 as iCalendar writes it, in UTC.
pub fn utc(seconds: i64) -> String {
    timestamp(seconds).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A moment in seconds since 1970 as the API takes it, in UTC.
pub fn rfc3339(seconds: i64) -> String {
    timestamp(seconds).to_string()
}

fn timestamp(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap()
}

/// A VEVENT, line by line.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its UID; empty for none.
    pub uid: String,
    lines: Vec<String>,
}

/// An event of a UID that was created at a moment and takes place between two, each as [`stamp`] takes it.
/// Where `created` is empty, it has no CREATED.
pub fn event(uid: &str, created: &str, start: &str, end: &str) -> Event {
    let mut event = bare(uid);
    if !created.is_empty() {
        event = event.line(format!("CREATED:{}", stamp(created)));
    }
    event.line(format!("DTSTART:{}", stamp(start))).line(format!("DTEND:{}", stamp(end)))
}

/// An event of a UID and nothing else yet.
pub fn bare(uid: &str) -> Event {
    Event { uid: uid.to_owned(), lines: Vec::new() }
}

impl Event {
    /// Adds a line.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Event {
        self.lines.push(line.into());
        self
    }

    /// Adds an ORGANIZER.
    #[must_use]
    pub fn by(self, address: &str) -> Event {
        self.line(format!("ORGANIZER:mailto:{address}"))
    }

    /// Adds an RRULE.
    #[must_use]
    pub fn rule(self, rule: &str) -> Event {
        self.line(format!("RRULE:{rule}"))
    }

    /// The VEVENT.
    pub fn component(&self) -> String {
        let uid = if self.uid.is_empty() { String::new() } else { format!("UID:{}", self.uid) };
        let begin =
            [uid.as_str(), "DTSTAMP:20260101T000000Z"].into_iter().filter(|it| !it.is_empty());
        component(begin.chain(self.lines.iter().map(String::as_str)))
    }
}

/// A file of events; those of one UID are one object.
pub fn file(events: &[Event]) -> String {
    file_of(&events.iter().map(Event::component).collect::<String>())
}

/// A file of components, each a text with its BEGIN and END.
pub fn file_of(components: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{components}END:VCALENDAR\r\n")
}

/// A file of events of which each is given by the lines between its BEGIN and END. Line ends and
/// indentation do not matter.
pub fn calendar<T: AsRef<str>>(events: &[T]) -> String {
    let events = events.iter().map(|it| component(it.as_ref().lines().map(str::trim_start)));
    let events: String = events.collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

/// A VEVENT of these lines.
pub fn component<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let lines: String = lines.map(|line| format!("{line}\r\n")).collect();
    format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n")
}
