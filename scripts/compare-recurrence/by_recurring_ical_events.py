"""recurring-ical-events as the second opinion on whole objects, and where it is known to differ.

It is asked which instances there are, where each is moved to, and which
component speaks for it. The ends are then computed here, and the window is cut
here: the library adds every length by the clock, where an exact one (DTEND, or
hours) is to be added as time; see `Length`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
import recurring_ical_events

from brute_force import rule_starts
from by_contract import Occurrence, instances_of
from by_dateutil import Difference
from by_dateutil import known_difference as known_difference_of_rule
from model import Component, Object, calendar_text
from times import UTC, UTC_FORM, Value, Window, midnight, moment

#: Around the window, for the library's own reading of the ends and of dates.
MARGIN = timedelta(days=20)


def occurrences(obj: Object, calendar_zone: str, window: Window) -> list[Occurrence]:
    # The library knows of no calendar's zone, so floating times are written with it.
    text = calendar_text([obj.with_zone_for_floating(calendar_zone)])
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(text))
    found = []
    for event in query.between(window.start - MARGIN, window.end + MARGIN):
        start = moment_of(event["DTSTART"].dt, calendar_zone)
        component = next(c for c in obj.components if c.name == str(event["SUMMARY"]))
        found.append(with_end(start, component, calendar_zone))
    return sorted(each for each in found if window.holds(*each[:2]))


def moment_of(dt, calendar_zone: str) -> datetime:
    if not isinstance(dt, datetime):
        dt = midnight(dt)
    return moment(dt, calendar_zone) if dt.tzinfo is None else dt.astimezone(UTC)


def with_end(start: datetime, component: Component, calendar_zone: str) -> Occurrence:
    length = component.length(calendar_zone)
    for rdate in component.rdates:
        if rdate.is_period and rdate.start.moment(calendar_zone) == start:
            length = rdate.length(calendar_zone)
    zone_name = component.start.zone_name(calendar_zone)
    return Occurrence(start, length.end(start, zone_name, component.start.is_date), component.name)


# --- Where it differs ----------------------------------------------------------


def known_difference(obj: Object, calendar_zone: str, window: Window) -> str | None:
    """Why the library is not asked about this object, if it is not."""
    for difference in KNOWN_DIFFERENCES:
        if difference.applies(obj, calendar_zone, window):
            return difference.reason
    return None


def has_wrong_rule(obj: Object, calendar_zone: str, window: Window) -> bool:
    return any(
        c.rule is not None and known_difference_of_rule(c.rule, c.start.local)
        for c in obj.components
    )


def has_until_not_in_utc(obj: Object, calendar_zone: str, window: Window) -> bool:
    return any(
        c.rule is not None
        and c.rule.until is not None
        and not c.start.is_date
        and c.rule.until.form != UTC_FORM
        for c in obj.components
    )


def has_until_in_utc_of_days(obj: Object, calendar_zone: str, window: Window) -> bool:
    """Ten o'clock in UTC is the same day for everybody."""
    return any(
        c.rule is not None
        and c.rule.until is not None
        and c.start.is_date
        and c.rule.until.form == UTC_FORM
        and c.rule.until.local.hour != 10
        for c in obj.components
    )


def has_count_off_the_rule(obj: Object, calendar_zone: str, window: Window) -> bool:
    master = obj.master
    if master is None or master.rule is None or master.rule.count is None:
        return False
    start = master.start.local
    return start not in rule_starts(master.rule, start, start)


def has_end_before_start(obj: Object, calendar_zone: str, window: Window) -> bool:
    return any(ends_before_start(c, calendar_zone) for c in obj.components)


def ends_before_start(component: Component, calendar_zone: str) -> bool:
    if isinstance(component.end, Value):
        return component.end.moment(calendar_zone) < component.start.moment(calendar_zone)
    return component.end is not None and (component.end.days < 0 or component.end.seconds < 0)


def has_equals(obj: Object, calendar_zone: str, window: Window) -> bool:
    """Two masters whose SEQUENCE does not decide, or two overrides of one instance."""
    masters = [c.sequence or 0 for c in obj.components if not c.is_override]
    overridden = [c.recurrence_id.moment(calendar_zone) for c in obj.overrides]
    return masters.count(max(masters, default=0)) > 1 or len(set(overridden)) < len(overridden)


def has_reference_of_other_type(obj: Object, calendar_zone: str, window: Window) -> bool:
    master = obj.master
    if master is None:
        return False
    references = [r.start for r in master.rdates] + [*master.exdates]
    references += [c.recurrence_id for c in obj.overrides]
    return any(each.is_date != master.start.is_date for each in references)


def has_text_clash(obj: Object, calendar_zone: str, window: Window) -> bool:
    """Two times whose texts are equal, one read as UTC, though the moments are not."""
    master = obj.master
    values = [c.recurrence_id for c in obj.overrides]
    if master is not None:
        values += [r.start for r in master.rdates] + [*master.exdates]
    texts: dict[datetime, set[datetime]] = {}
    for value in values:
        at = value.moment(calendar_zone)
        for text in (at.replace(tzinfo=None), value.local):
            texts.setdefault(text, set()).add(at)
    if master is not None:
        for instance in instances_of(master, calendar_zone, window.end + MARGIN):
            for text in (instance.moment.replace(tzinfo=None), instance.local):
                if text in texts:
                    texts[text].add(instance.moment)
    return any(len(moments) > 1 for moments in texts.values())


KNOWN_DIFFERENCES = [
    Difference(
        "The rule is one that dateutil, on which the library is built, gets wrong.", has_wrong_rule
    ),
    Difference(
        "UNTIL as a date or a local time: the library reads both as UTC, a date as its midnight; "
        "a date covers its whole day, and a local time is in DTSTART's zone.",
        has_until_not_in_utc,
    ),
    Difference(
        "UNTIL in UTC of an all-day series: the library takes its date as written; it is the day of the "
        "zone in which it is a midnight.",
        has_until_in_utc_of_days,
    ),
    Difference(
        "COUNT with a DTSTART off the rule: the library does not count DTSTART, one more comes; "
        "DTSTART counts as the first.",
        has_count_off_the_rule,
    ),
    Difference(
        "An end before the start: the library swaps the two; here it is zero length.",
        has_end_before_start,
    ),
    Difference(
        "Two masters of the same SEQUENCE, or two overrides of one instance: the library takes the "
        "earlier in the text, and both overrides where their RECURRENCE-IDs name different zones; "
        "the later counts.",
        has_equals,
    ),
    Difference(
        "An EXDATE, RDATE or RECURRENCE-ID that is a date in a timed series, or a date-time in an "
        "all-day one: the library reads the date as midnight; it means that day's instance, and "
        "the date-time its local day.",
        has_reference_of_other_type,
    ),
    Difference(
        "Times that look alike: the library also matches a local time with a UTC time of the same "
        "text; only equal moments are the same instance.",
        has_text_clash,
    ),
]
