// Writes a full-page PNG of each kind of page, at three widths, in light and
// dark. Not a test: for looking.
//
//   node tests/browser/screenshots.mjs OUTDIR [SITE [PAGE...]]
//
// SITE is a built site, `dist` unless told; a PAGE is `home`, `404`, `4xx`… or a
// file such as `404.html`.
// Without a PAGE, one of each kind is opened from disk, and home and 404 once
// more over HTTP below a sub-path.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser } from './browser.mjs';
import { serve } from './server.mjs';

const PAGES = [
  'home', '404', '208', '499', '4xx', '401-vs-403', 'best-practices', 'reference',
  'choose', 'got', 'retry', 'who-sent-it', 'not-status-codes', 'topics', 'topics/caching', 'about',
  'cheat-sheet', 'data', 'changes', 'permalinks', '404.html', '404/card.html',
];
const PAGES_OVER_HTTP = ['home', '404'];
const WIDTHS = [360, 768, 1440];
const HEIGHT = 900;

const [out, site = 'dist', ...wanted] = process.argv.slice(2);
if (!out) {
  console.error('usage: node tests/browser/screenshots.mjs OUTDIR [SITE [PAGE...]]');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const disk = pathToFileURL(`${resolve(site)}/`).href;
const http = await serve(resolve(site), '/some/sub/path/');
const shots = [
  ...(wanted.length ? wanted : PAGES).map((page) => ({ root: disk, page, place: '' })),
  ...(wanted.length ? [] : PAGES_OVER_HTTP).map((page) => ({ root: http, page, place: 'http-' })),
];

const fileOf = (page) => {
  if (page === 'home') return 'index.html';
  return page.endsWith('.html') ? page : `${page}/index.html`;
};

const browser = await startBrowser();
let written = 0;

async function worker() {
  const page = await browser.newPage();
  for (let shot = shots.shift(); shot; shot = shots.shift()) {
    await page.goto(shot.root + fileOf(shot.page));
    for (const width of WIDTHS) {
      for (const colorScheme of ['light', 'dark']) {
        await page.setViewportSize({ width, height: HEIGHT });
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(out, `${shot.place}${shot.page.replaceAll("/", "-")}-${width}-${colorScheme}.png`), fullPage: true });
        written += 1;
      }
    }
  }
}

await Promise.all([worker(), worker()]);
await browser.close();
console.log(`${written} pictures in ${out}`);
