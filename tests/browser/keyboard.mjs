// What a reader does with the keyboard alone.

import assert from 'node:assert/strict';
import { KINDS, test, visit, whereIs } from './harness.mjs';

const PHONE = { width: 360, height: 740 };

/** The focused element, and whether a reader sees it; runs in the browser. */
function focused() {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return {
    id: element.id,
    href: element.getAttribute('href'),
    text: element.textContent.replace(/\s+/g, ' ').trim(),
    visible: box.width > 1 && box.height > 1 && element.contains(document.elementFromPoint(x, y)),
  };
}

/** Presses Tab until `wanted(focus)`; every stop on the way must be visible. */
async function tabTo(page, what, wanted) {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(focused);
    if (wanted(focus)) {
      assert.ok(focus.visible, `${what} has the focus but is not visible`);
      return;
    }
  }
  assert.fail(`Tab does not lead to ${what}`);
}

test('the first Tab shows the skip link, and Enter moves the focus to the content', (place) =>
  visit(place, { viewport: PHONE }, async (page) => {
    for (const path of Object.values(KINDS)) {
      await page.goto(place.root + path);
      const shown = () => page.evaluate(() => {
        const link = document.querySelector('a.skip');
        const box = link.getBoundingClientRect();
        return link.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
      });
      assert.ok(!await shown(), `/${path} shows its skip link before anything is pressed`);
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(focused);
      assert.equal(focus.text, 'Skip to content', `the first stop on /${path}`);
      assert.ok(await shown(), `the skip link of /${path} has the focus but is not visible`);
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement.id === 'main');
      assert.equal(whereIs(place, page), `${path}#main`);
    }
  }));

test('on a phone the menu button opens the list of codes, and a code in it is reached, by keyboard alone', (place) =>
  visit(place, { viewport: PHONE }, async (page) => {
    for (const path of ['404/index.html', 'reference/index.html', '401-vs-403/index.html']) {
      await page.goto(place.root + path);
      const list = page.locator('nav#codes');
      if (await list.count() === 0) continue; // A page that is such a list itself.
      assert.ok(!await list.isVisible(), `the list of codes on /${path} is open before it is asked for`);

      await tabTo(page, 'the menu button', (focus) => focus.text === 'Jump to a code');
      await page.keyboard.press('Enter');
      await list.waitFor({ state: 'visible' });
      await page.keyboard.press('Escape');
      await list.waitFor({ state: 'hidden' });
      assert.equal((await page.evaluate(focused)).text, 'Jump to a code', 'after Escape the focus is on the button again');

      await page.keyboard.press('Space');
      await list.waitFor({ state: 'visible' });
      await tabTo(page, 'the link to 502 in the list', (focus) => focus.text.startsWith('502'));
      await page.keyboard.press('Enter');
      await page.waitForURL(`${place.root}502/index.html`);
      assert.ok(!await list.isVisible(), 'the list is closed on the next page');
    }
  }));

test('the menu works by keyboard without scripts', (place) =>
  visit(place, { viewport: PHONE, javaScriptEnabled: false }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.getByRole('button', { name: 'Jump to a code' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('nav#codes').waitFor({ state: 'visible' });
    await page.locator('nav#codes a', { hasText: '502' }).click();
    await page.waitForURL(`${place.root}502/index.html`);
  }));
