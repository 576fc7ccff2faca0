// Paper: the cheat sheet is one page of A4 and one of Letter, and a page of the
// guide prints without what only a screen needs.

import assert from 'node:assert/strict';
import { test, visit } from './harness.mjs';

/** How many pages a PDF has, by its page objects. */
const pagesOf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;

test('the cheat sheet is one page of A4, and one of Letter', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}cheat-sheet/index.html`);
    for (const format of ['A4', 'Letter']) {
      assert.equal(pagesOf(await page.pdf({ format, preferCSSPageSize: false })), 1, `${format}: pages`);
    }
    await page.emulateMedia({ media: 'print' });
    const codes = await page.locator('.sheet-groups dt').count();
    assert.ok(codes >= 64, `${codes} codes`);
    assert.ok(await page.getByText('418', { exact: true }).isVisible());
  }), { only: 'from disk' });

test('a page prints without navigation, buttons and dark ground', (place) =>
  visit(place, { colorScheme: 'dark' }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const hidden of ['header.site nav', '.search', '.theme', 'nav.rail', '.copy', '.crumbs', '.around']) {
      assert.equal(await page.locator(hidden).first().isVisible(), false, `${hidden} is printed`);
    }
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, 'rgb(255, 255, 255)');
    assert.ok(pagesOf(await page.pdf({ format: 'A4' })) >= 2);
  }), { only: 'from disk' });
