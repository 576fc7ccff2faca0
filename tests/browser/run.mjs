// Runs the browser tests.
//
//   node tests/browser/run.mjs PLAIN BASED [WORDS]
//
// PLAIN is a site built without a base URL and BASED one with
// `--base-url https://example.github.io/some/sub/path/`. With WORDS only the
// tests whose name contains them run. `./test.sh` builds both and calls this.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser } from './browser.mjs';
import { runTests } from './harness.mjs';
import { serve } from './server.mjs';
import './walk.mjs';
import './tour.mjs';
import './layout.mjs';
import './keyboard.mjs';
import './choose.mjs';
import './reference.mjs';
import './not-found.mjs';
import './print.mjs';
import './search.mjs';
import './theme-and-copy.mjs';
import './weight.mjs';
import './accessibility.mjs';

const SUB_PATH = '/some/sub/path/';

const [plain, based, words = ''] = process.argv.slice(2);
if (!based) {
  console.error('usage: node tests/browser/run.mjs PLAIN BASED [WORDS]');
  process.exit(2);
}
const browser = await startBrowser();
const site = resolve(plain);
const places = [
  { name: 'from disk', root: pathToFileURL(`${site}/`).href, site, browser },
  {
    name: 'under a sub-path',
    root: await serve(site, SUB_PATH),
    basedRoot: await serve(resolve(based), SUB_PATH),
    site,
    browser,
  },
];
const { passed, failed } = await runTests(places, words);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
