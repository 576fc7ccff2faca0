// What can be clicked is at least 24 px wide and high (WCAG 2.5.8), with the
// criterion's exceptions: a link in a sentence, and a small target with room
// around it.

import assert from 'node:assert/strict';
import { KINDS, test, visit } from './harness.mjs';

// The files are the same at both places, so the widths are shared between them.
const WIDTHS = { 'from disk': 360, 'under a sub-path': 1440 };

/** The targets in an element that are too small; runs in the browser. */
function small(root) {
  const SIZE = 24;
  const isText = (node) => node.nodeType === Node.TEXT_NODE && /\p{L}/u.test(node.data);
  // In a sentence: its block has words that are not part of any target.
  const inSentence = (target) => {
    if (getComputedStyle(target).display !== 'inline') return false;
    let block = target.parentElement;
    while (getComputedStyle(block).display === 'inline') block = block.parentElement;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (isText(walker.currentNode) && !walker.currentNode.parentElement.closest('a, button, label')) return true;
    }
    return false;
  };

  const targets = [...document.querySelector(root).querySelectorAll('a[href], button, input, select, summary')]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.matches('.skip'))
    // A click on the label of a box is a click on the box.
    .map((it) => ({ it, box: ((it.type === 'checkbox' && it.closest('label')) || it).getBoundingClientRect() }))
    .map(({ it, box }) => ({ it, box, small: box.width < SIZE || box.height < SIZE, x: box.x + box.width / 2, y: box.y + box.height / 2 }));
  // The distance from the middle of a target to another: to its middle if that
  // is small as well, and otherwise to its nearest edge; a link on two lines
  // has the edges of both.
  const toEdge = (a, box) => Math.hypot(a.x - Math.min(Math.max(a.x, box.left), box.right), a.y - Math.min(Math.max(a.y, box.top), box.bottom));
  const gap = (a, b) => (b.small
    ? Math.hypot(a.x - b.x, a.y - b.y) - SIZE / 2
    : Math.min(...[...b.it.getClientRects()].map((box) => toEdge(a, box))));
  return targets
    .filter((a) => a.small && !inSentence(a.it) && targets.some((b) => b !== a && gap(a, b) < SIZE / 2 - 0.01))
    .map(({ it, box }) => `${it.localName}${it.className && `.${it.className}`} “${it.textContent.slice(0, 20)}” in ${it.parentElement.localName}.${it.parentElement.className}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
}

test('what can be clicked on any kind of page is at least 24 px wide and high, or has room around it', (place) =>
  visit(place, { viewport: { width: WIDTHS[place.name], height: 800 } }, async (page) => {
    const bad = [];
    for (const [kind, path] of Object.entries(KINDS)) {
      await page.goto(place.root + path);
      bad.push(...(await page.evaluate(small, 'body')).map((what) => `${kind}: ${what}`));
    }
    assert.ok(bad.length === 0, `${bad.length} small targets:\n${bad.join('\n')}`);
  }));

test('what can be clicked in the open list of codes and among the results of the search is at least 24 px high', (place) =>
  visit(place, { viewport: { width: 360, height: 740 } }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.getByRole('button', { name: 'Jump to a code' }).click();
    assert.deepEqual(await page.evaluate(small, 'nav#codes'), [], 'in the list of codes');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('gateway');
    await page.locator('#results a').first().waitFor();
    assert.deepEqual(await page.evaluate(small, '#results'), [], 'among the results');
  }), { only: 'from disk' });

test('a link that is too small is found', (place) =>
  visit(place, { viewport: { width: 1440, height: 900 } }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.evaluate(() => {
      Object.assign(document.querySelector('.links ul').style, { flexDirection: 'column', gap: '0', lineHeight: '1' });
      for (const link of document.querySelectorAll('.links a')) link.style.padding = '0';
    });
    assert.equal((await page.evaluate(small, 'body')).length, 6, 'the six links of the head, now close together');
  }), { only: 'from disk' });
