"""A calendar object as both the generators and the oracles see it, and its text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from times import (
    DATE,
    FLOATING,
    TEXT_ZONE_OFFSETS,
    TEXT_ZONES,
    UTC_FORM,
    WEEKDAYS,
    Length,
    Value,
)

YEARLY, MONTHLY, WEEKLY, DAILY = "YEARLY", "MONTHLY", "WEEKLY", "DAILY"
HOURLY, MINUTELY, SECONDLY = "HOURLY", "MINUTELY", "SECONDLY"


@dataclass(frozen=True)
class Rule:
    """A recurrence rule. BYDAY holds pairs of ordinal (0: none) and weekday (0: Monday)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: Value | None = None
    wkst: int | None = None
    by: dict[str, tuple] = field(default_factory=dict, hash=False)
    freq_last: bool = False
    #: RFC 7529, with RSCALE=GREGORIAN: OMIT, FORWARD or BACKWARD; "" for RSCALE alone.
    skip: str | None = None
    #: An x-name part, which means nothing (RFC 2445).
    x_part: str | None = None

    @property
    def week_start(self) -> int:
        return 0 if self.wkst is None else self.wkst

    def without(self, *parts: str) -> Rule:
        return replace(self, by={k: v for k, v in self.by.items() if k not in parts})

    @property
    def text(self) -> str:
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until.text}")
        for name, values in self.by.items():
            parts.append(f"{name}=" + ",".join(_by_text(name, value) for value in values))
        if self.wkst is not None:
            parts.append(f"WKST={WEEKDAYS[self.wkst]}")
        if self.skip is not None:
            parts.insert(0, "RSCALE=GREGORIAN")
        if self.skip:
            parts.append(f"SKIP={self.skip}")
        if self.x_part is not None:
            parts.append(self.x_part)
        return ";".join(reversed(parts) if self.freq_last else parts)

    @property
    def moves_days(self) -> bool:
        return self.skip in ("FORWARD", "BACKWARD")

    @property
    def plain(self) -> Rule:
        """The same rule for those who know no RSCALE and no x-name parts."""
        return replace(self, skip=None, x_part=None)


def _by_text(name: str, value) -> str:
    if name == "BYDAY":
        ordinal, weekday = value
        return (str(ordinal) if ordinal else "") + WEEKDAYS[weekday]
    return str(value)


@dataclass(frozen=True)
class Duration:
    """A DURATION as written. A negative one has all its parts negative."""

    days: int = 0
    seconds: int = 0
    in_weeks: bool = False

    @property
    def text(self) -> str:
        sign = "-" if self.days < 0 or self.seconds < 0 else ""
        days, seconds = abs(self.days), abs(self.seconds)
        if self.in_weeks:
            return f"{sign}P{days // 7}W"
        text = f"P{days}D" if days else "P"
        if seconds or not days:
            hours, rest = divmod(seconds, 3600)
            minutes, seconds = divmod(rest, 60)
            text += "T" + (f"{hours}H" if hours else "")
            text += f"{minutes}M" if minutes or (hours and seconds) else ""
            text += f"{seconds}S" if seconds or not (hours or minutes) else ""
        return sign + text

    @property
    def length(self) -> Length:
        return Length(self.days, timedelta(seconds=self.seconds))


def length_between(start: Value, end: Value, calendar_zone: str) -> Length:
    """The length from a start to an exact end: whole days between dates, else exact time."""
    if start.is_date and end.is_date:
        return Length(days=max(0, (end.local - start.local).days))
    exact = end.moment(calendar_zone) - start.moment(calendar_zone)
    return Length(exact=max(timedelta(), exact))


@dataclass(frozen=True)
class RecurrenceDate:
    """One value of RDATE; a PERIOD if it has an end."""

    start: Value
    end: Value | Duration | None = None

    @property
    def is_period(self) -> bool:
        return self.end is not None

    @property
    def text(self) -> str:
        return self.start.text + (f"/{self.end.text}" if self.is_period else "")

    def length(self, calendar_zone: str) -> Length:
        if isinstance(self.end, Duration):
            return self.end.length
        return length_between(self.start, self.end, calendar_zone)


