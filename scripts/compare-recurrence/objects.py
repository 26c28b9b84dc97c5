"""Random whole objects: a series with additions, exceptions and overrides of every form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from brute_force import rule_starts
from by_contract import instances_of
from model import DAILY, MONTHLY, WEEKLY, YEARLY, Component, Duration, Object, RecurrenceDate, Rule
from rules import ZONES, Setting, bounded, everyday_rule, nasty_rule, random_form, random_moment
from times import DATE, FLOATING, UTC_FORM, Value, Window, local_time, midnight, moment

#: How far outside the window instances are referred to: overrides can move them into it.
REFERENCES_REACH = timedelta(days=60)


def setting(random: Random, number: int) -> Setting:
    frequencies = {DAILY: 2, WEEKLY: 5, MONTHLY: 4, YEARLY: 2}
    span = timedelta(days=(60, 200, 700)[number % 3])
    calendar_zone = random.choice(ZONES)
    start = datetime(random.randint(2016, 2029), random.randint(1, 12), 1)
    start = moment(start, calendar_zone)
    return Setting(calendar_zone, Window(start, start + span), timedelta(days=1500), frequencies)


def whole_object(random: Random, uid: str, at: Setting) -> Object:
    while True:
        obj = Generator(random, at).whole_object(uid)
        if not names_a_day_of_two(obj, at):
            return obj


def names_a_day_of_two(obj: Object, at: Setting) -> bool:
    """Whether a RECURRENCE-ID is a date on which a timed series has two instances: "that day's
    instance" does not say which is meant."""
    days = {o.recurrence_id.local.date() for o in obj.overrides if o.recurrence_id.is_date}
    master = obj.master
    if not days or master is None or master.start.is_date:
        return False
    instances = instances_of(master, at.calendar_zone, at.window.end + REFERENCES_REACH)
    counts = Counter(each.local.date() for each in instances)
    return any(counts[day] > 1 for day in days)


