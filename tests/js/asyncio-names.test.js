// hosts: node20
/** docs/asyncio.md says of every public name of CPython's asyncio what it is here, and names nothing that is not there. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './programs/tools.js';

const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
const page = read('docs/asyncio.md');
const rows = [...page.matchAll(/^\| (.*?) \| (.*) \|$/gm)].filter(([, left]) => left !== 'asyncio' && !left.startsWith('--'));
const names = read('tests/conformance/asyncio-names.txt').split('\n').filter((line) => line && !line.startsWith('#'));

test('every name of asyncio is in the table, once', () => {
  assert.ok(names.length > 200);
  const listed = rows.flatMap(([, left]) => left.startsWith('(') ? [] : [...left.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  assert.deepEqual([...listed].sort(), [...names].sort());
});

test('every name of ours on the page is in the headers', () => {
  const headers = ['src/wasyncio.h', ...readdirSync(join(root, 'src/wasyncio')).map((name) => `src/wasyncio/${name}`)].map(read).join('\n');
  const ours = new Set([...page.matchAll(/`(wio_\w+)\(\)`|`(WIO_\w+)`/g)].map(([, call, macro]) => call ?? macro));
  assert.ok(ours.size > 100);
  for (const name of ours) assert.match(headers, new RegExp(`\\b${name}\\b`), name);
});

test('every rule that cancellation.md lists has its section', () => {
  const rules = [...read('docs/cancellation.md').matchAll(/^\| ([A-Z]+) \|/gm)].map(([, name]) => name);
  assert.ok(rules.length >= 10);
  for (const name of rules) assert.ok(page.includes(`\n### ${name}\n`), name);
});
