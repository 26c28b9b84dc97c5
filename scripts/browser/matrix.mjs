// The pages that are used most, with three events at once and long names, at four widths, light and dark, in three
// languages: nothing is cut, too wide, too small, hard to see, or moves. One browser page goes through all of it.

import assert from 'node:assert/strict';
import { faults, shift } from './faults.mjs';
import { serious, signIn } from './lib.mjs';

const LONG = 'Quarterly planning of the department for unusually long names and Donaudampfschifffahrtsgesellschaft';
const ROOM = 'Conference room of the Donaudampfschifffahrtsgesellschaft, north wing';
const WIDTHS = [1280, 1024, 768, 390];
const SCHEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'de', 'fr'];

// A Monday ahead.
export function someMonday() {
  const day = new Date(Date.now() + 14 * 86_400_000);
  while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() + 1);
  return day;
}
const dayAfter = (day, days) => new Date(day.getTime() + days * 86_400_000).toISOString().slice(0, 10);

// Two, three and four at once, short ones, early and late ones, and those of whole days.
const EVENTS = [[0, '09:00', '11:00', LONG], [0, '09:00', '10:00', 'Retrospective'], [0, '09:30', '10:00', 'Handover'],
  [0, '13:00', '14:00', 'Workshop'], [0, '13:15', '14:15', LONG], [1, '09:00', '10:30', LONG], [1, '09:30', '10:30', LONG],
  [1, '09:45', '10:00', LONG], [1, '10:00', '10:15', 'Short one'], [2, '06:00', '07:00', LONG], [2, '20:00', '23:30', LONG],
  [3, '08:00', '18:00', LONG], [3, '10:00', '12:00', LONG], [3, '11:00', '12:00', 'Interview'], [4, '17:45', '18:00', LONG], [6, '10:00', '11:00', LONG]];

