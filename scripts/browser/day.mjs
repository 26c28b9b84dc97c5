// The day of all rooms, with long names and three events at once: it works by keyboard, by touch and without scripts.
// What it looks like at every width is tested in matrix.mjs.

import assert from 'node:assert/strict';
import { signIn } from './lib.mjs';

const LONG = 'Quarterly planning of the department for unusually long names and Donaudampfschifffahrtsgesellschaft';

// Next week's Wednesday: nothing of the demo is there at noon.
function someDay() {
  const day = new Date(Date.now() + 7 * 86_400_000);
  while (day.getUTCDay() !== 3) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

export async function dayOfRooms(newPage, demo) {
  const date = someDay();
  const first = await newPage();
  await signIn(first, demo.url, demo.user, demo.password);
  for (const [from, until] of [['10:00', '11:30'], ['10:00', '11:00'], ['10:30', '11:00'], ['12:00', '12:15']]) {
    await first.goto(`${demo.url}/admin/calendars/board-room/book?start=${date}T${from}&end=${date}T${until}`);
    await first.getByLabel('Event name').fill(LONG);
    await first.getByLabel('Only if the room is free').uncheck();
    await first.getByRole('button', { name: 'Book room' }).click();
    await first.getByText('Booked.').waitFor();
  }
  await first.context().close();

  // By keyboard, without scripts: a room for eight at two is found and booked.
  const keys = await newPage({ javaScriptEnabled: false });
  await signIn(keys, demo.url, demo.user, demo.password);
  await keys.goto(`${demo.url}/admin?date=${date}`);
  await keys.getByLabel('Free from').focus();
  await keys.keyboard.type('0200PM');
  await keys.getByRole('spinbutton', { name: 'People' }).focus();
  await keys.keyboard.type('8');
  await keys.keyboard.press('Enter');
  await keys.getByRole('heading', { name: /^Free rooms/ }).waitFor();
  await keys.getByLabel('Event name').focus();
  await keys.keyboard.type('Eight of us');
  await keys.keyboard.press('Enter');
  await keys.getByText('Booked.').waitFor();
  const booked = keys.locator('.room li', { hasText: 'Eight of us' });
  assert.match(await booked.innerText(), /14:00–15:00/);
  // The smallest that has the seats.
  await keys.getByRole('region', { name: 'Meeting room 1' }).getByText('Eight of us').waitFor();
  await keys.getByRole('region', { name: /^Rooms on/ }).focus();
  await keys.keyboard.press('ArrowRight');
  await keys.context().close();

  // With a pointer, a free gap is booked at the half hour that is pointed at.
  const pointed = await newPage();
  await signIn(pointed, demo.url, demo.user, demo.password);
  await pointed.goto(`${demo.url}/admin?date=${date}`);
  const gap = pointed.locator('section[aria-labelledby="r-workshop"] .gap a').last();
  const { height } = await gap.boundingBox();
  const whole = Number((await gap.locator('..').getAttribute('class')).match(/h(\d+)/)[1]);
  await gap.click({ position: { x: 20, y: Math.min(height - 2, (95 / whole) * height) } });
  await pointed.waitForURL(/book/);
  const start = await pointed.getByLabel('Start').inputValue();
  assert.match(start, new RegExp(`^${date}T\\d\\d:[03]0$`));
  assert.notEqual(start, `${date}T08:00`);
  await pointed.context().close();

  // On a phone a swipe shows the next room, which snaps beside the hours.
  const phone = await newPage({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await signIn(phone, demo.url, demo.user, demo.password);
  await phone.goto(`${demo.url}/admin?date=${date}`);
  const rooms = phone.locator('.rooms');
  await rooms.evaluate((it) => it.scrollBy({ left: 200 }));
  await phone.waitForTimeout(600);
  const gapToHours = await phone.evaluate(() => {
    const axis = document.querySelector('.axis').getBoundingClientRect();
    const lefts = [...document.querySelectorAll('.room')].map((it) => it.getBoundingClientRect().left);
    return Math.min(...lefts.map((left) => Math.abs(left - axis.right)));
  });
  assert.ok(gapToHours < 3, `${gapToHours}`);
  await phone.context().close();
}
