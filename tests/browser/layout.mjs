// Whatever the width of the screen and the size of the text, no page scrolls
// sideways, no text lies over another, and none is cut off.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAt, KINDS, pagesOf, sharedByPlaces, test, visit } from './harness.mjs';

const WIDTHS = [320, 360, 768, 1024, 1440, 1920];

/** How far the page is too wide, and what sticks out; runs in the browser. */
export function sideways() {
  const root = document.documentElement;
  const width = root.clientWidth;
  window.scrollTo(10_000, 0);
  const scrolled = window.scrollX;
  window.scrollTo(0, 0);
  if (root.scrollWidth <= width && scrolled === 0) return [];
  const scrolls = (element) => element && element !== document.body && element !== root
    && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const culprits = [...document.body.querySelectorAll('*')]
    .filter((it) => it.getBoundingClientRect().right > width + 0.5 && !scrolls(it.parentElement))
    .map((it) => `${it.localName}${it.className && `.${it.className}`}`);
  return [`${root.scrollWidth} px wide, because of ${[...new Set(culprits)].slice(0, 4).join(', ')}`];
}

/** Texts that lie over each other or are cut off; runs in the browser. */
export function collisions() {
  const found = [];
  const say = (text) => `“${text.replace(/\s+/g, ' ').trim().slice(0, 30)}”`;

  // What only a screen reader gets is out of the picture.
  const unseen = (element) => element && (getComputedStyle(element).clipPath !== 'none' || unseen(element.parentElement));
  const seen = new Map();
  const isSeen = (element) => {
    if (!seen.has(element)) seen.set(element, element.checkVisibility({ visibilityProperty: true }) && !unseen(element));
    return seen.get(element);
  };

  // The boxes around an element that cut off what is outside of them.
  const cutters = (element) => {
    const list = [];
    for (let it = element; it && it !== document.body; it = it.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(it);
      const cuts = [overflowX, overflowY].map((value) => ['hidden', 'clip'].includes(value));
      // What scrolls shows the rest when it is scrolled.
      const scrolls = [overflowX, overflowY].map((value) => ['auto', 'scroll'].includes(value));
      if (cuts.includes(true)) list.push([it.getBoundingClientRect(), cuts]);
      if (scrolls.includes(true) || position === 'fixed') break;
    }
    return list;
  };
  const scroller = (element) => {
    for (let it = element; it && it !== document.body; it = it.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(it).overflow)) return it.getBoundingClientRect();
    }
    return null;
  };

  // Each line of each text, and each control as a whole. Of a line only the
  // middle counts: letters of tight lines share what is above and below it.
  const boxes = [];
  const add = (owner, text, rect, margin) => {
    const box = { owner, text, left: rect.left, right: rect.right, top: rect.top + margin, bottom: rect.bottom - margin };
    if (box.right - box.left > 1 && box.bottom > box.top) boxes.push(box);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    const element = node.parentElement;
    if (!node.data.trim() || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const port = scroller(element);
    for (const rect of range.getClientRects()) {
      for (const [box, [x, y]] of cutters(element)) {
        if ((x && (rect.left < box.left - 1 || rect.right > box.right + 1)) || (y && (rect.top < box.top - 1 || rect.bottom > box.bottom + 1))) {
          found.push(`${say(node.data)} is cut off`);
        }
      }
      const outside = port && (rect.right > port.right || rect.left < port.left || rect.bottom > port.bottom || rect.top < port.top);
      if (!outside) add(element.closest('button') ?? node, node.data, rect, rect.height * 0.25);
    }
  }
  for (const control of document.querySelectorAll('button, input, select')) {
    if (isSeen(control)) add(control, control.textContent || control.name, control.getBoundingClientRect(), 0);
    if (control.matches('button') && control.scrollWidth > control.clientWidth + 1) found.push(`${say(control.textContent)} does not fit its button`);
  }

  boxes.sort((a, b) => a.top - b.top);
  boxes.forEach((a, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom - 1; j += 1) {
      const b = boxes[j];
      const apart = a.owner === b.owner || Math.min(a.right, b.right) - Math.max(a.left, b.left) <= 1 || Math.min(a.bottom, b.bottom) - b.top <= 1;
      if (!apart) found.push(`${say(a.text)} and ${say(b.text)} overlap`);
    }
  });
  return [...new Set(found)];
}

