// Every page, stylesheet and drawing of the built sites is valid, as the Nu
// HTML checker sees it. Errors fail; warnings are printed.
//
//   node tests/browser/validity.mjs SITE...

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const sites = process.argv.slice(2);
const jar = join(dirname(createRequire(import.meta.url).resolve('vnu-jar/package.json')), 'build/dist/vnu.jar');
const { stderr, error } = spawnSync(
  'java',
  ['-Xss8m', '-jar', jar, '--skip-non-html', '--also-check-css', '--also-check-svg', '--format', 'json', ...sites],
  { encoding: 'utf8', maxBuffer: 2 ** 28 },
);
if (error) throw error;

// The results come on standard error, after whatever Java has to say.
const json = stderr.slice(stderr.indexOf('{"'));
if (!json.startsWith('{"')) throw new Error(`the Nu checker said: ${stderr.slice(0, 500)}`);
const { messages } = JSON.parse(json);

// Container queries are newer than the CSS that the checker knows. It skips
// them; the browser tests see that they work.
const TOO_NEW = ['CSS: Unrecognized at-rule “@container”', 'CSS: “container-type”: Property “container-type” doesn\'t exist.'];

// An `info` is a warning or a remark on style; all else is an error, also
// `non-document-error`, a file that could not be read. What is the same on
// many pages is printed once.
const found = { error: new Map(), warning: new Map() };
for (const { type, subType, url, lastLine = 0, lastColumn = 0, message, extract } of messages) {
  if (TOO_NEW.includes(message)) continue;
  const group = found[type === 'info' ? subType : 'error'];
  const places = group?.get(message) ?? [];
  places.push(`${url}:${lastLine}:${lastColumn}${extract ? `\n    ${extract.replace(/\s+/g, ' ')}` : ''}`);
  group?.set(message, places);
}
const count = (group) => [...group.values()].flat().length;
for (const [kind, group] of Object.entries(found)) {
  for (const [message, places] of group) {
    const shown = places.slice(0, kind === 'error' ? 20 : 1);
    console.log(`${kind}: ${message} (${places.length} times)\n  ${shown.join('\n  ')}`);
  }
}
console.log(`The Nu checker found ${count(found.error)} errors and ${count(found.warning)} warnings.`);
process.exitCode = found.error.size ? 1 : 0;
