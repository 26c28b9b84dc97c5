"""Random series of one rule: everyday ones, as programs write them, and nasty ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from model import (
    DAILY,
    HOURLY,
    MINUTELY,
    MONTHLY,
    SECONDLY,
    WEEKLY,
    YEARLY,
    Component,
    Duration,
    Object,
    Rule,
)
from times import DATE, FLOATING, TEXT_ZONES, UTC, UTC_FORM, Value, Window, local_time, moment

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "America/Sao_Paulo",  # until 2019 they changed at midnight
    "UTC",
)

#: Local times at which clocks change, and where.
CHANGES = (
    ("2018-11-04T00:00", "America/Sao_Paulo"),
    ("2019-02-17T00:00", "America/Sao_Paulo"),
    ("2024-03-10T02:00", "America/New_York"),
    ("2024-11-03T02:00", "America/New_York"),
    ("2025-03-30T02:00", "Europe/Berlin"),
    ("2025-10-26T03:00", "Europe/Berlin"),
    ("2026-04-05T02:00", "Australia/Lord_Howe"),
    ("2026-10-04T02:00", "Australia/Lord_Howe"),
)


@dataclass(frozen=True)
class Setting:
    """What the objects of one file have in common."""

    calendar_zone: str
    window: Window
    #: How long before the window a series starts at most.
    lead: timedelta
    #: The frequencies that make sense in a window of this length, with their weights.
    frequencies: dict[str, int]
    #: A zone whose clocks change in the window, if the window is short.
    changing_zone: str | None = None
    #: How many times a day BYHOUR, BYMINUTE and BYSECOND may make at most.
    times_a_day: int = 1


DAYS = {DAILY: 2, WEEKLY: 4, MONTHLY: 4, YEARLY: 4}
YEARS = {DAILY: 1, WEEKLY: 3, MONTHLY: 4, YEARLY: 8}
A_YEAR = (timedelta(days=365), timedelta(days=2500), DAYS, 4)
FIVE_YEARS = (timedelta(days=1800), timedelta(days=2500), YEARS, 2)
WEEKS = (timedelta(days=45), timedelta(days=10000), DAYS, 24)
HOURS = (timedelta(days=12), timedelta(days=100), {HOURLY: 1}, 24)
MINUTES = (timedelta(hours=30), timedelta(days=6), {MINUTELY: 1}, 1)
SECONDS = (timedelta(minutes=40), timedelta(hours=9), {SECONDLY: 1}, 1)
#: The settings of the files, in turn.
TURNS = (
    A_YEAR, FIVE_YEARS, WEEKS, HOURS, A_YEAR, FIVE_YEARS,
    MINUTES, WEEKS, FIVE_YEARS, A_YEAR, SECONDS, FIVE_YEARS,
)  # fmt: skip


def setting(random: Random, number: int) -> Setting:
    """Long windows for rules of days, short ones at a clock change for the finer rules."""
    span, lead, frequencies, times_a_day = TURNS[number % len(TURNS)]
    calendar_zone = random.choice(ZONES)
    changing_zone = None
    if span >= timedelta(days=45):
        start = datetime(random.randint(2016, 2029), random.randint(1, 12), 1)
        start = moment(start, calendar_zone)
    else:
        change, changing_zone = random.choice(CHANGES)
        start = moment(datetime.fromisoformat(change), changing_zone) - span * random.random() * 0.8
        start = start.replace(second=0, microsecond=0)
    window = Window(start, start + span)
    return Setting(calendar_zone, window, lead, frequencies, changing_zone, times_a_day)


def series(random: Random, uid: str, at: Setting) -> Object:
    """An object of one component with one rule."""
    freq = random.choices(list(at.frequencies), at.frequencies.values())[0]
    below_a_day = freq in (HOURLY, MINUTELY, SECONDLY)
    form = random_form(random, at, dates=not below_a_day)
    everyday = not below_a_day and random.random() < 0.4
    start = random_start(random, at, form, everyday)
    rule = everyday_rule(random, freq, start) if everyday else nasty_rule(random, freq, start, at)
    rule = bounded(random, rule, start, at)
    return Object(uid, (Component("series", start, random_length(random, start, rule), rule),))


def random_form(random: Random, at: Setting, dates: bool) -> str:
    if dates and random.random() < 0.12:
        return DATE
    if at.changing_zone and random.random() < 0.5:
        return at.changing_zone
    if random.random() < 0.05:
        return random.choice(tuple(TEXT_ZONES))
    zone_name = random.choice((*ZONES, FLOATING))
    return UTC_FORM if zone_name == "UTC" else zone_name


def random_start(random: Random, at: Setting, form: str, everyday: bool) -> Value:
    when = random_moment(random, at)
    zone_name = Value(datetime.min, form).zone_name(at.calendar_zone)
    local = local_time(when, zone_name).replace(microsecond=0)
    if form == DATE:
        local = local.replace(hour=0, minute=0, second=0)
    elif everyday:
        local = local.replace(
            hour=random.randint(7, 19), minute=random.choice((0, 0, 15, 30)), second=0
        )
    elif random.random() < 0.4 and at.lead > timedelta(days=1):  # where clocks change
        local = local.replace(hour=random.randint(0, 3), minute=random.choice((0, 15, 30, 59)))
    if random.random() < 0.8:
        local = local.replace(second=0)
    return Value(local, form)


def random_moment(random: Random, at: Setting) -> datetime:
    """In the window or before it, and the longer before the rarer."""
    span = at.window.end - at.window.start
    return at.window.end - span * random.random() - at.lead * random.random() ** 3


def random_length(random: Random, start: Value, rule: Rule) -> Duration | None:
    """Nominal days only where no instance can lie in a gap: there the rules leave open from
    which of its two local times a day is counted."""
    if start.is_date:
        return random.choice(
            (None, Duration(), Duration(days=1), Duration(days=3), Duration(days=7, in_weeks=True))
        )
    clear_of_gaps = start.local.hour >= 4 and not rule.by.keys() & {"BYHOUR", "BYMINUTE"}
    if clear_of_gaps and rule.freq in (DAILY, WEEKLY, MONTHLY, YEARLY) and random.random() < 0.2:
        return random.choice((Duration(days=1), Duration(days=2, seconds=5400)))
    return random.choice((None, Duration(seconds=1800), Duration(seconds=5400)))


# --- Rules -------------------------------------------------------------------


def everyday_rule(random: Random, freq: str, start: Value) -> Rule:
    """What the dialogs of calendar programs make, with DTSTART on the rule."""
    day, weekday = start.local.day, start.local.weekday()
    nth = (day - 1) // 7 + 1
    interval = random.choice((1, 1, 1, 2, 3, 4))
    wkst = random.choice((None, None, 0, 6))
    workdays = tuple((0, each) for each in range(5))
    if freq == DAILY:
        by = {"BYDAY": workdays} if weekday < 5 and random.random() < 0.3 else {}
    elif freq == WEEKLY:
        others = random.sample(range(7), random.randint(0, 3))
        days = tuple((0, each) for each in sorted({weekday, *others}))
        by = random.choice(({}, {"BYDAY": days}, {"BYDAY": days}))
    elif freq == MONTHLY:
        by = random.choice(
            (
                {},
                {"BYMONTHDAY": (day,)},
                {"BYDAY": ((nth, weekday),)},
                {"BYDAY": ((0, weekday),), "BYSETPOS": (nth,)},
                {"BYDAY": ((0, weekday),), "BYMONTHDAY": tuple(range(day, min(day + 7, 32)))},
            )
        )
    else:
        month = {"BYMONTH": (start.local.month,)}
        by = random.choice(
            ({}, {**month, "BYMONTHDAY": (day,)}, {**month, "BYDAY": ((nth, weekday),)})
        )
    return Rule(freq, interval, wkst=wkst, by=by)


def nasty_rule(random: Random, freq: str, start: Value, at: Setting) -> Rule:
    """Any parts together that RFC 5545 allows, and some that it calls N/A."""
    by: dict[str, tuple] = {}
    interval = random.choice((1, 1, 1, 2, 3, 5))
    if freq in (HOURLY, MINUTELY, SECONDLY):
        add_fine_parts(random, freq, by, start)
        interval = random.choice((1, 2, 3, 5, 7, 11, 24, 45, 90))
        if random.random() < 0.3:
            by["BYDAY"] = tuple((0, each) for each in sorted(random.sample(range(7), 4)))
        if freq == HOURLY and random.random() < 0.2:
            by["BYMONTHDAY"] = values(random, 31, 10)
    else:
        add_day_parts(random, freq, by, start)
        if random.random() < 0.3:
            add_times(random, by, at.times_a_day)
    if by and random.random() < 0.25:
        by["BYSETPOS"] = values(random, 4 if random.random() < 0.8 else 40, random.randint(1, 2))
    wkst = random.choice((None, None, 0, 2, 6, random.randint(0, 6)))
    return Rule(freq, interval, wkst=wkst, by=by, freq_last=random.random() < 0.1)


def add_day_parts(random: Random, freq: str, by: dict, start: Value) -> None:
    likely = {YEARLY: 0.4, MONTHLY: 0.45, WEEKLY: 0.5, DAILY: 0.45}[freq]
    if random.random() < (likely if freq == YEARLY else 0.25):
        months = random.sample(range(1, 13), random.randint(1, 4))
        by["BYMONTH"] = tuple(sorted(months))
    if freq == YEARLY and random.random() < 0.3:
        by["BYWEEKNO"] = random.choice(
            (
                values(random, 53, 2),
                (1,),
                (1,),
                (53,),
                (-1,),
                (52, 1),
                (-53, 20),
                (random.randint(1, 53),),
            )
        )
    if freq == YEARLY and "BYWEEKNO" not in by and random.random() < 0.25:
        by["BYYEARDAY"] = values(random, 366, random.choice((1, 3, 60)))
    if random.random() < (likely if freq == MONTHLY else 0.2):
        by["BYMONTHDAY"] = random.choice((values(random, 31, 4), (31,), (-1,), (29, 30, 31), (13,)))
    if random.random() < (0.7 if "BYWEEKNO" in by else likely):
        by["BYDAY"] = random_byday(random, freq, "BYWEEKNO" in by, "BYMONTH" in by)
    if random.random() < 0.04:  # N/A, and yet seen
        by["BYYEARDAY"] = values(random, 366, 200)
    if freq != YEARLY and random.random() < 0.04:
        by["BYWEEKNO"] = tuple(sorted(random.sample(range(1, 54), 30)))
        by.setdefault("BYDAY", ((0, 1), (0, 4)))


def random_byday(random: Random, freq: str, in_weeks: bool, in_months: bool) -> tuple:
    days = sorted(random.sample(range(7), random.randint(1, 4)))
    if in_weeks or random.random() < 0.5:
        return tuple((0, each) for each in days)
    if freq in (WEEKLY, DAILY) and random.random() < 0.8:  # else: to be ignored
        return tuple((0, each) for each in days)
    highest = 5 if freq == MONTHLY or in_months else 53
    ordinals = [random.choice((1, -1, 2, -2, 3, 5, -5, random.randint(1, highest))) for _ in days]
    if random.random() < 0.1:
        ordinals[0] = 0
    return tuple(zip(ordinals, days))


def add_times(random: Random, by: dict, times_a_day: int) -> None:
    """BYHOUR, BYMINUTE and BYSECOND that together make no more than so many times a day."""
    for name, limit in (("BYHOUR", 24), ("BYMINUTE", 60), ("BYSECOND", 60)):
        how_many = random.randint(0, min(3, times_a_day))
        if how_many:
            by[name] = tuple(sorted(random.sample(range(limit), how_many)))
            times_a_day //= how_many


def add_fine_parts(random: Random, freq: str, by: dict, start: Value) -> None:
    """Parts that limit the frequency, and ones below it that expand it."""
    if random.random() < 0.4:
        hours = {start.local.hour, *random.sample(range(24), random.randint(1, 12))}
        by["BYHOUR"] = tuple(sorted(hours))
    if random.random() < 0.4:
        minutes = random.sample(range(60), 3 if freq == HOURLY else 20)
        by["BYMINUTE"] = tuple(sorted({*minutes, start.local.minute}))
    if random.random() < 0.4:
        seconds = random.sample(range(60), 15 if freq == SECONDLY else 2)
        by["BYSECOND"] = tuple(sorted(seconds))


def values(random: Random, limit: int, how_many: int) -> tuple[int, ...]:
    """Distinct values from 1 to the limit, in any order, some of them from the end."""
    chosen = random.sample(range(1, limit + 1), min(limit, random.randint(1, how_many)))
    return tuple(-each if random.random() < 0.3 else each for each in chosen)


# --- COUNT and UNTIL ---------------------------------------------------------


def bounded(random: Random, rule: Rule, start: Value, at: Setting) -> Rule:
    """The rule with COUNT, with UNTIL, or without an end. UNTIL is never before DTSTART."""
    if random.random() < 0.15:
        rule = replace(rule, skip=random.choice(("FORWARD", "BACKWARD", "FORWARD", "OMIT", "")))
    if random.random() < 0.05:
        rule = replace(rule, x_part=random.choice(("X-EVOLUTION-ENDDATE=20270624T070000Z", "x-a=1")))
    choice = random.random()
    if choice < 0.35:
        return rule
    if choice < 0.6:
        return replace(rule, count=random.choice((1, 2, 3, 5, 10, 30, 200, 1000)))
    return replace(rule, until=random_until(random, start, at))


def random_until(random: Random, start: Value, at: Setting) -> Value:
    """UNTIL in all its forms; often at the very time of an instance, or a second beside it."""
    calendar_zone = at.calendar_zone
    first, last = start.moment(calendar_zone), at.window.end + (at.window.end - at.window.start) / 9
    if random.random() < 0.8:
        first = max(first, at.window.start)
    zone_name = start.zone_name(calendar_zone)
    local = local_time(first + (last - first) * random.random(), zone_name).replace(microsecond=0)
    if at.window.end - at.window.start > timedelta(days=2):
        local = datetime.combine(local, start.local.time())
    local = max(start.local, local)
    if start.is_date:
        at_ten = local.replace(hour=10)  # the same day in UTC as in all the zones
        edge = local + random.choice((timedelta(), timedelta(hours=24, seconds=-1)))
        zone_name = random.choice(("UTC", calendar_zone, *ZONES))
        exact = max(moment(edge, zone_name), first + timedelta(days=1))
        return random.choice(
            (
                Value(local, DATE),
                Value(local, DATE),
                Value(at_ten, UTC_FORM),
                Value(at_ten, FLOATING),
                Value.at(exact, UTC_FORM),
                Value.at(exact, UTC_FORM),
            )
        )
    exact = moment(local, zone_name) + timedelta(seconds=random.choice((0, 0, 0, 1, -1)))
    exact = max(exact, start.moment(calendar_zone))
    utc = Value(exact.astimezone(UTC).replace(tzinfo=None), UTC_FORM)
    as_date = Value(local.replace(hour=0, minute=0, second=0), DATE)
    # In the hour that a change of clocks repeats or skips, a local UNTIL says too little.
    as_local = utc if start.form == UTC_FORM or at.changing_zone else Value(local, FLOATING)
    return random.choice((utc, utc, as_date, as_local))
