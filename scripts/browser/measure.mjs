// What pages cost on a large installation: the server's time, their weight with all that they load, and
// whether anything moves while they load; on SQLite, and on the PostgreSQL that
// ROOM_BOOKING_TEST_POSTGRES names. Run it by `scripts/browser-tests measure`.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM, freePort, launch, signIn } from './lib.mjs';

const ROUNDS = 30;
const MOST_MS = 50;
const MOST_BYTES = 100 * 1024;

// The day on which each room has eight events.
const BUSY = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
const CALENDARS = Number(process.env.CALENDARS ?? 500);

const PAGES = ['/admin', `/admin?date=${BUSY}`, `/admin?date=${BUSY}&page=5`, `/admin?date=${BUSY}&building=Building+1&seats=8`,
  `/admin?date=${BUSY}&from=12:00&minutes=60&seats=4`, `/admin?date=${BUSY}&from=06:00&minutes=60&seats=4&feature=projector`,
  `/admin?date=${BUSY}&from=19:00&minutes=60&repeat=FREQ%3DWEEKLY&every=1`,
  '/admin/calendars', '/admin/calendars?q=room+4&state=unscheduled',
  '/admin/calendars/room-0', `/admin/calendars/room-0?date=${BUSY}`, `/admin/calendars/room-0/month?date=${BUSY}`,
  '/admin/calendars/room-0?find=event', '/admin/calendars/room-0/preview', '/admin/calendars/room-0/settings',
  '/admin/calendars/room-7', '/admin/calendars/room-7/preview', '/admin/calendars/room-7/settings',
  '/admin/calendars/room-7/book', '/admin/priorities', '/admin/servers', '/admin/history',
  '/admin/history?calendar=room-499', '/admin/history?kind=deleted+cancelled',
  '/admin/history?kind=deleted+by+request', '/admin/history?before=50000-50000', '/admin/history/50000',
  '/admin/report', '/admin/runs', '/admin/runs?by=site', '/admin/runs/50000', '/admin/audit', '/admin/audit?about=nobody',
  '/admin/users', '/admin/users/2', '/admin/keys', '/admin/templates', '/admin/templates/1',
  '/admin/outbox', '/admin/outbox?state=failed', '/admin/account'];

const postgres = process.env.ROOM_BOOKING_TEST_POSTGRES;
const databases = {
  SQLite: (folder) => `sqlite://${join(folder, 'room-booking.sqlite')}`,
  ...(postgres ? { PostgreSQL: () => `${postgres}/postgres` } : {}),
};
let isWorse = false;
const browser = await launch();
try {
  for (const [name, database] of Object.entries(databases)) await measure(name, database);
} finally {
  await browser.close();
}
process.exitCode = isWorse ? 1 : 0;

async function measure(name, database) {
  const folder = mkdtempSync(join(tmpdir(), 'room-booking-'));
  const begun = Date.now();
  execFileSync(process.env.LARGE_SITE, [database(folder), String(CALENDARS)], { stdio: 'inherit' });
  console.log(`${name}: ${CALENDARS} calendars, about 200 objects each (10,000 in room-0), 200 rows of history each: ` +
    `made in ${Date.now() - begun} ms\n`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(PROGRAM, ['serve'], {
    env: {
      PATH: process.env.PATH, DATA_DIR: folder, DATABASE_URL: database(folder),
      LISTEN: `127.0.0.1:${port}`, RUST_LOG: 'warn',
    },
    stdio: 'inherit',
  });
  try {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await fetch(`${url}/readyz`).then((it) => it.ok, () => false)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const user of ['admin', 'bob']) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await signIn(page, url, user, 'correct horse battery');
      const [cookie] = await context.cookies();
      const headers = { Cookie: `${cookie.name}=${cookie.value}` };
      console.log(`${user}: page | median ms | slowest of 30 ms | KiB in all | layout shift`);
      for (const path of PAGES) {
        const times = [];
        let status;
        for (let round = 0; round < ROUNDS; round += 1) {
          const from = performance.now();
          const answer = await fetch(url + path, { headers, redirect: 'manual' });
          await answer.arrayBuffer();
          times.push(performance.now() - from);
          status = answer.status;
        }
        if (status !== 200) continue;
        times.sort((one, other) => one - other);
        const fresh = await context.newPage();
        const session = await context.newCDPSession(fresh);
        await session.send('Network.enable');
        await session.send('Network.setCacheDisabled', { cacheDisabled: true });
        let bytes = 0;
        session.on('Network.loadingFinished', (it) => { bytes += it.encodedDataLength; });
        await fresh.goto(url + path, { waitUntil: 'networkidle' });
        const shift = await fresh.evaluate(() => new Promise((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve(sum), 100);
        }));
        await fresh.close();
        const median = times[ROUNDS / 2];
        const bad = median > MOST_MS || bytes > MOST_BYTES || shift > 0;
        isWorse ||= bad;
        console.log(`${bad ? 'X' : ' '} ${path} | ${median.toFixed(1)} | ${times.at(-1).toFixed(1)} | ` +
          `${(bytes / 1024).toFixed(1)} | ${shift.toFixed(3)}`);
      }
      await context.close();
    }
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}
