// No page scrolls sideways, whatever the width of the screen.

import assert from 'node:assert/strict';
import { KINDS, test, visit } from './harness.mjs';

const WIDTHS = [320, 360, 768, 1024, 1440, 1920];

/** How far the page is too wide, and what sticks out; runs in the browser. */
function sideways() {
  const root = document.documentElement;
  const width = root.clientWidth;
  window.scrollTo(10_000, 0);
  const scrolled = window.scrollX;
  window.scrollTo(0, 0);
  if (root.scrollWidth <= width && scrolled === 0) return null;
  const scrolls = (element) => element && element !== document.body && element !== root
    && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const culprits = [...document.body.querySelectorAll('*')]
    .filter((it) => it.getBoundingClientRect().right > width + 0.5 && !scrolls(it.parentElement))
    .map((it) => `${it.localName}${it.className && `.${it.className}`}`);
  return `${root.scrollWidth} px wide, because of ${[...new Set(culprits)].slice(0, 4).join(', ')}`;
}

test(`no kind of page scrolls sideways at ${WIDTHS.join(', ')} px`, (place) =>
  visit(place, {}, async (page) => {
    const bad = [];
    for (const [kind, path] of Object.entries(KINDS)) {
      await page.goto(place.root + path);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const found = await page.evaluate(sideways);
        if (found) bad.push(`${kind} at ${width}: ${found}`);
      }
    }
    assert.ok(bad.length === 0, `pages that scroll sideways:\n${bad.join('\n')}`);
  }));

test('the list of codes is beside the page on a wide screen', (place) =>
  visit(place, { viewport: { width: 1440, height: 900 } }, async (page) => {
    for (const path of ['404/index.html', '401-vs-403/index.html', '4xx/index.html']) {
      await page.goto(place.root + path);
      const list = await page.locator('nav#codes').boundingBox();
      const main = await page.locator('main').boundingBox();
      assert.ok(list, `the list of codes is not visible on /${path}`);
      const apart = list.x + list.width <= main.x + 1 || main.x + main.width <= list.x + 1;
      assert.ok(apart, `on /${path} the list of codes covers the page`);
      assert.equal(await page.getByRole('button', { name: 'Jump to a code' }).count(), 0, 'the menu button is not needed');
    }
    await page.locator('nav#codes a', { hasText: '403' }).click();
    await page.waitForURL(`${place.root}403/index.html`);
  }));
