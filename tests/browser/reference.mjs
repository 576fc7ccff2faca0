// The table of all codes: its filters, its orders, and the address of a view.

import assert from 'node:assert/strict';
import { addressOf, isAt, test, visit, withLongAddresses } from './harness.mjs';

const PAGE = 'reference/index.html';

/** The codes that a reader sees, from top to bottom. */
const shown = (page) => page.evaluate(() => [...document.querySelectorAll('.index tbody tr')]
  .filter((row) => row.checkVisibility()).map((row) => Number(row.id)));

/** What the page says of what it shows. */
const said = (page) => page.locator('.filters [role="status"]').innerText();

const choice = (page, name) => page.getByRole('combobox', { name, exact: true });

const headings = (page) => page.locator('section:has(> .index) h2:visible').allInnerTexts();

const ascending = (codes) => codes.every((code, i) => i === 0 || codes[i - 1] < code);

test('without scripts the reference is the full table, and has no filters', (place) =>
  visit(place, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${place.root}${PAGE}?q=timeout&class=4xx&sort=phrase`);
    const rows = page.locator('.index tbody tr:visible');
    assert.ok(await rows.count() > 60, `${await rows.count()} rows`);
    assert.equal(await rows.count(), await page.locator('.index tbody tr').count());
    assert.equal(await page.locator('.index:visible').count(), 5);
    assert.equal(await page.locator('.filters').isVisible(), false);
    assert.equal(await page.locator('.index button').count(), 0);
  }));

test('an address filters the reference by class and retry, and unknown values do nothing', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}${PAGE}?class=4xx&class=5xx&retry=after-wait&topic=nonsense`);
    const total = await page.locator('.index tbody tr').count();
    const codes = await shown(page);
    for (const code of [429, 503]) assert.ok(codes.includes(code), `${codes} has no ${code}`);
    for (const code of [200, 404, 500]) assert.ok(!codes.includes(code), `${codes} has ${code}`);
    assert.ok(ascending(codes), `${codes}`);
    assert.equal(await said(page), `${codes.length} of ${total} codes`);
    const hidden = await page.locator('#\\34 xx, #\\32 xx').evaluateAll((all) => all.map((h2) => h2.checkVisibility()));
    assert.deepEqual(hidden, [false, true], 'a class without a row is hidden');
    assert.ok(await page.getByRole('checkbox', { name: '4xx' }).isChecked());
    assert.equal(await choice(page, 'Topic').inputValue(), '');
  }));

test('each filter of the reference hides what does not fit it', (place) =>
  visit(place, {}, async (page) => {
    for (const [query, some, none] of [
      ['registration=registered', [200, 103, 104, 418], [499, 999]],
      ['registration=vendor', [499, 999], [200, 418]],
      ['registration=temporary', [104], [200, 499]],
      ['registration=obsolete', [510], [200, 499]],
      ['registration=reserved', [306, 418], [200, 499]],
      ['cacheable=heuristically', [200, 404, 410], [302, 500]],
      ['topic=rate-limiting', [429], [404]],
      ['class=3xx', [301, 308], [200, 404]],
      ['retry=follow', [301, 303], [304, 404]],
    ]) {
      await page.goto(`${place.root}${PAGE}?${query}`);
      const codes = await shown(page);
      assert.deepEqual([some.filter((code) => !codes.includes(code)), none.filter((code) => codes.includes(code))], [[], []], `${query}: ${codes}`);
    }
  }));

test('words from the search form filter the reference by phrase, summary and vendor', (place) =>
  visit(place, {}, async (page) => {
    for (const [words, codes] of [['gateway timeout', [504]], ['nginx', [444, 499]], ['hung up', [499]], ['404', [404]]]) {
      await page.goto(`${place.root}${PAGE}?q=${encodeURIComponent(words)}`);
      const found = await shown(page);
      for (const code of codes) assert.ok(found.includes(code), `“${words}”: ${found}`);
      assert.ok(found.length < 30, `“${words}”: ${found}`);
      assert.match(await said(page), new RegExp(`^${found.length} of \\d+ codes with “${words}”$`));
    }
    // The search sends here what it does not know; then nothing is hidden.
    await page.goto(`${place.root}${PAGE}?q=xyzzy`);
    assert.match(await said(page), /^No code matches “xyzzy”\. Here: \d+ codes$/);
    assert.ok((await shown(page)).length > 60);
    // What is typed into the filter itself is taken at its word.
    await page.getByLabel('Words').fill('xyzzyx');
    assert.match(await said(page), /^None of \d+ codes with “xyzzyx”$/);
    assert.deepEqual([await shown(page), await headings(page)], [[], []]);
  }));

test('choices stand in the address, a reload keeps them, and Reset takes them back', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}${PAGE}#404`);
    const length = await page.evaluate(() => history.length);
    await page.getByRole('checkbox', { name: '5xx' }).check();
    await choice(page, 'Retry').selectOption('If the request is idempotent');
    await page.getByLabel('Words').fill('gateway & proxy');
    await choice(page, 'Sort by').selectOption('Phrase');
    await isAt(place, page, `${PAGE}?q=gateway+%26+proxy&class=5xx&retry=if-idempotent&sort=phrase#404`);
    const codes = await shown(page);
    const told = await said(page);
    assert.ok(codes.length > 0 && codes.every((code) => code >= 500), `${codes}`);
    await page.reload();
    assert.deepEqual([await shown(page), await said(page)], [codes, told]);

    const reset = page.getByRole('button', { name: 'Reset' });
    await reset.click();
    await isAt(place, page, `${PAGE}#404`);
    const all = await shown(page);
    assert.ok(all.length > 60 && ascending(all), `${all}`);
    assert.equal(await said(page), `${all.length} codes`);
    assert.ok(await reset.evaluate((button) => button === document.activeElement), 'the focus stays on the button');
    assert.equal(await page.evaluate(() => history.length), length, 'nothing is added to the history');
  }));

