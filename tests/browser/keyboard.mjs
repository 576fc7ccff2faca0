// What a reader does with the keyboard alone: the walk through the guide, and
// where Tab leads.

import assert from 'node:assert/strict';
import { isAt, KINDS, test, visit, withLongAddresses } from './harness.mjs';

const PHONE = { width: 360, height: 740 };

/** The focused element, and whether a reader sees it and its outline; runs in
 * the browser. */
function focused() {
  const element = document.activeElement;
  // A link on two lines has two boxes, and nothing of it between them.
  const box = [...element.getClientRects()].find((it) => it.width > 1) ?? new DOMRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const { outlineStyle, outlineWidth, opacity } = getComputedStyle(element);
  return {
    id: element.id,
    href: element.getAttribute('href'),
    text: element.textContent.replace(/\s+/g, ' ').trim(),
    visible: box.width > 1 && box.height > 1 && element.contains(document.elementFromPoint(x, y)),
    outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && opacity === '1',
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
      await isAt(place, page, `${path}#main`);
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
      await isAt(place, page, '502/index.html');
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
    await isAt(withLongAddresses(place), page, '502/index.html');
  }));

test('a reader walks from home to a code by search, to a comparison and back, by keyboard alone', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    const press = (key) => page.keyboard.press(key);
    const seesFocus = async (what) => {
      const focus = await page.evaluate(focused);
      assert.ok(focus.visible && focus.outlined, `${what}: the focus is not visible on “${focus.text}”`);
      return focus;
    };
    const arrives = async (path) => {
      await isAt(place, page, path);
      await page.waitForLoadState();
    };
    await page.goto(`${place.root}index.html`);
    for (const [key, words, path] of [['/', 'forbid', '403/index.html'], ['Control+k', 'too many requests', '429/index.html']]) {
      await press(key);
      await seesFocus(`after ${key}`);
      assert.ok(await page.evaluate(() => document.activeElement.matches('.search input')), `${key} leads to the search`);
      await page.keyboard.type(words);
      await page.getByRole('option').first().waitFor();
      await press('ArrowDown');
      // The focus stays in the box, which says which result is chosen.
      await seesFocus('among the results');
      const chosen = await page.evaluate(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.innerText);
      assert.ok(chosen?.startsWith(path.slice(0, 3)), `the chosen result is “${chosen}”`);
      await press('Enter');
      await arrives(path);
    }

    // On the new page Tab starts at the top: past the head by the skip link.
    await press('Tab');
    assert.equal((await seesFocus('the first stop')).text, 'Skip to content');
    await press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'main');
    await tabTo(page, 'a comparison', (focus) => focus.href === '../429-vs-503/index.html');
    await seesFocus('a comparison');
    await press('Enter');
    await arrives('429-vs-503/index.html');

    // Alt and the left arrow belong to the browser's window, which is not
    // there. The skip link made an address of its own.
    for (const path of ['429/index.html#main', '429/index.html', '403/index.html', 'index.html']) {
      await page.goBack();
      await arrives(path);
    }
    await press('Tab');
    await seesFocus('after the walk');
  }));

/** What Tab should visit, in order, marked by a number; runs in the browser. */
function markStops() {
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((it) => it.tabIndex >= 0 && !it.disabled && it.checkVisibility({ visibilityProperty: true }));
  stops.forEach((it, i) => { it.dataset.stop = i; });
  return {
    count: stops.length,
    ahead: stops.filter((it) => it.tabIndex > 0).map((it) => it.outerHTML),
    // Where the eye would go another way than the keyboard.
    turned: [...document.querySelectorAll('body *')].filter((it) => {
      const { order, flexDirection } = getComputedStyle(it);
      return (order !== '0' || flexDirection.endsWith('reverse')) && it.querySelector('[data-stop]');
    }).map((it) => it.className),
  };
}

// The files are the same at both places, so the widths are shared between them.
const WIDTHS = { 'from disk': 360, 'under a sub-path': 1440 };

test('Tab visits everything that can have the focus once, in the order of the page, and it is visible at each stop', (place) =>
  visit(place, { viewport: { width: WIDTHS[place.name], height: 800 }, reducedMotion: 'reduce' }, async (page) => {
    for (const path of ['index.html', '404/index.html', '401-vs-403/index.html', 'reference/index.html']) {
      await page.goto(place.root + path);
      const { count, ahead, turned } = await page.evaluate(markStops);
      assert.ok(count > 20, `only ${count} stops on /${path}`);
      assert.deepEqual([ahead, turned], [[], []], `stops that are out of order on /${path}`);
      const bad = [];
      for (let stop = 0; stop < count; stop += 1) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(focused);
        const at = await page.evaluate(() => Number(document.activeElement.dataset.stop ?? NaN));
        assert.equal(at, stop, `stop ${stop} of /${path}, “${focus.text}”`);
        if (!focus.visible || !focus.outlined) bad.push(`“${focus.text}” (${focus.visible ? 'no outline' : 'not in sight'})`);
      }
      assert.deepEqual(bad, [], `stops on /${path} where the focus is not visible`);
      await page.keyboard.press('Tab');
      const left = await page.evaluate(() => document.activeElement === document.body || document.activeElement.dataset.stop === '0');
      assert.ok(left, `after its last stop, Tab does not leave /${path}`);
    }
  }));
