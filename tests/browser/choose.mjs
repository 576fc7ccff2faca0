// The questions of /choose/: a reader clicks from the first one to a code,
// without scripts, and sees each step.

import assert from 'node:assert/strict';
import { test, visit } from './harness.mjs';

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
