// Pictures of every sample mail on a phone, light and dark: `node mails.mjs SAMPLES FOLDER [word …]`.
//
// SAMPLES has what `cargo run -p mail --example samples` writes, a text and a page for each template and sample; only those
// are taken with one of the words in their names. Beside the single pictures there are sheets of six, and the texts. It fails
// if a mail is wider than the phone, or if a link to choose from is less than 44 pixels high.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { launch } from './lib.mjs';

const WIDTH = 390;
const ON_A_SHEET = 6;

const [samples, folder = 'pictures', ...words] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const names = readdirSync(samples)
  .filter((name) => name.endsWith('.html'))
  .map((name) => basename(name, '.html'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort();
const faults = [];

async function picture(page, name, path) {
  await page.goto(`file://${resolve(samples, `${name}.html`).split('/').map(encodeURIComponent).join('/')}`);
  const { wide, low } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    low: [...document.querySelectorAll('a.way')].filter((it) => it.getBoundingClientRect().height < 44).length,
  }));
  if (wide > 0) faults.push(`${name}: ${wide} pixels wider than the phone`);
  if (low > 0) faults.push(`${name}: ${low} links are less than 44 pixels high`);
  await page.screenshot({ path, fullPage: true });
}

async function sheet(page, pictures, path) {
  const cells = pictures.map(({ name, file }) => {
    const data = readFileSync(file).toString('base64');
    return `<figure><figcaption>${name}</figcaption><img width=${WIDTH} src="data:image/png;base64,${data}"></figure>`;
  });
  const style = 'body{display:flex;gap:12px;align-items:start;margin:12px;background:#888;font:14px sans-serif;width:max-content}figure{margin:0}';
  await page.setContent(`<!DOCTYPE html><style>${style}</style>${cells.join('')}`);
  await page.screenshot({ path, fullPage: true });
}

const browser = await launch();
try {
  for (const colorScheme of ['light', 'dark']) {
    const phone = await browser.newContext({ viewport: { width: WIDTH, height: 844 }, colorScheme });
    const desk = await browser.newContext({ viewport: { width: (WIDTH + 12) * ON_A_SHEET + 12, height: 900 } });
    const [page, table] = [await phone.newPage(), await desk.newPage()];
    for (const template of new Set(names.map((name) => name.split(' - ')[0]))) {
      const pictures = [];
      for (const name of names.filter((it) => it.startsWith(`${template} - `))) {
        const file = join(folder, `${name} - ${colorScheme}.png`);
        await picture(page, name, file);
        pictures.push({ name, file });
      }
      for (let first = 0; first < pictures.length; first += ON_A_SHEET) {
        const path = join(folder, `sheet - ${template} - ${colorScheme} - ${1 + first / ON_A_SHEET}.png`);
        await sheet(table, pictures.slice(first, first + ON_A_SHEET), path);
      }
    }
  }
} finally {
  await browser.close();
}

const texts = names.map((name) => [name, readFileSync(join(samples, `${name}.txt`), 'utf8')]);
writeFileSync(join(folder, 'texts.txt'), texts.map(([name, text]) => `===== ${name}\n\n${text}\n`).join('\n'));
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`${names.length} mails, light and dark, in ${folder}`);
