// The panel “Copy as”: that each markup says what was meant, and that people can
// use it. The markup is made bare, without a browser; what is expected of it was
// once read with parsers of the markups, where there are any.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { axeFinds } from './accessibility.mjs';
import { addressOf, KINDS, test, visit } from './harness.mjs';

/** What copy-as.js exports, without a page. */
function bare(site) {
  const window = {};
  vm.runInContext(readFileSync(join(site, 'copy-as.js'), 'utf8'), vm.createContext({ window, document: {}, URL }));
  return window.guideCopyAs;
}

const ESCAPED = {
  markdown: [
    ['a|b', 'a\\|b'], ['*a* _b_', '\\*a\\* \\_b\\_'], ['[a]', '\\[a\\]'], ['<a> & b', '\\<a\\> \\& b'], ['`a`', '\\`a\\`'],
    ['~~a~~', '\\~\\~a\\~\\~'], ['a\\', 'a\\\\'], ['a!', 'a\\!'], ['a! b', 'a! b'], ['$a$', '\\$a\\$'], ['Non-A (b)', 'Non-A (b)'],
  ],
  html: [['<a> & "b"', '&lt;a&gt; &amp; &quot;b&quot;'], ['&lt;', '&amp;lt;'], ['*a*', '*a*']],
  jira: [
    ['a|b', 'a\\|b'], ['*a* _b_', '\\*a\\* \\_b\\_'], ['[a]', '\\[a\\]'], ['{a} !b!', '\\{a\\} \\!b\\!'], ['Non-A', 'Non-A'], ['-a- --', '\\-a\\- \\-\\-'],
    ['+a+ ^b^ ~c~ ??d??', '\\+a\\+ \\^b\\^ \\~c\\~ \\?\\?d\\?\\?'], ['a\\b', 'a&#92;b'], ['&lt; & b', '&amp;lt; & b'], [':) (x) (unused)', '\\:) \\(x) (unused)'],
  ],
  mediawiki: [
    ['a|b', 'a&#124;b'], ["''a'' b's", "&#39;&#39;a&#39;&#39; b's"], ['[[a]]', '&#91;&#91;a&#93;&#93;'], ['{{a}}', '&#123;&#123;a&#125;&#125;'],
    ['<a> & b', '&lt;a&gt; &amp; b'], ['~~~~ __TOC__ a_b', '&#126;&#126;&#126;&#126; &#95;&#95;TOC&#95;&#95; a_b'],
  ],
  asciidoc: [
    ['a|b', 'a&#124;b'], ['*a* `b`', '&#42;a&#42; &#96;b&#96;'], ['[a]', '&#91;a&#93;'], ['{a} <<b>>', '&#123;a&#125; &#60;&#60;b&#62;&#62;'], ['&lt; & b', '&amp;lt; & b'],
    ['+a+ #b# ++', '&#43;a&#43; &#35;b&#35; &#43;&#43;'], ['(C) (c)', '&#40;C) (c)'], ['a -- b ...', 'a &#45;&#45; b &#46;&#46;&#46;'], ['a::b $$', 'a&#58;&#58;b &#36;&#36;'], ['a\\b', 'a&#92;b'],
  ],
  rst: [['a|b', 'a\\|b'], ['*a* _b_', '\\*a\\* \\_b\\_'], ['`a` |b|', '\\`a\\` \\|b\\|'], ['a <b>', 'a \\<b\\>'], ['a\\b', 'a\\\\b'], ['[a] {b} & c!', '[a] {b} & c!']],
  plain: [['*a* [b] <c> & d', '*a* [b] <c> & d']],
};

test('what a markup would take for its own is escaped, and nothing else', (place) => {
  const { FORMATS } = bare(place.site);
  assert.deepEqual(Object.keys(ESCAPED), Object.keys(FORMATS));
  for (const [format, cases] of Object.entries(ESCAPED)) {
    for (const [text, markup] of cases) assert.equal(FORMATS[format].text(text), markup, `${text} in ${format}`);
  }
}, { only: 'from disk' });

