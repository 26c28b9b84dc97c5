"""Compares `room-booking events` with the oracles on random series and objects."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, zip_longest
from pathlib import Path
from random import Random

import by_contract
import by_dateutil
import by_recurring_ical_events
import objects
import rules
from brute_force import rule_starts
from by_contract import Occurrence
from model import Object, calendar_text
from times import UTC, local_time, zone

BATCH_SIZE = 250
DIFFERENCES_SHOWN = 10
LINES_SHOWN = 8
BINARY_TIMEOUT_SECONDS = 120


@dataclass
class Batch:
    """The objects of one file. Everything about it follows from the seed and its number."""

    kind: str
    number: int
    size: int
    seed: int

    def __post_init__(self):
        generator = {"rules": rules, "objects": objects}[self.kind]
        make = {"rules": rules.series, "objects": objects.whole_object}[self.kind]
        self.setting = generator.setting(
            Random(f"{self.seed} {self.kind} {self.number}"), self.number
        )
        self.objects = [self._object(make, index) for index in range(self.size)]

    def _object(self, make, index: int) -> Object:
        uid = f"{self.kind}-{self.number}-{index}"
        return make(Random(f"{self.seed} {uid}"), uid, self.setting)

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.number}"


@dataclass
class Outcome:
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    occurrences: int = 0
    #: How many objects had which second opinion, or why they had none.
    second_opinions: Counter = field(default_factory=Counter)

    def add(self, other: Outcome) -> None:
        self.passed += other.passed
        self.failures += other.failures
        self.occurrences += other.occurrences
        self.second_opinions += other.second_opinions


# --- Comparing ---------------------------------------------------------------


def compare_batch(batch: Batch, binary: str | None, folder: str) -> Outcome:
    outcome = Outcome()
    answers, errors = ask(batch, binary, folder) if binary else (None, "")
    if answers is None and binary:
        outcome.failures.append(f"{batch.name}: {errors}")
    for obj in batch.objects:
        zone_name, window = batch.setting.calendar_zone, batch.setting.window
        expected = by_contract.occurrences(obj, zone_name, window)
        outcome.occurrences += len(expected)
        problem = oracles_disagree(batch, obj, expected, outcome.second_opinions)
        if problem is None and answers is not None:
            ours = sorted(answers.pop(obj.uid, []))
            if ours != expected:
                problem = difference("ours", ours, "expected", expected, zone_name)
                problem += "".join(f"\n  said: {e}" for e in errors.splitlines() if obj.uid in e)
        if problem is None:
            outcome.passed += answers is not None or not binary
        else:
            outcome.failures.append(f"{header(batch, obj)}\n{problem}")
    for uid in answers or ():
        outcome.failures.append(f"{batch.name}: an answer for {uid!r}, which is not in the file")
    return outcome


def oracles_disagree(batch: Batch, obj: Object, expected, second_opinions: Counter) -> str | None:
    """Ask the peer for its opinion, unless it is known to differ here."""
    zone_name, window = batch.setting.calendar_zone, batch.setting.window
    if batch.kind == "rules":
        return dateutil_disagrees(obj, zone_name, window, second_opinions)
    reason = by_recurring_ical_events.known_difference(obj, zone_name, window)
    second_opinions[reason or "recurring-ical-events"] += 1
    if reason is not None:
        return None
    theirs = by_recurring_ical_events.occurrences(obj, zone_name, window)
    if theirs == expected:
        return None
    return "The oracles disagree.\n" + difference(
        "recurring-ical-events", theirs, "by the contract", expected, zone_name
    )


def dateutil_disagrees(obj: Object, zone_name: str, window, second_opinions: Counter) -> str | None:
    (series,) = obj.components
    start, rule = series.start.local, series.rule
    if series.start.is_date:
        rule = rule.without(*by_contract.PARTS_BELOW_A_DAY)
    reason = by_dateutil.known_difference(rule, start)
    second_opinions[reason or "dateutil"] += 1
    if reason is not None:
        return None
    last = local_time(window.end, series.start.zone_name(zone_name))
    ours = rule_starts(rule, start, last)[: rule.count]
    theirs = by_dateutil.first_rule_starts(rule, start, len(ours))
    if ours == theirs:
        return None
    first = next(pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1])
    return f"The oracles disagree: brute force {first[0]}, dateutil {first[1]}."


# --- The program -------------------------------------------------------------


def ask(batch: Batch, binary: str, folder: str) -> tuple[dict[str, list[Occurrence]] | None, str]:
    """The program's occurrences by UID, and what it said on standard error."""
    path = Path(folder) / f"{batch.name}.ics"
    path.write_text(calendar_text(batch.objects), newline="")
    command = [binary, *arguments(batch, str(path))]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=BINARY_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None, f"no answer within {BINARY_TIMEOUT_SECONDS} s: {' '.join(command)}"
    if done.returncode != 0:
        return None, f"status {done.returncode}: {' '.join(command)}\n{done.stderr}"
    answers: dict[str, list[Occurrence]] = {}
    for event in json.loads(done.stdout)["events"]:
        occurrence = Occurrence(read(event["start"]), read(event["end"]), event["name"])
        answers.setdefault(event["uid"], []).append(occurrence)
    return answers, done.stderr


