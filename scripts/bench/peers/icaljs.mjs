// ical.js (npm), of Mozilla's Thunderbird. `icaljs.mjs FILE START END RUNS` prints what src/lib.rs says.
import fs from "fs";
import ICAL from "ical.js";

const [, , file, ...numbers] = process.argv;
const isList = numbers[2] === "list";
const [from, until, runs] = numbers.map((it) => (it === "list" ? 1 : Number(it)));
const text = fs.readFileSync(file, "utf8");
const DAY = 86_400;

const counts = (start, end) => start < until && (end > from || (end <= start && start >= from));

function expand(root) {
  ICAL.TimezoneService.reset();
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const berlin = ICAL.TimezoneService.get("Europe/Berlin");
  const seconds = (time) => {
    if (time.isDate || time.zone === ICAL.Timezone.localTimezone) {
      time = time.clone();
      time.isDate = false;
      time.zone = berlin;
    }
    return time.toUnixTime();
  };
  const byUid = new Map();
  for (const event of root.getAllSubcomponents("vevent")) {
    const uid = event.getFirstPropertyValue("uid") ?? "";
    if (!byUid.has(uid)) byUid.set(uid, []);
    byUid.get(uid).push(event);
  }
  let found = 0;
  const add = (uid, it) => {
    const [start, end] = [seconds(it.startDate), seconds(it.endDate)];
    if (!counts(start, end)) return;
    found += 1;
    if (isList) console.log([uid, start, end].join("\t"));
  };
  for (const [uid, events] of byUid) {
    const masters = events.filter((it) => !it.hasProperty("recurrence-id"));
    const exceptions = events.filter((it) => it.hasProperty("recurrence-id"));
    try {
      const series = masters.length ? new ICAL.Event(masters[0], { exceptions }) : undefined;
      if (!series?.isRecurring()) {
        events.forEach((it) => add(uid, new ICAL.Event(it)));
        continue;
      }
      const dates = series.iterator();
      // An override may move a later date into the window.
      for (let at = dates.next(); at && seconds(at) < until + 90 * DAY; at = dates.next()) {
        add(uid, series.getOccurrenceDetails(at));
      }
    } catch {
      // What it cannot read has no occurrences.
    }
  }
  return found;
}

const median = (times) => times.sort((one, other) => one - other)[times.length >> 1].toFixed(2);
const parsed = [], expanded = [];
let occurrences = 0;
for (let run = 0; run < runs; run++) {
  const begun = performance.now();
  const root = new ICAL.Component(ICAL.parse(text));
  parsed.push(performance.now() - begun);
  occurrences = expand(root);
  expanded.push(performance.now() - begun);
}
if (!isList) console.log(median(parsed), median(expanded), occurrences);
