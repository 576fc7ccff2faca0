// 404.html, the host's page for misses, which is not the page about 404.

import assert from 'node:assert/strict';
import { test, visit, whereIs } from './harness.mjs';

const MISSES = ['nope', '404/nope', 'some/deep/miss.html'];

/** A miss looks like the guide, and its links lead into it. */
async function checkMiss(place, page, miss) {
  const open = () => page.goto(place.root + miss);
  const response = await open();
  if (response.url().startsWith('http:')) assert.equal(response.status(), 404, `the status of /${miss}`);

  const look = await page.evaluate(() => {
    const sheet = document.querySelector('link[rel=stylesheet]')?.sheet ?? {};
    const style = () => {
      const computed = getComputedStyle(document.body);
      return Array.from(computed, (property) => computed.getPropertyValue(property)).join();
    };
    const styled = style();
    sheet.disabled = true;
    const isStyled = styled !== style();
    sheet.disabled = false;
    const links = [...document.querySelectorAll('a[href]')].map((link) => link.href.split('#')[0]);
    return { isStyled, links: [...new Set(links)] };
  });
  assert.ok(look.isStyled, `/${miss} is not styled`);

  if (place.root.startsWith('http:')) {
    const inside = look.links.filter((link) => link.startsWith(place.root) && link !== place.root + miss);
    assert.ok(inside.length > 60, `only ${inside.length} links of /${miss} lead into the guide`);
    const broken = [];
    for (const link of inside) {
      if ((await fetch(link, { redirect: 'manual' })).status !== 200) broken.push(link);
    }
    assert.deepEqual(broken, [], `broken links on /${miss}`);
  }

  for (const [selector, path] of [['main .cells a[href$="404/index.html"]', '404/index.html'], ['a.brand', 'index.html']]) {
    await page.locator(selector).filter({ visible: true }).first().click();
    await page.waitForURL(place.root + path);
    await open();
  }
  assert.equal(whereIs(place, page), miss);
}

test(
  'with a base URL, a miss at any depth gets status 404, a styled page and links that work',
  async (place) => {
    const based = { ...place, root: place.basedRoot };
    await visit(based, { expectMisses: true }, async (page) => {
      for (const miss of MISSES) await checkMiss(based, page, miss);
    });
  },
  { only: 'under a sub-path' },
);

test(
  'without a base URL, a miss at the top level gets status 404, a styled page and links that work',
  (place) => visit(place, { expectMisses: true }, (page) => checkMiss(place, page, 'nope')),
  { only: 'under a sub-path' },
);

test('404.html is styled and its links work when it is opened by its name', (place) =>
  visit(place, {}, async (page) => {
    if (place.root.startsWith('file:')) await checkMiss(place, page, '404.html');
    else await page.goto(`${place.root}404.html`);
    const heading = await page.locator('h1').innerText();
    assert.ok(!heading.startsWith('404'), `“${heading}” reads like the page about 404`);
  }));

test(
  'a folder without its slash is sent on to the page, at every depth of the address',
  (place) => visit(place, {}, async (page) => {
    await page.goto(`${place.root}403`);
    assert.equal(whereIs(place, page), '403/');
    await page.locator('main a[href$="../404/index.html"]').filter({ visible: true }).first().click();
    await page.waitForURL(`${place.root}404/index.html`);
  }),
  { only: 'under a sub-path' },
);
