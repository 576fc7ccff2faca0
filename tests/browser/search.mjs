// The search, as a reader uses it: by two keys, by typing, by arrows, and by
// what is announced. How good the results are is for search-quality.mjs.

import assert from 'node:assert/strict';
import { isAt, test, visit, withLongAddresses } from './harness.mjs';

const BOX = '.search input';

/** The page's box with results for `query` open below it. */
async function searched(page, query) {
  await page.keyboard.press('/');
  await page.keyboard.type(query);
  await page.locator('#results [role=option]').first().waitFor();
  return page.getByRole('combobox', { name: 'Search the guide' });
}

const announced = (page) => page.evaluate(() =>
  [...document.querySelectorAll('[role=status]')].map((it) => it.textContent).join(''));

test('“/” and Ctrl+K lead to the search from anywhere, and “/” can be typed into it', (place) =>
  visit(place, {}, async (page) => {
    for (const keys of ['/', 'Control+k']) {
      await page.goto(`${place.root}404/index.html`);
      await page.keyboard.press(keys);
      assert.ok(await page.locator(BOX).evaluate((box) => box === document.activeElement), `${keys} does not lead to the box`);
      assert.equal(await page.locator(BOX).inputValue(), '', `${keys} was typed into the box`);
      await page.keyboard.type('a/b');
      assert.equal(await page.locator(BOX).inputValue(), 'a/b');
    }
  }));

test('“404” and Enter lead to the page about 404, however fast they are typed', (place) =>
  visit(place, {}, async (page) => {
    for (const path of ['index.html', 'topics/caching/index.html', '404.html']) {
      await page.goto(place.root + path);
      await page.keyboard.press('/');
      await page.keyboard.type('404');
      await page.keyboard.press('Enter');
      await isAt(place, page, '404/index.html');
    }
  }));

test('the arrows go through the results, around the ends, and Enter opens the chosen one', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}index.html`);
    const box = await searched(page, 'gateway');
    const names = await page.locator('#results [role=option] b').allInnerTexts();
    assert.ok(names.length > 2, `only ${names.length} results`);
    const chosen = () => page.evaluate(() => {
      const selected = [...document.querySelectorAll('#results [aria-selected=true]')];
      const active = document.querySelector('[role=combobox]').getAttribute('aria-activedescendant');
      return selected.length === 1 && selected[0].id === active ? selected[0].querySelector('b').innerText : `${selected.length} selected, ${active} active`;
    });
    assert.equal(await box.getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('ArrowDown');
    assert.equal(await chosen(), names[0], 'the first arrow down');
    await page.keyboard.press('ArrowUp');
    assert.equal(await chosen(), names.at(-1), 'up from the first');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await chosen(), names[1], 'down twice from the last');
    const to = await page.locator('#results [aria-selected=true] a').evaluate((link) => link.href);
    await page.keyboard.press('Enter');
    await isAt(place, page, to.slice(place.root.length));
  }));

test('Escape closes the results and then empties the box; a click elsewhere and Tab close them too', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    const list = page.locator('#results');
    const box = await searched(page, 'gateway');
    await page.keyboard.press('Escape');
    assert.ok(!await list.isVisible(), 'after Escape');
    assert.deepEqual([await box.inputValue(), await box.getAttribute('aria-expanded')], ['gateway', 'false']);
    await page.keyboard.press('Escape');
    assert.equal(await box.inputValue(), '', 'after the second Escape');
    await page.keyboard.type('gateway');
    await list.waitFor({ state: 'visible' });
    await page.keyboard.press('Tab');
    assert.ok(!await list.isVisible(), 'after Tab');
    await searched(page, 'gateway');
    await page.mouse.click(640, 780);
    await list.waitFor({ state: 'hidden' });
  }));

test('a click on a result opens it', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await searched(page, 'rate limit');
    await page.locator('#results a', { hasText: '429' }).first().click();
    await isAt(place, page, '429/index.html');
  }));

test('how many results there are, and that there is none, is announced', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}index.html`);
    const box = await searched(page, 'teapot');
    const count = await page.locator('#results [role=option]').count();
    assert.match(await announced(page), new RegExp(`^${count} results?, the first is 418\\b`));
    await box.fill('qqqqzzzz');
    assert.match(await announced(page), /^Nothing found\./);
    assert.ok(!await page.locator('#results').isVisible(), 'an empty list is shown');
    await page.keyboard.press('Enter');
    await isAt(place, page, 'reference/index.html?q=qqqqzzzz');
  }));

test('the index of the search is loaded when the box is used, and not before', (place) =>
  visit(place, {}, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url().slice(place.root.length)));
    await page.goto(`${place.root}404/index.html`, { waitUntil: 'load' });
    const search = () => asked.filter((path) => path.startsWith('search'));
    assert.deepEqual(search(), [], 'before the box was used');
    await searched(page, 'cache');
    assert.deepEqual(search(), ['search-index.js', 'search.js']);
  }));

test('without scripts the search leads to the table of all codes', (place) =>
  visit(place, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.locator(BOX).fill('gateway');
    await page.locator(BOX).press('Enter');
    await isAt(withLongAddresses(place), page, 'reference/index.html?q=gateway');
    assert.ok(await page.locator('.reference').first().isVisible());
  }));
