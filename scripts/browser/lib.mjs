// What the browser scripts share: a server of their own, a browser, and the pages of the site.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const PROGRAM = process.env.ROOM_BOOKING ?? 'target/debug/room-booking';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// The browser has the real clock, also where that of the tests is shifted: the site shows no time of its.
export function launch() {
  const env = { ...process.env };
  delete env.LD_PRELOAD;
  return chromium.launch({
    env,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// What scripts/at sets: the clock, the time zone and the language of the tests.
const SURROUNDINGS = ['PATH', 'TZ', 'TIME_ZONE', 'LANG', 'LD_PRELOAD', 'FAKETIME', 'NO_FAKE_STAT',
  'DONT_FAKE_MONOTONIC', 'FAKETIME_DONT_FAKE_MONOTONIC', 'FAKETIME_DONT_RESET'];
const surroundings = () => Object.fromEntries(SURROUNDINGS.filter((name) => process.env[name] !== undefined)
  .map((name) => [name, process.env[name]]));

// Runs the program until `mark` (a regular expression) has been written; what it caught comes back.
function start(args, env, mark) {
  const child = spawn(PROGRAM, args, { env: { ...surroundings(), ...env } });
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      const found = text.match(mark);
      if (found) resolve({ child, text, found });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    setTimeout(() => reject(new Error(`the server did not start: ${text}`)), 30_000).unref();
  });
}

// A server with sample rooms.
export async function startDemo() {
  const port = await freePort();
  const { child, text, found } =
    await start(['demo', '--port', String(port)], {}, /password (\w+)\)[^]*meeting-room-1\/events/);
  const url = text.match(/ready: (\S+)\//)[1];
  const [key] = text.match(/rb_\w+/);
  return { url, key, user: 'admin', password: found[1], stop: () => child.kill('SIGTERM') };
}

// A server on an empty database, and the one-time link that its log shows.
export async function startEmpty(env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'room-booking-'));
  const port = await freePort();
  const variables = { DATA_DIR: folder, LISTEN: `127.0.0.1:${port}`, ...env };
  const mark = /(http\S+\/admin\/first\/\w+)[^]*ready/;
  const { child, found } = await start(['serve'], variables, mark);
  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    link: found[1],
    stop: () => {
      child.kill('SIGTERM');
      child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    },
  };
}

export async function signIn(page, url, user, password) {
  await page.goto(`${url}/admin/sign-in`);
  // In whatever language the page is.
  await page.locator('main input[name="name"]').fill(user);
  await page.locator('main input[name="password"]').fill(password);
  await page.locator('main form button').click();
  await page.waitForURL(`${url}/admin`);
}

// What axe-core finds serious or critical on the page that is open.
export async function serious(page) {
  await page.evaluate(AXE);
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return result.violations
    .filter((it) => ['serious', 'critical'].includes(it.impact))
    .map((it) => `${it.id}: ${it.nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

// The pages of the demo, by a name for their pictures. `find` reads a link off an earlier page.
export const PAGES = [
  ['day', '/admin'],
  ['day-found', '/admin?from=14:00&minutes=90&seats=6'],
  ['day-series', '/admin?from=14:00&minutes=60&repeat=FREQ%3DWEEKLY&every=1&days=MO&days=WE'],
  ['calendars', '/admin/calendars'],
  ['new-calendar', '/admin/new-calendar'],
  ['week', '/admin/calendars/meeting-room-1'],
  ['month', '/admin/calendars/meeting-room-1/month'],
  ['event', null, '/admin/calendars/meeting-room-1', '.slot-event.goes a'],
  // Of the next week: at the end of a Sunday, no hour of the present one is left to book.
  ['book', null, '/admin/calendars/meeting-room-2', '.week .gap a', 'Next week'],
  ['preview', '/admin/calendars/meeting-room-1/preview'],
  ['settings', '/admin/calendars/meeting-room-1/settings'],
  ['connection', '/admin/calendars/meeting-room-1/connection'],
  ['priorities', '/admin/priorities'],
  ['tokens', '/admin/tokens'],
  ['servers', '/admin/servers'],
  ['templates', '/admin/templates'],
  ['template', '/admin/templates/1'],
  ['new-template', '/admin/new-template?copy=1'],
  ['outbox', '/admin/outbox'],
  ['webhooks', '/admin/webhooks'],
  ['message', null, '/admin/outbox', '.list .end a'],
  ['history', '/admin/history'],
  ['removal', null, '/admin/history', '.list tbody th a'],
  ['report', '/admin/report'],
  ['runs', '/admin/runs'],
  ['run', null, '/admin/runs', '.list tbody th a'],
  ['audit', '/admin/audit'],
  ['users', '/admin/users'],
  ['user', '/admin/users/1'],
  ['remove-calendar', '/admin/calendars/meeting-room-1/remove'],
  ['remove-user', '/admin/users/1/remove'],
  ['remove-template', '/admin/templates/1/remove'],
  ['remove-priority', null, '/admin/priorities', '.list .end a'],
  ['dead-link', '/admin/link/none'],
  ['keys', '/admin/keys'],
  ['account', '/admin/account'],
  ['nothing', '/admin/nothing-here'],
];

// Opens a page of PAGES.
export async function open(page, url, [, path, from, selector, through]) {
  if (path) return page.goto(url + path);
  await page.goto(url + from);
  if (through) await page.getByRole('link', { name: through }).click();
  const href = await page.locator(selector).first().getAttribute('href');
  return page.goto(url + href);
}
