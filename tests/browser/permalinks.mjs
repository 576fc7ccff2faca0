// Addresses that last: what the address bar shows, and old addresses.

import assert from 'node:assert/strict';
import { isAt, KINDS, test, visit } from './harness.mjs';

test('the address bar shows the permalink, with query and fragment, and nothing is asked for twice', (place) =>
  visit(place, {}, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    for (const path of [...Object.values(KINDS), 'index.html#classes', '404/index.html#retry', 'reference/index.html?class=4xx#404', '404/index.html?q=a/index.html']) {
      asked.length = 0;
      await page.goto(place.root + path);
      await isAt(place, page, path);
      assert.equal(asked.filter((url) => url.startsWith(place.root) && !/\.(js|css|svg|webmanifest)$/.test(url)).length, 1, asked.join());
    }
  }));

test('a page at a short address has the same links, and Back leads to it', (place) =>
  visit(place, {}, async (page) => {
    const links = () => page.evaluate(() => [...document.links].map(({ href }) => href));
    await page.goto(`${place.root}404/index.html`);
    await isAt(place, page, '404/index.html');
    const here = await links();
    await page.goto(`${place.root}404/`);
    assert.deepEqual((await links()).filter((href) => !href.includes('#')), here.filter((href) => !href.includes('#')));
    await page.locator('main a[href$="../403/index.html"]').filter({ visible: true }).first().click();
    await isAt(place, page, '403/index.html');
    await page.goBack();
    await isAt(place, page, '404/index.html');
  }), { only: 'under a sub-path' });

test('a comparison in the other order leads to the right one, to the same part', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}index.html`);
    const length = await page.evaluate(() => history.length);
    await page.evaluate((url) => { location.href = url; }, `${place.root}403-vs-401/index.html#differences`);
    await isAt(place, page, '401-vs-403/index.html#differences');
    assert.equal(await page.evaluate(() => history.length), length + 1, 'Back would lead to the page that leads on');
    await page.goBack();
    await isAt(place, page, 'index.html');
  }));

test('without scripts an old address leads on all the same', (place) =>
  visit(place, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${place.root}403-vs-401/index.html`);
    await page.waitForURL(`${place.root}401-vs-403/index.html`);
    assert.match((await page.locator('h1').innerText()).replace(/\s+/g, ' '), /401 vs 403/);
  }));

test('the page at an old address says where the page is, also if its script never comes', (place) =>
  visit({ ...place, root: place.basedRoot }, {}, async (page) => {
    await page.route('**/alias.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.goto(`${place.basedRoot}403-vs-401/`);
    assert.equal(await page.locator('link[rel=canonical]').getAttribute('href'), 'https://example.github.io/repo/401-vs-403/');
    assert.equal(await page.locator('meta[name=robots]').getAttribute('content'), 'noindex');
    await page.getByRole('link', { name: '401 vs 403' }).click();
    await isAt({ ...place, root: place.basedRoot }, page, '401-vs-403/index.html');
  }), { only: 'under a sub-path' });