const PAGE = {
  url: 'https://example.org/the_guide/404/',
  name: '404 Not Found',
  short: '404',
  summary: 'Nothing *here*.',
  facts: [
    [[{ text: 'Retry' }], [{ text: '- No (a|b)' }]],
    [[{ text: 'Defined in' }], [{ text: 'RFC 1', href: 'https://example.com/a_(b)|c?d=1&e=2' }, { text: 's, ' }, { text: 'RFC 2', href: 'https://example.com/#2' }]],
  ],
};

const MADE = {
  markdown: [
    '[404](https://example.org/the_guide/404/)',
    '[404 Not Found](https://example.org/the_guide/404/)',
    '[404 Not Found](https://example.org/the_guide/404/): Nothing \\*here\\*.',
    '| [404 Not Found](https://example.org/the_guide/404/) | |\n| --- | --- |\n| Retry | - No (a\\|b) |\n'
      + '| Defined in | [RFC 1](https://example.com/a_%28b%29%7Cc?d=1&amp;e=2)s, [RFC 2](https://example.com/#2) |',
  ],
  html: [
    '<a href="https://example.org/the_guide/404/">404</a>',
    '<a href="https://example.org/the_guide/404/">404 Not Found</a>',
    '<a href="https://example.org/the_guide/404/">404 Not Found</a>: Nothing *here*.',
    '<table>\n<caption><a href="https://example.org/the_guide/404/">404 Not Found</a></caption>\n<tr><th scope="row">Retry</th><td>- No (a|b)</td></tr>\n'
      + '<tr><th scope="row">Defined in</th><td><a href="https://example.com/a_%28b%29%7Cc?d=1&amp;e=2">RFC 1</a>s, <a href="https://example.com/#2">RFC 2</a></td></tr>\n</table>',
  ],
  jira: [
    '[404|https://example.org/the_guide/404/]',
    '[404 Not Found|https://example.org/the_guide/404/]',
    '[404 Not Found|https://example.org/the_guide/404/]: Nothing \\*here\\*.',
    '[404 Not Found|https://example.org/the_guide/404/]\n\n||Retry|\\- No (a\\|b)|\n'
      + '||Defined in|[RFC 1|https://example.com/a_%28b%29%7Cc?d=1&e=2]s, [RFC 2|https://example.com/#2]|',
  ],
  mediawiki: [
    '[https://example.org/the_guide/404/ 404]',
    '[https://example.org/the_guide/404/ 404 Not Found]',
    '[https://example.org/the_guide/404/ 404 Not Found]: Nothing *here*.',
    '{| class="wikitable"\n|+ [https://example.org/the_guide/404/ 404 Not Found]\n|-\n! scope="row" | Retry\n| - No (a&#124;b)\n|-\n'
      + '! scope="row" | Defined in\n| [https://example.com/a_%28b%29%7Cc?d=1&e=2 RFC 1]s, [https://example.com/#2 RFC 2]\n|}',
  ],
  asciidoc: [
    'link:++https://example.org/the_guide/404/++[404]',
    'link:++https://example.org/the_guide/404/++[404 Not Found]',
    'link:++https://example.org/the_guide/404/++[404 Not Found]: Nothing &#42;here&#42;.',
    '.link:++https://example.org/the_guide/404/++[404 Not Found]\n[cols="1h,4"]\n|===\n|Retry\n|- No (a&#124;b)\n\n|Defined in\n'
      + '|link:++https://example.com/a_%28b%29%7Cc?d=1&e=2++[RFC 1]s, https://example.com/#2[RFC 2]\n|===',
  ],
  rst: [
    '`404 <https://example.org/the_guide/404/>`__',
    '`404 Not Found <https://example.org/the_guide/404/>`__',
    '`404 Not Found <https://example.org/the_guide/404/>`__: Nothing \\*here\\*.',
    '.. list-table:: `404 Not Found <https://example.org/the_guide/404/>`__\n   :stub-columns: 1\n\n   * - Retry\n     - \\- No (a\\|b)\n'
      + '   * - Defined in\n     - `RFC 1 <https://example.com/a_%28b%29%7Cc?d=1&e=2>`__\\ s, `RFC 2 <https://example.com/#2>`__',
  ],
  plain: [
    'https://example.org/the_guide/404/',
    '404 Not Found\nhttps://example.org/the_guide/404/',
    '404 Not Found: Nothing *here*.\nhttps://example.org/the_guide/404/',
    '404 Not Found\nRetry: - No (a|b)\nDefined in: RFC 1s, RFC 2\nhttps://example.org/the_guide/404/',
  ],
};

