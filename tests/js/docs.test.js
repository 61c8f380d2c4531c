// hosts: node20
/** The documentation says what is: its code runs, its links lead somewhere, its reference is the header's, its boundaries hold. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, normalize, relative } from 'node:path';
import { describe, test } from 'node:test';
import { makeReference } from '../../docs/make-reference.js';
import { buildExample } from '../../examples/build.js';
import { examples } from '../../examples/list.js';
import { root } from '../../examples/needs.js';
import { App, load } from '../../src/js/node.js';

const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');

const pages = ['README.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

/** Fenced blocks, each with the comment right above it. @param {string} page @returns {{ about: string | undefined, language: string, text: string }[]} */
function blocks(page) {
  return [...read(page).matchAll(/(?:^<!-- (.+?) -->\n)?^```(\w*)\n([^]*?)^```$/gm)].map(([, about, language, text]) => ({ about, language, text }));
}

/** What the command prints. @param {string} line "wasyncio run --help" */
function printed(line) {
  const { stdout, status } = spawnSync(process.execPath, [join(root, 'src/js/cli/main.js'), ...line.split(' ').slice(1)], { encoding: 'utf8' });
  assert.equal(status, 0, line);
  return stdout;
}

/** What a block must be, by the comment above it. @param {string} about @returns {string | undefined} */
const meant = (about) => (about.startsWith('wasyncio ') ? printed(about) : existsSync(join(root, about)) ? read(about) : undefined);

describe('code blocks', () => {
  for (const page of ['README.md', 'docs/js-reference.md'])
    test(`${page}: each is the file or the output that it names`, () => {
      for (const { about, text } of blocks(page)) {
        if (about && about !== 'commands') assert.equal(text, meant(about), about);
        if (page === 'README.md') assert.ok(about, `no comment says what this is:\n${text}`);
      }
    });

  test('README.md: each file is one that the tests of the examples run', () => {
    const run = examples.flatMap(({ name, driver }) => [`examples/${name}.c`, `examples/${name}.py`, ...(driver ? [`examples/${driver}`] : [])]);
    for (const { about } of blocks('README.md')) if (about && existsSync(join(root, about))) assert.ok(run.includes(about), about);
    assert.match(read('tests/js/examples.test.js'), /for \(const \{[^}]*\} of examples\)/);
  });

  test('README.md: each command is a target of the Makefile', () => {
    const targets = [...read('Makefile').matchAll(/^(\w+):.*## /gm)].map(([, name]) => name);
    const commands = [...read('README.md').matchAll(/`make (\w+)`|^make (\w+)/gm)].map(([, one, two]) => one ?? two);
    assert.ok(commands.includes('run') && commands.includes('test'));
    for (const name of commands) assert.ok(targets.includes(name), `make ${name}`);
  });

  test('README.md: every example is in its table', () => {
    for (const { name } of examples) assert.ok(read('README.md').includes(`](examples/${name}.c)`), name);
  });

  for (const page of ['cancellation', 'debugging'])
    test(`${page}.md: each program prints what stands below it`, async () => {
      const found = blocks(`docs/${page}.md`);
      const folder = join(root, 'build/docs');
      mkdirSync(folder, { recursive: true });
      const programs = found.flatMap(({ language, text }, i) => (language === 'c' ? [{ text, expected: found[i + 1].text }] : []));
      assert.ok(programs.length >= 5);
      for (const [i, { text, expected }] of programs.entries()) {
        const name = `docs_${page}_${i + 1}`;
        const source = join(folder, `${name}.c`);
        writeFileSync(source, text);
        const module = await buildExample(name, undefined, source);
        let said = '';
        const hear = (/** @type {string} */ part) => void (said += part);
        const app = await load(module, { clock: 'virtual', stdout: hear, stderr: hear });
        assert.equal((await app.run()) === 0, !/^wasyncio: main\(\) failed/m.test(expected));
        // file and line of this copy; which stream came first does not matter
        const lines = (/** @type {string} */ all) => all.replace(/\b\w+\.c:/g, 'x.c:').split('\n').sort();
        assert.deepEqual(lines(said), lines(expected), text);
      }
    });

  test('debugging.md: each command prints what stands below it', () => {
    const commands = blocks('docs/debugging.md').filter(({ language }) => language === 'console');
    assert.ok(commands.length >= 2);
    for (const { text } of commands) {
      const [line, ...rest] = text.split('\n');
      const words = line.replace('$ wasyncio ', '').split(' ');
      const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'src/js/cli/main.js'), ...words], { cwd: join(root, 'tests/js/programs'), encoding: 'utf8' });
      assert.equal(stdout + stderr, rest.join('\n'), line);
    }
  });
});