@dataclass
class Generator:
    random: Random
    at: Setting

    @property
    def calendar_zone(self) -> str:
        return self.at.calendar_zone

    def chance(self, of_hundred: int) -> bool:
        return self.random.random() * 100 < of_hundred

    # --- The object ----------------------------------------------------------

    def whole_object(self, uid: str) -> Object:
        master = self.master()
        instances = self.instances(master)
        ranges = self.ranges(master, instances) if self.chance(20) else []
        taken = {each.recurrence_id.moment(self.calendar_zone) for each in ranges}
        free = [each for each in instances if each not in taken]
        if not ranges and self.chance(35):
            master = replace(master, rdates=master.rdates + self.periods(master, free))
        if self.chance(50):
            master = replace(master, exdates=self.exdates(master, free))
        overrides = self.overrides(master, free, astray=not ranges) if self.chance(50) else []
        components = [master, *ranges, *overrides]
        if self.chance(4) and not ranges:
            other = replace(self.master(), name="other master", sequence=self.random.randint(0, 2))
            if other.start.is_date == master.start.is_date:
                components.append(other)
        if self.chance(20):
            self.random.shuffle(components)
        if overrides and self.chance(8):  # one was invited to single meetings only
            components = overrides
        return Object(uid, tuple(components))

    def master(self) -> Component:
        random = self.random
        start = self.start(random_form(random, self.at, dates=True))
        rule = None
        if self.chance(85):
            freq = random.choices(list(self.at.frequencies), self.at.frequencies.values())[0]
            make = everyday_rule if self.chance(80) else self.nasty
            rule = bounded(random, make(random, freq, start), start, self.at)
        master = Component("master", start, self.end(start), rule, sequence=self.sequence())
        if self.chance(30) or rule is None and self.chance(60):
            master = replace(master, rdates=self.rdates(master))
        return master

    def nasty(self, random: Random, freq: str, start: Value) -> Rule:
        """Rules with one instance a day at most, for where there are more "that day's instance"
        says too little; and with one in four years, for dateutil searches on to the year 9999."""
        while True:
            rule = nasty_rule(random, freq, start, self.at).without(
                "BYHOUR", "BYMINUTE", "BYSECOND"
            )
            if rule_starts(rule, start.local, start.local + timedelta(days=1461)):
                return rule

    def start(self, form: str) -> Value:
        when = random_moment(self.random, self.at)
        return self.at_time(local_time(when, self.calendar_zone), form)

    def at_time(self, day: datetime, form: str) -> Value:
        """A value on this day, by day: outside the hours in which clocks change."""
        day = midnight(day.date())
        if form == DATE:
            return Value(day, DATE)
        time = timedelta(
            hours=self.random.randint(6, 18), minutes=self.random.choice((0, 0, 15, 30, 45))
        )
        return Value(day + time, form)

    def end(self, start: Value) -> Value | Duration | None:
        random = self.random
        if start.is_date:
            return random.choice(
                (
                    None,
                    Value(start.local + timedelta(days=1), DATE),
                    Value(
                        start.local + timedelta(days=random.choice((0, 2, 2, 3, 3, 8, 8, -1))), DATE
                    ),
                    Duration(days=2),
                Duration(),
                    Duration(days=7, in_weeks=True),
                )
            )
        later = start.local + timedelta(minutes=random.choice((30, 45, 60, 90, 480, 1440, 2940)))
        choice = random.random()
        if choice < 0.5:
            return Value(later, start.form)
        if choice < 0.6:  # the end in UTC or in another zone
            exact = moment(later, start.zone_name(self.calendar_zone))
            return Value.at(exact, random.choice((UTC_FORM, *ZONES[:-1])))
        if choice < 0.61:
            return Value(start.local - timedelta(hours=1), start.form)
        if choice < 0.62:
            return Duration(seconds=-3600)
        return random.choice(
            (
                None,
                Duration(seconds=1800),
                Duration(seconds=5430),
                Duration(seconds=86400),
                Duration(days=1),
                Duration(days=1, seconds=7200),
                Duration(days=14, in_weeks=True),
            )
        )

    def sequence(self) -> int | None:
        return self.random.choice((None, None, 0, 1, 2))

    # --- References to instances ----------------------------------------------

    def instances(self, master: Component) -> list[datetime]:
        """Moments of instances in the window and near it."""
        last = self.at.window.end + REFERENCES_REACH
        found = instances_of(master, self.calendar_zone, last)
        window = Window(self.at.window.start - REFERENCES_REACH, last)
        return [each.moment for each in found if window.holds(each.moment, each.moment)]

    def reference(self, instance: datetime, master: Component, dates: bool = True) -> Value:
        """An instance as EXDATE or RECURRENCE-ID may name it."""
        start, choice = master.start, self.random.random()
        day = midnight(local_time(instance, start.zone_name(self.calendar_zone)).date())
        if start.is_date:
            if choice < 0.85 or not dates:
                return Value(day, DATE)
            at_noon = moment(day + timedelta(hours=12), self.calendar_zone)
            local = FLOATING if self.calendar_zone == "UTC" else self.calendar_zone
            return self.random.choice(
                (
                    Value.at(instance, UTC_FORM),
                    Value.at(at_noon, UTC_FORM),
                    Value(day, local),
                    Value(day, FLOATING),
                )
            )
        if choice < 0.06 and dates:
            return Value(day, DATE)
        if choice < 0.35:
            return Value.at(instance, UTC_FORM)
        if choice < 0.5 and dates:
            return Value.at(instance, self.random.choice(ZONES[:-1]))
        return Value(local_time(instance, start.zone_name(self.calendar_zone)), start.form)

    def some(self, instances: list[datetime], most: int) -> list[datetime]:
        return self.random.sample(instances, min(len(instances), self.random.randint(1, most)))

    # --- RDATE and EXDATE ------------------------------------------------------

    def rdates(self, master: Component) -> tuple[RecurrenceDate, ...]:
        """Also ones that are instances already, or lie before DTSTART."""
        existing = self.instances(master)
        values = []
        for _ in range(self.random.randint(1, 4)):
            if existing and self.chance(15):
                values.append(self.reference(self.random.choice(existing), master))
            else:
                values.append(self.start(self.rdate_form(master)))
        return tuple(RecurrenceDate(each) for each in values)

    def rdate_form(self, master: Component) -> str:
        if master.start.is_date:
            return DATE if self.chance(80) else UTC_FORM
        return self.random.choice(
            (master.start.form,) * 4 + (UTC_FORM, self.random.choice(ZONES[:-1]), DATE)
        )

    def periods(self, master: Component, existing: list[datetime]) -> tuple[RecurrenceDate, ...]:
        """Periods beside the instances; on one of them the rules leave open which length counts."""
        if master.start.is_date:
            return ()
        periods = []
        for _ in range(self.random.randint(1, 3)):
            start = self.start(self.random.choice((master.start.form, UTC_FORM)))
            if start.moment(self.calendar_zone) in existing:
                continue
            length = timedelta(minutes=self.random.choice((20, 100, 1500)))
            end = Value(start.local + length, start.form)
            if self.chance(50):
                end = self.random.choice(
                    (Duration(seconds=1200), Duration(seconds=6000), Duration(days=1))
                )
            periods.append(RecurrenceDate(start, end))
        return tuple(periods)

    def exdates(self, master: Component, existing: list[datetime]) -> tuple[Value, ...]:
        values = (
            [self.reference(each, master) for each in self.some(existing, 5)] if existing else []
        )
        if self.chance(15):  # one that is not an instance
            values.append(self.start(master.start.form))
        return tuple(values)

    # --- Overrides -------------------------------------------------------------

    def overrides(
        self, master: Component, existing: list[datetime], astray: bool
    ) -> list[Component]:
        """Also two of one instance and, if `astray`, one that matches no instance."""
        if not existing:
            return []
        result = []
        for number, instance in enumerate(self.some(existing, 4), start=1):
            override = self.override(
                master, self.reference(instance, master), instance, f"override {number}"
            )
            result.append(override)
            if self.chance(6):
                again = self.reference(instance, master)
                result.append(self.override(master, again, instance, f"override {number} again"))
        if astray and self.chance(15):
            reference = self.start(master.start.form)
            when = reference.moment(self.calendar_zone)
            result.append(self.override(master, reference, when, "override of no instance"))
        return result

    def override(
        self, master: Component, reference: Value, instance: datetime, name: str
    ) -> Component:
        """The instance moved by hours, by days, or into or out of the window; or only changed."""
        random, start = self.random, master.start
        local = local_time(instance, start.zone_name(self.calendar_zone))
        days = random.choice((0, 0, 0, 1, -1, 40, -40, 200))
        form = start.form
        if self.chance(30):
            form = random.choice((UTC_FORM, FLOATING, *ZONES[:-1], DATE))
        if start.is_date and self.chance(75):
            form = DATE
        if days == 0 and form == start.form:
            moved = Value(local, form)
        else:
            moved = self.at_time(local + timedelta(days=days), form)
        return Component(
            name,
            moved,
            self.end(moved),
            recurrence_id=reference,
            sequence=self.sequence(),
            cancelled=self.chance(10),
        )

    def ranges(self, master: Component, existing: list[datetime]) -> list[Component]:
        """Overrides with RANGE=THISANDFUTURE, moved within the hours of the day or by days."""
        if not existing or master.start.is_date and self.chance(30):
            return []
        result = []
        for number, instance in enumerate(self.some(existing, 2), start=1):
            reference = self.reference(instance, master, dates=False)
            moved = self.moved_range(master, instance)
            if moved is None:
                continue
            end = self.end(moved)
            if isinstance(end, Duration) and moved.form != master.start.form:
                end = None  # the rules leave open whose zone the nominal days follow
            result.append(
                Component(
                    f"range {number}",
                    moved,
                    end,
                    recurrence_id=reference,
                    this_and_future=True,
                    sequence=self.sequence(),
                )
            )
        return result

    def moved_range(self, master: Component, instance: datetime) -> Value | None:
        """The new start; none where the clocks change between old and new, for then the rules
        leave open whether the difference is one of clocks or of time."""
        zone_name = master.start.zone_name(self.calendar_zone)
        local = local_time(instance, zone_name)
        if master.start.is_date:
            return Value(local + timedelta(days=self.random.choice((0, 1, -1, 3))), DATE)
        by = timedelta(minutes=self.random.choice((0, 30, 60, -60, 120, 1440, -2880)))
        moved = moment(local + by, zone_name)
        if moved - instance != by:
            return None
        value = Value(local + by, master.start.form)
        return Value.at(moved, UTC_FORM) if self.chance(20) else value
