// How often the search finds the right page first, for queries as people type
// them. No browser: the search is called bare on a built site.
//
//   node tests/browser/search-quality.mjs SITE

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';

const LEAST_FIRST = 0.95;
const LEAST_QUERIES = 80;

const [site = 'dist'] = process.argv.slice(2);
const window = {};
const context = vm.createContext({ window });
for (const name of ['search-index.js', 'search.js']) {
  vm.runInContext(readFileSync(join(site, name), 'utf8'), context, { filename: name });
}

const csv = readFileSync(new URL('../search-queries.csv', import.meta.url), 'utf8');
const queries = csv.trim().split('\n').slice(1).map((line) => {
  const [, quoted, plain, first] = /^(?:"([^"]*)"|([^,]*)),(.+)$/.exec(line);
  return { query: quoted ?? plain, right: first.trim().split('|').map((page) => `${page}/index.html`) };
});

let first = 0;
let third = 0;
for (const { query, right } of queries) {
  const found = window.guideSearch.find(query).map(({ file }) => file);
  const at = found.findIndex((file) => right.includes(file));
  first += at === 0;
  third += at >= 0 && at < 3;
  if (at !== 0) {
    const names = found.slice(0, 3).map((file) => file.replace('/index.html', ''));
    console.log(`  ${JSON.stringify(query)}: ${names.join(', ') || 'nothing'}; wanted ${right.join(' or ').replaceAll('/index.html', '')}`);
  }
}
const percent = (count) => `${(100 * count / queries.length).toFixed(1)} %`;
console.log(`${queries.length} queries: ${percent(first)} right at the first place, ${percent(third)} among the first three`);
process.exitCode = queries.length >= LEAST_QUERIES && first / queries.length >= LEAST_FIRST ? 0 : 1;
