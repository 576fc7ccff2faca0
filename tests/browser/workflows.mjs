// The workflows of GitHub Actions fit their published schema, take every action
// at a commit, and have no more rights than they need.
//
//   node tests/browser/workflows.mjs PACKAGES
//   node tests/browser/workflows.mjs --run JOB FOLDER
//
// PACKAGES is where tests/python-packages.txt was installed; one of them has the
// schema. With --run, the commands of a job of pages.yml are run as they stand
// in FOLDER, a clone, with what the actions before them would have said.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const ROOT = new URL('../../', import.meta.url).pathname;
const SCHEMAS = 'check_jsonschema/builtin_schemas/vendor';
const FILES = {
  '.github/workflows/pages.yml': 'github-workflows.json',
  'init/pages.yml': 'github-workflows.json',
};
/** What `actions/configure-pages` says of a project. */
const PAGES = 'https://example.github.io/repo';

const read = (file) => parse(readFileSync(join(ROOT, file), 'utf8'));

function run(name, folder) {
  const job = read('.github/workflows/pages.yml').jobs[name];
  assert.ok(job, `there is no job ${name}`);
  for (const step of job.steps.filter((it) => it.run)) {
    const values = Object.entries(step.env ?? {}).map(([key, value]) =>
      [key, value.replace('${{ steps.pages.outputs.base_url }}', PAGES)]);
    console.log(`$ ${step.run}`);
    // As the runner does for `shell: bash` on Linux.
    const { status } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', step.run], {
      cwd: folder, env: { ...process.env, ...Object.fromEntries(values), CI: 'true' }, stdio: 'inherit',
    });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

function check(packages) {
  const validate = (schema, value) => {
    const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
    const isValid = ajv.compile(JSON.parse(readFileSync(join(packages, SCHEMAS, schema), 'utf8')));
    return isValid(value) ? [] : isValid.errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
  for (const [file, schema] of Object.entries(FILES)) {
    const workflow = read(file);
    assert.deepEqual(validate(schema, workflow), [], file);
    assert.deepEqual(workflow.permissions, { contents: 'read' }, `${file}: jobs ask for more by themselves`);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      for (const { uses } of job.steps.filter((step) => step.uses)) {
        assert.match(uses, /@[0-9a-f]{40}$/, `${file}, ${name}: not at a commit`);
      }
    }
    const comments = readFileSync(join(ROOT, file), 'utf8').matchAll(/uses: .*@[0-9a-f]{40}(.*)/g);
    for (const [line, comment] of comments) assert.match(comment, /^ # v\d+\.\d+\.\d+$/, `${file}: which version is ${line}?`);
    // The schema must be able to refuse.
    assert.notDeepEqual(validate(schema, { ...workflow, jobs: { broken: { 'runs-on': 1 } } }), []);
    console.log(`${file} fits the schema.`);
  }
}

const [first, ...rest] = process.argv.slice(2);
if (!first) {
  console.error('usage: node tests/browser/workflows.mjs PACKAGES, or --run JOB FOLDER');
  process.exit(2);
}
if (first === '--run') process.exitCode = run(...rest);
else check(first);
