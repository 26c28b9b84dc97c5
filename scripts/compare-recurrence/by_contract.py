"""The occurrences of a whole object, straight from the rules of Room Booking.

One instance after the other, with linear searches throughout: slow, but each
line is a sentence of the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from brute_force import rule_starts
from model import Component, Object, strongest
from times import DATE, UTC_FORM, Length, Value, Window, form_zone, local_time, midnight, moment

#: How far RANGE=THISANDFUTURE moves an occurrence at most, in what the generator writes.
FARTHEST_MOVE = timedelta(days=8)
#: BYHOUR, BYMINUTE and BYSECOND mean nothing for dates and are ignored (RFC 5545,
#: section 3.3.10).
PARTS_BELOW_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


class Occurrence(NamedTuple):
    """What is compared: the moments, and the name of the component that speaks for it."""

    start: datetime
    end: datetime
    name: str


@dataclass(frozen=True)
class Instance:
    """One member of a recurrence set, before any override."""

    moment: datetime
    #: In the zone of DTSTART; of an all-day one its midnight, even where that is skipped.
    local: datetime
    all_day: bool
    #: That of an RDATE with a PERIOD.
    length: Length | None = None

    @classmethod
    def of(cls, at: datetime, start: Value, calendar_zone: str, length: Length | None = None):
        """The instance at a moment in a series that starts at this DTSTART."""
        local = local_time(at, start.zone_name(calendar_zone))
        return cls(at, midnight(local.date()) if start.is_date else local, start.is_date, length)


def occurrences(obj: Object, calendar_zone: str, window: Window) -> list[Occurrence]:
    """The occurrences in the window, sorted."""
    found = [each for each in _occurrences(obj, calendar_zone, window) if window.holds(*each[:2])]
    return sorted(found)


def _occurrences(obj: Object, calendar_zone: str, window: Window):
    master = obj.master
    referred_to = [override.recurrence_id.moment(calendar_zone) for override in obj.overrides]
    last = max([window.end, *referred_to])
    if obj.overrides:
        last += FARTHEST_MOVE
    zones = {zone for component in obj.components for zone in component.zones}
    instances = [] if master is None else instances_of(master, calendar_zone, last, zones)
    overrides = effective_overrides(obj, instances, calendar_zone)
    for override in overrides:
        if not is_excluded(master, override.recurrence_id, instances, calendar_zone):
            yield occurrence_of(override, override.start.moment(calendar_zone), calendar_zone)
    for instance in instances:
        if any(refers_to(e, instance, calendar_zone) for e in master.exdates):
            continue
        if any(refers_to(o.recurrence_id, instance, calendar_zone) for o in overrides):
            continue
        yield occurrence_of_instance(instance, master, overrides, calendar_zone)


def occurrence_of(component: Component, start: datetime, calendar_zone: str) -> Occurrence:
    zone_name = component.start.zone_name(calendar_zone)
    end = component.length(calendar_zone).end(start, zone_name, component.start.is_date)
    return Occurrence(start, end, component.name)


# --- The recurrence set ------------------------------------------------------


def instances_of(
    master: Component, calendar_zone: str, until: datetime, zones: set[str] | None = None
) -> list[Instance]:
    """DTSTART, RRULE and RDATE, each moment once, in order; EXDATE and overrides come later."""
    zone_name = master.start.zone_name(calendar_zone)
    found = {}
    zones = master.zones if zones is None else zones
    for local in series_starts(master, calendar_zone, until, zones):
        at = moment(local, zone_name)
        found.setdefault(at, Instance.of(at, master.start, calendar_zone))
    for rdate in master.rdates:
        at = rdate_moment(rdate.start, master, calendar_zone)
        length = rdate.length(calendar_zone) if rdate.is_period else None
        found.setdefault(at, Instance.of(at, master.start, calendar_zone, length))
    return [found[at] for at in sorted(found)]


def series_starts(
    master: Component, calendar_zone: str, until: datetime, zones: set[str]
) -> list[datetime]:
    """The local times of DTSTART and its RRULE, to the moment `until` and a little past it.

    `zones` are those that the object names.
    """
    start, rule = master.start, master.rule
    if rule is None:
        return [start.local]
    if start.is_date:
        rule = rule.without(*PARTS_BELOW_A_DAY)
    zone_name = start.zone_name(calendar_zone)
    last = local_time(until, zone_name)
    # DTSTART is an instance, and the first of COUNT, even where it is off the rule.
    later = [each for each in rule_starts(rule, start.local, last) if each > start.local]
    if rule.until is not None:
        until = rule.until
        if start.is_date and until.form == UTC_FORM:
            until = Value(midnight(last_day(until, zones, calendar_zone)), DATE)
        later = [each for each in later if not_after(each, until, zone_name)]
    return [start.local, *later][: rule.count]


def not_after(local: datetime, until: Value, zone_name: str) -> bool:
    """UNTIL is the last moment; a date covers its whole day, a local time is in DTSTART's zone."""
    if until.is_date:
        return local.date() <= until.local.date()
    return moment(local, zone_name) <= until.moment(zone_name)


