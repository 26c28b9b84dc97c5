// Pictures for the documents, and of the README, as WebP of at most 60 KB: `node pictures.mjs FOLDER`, with what scripts/servers/with tells
// of a Radicale. AS_PNG=1 writes them as PNG, too.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, signIn, startDemo, startEmpty } from './lib.mjs';

const [folder = 'docs/pictures'] = process.argv.slice(2);
const radicale = Object.fromEntries((process.env.ROOM_BOOKING_TEST_RADICALE ?? '').split('\n').filter(Boolean)
  .map((line) => line.split('=')));
const MOST_BYTES = 60_000;
mkdirSync(folder, { recursive: true });
const browser = await launch();

// The browser itself encodes WebP.
async function save(page, name, options) {
  const png = (await page.screenshot(options)).toString('base64');
  if (process.env.AS_PNG) writeFileSync(join(folder, `${name}.png`), Buffer.from(png, 'base64'));
  const tab = await page.context().newPage();
  const bytes = await tab.evaluate(async ({ png, most }) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    for (let quality = 0.9; ; quality -= 0.1) {
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
      if (blob.size <= most || quality < 0.3) return [...new Uint8Array(await blob.arrayBuffer())];
    }
  }, { png, most: MOST_BYTES });
  await tab.close();
  writeFileSync(join(folder, `${name}.webp`), Uint8Array.from(bytes));
  console.log(`${name}.webp: ${bytes.length} bytes`);
}

const pageOf = async () => (await browser.newContext({
  viewport: { width: 1100, height: 760 }, colorScheme: 'light', locale: 'en',
})).newPage();

async function ofDemo() {
  const server = await startDemo();
  const page = await pageOf();
  try {
    await signIn(page, server.url, server.user, server.password);
    // The present day has events at the present hour, whichever that is.
    await page.getByRole('link', { name: 'Next day' }).first().click();
    await save(page, 'day');
    await page.locator('details.attention > summary').click();
    await save(page, 'attention');
    // The picture of the README: so wide that few names are shortened, and as high as the week.
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${server.url}/admin/calendars/meeting-room-1`);
    await save(page, '../week', { fullPage: true });
    await page.setViewportSize({ width: 1100, height: 760 });
    await page.goto(`${server.url}/admin/calendars/meeting-room-1/preview`);
    await save(page, 'preview');
    await page.locator('.apply button').click();
    await page.goto(`${server.url}/admin/history`);
    await page.goto(`${server.url}${await page.locator('.list tbody th a').first().getAttribute('href')}`);
    await save(page, 'removal');
  } finally {
    server.stop();
  }
}

// The name that people would have given the calendar on the server.
async function nameCalendar() {
  const answer = await fetch(radicale.room_calendar, {
    method: 'PROPPATCH',
    headers: { Authorization: `Basic ${Buffer.from(`room:${radicale.password}`).toString('base64')}` },
    body: '<propertyupdate xmlns="DAV:"><set><prop><displayname>Meeting room 1</displayname></prop></set></propertyupdate>',
  });
  if (!answer.ok) throw new Error(`Radicale answered ${answer.status}`);
}

// From the link in the log to a calendar of a server.
async function ofFirstSteps() {
  await nameCalendar();
  const server = await startEmpty({ TIME_ZONE: 'Europe/Berlin' });
  const page = await pageOf();
  try {
    await page.goto(server.link);
    await page.locator('main input[name="name"]').fill('ann');
    await save(page, 'first-administrator');
    await page.locator('main input[name="address"]').fill('ann@example.org');
    for (const field of await page.locator('main input[type="password"]').all()) await field.fill('four-correct-horses');
    await page.locator('main form button').first().click();
    await page.waitForURL(`${server.url}/admin**`);
    await save(page, 'get-started');
    await page.goto(`${server.url}/admin/new-calendar`);
    await page.getByRole('link', { name: 'Find' }).click();
    await page.getByLabel('Address').fill(radicale.url);
    await page.getByRole('textbox', { name: 'User' }).fill('room');
    await page.getByLabel('Password', { exact: false }).first().fill(radicale.password);
    await save(page, 'server-form');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForLoadState();
    await save(page, 'choose-calendars');
    await page.getByRole('checkbox').first().check();
    await page.locator('main form:has(input[type="checkbox"]) button').first().click();
    await page.waitForLoadState();
    await page.getByRole('link', { name: 'Test' }).first().click();
    await save(page, 'connection');
  } finally {
    server.stop();
  }
}

try {
  await ofDemo();
  await ofFirstSteps();
} finally {
  await browser.close();
}
