// What a page weighs, and that nothing on it moves while it opens. If one of these
// budgets is broken, find out why; do not raise it.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DESKTOP, filesOf, KINDS, test, visit } from './harness.mjs';
import { host } from './server.mjs';

const FIRST_VIEW = 14 * 1024; // about what a server sends before it waits for the first answer
const FIRST_VIEW_FILES = ['style.css', 'site.js', 'favicon.svg'];
const PAGE = 100 * 1024;
const INDEX_COMPRESSED = 20 * 1024;
const INDEX = 60 * 1024;

const compressed = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

// A published site says more in its heads: where a page is, and how to preview it.
test('the first view of every code fits into 14 KiB, compressed, published or not', ({ site, basedSite }) => {
  for (const built of [site, basedSite]) {
    const shared = FIRST_VIEW_FILES.reduce((sum, file) => sum + compressed(join(built, file)), 0);
    const codes = filesOf(built).filter((file) => /^\d{3}\/index\.html$/.test(file));
    assert.ok(codes.length > 60, `only ${codes.length} codes`);
    const heavy = codes.map((file) => [file, shared + compressed(join(built, file))]).filter(([, size]) => size > FIRST_VIEW);
    assert.deepEqual(heavy, [], `first views of more than ${FIRST_VIEW} bytes, ${shared} of them shared`);
  }
}, { only: 'from disk' });

test('a page loads nothing at first but itself, the stylesheet, a script and the icon', (place) =>
  visit(place, {}, async (page) => {
    const asked = new Set();
    page.on('request', (request) => asked.add(request.url().slice(place.root.length)));
    await page.goto(`${place.root}404/index.html`, { waitUntil: 'load' });
    asked.delete('favicon.svg'); // A browser without a window may leave it out.
    asked.delete('hosted.js'); // Over HTTP, and after all of this: see the next test.
    assert.deepEqual([...asked].sort(), ['404/index.html', 'site.js', 'style.css']);
  }));

test('what only a hosted page needs is asked for after everything else', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/hosted.js')));
    const [loaded, asked] = await page.evaluate(() => [
      performance.getEntriesByType('navigation')[0].loadEventStart,
      performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/hosted.js')).startTime,
    ]);
    assert.ok(loaded > 0 && asked >= loaded, `asked for at ${asked} ms, and the page was loaded at ${loaded} ms`);
  }), { only: 'under a sub-path' });

test('no page is larger than 100 KiB, but the one that holds them all', (place) => {
  const large = filesOf(place.site).filter((file) => file.endsWith('.html') && file !== 'print.html')
    .map((file) => [file, statSync(join(place.site, file)).size]).filter(([, size]) => size > PAGE);
  assert.deepEqual(large, []);
}, { only: 'from disk' });

test('the index of the search is at most 60 KiB, 20 of them compressed', (place) => {
  const path = join(place.site, 'search-index.js');
  const sizes = [statSync(path).size, compressed(path)];
  assert.ok(sizes[0] <= INDEX && sizes[1] <= INDEX_COMPRESSED, `${sizes[0]} bytes, ${sizes[1]} compressed`);
}, { only: 'from disk' });

const VIEWPORTS = { 'from disk': { width: 360, height: 740 }, 'under a sub-path': { width: 1440, height: 900 } };

// Who looks then, as a browser does that can fill in forms, has the page laid
// out: without its styles that is in vain, and done again.
test('no page says that it is ready before all its styles are there', (place) =>
  visit(place, {}, async (page) => {
    await page.addInitScript(() => addEventListener('DOMContentLoaded', () => {
      window.late = [...document.querySelectorAll('link[rel="stylesheet"]')].filter(({ sheet }) => !sheet).map(({ href }) => href);
    }));
    await page.route(/\.css$/, async (route) => {
      await new Promise((done) => { setTimeout(done, 100); });
      await route.continue();
    });
    const bad = [];
    for (const path of Object.values(KINDS)) {
      await page.goto(place.root + path);
      const late = await page.evaluate(() => window.late);
      if (late.length) bad.push(`/${path}: ${late.join(', ')}`);
    }
    assert.ok(bad.length === 0, `ready without these:\n${bad.join('\n')}`);
  }));

