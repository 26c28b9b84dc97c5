"""Times as iCalendar writes them, and the moments that they mean.

Everything here follows two sentences of the rules: a local time that a clock
change skips is read with the offset before the gap, and one that it repeats is
the first. Both are what ``zoneinfo`` answers for ``fold=0``.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache

UTC = timezone.utc

# The zone data comes from the pinned `tzdata` package, not from the machine.
zoneinfo.reset_tzpath(to=[])

#: How a time can be written, beside the name of a time zone.
DATE = "DATE"
FLOATING = "FLOATING"
UTC_FORM = "UTC"

#: Zones that a file defines itself, with commas in their names (the TZID of a VTIMEZONE is TEXT).
TEXT_ZONES = {"Kolkata, Mumbai": "Asia/Kolkata", "Tokyo, Osaka": "Asia/Tokyo"}
#: The offsets of their clocks, which do not change.
TEXT_ZONE_OFFSETS = {"Kolkata, Mumbai": "+0530", "Tokyo, Osaka": "+0900"}

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@cache
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of this IANA name."""
    return zoneinfo.ZoneInfo(name)


def moment(local: datetime, zone_name: str) -> datetime:
    """The moment, in UTC, at which clocks in the zone show `local`."""
    return local.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def local_time(at: datetime, zone_name: str) -> datetime:
    """What clocks in the zone show at a moment, without zone."""
    return at.astimezone(zone(zone_name)).replace(tzinfo=None, fold=0)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@dataclass(frozen=True)
class Value:
    """A DATE or DATE-TIME: what is written, and in which form.

    `form` is DATE, FLOATING, UTC_FORM or the name of a time zone. `local` is
    what is written: midnight for a DATE, the UTC time for the UTC form.
    """

    local: datetime
    form: str

    @classmethod
    def at(cls, when: datetime, form: str) -> Value:
        """The value in this form (not DATE, not FLOATING) for a moment."""
        return cls(local_time(when, form_zone(form, "UTC")), form)

    @property
    def is_date(self) -> bool:
        return self.form == DATE

    def zone_name(self, calendar_zone: str) -> str:
        """The zone whose clocks show `local`: dates and floating times are in the calendar's."""
        return form_zone(self.form, calendar_zone)

    def moment(self, calendar_zone: str) -> datetime:
        return moment(self.local, self.zone_name(calendar_zone))

    @property
    def text(self) -> str:
        if self.is_date:
            return self.local.strftime("%Y%m%d")
        return self.local.strftime("%Y%m%dT%H%M%S") + ("Z" if self.form == UTC_FORM else "")

    @property
    def parameters(self) -> str:
        """The parameters of a property with this value, with their leading semicolon."""
        if self.is_date:
            return ";VALUE=DATE"
        if self.form in (FLOATING, UTC_FORM):
            return ""
        return f';TZID="{self.form}"' if "," in self.form else f";TZID={self.form}"


def form_zone(form: str, calendar_zone: str) -> str:
    if form in (DATE, FLOATING):
        return calendar_zone
    return "UTC" if form == UTC_FORM else TEXT_ZONES.get(form, form)


@dataclass(frozen=True)
class Length:
    """How long an occurrence lasts: nominal days by the clock, then exact time."""

    days: int = 0
    exact: timedelta = timedelta()

    def end(self, start: datetime, zone_name: str, all_day: bool) -> datetime:
        """The moment of the end of what starts at this moment, never before it.

        Whole days run to a local midnight, also from a day whose midnight is skipped.
        """
        end = start
        if self.days:
            local = local_time(start, zone_name)
            if all_day:
                local = midnight(local.date())
            end = moment(local + timedelta(days=self.days), zone_name)
        return max(start, end + self.exact)


@dataclass(frozen=True)
class Window:
    """The half-open interval of moments that is compared."""

    start: datetime
    end: datetime

    def holds(self, start: datetime, end: datetime) -> bool:
        """An occurrence counts if it overlaps; one of zero length if it starts inside."""
        if start == end:
            return self.start <= start < self.end
        return start < self.end and self.start < end
