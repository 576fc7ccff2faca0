// Forced colours: the system replaces every colour, takes the grounds away and
// drops shadows. What was said by a ground must be said by a line as well.

import assert from 'node:assert/strict';
import { KINDS, test, visit } from './harness.mjs';

const FORCED = { forcedColors: 'active', viewport: { width: 1440, height: 900 } };

/** What a line says about an element: its borders and outline, as painted;
 * runs in the browser. */
function linesOf(element) {
  const style = getComputedStyle(element);
  const ground = getComputedStyle(document.body).backgroundColor;
  const line = (kind) => {
    const [width, drawn, colour] = ['width', 'style', 'color'].map((part) => style.getPropertyValue(`${kind}-${part}`));
    return drawn === 'none' || parseFloat(width) === 0 || colour === ground ? 'none' : `${width} ${drawn}`;
  };
  return ['border-top', 'border-right', 'border-bottom', 'border-left', 'outline'].map(line).join(', ');
}

const NONE = 'none, none, none, none, none';
const lines = (locator) => locator.evaluate(linesOf);

test('in forced colours buttons, boxes, badges and cells keep their edges', (place) =>
  visit(place, FORCED, async (page) => {
    await page.addInitScript(`window.linesOf = ${linesOf}`);
    const bad = [];
    for (const path of Object.values(KINDS)) {
      await page.goto(place.root + path);
      // A checkbox is drawn by the system, and a heading that sorts looks like text.
      const parts = 'button:not(thead *), input:not([type=checkbox]), select, .badge, .topic, .cells a, .message, .mark, .callout, .glance, .counts div';
      bad.push(...await page.evaluate(([selector, none, where]) => [...document.querySelectorAll(selector)]
        .filter((it) => it.checkVisibility({ visibilityProperty: true }) && window.linesOf(it) === none)
        .map((it) => `${it.localName}.${it.className} on /${where}`), [parts, NONE, path]));
    }
    assert.deepEqual([...new Set(bad)], [], 'without a line around them');
  }), { only: 'from disk' });

test('in forced colours the current page, the chosen result and the target stand out by a line', (place) =>
  visit(place, FORCED, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    const [current, other] = ['404', '405'].map((code) => page.locator('nav#codes a', { hasText: code }));
    assert.notEqual(await lines(current), await lines(other), 'the current page in the list of codes');

    await page.goto(`${place.root}404/index.html#cacheable`);
    assert.notEqual(await lines(page.locator('#cacheable')), await lines(page.locator('#sent-by')), 'the target of the address');

    await page.keyboard.press('/');
    await page.keyboard.type('gateway');
    await page.locator('#results a').nth(1).waitFor();
    await page.keyboard.press('ArrowDown');
    const results = page.locator('#results a');
    assert.notEqual(await lines(results.first()), await lines(results.nth(1)), 'the chosen result');
  }));

test('in forced colours the focus is visible on every kind of control', (place) =>
  visit(place, FORCED, async (page) => {
    await page.goto(`${place.root}reference/index.html`);
    for (const control of ['.brand', '.search input', '.theme', '.links a', '.filters select', '.filters [type=checkbox]', '.filters .address', 'thead button', 'tbody th a']) {
      const one = page.locator(control).filter({ visible: true }).first();
      const before = await lines(one);
      await page.keyboard.press('Tab'); // So that focus counts as coming from the keyboard.
      await one.focus();
      assert.notEqual(await lines(one), before, `${control} looks the same with the focus`);
    }
  }));