// Browsers enlarge text in two ways. A reader's own size for all text is also
// what the stylesheet's widths in rem are measured by; a zoom of the text alone
// leaves these as they are, so that large text meets the wide layout.
export const SIZES = {
  'at its own size': async () => {},
  'at 200 %, as the reader set it': async (page) => {
    const browser = await page.context().newCDPSession(page);
    await browser.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  },
  'at 200 %, by a zoom of the text': async (page) => {
    await page.addInitScript(() => document.addEventListener('DOMContentLoaded', () => {
      document.documentElement.style.fontSize = '200%';
    }));
  },
};

for (const [size, enlarge] of Object.entries(SIZES)) {
  const kinds = sharedByPlaces(() => Object.entries(KINDS));
  test(`with text ${size}, no kind of page scrolls sideways, overlaps or is cut off at ${WIDTHS.join(', ')} px`, (place) =>
    visit(place, {}, async (page) => {
      await enlarge(page);
      const bad = [];
      for (const [kind, path] of kinds(place)) {
        await page.goto(place.root + path);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          const found = [...await page.evaluate(sideways), ...await page.evaluate(collisions)];
          bad.push(...found.map((what) => `${kind} at ${width}: ${what}`));
        }
      }
      assert.ok(bad.length === 0, `${bad.length} troubles:\n${bad.join('\n')}`);
    }));
}

test('text at 200 % is twice as large, and the detector sees what overlaps and what is cut off', (place) =>
  visit(place, { viewport: { width: 1440, height: 800 } }, async (page) => {
    const sizes = [];
    for (const enlarge of Object.values(SIZES)) {
      const other = await page.context().newPage();
      await enlarge(other);
      await other.goto(`${place.root}404/index.html`);
      sizes.push(await other.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.summary')).fontSize)));
      await other.close();
    }
    assert.deepEqual(sizes.map((size) => size / sizes[0]), [1, 2, 2]);

    await page.goto(`${place.root}404/index.html`);
    assert.deepEqual(await page.evaluate(collisions), []);
    await page.evaluate(() => {
      document.querySelector('.summary').style.marginTop = '-2rem';
      Object.assign(document.querySelector('.related h2').style, { width: '2rem', overflow: 'hidden', whiteSpace: 'nowrap' });
    });
    assert.deepEqual((await page.evaluate(collisions)).sort(), [
      '“Not Found” and “The server has nothing to show” overlap',
      '“Related” is cut off',
    ]);
  }), { only: 'from disk' });

/** Words in tables that do not stand on one line; runs in the browser. */
function brokenWords() {
  const isSeen = (cell) => getComputedStyle(cell.closest('thead') ?? cell).clipPath === 'none';
  const isBroken = (node, { 0: word, index }) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    return range.getClientRects().length > 1;
  };
  return [...document.querySelectorAll('td, th')].filter(isSeen).flatMap((cell) => {
    const found = [];
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      found.push(...[...node.data.matchAll(/[\p{L}\p{N}_]+/gu)].filter((match) => isBroken(node, match)).map(([word]) => word));
    }
    return found;
  });
}

const withTables = sharedByPlaces(({ site }) => pagesOf(site).filter((path) => readFileSync(join(site, path), 'utf8').includes('<table')));

test('on a tablet and on a desk no word in a table is broken in two', (place) =>
  visit(place, {}, async (page) => {
    const bad = [];
    for (const path of withTables(place)) {
      await page.goto(place.root + path);
      for (const width of [768, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const words = await page.evaluate(brokenWords);
        if (words.length) bad.push(`/${path} at ${width}: ${words.join(', ')}`);
      }
    }
    assert.ok(bad.length === 0, `in the middle of these a line ends:\n${bad.join('\n')}`);
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
    await isAt(place, page, '403/index.html');
  }));
