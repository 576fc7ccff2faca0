// The walk that the guide was asked for: home, 404, 403 and back, by clicks on
// links that a reader can see.

import assert from 'node:assert/strict';
import { isAt, test, visit, withLongAddresses } from './harness.mjs';

async function walk(place, page) {
  const shows = async (path, heading) => {
    await isAt(place, page, path);
    const h1 = (await page.locator('h1').first().innerText()).replace(/\s+/g, ' ');
    assert.ok(h1.includes(heading), `the heading of /${path} is “${h1}”`);
  };
  // `click` waits until the link is visible, still, and not covered.
  const follow = async (selector, path) => {
    await page.locator(selector).filter({ visible: true }).first().click();
    await isAt(place, page, path);
  };

  await page.goto(`${place.root}index.html`);
  await follow('main .cells a[href$="404/index.html"]', '404/index.html');
  await shows('404/index.html', '404 Not Found');
  await follow('main a[href$="../403/index.html"]', '403/index.html');
  await shows('403/index.html', '403 Forbidden');

  await page.goBack();
  await shows('404/index.html', '404 Not Found');
  await page.goBack();
  await shows('index.html', 'HTTP Status Codes');

  await page.goForward();
  await shows('404/index.html', '404 Not Found');
  await follow('.crumbs a[href$="../index.html"]', 'index.html');
  await shows('index.html', 'HTTP Status Codes');
}

test('a reader clicks from home to 404 to 403 and comes back by history and by breadcrumb', (place) =>
  visit(place, {}, (page) => walk(place, page)));

test('the same walk works on a phone', (place) =>
  visit(place, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }, (page) => walk(place, page)));

test('the same walk works without scripts', (place) =>
  visit(place, { javaScriptEnabled: false }, (page) => walk(withLongAddresses(place), page)));

test(
  'the same walk works on the site that was built with a base URL',
  (place) => visit({ ...place, root: place.basedRoot }, {}, (page) => walk({ ...place, root: place.basedRoot }, page)),
  { only: 'under a sub-path' },
);
