// What a reader does with the guide, once more in Firefox: every kind of page,
// the walk, the search, the filters, the questions, the theme and the buttons
// that copy, with scripts and without. The fine print of each is tested in
// Chromium; here it is whether Firefox does the same.
//
// Where scripts are off, Puppeteer's own ways of finding and clicking wait
// forever; what `page.evaluate` asks is answered, unless it is asynchronous.

import assert from 'node:assert/strict';
import { addressOf, DESKTOP, KINDS, PATIENCE, test, watched, withLongAddresses } from './harness.mjs';

const BOX = '.search input';
const STATUS = 'body > [role=status]';

const inFirefox = (sentence, run, options) => test(sentence, run, { ...options, engine: 'firefox' });

/** Pages where no script shortens the address. */
const scriptless = new WeakSet();

/** A page of Firefox with storage of its own, `watched`. */
async function visit(place, { scripts = true, expectMisses = false }, steps) {
  const context = await (scripts ? place.browser : place.scriptless).createBrowserContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    if (!scripts) scriptless.add(page);
    await page.setViewport(DESKTOP);
    return await watched(place, page, expectMisses, steps);
  } finally {
    await context.close();
  }
}

/** Waits until `question(...values)`, asked in the page, says `wanted`. */
async function becomes(page, wanted, question, ...values) {
  const end = performance.now() + PATIENCE;
  for (let said; ;) {
    try {
      said = await page.evaluate(question, ...values);
    } catch (error) {
      said = error.message; // Asked while one page gave way to the next.
    }
    if (said === wanted) return;
    if (performance.now() > end) assert.equal(said, wanted);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/** Waits until the reader is at `path`, and all of it is there. */
const arrives = (place, page, path) =>
  becomes(page, addressOf(scriptless.has(page) ? withLongAddresses(place) : place, path), () => (document.readyState === 'complete' ? location.href : document.readyState));

/** Opens `path`, and waits until its address is the one that stays. */
async function open(place, page, path) {
  await page.goto(place.root + path);
  await arrives(place, page, path);
}

const textOf = (page, selector) => page.evaluate((it) => document.querySelector(it).textContent, selector);

const says = (page, selector, text) => becomes(page, text, (it) => document.querySelector(it)?.textContent, selector);

const isThere = (page, selector) => becomes(page, true, (it) => Boolean(document.querySelector(it)?.checkVisibility()), selector);

const focus = (page, selector) => page.evaluate((it) => document.querySelector(it).focus(), selector);

/** Where a reader can click on `selector`, brought into sight; runs in the browser. */
function spot(selector) {
  for (const element of document.querySelectorAll(selector)) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    element.scrollIntoView({ behavior: 'instant', block: 'center' });
    const [{ x, y, width, height }] = element.getClientRects();
    const middle = { x: x + width / 2, y: y + height / 2 };
    if (element.contains(document.elementFromPoint(middle.x, middle.y))) return middle;
  }
  return null;
}

/** Clicks on the first of what `selector` means that nothing hides or covers. */
async function press(page, selector) {
  const at = await page.evaluate(spot, selector);
  assert.ok(at, `nobody can click on ${selector}`);
  await page.mouse.click(at.x, at.y);
}

/** Presses `key` while Ctrl is held. */
async function control(page, key) {
  await page.keyboard.down('Control');
  await page.keyboard.press(key);
  await page.keyboard.up('Control');
}

const heading = async (page) => (await textOf(page, 'h1')).replace(/\s+/g, ' ');

/** What a paste brings: proof of what was copied. */
async function pasted(page) {
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' })));
  await focus(page, '#pasted');
  await control(page, 'v');
  return page.evaluate(() => {
    const field = document.querySelector('#pasted');
    field.remove();
    return field.value;
  });
}

/** The codes in the rows of the reference that a reader sees; runs in the browser. */
const rows = () => [...document.querySelectorAll('.index tbody tr')]
  .filter((row) => row.checkVisibility()).map((row) => Number(row.id));

for (const scripts of [true, false]) {
  const how = scripts ? '' : ', without scripts';

  inFirefox(`every kind of page is styled and fits a phone and a desk${how}`, (place) =>
    visit(place, { scripts }, async (page) => {
      const bad = [];
      for (const width of [320, 1280]) {
        await page.setViewport({ width, height: 800 });
        for (const [kind, path] of Object.entries(KINDS)) {
          await page.goto(place.root + path);
          const { font, ran, sideways } = await page.evaluate(() => ({
            font: getComputedStyle(document.querySelector('.brand .mark')).fontFamily,
            ran: 'script' in document.documentElement.dataset,
            sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          }));
          if (!font.includes('monospace')) bad.push(`${kind} is not styled`);
          if (ran !== scripts) bad.push(`${kind}: the script ${ran ? 'ran' : 'did not run'}`);
          if (sideways > 0) bad.push(`${kind} is ${sideways} px too wide for ${width}`);
        }
      }
      assert.ok(bad.length === 0, bad.join('\n'));
    }));

  inFirefox(`a reader goes from home to 404, to its comparison with 410, and back${how}`, (place) =>
    visit(place, { scripts }, async (page) => {
      await open(place, page, 'index.html');
      for (const [selector, path, title] of [
        ['main .cells a[href$="404/index.html"]', '404/index.html', '404 Not Found'],
        ['main a[href$="404-vs-410/index.html"]', '404-vs-410/index.html', '410'],
      ]) {
        await press(page, selector);
        await arrives(place, page, path);
        assert.ok((await heading(page)).includes(title), `${await heading(page)} at /${path}`);
      }
      for (const path of ['404/index.html', 'index.html']) {
        // Firefox keeps whole pages, so there is no loading to wait for.
        await page.evaluate(() => history.back());
        await arrives(place, page, path);
      }
      assert.ok((await heading(page)).includes('HTTP Status Codes'));
    }));

  inFirefox(`the questions lead to 404 by clicks, and an address into the middle of them${how}`, (place) =>
    visit(place, { scripts }, async (page) => {
      const asked = () => page.evaluate(() => [...document.querySelectorAll('.question h2, .leaf h2')]
        .filter((h2) => h2.checkVisibility()).map((h2) => h2.id));
      await open(place, page, 'choose/index.html');
      const all = await page.evaluate(() => [...document.querySelectorAll('.question h2, .leaf h2')].map((h2) => h2.id));
      const [first] = all;
      assert.deepEqual(await asked(), scripts ? [first] : all);

      const way = await page.evaluate((goal) => {
        const parent = new Map();
        for (const link of document.querySelectorAll('.question li a')) {
          const to = link.hash.slice(1);
          if (!parent.has(to)) parent.set(to, link.closest('.question').querySelector('h2').id);
        }
        const path = [goal];
        while (parent.has(path[0])) path.unshift(parent.get(path[0]));
        return path;
      }, 'send-404');
      assert.ok(way.length > 2 && way[0] === first, `${way}`);
      for (const [i, goal] of way.slice(1).entries()) {
        await press(page, `.question:has(#${way[i]}) a[href="#${goal}"]`);
        await arrives(place, page, `choose/index.html#${goal}`);
        if (scripts) assert.deepEqual(await asked(), way.slice(0, i + 2));
      }
      assert.match(await textOf(page, '#send-404'), /^404/);
      await page.evaluate(() => history.back());
      await arrives(place, page, `choose/index.html#${way.at(-2)}`);
      if (scripts) assert.deepEqual(await asked(), way.slice(0, -1));

      await page.goto('about:blank');
      await open(place, page, 'choose/index.html#send-404');
      const shown = await asked();
      assert.ok(scripts ? shown[0] === first && shown.at(-1) === 'send-404' && shown.length < 8 : shown.length === all.length, `${shown}`);
    }));

  inFirefox(`404.html opens by its name, says that it is not about 404, and leads on${how}`, (place) =>
    visit(place, { scripts }, async (page) => {
      await page.goto(`${place.root}404.html`);
      assert.ok(!(await heading(page)).startsWith('404'));
      // Over HTTP a build without a base URL cannot know where it is.
      await press(page, 'main .cells a[href$="404/index.html"]');
      await arrives(place, page, '404/index.html');
    }));

  inFirefox(`a miss deep inside the site gets a styled page whose links work${how}`, (place) => {
    const based = { ...place, root: place.basedRoot };
    return visit(based, { scripts, expectMisses: true }, async (page) => {
      const response = await page.goto(`${based.root}some/deep/miss.html`);
      assert.equal(response.status(), 404);
      assert.match(await page.evaluate(() => getComputedStyle(document.querySelector('.brand .mark')).fontFamily), /monospace/);
      await press(page, 'main .cells a[href$="404/index.html"]');
      await arrives(based, page, '404/index.html');
    });
  }, { only: 'under a sub-path' });
}

inFirefox('the search is opened by a key, chosen from by arrows, left by Escape, and Enter goes there', (place) =>
  visit(place, {}, async (page) => {
    await open(place, page, '404/index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('gateway');
    await isThere(page, '#results [role=option]');
    const names = await page.evaluate(() => [...document.querySelectorAll('#results [role=option] b')].map((name) => name.textContent));
    assert.ok(names.length > 2, `${names}`);
    const chosen = () => page.evaluate((box) =>
      document.getElementById(document.querySelector(box).getAttribute('aria-activedescendant'))?.querySelector('b').textContent, BOX);
    for (const [key, name] of [['ArrowDown', names[0]], ['ArrowUp', names.at(-1)], ['ArrowDown', names[0]], ['ArrowDown', names[1]]]) {
      await page.keyboard.press(key);
      assert.equal(await chosen(), name, key);
    }
    const state = () => page.evaluate((selector) => {
      const box = document.querySelector(selector);
      return [box.value, box.getAttribute('aria-expanded'), box === document.activeElement];
    }, BOX);
    assert.deepEqual(await state(), ['gateway', 'true', true]);
    await page.keyboard.press('Escape');
    assert.deepEqual(await state(), ['gateway', 'false', true]);
    await page.keyboard.press('Escape');
    assert.deepEqual(await state(), ['', 'false', true]);

    await page.keyboard.type('not modified');
    await isThere(page, '#results [role=option]');
    await page.keyboard.press('Enter');
    await arrives(place, page, '304/index.html');

    // Faster than the index comes.
    await page.keyboard.press('/');
    await page.keyboard.type('418');
    await page.keyboard.press('Enter');
    await arrives(place, page, '418/index.html');

    // Ctrl and K are Firefox's own search, unless the page takes them.
    await control(page, 'k');
    await page.keyboard.type('rate limit');
    await isThere(page, '#results [role=option]');
    await press(page, '#results a[href$="429/index.html"]');
    await arrives(place, page, '429/index.html');
  }));

inFirefox('what the search does not find leads to the table of all codes', (place) =>
  visit(place, {}, async (page) => {
    await open(place, page, '404/index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('qqqqzzzz');
    await page.keyboard.press('Enter');
    await arrives(place, page, 'reference/index.html?q=qqqqzzzz');
  }));

inFirefox('without scripts the policy lets the search box lead to the table of all codes', (place) =>
  visit(place, { scripts: false }, async (page) => {
    for (const path of ['404/index.html', 'index.html', 'topics/caching/index.html']) {
      await page.goto(place.root + path);
      await focus(page, BOX);
      await page.keyboard.type('gateway');
      await page.keyboard.press('Enter');
      await arrives(place, page, 'reference/index.html?q=gateway');
      assert.ok((await page.evaluate(rows)).length > 60);
    }
  }));

inFirefox('the filters of the reference stand in the address, which a reload keeps and Reset empties', (place) =>
  visit(place, {}, async (page) => {
    const path = 'reference/index.html';
    const shown = () => page.evaluate(rows);
    await page.goto(place.root + path);
    const all = await shown();
    await press(page, '.filters [name=class][value="5xx"]');
    await page.select('.filters [name=retry]', 'if-idempotent');
    await page.select('.filters [name=sort]', 'phrase');
    await focus(page, '.filters [name=q]');
    await page.keyboard.type('gateway');
    await page.keyboard.press('Enter');
    const query = '?q=gateway&class=5xx&retry=if-idempotent&sort=phrase';
    await arrives(place, page, path + query);
    const few = await shown();
    assert.ok(few.length > 0 && few.every((code) => code >= 500), `${few}`);

    await page.reload();
    await arrives(place, page, path + query);
    assert.deepEqual(await shown(), few, 'after a reload');
    const form = () => page.evaluate(() => new URLSearchParams(new FormData(document.querySelector('.filters'))).toString());
    assert.equal(await form(), 'q=gateway&class=5xx&topic=&registration=&cacheable=&retry=if-idempotent&sort=phrase');

    await press(page, '.filters [type=reset]');
    await arrives(place, page, path);
    assert.deepEqual(await shown(), all, 'after Reset');

    await press(page, '.index th button');
    await press(page, '.index th[data-sort=specification] button');
    await arrives(place, page, `${path}?sort=specification`);
    // The address that a colleague was sent.
    await page.goto(`${place.root}${path}?class=3xx&retry=follow&sort=nonsense`);
    const sent = await shown();
    assert.ok(sent.includes(301) && sent.every((code) => code >= 300 && code < 400), `${sent}`);
  }));

inFirefox('the theme is remembered on the next page, and there before its body', (place) =>
  visit(place, {}, async (page) => {
    const look = () => page.evaluate(() => [
      document.documentElement.dataset.theme ?? 'system',
      document.querySelector('button.theme').getAttribute('aria-label'),
      getComputedStyle(document.body).backgroundColor,
    ]);
    await page.evaluateOnNewDocument(() => {
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        window.themeAtBody = document.documentElement.dataset.theme;
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await open(place, page, '404/index.html');
    const system = await look();
    assert.deepEqual(system.slice(0, 2), ['system', 'Theme: system']);
    await press(page, 'button.theme');
    assert.deepEqual(await look(), ['light', 'Theme: light', system[2]]);
    await press(page, 'button.theme');
    await says(page, STATUS, 'Theme: dark');
    const dark = await look();
    assert.deepEqual(dark.slice(0, 2), ['dark', 'Theme: dark']);
    assert.notEqual(dark[2], system[2]);

    await press(page, '.crumbs a[href$="../index.html"]');
    await arrives(place, page, 'index.html');
    assert.deepEqual(await look(), dark);
    assert.equal(await page.evaluate(() => window.themeAtBody), 'dark');
    await press(page, 'button.theme');
    assert.deepEqual(await look(), system);
  }));

for (const [how, clipboard] of [['the clipboard', true], ['the older way, where there is no clipboard', false]]) {
  inFirefox(`what the buttons copy can be pasted, by ${how}`, (place) =>
    visit(place, {}, async (page) => {
      if (!clipboard) await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
      await open(place, page, '404/index.html');
      assert.equal(await page.evaluate(() => Boolean(navigator.clipboard)), clipboard);

      await press(page, '.message.response button.copy');
      await says(page, STATUS, 'Copied: the response');
      assert.equal(await textOf(page, '.message.response button.copy'), 'Copied');
      assert.equal(await pasted(page), await textOf(page, '.message.response code'));

      await focus(page, '.heading:has(#example) .anchor');
      await page.keyboard.press('Enter');
      await says(page, STATUS, 'Copied: the link to this part');
      await arrives(place, page, '404/index.html#example');
      assert.equal(await pasted(page), addressOf(place, '404/index.html#example'));

      await open(place, page, 'reference/index.html?class=4xx');
      await press(page, '.filters .address');
      await says(page, STATUS, 'Copied: the link to this view');
      assert.equal(await pasted(page), addressOf(place, 'reference/index.html?class=4xx'));

      await open(place, page, 'choose/index.html#send-404');
      await press(page, '.choosing button');
      await says(page, '.choosing button', 'Copied');
      const [address, ...path] = (await pasted(page)).split('\n');
      assert.equal(address, addressOf(place, 'choose/index.html#send-404'));
      assert.match(path.at(-1), /^Send 404/);
    }));
}

// While a page has much to do, Firefox does not get round to its links: then it
// has them lead where they led before the address became short.
inFirefox('a link to a part of a page does not load the page again, however busy that is', (place) =>
  visit(place, {}, async (page) => {
    await page.evaluateOnNewDocument(() => {
      const work = () => {
        for (const end = performance.now() + 20; performance.now() < end;);
        setTimeout(work);
      };
      addEventListener('DOMContentLoaded', work);
    });
    for (let times = 0; times < 3; times += 1) {
      await page.goto('about:blank');
      await open(place, page, '404/index.html');
      await page.evaluate(() => { window.isSame = true; });
      await focus(page, '.heading:has(#example) .anchor');
      await page.keyboard.press('Enter');
      await arrives(place, page, '404/index.html#example');
      assert.ok(await page.evaluate(() => window.isSame), 'the page was loaded again');
    }
  }));

inFirefox('without scripts there is nothing to press that does nothing', (place) =>
  visit(place, { scripts: false }, async (page) => {
    for (const path of ['404/index.html', 'reference/index.html', 'choose/index.html']) {
      await page.goto(place.root + path);
      const buttons = await page.evaluate(() => [...document.querySelectorAll('button')]
        .filter((button) => button.checkVisibility({ visibilityProperty: true }) && !button.popoverTargetElement).map((button) => button.className));
      assert.deepEqual(buttons, [], `/${path}`);
      assert.equal(page.url(), place.root + path);
    }
  }));
