"""A recurrence rule expanded in the most obvious way.

Walk every day (and, for the frequencies below a day, every hour, minute and
second), keep what the table of RFC 5545, page 44, lets through, group it by
period, and let BYSETPOS choose from each whole period. No step is clever, so
that each can be checked against the text of the RFC.

All times are local and without zone. RFC 5545 calls some parts "N/A" with some
frequencies; here they limit, as in dateutil.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import product

from model import DAILY, HOURLY, MINUTELY, MONTHLY, SECONDLY, WEEKLY, YEARLY, Rule

#: How far to walk on at both ends, so that the first and the last period are whole. (A year of
#: week numbers can begin and end in the neighbouring calendar years.)
PERIOD_AT_MOST = {
    YEARLY: timedelta(days=380),
    MONTHLY: timedelta(days=32),
    WEEKLY: timedelta(days=7),
    DAILY: timedelta(days=1),
    HOURLY: timedelta(hours=1),
    MINUTELY: timedelta(minutes=1),
    SECONDLY: timedelta(seconds=1),
}


@lru_cache(maxsize=4)
def rule_starts(rule: Rule, start: datetime, last: datetime) -> tuple[datetime, ...]:
    """What the rule itself yields from `start` to `last` and to the end of that period.

    COUNT and UNTIL are not looked at, and `start` is in the answer only if it is on the rule.
    """
    periods: dict[int, list[datetime]] = {}
    first_period, last_period = period_of(rule, start), period_of(rule, last)
    found = [(period_of(rule, each), each) for each in candidates(rule, start, last)]
    if rule.moves_days:
        found += moved_candidates(rule, start, last)
    for period, candidate in found:
        number = period - first_period
        if number >= 0 and number % rule.interval == 0:
            periods.setdefault(number, []).append(candidate)
    starts = []
    for number in sorted(periods):
        starts += chosen_by_position(rule, sorted(set(periods[number])))
    # A day that was moved may be one of the next period as well.
    starts = sorted(set(starts))
    return tuple(t for t in starts if t >= start and period_of(rule, t) <= last_period)


def chosen_by_position(rule: Rule, members: list[datetime]) -> list[datetime]:
    """BYSETPOS: the n-th member of the period, from its end if negative."""
    positions = rule.by.get("BYSETPOS")
    if positions is None:
        return members
    numbered = enumerate(members, start=1)
    return [m for n, m in numbered if n in positions or n - len(members) - 1 in positions]


# --- Which times exist -------------------------------------------------------


def candidates(rule: Rule, start: datetime, last: datetime) -> Iterator[datetime]:
    """Every time that passes all parts but INTERVAL and BYSETPOS."""
    first, last = start - PERIOD_AT_MOST[rule.freq], last + PERIOD_AT_MOST[rule.freq]
    day, last_day = first.date(), last.date()
    while day <= last_day:
        if day_passes(rule, day, start.date()):
            yield from times_of_day(rule, day, start, first, last)
        day += timedelta(days=1)


def times_of_day(
    rule: Rule, day: date, start: datetime, first: datetime, last: datetime
) -> Iterator[datetime]:
    """The times of a day: BYHOUR, BYMINUTE and BYSECOND expand above their own unit and
    limit at or below it; where they are missing the time is that of DTSTART."""
    every_hour = rule.freq in (HOURLY, MINUTELY, SECONDLY)
    every_minute = rule.freq in (MINUTELY, SECONDLY)
    every_second = rule.freq == SECONDLY
    hours = rule.by.get("BYHOUR", range(24) if every_hour else (start.hour,))
    minutes = rule.by.get("BYMINUTE", range(60) if every_minute else (start.minute,))
    seconds = rule.by.get("BYSECOND", range(60) if every_second else (start.second,))
    for hour, minute in product(hours, minutes):
        this_minute = datetime.combine(day, time(hour, minute))
        if first - timedelta(minutes=1) < this_minute <= last:
            for second in seconds:
                yield this_minute.replace(second=second)


# --- Days that are moved (RFC 7529) ------------------------------------------


def moved_candidates(rule: Rule, start: datetime, last: datetime) -> list[tuple[int, datetime]]:
    """What becomes of the days that a month or a year does not have, each with its own period.

    The parts behind the one that a day was moved for choose among the days after the move: BYMONTH,
    BYWEEKNO, BYYEARDAY, BYMONTHDAY, then the move, then BYDAY.
    """
    found = []
    margin = 2 * PERIOD_AT_MOST[rule.freq]
    first, end = start - margin, last + margin
    for period, day, without in moved_days(rule, start.date(), first.date(), end.date()):
        if parts_pass(rule, day, without):
            found += [(period, each) for each in times_of_day(rule, day, start, first, end)]
    return found


def moved_days(rule: Rule, start: date, first: date, last: date):
    """The period, the day, and the parts that have chosen it already."""
    by, forward = rule.by, rule.skip == "FORWARD"
    one_day = timedelta(days=1)
    if rule.freq not in (YEARLY, MONTHLY):
        return
    wanted, months = by.get("BYMONTHDAY", ()), by.get("BYMONTH", range(1, 13))
    if not by.keys() & {"BYMONTHDAY", "BYDAY", "BYYEARDAY", "BYWEEKNO"}:
        wanted = (start.day,)
        if rule.freq == YEARLY:
            months = by.get("BYMONTH", (start.month,))
    for year in range(max(first.year, 1), min(last.year, 9998) + 1):
        for month in months:
            begins = date(year, month, 1)
            ends = begins + days_in_month(begins) * one_day
            period = year if rule.freq == YEARLY else year * 12 + month
            for number in wanted:
                if abs(number) > days_in_month(begins):
                    forth, back = (ends, ends - one_day) if number > 0 else (begins, begins - one_day)
                    yield period, forth if forward else back, ("BYMONTH", "BYMONTHDAY")
        begins, ends = date(year, 1, 1), date(year + 1, 1, 1)
        for number in by.get("BYYEARDAY", ()) if rule.freq == YEARLY else ():
            if abs(number) > days_in_year(begins):
                forth, back = (ends, ends - one_day) if number > 0 else (begins, begins - one_day)
                yield year, forth if forward else back, ("BYYEARDAY",)


# --- Which days pass ---------------------------------------------------------


def day_passes(rule: Rule, day: date, start: date) -> bool:
    if not parts_pass(rule, day):
        return False
    if rule.by.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}:
        return True
    return passes_as_dtstart(rule, day, start)


def parts_pass(rule: Rule, day: date, without: tuple[str, ...] = ()) -> bool:
    """Whether a day passes each part that there is, but for those that are left out."""
    by = {part: values for part, values in rule.by.items() if part not in without}
    if "BYMONTH" in by and day.month not in by["BYMONTH"]:
        return False
    if "BYWEEKNO" in by and not week_number_passes(rule, day):
        return False
    if "BYYEARDAY" in by and not counted_from_either_end(
        day_of_year(day), days_in_year(day), by["BYYEARDAY"]
    ):
        return False
    if "BYMONTHDAY" in by and not counted_from_either_end(
        day.day, days_in_month(day), by["BYMONTHDAY"]
    ):
        return False
    return "BYDAY" not in by or any(weekday_passes(rule, day, *each) for each in by["BYDAY"])


def passes_as_dtstart(rule: Rule, day: date, start: date) -> bool:
    """What the rule does not say is taken from DTSTART."""
    if rule.freq == WEEKLY:
        return day.weekday() == start.weekday()
    if rule.freq == MONTHLY:
        return day.day == start.day
    if rule.freq == YEARLY:
        if "BYWEEKNO" in rule.by:
            return day.weekday() == start.weekday()
        return day.day == start.day and ("BYMONTH" in rule.by or day.month == start.month)
    return True


def weekday_passes(rule: Rule, day: date, ordinal: int, weekday: int) -> bool:
    """One value of BYDAY; an ordinal means something in months and years only."""
    if day.weekday() != weekday:
        return False
    if ordinal == 0 or rule.freq not in (MONTHLY, YEARLY):
        return True
    if rule.freq == MONTHLY or "BYMONTH" in rule.by:
        place, length = day.day, days_in_month(day)
    else:
        place, length = day_of_year(day), days_in_year(day)
    from_start = (place - 1) // 7 + 1
    from_end = (length - place) // 7 + 1
    return ordinal in (from_start, -from_end)


def week_number_passes(rule: Rule, day: date) -> bool:
    year, number = week_of(day, rule.week_start)
    return counted_from_either_end(
        number, weeks_in_year(year, rule.week_start), rule.by["BYWEEKNO"]
    )


def counted_from_either_end(place: int, length: int, wanted: tuple[int, ...]) -> bool:
    """Whether the place, or its negative counterpart (-1: the last), is wanted."""
    return place in wanted or place - length - 1 in wanted


# --- Periods -----------------------------------------------------------------


def period_of(rule: Rule, at: datetime) -> int:
    """The number of the period of FREQ in which a time lies; neighbours differ by one.

    With BYWEEKNO, a year is the year of the week numbers: its days at the turn
    of the year belong to the year that their week belongs to.
    """
    day = at.toordinal()
    if rule.freq == YEARLY:
        return week_of(at.date(), rule.week_start)[0] if "BYWEEKNO" in rule.by else at.year
    if rule.freq == MONTHLY:
        return at.year * 12 + at.month
    if rule.freq == WEEKLY:
        return (day - 1 - rule.week_start) // 7  # day 1 of the calendar is a Monday
    if rule.freq == DAILY:
        return day
    hour = day * 24 + at.hour
    if rule.freq == HOURLY:
        return hour
    minute = hour * 60 + at.minute
    return minute if rule.freq == MINUTELY else minute * 60 + at.second


@cache
def week_of(day: date, week_start: int) -> tuple[int, int]:
    """Year and number of the day's week: week 1 is the first with four days in its year."""
    first_day = day - timedelta(days=(day.weekday() - week_start) % 7)
    fourth_day = first_day + timedelta(days=3)
    return fourth_day.year, (day_of_year(fourth_day) - 1) // 7 + 1


@cache
def weeks_in_year(year: int, week_start: int) -> int:
    """The number of the last week, in which 28 December always lies."""
    return week_of(date(year, 12, 28), week_start)[1]


def day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def days_in_year(day: date) -> int:
    return day_of_year(date(day.year, 12, 31))


@cache
def days_in_month(day: date) -> int:
    next_month = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (next_month - day.replace(day=1)).days
