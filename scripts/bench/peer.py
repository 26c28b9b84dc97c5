#!/usr/bin/env python3
"""The peer: what one would write today to find double bookings in an .ics file, or in a calendar on a
CalDAV server.

It fetches with `caldav`, by a time-range query, reads with `icalendar`, expands with `recurring-ical-events`, and goes through the occurrences from
the oldest to the youngest, as `room-booking check` does; priorities, protection, tolerance and
limit, which would only make it slower, are left out.
"""
import argparse
import json
import sys
from bisect import bisect_left, insort
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def moment(value, zone):
    """A date or date-time as a moment; floating times and dates are in the room's zone."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(timezone.utc)


def created(component, zone, now):
    try:
        known = moment(component["CREATED"].dt, zone)
    except (KeyError, AttributeError, ValueError):
        return now
    return known if known >= EPOCH else now


def address(value):
    if value is None:
        return None
    return str(value).removeprefix("mailto:").removeprefix("MAILTO:")


def blocks(component, start, end):
    return (
        start < end
        and component.get("STATUS") != "CANCELLED"
        and component.get("TRANSP") != "TRANSPARENT"
    )


def view(occurrence, zone):
    uid, start, end, born, component = occurrence
    show = lambda at: at.astimezone(zone).isoformat(timespec="seconds")
    return {
        "uid": uid,
        "name": str(component.get("SUMMARY", "")),
        "start": show(start),
        "end": show(end),
        "created": show(born),
        "organizer": address(component.get("ORGANIZER")),
    }


def check(calendars, now, horizon, zone):
    occurrences, cancelled = [], []
    for calendar in calendars:
        born, recurring, alive = {}, set(), set()
        for component in calendar.walk("VEVENT"):
            uid = str(component.get("UID", ""))
            if "RECURRENCE-ID" not in component or uid not in born:
                born[uid] = created(component, zone, now)
            if {"RRULE", "RDATE", "RECURRENCE-ID"} & set(component):
                recurring.add(uid)
            if component.get("STATUS") != "CANCELLED":
                alive.add(uid)
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        for component in query.between(now, horizon):
            uid = str(component.get("UID", ""))
            start, end = moment(component["DTSTART"].dt, zone), moment(component["DTEND"].dt, zone)
            if end <= now or start >= horizon:
                continue
            occurrence = (uid, start, end, born[uid], component)
            if uid not in alive:
                cancelled.append(occurrence)
            elif blocks(component, start, end):
                occurrences.append(occurrence)
    occurrences.sort(key=lambda it: (it[3], it[0].encode(), it[1]))

    staying, longest, gone = [], timedelta(0), []
    for number, occurrence in enumerate(occurrences):
        uid, start, end = occurrence[:3]
        first = bisect_left(staying, (start - longest,))
        last = bisect_left(staying, (end,))
        rivals = [it for _, _, it in staying[first:last] if it[2] > start and it[0] != uid]
        if rivals and start >= now:
            winner = min(rivals, key=lambda it: (it[3], it[0].encode(), it[1]))
            gone.append({"event": view(occurrence, zone), "overlaps_with": view(winner, zone)})
        else:
            insort(staying, (start, number, occurrence))
            longest = max(longest, end - start)
    return {"cancelled": [view(it, zone) for it in cancelled], "overlapping": gone}


def fetched(url, user, password, now, horizon):
    """The calendars of all objects that a server lists for the window."""
    import caldav

    with caldav.DAVClient(url=url, username=user, password=password, timeout=600) as client:
        calendar = client.calendar(url=url)
        found = calendar.search(start=now, end=horizon, event=True, expand=False, post_filter=False)
    return [calendar for it in found for calendar in icalendar.Calendar.from_ical(it.data, multiple=True)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--url", help="a calendar on a server, in place of a file")
    parser.add_argument("--user-name")
    parser.add_argument("--password")
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    parser.add_argument("--time-zone", type=ZoneInfo, default=ZoneInfo("Europe/Berlin"))
    arguments = parser.parse_args()
    zone = arguments.time_zone
    now = moment(arguments.now, zone)
    horizon = now + timedelta(days=365)
    if arguments.url:
        calendars = fetched(
            arguments.url, arguments.user_name, arguments.password, now, horizon)
    elif arguments.file:
        calendars = icalendar.Calendar.from_ical(arguments.file.read_bytes(), multiple=True)
    else:
        parser.error("a file or --url is needed")
    answer = check(calendars, now, horizon, zone)
    json.dump(answer, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
