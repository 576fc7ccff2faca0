// What can be taken along: the guide on one page, and the archive, which works
// from any folder without a network.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { filesOf, pagesOf, test, visit } from './harness.mjs';

test('the guide on one page has every part once, and each of its links finds its part', (place) =>
  visit(place, { viewport: { width: 360, height: 740 } }, async (page) => {
    await page.goto(`${place.root}print.html`);
    const { ids, fragments, chapters, sideways } = await page.evaluate(() => ({
      ids: [...document.querySelectorAll('[id]')].map((it) => it.id),
      fragments: [...document.querySelectorAll('article [href^="#"]')].map((it) => it.hash.slice(1)),
      chapters: [...document.querySelectorAll('.chapter > .hero h3')].filter((it) => it.textContent.trim()).length,
      sideways: document.documentElement.scrollWidth - innerWidth,
    }));
    const known = new Set(ids);
    assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], 'ids that are there twice');
    assert.deepEqual(fragments.filter((fragment) => !known.has(fragment)), [], 'links to parts that are not there');
    assert.ok(fragments.length > 1000, `only ${fragments.length} links`);
    assert.equal(chapters, pagesOf(place.site).filter((file) => file.endsWith('index.html')).length, 'a chapter for each page');
    assert.ok(sideways <= 0, `${sideways} px too wide`);
  }));

/** Unpacks a ZIP file; returns the paths in it. */
function unpack(archive, folder) {
  const bytes = readFileSync(archive);
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const paths = [];
  let at = bytes.readUInt32LE(end + 16); // the list of entries
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const size = bytes.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const start = bytes.readUInt32LE(at + 42);
    const path = bytes.toString('utf8', at + 46, at + 46 + name);
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const packed = bytes.subarray(data, data + size);
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed);
    paths.push(path);
    at += 46 + name + extra + comment;
  }
  return paths;
}

test('the archive works from a folder of any name: every page, every link, and the search', async (place) => {
  const folder = mkdtempSync(join(tmpdir(), 'Über uns, 目次 & 50 % #1 '));
  try {
    const paths = unpack(join(place.site, 'http-status-codes.zip'), folder);
    assert.ok(paths.every((path) => path.startsWith('http-status-codes/')), 'all in one folder');
    const site = join(folder, 'http-status-codes');
    const root = pathToFileURL(`${site}/`).href;
    await visit({ ...place, root }, {}, async (page) => {
      const files = new Set(filesOf(site));
      const ids = new Map();
      const links = [];
      for (const file of [...files].filter((path) => path.endsWith('.html'))) {
        await page.goto(root + file);
        const found = await page.evaluate(() => ({
          ids: [...document.querySelectorAll('[id]')].map((it) => it.id),
          links: [...document.querySelectorAll('[href], [src]')].map((it) => it.href || it.src),
        }));
        ids.set(file, new Set(found.ids));
        links.push(...found.links.map((link) => [file, link]));
      }
      assert.ok(ids.size > 150, `only ${ids.size} pages`);
      const broken = links.filter(([, link]) => !link.startsWith('https://')).filter(([, link]) => {
        const [path, fragment = ''] = link.slice(root.length).split('#');
        const parts = ids.get(path);
        return !link.startsWith(root) || !files.has(path) || (fragment && parts && !parts.has(decodeURIComponent(fragment)));
      });
      assert.deepEqual(broken, [], 'broken links');
      await page.goto(`${root}404/index.html`);
      await page.keyboard.press('/');
      await page.keyboard.type('rate limit');
      await page.locator('#results [role=option]').first().waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(`${root}429/index.html`);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, { only: 'from disk' });

test('the home page offers what can be taken along, with its size', (place) =>
  visit(place, { viewport: { width: 360, height: 740 } }, async (page) => {
    await page.goto(`${place.root}index.html`);
    for (const file of ['http-status-codes.zip', 'http-status-codes.epub']) {
      const item = page.locator('.downloads li', { has: page.locator(`a[href="${file}"]`) });
      const shown = Number((await item.innerText()).match(/(\d+\.\d) MB/)[1]);
      const size = statSync(join(place.site, file)).size / 1e6;
      assert.ok(size <= shown && shown < size + 0.1, `${file} has ${size} MB, and the page says ${shown}`);
    }
    await page.locator('.downloads a[href="print.html"]').click();
    await page.waitForURL(`${place.root}print.html`);
  }));

test('the guide on one page starts a sheet for each part and each registered code, and prints all of it', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}print.html`);
    await page.emulateMedia({ media: 'print' });
    const styles = await page.evaluate(() => {
      const of = (selector) => getComputedStyle(document.querySelector(selector));
      return {
        part: of('.part').breakBefore,
        code: of('[id="p-404"]').breakBefore,
        topic: of('[id="p-topics_caching"]').breakBefore,
        hidden: [...document.querySelectorAll('.chapter')].filter((it) => getComputedStyle(it).contentVisibility !== 'visible').length,
        frame: of('header.site').display,
      };
    });
    assert.deepEqual(styles, { part: 'page', code: 'page', topic: 'auto', hidden: 0, frame: 'none' });
  }), { only: 'from disk' });
