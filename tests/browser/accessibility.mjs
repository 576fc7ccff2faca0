// axe-core finds nothing on any kind of page, in light and in dark. Its source
// is evaluated in the page, which a strict content policy does not stop.
//
// axe is slow and the files are the same at both places, so the two widths are
// shared between them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { KINDS, test, visit } from './harness.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1440, height: 900 };

/** What axe finds on the page, in both colour schemes. */
async function violations(page, what) {
  const found = [];
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const lines = await page.evaluate(async () => {
      // Preloading would fetch the stylesheet, which the policy forbids.
      const result = await window.axe.run(document, { resultTypes: ['violations'], preload: false });
      return result.violations.map(({ id, help, nodes: [first, ...more] }) =>
        `${id}: ${help}: ${first.target.join(' ')} and ${more.length} more: ${first.any[0]?.message ?? first.html.slice(0, 120)}`);
    });
    found.push(...lines.map((line) => `${what}, ${colorScheme}: ${line}`));
  }
  return found;
}

function testKinds(viewport, size, only) {
  test(`axe finds nothing on any kind of page in light and dark on a ${size}`, (place) =>
    visit(place, { viewport }, async (page) => {
      const bad = [];
      for (const [kind, path] of Object.entries(KINDS)) {
        await page.goto(place.root + path);
        bad.push(...await violations(page, kind));
      }
      assert.ok(bad.length === 0, `violations:\n${bad.join('\n')}`);
    }), { only });
}

testKinds(PHONE, 'phone', 'from disk');
testKinds(DESKTOP, 'wide screen', 'under a sub-path');

test('axe finds nothing in the open list of codes on a phone in light and dark', (place) =>
  visit(place, { viewport: PHONE }, async (page) => {
    await page.goto(`${place.root}404/index.html`);
    await page.getByRole('button', { name: 'Jump to a code' }).click();
    const bad = await violations(page, 'the open list');
    assert.ok(bad.length === 0, bad.join('\n'));
  }));