test('what the script adds to a page moves nothing on it', (place) =>
  visit(place, { viewport: VIEWPORTS[place.name] }, async (page) => {
    const positions = async (path) => {
      await page.goto(place.root + path);
      return page.evaluate(() => [...document.querySelectorAll('header.site *, h1, h2, h3, article p, article pre, table, footer')]
        .map((it) => `${it.localName} “${it.textContent.replace('Copy as…', '').slice(0, 30)}” at ${Math.round(it.getBoundingClientRect().y)}`)
        .map((line) => line.replace(/“[◐☀☾]”/, '')));
    };
    const pages = [...Object.values(KINDS), '200/index.html'];
    const after = [];
    for (const path of pages) after.push(await positions(path));
    // The same pages, where what waits for the whole page never runs.
    await page.addInitScript(() => {
      const add = document.addEventListener.bind(document);
      document.addEventListener = (type, ...rest) => type === 'DOMContentLoaded' || add(type, ...rest);
    });
    const bad = [];
    for (const [i, path] of pages.entries()) {
      const moved = (await positions(path)).find((line, j) => line !== after[i][j]);
      if (moved) bad.push(`/${path}: ${moved}`);
    }
    assert.ok(bad.length === 0, `where these were before the script, and not after:\n${bad.join('\n')}`);
  }));

// What an address asks for is not where the page has it before a script has run.
const VIEWS = ['choose/index.html#send-404', 'choose/index.html#all', 'reference/index.html#404', 'reference/index.html?q=gateway&sort=phrase'];

/** Notes each layout shift; runs in the browser. */
function noteShifts() {
  window.shifts = [];
  const where = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  const note = (list) => window.shifts.push(...list.getEntries().map(({ value, sources }) => {
    const moved = sources.map(({ node, previousRect, currentRect }) =>
      `${node?.localName ?? 'text'}.${node?.className ?? ''} from ${where(previousRect)} to ${where(currentRect)}`);
    return `${value.toFixed(5)}: ${moved.join(', ')}`;
  }));
  new PerformanceObserver(note).observe({ type: 'layout-shift', buffered: true });
}

/** Lets what waits for the whole page wait for its first paint as well, as on a
 * slow device; runs in the browser. */
function letScriptsWait() {
  const painted = new Promise((resolve) => {
    new PerformanceObserver(resolve).observe({ type: 'paint', buffered: true });
  });
  const add = document.addEventListener.bind(document);
  document.addEventListener = (type, listener, ...rest) => {
    const late = () => { window.settled = painted.then(listener); };
    add(type, type === 'DOMContentLoaded' ? late : listener, ...rest);
  };
}

test('no layout shifts while a page opens, however late its scripts run', (place) =>
  visit(place, { viewport: VIEWPORTS[place.name] }, async (page) => {
    await page.addInitScript(noteShifts);
    await page.addInitScript(letScriptsWait);
    await page.route(/\.js$/, async (route) => {
      const isFirst = route.request().url().endsWith('/site.js');
      if (!isFirst) await page.waitForFunction(() => performance.getEntriesByType('paint').length);
      await route.continue();
    });
    const bad = [];
    for (const path of [...Object.values(KINDS), ...VIEWS]) {
      await page.goto('about:blank');
      await page.goto(place.root + path);
      const shifts = await page.evaluate(async () => {
        await window.settled;
        await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))); });
        return window.shifts;
      });
      bad.push(...shifts.map((shift) => `/${path}: ${shift}`));
    }
    // A script of the last page may still be on its way.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    assert.ok(bad.length === 0, `what shifted, by how much:\n${bad.join('\n')}`);
  }));

// On these nothing may move at all. On the others a column of a table may become
// wider with a row, and all shifts come to a tenth of what a reader would feel.
const STEADY = ['home', 'the reference', 'the questions', 'all topics'];
const A_LITTLE = 0.01;

test('no layout shifts while the parts of a page come one after the other', async (place) => {
  const slow = await host(place.site, '/', { inPieces: true });
  // A phone, and a desk on which the header has no room for the links.
  const viewport = place.name === 'from disk' ? VIEWPORTS[place.name] : DESKTOP;
  await visit({ ...place, root: slow.root }, { viewport }, async (page) => {
    await page.addInitScript(noteShifts);
    const bad = [];
    for (const [kind, path] of Object.entries(KINDS)) {
      await page.goto(slow.root + path);
      const shifts = await page.evaluate(() => window.shifts);
      const sum = shifts.reduce((total, shift) => total + Number.parseFloat(shift), 0);
      if (sum > 0 && (sum >= A_LITTLE || STEADY.includes(kind))) bad.push(`${kind}: ${shifts.join('; ')}`);
    }
    assert.ok(bad.length === 0, `what shifted, by how much:\n${bad.join('\n')}`);
  });
  await slow.stop();
});
