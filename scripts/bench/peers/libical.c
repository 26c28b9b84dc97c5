/* libical (Debian: libical-dev). `libical FILE START END RUNS` prints what src/lib.rs says. */
#define _GNU_SOURCE
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY 86400

/* The instances that overrides replace: by the hash of the UID, and the moment. */
typedef struct {
  unsigned long uid;
  time_t at;
} Instance;

typedef struct {
  time_t *at;
  size_t count, room;
} Times;

static time_t from, until;
static int is_list;
static icaltimezone *berlin;
static Instance *overridden;
static size_t overridden_count;
static Times excluded, starts;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static unsigned long hash(const char *text) {
  unsigned long sum = 1469598103934665603UL;
  for (; text && *text; text++) sum = (sum ^ (unsigned char)*text) * 1099511628211UL;
  return sum;
}

static int by_instance(const void *one, const void *other) {
  const Instance *a = one, *b = other;
  if (a->uid != b->uid) return a->uid < b->uid ? -1 : 1;
  return (a->at > b->at) - (a->at < b->at);
}

static int by_time(const void *one, const void *other) {
  time_t a = *(const time_t *)one, b = *(const time_t *)other;
  return (a > b) - (a < b);
}

static int by_number(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

static void push(Times *times, time_t at) {
  if (times->count == times->room) {
    times->room = times->room ? times->room * 2 : 64;
    times->at = realloc(times->at, times->room * sizeof *times->at);
  }
  times->at[times->count++] = at;
}

/* Days and floating times are in the room's zone. */
static time_t seconds(struct icaltimetype time) {
  const icaltimezone *zone = icaltime_get_timezone(time);
  if (icaltime_is_utc(time)) zone = icaltimezone_get_utc_timezone();
  if (time.is_date) {
    time.is_date = time.hour = time.minute = time.second = 0;
    zone = berlin;
  }
  return icaltime_as_timet_with_zone(time, zone ? zone : berlin);
}

static int counts(icalcomponent *event, time_t start, time_t end) {
  if (start >= until || !(end > from || (end <= start && start >= from))) return 0;
  if (is_list) printf("%s\t%ld\t%ld\n", icalcomponent_get_uid(event), (long)start, (long)end);
  return 1;
}

static int has(icalcomponent *event, icalproperty_kind kind) {
  return icalcomponent_get_first_property(event, kind) != NULL;
}

#define EACH_EVENT(event, root)                                                      \
  (icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT); event; \
   event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT))
#define EACH(property, event, kind)                                                  \
  (icalproperty *property = icalcomponent_get_first_property(event, kind); property; \
   property = icalcomponent_get_next_property(event, kind))

static void find_overridden(icalcomponent *root) {
  size_t room = 0;
  overridden_count = 0;
  for EACH_EVENT(event, root) {
    icalproperty *instance = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
    if (!instance) continue;
    if (overridden_count == room) {
      room = room ? room * 2 : 1024;
      overridden = realloc(overridden, room * sizeof *overridden);
    }
    Instance it = {hash(icalcomponent_get_uid(event)), seconds(icalproperty_get_datetime_with_component(instance, event))};
    overridden[overridden_count++] = it;
  }
  qsort(overridden, overridden_count, sizeof *overridden, by_instance);
}

/* The starts that a rule gives up to the end of the window. */
static void push_rule(icalproperty *property, struct icaltimetype start, time_t length) {
  struct icalrecurrencetype rule = icalproperty_get_rrule(property);
  icalrecur_iterator *dates = icalrecur_iterator_new(rule, start);
  if (!dates) return;
  if (rule.count == 0) {
    icaltimezone *zone = (icaltimezone *)(start.zone ? start.zone : berlin);
    struct icaltimetype first = icaltime_from_timet_with_zone(from - length - DAY, start.is_date, zone);
    first.is_date = start.is_date;
    first.zone = start.zone;
    if (icaltime_compare(first, start) > 0) icalrecur_iterator_set_start(dates, first);
  }
  for (;;) {
    struct icaltimetype date = icalrecur_iterator_next(dates);
    if (icaltime_is_null_time(date)) break;
    date.zone = start.zone;
    time_t at = seconds(date);
    if (at >= until) break;
    if (at + length >= from) push(&starts, at);
  }
  icalrecur_iterator_free(dates);
}

