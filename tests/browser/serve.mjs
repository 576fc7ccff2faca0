// `status-guide serve`: an open page follows what is saved. Here runs the real
// program on a copy of the guide.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, visit } from './harness.mjs';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = resolve(REPOSITORY, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/status-guide');
// For a build that is not optimised, on a machine that has other work.
const LONG = { timeout: 120_000 };

/** Runs `steps({ root, save })` while a copy of the guide is served at `root`;
 * `save` gives a file of it other text. */
async function served(steps) {
  const folder = mkdtempSync(join(tmpdir(), 'status-guide-'));
  for (const name of ['content', 'static']) cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true });
  const serve = spawn(PROGRAM, ['serve', '--port', '0', '--base-url', 'https://example.github.io/repo/'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => { serve.on('close', done); });
  try {
    let said = '';
    serve.stdout.setEncoding('utf8');
    for await (const text of serve.stdout.iterator({ destroyOnReturn: false })) {
      said += text;
      if (/Open .*\n/.test(said)) break;
    }
    serve.stdout.resume();
    const root = /Open (.*)\n/.exec(said)?.[1];
    assert.ok(root, `serve said no address:\n${said}`);
    const save = (path, from, to) => {
      const file = join(folder, path);
      const text = readFileSync(file, 'utf8');
      assert.ok(text.includes(from), `${path} has no ${from}`);
      writeFileSync(file, text.replace(from, to));
    };
    await steps({ root, save });
  } finally {
    serve.kill();
    await ended;
    rmSync(folder, { recursive: true });
  }
}

const PAGE = 'content/codes/404.md';
const HEADING = '## Common mistakes\n';
const SENTENCE = 'A sentence that was just written.';

const says = (page, text) => page.waitForFunction((wanted) => document.body?.textContent.includes(wanted), text, LONG);
const isUnder = (page, top) => page.waitForFunction((wanted) => Math.abs(scrollY - wanted) < 2, top, LONG);

test('an open page shows what is saved, and what is wrong, and is back at its place', (place) => served(({ root, save }) =>
  visit({ ...place, root }, {}, async (page, trouble) => {
    await page.goto(`${root}404/`);
    await page.evaluate(() => scrollTo(0, 700));
    await isUnder(page, 700);

    save(PAGE, HEADING, `${HEADING}\n- ${SENTENCE}`);
    await says(page, SENTENCE);
    await isUnder(page, 700);
    assert.equal(page.url(), `${root}404/`);
    assert.deepEqual(trouble, []);

    save(PAGE, SENTENCE, `${SENTENCE} [nowhere] and [nowhere-else].`);
    await says(page, '2 errors in the content');
    await says(page, 'content/codes/404.md:');
    const isRightOnSmallScreens = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(isRightOnSmallScreens);
    // The page came with status 500, which the browser mentions.
    const expected = trouble.splice(0).filter((line) => !/500/.test(line));
    assert.deepEqual(expected, []);

    await page.getByRole('link', { name: 'see the page as it was before' }).click();
    await says(page, 'A sentence that was just written.');
    await page.goBack();
    await says(page, '2 errors in the content');
    trouble.splice(0);

    save(PAGE, ' [nowhere] and [nowhere-else].', ' It is right again.');
    await says(page, 'It is right again.');
    await isUnder(page, 700);
    assert.equal(page.url(), `${root}404/`);

    // A stylesheet changes on the page as it is.
    await page.evaluate(() => { window.isTheSame = true; });
    save('static/style.css', ':root {', ':root { --saved: here;');
    await page.waitForFunction(() => getComputedStyle(document.documentElement).getPropertyValue('--saved').trim() === 'here', undefined, LONG);
    assert.ok(await page.evaluate(() => window.isTheSame));
    assert.deepEqual(trouble, []);
  })), { only: 'under a sub-path' });
