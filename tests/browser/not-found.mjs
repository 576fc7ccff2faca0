// 404.html, the host's page for misses, which is not the page about 404.

import assert from 'node:assert/strict';
import { isAt, test, visit } from './harness.mjs';

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
    await isAt(place, page, path);
    await open();
  }
  await isAt(place, page, miss);
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
    await isAt(place, page, '403/');
    await page.locator('main a[href$="../404/index.html"]').filter({ visible: true }).first().click();
    await isAt(place, page, '404/index.html');
  }),
  { only: 'under a sub-path' },
);

/** What was asked for, the status of the answer, what the page calls it, and
 * the page that it offers first. `404` is `404.html` at GitHub Pages. */
const OFFERS = [
  ['404', 200, '/404', '404/index.html'],
  ['4O4', 404, '/4O4', '404/index.html'],
  ['404.htm', 404, '/404.htm', '404/index.html'],
  ['tepot', 404, '/tepot', '418/index.html'],
  ['not-found', 404, '/not-found', '404/index.html'],
  ['best-practises/', 404, '/best-practises/', 'best-practices/index.html'],
  ['401-vs-430', 404, '/401-vs-430', '401/index.html'],
  ['codes/403.html', 404, '/codes/403.html', '403/index.html'],
  ['status/404/', 404, '/status/404/', '404/index.html'],
  ['a/b/c/too-many-requests?x=1#y', 404, '/a/b/c/too-many-requests', '429/index.html'],
];
/** Those that work without a base URL: only the top level has links then. */
const isShallow = ([path]) => !path.includes('/');

async function checkOffers(place, cases) {
  await visit(place, { expectMisses: true }, async (page) => {
    for (const [path, status, name, file] of cases) {
      const response = await page.goto(place.root + path);
      assert.equal(response.status(), status, path);
      const asked = page.locator('.asked');
      assert.equal(await asked.locator('code').textContent(), name);
      const offer = asked.locator('a').first();
      await offer.waitFor();
      assert.equal(await offer.evaluate((link) => link.href), place.root + file, path);
    }
    const last = cases.at(-1);
    await page.locator('.asked a').first().click();
    await isAt(place, page, last[3]);
  });
}

test(
  'with a base URL, a miss at any depth names what was asked for and offers the nearest page',
  (place) => checkOffers({ ...place, root: place.basedRoot }, OFFERS),
  { only: 'under a sub-path' },
);

test(
  'without a base URL, a miss at the top level names what was asked for and offers the nearest page',
  (place) => checkOffers(place, OFFERS.filter(isShallow)),
  { only: 'under a sub-path' },
);

test(
  'a number that the guide has leads there at once, and its page is not the page for misses',
  (place) => visit(place, {}, async (page) => {
    await page.goto(`${place.root}418`);
    await isAt(place, page, '418/index.html');
    assert.equal(await page.locator('.asked').count(), 0);
  }),
  { only: 'under a sub-path' },
);

test(
  'whatever was asked for is shown as text, on one line, and does no harm',
  async (place) => {
    const based = { ...place, root: place.basedRoot };
    await visit(based, { expectMisses: true }, async (page) => {
      for (const [path, shown] of [
        ['<img src=x onerror=alert(1)>', '/<img src=x onerror=alert(1)>'],
        ['%3Cscript%3Ealert(1)%3C/script%3E', '/<script>alert(1)</script>'],
        ['javascript:alert(1)', '/javascript:alert(1)'],
        ['%E2%80%AEtxt.exe%0A%07', '/\uFFFDtxt.exe\uFFFD\uFFFD'],
        ['%D7%A9%D7%9C%D7%95%D7%9D/404', '/שלום/404'],
        ['%ff%fe', '/%ff%fe'],
        [`${'x'.repeat(3000)}`, `/${'x'.repeat(199)}…`],
        ['%F0%9F%AB%96'.repeat(300), `/${'\u{1FAD6}'.repeat(199)}…`],
        ['__proto__', '/__proto__'],
      ]) {
        await page.goto(based.root + path);
        const name = page.locator('.asked code');
        assert.equal(await name.textContent(), shown);
        assert.equal(await name.evaluate((it) => it.childElementCount + document.querySelectorAll('.asked img, .asked script').length), 0, path.slice(0, 50));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${path.slice(0, 50)}: ${wide} px too wide`);
        const outside = await page.evaluate((root) => [...document.querySelectorAll('.asked a')].filter((a) => !a.href.startsWith(root)).length, based.root);
        assert.equal(outside, 0);
      }
    });
  },
  { only: 'under a sub-path' },
);

test(
  'without scripts the page for misses says how addresses are made, and links every code',
  async (place) => {
    const based = { ...place, root: place.basedRoot };
    await visit(based, { expectMisses: true, javaScriptEnabled: false }, async (page) => {
      await page.goto(`${based.root}codes/403.html`);
      assert.match(await page.locator('main').innerText(), /403 is at \/403\//);
      await page.locator('main a[href$="403/index.html"]').first().click();
      assert.match(await page.locator('h1').innerText(), /403/);
    });
  },
  { only: 'under a sub-path' },
);
