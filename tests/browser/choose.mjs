// The questions of /choose/: a reader clicks from the first one to a code,
// without scripts, and sees each step; with scripts, one question at a time.

import assert from 'node:assert/strict';
import { addressOf, isAt, test, visit } from './harness.mjs';

const CODES = [401, 403, 404, 409, 410, 412, 415, 422, 429, 503, 201, 204, 303, 308];
const MOST_CLICKS = 5;

/** Each question's fragment with the fragments of its answers; runs in the browser. */
const questions = () => [...document.querySelectorAll('.question')].map((section) => ({
  id: section.querySelector('h2').id,
  answers: [...section.querySelectorAll('li a')].map((a) => a.getAttribute('href').slice(1)),
}));

/** The fragments on the shortest way from the first question to `goal`. */
function way(tree, goal) {
  const queue = [[tree[0].id]];
  for (const path of queue) {
    const at = path.at(-1);
    if (at === goal) return path.slice(1);
    const question = tree.find(({ id }) => id === at);
    queue.push(...(question?.answers ?? []).map((next) => [...path, next]));
  }
  return null;
}

test(`the questions lead to ${CODES.join(', ')} by clicks, without scripts`, (place) =>
  visit(place, { javaScriptEnabled: false, reducedMotion: 'reduce' }, async (page) => {
    await page.goto(`${place.root}choose/index.html`);
    const tree = await page.evaluate(questions);
    for (const code of CODES) {
      await page.goto(`${place.root}choose/index.html`);
      const path = way(tree, `send-${code}`);
      assert.ok(path && path.length <= MOST_CLICKS, `${code}: ${path}`);
      let at = tree[0].id;
      const said = [];
      for (const next of path) {
        const answer = page.locator(`.question:has(#${at}) li a[href="#${next}"]`).first();
        said.push((await answer.locator('span').innerText()).trim());
        await answer.click();
        assert.ok(page.url().endsWith(`#${next}`), page.url());
        const heading = page.locator(`#${next}`);
        const { y } = await heading.boundingBox();
        assert.ok(y >= 0 && y < 800, `${code}: the heading #${next} is at ${y}`);
        at = next;
      }
      const heading = await page.locator(`#send-${code}`).innerText();
      assert.ok(heading.startsWith(String(code)), heading);
      const leaf = page.locator(`.leaf:has(#send-${code})`);
      assert.ok(await leaf.locator('.response').count() > 0, `${code} has no response to copy`);
      if (place.name === 'from disk') console.log(`        ${code}: ${path.length} clicks: ${said.join(' > ')}`);
    }
  }));

// With scripts there is one question at a time.

const CHOOSE = 'choose/index.html';
const BY_KEYBOARD = [409, 403, 201, 502, 412];

/** The fragments of the questions and leaves that a reader sees, and those
 * that can still be answered; runs in the browser. */
function open() {
  const seen = [...document.querySelectorAll('.question h2, .leaf h2')].filter((heading) => heading.checkVisibility());
  const answers = [...document.querySelectorAll('.question li a')].filter((link) => link.checkVisibility());
  return {
    path: seen.map(({ id }) => id),
    said: answers.filter((link) => link.matches('[aria-current]')).map((link) => link.querySelector('span').textContent),
    left: answers.filter((link) => !link.matches('[aria-current]')).map((link) => link.closest('.question').querySelector('h2').id),
    focus: document.activeElement.id,
    fragment: location.hash.slice(1),
  };
}

/** Presses Tab until the focus is on what `selector` means. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

const inSight = async (page, id) => {
  const { y } = await page.locator(`#${id}`).boundingBox();
  const height = page.viewportSize().height;
  assert.ok(y >= 0 && y < height - 20, `the heading #${id} is at ${y} of ${height}`);
};

/** Answers along `path` with the keyboard. */
async function answer(page, path) {
  for (const goal of path) {
    await tabTo(page, `.question:not(.past, [hidden]) li a[href="#${goal}"]`);
    await page.keyboard.press('Enter');
  }
}

