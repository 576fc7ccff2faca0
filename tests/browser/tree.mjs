// The accessibility tree: what a screen reader is given. Landmarks have names,
// headings make an outline, every control says what it does, and what is only
// for the eye is not there.

import assert from 'node:assert/strict';
import { KINDS, test, visit } from './harness.mjs';

const LANDMARKS = ['banner', 'complementary', 'contentinfo', 'form', 'main', 'navigation', 'region', 'search'];
// The table of each class has its own, and they do the same.
const SORTING = ['Code', 'Category', 'Cacheable', 'Specification'];
const CONTROLS = ['button', 'checkbox', 'combobox', 'link', 'radio', 'searchbox', 'textbox'];

/** The nodes that are spoken, in order: role, name, and what matters of the rest. */
async function treeOf(page) {
  const browser = await page.context().newCDPSession(page);
  const { nodes } = await browser.send('Accessibility.getFullAXTree');
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const spoken = [];
  const walk = (id, table) => {
    const node = byId.get(id);
    if (!node) return;
    const role = node.role?.value;
    const own = role === 'table' ? { columns: 0, bare: [] } : table;
    if (!node.ignored) {
      const property = (name) => node.properties?.find((it) => it.name === name)?.value.value;
      const name = (node.name?.value ?? '').replace(/\s+/g, ' ').trim();
      spoken.push({ role, name, level: property('level'), url: property('url'), description: node.description?.value ?? '', table: own });
      if (role === 'columnheader') own.columns += 1;
      if (role === 'row') {
        const cells = (node.childIds ?? []).map((child) => byId.get(child)?.role?.value);
        if (cells.includes('cell') && !cells.includes('rowheader')) own.bare.push(name);
      }
    }
    // The name of a control is said in place of what is in it.
    if (node.ignored || !CONTROLS.includes(role)) (node.childIds ?? []).forEach((child) => walk(child, own));
  };
  walk(nodes[0].nodeId, null);
  return spoken;
}

const spell = ({ role, name }) => (name ? `${role} “${name}”` : role);
const landmarks = (tree) => tree.filter(({ role }) => LANDMARKS.includes(role)).map(spell);
const headings = (tree) => tree.filter(({ role }) => role === 'heading').map(({ level, name }) => `${level} ${name}`);

const open = (place, path, steps) => visit(place, { viewport: { width: 1440, height: 900 } }, async (page) => {
  await page.goto(place.root + path);
  await steps(await treeOf(page), page);
});

test('a screen reader finds its way on the page of a code', (place) =>
  open(place, '404/index.html', (tree) => {
    assert.deepEqual(landmarks(tree), [
      'banner', 'search', 'navigation “Guide”', 'navigation “All codes”', 'main', 'navigation “Breadcrumb”',
      'region “At a glance”', 'navigation “On this page”', 'region “Related”', 'navigation “Previous and next”', 'contentinfo',
    ]);
    assert.deepEqual(headings(tree), [
      '1 404 Not Found', '2 At a glance', '2 When to send it', '2 When to send something else', '2 Example', '2 If you get it',
      '3 Visiting a website', '3 Calling an API', '3 On call', '2 Versus', '2 Common mistakes', '2 History and specification', '2 Related',
    ]);
    assert.deepEqual(tree.filter(({ role }) => role === 'rowheader').map(({ name }) => name),
      ['Retry', 'Cacheable', 'Ask', 'Sent by', 'Content', 'Fields', 'Defined in']);
    const buttons = tree.filter(({ role }) => role === 'button').map(({ name }) => name);
    assert.deepEqual(buttons.slice(0, 2), ['Theme: system', 'Copy as…']);
    assert.ok(buttons.length > 3);
    for (const name of buttons.slice(2)) assert.match(name, /^Copy the (code|request|response): \S/, 'says what it copies');
  }));

test('a screen reader finds its way on the home page', (place) =>
  open(place, 'index.html', (tree) => {
    assert.deepEqual(landmarks(tree), [
      'banner', 'search', 'navigation “Guide”', 'main', 'navigation “Breadcrumb”', 'region “All codes”', 'region “Codes that are mixed up”', 'region “Take it with you”', 'contentinfo',
    ]);
    const outline = headings(tree);
    assert.deepEqual(outline.slice(0, 3), ['1 HTTP Status Codes Explained', '2 All codes', '3 1xx Informational']);
  }));

test('a screen reader finds its way in the reference', (place) =>
  open(place, 'reference/index.html', (tree) => {
    const classes = ['1xx Informational', '2xx Successful', '3xx Redirection', '4xx Client Error', '5xx Server Error'];
    assert.deepEqual(landmarks(tree), [
      'banner', 'search', 'navigation “Guide”', 'main', 'navigation “Breadcrumb”', 'form “Filter the codes”',
      ...classes.map((name) => `region “${name}”`), 'contentinfo',
    ]);
    assert.deepEqual(headings(tree), ['1 All HTTP status codes', ...classes.map((name) => `2 ${name}`), '2 How to read the table']);
    assert.deepEqual(tree.filter(({ role }) => role === 'columnheader').slice(0, 6).map(({ name }) => name),
      ['Code', 'Description', 'Category', 'Use case', 'Cacheable', 'Specification']);
    assert.deepEqual(tree.filter(({ role }) => ['combobox', 'searchbox', 'checkbox'].includes(role)).slice(1).map(({ name }) => name),
      ['Words', '1xx', '2xx', '3xx', '4xx', '5xx', 'Topic', 'Registration', 'Cacheable', 'Retry', 'Sort by', 'Reversed']);
  }));

test('on any kind of page landmarks, headings, tables and controls say what they are, and nothing is said that is for the eye', (place) =>
  visit(place, { viewport: { width: 1440, height: 900 } }, async (page) => {
    const bad = [];
    for (const [kind, path] of Object.entries(KINDS)) {
      await page.goto(place.root + path);
      const tree = await treeOf(page);
      const say = (what, list) => list.length && bad.push(`${kind}: ${what}: ${[...new Set(list)].join('; ')}`);

      const names = landmarks(tree);
      say('two landmarks of one name', names.filter((name, i) => names.indexOf(name) !== i));
      say('without a name', tree.filter(({ role, name }) => !name && (['heading', 'navigation', 'region', 'form', ...CONTROLS].includes(role))).map(spell));

      const levels = tree.filter(({ role }) => role === 'heading').map(({ level }) => level);
      say('headings', levels.filter((level, i) => (i === 0 ? level !== 1 : level === 1 || level > levels[i - 1] + 1)).map((level) => `a wrong ${level}`));

      // Links in a sentence have the sentence; buttons have but their names.
      const controls = tree.filter(({ role }) => CONTROLS.includes(role));
      const buttons = controls.filter(({ role, name }) => role === 'button' && !SORTING.includes(name)).map(spell);
      say('one name for several buttons', buttons.filter((name, i) => buttons.indexOf(name) !== i));
      say('said twice', controls.filter(({ name, description }) => description && description === name).map(spell));

      say('a table without headers', tree.filter(({ role, table }) => role === 'table' && (table.bare.length || !tree.some((it) => it.table === table && /header/.test(it.role)))).map(({ table }) => table.bare.join(', ')));
      say('only for the eye', tree.filter(({ role, name }) => ['StaticText', 'ListMarker', 'image'].includes(role) && /^[#✓✕→↑↓◐☀☾/–!]+$/u.test(name)).map(spell));
    }
    assert.ok(bad.length === 0, bad.join('\n'));
  }), { only: 'from disk' });