// A room with a long name, in which events were removed and others overlap. It returns its path.
export async function fill(page, demo, monday) {
  await page.goto(`${demo.url}/admin/new-calendar`);
  await page.locator('#name').fill(ROOM);
  await page.locator('main form.stack button.button').first().click();
  await page.waitForURL(/calendars\/conference/);
  const room = new URL(page.url()).pathname.match(/\/admin\/calendars\/[^/]+/)[0];
  await page.goto(`${demo.url}${room}/settings`);
  await page.getByLabel('Building').fill('Administration building of the Donaudampfschifffahrtsgesellschaft');
  await page.getByLabel('Floor').fill('Mezzanine');
  await page.getByLabel('Seats').fill('120');
  await page.getByLabel('Features').fill('projector, video-conference, simultaneous-interpretation, whiteboard');
  await page.getByRole('button', { name: 'Save settings' }).click();
  const call = async (method, path, body) => {
    const answer = await fetch(`${demo.url}/api${path}`, {
      method, headers: { Authorization: `Bearer ${demo.key}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`);
  };
  const slug = room.split('/').at(-1);
  const book = (day, from, until, name) => call('POST', `/${slug}/events`, {
    name, start: `${dayAfter(monday, day)}T${from}`, end: `${dayAfter(monday, day)}T${until}`,
    organizer: 'unusually.long.address.of.a.colleague@departments.example.org',
  });
  // These are removed again, and stand in the history and the outbox.
  for (const [from, until] of [['09:00', '10:00'], ['09:15', '10:00'], ['09:30', '10:00']]) await book(0, from, until, LONG);
  await call('DELETE', `/clear-bookings?calendar=${slug}`);
  for (const it of EVENTS) await book(...it);
  await call('POST', `/${slug}/events`, { name: LONG, start: dayAfter(monday, 4), end: dayAfter(monday, 6) });
  await page.goto(`${demo.url}/admin/calendars`);
  return room;
}

// The pages, as the site links them.
export async function pagesOf(page, demo, room, monday) {
  const first = async (path, selector) => {
    await page.goto(`${demo.url}${path}`);
    const link = page.locator(selector).first();
    // A link without the folder of the site.
    return link.getAttribute('href');
  };
  const date = dayAfter(monday, 0);
  const event = await first(`${room}?date=${date}`, '.slot-event.goes > a');
  return {
    home: '/',
    day: `/admin?date=${date}`,
    'needs attention': `/admin?date=${date}#attention`,
    search: `/admin?date=${date}&from=14:00&minutes=60&seats=6`,
    'search for a series': `/admin?date=${date}&from=10:00&repeat=FREQ%3DWEEKLY&every=2&days=MO&days=WE`,
    'wrong search': `/admin?date=${date}&from=99:99`,
    week: `${room}?date=${date}`,
    'found in the week': `${room}?date=${date}&find=planning`,
    'week of the demo': '/admin/calendars/meeting-room-1',
    month: `${room}/month?date=${date}`,
    event,
    change: event.replace('/event?', '/event/change?').replace('&start=', '&original='),
    book: `${room}/book?start=${date}T09:00&end=${date}T10:00`,
    preview: `${room}/preview`,
    calendars: '/admin/calendars',
    settings: `${room}/settings`,
    history: '/admin/history',
    removal: await first('/admin/history', '.list tbody th a'),
    outbox: '/admin/outbox',
    message: await first('/admin/outbox', '.list .end a'),
    templates: '/admin/templates',
    template: '/admin/new-template?copy=1',
    report: '/admin/report',
    people: '/admin/users',
  };
}

// Each explanation is at least 280 px wide, inside the window, and not over what it explains.
function cards() {
  const faults = [];
  for (const item of document.querySelectorAll('.week .slot-event')) {
    if (!item.checkVisibility()) continue;
    item.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    item.classList.add('open');
    const [card, own] = [item.querySelector(':scope > .why'), item].map((one) => one.getBoundingClientRect());
    const isInside = card.left >= 0 && card.top >= 0 && card.right <= innerWidth && card.bottom <= innerHeight;
    const covers = card.left < own.right - 1 && own.left + 1 < card.right && card.top < own.bottom - 1 && own.top + 1 < card.bottom;
    if (card.width < 280 || !isInside || covers) {
      faults.push(`${item.querySelector('b').textContent}: ${JSON.stringify([card, own])}`);
    }
    item.classList.remove('open');
  }
  return faults;
}

export async function matrix(newPage, demo) {
  const page = await newPage({ viewport: { width: 1280, height: 850 } });
  await signIn(page, demo.url, demo.user, demo.password);
  const monday = someMonday();
  const room = await fill(page, demo, monday);
  const pages = Object.entries(await pagesOf(page, demo, room, monday));
  const wrong = [];
  const note = (where, found) => { if (found.length > 0) wrong.push(`${where}: ${found.join(' | ')}`); };
  for (const [index, locale] of LANGUAGES.entries()) {
    await page.setExtraHTTPHeaders({ 'Accept-Language': locale });
    for (const [at, width] of WIDTHS.entries()) {
      await page.setViewportSize({ width, height: 850 });
      for (const [number, [name, path]] of pages.entries()) {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(demo.url + path);
        assert.equal(await page.locator('html').getAttribute('lang'), locale, name);
        const moved = await page.evaluate(shift);
        // Less than a thousandth is the rounding of a scaled font.
        if (moved >= 0.001) note(`${name} at ${width}, ${locale}`, [`moves by ${moved}`]);
        if (path.endsWith('#attention')) await page.locator('.attention > summary').click();
        await page.evaluate(() => document.querySelectorAll('.fold, .keys').forEach((it) => { it.open = true; }));
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          const where = `${name} at ${width}, ${colorScheme}, ${locale}`;
          note(where, await page.evaluate(faults));
          if (name.startsWith('week') && width >= 1024) note(where, await page.evaluate(cards));
          // Colours and words meet in any width: each page is looked at once light and once dark.
          const turn = (number + index + (colorScheme === 'dark' ? 2 : 0)) % WIDTHS.length;
          if (turn === at && number % LANGUAGES.length === index) note(`${where}, axe`, await serious(page));
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(page.problems, []);
  await page.context().close();
}
