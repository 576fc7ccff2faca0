// Cards that other pages show in a frame: NNN/card.html.

import assert from 'node:assert/strict';
import { axeFinds } from './accessibility.mjs';
import { filesOf, isAt, test, visit } from './harness.mjs';

const CARD = '404/card.html';
const cardsOf = (site) => filesOf(site).filter((file) => /^\d{3}\/card\.html$/.test(file));

test('a card in a frame of 640 by 240 shows all of itself', (place) =>
  visit(place, { viewport: { width: 640, height: 240 } }, async (page) => {
    const cards = cardsOf(place.site);
    assert.ok(cards.length > 60, `only ${cards.length} cards`);
    const bad = [];
    for (const card of cards) {
      await page.goto(place.root + card);
      const hidden = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
      if (hidden > 0) bad.push(`/${card}: ${hidden} px are hidden`);
    }
    assert.deepEqual(bad, []);
  }), { only: 'from disk' });

test('a card in a small frame shows the code, its name and what it means at once', (place) =>
  visit(place, { viewport: { width: 320, height: 200 } }, async (page) => {
    const bad = [];
    for (const card of cardsOf(place.site)) {
      await page.goto(place.root + card);
      const [bottom, sideways] = await page.evaluate(() => [
        document.querySelector('.summary').getBoundingClientRect().bottom,
        document.documentElement.scrollWidth - innerWidth,
      ]);
      if (bottom > 200 || sideways > 0) bad.push(`/${card}: ${bottom}, ${sideways}`);
    }
    assert.deepEqual(bad, []);
  }), { only: 'from disk' });

test('a card works in a frame on another page, and its link opens the page of the code', (place) =>
  visit(place, {}, async (page, trouble) => {
    // A page of another origin; nothing but the card is asked for.
    await page.setContent(`<iframe src="${place.root}${CARD}" width="640" height="240" title="404 Not Found"></iframe>`);
    const card = page.frameLocator('iframe');
    await card.getByRole('heading', { name: '404 Not Found' }).waitFor();
    const ground = await card.locator('main').evaluate((it) => getComputedStyle(it).borderTopStyle);
    assert.equal(ground, 'solid', 'the stylesheet of the card');
    const [opened] = await Promise.all([page.waitForEvent('popup'), card.getByRole('link').click()]);
    await isAt(place, opened, '404/index.html');
    assert.equal(await opened.evaluate(() => window.opener), null);
    assert.deepEqual(trouble, []);
  }), { only: 'under a sub-path' });

test('axe finds nothing on a card in light and dark', (place) =>
  visit(place, { viewport: { width: 640, height: 240 } }, async (page) => {
    const bad = [];
    for (const card of [CARD, '499/card.html', '301/card.html']) {
      await page.goto(place.root + card);
      bad.push(...await axeFinds(page, card));
    }
    assert.deepEqual(bad, []);
  }), { only: 'from disk' });