describe('links', () => {
  /** GitHub's anchors. @param {string} page */
  function anchors(page) {
    /** @type {string[]} */
    const found = [];
    for (const [, heading] of read(page).replace(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)) {
      const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, '').replace(/ /g, '-');
      const again = found.filter((each) => each.replace(/-\d+$/, '') === plain).length;
      found.push(again ? `${plain}-${again}` : plain);
    }
    return found;
  }

  for (const page of pages)
    test(`${page}: every relative one leads somewhere`, () => {
      const text = read(page).replace(/^```[^]*?^```$/gm, '');
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^\w+:/.test(target)) continue;
        const [path, anchor] = target.split('#');
        const file = path ? normalize(join(dirname(page), path)) : page;
        // `node bench/run.js --write` draws it
        if (file !== 'docs/performance.svg') assert.ok(existsSync(join(root, file)), `${page} → ${target}`);
        if (anchor) assert.ok(anchors(file).includes(anchor), `${page} → ${target}`);
      }
    });
});

test('paths that the pages name are there', () => {
  for (const page of pages)
    for (const [, path] of read(page).matchAll(/`((?:src|docs|tests|web|bench|examples|emsdk-config)\/[\w./-]+)`/g)) assert.ok(existsSync(join(root, path)), `${page}: ${path}`);
});

describe('references', () => {
  test('c-reference.md is what the header says', () => {
    assert.ok(read('docs/c-reference.md') === makeReference(), 'run: node docs/make-reference.js');
  });

  test('c-reference.md has every public name of the header', () => {
    const header = ['src/wasyncio.h', ...filesIn('src/wasyncio')].map(read).join('\n').replace(/\/\*[^]*?\*\//g, '').replace(/"(?:\\.|[^"\n])*"/g, '');
    const names = new Set(header.match(/\b(?:wio|WIO)_(?!_)\w+/g));
    assert.ok(names.size > 50);
    const page = read('docs/c-reference.md');
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading).join(' ');
    for (const name of names) assert.ok(headings.includes(`\`${name}\``), name);
  });

  test('js-reference.md has everything an App has', async () => {
    const page = read('docs/js-reference.md');
    const app = await load(await buildExample('02_call_or_task'));
    const members = [...Object.getOwnPropertyNames(App.prototype).filter((name) => name !== 'constructor'), ...Object.keys(app)];
    assert.deepEqual(members.sort(), ['cancel', 'close', 'exports', 'run', 'tasks']);
    for (const name of members) assert.ok(page.includes(`\n### \`app.${name}`), name);
  });

  test('js-reference.md has every option of load()', async () => {
    const page = read('docs/js-reference.md');
    const { message } = await load('', /** @type {any} */ ({ none: 1 })).catch((error) => error);
    const options = /there are (.*)/.exec(message)?.[1].split(', ') ?? [];
    assert.ok(options.length >= 8, message);
    const table = page.slice(page.indexOf('| option |'), page.indexOf('## `App`'));
    for (const option of options) assert.ok(table.includes(`\`${option}\``), option);
  });
});

/* ------------------------------------------------------------------------------------------------- boundaries --- */

/** Every file below a folder. @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesIn(path) : [path];
  });
}

/** What a C file includes of ours, from the root. @param {string} file */
const includes = (file) => [...read(file).matchAll(/^\s*#\s*include "([^"]+)"/gm)].map(([, path]) => relative(root, join(root, dirname(file), path)));

/** What a JavaScript file imports when it runs (types do not count): paths from the root, or names. @param {string} file */
function imports(file) {
  const code = read(file).replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = [...code.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, path]) => path);
  return found.map((path) => (path.startsWith('.') ? relative(root, join(root, dirname(file), path)) : path));
}

const isC = (/** @type {string} */ file) => ['.c', '.h', '.S'].includes(extname(file));
const isJs = (/** @type {string} */ file) => extname(file) === '.js';

