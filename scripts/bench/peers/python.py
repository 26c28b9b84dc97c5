"""icalendar and recurring-ical-events (PyPI). `python.py FILE START END RUNS` prints what src/lib.rs says."""
import statistics
import sys
import time
from datetime import datetime, time as clock, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

BERLIN = ZoneInfo("Europe/Berlin")


def seconds(value):
    """A date or date-time in seconds since 1970; floating times and dates are in the room's zone."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, clock())
    if value.tzinfo is None:
        value = value.replace(tzinfo=BERLIN)
    return int(value.timestamp())


def main():
    text = Path(sys.argv[1]).read_bytes()
    start, end, runs = map(int, sys.argv[2:])
    window = [datetime.fromtimestamp(it, timezone.utc) for it in (start, end)]
    parsed, expanded, occurrences = [], [], 0
    for _ in range(runs):
        begun = time.perf_counter()
        calendar = icalendar.Calendar.from_ical(text)
        parsed.append(time.perf_counter() - begun)
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(*window)
        times = [(seconds(it.start), seconds(it.end)) for it in events]
        occurrences = sum(one < end and (other > start or other <= one and one >= start) for one, other in times)
        expanded.append(time.perf_counter() - begun)
    print(f"{statistics.median(parsed) * 1e3:.2f} {statistics.median(expanded) * 1e3:.2f} {occurrences}")


main()