def arguments(batch: Batch, path: str) -> list[str]:
    window = batch.setting.window
    return [
        "events", path,
        "--start", window.start.isoformat(),
        "--end", window.end.isoformat(),
        "--time-zone", batch.setting.calendar_zone,
        "--json",
    ]  # fmt: skip


def read(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


# --- Showing -----------------------------------------------------------------


def header(batch: Batch, obj: Object) -> str:
    return f"{' '.join(arguments(batch, batch.name + '.ics'))}\n{obj.text}"


def difference(our_name: str, ours, their_name: str, theirs, zone_name: str) -> str:
    only_ours, only_theirs = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    text = f"  {our_name}: {len(ours)} occurrences, {their_name}: {len(theirs)}"
    for name, only in ((our_name, only_ours), (their_name, only_theirs)):
        for each in islice(sorted(only.elements()), LINES_SHOWN):
            text += f"\n  only {name}: {shown(each, zone_name)}"
        hidden = sum(only.values()) - LINES_SHOWN
        if hidden > 0:
            text += f"\n  only {name}: and {hidden} more"
    return text


def shown(each: Occurrence, zone_name: str) -> str:
    start, end = (at.astimezone(zone(zone_name)).isoformat() for at in each[:2])
    return f"{start} to {end}, {each.name}"


# --- The command -------------------------------------------------------------


def batches(kind: str, how_many: int, seed: int) -> list[tuple]:
    sizes = [BATCH_SIZE] * (how_many // BATCH_SIZE)
    if how_many % BATCH_SIZE:
        sizes.append(how_many % BATCH_SIZE)
    return [(kind, number, size, seed) for number, size in enumerate(sizes)]


def run_batch(job: tuple) -> Outcome:
    batch, binary, folder = job
    return compare_batch(Batch(*batch), binary, folder)


def main() -> int:
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--binary", help="the program; without it, it is built first")
    parser.add_argument("--oracles-only", action="store_true", help="without the program")
    parser.add_argument(
        "--rules", type=int, default=3000, metavar="N", help="series of one rule (3000)"
    )
    parser.add_argument(
        "--objects", type=int, default=3000, metavar="N", help="whole objects (3000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, other objects (1)")
    parser.add_argument("--keep", metavar="FOLDER", help="where to keep the files")
    options = parser.parse_args()
    if not options.binary and not options.oracles_only:
        parser.error("--binary or --oracles-only is needed")

    began = time.monotonic()
    work = batches("rules", options.rules, options.seed) + batches(
        "objects", options.objects, options.seed
    )
    binary = None if options.oracles_only else str(Path(options.binary).resolve())
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as temporary, ProcessPoolExecutor() as pool:
        folder = options.keep or temporary
        Path(folder).mkdir(parents=True, exist_ok=True)
        for each in pool.map(run_batch, [(batch, binary, folder) for batch in work]):
            outcome.add(each)
    report(outcome, options.seed, time.monotonic() - began)
    return 1 if outcome.failures else 0


def report(outcome: Outcome, seed: int, seconds: float) -> None:
    for failure in outcome.failures[:DIFFERENCES_SHOWN]:
        print(f"--- {failure}\n")
    if len(outcome.failures) > DIFFERENCES_SHOWN:
        print(f"--- and {len(outcome.failures) - DIFFERENCES_SHOWN} more differences\n")
    print(f"{outcome.occurrences} occurrences expected. Second opinions:")
    for opinion, how_many in outcome.second_opinions.most_common():
        print(f"  {how_many:5}  {opinion.split(':')[0]}")
    print(f"Seed {seed}, {seconds:.0f} s.")
    print(f"{outcome.passed} passed, {len(outcome.failures)} failed")


if __name__ == "__main__":
    sys.exit(main())
