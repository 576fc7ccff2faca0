// What a hosted copy keeps: the guide without a network, one build at a time.
// Each test has a host of its own, which it stops, and which changes from one
// build to the next. Two builds differ in every page, stylesheet and script.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf, isAt, pagesOf, PATIENCE, test, visit } from './harness.mjs';
import { host } from './server.mjs';

const PROJECT = '/repo/';
const MANY = 50;

const template = (name) => readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8');

/** A copy of the site in which every file says which build it is of. */
function build(site, folder, name) {
  const copy = join(folder, name);
  cpSync(site, copy, { recursive: true });
  const marks = {
    html: (text) => text.replace('<html ', `<html data-build=${name} `),
    css: (text) => `${text}\n:root{--build:"${name}"}`,
    js: (text) => `${text}\n;(window.builds??=[]).push("${name}")`,
  };
  const original = readFileSync(join(copy, 'sw.js'), 'utf8');
  let worker = original.replaceAll(/BUILD ?= ?[`"](\w+)/.exec(original)[1], name);
  for (const file of filesOf(copy)) {
    const mark = marks[file.split('.').at(-1)];
    if (!mark || file === 'sw.js') continue;
    const text = mark(readFileSync(join(copy, file), 'utf8'));
    writeFileSync(join(copy, file), text);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    worker = worker.replace(new RegExp(`([\`"]${file.replaceAll('.', '\\.')}[\`"],[\`"])\\w+`), `$1${hash}`);
  }
  writeFileSync(join(copy, 'sw.js'), worker);
  return copy;
}

/** Runs `steps` on a page at a host that shows the first of these builds. */
async function hosted(place, names, options, steps) {
  const folder = mkdtempSync(join(tmpdir(), 'status-guide-'));
  try {
    const builds = Object.fromEntries(names.map((name) => [name, build(place.site, folder, name)]));
    const server = await host(builds[names[0]], PROJECT);
    const here = { ...place, root: server.root };
    try {
      await visit(here, { serviceWorkers: 'allow', ...options }, async (page) => {
        await page.goto(`${server.root}index.html`);
        await steps({ page, server, builds, here, root: server.root });
      });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Waits until the guide is kept. */
const isKept = (page) => page.evaluate(async () => {
  const { active } = await navigator.serviceWorker.ready;
  if (active.state !== 'activated') await new Promise((done) => { active.onstatechange = done; });
});

/** Has the browser look for a new build, and says what became of it. */
const lookForUpdate = (page) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  const { installing } = registration;
  while (installing?.state === 'installing') await new Promise((done) => { installing.onstatechange = done; });
  return registration.waiting ? 'waits' : installing?.state ?? 'no update';
});

const kept = (page) => page.evaluate(async () => (await caches.keys()).map((name) => name.split(' ').at(-1)));

/** Insists that the page and all that it has loaded are of one build. */
async function isOf(page, name) {
  const builds = await page.evaluate(() => [
    document.documentElement.dataset.build,
    getComputedStyle(document.documentElement).getPropertyValue('--build').replaceAll('"', ''),
    ...window.builds,
  ]);
  assert.ok(builds.length > 2, `${builds}`);
  assert.deepEqual([...new Set(builds)], [name], `${page.url()} is a mixture: ${builds}`);
}

/** Uses the search, which loads its files only now, and goes where it leads. */
async function search(page, here, words, path) {
  await page.keyboard.press('/');
  await page.keyboard.type(words);
  await page.locator('#results [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  await isAt(here, page, path);
}

/** Waits until what `wanted` promises in the browser is true. */
async function until(page, wanted) {
  const end = Date.now() + PATIENCE;
  while (!await page.evaluate(wanted)) {
    assert.ok(Date.now() < end, `never true: ${wanted}`);
    await new Promise((done) => { setTimeout(done, 100); });
  }
}

/** Opens `url` as somebody who was never here, with `script` before everything. */
async function visitAlone(page, url, script = () => {}) {
  const context = await page.context().browser().newContext();
  try {
    const other = await context.newPage();
    await other.addInitScript(script);
    await other.goto(url);
    await other.waitForLoadState('networkidle');
  } finally {
    await context.close();
  }
}

const hostedTest = (sentence, names, options, steps) =>
  test(sentence, (place) => hosted(place, names, options, steps), { only: 'under a sub-path' });

hostedTest(
  `after the first visit, ${MANY} pages and the search work with the host switched off`,
  ['a'],
  { expectMisses: true },
  async ({ page, server, here, root }) => {
    await isKept(page);
    await server.stop();
    // Cards are for other sites, and one page says again what all others say.
    const pages = pagesOf(here.site).filter((file) => !/(^404|\/card|^print)\.html$/.test(file));
    const every = Math.floor(pages.length / MANY);
    const some = pages.filter((_, i) => i % every === 0);
    assert.ok(some.length >= MANY, `only ${some.length} pages`);
    for (const [i, file] of some.entries()) {
      const response = await page.goto(root + (i % 2 ? file : file.replace('index.html', '')));
      assert.equal(response.status(), 200, file);
      await isOf(page, 'a');
      await isAt(here, page, file);
    }
    await search(page, here, 'too many requests', '429/index.html');
    await page.goto(`${root}403-vs-401/#differences`);
    await isAt(here, page, '401-vs-403/index.html#differences');
    // An address without its slash, and one that is nowhere.
    await page.goto(`${root}404?from=wiki#retry`);
    await isAt(here, page, '404/index.html?from=wiki#retry');
    assert.match(await page.locator('h1').innerText(), /404/);
    const missing = await page.goto(`${root}nope`);
    assert.equal(missing.status(), 404);
    await isOf(page, 'a');
    assert.doesNotMatch(await page.locator('h1').innerText(), /404/);
  },
);

hostedTest('a new build comes in whole, at the next click, and asks only for what changed', ['a', 'b'], {}, async ({ page, server, builds, here }) => {
  await isKept(page);
  // One file of the new build is the same.
  const same = 'favicon.svg';
  server.show(builds.b);
  await page.locator('main .cells a[href$="404/index.html"]').first().click();
  await isAt(here, page, '404/index.html');
  await isOf(page, 'a');
  server.log.length = 0;
  assert.equal(await lookForUpdate(page), 'waits');
  assert.ok(server.log.includes('404/index.html') && !server.log.includes(same), 'what was asked for');
  await isOf(page, 'a');
  await page.locator('.crumbs a').first().click();
  await page.waitForFunction(() => document.documentElement.dataset.build === 'b');
  await isAt(here, page, 'index.html');
  await isOf(page, 'b');
  assert.deepEqual(await kept(page), ['b'], 'the old build is deleted');
  await page.goBack();
  await page.waitForFunction(() => document.documentElement.dataset.build === 'b');
  await isAt(here, page, '404/index.html');
  await isOf(page, 'b');
  await server.stop();
  await search(page, here, 'teapot', '418/index.html');
  await isOf(page, 'b');
});

hostedTest('while two tabs are open, both keep the build that they began with', ['a', 'b'], {}, async ({ page, server, builds, here, root }) => {
  await isKept(page);
  await page.goto(`${root}404/`);
  const other = await page.context().newPage();
  await other.goto(`${root}403/`);
  server.show(builds.b);
  assert.equal(await lookForUpdate(page), 'waits');
  for (const tab of [page, other, page]) {
    await tab.goto(`${root}503/`);
    await isOf(tab, 'a');
    await search(tab, here, 'gone', '410/index.html');
    await isOf(tab, 'a');
  }
  assert.deepEqual((await kept(page)).sort(), ['a', 'b']);
  await other.close();
  await page.goto(`${root}503/`);
  await page.waitForFunction(() => document.documentElement.dataset.build === 'b');
  await isOf(page, 'b');
  assert.deepEqual(await kept(page), ['b']);
});

hostedTest('a tab that is opened beside the only one takes nothing away from it', ['a', 'b'], {}, async ({ page, server, builds, here, root }) => {
  await isKept(page);
  await page.goto(`${root}404/`);
  server.show(builds.b);
  assert.equal(await lookForUpdate(page), 'waits');
  const opened = page.context().waitForEvent('page');
  await page.locator('main a[href$="../403/index.html"]').filter({ visible: true }).first().click({ modifiers: ['Control'] });
  const other = await opened;
  await isAt(here, other, '403/index.html');
  await other.waitForFunction(() => window.builds);
  await isOf(other, 'a');
  await search(page, here, 'gone', '410/index.html');
  await isOf(page, 'a');
});

hostedTest('a host between two builds changes nothing, until it has all of the new one', ['a', 'b'], {}, async ({ page, server, builds, root }) => {
  await isKept(page);
  await page.goto(`${root}404/`);
  const late = join(builds.b, '503/index.html');
  const whole = readFileSync(late);
  for (const half of [readFileSync(join(builds.a, '503/index.html')), 'broken', '']) {
    writeFileSync(late, half);
    server.show(builds.b);
    assert.equal(await lookForUpdate(page), 'redundant');
    assert.deepEqual(await kept(page), ['a']);
    await page.goto(`${root}503/`);
    await isOf(page, 'a');
  }
  writeFileSync(late, whole);
  assert.equal(await lookForUpdate(page), 'waits');
  await page.goto(`${root}503/`);
  await page.waitForFunction(() => document.documentElement.dataset.build === 'b');
  await isOf(page, 'b');
});

hostedTest('a page that the kept build does not have is the host’s, with all that it loads', ['a', 'b'], {}, async ({ page, server, builds, root }) => {
  await isKept(page);
  cpSync(join(builds.b, '404'), join(builds.b, 'new'), { recursive: true });
  server.show(builds.b);
  await page.goto(`${root}new/`);
  await isOf(page, 'b');
  await page.goto(`${root}404/`);
  await page.waitForFunction(() => window.builds);
  await isOf(page, await page.evaluate(() => document.documentElement.dataset.build));
});

hostedTest('switched off, the worker is gone and what it kept, and new readers get none', ['a', 'b'], {}, async ({ page, server, builds, root }) => {
  await isKept(page);
  await page.evaluate(() => caches.open('another guide of this host'));
  writeFileSync(join(builds.b, 'sw.js'), template('sw-off.js'));
  writeFileSync(join(builds.b, 'hosted.js'), `const OFFLINE = false;\n${template('hosted.js')}`);
  server.show(builds.b);
  // A click, and the browser looks for an update by itself.
  await page.goto(`${root}404/`);
  await until(page, async () => (await caches.keys()).join() === 'another guide of this host');
  await page.goto(`${root}403/`);
  await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.build), 'b');
  server.log.length = 0;
  await visitAlone(page, `${root}404/`);
  assert.ok(server.log.includes('hosted.js') && !server.log.includes('sw.js'), server.log.join());
});

hostedTest('who saves data is spared the other pages', ['a'], {}, async ({ page, server, root }) => {
  await isKept(page);
  server.log.length = 0;
  await visitAlone(page, `${root}404/`, () => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  assert.ok(server.log.includes('hosted.js') && !server.log.includes('sw.js'), server.log.join());
});

test('from a disk, nothing is kept and no script for hosted pages is loaded', (place) =>
  visit(place, {}, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url().split('/').at(-1)));
    await page.goto(`${place.root}404/index.html`);
    await page.waitForLoadState('networkidle');
    assert.ok(asked.includes('site.js') && !asked.includes('hosted.js'), asked.join());
  }), { only: 'from disk' });