test(`one question at a time leads to ${BY_KEYBOARD.join(', ')} by keyboard alone`, (place) =>
  visit(place, { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' }, async (page) => {
    await page.goto(place.root + CHOOSE);
    const tree = await page.evaluate(questions);
    for (const code of BY_KEYBOARD) {
      await page.goto('about:blank');
      await page.goto(place.root + CHOOSE);
      assert.deepEqual((await page.evaluate(open)).path, [tree[0].id], 'only the first question is open');
      await inSight(page, tree[0].id);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter'); // Skip to content.
      const path = way(tree, `send-${code}`);
      const shown = [tree[0].id];
      for (const goal of path) {
        await answer(page, [goal]);
        shown.push(goal);
        const now = await page.evaluate(open);
        assert.deepEqual(now.path, shown, 'the path is open, from top to bottom, and nothing else');
        assert.equal(now.said.length, shown.length - 1, 'an answer is marked in each question that has one');
        assert.ok(now.left.every((id) => id === goal), `answers are left to ${now.left}`);
        assert.equal(now.focus, goal);
        assert.equal(now.fragment, goal);
        await inSight(page, goal);
        const said = await page.locator('[role=status]', { hasText: /question/i }).innerText();
        assert.ok(said.includes((await page.locator(`#${goal}`).innerText()).trim()), said);
      }
      assert.ok((await page.locator(`#send-${code}`).innerText()).startsWith(String(code)));
    }
  }));

test('a question that leads to another one stands above it', (place) =>
  visit(place, {}, async (page) => {
    await page.goto(place.root + CHOOSE);
    const tree = await page.evaluate(questions);
    const order = tree.map(({ id }) => id);
    for (const { id, answers } of tree) {
      const above = answers.filter((goal) => order.includes(goal) && order.indexOf(goal) < order.indexOf(id));
      assert.deepEqual(above, [], `#${id} leads up`);
    }
  }));

test('an address with a question or a code opens the shortest way to it', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    for (const [fragment, path] of [
      ['send-409', ['start', 'rules', 'send-409']],
      ['condition', ['start', 'condition']],
      ['send-503', ['start', 'not-now', 'send-503']],
      ['order', ['start']],
    ]) {
      await page.goto('about:blank');
      await page.goto(`${place.root}${CHOOSE}#${fragment}`);
      const now = await page.evaluate(open);
      assert.deepEqual(now.path, path);
      assert.equal(now.said.length, path.length - 1);
      await page.waitForFunction((id) => {
        const { top } = document.getElementById(id).getBoundingClientRect();
        return top >= 0 && top < window.innerHeight;
      }, fragment);
    }
    // And when the address changes while the page is open.
    await page.evaluate(() => { location.hash = '#send-403'; });
    assert.deepEqual((await page.evaluate(open)).path, ['start', 'access', 'hide', 'send-403']);
  }));

test('Back and Forward walk the path, also after a page about a code', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    await page.goto(place.root + CHOOSE);
    // Not the shortest way to 303.
    const path = ['start', 'condition', 'success', 'send-303'];
    await page.locator('#start').focus();
    await answer(page, path.slice(1));
    const at = async (steps) => {
      const now = await page.evaluate(open);
      assert.deepEqual(now.path, path.slice(0, steps));
      assert.equal(now.fragment, steps === 1 ? '' : path[steps - 1]);
      await inSight(page, path[steps - 1]);
    };
    for (const steps of [3, 2, 1]) {
      await page.goBack();
      await at(steps);
      assert.equal((await page.evaluate(open)).focus, path[steps - 1]);
    }
    for (const steps of [2, 3, 4]) {
      await page.goForward();
      await at(steps);
    }
    await page.reload();
    await at(4);
    await page.locator('.leaf:has(#send-303) .leaf-more a').last().click();
    await isAt(place, page, '303/index.html');
    await page.goBack();
    await at(4);
  }));