def last_day(until: Value, zones: set[str], calendar_zone: str) -> date:
    """The last day of an all-day series with an UNTIL in UTC: that of the one zone that the object
    names, if UNTIL is the first or the last second of a day there; else of UTC, if it is so there; else
    of the calendar's zone likewise; else the date as written."""
    named = [form_zone(form, calendar_zone) for form in zones] if len(zones) == 1 else []
    for zone_name in [*named, "UTC", calendar_zone]:
        local = local_time(until.moment(calendar_zone), zone_name)
        if local.time() in (time(0, 0, 0), time(23, 59, 59)):
            return local.date()
    return until.local.date()


def rdate_moment(rdate: Value, master: Component, calendar_zone: str) -> datetime:
    """A date in a timed series is that day's instance; a date-time in an all-day series its day."""
    zone_name = master.start.zone_name(calendar_zone)
    if master.start.is_date:
        return moment(midnight(local_date(rdate, calendar_zone)), zone_name)
    if rdate.is_date:
        return moment(datetime.combine(rdate.local, master.start.local.time()), zone_name)
    return rdate.moment(calendar_zone)


def local_date(value: Value, calendar_zone: str) -> date:
    if value.is_date:
        return value.local.date()
    return local_time(value.moment(calendar_zone), calendar_zone).date()


# --- EXDATE and RECURRENCE-ID ------------------------------------------------


def refers_to(value: Value, instance: Instance, calendar_zone: str) -> bool:
    """Whether an EXDATE or RECURRENCE-ID means this instance.

    A date means that day's instance, and in an all-day series a date-time means
    its local day; else the moments are compared.
    """
    if value.is_date or instance.all_day:
        return local_date(value, calendar_zone) == instance.local.date()
    return value.moment(calendar_zone) == instance.moment


def is_excluded(
    master: Component | None, recurrence_id: Value, instances: list[Instance], calendar_zone: str
) -> bool:
    """An EXDATE removes an override of that instance too."""
    if master is None:
        return False
    instance = instance_meant(master, recurrence_id, instances, calendar_zone)
    return any(refers_to(e, instance, calendar_zone) for e in master.exdates)


def instance_meant(
    master: Component | None, value: Value, instances: list[Instance], calendar_zone: str
) -> Instance:
    """The instance of a RECURRENCE-ID; where there is none, what it says itself."""
    for instance in instances:
        if refers_to(value, instance, calendar_zone):
            return instance
    start = value if master is None else master.start
    return Instance.of(value.moment(calendar_zone), start, calendar_zone)


def effective_overrides(
    obj: Object, instances: list[Instance], calendar_zone: str
) -> list[Component]:
    """Of two overrides of one instance the stronger."""
    groups: dict[datetime, list[Component]] = {}
    for override in obj.overrides:
        instance = instance_meant(obj.master, override.recurrence_id, instances, calendar_zone)
        groups.setdefault(instance.moment, []).append(override)
    return [strongest(group) for group in groups.values()]


def occurrence_of_instance(
    instance: Instance, master: Component, overrides: list[Component], calendar_zone: str
) -> Occurrence:
    """The instance as the master has it, or as the last THISANDFUTURE before it moves it."""
    zone_name, all_day = master.start.zone_name(calendar_zone), master.start.is_date
    ranges = [o for o in overrides if o.this_and_future]
    ranges = [o for o in ranges if o.recurrence_id.moment(calendar_zone) < instance.moment]
    if not ranges:
        length = instance.length or master.length(calendar_zone)
        end = length.end(instance.moment, zone_name, all_day)
        return Occurrence(instance.moment, end, master.name)
    speaker = max(ranges, key=lambda o: o.recurrence_id.moment(calendar_zone))
    moved_by = local_in(zone_name, speaker.start, calendar_zone) - local_in(
        zone_name, speaker.recurrence_id, calendar_zone
    )
    start = moment(instance.local + moved_by, zone_name)
    end = speaker.length(calendar_zone).end(start, zone_name, all_day)
    return Occurrence(start, end, speaker.name)


def local_in(zone_name: str, value: Value, calendar_zone: str) -> datetime:
    """What clocks in a zone show at a value; a date is the same everywhere."""
    return value.local if value.is_date else local_time(value.moment(calendar_zone), zone_name)
