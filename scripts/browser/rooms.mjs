// What administrators set up, and remove again, without scripts: rooms with pictures, people with access.

import assert from 'node:assert/strict';
import { serious, signIn } from './lib.mjs';

// A picture of one pixel.
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==', 'base64');

export async function rooms(step, newPage, demo) {
  const settings = `${demo.url}/admin/calendars/meeting-room-1/settings`;

  await step('a room gets its place and a picture without scripts, and they stand on its page', async () => {
    const page = await newPage({ javaScriptEnabled: false });
    await signIn(page, demo.url, demo.user, demo.password);
    await page.goto(settings);
    await page.getByLabel('Building').fill('North wing');
    await page.getByLabel('Seats').fill('12');
    await page.getByLabel('Features').fill('Video wall, projector');
    await page.getByLabel('Clear automatically').selectOption({ label: 'every 15 minutes' });
    assert.ok(await page.locator('#zones option').count() > 300, 'time zones are proposed');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByLabel('Picture file').setInputFiles({ name: 'room.png', mimeType: 'image/png', buffer: PICTURE });
    await page.getByRole('button', { name: 'Upload picture' }).click();
    await page.goto(`${demo.url}/admin/calendars/meeting-room-1`);
    await page.getByText(/^North wing · (.* · )?12 seats · video-wall · projector$/).waitFor();
    const picture = page.getByAltText('Picture of Meeting room 1');
    const address = new URL(await picture.getAttribute('src'), demo.url).href;
    const answer = await page.context().request.get(address);
    assert.equal(answer.headers()['content-type'], 'image/png');
    const ofStranger = await fetch(address, { redirect: 'manual' });
    assert.equal(ofStranger.status, 303, 'strangers are led to the sign-in');
    const size = await picture.boundingBox();
    assert.ok(size.width > 24 && size.height > 24, 'its box does not wait for it');
    await page.context().close();
  });

  await step('a colleague who is invited with three rooms has them, and is removed by keyboard', async () => {
    const page = await newPage();
    await signIn(page, demo.url, demo.user, demo.password);
    await page.goto(`${demo.url}/admin/users`);
    await page.getByLabel('User name').fill('newcomer');
    const offered = page.getByRole('group', { name: 'Rooms' }).getByRole('checkbox');
    for (const number of [0, 1, 2]) await offered.nth(number).check();
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('link', { name: 'Go to newcomer' }).click();
    const own = page.getByRole('group', { name: 'Calendars', exact: true }).first();
    assert.equal(await own.getByRole('checkbox').count(), 3);
    assert.deepEqual(await serious(page), []);
    await page.getByRole('link', { name: 'Remove user' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Remove newcomer?' }).waitFor();
    await page.getByText('The access to 3 calendars').waitFor();
    assert.deepEqual(await serious(page), []);
    await page.getByRole('button', { name: 'Remove user' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('User removed.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'newcomer' }).count(), 0);
    await page.context().close();
  });

  await step('boxes and buttons of the new pages are large enough to hit, on a phone and a desk', async () => {
    for (const width of [1280, 1024, 768, 390]) {
      const page = await newPage({ viewport: { width, height: 844 } });
      await signIn(page, demo.url, demo.user, demo.password);
      for (const path of ['/calendars/meeting-room-1/settings', '/users', '/users/1', '/outbox', '/priorities',
        '/calendars/meeting-room-1/remove', '/users/1/remove']) {
        await page.goto(`${demo.url}/admin${path}`);
        const found = await page.evaluate(() => [...document.querySelectorAll(
          'main button, main .button, main select, main input:not([type=hidden]), main summary')]
          .map((it) => [it.outerHTML.slice(0, 90), it.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24)).map(([text]) => text));
        assert.deepEqual(found, [], `${path} at ${width}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} px too wide at ${width}`);
      }
      await page.context().close();
    }
  });
}
