// Links in mails, clicked in a real browser: the program warns by a real mail server, a scanner fetches everything that it
// finds in the mails, and then people press the buttons.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM, serious, startEmpty } from './lib.mjs';

const PYTHON = process.env.SMTP_PEER ?? 'target/smtp-peer-1.4.6/venv/bin/python';
const MOST_WAITED = 90_000;
// Lets the hours that are free again have been so for eleven minutes: nobody waits for that.
const ELEVEN_MINUTES_LATER = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30)
print(database.execute("UPDATE second_chances SET free_since = free_since - 660").rowcount)
database.commit()
`;

// A mail server that keeps what it gets.
async function startMail() {
  const folder = mkdtempSync(join(tmpdir(), 'mail-'));
  const args = ['crates/smtp-peer/server.py', folder, '--security', 'none', '--port', '0'];
  const child = spawn(PYTHON, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(String(line).trim()));
    child.once('error', reject);
  });
  const emails = () => readdirSync(folder).filter((name) => /^\d+.*\.json$/.test(name)).sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const stop = () => {
    child.stdin.end();
    child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  };
  return { port, emails, stop };
}

const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
const event = (uid, created, [from, to], organizer, rule) => [
  'BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', `CREATED:${created}T000000Z`, `SUMMARY:${uid}`,
  `DTSTART:${day}T${from}0000Z`, `DTEND:${day}T${to}0000Z`,
  ...rule ? [`RRULE:${rule}`] : [],
  `ORGANIZER;SCHEDULE-AGENT=NONE:mailto:${organizer}@example.org`, 'END:VEVENT'].join('\r\n');
const file = (...events) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...events, 'END:VCALENDAR', ''].join('\r\n');

async function waitFor(what, found) {
  for (const begun = Date.now(); Date.now() - begun < MOST_WAITED;) {
    const answer = found();
    if (answer) return answer;
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  throw new Error(`${what} did not come`);
}

// Each pair is a conflict; the younger one is warned.
export async function linksOfMails(newPage) {
  const mail = await startMail();
  const settings = {
    SMTP_SERVER: 'localhost', SMTP_PORT: mail.port, SMTP_EMAIL: 'rooms@example.org', SMTP_TLS: 'none',
  };
  const server = await startEmpty(settings);
  const run = (...args) => execFileSync(PROGRAM, args, {
    env: { ...process.env, ...settings, DATA_DIR: server.folder, LISTEN: new URL(server.url).host },
  }).toString();
  try {
    run('calendar', 'add', 'lab');
    run('calendar', 'add', 'other');
    run('calendar', 'set', 'lab', '--conflicts', 'warn', '--template', 'English');
    run('calendar', 'set', 'other', '--take-moves');
    const path = join(server.folder, 'events.ics');
    const hours = [['08', '09'], ['10', '11'], ['12', '13']];
    const events = hours.flatMap((times, index) => [
      event(`First ${index}`, '20260101', times, `eve${index}`),
      event(`Second ${index}`, '20260201', times, `ann${index}`)]);
    events.push(event('First 4', '20260101', ['16', '17'], 'eve4', 'FREQ=WEEKLY;COUNT=3'),
      event('Second 4', '20260201', ['16', '17'], 'ann4', 'FREQ=WEEKLY;COUNT=4'));
    writeFileSync(path, file(...events));
    run('calendar', 'import', 'lab', path);
    run('clear', '--calendar', 'lab');
    const of = (name) => {
      const emails = mail.emails().filter((it) => it.to.includes(`${name}@example.org`));
      const found = emails.flatMap((it) => [...it.text.matchAll(/http\S+\/links\/\S+/g)]);
      return found.map((it) => it[0].replace(/[.,)]+$/, ''));
    };
    await waitFor('the mail', () => mail.emails().length >= 8);
    const before = run('calendar', 'export', 'lab');

    // A scanner fetches every link, as programs that look for viruses do.
    const scan = async (name) => {
      for (const url of of(name)) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await fetch(url, { method });
          assert.equal(answer.status, 200, url);
          assert.equal(answer.headers.get('set-cookie'), null);
        }
      }
    };
    for (const name of ['eve0', 'eve1', 'eve2', 'eve4', 'ann0', 'ann1', 'ann2', 'ann4']) await scan(name);
    assert.equal(run('calendar', 'export', 'lab'), before, 'a scanner has changed something');

    // What each link says, by its button.
    const press = async (name, button, done, options, choice) => {
      for (const url of of(name)) {
        const page = await newPage({ javaScriptEnabled: false, ...options });
        await page.goto(url);
        assert.deepEqual(await seriousWithoutScripts(page), [], url);
        const found = page.getByRole('button', { name: button });
        if (await found.count()) {
          if (choice) await page.getByLabel(choice).first().check();
          await found.click();
          await page.getByRole('heading', { name: done }).waitFor();
          assert.deepEqual(page.problems, []);
          await page.context().close();
          return;
        }
        await page.context().close();
      }
      throw new Error(`no link of ${name} leads to ${button}`);
    };
    const phone = { locale: 'de', colorScheme: 'dark', viewport: { width: 390, height: 844 } };
    await press('ann0', 'Buchung aufgeben', 'Buchung aufgegeben', phone);
    await press('ann1', 'Move booking', 'Booking moved');
    await press('ann2', 'Ask for a decision', 'Decision requested');
    await press('eve2', 'Give up booking', 'Booking given up');
    await press('ann4', 'Give up booking', 'Booking given up', { viewport: { width: 390, height: 844 } }, /^Only /);
    const left = run('calendar', 'export', 'lab');
    assert.equal(left.match(/SUMMARY:Second 4/g)?.length, 1, 'the series lives on');
    assert.match(left, /EXDATE/, 'without that date');
    for (const [name, isThere] of [['First 0', true], ['Second 0', false], ['First 1', true], ['Second 1', false],
      ['First 2', false], ['Second 2', true]]) {
      assert.equal(left.includes(`SUMMARY:${name}`), isThere, name);
    }
    assert.ok(run('calendar', 'export', 'other').includes('SUMMARY:Second 1'));

    // An hour that was lost is free again, and its organizer takes it back.
    run('calendar', 'add', 'hall');
    run('calendar', 'set', 'hall', '--template', 'English');
    writeFileSync(path, file(event('First 3', '20260101', ['14', '15'], 'eve3'),
      event('Second 3', '20260201', ['14', '15'], 'ann3'),
      event('First 5', '20260101', ['16', '17'], 'eve5', 'FREQ=WEEKLY;COUNT=12'),
      event('Second 5', '20260201', ['16', '17'], 'ann5', 'FREQ=WEEKLY;COUNT=13')));
    run('calendar', 'import', 'hall', path);
    run('clear', '--calendar', 'hall');
    await waitFor('the mail about the removal', () => mail.emails().some((it) => it.to.includes('ann3@example.org')));
    assert.deepEqual(of('ann3'), [], 'nothing can be done about it yet');

    // The list of many dates is read, and nothing can be done there.
    await waitFor('the mail about many dates', () => of('ann5').length > 0);
    await scan('ann5');
    const list = await newPage({ javaScriptEnabled: false, ...phone, locale: 'en' });
    await list.goto(of('ann5')[0]);
    await list.getByRole('heading', { name: 'All dates' }).waitFor();
    assert.equal(await list.getByRole('listitem').filter({ hasText: 'First 5' }).count(), 12);
    assert.equal(await list.getByRole('button').count(), 0);
    assert.deepEqual(await seriousWithoutScripts(list), []);
    await list.context().close();

    run('user', 'add', 'panel');
    run('calendar', 'assign', 'hall', 'panel');
    const key = run('key', 'add', '--user', 'panel', '--name', 'panel').match(/rb_\w+/)[0];
    const withdrawn = await fetch(`${server.url}/api/hall/events/First%203`,
      { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
    assert.equal(withdrawn.status, 204);
    await waitFor('the second chance', () => Number(execFileSync('python3',
      ['-c', ELEVEN_MINUTES_LATER, join(server.folder, 'room-booking.sqlite')]).toString()) > 0);
    await waitFor('the offer', () => of('ann3').length > 0);
    const taken = run('calendar', 'export', 'hall');
    await scan('ann3');
    assert.equal(run('calendar', 'export', 'hall'), taken, 'a scanner has taken an hour');
    await press('ann3', 'Restore booking', 'Booking restored', { viewport: { width: 390, height: 844 } });
    assert.ok(run('calendar', 'export', 'hall').includes('SUMMARY:Second 3'));
  } finally {
    server.stop();
    mail.stop();
  }
}

// axe-core needs scripts, which the page itself does not: the same page is opened with them.
async function seriousWithoutScripts(page) {
  const context = await page.context().browser().newContext({ bypassCSP: true, viewport: page.viewportSize() });
  const other = await context.newPage();
  await other.goto(page.url());
  const found = await serious(other);
  await context.close();
  return found;
}
