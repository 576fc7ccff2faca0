// A team's own layer: the sample in examples/overlay, laid over the guide. What
// it adds reads well at every width and in every colour, breaks no policy, and
// is found.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { axeFinds } from './accessibility.mjs';
import { sharedByPlaces, test, visit } from './harness.mjs';
import { collisions, sideways, SIZES } from './layout.mjs';

/** Pages with a convention, those with what is new, and those with a mark. */
const PAGES = [
  '404/index.html', '401-vs-403/index.html', 'best-practices/index.html', '580/index.html',
  '502-vs-580/index.html', 'our-errors/index.html', 'reference/index.html', 'index.html',
];
const WIDTHS = [320, 360, 768, 1440];

/** The place of the sample beside that of the guide. */
const team = (place) => {
  assert.ok(existsSync(place.teamSite), `there is no ${place.teamSite}; build it: cargo run -- --overlay examples/overlay --out ${place.teamSite}`);
  return { ...place, root: place.teamRoot, site: place.teamSite };
};

test('axe finds nothing on pages with a convention, in light, dark and forced colours', (place) =>
  visit(team(place), { viewport: { width: 360, height: 740 } }, async (page) => {
    const bad = [];
    for (const path of ['404/index.html', 'reference/index.html']) {
      await page.goto(place.teamRoot + path);
      bad.push(...await axeFinds(page, `/${path}`));
    }
    assert.ok(bad.length === 0, bad.join('\n'));
  }), { engine: 'chromium for axe', only: 'from disk' });

for (const [size, enlarge] of Object.entries(SIZES)) {
  const pages = sharedByPlaces(() => PAGES);
  test(`with text ${size}, no page of a team scrolls sideways, overlaps or is cut off at ${WIDTHS.join(', ')} px`, (place) =>
    visit(team(place), {}, async (page) => {
      await enlarge(page);
      const bad = [];
      for (const path of pages(place)) {
        await page.goto(place.teamRoot + path);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          const found = [...await page.evaluate(sideways), ...await page.evaluate(collisions)];
          bad.push(...found.map((what) => `${path} at ${width}: ${what}`));
        }
      }
      assert.ok(bad.length === 0, bad.join('\n'));
    }));
}

test('the logo, the colour and the stylesheet of a team are on its pages', (place) =>
  visit(team(place), { colorScheme: 'light' }, async (page) => {
    for (const path of ['404/index.html', 'index.html', 'print.html']) {
      await page.goto(place.teamRoot + path);
      const logo = page.getByRole('banner').getByRole('img', { name: 'Kestrel Parcels' });
      const size = await logo.evaluate((it) => [it.naturalWidth > 0, it.width, it.height]);
      assert.deepEqual(size, [true, 28, 28], path);
      const [link, border] = await page.evaluate(() => [
        getComputedStyle(document.querySelector('.ways a, .book-contents a, section a')).color,
        getComputedStyle(document.querySelector('header.site')).borderBottomColor,
      ]);
      assert.equal(border, 'rgb(5, 121, 131)', path);
      if (path === 'index.html') assert.equal(link, border);
    }
  }));

test('the words of a convention find its page, and its mark in the index leads to it', (place) =>
  visit(team(place), {}, async (page) => {
    await page.goto(`${place.teamRoot}reference/index.html`);
    await page.getByRole('searchbox', { name: 'Search the guide' }).or(page.getByRole('combobox', { name: 'Search the guide' })).fill('tracking numbers guessed');
    await page.locator('.results a').first().waitFor();
    assert.match(await page.locator('.results a').first().textContent(), /404 Not Found/);
    await page.keyboard.press('Escape');
    await page.locator('[id="404"] .house').click();
    await page.waitForURL(/404\/(index\.html)?#our-convention$/);
    assert.ok(await page.getByRole('region', { name: 'Our convention' }).isVisible());
  }));
