// Pictures for the documents, and of the README: `node pictures.mjs FOLDER`. AS_PNG=1 writes them as PNG, too.

import { mkdirSync } from 'node:fs';
import { launch, signIn, startDemo, startEmpty } from './lib.mjs';
import { pageOf, save } from './picture.mjs';

const [folder = 'docs/pictures'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await launch();

async function ofDemo() {
  const server = await startDemo();
  const page = await pageOf(browser);
  try {
    await signIn(page, server.url, server.user, server.password);
    // The present day has events at the present hour, whichever that is.
    await page.getByRole('link', { name: 'Next day' }).first().click();
    await save(page, folder, 'day');
    await page.locator('details.attention > summary').click();
    await save(page, folder, 'attention');
    // The picture of the README: so wide that few names are shortened, and as high as the week.
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${server.url}/admin/calendars/meeting-room-1`);
    await save(page, folder, '../week', { fullPage: true });
    await page.setViewportSize({ width: 1100, height: 760 });
    await page.goto(`${server.url}/admin/calendars/meeting-room-1/preview`);
    await save(page, folder, 'preview');
    await page.locator('.apply button').click();
    await page.goto(`${server.url}/admin/history`);
    await page.goto(`${server.url}${await page.locator('.list tbody th a').first().getAttribute('href')}`);
    await save(page, folder, 'removal');
  } finally {
    server.stop();
  }
}

// From the link in the log to a new installation.
async function ofFirstSteps() {
  const server = await startEmpty({ TIME_ZONE: 'Europe/Berlin' });
  const page = await pageOf(browser);
  try {
    await page.goto(server.link);
    await page.locator('main input[name="name"]').fill('ann');
    await save(page, folder, 'first-administrator');
    await page.locator('main input[name="address"]').fill('ann@example.org');
    for (const field of await page.locator('main input[type="password"]').all()) await field.fill('four-correct-horses');
    await page.locator('main form button').first().click();
    await page.waitForURL(`${server.url}/admin**`);
    await save(page, folder, 'get-started');
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
