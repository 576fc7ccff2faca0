// What every test shares: the kinds of pages, a reader whose every step is
// watched, in whichever browser, and a test runner of thirty lines.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One page of each kind; `misses` is the host's error page. */
export const KINDS = {
  home: 'index.html',
  'a code': '404/index.html',
  'a code with a temporary registration': '104/index.html',
  'an unused code': '418/index.html',
  'a code that nobody registered': '499/index.html',
  'a class': '4xx/index.html',
  'a comparison': '401-vs-403/index.html',
  'best practices': 'best-practices/index.html',
  'the reference': 'reference/index.html',
  'the questions': 'choose/index.html',
  'what to do with a code': 'got/index.html',
  'the retry rules': 'retry/index.html',
  'who sent it': 'who-sent-it/index.html',
  'all topics': 'topics/index.html',
  'a topic': 'topics/caching/index.html',
  'about the guide': 'about/index.html',
  'the cheat sheet': 'cheat-sheet/index.html',
  'the page for misses': '404.html',
};

/** Every page of a built site that has something to read: not those at old
 * addresses, which lead on. */
export const pagesOf = (site) => filesOf(site)
  .filter((file) => file.endsWith('.html') && !/http-equiv="?refresh/i.test(readFileSync(join(site, file), 'utf8')));

/** Every file of a built site, as sorted paths with `/`. */
export function filesOf(site) {
  return readdirSync(site, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(site, path)).isFile())
    .sort();
}

/** How long what must happen may take, on a machine that has much to do; in
 * milliseconds. */
export const PATIENCE = 30_000;

/** The screen of a test that asks for no other. */
export const DESKTOP = { width: 1280, height: 800 };

/** Opens a page of Chromium for `options` and runs the steps, `watched`. Nothing
 * is kept for reading without a network, unless `serviceWorkers` allows it. */
export async function visit(place, options, steps) {
  const { expectMisses = false, viewport = DESKTOP, colorScheme, reducedMotion, forcedColors, ...own } = options;
  const context = await place.browser.newContext({ serviceWorkers: 'block', viewport, ...own });
  const page = await context.newPage();
  await page.emulateMedia({ colorScheme, reducedMotion, forcedColors });
  page.setDefaultTimeout(PATIENCE);
  page.setDefaultNavigationTimeout(2 * PATIENCE); // one page holds the whole guide
  try {
    return await watched(place, page, expectMisses, steps);
  } finally {
    await context.close();
  }
}

/** Runs `steps(page, trouble)` and then insists that the console stayed empty,
 * that nothing was asked of another host and that no request failed: that
 * `trouble` is empty. `expectMisses` lets documents come with status 404, which
 * Chromium also mentions in the console. Playwright and Puppeteer call what is
 * watched here by the same names, so `page` is a page of either. */
export async function watched(place, page, expectMisses, steps) {
  const trouble = watch(page, place.root, expectMisses);
  const result = await steps(page, trouble);
  assert.ok(trouble.length === 0, `the console, and requests that failed or went elsewhere:\n${trouble.join('\n')}`);
  return result;
}

function watch(page, root, expectMisses) {
  const trouble = [];
  const isMiss = (text) => expectMisses && /^Failed to load resource:.* 404 /.test(text);
  const isBlocked = (text) => text === 'Service Worker registration blocked by Playwright';
  page.on('console', (message) => isMiss(message.text()) || isBlocked(message.text()) || trouble.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`script error: ${error.message}`));
  // Firefox also tells of what is part of itself, as `data:`, and asks the host
  // for an icon when the reader goes back, whatever icon the page has.
  const isOfBrowser = (url) => url.startsWith('data:') || url === new URL('/favicon.ico', root).href;
  const isHere = (url) => url.startsWith(root) || isOfBrowser(url);
  page.on('request', (request) => isHere(request.url()) || trouble.push(`asked elsewhere: ${request.url()}`));
  page.on('requestfailed', (request) => {
    // Aborted: the reader left the page before its icon had come.
    const reason = request.failure()?.errorText;
    if (!['net::ERR_ABORTED', 'NS_BINDING_ABORTED'].includes(reason)) trouble.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    const allowed = (expectMisses && response.request().isNavigationRequest() && response.status() === 404)
      || isOfBrowser(response.url());
    if (response.status() >= 400 && !allowed) trouble.push(`${response.status()}: ${response.url()}`);
  });
  return trouble;
}

/** For what is slow and the same at both places: `for (const it of next(place))`
 * takes the next of the list that no place has taken yet. */
export function sharedByPlaces(listOf) {
  let left;
  return function* next(place) {
    left ??= [...listOf(place)];
    while (left.length) yield left.shift();
  };
}

/** The address that a reader sees for a file of the guide, with what stands
 * behind it: over HTTP without `index.html`, which a script takes away. */
export const addressOf = (place, path) => {
  const isShort = place.root.startsWith('http:') && !place.keepsAddress;
  return place.root + (isShort ? path.replace(/(^|\/)index\.html(?=[?#]|$)/, '$1') : path);
};

/** The place as one finds it where no script may change the address. */
export const withLongAddresses = (place) => ({ ...place, keepsAddress: true });

/** Insists that `page` comes to this file of the guide, and that the address
 * says so. */
export async function isAt(place, page, path) {
  const wanted = addressOf(place, path);
  // The browser tells of a new address after the fact.
  await page.waitForURL(wanted).catch(() => {});
  assert.equal(page.url(), wanted);
}

const tests = [];

/** A test for each place in Chromium, or in another engine: `test('a sentence',
 * async (place) => …)`. `only` names the one place that it is for. */
export function test(sentence, run, { engine = 'chromium', only } = {}) {
  tests.push({ sentence, run, engine, only });
}

/** A test that hangs fails, so that the others still run. In milliseconds; the
 * slowest test takes four minutes. */
const LIMIT = 600_000;

async function withinLimit(run) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT / 1000} s`)), LIMIT);
  });
  try {
    await Promise.race([run, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs every test at every place, the places side by side; returns the counts. */
export async function runTests(places, filter) {
  const counts = { passed: 0, failed: 0 };
  const runAt = async (place) => {
    for (const { sentence, run, engine, only } of tests) {
      const name = `${engine === 'firefox' ? 'Firefox, ' : ''}${place.name}: ${sentence}`;
      if (engine !== place.engine || (only && only !== place.name) || !name.includes(filter)) continue;
      const started = performance.now();
      const took = () => `(${((performance.now() - started) / 1000).toFixed(1)} s)`;
      try {
        await withinLimit(run(place));
        counts.passed += 1;
        console.log(`  ok    ${name} ${took()}`);
      } catch (error) {
        counts.failed += 1;
        console.log(`  FAIL  ${name} ${took()}`);
        const text = error instanceof assert.AssertionError ? error.message : error.stack;
        console.log(text.replace(/\x1b\[\d+m/g, '').slice(0, 4000).replace(/^/gm, '        '));
      }
    }
  };
  await Promise.all(places.map(runAt));
  return counts;
}
