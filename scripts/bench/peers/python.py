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
    start, end = map(int, sys.argv[2:4])
    is_list = sys.argv[4] == "list"
    runs = 1 if is_list else int(sys.argv[4])
    window = [datetime.fromtimestamp(it, timezone.utc) for it in (start, end)]
    parsed, expanded, occurrences = [], [], 0
    for _ in range(runs):
        begun = time.perf_counter()
        calendar = icalendar.Calendar.from_ical(text)
        parsed.append(time.perf_counter() - begun)
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(*window)
        times = [(it.uid, seconds(it.start), seconds(it.end)) for it in events]
        times = [it for it in times if it[1] < end and (it[2] > start or it[2] <= it[1] and it[1] >= start)]
        occurrences = len(times)
        expanded.append(time.perf_counter() - begun)
    if is_list:
        print("\n".join("\t".join(map(str, it)) for it in times))
        return
    print(f"{statistics.median(parsed) * 1e3:.2f} {statistics.median(expanded) * 1e3:.2f} {occurrences}")


main()