test('an order other than by code makes one table, and by code there is one for each class', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}${PAGE}`);
    const before = await headings(page);
    const all = await shown(page);
    assert.ok(ascending(all));
    assert.equal(await page.locator('.flat').count(), 0, 'it is made when somebody wants it');
    const cells = (selector) => page.locator(`.flat ${selector}`).allInnerTexts();

    await choice(page, 'Sort by').selectOption('Phrase');
    assert.deepEqual(await headings(page), ['Sorted by phrase']);
    assert.match(await said(page), /, sorted by phrase$/);
    const phrases = (await cells('tbody th a span')).map((phrase) => phrase.replace(/\W/g, '').toLowerCase());
    assert.equal(phrases.length, all.length);
    assert.equal(phrases.indexOf('accepted') < phrases.indexOf('conflict'), true);
    assert.equal(phrases.indexOf('conflict') < phrases.indexOf('unused'), true);

    await choice(page, 'Sort by').selectOption('Cacheable');
    assert.deepEqual([...new Set(await cells('td[data-label="Cacheable"]'))], ['Heuristically', 'Explicitly', 'Never']);
    assert.equal(await page.locator('.flat th[aria-sort="ascending"]').innerText(), 'Cacheable');
    await page.getByRole('checkbox', { name: 'Reversed' }).check();
    assert.deepEqual([...new Set(await cells('td[data-label="Cacheable"]'))], ['Never', 'Explicitly', 'Heuristically']);

    await choice(page, 'Sort by').selectOption('Specification');
    await page.getByRole('checkbox', { name: 'Reversed' }).uncheck();
    const documents = (await cells('td[data-label="Specification"]')).map((text) => Number(/^RFC (\d+)/.exec(text)?.[1] ?? Infinity));
    const rfcs = documents.filter(Number.isFinite);
    assert.ok(rfcs.every((number, i) => i === 0 || rfcs[i - 1] <= number), `${rfcs}`);
    assert.equal(documents.at(-1), Infinity, 'what nobody registered comes last');

    await choice(page, 'Sort by').selectOption('Code');
    assert.deepEqual([await headings(page), await shown(page)], [before, all]);
  }));

test('the filters and the orders of the reference work by keyboard', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(`${place.root}${PAGE}`);
    await page.getByLabel('Words').focus();
    await page.keyboard.type('timeout');
    await page.keyboard.press('Enter');
    await isAt(place, page, `${PAGE}?q=timeout`);
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await isAt(place, page, `${PAGE}?q=timeout&class=4xx`);
    const codes = await shown(page);
    assert.ok(codes.includes(408) && !codes.includes(504), `${codes}`);

    // The heading of a column sorts, and again the other way; the focus stays on it.
    const focused = () => page.evaluate(() => {
      const { textContent, parentElement } = document.activeElement;
      return [textContent, parentElement.getAttribute('aria-sort'), document.activeElement.checkVisibility()];
    });
    await page.locator('.index:visible').first().getByRole('button', { name: 'Category' }).focus();
    for (const direction of ['ascending', 'descending']) {
      await page.keyboard.press('Enter');
      assert.deepEqual(await focused(), ['Category', direction, true]);
    }
    await isAt(place, page, `${PAGE}?q=timeout&class=4xx&sort=category&order=down`);
  }));

test('on a phone the headings that nobody sees take no focus, and a filtered view shows that it is one', (place) =>
  visit(place, { viewport: { width: 360, height: 740 } }, async (page) => {
    await page.goto(`${place.root}${PAGE}?q=gateway`);
    assert.equal(await page.locator('.index button').count(), 0);
    const rows = await page.locator('.index tbody tr').count();
    assert.ok((await shown(page)).length < rows, 'rows that do not fit are hidden');
    const { y } = await page.locator('.filters').boundingBox();
    assert.ok(y >= 0 && y < 370, `the filters are at ${y}`);
  }));

test('a button copies the link to the view', (place) =>
  visit(place, {}, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });
    });
    await page.goto(`${place.root}${PAGE}`);
    await isAt(place, page, PAGE);
    await choice(page, 'Cacheable').selectOption('Never');
    const button = page.getByRole('button', { name: 'Copy link to this view' });
    const width = async () => (await page.locator('.filters .address').boundingBox()).width;
    const before = await width();
    await button.click();
    await page.waitForFunction(() => document.querySelector('.filters .address').textContent === 'Copied');
    assert.equal(await page.evaluate(() => window.copied), addressOf(place, `${PAGE}?cacheable=never`));
    assert.ok(Math.abs(await width() - before) < 1, 'the button keeps its width');
  }));

test('where the address may not change, the filters work all the same', (place) =>
  visit(place, {}, async (page) => {
    await page.addInitScript(() => {
      history.replaceState = () => { throw new DOMException('not here', 'SecurityError'); };
    });
    await page.goto(`${place.root}${PAGE}`);
    await page.getByRole('checkbox', { name: '1xx' }).check();
    assert.ok((await shown(page)).every((code) => code < 200));
    await isAt(withLongAddresses(place), page, PAGE);
  }));

test('the filters do not move the page when it opens', (place) =>
  visit(place, {}, async (page) => {
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
        .observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${place.root}${PAGE}`);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    const shifts = await page.evaluate(() => window.shifts);
    assert.ok(shifts.reduce((sum, value) => sum + value, 0) < 0.001, `${shifts}`);
  }));
