"""dateutil as the second opinion on plain rules, and where it is known to be wrong."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from dateutil import rrule as dateutil_rrule

from brute_force import week_of
from model import WEEKLY, YEARLY, Rule

PARTS = {
    "BYMONTH": "bymonth",
    "BYWEEKNO": "byweekno",
    "BYYEARDAY": "byyearday",
    "BYMONTHDAY": "bymonthday",
    "BYHOUR": "byhour",
    "BYMINUTE": "byminute",
    "BYSECOND": "bysecond",
    "BYSETPOS": "bysetpos",
}


class Difference(NamedTuple):
    """A place where a peer is known to read something otherwise, and why we do not follow."""

    reason: str
    applies: Callable[..., bool]


KNOWN_DIFFERENCES = [
    Difference(
        "SKIP (RFC 7529): dateutil does not know it.",
        lambda rule, start: rule.moves_days,
    ),
    Difference(
        "BYWEEKNO without a day: dateutil takes all seven days of the week; what a rule does "
        "not say comes from DTSTART (RFC 5545 section 3.3.10), so it is DTSTART's weekday.",
        lambda rule, start: (
            "BYWEEKNO" in rule.by and not rule.by.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}
        ),
    ),
    Difference(
        "BYWEEKNO at the turn of the year: dateutil's period is the calendar year, it does not "
        "find all negative numbers in the neighbouring year, and it miscounts the weeks of the "
        "year before; a numbered week belongs to the year of its number.",
        lambda rule, start: any(n < 0 or n in (1, 52, 53) for n in rule.by.get("BYWEEKNO", ())),
    ),
    Difference(
        "BYWEEKNO with INTERVAL: dateutil counts from DTSTART's calendar year, where the year "
        "of the week numbers is another.",
        lambda rule, start: (
            "BYWEEKNO" in rule.by
            and rule.interval > 1
            and week_of(start.date(), rule.week_start)[0] != start.year
        ),
    ),
    Difference(
        "WEEKLY with BYSETPOS: in the week of DTSTART dateutil counts from DTSTART on; the set "
        "is that of the whole period (RFC 5545 section 3.3.10).",
        lambda rule, start: rule.freq == WEEKLY and "BYSETPOS" in rule.by,
    ),
    Difference(
        "BYDAY with and without ordinals (MO,1TU): dateutil asks for both at once and finds "
        "nothing; the values of a list are alternatives.",
        lambda rule, start: (
            len({bool(n) for n, _ in rule.by.get("BYDAY", ())}) > 1
            and rule.freq in (YEARLY, "MONTHLY")
        ),
    ),
]


def known_difference(rule: Rule, start: datetime) -> str | None:
    """Why dateutil is not asked about this rule, if it is not."""
    for difference in KNOWN_DIFFERENCES:
        if difference.applies(rule, start):
            return difference.reason
    return None


def first_rule_starts(rule: Rule, start: datetime, how_many: int) -> tuple[datetime, ...]:
    """The first local times that dateutil's rule yields, without COUNT and UNTIL.

    dateutil walks on to the year 9999 if a rule has no more, so it is asked for
    no more than are known to exist.
    """
    if how_many == 0:
        return ()
    arguments = {PARTS[name]: values for name, values in rule.by.items() if name != "BYDAY"}
    if "BYDAY" in rule.by:
        arguments["byweekday"] = [
            dateutil_rrule.weekday(weekday, ordinal or None)
            for ordinal, weekday in rule.by["BYDAY"]
        ]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expanded = dateutil_rrule.rrule(
                getattr(dateutil_rrule, rule.freq),
                dtstart=start,
                interval=rule.interval,
                wkst=rule.week_start,
                **arguments,
            )
        return tuple(islice(expanded, how_many))
    except ValueError:  # "generates an empty set": a rule that never holds
        return ()
