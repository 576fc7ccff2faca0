// The switch between light and dark, and the buttons that copy.

import assert from 'node:assert/strict';
import { addressOf, isAt, test, visit } from './harness.mjs';

/** The colours that a reader sees; runs in the browser. */
const colours = () => {
  const style = getComputedStyle(document.body);
  return `${style.color} on ${style.backgroundColor}`;
};

test('without a choice the theme is that of the system, also when that changes', (place) =>
  visit(place, { colorScheme: 'light' }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    const light = await page.evaluate(colours);
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await page.evaluate(colours);
    assert.notEqual(light, dark);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal(await page.evaluate(colours), light);
  }));

test('the theme switch changes the colours, says which theme it is, and ends at the system again', (place) =>
  visit(place, { colorScheme: 'dark' }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    const system = await page.evaluate(colours);
    const seen = [];
    for (const theme of ['light', 'dark', 'system']) {
      await page.locator('button.theme').click();
      assert.ok(await page.getByRole('button', { name: `Theme: ${theme}` }).isVisible(), `the name of the button for ${theme}`);
      assert.equal(await page.locator('[role=status]').first().textContent(), `Theme: ${theme}`, 'what is announced');
      seen.push(await page.evaluate(colours));
    }
    assert.notEqual(seen[0], system, 'light on a dark system');
    assert.deepEqual(seen.slice(1), [system, system]);
  }));

test('a chosen theme is kept on the next page and there before the first paint', (place) =>
  visit(place, { colorScheme: 'light' }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    for (const theme of ['light', 'dark']) {
      await page.locator('button.theme').click();
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
    }
    const dark = await page.evaluate(colours);
    // The attribute when the body begins: nothing of the page is painted yet.
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        window.themeAtBody = document.documentElement.dataset.theme;
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.locator('.crumbs a').first().click();
    await isAt(place, page, 'index.html');
    assert.equal(await page.evaluate(() => window.themeAtBody), 'dark', 'the theme when the body begins');
    assert.equal(await page.evaluate(colours), dark);
    assert.ok(await page.getByRole('button', { name: 'Theme: dark' }).isVisible());
  }));

test('a theme that nobody offers is not taken from the storage', (place) =>
  visit(place, { colorScheme: 'light' }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    const light = await page.evaluate(colours);
    await page.evaluate(() => localStorage.setItem('theme', 'hotdog'));
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
    assert.equal(await page.evaluate(colours), light);
  }));

test('without scripts there is no theme switch and no copy button to press', (place) =>
  visit(place, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    assert.ok(!await page.locator('button.theme').isVisible());
    assert.equal(await page.locator('button.copy').count(), 0);
  }));

/** Stops the page's clock here, so that nothing changes back by itself. */
const soon = () => Date.now() + 60_000;

/** Puts what is copied into `window.copied`, by either way of copying. */
const listen = (page) => page.addInitScript(() => {
  document.addEventListener('copy', () => { window.copied = document.activeElement.value ?? String(getSelection()); });
  if (!navigator.clipboard) return;
  navigator.clipboard.writeText = async (text) => { window.copied = text; };
});

test('a copy button copies the message, shows that it did, announces it, and is itself again', (place) =>
  visit(place, {}, async (page) => {
    await listen(page);
    await page.clock.install();
    await page.goto(`${place.root}404/index.html`);
    await page.clock.pauseAt(soon());
    const message = page.locator('.message.response').first();
    const button = message.getByRole('button', { name: 'Copy the response' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.copied);
    assert.equal(await page.evaluate(() => window.copied), await message.locator('code').textContent());
    await page.waitForFunction(() => document.querySelector('[role=status]').textContent);
    assert.equal(await page.locator('[role=status]').first().textContent(), 'Copied: the response');
    assert.equal(await button.textContent(), 'Copied');
    assert.ok(await button.evaluate((it) => it === document.activeElement), 'the focus went away');
    await page.clock.runFor(2000);
    assert.equal(await button.textContent(), 'Copy');
  }));

test('pressed twice, a copy button and a link of a heading are still themselves again', (place) =>
  visit(place, {}, async (page) => {
    await listen(page);
    await page.clock.install();
    await page.goto(`${place.root}404/index.html`);
    await page.clock.pauseAt(soon());
    for (const [selector, text] of [['button.copy', 'Copy'], ['a.anchor', '#']]) {
      const wanted = page.locator(selector).first();
      for (let presses = 0; presses < 2; presses += 1) {
        await wanted.press('Enter');
        await page.waitForFunction((it) => document.querySelector(it).textContent === 'Copied', selector);
      }
      await page.clock.runFor(2000);
      assert.equal(await wanted.textContent(), text);
    }
  }));

test('the link of a heading copies its address, announces it, and leads there', (place) =>
  visit(place, {}, async (page) => {
    await listen(page);
    await page.goto(`${place.root}404/index.html`);
    await isAt(place, page, '404/index.html');
    const anchor = page.locator('#example ~ a.anchor, .heading:has(#example) a.anchor').first();
    await anchor.focus();
    await page.keyboard.press('Enter');
    await isAt(place, page, '404/index.html#example');
    await page.waitForFunction(() => document.querySelector('[role=status]').textContent);
    assert.equal(await page.locator('[role=status]').first().textContent(), 'Copied: the link to this part');
    assert.equal(await page.evaluate(() => window.copied), addressOf(place, '404/index.html#example'));
  }));