test('an answer can be changed, and Start again goes to the first question', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    await page.goto(place.root + CHOOSE);
    await page.locator('#start').focus();
    await answer(page, ['access', 'hide', 'send-404']);
    const change = page.getByRole('link', { name: 'Change the answer to “Which check does the client fail?”' });
    await change.focus();
    await page.keyboard.press('Enter');
    let now = await page.evaluate(open);
    assert.deepEqual([now.path, now.focus, now.said.length], [['start', 'access'], 'access', 1]);
    await answer(page, ['send-401']);
    assert.deepEqual((await page.evaluate(open)).path, ['start', 'access', 'send-401']);
    await page.goBack();
    await page.goBack();
    assert.deepEqual((await page.evaluate(open)).path, ['start', 'access', 'hide', 'send-404'], 'Back undoes the change');

    await page.getByRole('link', { name: 'Start again' }).click();
    now = await page.evaluate(open);
    assert.deepEqual([now.path, now.focus, now.fragment, now.said], [['start'], 'start', 'start', []]);
    assert.equal(await page.getByRole('button', { name: 'Copy this path' }).count(), 0, 'there is no path yet');
  }));

test('two answers to one code are two paths with one address', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    await page.goto(`${place.root}${CHOOSE}#condition`);
    const both = page.locator('.question:has(#condition) li a[href="#send-412"]');
    assert.equal(await both.count(), 2);
    await both.nth(1).click();
    const { path, said } = await page.evaluate(open);
    assert.deepEqual(path, ['start', 'condition', 'send-412']);
    assert.match(said[1], /^If-None-Match/);
  }));

test('the path is copied with its address and its answers', (place) =>
  visit(place, { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    await page.goto(`${place.root}${CHOOSE}#send-409`);
    await isAt(place, page, `${CHOOSE}#send-409`);
    await page.getByRole('button', { name: 'Copy this path' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), [
      addressOf(place, `${CHOOSE}#send-409`),
      '1. What decides the answer? Take the first line that is true.',
      '   A value in the content, a lock, a full disk, or the state of my data stands against it.',
      '2. What stands against the request?',
      '   The present state: a name or an e-mail address is taken, an edit collides, an order has shipped.',
      'Send 409 Conflict',
    ].join('\n'));
  }));

test('Show everything brings back the page, links and all, and print has it anyway', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    await page.goto(`${place.root}${CHOOSE}#send-409`);
    const path = ['start', 'rules', 'send-409'];
    const count = await page.locator('.question, .leaf').count();
    const parts = () => page.evaluate(() =>
      [...document.querySelectorAll('.question :is(h2, p, li), .leaf :is(h2, p, ol, pre)')].filter((part) => !part.checkVisibility()).length);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await parts(), 0, 'parts that are not printed');
    assert.ok(!await page.getByText('Copy this path').isVisible(), 'a button is printed');
    await page.emulateMedia({ media: 'screen' });
    assert.deepEqual((await page.evaluate(open)).path, path);

    await page.getByRole('link', { name: 'Show everything' }).click();
    assert.equal(await parts(), 0, 'parts that are not shown');
    assert.equal((await page.evaluate(open)).fragment, 'all');
    // Now an answer is a link to another part of the page.
    await page.locator('.question:has(#start) li a[href="#place"]').click();
    const now = await page.evaluate(open);
    assert.deepEqual([now.path.length, now.fragment, now.said], [count, 'place', []]);
    await inSight(page, 'place');
    await page.goBack();
    await page.getByRole('link', { name: 'One question at a time' }).click();
    assert.deepEqual((await page.evaluate(open)).path, path, 'the path is where it was');

    await page.goto('about:blank');
    await page.goto(`${place.root}${CHOOSE}#all`);
    assert.equal((await page.evaluate(open)).path.length, count);
    assert.ok(await page.getByRole('link', { name: 'One question at a time' }).isVisible());
  }));

test('what the browser finds in a question that is closed opens the way to it', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    await page.goto(`${place.root}${CHOOSE}#:~:text=Another%20action%20failed`);
    await page.waitForFunction(() => location.hash === '#rules');
    assert.deepEqual((await page.evaluate(open)).path, ['start', 'rules']);
  }));

test('if the script of the questions never comes, answers still lead on', (place) =>
  visit(place, { reducedMotion: 'reduce' }, async (page) => {
    await page.route('**/choose.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.goto(place.root + CHOOSE);
    for (const goal of way(await page.evaluate(questions), 'send-409')) {
      await page.locator(`.question li a[href="#${goal}"]`).filter({ visible: true }).first().click();
      await inSight(page, goal);
    }
    assert.equal((await page.evaluate(open)).path.at(-1), 'send-409');
  }));