@dataclass(frozen=True)
class Component:
    """A VEVENT. Its name is unique in its object, so that an answer says whose it is."""

    name: str
    start: Value
    end: Value | Duration | None = None
    rule: Rule | None = None
    rdates: tuple[RecurrenceDate, ...] = ()
    exdates: tuple[Value, ...] = ()
    recurrence_id: Value | None = None
    this_and_future: bool = False
    sequence: int | None = None
    cancelled: bool = False

    @property
    def is_override(self) -> bool:
        return self.recurrence_id is not None

    def length(self, calendar_zone: str) -> Length:
        if self.end is None or self.is_day_that_ends_where_it_begins:
            return Length(days=1 if self.start.is_date else 0)
        if isinstance(self.end, Duration):
            return self.end.length
        return length_between(self.start, self.end, calendar_zone)

    @property
    def is_day_that_ends_where_it_begins(self) -> bool:
        """An all-day event whose end is its start, or whose DURATION is zero, means its day."""
        return self.start.is_date and self.end in (self.start, Duration())

    @property
    def zones(self) -> set[str]:
        """The zones that its properties name, as they name them."""
        values = [self.start, self.end, self.recurrence_id, *self.exdates]
        for rdate in self.rdates:
            values += [rdate.start, rdate.end]
        forms = {each.form for each in values if isinstance(each, Value)}
        return forms - {DATE, FLOATING, UTC_FORM}

    def lines(self, uid: str) -> list[str]:
        lines = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20240101T000000Z", f"SUMMARY:{self.name}"]
        if self.recurrence_id is not None:
            range_ = ";RANGE=THISANDFUTURE" if self.this_and_future else ""
            lines.append(_property("RECURRENCE-ID" + range_, self.recurrence_id))
        lines.append(_property("DTSTART", self.start))
        if isinstance(self.end, Duration):
            lines.append(f"DURATION:{self.end.text}")
        elif self.end is not None:
            lines.append(_property("DTEND", self.end))
        if self.rule is not None:
            lines.append(f"RRULE:{self.rule.text}")
        lines += _rdate_lines(self.rdates)
        lines += _exdate_lines(self.exdates)
        if self.sequence is not None:
            lines.append(f"SEQUENCE:{self.sequence}")
        if self.cancelled:
            lines.append("STATUS:CANCELLED")
        return [*lines, "END:VEVENT"]


def _property(name: str, value: Value) -> str:
    return f"{name}{value.parameters}:{value.text}"


def _rdate_lines(rdates: tuple[RecurrenceDate, ...]) -> list[str]:
    """Values of one form share a line, as most programs write them."""
    lines: dict[str, list[str]] = {}
    for rdate in rdates:
        period = ";VALUE=PERIOD" if rdate.is_period else ""
        lines.setdefault(f"RDATE{period}{rdate.start.parameters}", []).append(rdate.text)
    return [f"{name}:{','.join(texts)}" for name, texts in lines.items()]


def _exdate_lines(exdates: tuple[Value, ...]) -> list[str]:
    """The first values of one form share a line; more than three get lines of their own."""
    lines: dict[str, list[str]] = {}
    for value in exdates:
        lines.setdefault(f"EXDATE{value.parameters}", []).append(value.text)
    result = []
    for name, texts in lines.items():
        result.append(f"{name}:{','.join(texts[:3])}")
        result += [f"{name}:{text}" for text in texts[3:]]
    return result


@dataclass(frozen=True)
class Object:
    """All components of one UID, in the order of the text."""

    uid: str
    components: tuple[Component, ...]

    @property
    def master(self) -> Component | None:
        """Of several masters the one with the higher SEQUENCE, then the later in the text."""
        return strongest([c for c in self.components if not c.is_override])

    @property
    def overrides(self) -> list[Component]:
        return [c for c in self.components if c.is_override]

    @property
    def lines(self) -> list[str]:
        return [line for component in self.components for line in component.lines(self.uid)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def with_zone_for_floating(self, calendar_zone: str) -> Object:
        """The same object as every program reads it: floating times in the calendar's zone, zones by
        their IANA names, rules without parts that mean nothing."""

        def fix(value):
            if isinstance(value, Value) and value.form == FLOATING:
                return replace(value, form=calendar_zone)
            if isinstance(value, Value) and value.form in TEXT_ZONES:
                return replace(value, form=TEXT_ZONES[value.form])
            return value

        def fix_component(c: Component) -> Component:
            return replace(
                c,
                start=fix(c.start),
                end=fix(c.end),
                rdates=tuple(RecurrenceDate(fix(r.start), fix(r.end)) for r in c.rdates),
                exdates=tuple(fix(e) for e in c.exdates),
                recurrence_id=fix(c.recurrence_id),
                rule=c.rule and c.rule.plain,
            )

        return replace(self, components=tuple(fix_component(c) for c in self.components))


def strongest(components: list[Component]) -> Component | None:
    """The higher SEQUENCE counts, then the later in the text."""
    best = None
    for component in components:
        if best is None or (component.sequence or 0) >= (best.sequence or 0):
            best = component
    return best


def calendar_text(objects: list[Object]) -> str:
    """An iCalendar file of these objects, its long lines folded."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Room Booking//compare-recurrence//EN"]
    if any(component.zones & TEXT_ZONES.keys() for obj in objects for component in obj.components):
        # All of them: a single one would say which day an UNTIL means.
        for name, offset in TEXT_ZONE_OFFSETS.items():
            lines += vtimezone(name, offset)
    for obj in objects:
        lines += obj.lines
    lines.append("END:VCALENDAR")
    return "".join(_fold(line) + "\r\n" for line in lines)


def vtimezone(name: str, offset: str) -> list[str]:
    """A zone with one offset. Its TZID is TEXT, so commas are escaped."""
    return [
        "BEGIN:VTIMEZONE",
        "TZID:" + name.replace(",", "\\,"),
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def _fold(line: str) -> str:
    parts = [line[:75]]
    parts += [line[i : i + 74] for i in range(75, len(line), 74)]
    return "\r\n ".join(parts)
