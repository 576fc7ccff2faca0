// axe-core finds nothing on any page, in light, in dark and in forced colours.
// Its source is evaluated in the page, which a strict content policy does not
// stop.
//
// axe is slow, and the files are the same at both places, so the places take
// pages from one list until it is empty. All rules run in light; the one that
// can change with the colours runs again in dark and in forced colours.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { KINDS, pagesOf, sharedByPlaces, test, visit } from './harness.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1440, height: 900 };

const MEDIA = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'light', forcedColors: 'active' },
};

/** Makes axe judge what is painted in forced colours; runs in the browser.
 *
 * axe takes the colour of a text from `-webkit-text-fill-color`. Chromium
 * resolves that to the colour of our stylesheet, though it paints the system's;
 * `color` and `background-color` it resolves to what it paints. Our text has no
 * fill of its own, so `color` is the answer to both questions. */
function answerWithThePaintedColour() {
  const { getPropertyValue } = CSSStyleDeclaration.prototype;
  CSSStyleDeclaration.prototype.getPropertyValue = function painted(name) {
    return getPropertyValue.call(this, name === '-webkit-text-fill-color' ? 'color' : name);
  };
}

/** What axe finds on the page, in all colours. With `once`, other colours than
 * light are looked at in the content alone: the frame around it is the same on
 * every page, and half of the work. */
export async function axeFinds(page, what, { once = false } = {}) {
  const found = [];
  await page.evaluate(AXE);
  for (const [name, media] of Object.entries(MEDIA)) {
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    if (name === 'forced colours') await page.evaluate(answerWithThePaintedColour);
    const isLight = name === 'light';
    const lines = await page.evaluate(async ({ part, rules }) => {
      // Preloading would fetch the stylesheet, which the policy forbids.
      const options = { resultTypes: ['violations'], preload: false, ...rules };
      const result = await window.axe.run(part, options);
      return result.violations.map(({ id, help, nodes: [first, ...more] }) =>
        `${id}: ${help}: ${first.target.join(' ')} and ${more.length} more: ${first.any[0]?.message ?? first.html.slice(0, 120)}`);
    }, { part: once && !isLight ? 'main, body:not(:has(main))' : 'html', rules: isLight ? {} : { runOnly: ['color-contrast'] } });
    found.push(...lines.map((line) => `${what}, ${name}: ${line}`));
  }
  return found;
}

const KIND_PATHS = new Set(Object.values(KINDS));

function testPages(sentence, viewport, pagesOf) {
  const pages = sharedByPlaces(pagesOf);
  test(sentence, (place) =>
    visit(place, { viewport }, async (page) => {
      const bad = [];
      for (const path of pages(place)) {
        await page.goto(place.root + path);
        bad.push(...await axeFinds(page, `/${path}`, { once: !KIND_PATHS.has(path) }));
      }
      assert.ok(bad.length === 0, `violations:\n${bad.join('\n')}`);
    }), { engine: 'chromium for axe' });
}

testPages('axe finds nothing on any page at all, whatever the colours, on a wide screen', DESKTOP, (place) => {
  // The page that holds all others says nothing that they do not say, and is a
  // hundred times as long; of the cards, one is as good as another.
  const pages = pagesOf(place.site)
    .filter((file) => file !== 'print.html' && (!file.endsWith('/card.html') || /^4.[49]\//.test(file)));
  assert.ok(pages.length > 150, `only ${pages.length} pages`);
  return pages;
});

testPages('axe finds nothing on any kind of page, whatever the colours, on a phone', PHONE, () => Object.values(KINDS));

test('axe finds nothing in the open list of codes on a phone, whatever the colours', (place) =>
  visit(place, { viewport: PHONE }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.getByRole('button', { name: 'Jump to a code' }).click();
    const bad = await axeFinds(page, 'the open list');
    assert.ok(bad.length === 0, bad.join('\n'));
  }), { only: 'from disk' });
