// Runs the browser tests.
//
//   node tests/browser/run.mjs PLAIN BASED [WORDS]
//
// PLAIN is a site built without a base URL and BASED one with
// `--base-url https://example.github.io/repo/`. With WORDS only the
// tests whose name contains them run. Beside PLAIN lies `team`, built with
// `--overlay examples/overlay`. `./test.sh` builds all three and calls this.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser, startFirefox } from './browser.mjs';
import { runTests } from './harness.mjs';
import { serve } from './server.mjs';
import './walk.mjs';
import './tour.mjs';
import './layout.mjs';
import './targets.mjs';
import './keyboard.mjs';
import './choose.mjs';
import './reference.mjs';
import './not-found.mjs';
import './permalinks.mjs';
import './offline.mjs';
import './print.mjs';
import './search.mjs';
import './theme-and-copy.mjs';
import './copy-as.mjs';
import './downloads.mjs';
import './weight.mjs';
import './tree.mjs';
import './forced-colours.mjs';
import './accessibility.mjs';
import './firefox.mjs';
import './embed.mjs';
import './icons.mjs';
import './overlay.mjs';
import './serve.mjs';

// Somewhere below, and where GitHub Pages puts a project.
const SUB_PATH = '/some/sub/path/';
const PROJECT_PATH = '/repo/';

const [plain, based, words = ''] = process.argv.slice(2);
if (!based) {
  console.error('usage: node tests/browser/run.mjs PLAIN BASED [WORDS]');
  process.exit(2);
}
const site = resolve(plain);
const teamSite = resolve(plain, '../team');
const places = [
  {
    name: 'from disk',
    root: pathToFileURL(`${site}/`).href,
    teamRoot: pathToFileURL(`${teamSite}/`).href,
    basedSite: resolve(based),
    site,
    teamSite,
  },
  {
    name: 'under a sub-path',
    root: await serve(site, SUB_PATH),
    basedRoot: await serve(resolve(based), PROJECT_PATH),
    teamRoot: await serve(teamSite, SUB_PATH),
    basedSite: resolve(based),
    site,
    teamSite,
  },
];

/** A new browser for the tests of `engine`. */
async function inChromium(engine) {
  const browser = await startBrowser();
  const counts = await runTests(places.map((place) => ({ ...place, engine, browser })), words);
  await browser.close();
  return counts;
}

/** Each place has Firefoxes of its own: one clipboard and one focus each. */
async function inFirefox() {
  const started = await Promise.all(places.map(async (place) => ({
    ...place,
    engine: 'firefox',
    browser: await startFirefox({ scripts: true }),
    scriptless: await startFirefox({ scripts: false }),
  })));
  const counts = await runTests(started, words);
  await Promise.all(started.flatMap(({ browser, scriptless }) => [browser.close(), scriptless.close()]));
  return counts;
}

// What a test left running must not end the others; it fails the run.
const strays = [];
process.on('unhandledRejection', (error) => {
  strays.push(error);
  console.log(`  FAIL  something that no test waited for\n${error.stack}`.slice(0, 4000));
});

const counts = [await inChromium('chromium'), await inChromium('chromium for axe'), await inFirefox()];
const sum = (key) => counts.reduce((total, one) => total + one[key], 0);
const failed = sum('failed') + strays.length;
console.log(`${sum('passed')} passed, ${failed} failed`);
// Not `exitCode`: a test that hung would keep the process alive.
process.exit(failed || !sum('passed') ? 1 : 0);
