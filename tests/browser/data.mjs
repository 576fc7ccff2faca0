// The files for programs, read by programs of others: the data fits its
// schema, the OpenAPI document is one, and the examples of the page about the
// data print what a reader expects of them.
//
//   node tests/browser/data.mjs SITE...

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const sites = process.argv.slice(2);
assert.ok(sites.length, 'name at least one site');

const json = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** A validator of `schema` that minds the schema's own mistakes too. */
function validator(schema, ajv = new Ajv({ strict: true, allErrors: true })) {
  addFormats(ajv);
  ajv.addSchema(schema, 'data');
  const validate = (pointer) => ajv.getSchema(`data${pointer}`);
  return (value, pointer = '#') => {
    const check = validate(pointer);
    return check(value) ? [] : check.errors.map((error) => `${error.instancePath} ${error.message}`);
  };
}

/** The data fits the schema, and data with any one fault does not. */
function schemaFits(site) {
  const errors = validator(json(site, 'codes.schema.json'));
  const data = json(site, 'codes.json');
  assert.deepEqual(errors(data), []);
  const folders = readdirSync(site).filter((name) => /^\d{3}$/.test(name));
  assert.equal(folders.length, data.codes.length);
  for (const folder of folders) assert.deepEqual(errors(json(site, folder, 'index.json'), '#/$defs/code'), [], folder);

  const [code] = data.codes;
  for (const key of Object.keys(code)) {
    const { [key]: gone, ...rest } = code;
    assert.notDeepEqual(errors(rest, '#/$defs/code'), [], `a code without ${key} passes`);
    assert.notDeepEqual(errors({ ...code, [key]: { wrong: true } }, '#/$defs/code'), [], `a wrong ${key} passes`);
  }
  assert.notDeepEqual(errors({ ...code, more: 1 }, '#/$defs/code'), [], 'a key that nobody knows passes');
  assert.notDeepEqual(errors({ ...code, retry: 'sometimes' }, '#/$defs/code'), [], 'a word that nobody knows passes');
  return `${data.codes.length} codes fit the schema`;
}

/** The OpenAPI document is valid, and so are its examples. */
async function openApiFits(site) {
  const document = json(site, 'openapi.json');
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 2));
  const { responses, schemas } = document.components;
  const problem = validator(schemas.Problem);
  let examples = 0;
  for (const [name, { content }] of Object.entries(responses)) {
    for (const { value } of Object.values(content['application/problem+json'].examples)) {
      assert.deepEqual(problem(value), [], name);
      examples += 1;
    }
  }
  return `${Object.keys(responses).length} responses with ${examples} examples are valid OpenAPI`;
}

/** Every command of the page runs, on the built files, and prints something. */
function examplesRun(site) {
  const page = readFileSync('content/pages/data.md', 'utf8');
  const script = /```sh\n([^`]*)```/.exec(page)[1];
  const folder = mkdtempSync(join(tmpdir(), 'status-guide-data-'));
  const lines = script.split('\n').filter((line) => line && !line.startsWith('#'));
  assert.ok(lines[0].startsWith('GUIDE='));
  const guide = pathToFileURL(resolve(site)).href;
  let printed = 0;
  for (const line of lines.slice(1)) {
    const said = execFileSync('bash', ['-euo', 'pipefail', '-c', line], { cwd: folder, env: { ...process.env, GUIDE: guide }, encoding: 'utf8' });
    if (line.endsWith('-o codes.json')) continue;
    assert.ok(said.trim().length > 20, `${line}\nprinted ${said}`);
    printed += 1;
  }
  rmSync(folder, { recursive: true });
  return `${printed} examples of the page run`;
}

for (const site of sites) {
  for (const check of [schemaFits, openApiFits, examplesRun]) console.log(`${site}: ${await check(site)}`);
}