static long expand_series(icalcomponent *root, icalcomponent *event, struct icaltimetype start, time_t length) {
  long found = 0;
  excluded.count = starts.count = 0;
  for EACH(property, event, ICAL_EXDATE_PROPERTY) {
    push(&excluded, seconds(icalproperty_get_datetime_with_component(property, event)));
  }
  qsort(excluded.at, excluded.count, sizeof *excluded.at, by_time);
  if (!has(event, ICAL_RRULE_PROPERTY)) push(&starts, seconds(start));
  for EACH(property, event, ICAL_RRULE_PROPERTY) push_rule(property, start, length);
  for EACH(property, event, ICAL_RDATE_PROPERTY) {
    struct icaldatetimeperiodtype value = icalproperty_get_rdate(property);
    struct icaltimetype at = icaltime_is_null_time(value.time) ? value.period.start : value.time;
    icalparameter *zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    if (zone && !icaltime_is_utc(at)) at.zone = icalcomponent_get_timezone(root, icalparameter_get_tzid(zone));
    push(&starts, seconds(at));
  }
  qsort(starts.at, starts.count, sizeof *starts.at, by_time);
  unsigned long uid = hash(icalcomponent_get_uid(event));
  for (size_t i = 0; i < starts.count; i++) {
    time_t at = starts.at[i];
    Instance it = {uid, at};
    if (i && at == starts.at[i - 1]) continue;
    if (bsearch(&at, excluded.at, excluded.count, sizeof at, by_time)) continue;
    if (bsearch(&it, overridden, overridden_count, sizeof it, by_instance)) continue;
    found += counts(event, at, at + length);
  }
  return found;
}

static long expand(icalcomponent *root) {
  long found = 0;
  find_overridden(root);
  for EACH_EVENT(event, root) {
    struct icaltimetype start = icalcomponent_get_dtstart(event), end = icalcomponent_get_dtend(event);
    if (icaltime_is_null_time(start)) continue;
    time_t at = seconds(start);
    time_t length = (icaltime_is_null_time(end) ? at + (start.is_date ? DAY : 0) : seconds(end)) - at;
    if (length < 0) length = 0;
    int recurs = has(event, ICAL_RRULE_PROPERTY) || has(event, ICAL_RDATE_PROPERTY);
    if (has(event, ICAL_RECURRENCEID_PROPERTY) || !recurs) found += counts(event, at, at + length);
    else found += expand_series(root, event, start, length);
  }
  return found;
}

int main(int count, char **arguments) {
  if (count != 5) return 2;
  FILE *file = fopen(arguments[1], "rb");
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = malloc(size + 1);
  if (fread(text, 1, size, file) != (size_t)size) return 1;
  text[size] = 0;
  fclose(file);
  from = atol(arguments[2]), until = atol(arguments[3]);
  is_list = strcmp(arguments[4], "list") == 0;
  int runs = is_list ? 1 : atoi(arguments[4]);
  double parsed[64], expanded[64];
  if (runs < 1 || runs > 64) return 2;
  icaltimezone_set_builtin_tzdata(0);
  berlin = icaltimezone_get_builtin_timezone("Europe/Berlin");
  long found = 0;
  for (int run = 0; run < runs; run++) {
    double begun = now();
    icalcomponent *root = icalparser_parse_string(text);
    if (!root) return 1;
    parsed[run] = now() - begun;
    found = expand(root);
    expanded[run] = now() - begun;
    icalcomponent_free(root);
  }
  qsort(parsed, runs, sizeof *parsed, by_number);
  qsort(expanded, runs, sizeof *expanded, by_number);
  if (!is_list) printf("%.2f %.2f %ld\n", parsed[runs / 2], expanded[runs / 2], found);
  return 0;
}