test('a link, a definition and a table are written as each markup has them', (place) => {
  const { FORMATS, make } = bare(place.site);
  assert.deepEqual(Object.keys(MADE), Object.keys(FORMATS));
  for (const [format, texts] of Object.entries(MADE)) {
    const made = ['link', 'phrase', 'definition', 'table'].map((kind) => make(kind, format, PAGE));
    assert.deepEqual(made, texts, format);
  }
}, { only: 'from disk' });

test('a badge and a card stand beside the page, and have one markup each', (place) => {
  const { make } = bare(place.site);
  const badge = '[![404 Not Found](https://example.org/the_guide/404/badge.svg)](https://example.org/the_guide/404/)';
  for (const format of ['markdown', 'plain']) {
    assert.equal(make('badge', format, PAGE), badge);
    assert.match(make('card', format, PAGE), /^<iframe src="https:\/\/example\.org\/the_guide\/404\/card\.html" title="404 Not Found" [^<>]*><\/iframe>$/);
  }
  const onDisk = { ...PAGE, url: 'file:///g/404/index.html' };
  assert.match(make('badge', 'markdown', onDisk), /\(file:\/\/\/g\/404\/badge\.svg\)/);
}, { only: 'from disk' });

/** Opens the panel of a page. */
async function openPanel(page, address) {
  await page.goto(address);
  await page.getByRole('button', { name: 'Copy as…' }).click();
  const panel = page.getByRole('dialog');
  await panel.waitFor();
  return {
    panel,
    what: panel.getByLabel('What'),
    as: panel.getByLabel('As', { exact: true }),
    preview: panel.getByLabel('Preview'),
  };
}

/** Puts what is copied into `window.copied`, by either way of copying. */
const listen = (page) => page.addInitScript(() => {
  document.addEventListener('copy', () => { window.copied = document.activeElement.value ?? String(getSelection()); });
  if (navigator.clipboard) navigator.clipboard.writeText = async (text) => { window.copied = text; };
});

test('codes, classes and comparisons can be copied, and no other page', (place) =>
  visit(place, {}, async (page) => {
    const having = [];
    for (const [kind, path] of Object.entries(KINDS)) {
      await page.goto(place.root + path);
      if (await page.locator('.as').count()) having.push(kind);
    }
    assert.deepEqual(having, ['a code', 'a code with a temporary registration', 'an unused code', 'a code that nobody registered', 'a class', 'a comparison']);
  }), { only: 'from disk' });

test('what can be copied of a page is read from the page', (place) =>
  visit(place, {}, async (page) => {
    const kinds = { '404/index.html': 6, '499/index.html': 6, '4xx/index.html': 3, '401-vs-403/index.html': 2 };
    for (const [path, count] of Object.entries(kinds)) {
      const { what, preview } = await openPanel(page, `${place.root}${path}?x=1#y`);
      assert.equal(await what.locator('option').count(), count, path);
      const url = addressOf(place, path);
      const said = await page.evaluate(() => ['h1', '.hero .summary, .rule'].map((it) => document.querySelector(it).textContent.trim()));
      await what.selectOption('definition');
      const { FORMATS } = bare(place.site);
      const { text, link } = FORMATS.markdown;
      assert.equal(await preview.inputValue(), `${link(text(said[0]), url)}: ${text(said[1])}`);
    }
    // Every row, in every format: no text of the table is lost.
    const { what, as, preview } = await openPanel(page, `${place.root}503/index.html`);
    await what.selectOption('table');
    await as.selectOption('plain');
    const lines = (await preview.inputValue()).split('\n').slice(1, -1);
    const rows = await page.locator('.glance tr').evaluateAll((all) => all.map((row) => {
      const squeeze = (it) => it.replace(/[\s():]/g, '');
      return squeeze(row.textContent);
    }));
    assert.deepEqual(lines.map((line) => line.replace(/[\s():]/g, '')), rows);
  }));

