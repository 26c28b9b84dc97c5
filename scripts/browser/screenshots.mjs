// Pictures of every page, on a phone and on a desk, light and dark: `node screenshots.mjs FOLDER [page …]`.
// LANGUAGE=de takes them in German, fr in French.

import { mkdirSync } from 'node:fs';
import { PAGES, launch, open, signIn, startDemo } from './lib.mjs';

const [folder = 'pictures', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const server = await startDemo();
const browser = await launch();
try {
  let isApplied = false;
  for (const width of [1280, 390]) {
    for (const colorScheme of ['light', 'dark']) {
      const viewport = { width, height: width > 600 ? 900 : 844 };
      const context = await browser.newContext({ viewport, colorScheme, locale: process.env.LANGUAGE ?? 'en' });
      const page = await context.newPage();
      const shoot = (name) =>
        page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      await page.goto(`${server.url}/admin/sign-in`);
      await shoot('sign-in');
      await signIn(page, server.url, server.user, server.password);
      if (!isApplied) {
        // Something for the history.
        await page.goto(`${server.url}/admin/calendars/meeting-room-2/preview`);
        await page.locator('.apply button').click();
        isApplied = true;
      }
      for (const it of PAGES.filter(([name]) => only.length === 0 || only.includes(name))) {
        await open(page, server.url, it);
        await shoot(it[0]);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.stop();
}