describe('boundaries', () => {
  /** @type {[string, RegExp][]} */
  const inC = [
    ['src/context', /^src\/context\//],
    ['src/host', /^src\/wasyncio\.h$/],
    ['src/core', /^src\/(core\/|context\/(context\.h|intrinsics\.inc)$|host\/host\.h$|wasyncio\.h$)|^src\/(report\/note|tasks\/tasks|debug\/watch)\.h$/],
    ['src/tasks', /^src\/(tasks\/|core\/(core|called)\.h$|report\/text\.h$)/],
    ['src/report', /^src\/(report\/|core\/core\.h$)/],
    ['src/debug', /^src\/(debug\/|core\/core\.h$|report\/text\.h$)/],
    ['src/sync', /^src\/(sync\/|core\/(core\.h|wait\.inc)$|tasks\/future\.h$)/],
    ['src/io', /^src\/(io\/|core\/(core|ids)\.h$|report\/text\.h$)/],
    ['src/http', /^src\/(http\/|io\/fetch\.h$|core\/core\.h$|report\/text\.h$)/],
    ['src/json', /^src\/(json\/|core\/core\.h$|report\/text\.h$|wasyncio\.h$)/],
    ['src/files', /^src\/files\//],
  ];
  for (const [folder, allowed] of inC)
    test(`${folder}: C`, () => {
      const files = filesIn(folder).filter(isC);
      assert.ok(files.length);
      for (const file of files) {
        if (file === 'src/context/native.c') continue; // for sanitizers only: it reports what they find
        for (const path of includes(file)) assert.match(path, allowed, file);
      }
    });

  test('the header and the examples know the C library alone', () => {
    for (const path of includes('src/wasyncio.h')) assert.match(path, /^src\/wasyncio\//);
    for (const file of filesIn('src/wasyncio')) assert.deepEqual(includes(file), [], file);
    for (const file of filesIn('examples').filter(isC)) assert.deepEqual(includes(file), [], file);
  });

  /** What makes the page, and is not in it. @param {string} file */
  const isWebBuild = (file) => /^web\/(build|serve|files|programs|compiler\/parts)\.js$/.test(file);
  /** @type {[string, RegExp, (file: string) => boolean][]} */
  const inJs = [
    ['src/host', /^src\/host\//, () => true],
    ['src/js', /^(src\/js\/(?!cli|node)|src\/host\/|@bjorn3\/browser_wasi_shim$)/, (file) => dirname(file) === 'src/js' && file !== 'src/js/node.js'],
    ['src/js', /^(src\/js\/[^/]+$|src\/node\/|node:)/, (file) => file === 'src/js/node.js'],
    ['src/js/interop', /^src\/js\/interop\//, () => true],
    ['src/js/workers', /^src\/(js\/(workers|interop|system|words)\/|host\/)/, (file) => basename(file) !== 'node-worker.js'],
    ['src/js/workers', /^(src\/js\/workers\/jobs\.js|node:worker_threads)$/, (file) => basename(file) === 'node-worker.js'],
    ['src/js/system', /^(src\/js\/system\/|src\/host\/filestat\.js$|@bjorn3\/browser_wasi_shim$)/, () => true],
    ['src/js/debug', /^src\/js\/(debug\/|words\/|options\.js$)/, () => true],
    ['src/js/words', /^src\/js\/words\//, () => true],
    ['src/node', /^(src\/node\/|src\/host\/|node:|@bjorn3\/browser_wasi_shim$|ws$|tldts$|undici\/)/, () => true],
    ['src/js/cli', /^(src\/js\/cli\/|src\/js\/(node|debug\/chrome-trace)\.js$|emsdk-config\/|node:)/, () => true],
    ['emsdk-config', /^(emsdk-config\/|node:|@bjorn3\/browser_wasi_shim$)/, () => true],
    ['web', /^(web\/|wasyncio(\/(toolchain|chrome-trace))?$|@codemirror\/|@lezer\/|fflate$|@wasm-fmt\/clang-format\/web$)/, (file) => !isWebBuild(file)],
    ['web', /^(web\/|examples\/\w+\.js$|docs\/make-reference\.js$|emsdk-config\/build\.js$|esbuild$|node:)/, isWebBuild],
  ];
  for (const [folder, allowed, which] of inJs)
    test(`${folder}: JavaScript ${allowed.source}`, () => {
      const files = filesIn(folder).filter(isJs).filter(which);
      assert.ok(files.length);
      for (const file of files) for (const path of imports(file)) assert.match(path, allowed, file);
    });
});