test('where the guide is published its own address is copied', (place) =>
  visit({ ...place, root: place.basedRoot }, {}, async (page) => {
    const { preview } = await openPanel(page, `${place.basedRoot}404/index.html`);
    assert.equal(await preview.inputValue(), '[404](https://example.github.io/repo/404/)');
  }), { only: 'under a sub-path' });

test('by keyboard alone the panel is opened, read, copied from and left again', (place) =>
  visit(place, {}, async (page) => {
    await listen(page);
    await page.goto(`${place.root}404/index.html`);
    const button = page.getByRole('button', { name: 'Copy as…' });
    await button.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Copy 404 as…' });
    await panel.waitFor();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
    assert.equal(await focused(), 'copy-as-kind');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'copy-as-format');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'copy-as-preview');
    const text = await panel.getByLabel('Preview').inputValue();
    assert.ok(text.startsWith('[404 Not Found]('), text);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.copied && document.querySelector('[role=status]').textContent);
    assert.equal(await page.evaluate(() => window.copied), text);
    assert.equal(await page.locator('[role=status]').first().textContent(), 'Copied: Link with the phrase, Markdown');
    assert.equal(await focused(), 'Copied');
    await page.keyboard.press('Escape');
    assert.ok(await panel.isHidden());
    assert.ok(await button.evaluate((it) => it === document.activeElement), 'the focus went elsewhere');
    // And again, by the button in it.
    await page.keyboard.press('Enter');
    await panel.waitFor();
    await panel.getByRole('button', { name: 'Close' }).press('Enter');
    assert.ok(await panel.isHidden());
    assert.ok(await button.evaluate((it) => it === document.activeElement), 'the focus went elsewhere');
  }));

test('the format is kept on the next page, and one that nobody offers is not taken', (place) =>
  visit(place, {}, async (page) => {
    const first = await openPanel(page, `${place.root}404/index.html`);
    await first.as.selectOption('jira');
    // A badge has a format of its own, which is not kept.
    await first.what.selectOption('badge');
    assert.equal(await first.as.inputValue(), 'markdown');
    assert.ok(await first.as.isDisabled());
    await first.what.selectOption('link');
    assert.equal(await first.as.inputValue(), 'jira');
    const next = await openPanel(page, `${place.root}4xx/index.html`);
    assert.equal(await next.as.inputValue(), 'jira');
    await page.evaluate(() => localStorage.setItem('copy-as', 'constructor'));
    const last = await openPanel(page, `${place.root}404/index.html`);
    assert.equal(await last.as.inputValue(), 'markdown');
  }));

test('the open panel is within the window, and axe finds nothing in it', (place) =>
  visit(place, {}, async (page) => {
    for (const [width, height] of [[320, 480], [1440, 900]]) {
      await page.setViewportSize({ width, height });
      for (const kind of ['table', 'card']) {
        const { panel, what } = await openPanel(page, `${place.root}404/index.html`);
        await what.selectOption(kind);
        const box = await panel.boundingBox();
        assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, `${JSON.stringify(box)} at ${width}`);
        assert.ok(await panel.evaluate((it) => it.scrollWidth <= it.clientWidth), `wider than it is at ${width}`);
        assert.deepEqual(await axeFinds(page, `the panel with the ${kind} at ${width}`), []);
      }
    }
  }), { only: 'from disk' });

test('nothing of the panel is loaded before its button is pressed', (place) =>
  visit(place, {}, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url().slice(place.root.length)));
    const mine = () => asked.filter((file) => file.startsWith('copy-as'));
    await page.goto(`${place.root}404/index.html`, { waitUntil: 'load' });
    assert.deepEqual(mine(), []);
    await page.getByRole('button', { name: 'Copy as…' }).click();
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(mine().sort(), ['copy-as.css', 'copy-as.js']);
  }));
