/**
 * What programs that are compiled already rely on, beside what is written down in abi.txt: sizes and offsets of the public structs,
 * values of the enums, prototypes, and the names that modules and their host call each other by. Whoever changes one of these wants
 * to know it; then `node tests/js/abi.test.js --write`, and, if older modules no longer run, the number in src/core/entry.c.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findToolchain } from '../../emsdk-config/find.js';
import { run } from '../../emsdk-config/process.js';
import { program, root } from './programs/build.js';

const RECORD = join(root, 'tests/js/abi.txt');
/** Together they link most of the library. */
const PROGRAMS = ['echo', 'files', 'http', 'imports', 'jobs', 'process', 'runner', 'serve', 'timers', 'traced'];

const sources = ['src/wasyncio.h', ...readdirSync(join(root, 'src/wasyncio')).sort().map((name) => `src/wasyncio/${name}`)].map((name) => readFileSync(join(root, name), 'utf8'));
const headers = sources.map((text) => text.replace(/\/\*.*?\*\//gs, ' ').replace(/\/\/.*$/gm, ' ')).join('\n');

/** Layouts of the records that the headers define, by the compiler. */
async function records() {
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-abi-'));
  try {
    const { emcc, env } = await findToolchain();
    writeFileSync(join(scratch, 'all.c'), '#include <wasyncio.h>\n');
    const { status, stdout, stderr } = await run(emcc, [`-I${join(root, 'src')}`, '-fsyntax-only', '-Xclang', '-fdump-record-layouts-complete', join(scratch, 'all.c')], { env });
    assert.equal(status, 0, stderr);
    const dumps = stdout.split(/\*\*\* Dumping AST Record Layout\n/).slice(1).map((dump) => dump.split('\n\n')[0].trimEnd().replace(/\b_Bool\b/g, 'bool'));
    return dumps.filter((dump) => /^ *0 \| (struct |union )?wio_/.test(dump)).sort();
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Each name with its value, in order. */
function enums() {
  return [...headers.matchAll(/\benum\s*\w*\s*\{([^}]*)\}/g)].flatMap(([, list]) => {
    let next = 0;
    return list.split(',').map((part) => part.trim()).filter(Boolean).map((part) => {
      const [name, value] = part.split('=').map((each) => each.trim());
      if (value !== undefined) next = Number(value);
      assert.ok(Number.isInteger(next), `${part}: a number that this test can read`);
      return `${name} = ${next++}`;
    });
  });
}

/** Prototypes and names of macros, as the headers have them. */
function names() {
  const flat = headers.replace(/\\\n/g, ' ');
  const macros = [...flat.matchAll(/^[ \t]*#[ \t]*define[ \t]+(wio_\w+|WIO_\w+)(\([^)]*\))?/gm)].map(([, name, parameters = '']) => `#define ${name}${parameters}`);
  const code = flat.replace(/^[ \t]*#.*$/gm, '');
  const prototypes = [...code.matchAll(/(?<=^|[;}{])\s*((?:[A-Za-z_][\w ]*[ *]+)wio_\w+\([^{};]*\)[^{};]*);/g)].map(([, text]) => text.replace(/\s+/g, ' ').trim());
  return [...new Set([...macros.sort(), ...prototypes.sort()])];
}

/** What modules export and import, apart from what the program itself does. */
async function modules() {
  const all = new Set();
  for (const name of PROGRAMS) {
    const module = await WebAssembly.compile(readFileSync(await program(name)));
    for (const { name } of WebAssembly.Module.exports(module)) if (/^(wio__(?!body_|entry_)|asyncify|memory$|_initialize$)/.test(name)) all.add(`export ${name}`);
    for (const { module: from, name } of WebAssembly.Module.imports(module)) if (from === 'wasyncio') all.add(`import ${name}`);
  }
  return [...all].sort();
}

const now = async () => `${[...(await modules()), '', ...enums(), '', ...names(), '', (await records()).join('\n\n')].join('\n')}\n`;

if (process.argv.includes('--write')) writeFileSync(RECORD, await now());
else
  test('the ABI is the one written down', async () => {
    assert.deepEqual((await now()).split('\n'), readFileSync(RECORD, 'utf8').split('\n'), 'tests/js/abi.txt: if this change is wanted, node tests/js/abi.test.js --write');
  });
