// Pictures of the chapters about calendar servers, of their own pages and of ours: `node server-pictures.mjs FOLDER`, with what
// scripts/servers/with tells of each server, in the surroundings that scripts/browser-tests makes. Of which server it tells
// nothing, no picture is made.

import { mkdirSync } from 'node:fs';
import { launch, startEmpty } from './lib.mjs';
import { named } from './names.mjs';
import { pageOf, save } from './picture.mjs';

const [folder = 'docs/pictures'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { CERTIFICATE, CERTIFICATE_KEY } = process.env;
const told = (name) => {
  const lines = process.env[`ROOM_BOOKING_TEST_${name.toUpperCase()}`];
  return lines && Object.fromEntries(lines.split('\n').filter(Boolean).map((line) => [
    line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
};
const USER = 'room';
const ROOM = 'Meeting room 1';

// The servers: their names, the address that is typed, and their own pages.
const SERVERS = {
  radicale: { host: 'dav.example.org', address: 'https://dav.example.org/', pages: ofRadicale },
  sogo: {
    host: 'sogo.example.org',
    address: 'sogo.example.org',
    pages: ofSogo,
    headers: {
      'x-webobjects-server-protocol': 'HTTP/1.0', 'x-webobjects-remote-host': '127.0.0.1',
      'x-webobjects-server-name': 'sogo.example.org', 'x-webobjects-server-port': '443',
      'x-webobjects-server-url': 'https://sogo.example.org',
    },
    files: { '/SOGo.woa/WebServerResources/': '/usr/share/GNUstep/SOGo/WebServerResources' },
  },
  cyrus: { host: 'mail.example.org', address: 'mail.example.org' },
  baikal: { host: 'cal.example.org', address: 'https://cal.example.org/dav.php/', pages: ofBaikal },
};

// Gives the calendar on the server the name that people would have given it.
async function nameCalendar({ room_calendar: calendar, password }) {
  const answer = await fetch(calendar, {
    method: 'PROPPATCH',
    headers: {
      Authorization: `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`, 'Content-Type': 'application/xml',
    },
    body: `<propertyupdate xmlns="DAV:"><set><prop><displayname>${ROOM}</displayname></prop></set></propertyupdate>`,
  });
  if (!answer.ok) throw new Error(`${calendar}: ${answer.status}`);
}

// The upper part of a page.
const HALF = { clip: { x: 0, y: 0, width: 1100, height: 520 } };

// The part of a page down to the end of what stands in it.
async function upTo(page, selector, more = 24) {
  const box = await page.locator(selector).last().boundingBox();
  const { width } = page.viewportSize();
  return { fullPage: true, clip: { x: 0, y: 0, width, height: Math.ceil(box.y + box.height + more) } };
}

// Our own pages: the sign-in on a server, its calendars, and what the test of a room says.
async function ofOurs(browser, name, { address, password }) {
  const site = await startEmpty({ TIME_ZONE: 'Europe/Berlin', CALDAV_CA_FILE: CERTIFICATE });
  const page = await pageOf(browser);
  try {
    await page.goto(site.link);
    await page.locator('main input[name="name"]').fill('ann');
    for (const field of await page.locator('main input[type="password"]').all()) await field.fill('four-correct-horses');
    await page.locator('main form button').first().click();
    await page.waitForURL(`${site.url}/admin**`);
    await page.goto(`${site.url}/admin/servers`);
    await page.getByLabel('Address').fill(address);
    await page.getByRole('textbox', { name: 'User' }).fill(USER);
    await page.getByLabel('Password', { exact: false }).first().fill(password ?? 'an-app-password');
    await save(page, folder, `${name}-account`, await upTo(page, 'main form button'));
    if (!password) return;
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForLoadState();
    const room = page.getByRole('row', { name: /Meeting room 1|meeting-room-1/i }).first();
    await room.getByRole('checkbox').check();
    const add = page.locator('main form:has(input[type="checkbox"])').first();
    await save(page, folder, `${name}-calendars`, await upTo(page, 'main form:has(input[type="checkbox"]) button'));
    await add.getByRole('button').first().click();
    await page.waitForLoadState();
    await page.getByRole('link', { name: 'Test' }).first().click();
    await save(page, folder, `${name}-test`, await upTo(page, 'main ul li, main .actions, main form button'));
  } finally {
    site.stop();
  }
}

async function ofRadicale(page, { url, password }) {
  await page.goto(`${url}.web/`);
  const signIn = page.locator('#loginscene form').last();
  await signIn.locator('[data-name="user"]').fill(USER);
  await signIn.locator('[data-name="password"]').fill(password);
  await signIn.getByRole('button').click();
  await page.locator('#collectionsscene [data-name="new"]').first().click();
  const form = page.locator('#createcollectionscene');
  await form.locator('[data-name="type"]').selectOption('CALENDAR');
  await form.locator('[data-name="href"]').fill('meeting-room-2');
  await form.locator('[data-name="displayname"]').fill('Meeting room 2');
  await save(page, folder, 'radicale-create');
  await form.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Meeting room 2' }).waitFor();
  await save(page, folder, 'radicale-list');
}

// SOGo's dialogs move.
const stand = (page) => page.waitForTimeout(1_500);

async function ofSogo(page, { url, password }) {
  await page.goto(`${url}SOGo/`);
  await page.locator('input[type="password"]').first().waitFor();
  await page.locator('input:not([type="password"])').first().fill(USER);
  await page.locator('input[type="password"]').first().fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/SOGo\/so\/room/);
  await page.goto(`${url}SOGo/so/room/Calendar/view`);
  await page.getByText(ROOM).first().waitFor();
  await page.getByRole('button', { name: 'New Calendar...' }).click();
  await page.locator('md-dialog input').first().fill('Meeting room 2');
  await stand(page);
  await save(page, folder, 'sogo-new-calendar', HALF);
  await page.keyboard.press('Escape');
  await page.locator('md-dialog').waitFor({ state: 'hidden' });
  await page.locator('.sg-calendar-list-item', { hasText: ROOM }).getByRole('button', { name: 'Options' }).click();
  await page.getByRole('menuitem', { name: 'Sharing' }).or(page.getByText(/^Sharing/)).first().click();
  const rights = page.locator('md-dialog');
  await rights.getByText('Any Authenticated User').click();
  await stand(page);
  for (const kind of ['Public', 'Confidential', 'Private']) {
    await rights.locator(`md-select[aria-label^="${kind}"]:visible`).click();
    await page.locator('md-option:visible', { hasText: 'Modify' }).click();
    await stand(page);
  }
  for (const may of await rights.locator('md-checkbox:visible').all()) await may.click();
  await stand(page);
  await save(page, folder, 'sogo-sharing');
  await page.goto(`${url}SOGo/so/room/Preferences#!/general`);
  await page.getByLabel('Time Zone').fill('Europe/Berlin');
  await stand(page);
  await page.keyboard.press('Tab');
  await stand(page);
  await save(page, folder, 'sogo-time-zone', HALF);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await stand(page);
}

// A Baïkal that was unpacked, and not set up yet.
async function ofBaikal(page, { url, password }) {
  const submit = () => page.locator('main button[type="submit"], form button[type="submit"]').first().click();
  const choose = async (name, value) => page.locator(`[name="data[${name}]"]`).fill(value);
  await page.goto(`${url}admin/install/`);
  for (const field of await page.locator('input[type="password"]').all()) await field.fill('four-correct-horses');
  await submit();
  await page.waitForURL(/database/);
  await submit();
  await page.getByRole('link', { name: 'Start using' }).click();
  await page.locator('input[name="login"]').fill('admin');
  await page.locator('input[name="password"]').fill('four-correct-horses');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Users and resources' }).first().waitFor();
  await page.goto(`${url}admin/?/users/new/1/#form`);
  await choose('username', USER);
  await choose('displayname', 'Rooms');
  await choose('email', 'room@example.org');
  await choose('password', password);
  await choose('passwordconfirm', password);
  await save(page, folder, 'baikal-user');
  await submit();
  await page.waitForLoadState();
  await page.getByRole('link', { name: 'Calendars' }).first().click();
  await page.getByRole('link', { name: 'Add calendar' }).first().click();
  await choose('uri', 'meeting-room-1');
  await choose('displayname', ROOM);
  await save(page, folder, 'baikal-calendar');
  await submit();
  await page.waitForLoadState();
  await page.getByText('has been created').waitFor();
}

const browser = await launch();
const sites = Object.fromEntries(Object.entries(SERVERS).filter(([name]) => told(name))
  .map(([name, it]) => [it.host, { port: told(name).port, headers: it.headers, files: it.files }]));
const end = await named(sites, CERTIFICATE, CERTIFICATE_KEY);
try {
  for (const [name, server] of Object.entries(SERVERS)) {
    const lines = told(name);
    if (!lines) continue;
    if (lines.room_calendar) await nameCalendar(lines);
    if (server.pages) {
      const page = await pageOf(browser, { ignoreHTTPSErrors: true });
      await server.pages(page, { url: `https://${server.host}/`, password: lines.password });
      await page.context().close();
    }
    await ofOurs(browser, name, { address: server.address, password: lines.password });
  }
  // There is no Nextcloud here: the form is filled in, and not sent.
  await ofOurs(browser, 'nextcloud', { address: 'cloud.example.org' });
} finally {
  end();
  await browser.close();
}
