// What Lighthouse says of four pages on its slow phone: 100 of 100 in each of
// its categories.
//
//   node tests/browser/lighthouse.mjs SITE [--speed]
//
// Its seconds are those of this machine, and whatever else that does counts
// against the page. So a page that was too slow is measured again, and one that
// stays too slow fails only with `--speed`, which is for a machine that does
// nothing else. That nothing moves needs no clock, and always counts.

import { resolve } from 'node:path';
import lighthouse from 'lighthouse';
import { startForLighthouse } from './browser.mjs';
import { KINDS } from './harness.mjs';
import { serve } from './server.mjs';

const PAGES = ['home', 'a code', 'a comparison', 'the reference'];
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const SPEED = 'performance';
const RUNS = 3;
const SHIFT = 'cumulative-layout-shift';

const [site, option] = process.argv.slice(2);
if (!site || (option && option !== '--speed')) {
  console.error('usage: node tests/browser/lighthouse.mjs SITE [--speed]');
  process.exit(2);
}

/** What an audit has to say, with the first things that it is about. */
function describe({ id, title, displayValue, details }) {
  const about = (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.url ?? item.description);
  return [`${id}: ${title}`, displayValue, ...about].filter((part) => typeof part === 'string').join(' · ');
}

/** One run: the score of each category, and what cost points in it. */
async function measure(browser, url, onlyCategories) {
  const page = await browser.newPage();
  const { lhr } = await lighthouse(url, { onlyCategories, logLevel: 'error' }, undefined, page);
  await page.close();
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  return onlyCategories.map((name) => {
    const { score, auditRefs } = lhr.categories[name];
    const lost = auditRefs.filter(({ id, weight }) => weight && (lhr.audits[id].score ?? 1) < 1);
    const moves = lost.some(({ id }) => id === SHIFT);
    return { name, score: Math.round(score * 100), moves, lost: lost.map(({ id }) => describe(lhr.audits[id])) };
  });
}

const isBelow = ({ score }) => score < 100;
const isSlow = (result) => result.name === SPEED && isBelow(result);
/** Whether this counts on any machine. */
const isWrong = (result) => result.moves || (isBelow(result) && (!isSlow(result) || option === '--speed'));

const tell = (what, results, started) => {
  const scores = results.map(({ name, score }) => `${name} ${score}`).join(', ');
  console.log(`  ${what}: ${scores} (${Math.round((performance.now() - started) / 1000)} s)`);
  for (const { lost } of results.filter(isBelow)) console.log(lost.join('\n').replace(/^/gm, '        '));
};

const root = await serve(resolve(site), '/some/sub/path/');
const browser = await startForLighthouse();
let isPerfect = true;
for (const kind of PAGES) {
  const path = KINDS[kind].replace(/index\.html$/, '');
  const run = async (what, categories) => {
    const started = performance.now();
    const results = await measure(browser, root + path, categories);
    tell(`/${path}${what}`, results, started);
    return results;
  };
  let results = await run('', CATEGORIES);
  const isOnlySlow = () => results.some(isSlow) && !results.some(({ moves }) => moves);
  for (let again = 2; again <= RUNS && isOnlySlow(); again += 1) {
    results = [...results.filter(({ name }) => name !== SPEED), ...await run(`, run ${again}`, [SPEED])];
  }
  if (results.some(isSlow) && !results.some(isWrong)) {
    console.log('        slow here and now, which does not count; on a machine that does nothing else: --speed');
  }
  isPerfect &&= !results.some(isWrong);
}
await browser.close();
process.exitCode = isPerfect ? 0 : 1;
