// Pictures of the documents: WebP of at most 60 KB.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MOST_BYTES = 60_000;

// A page of the size that the pictures have.
export async function pageOf(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 760 }, colorScheme: 'light', locale: 'en', ...options,
  });
  return context.newPage();
}

// Writes a picture of a page; the browser itself encodes WebP. With AS_PNG=1 there is a PNG, too.
export async function save(page, folder, name, options) {
  const png = (await page.screenshot(options)).toString('base64');
  if (process.env.AS_PNG) writeFileSync(join(folder, `${name}.png`), Buffer.from(png, 'base64'));
  // In a context of its own: a page's rules for what it may load would hold there, too.
  const context = await page.context().browser().newContext();
  const tab = await context.newPage();
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
  await context.close();
  writeFileSync(join(folder, `${name}.webp`), Uint8Array.from(bytes));
  console.log(`${name}.webp: ${bytes.length} bytes`);
}
