/** "Task exception was never retrieved", and the same of futures: for each thing that a program may do with a failure CPython's asyncio reports as often as we do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { loadPyodide } from 'pyodide';
import { open, root } from './programs/tools.js';

/** @type {Record<string, number>} */
let theirs = {};
/** @type {Record<string, string[]>} */
const ours = {};

/** The cases, as the C program has them. */
const names = [...readFileSync(`${root}/tests/js/programs/retrieved.c`, 'utf8').matchAll(/^static int c_(\w+)\(/gm)].map(([, name]) => name);

before(async () => {
  const python = await loadPyodide();
  python.FS.mkdir('/oracle');
  for (const file of ['tests/conformance/python/virtual_loop.py', 'tests/js/programs/retrieved.py']) {
    python.FS.writeFile(`/oracle/${file.split('/').at(-1)}`, readFileSync(`${root}/${file}`, 'utf8'));
  }
  python.runPython("import sys; sys.path.insert(0, '/oracle')");
  theirs = JSON.parse(python.pyimport('retrieved').all_reports());

  const { app, said } = await open('retrieved', { clock: 'virtual' });
  assert.equal(await app.run(), 0);
  let name = '';
  for (const line of said.stderr.trimEnd().split('\n')) {
    if (line.startsWith('case ')) ours[(name = line.slice(5))] = [];
    else if (line.startsWith('wasyncio: ')) ours[name].push(line);
  }
});

describe('reports', () => {
  test('both have the same cases', () => {
    assert.deepEqual(Object.keys(theirs).sort(), [...names].sort());
    assert.ok(names.length > 20 && new Set(Object.values(theirs)).size > 1);
  });

  for (const name of names) {
    test(name, () => {
      assert.equal(ours[name].length, theirs[name], ours[name].join('\n'));
      for (const line of ours[name]) assert.match(line, /failed and nobody looked: EIO: \w+ at retrieved\.c:\d+; created at retrieved\.c:\d+$/);
    });
  }
});
