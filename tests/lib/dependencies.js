/** Installs what the chosen tests need. What cannot be installed is an error, never a reason to skip. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { ROOT, nodeBinary } from './hosts.js';
import { execute } from './process.js';
import { tail } from './suite.js';

const INSTALL_TIMEOUT = 900_000;

/** @param {string} file */
const exists = (file) => access(file).then(() => true, () => false);

/** @param {string} command @param {string[]} args */
async function must(command, args) {
  console.error(`# ${command} ${args.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const outcome = await execute(command, args, { cwd: ROOT, env, timeout: INSTALL_TIMEOUT });
  if (outcome.code !== 0) throw new Error(`could not run "${command} ${args.join(' ')}": ${tail(outcome.stdout, 5)}\n${tail(outcome.stderr, 10)}`);
}

/** The packages of package.json. Node 26 stands for all: it is the biggest of them. */
async function npmPackages() {
  const needed = [nodeBinary('node26'), ...['puppeteer-core', 'esbuild', '@bjorn3/browser_wasi_shim', 'pyodide'].map((name) => path.join(ROOT, 'node_modules', name))];
  const there = await Promise.all(needed.map(exists));
  if (there.every(Boolean)) return;
  await must('npm', [(await exists(path.join(ROOT, 'package-lock.json'))) ? 'ci' : 'install', '--no-audit', '--no-fund']);
  for (const file of needed) if (!(await exists(file))) throw new Error(`npm did not install ${path.relative(ROOT, file)}`);
}

/** A file of each Debian package that tells whether it is there. @type {Record<string, string>} */
const DEBIAN = {
  chromium: '/usr/bin/chromium',
  'firefox-esr': '/usr/bin/firefox-esr',
  clang: '/usr/bin/clang',
  llvm: '/usr/bin/llvm-cov',
  'libclang-rt-14-dev': '/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.asan_static-x86_64.a',
};

/** @param {string[]} names keys of DEBIAN */
async function debianPackages(names) {
  /** @type {string[]} */
  const missing = [];
  for (const name of names) if (!(await exists(DEBIAN[name]))) missing.push(name);
  if (!missing.length) return;
  const [apt, ...first] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  await must(apt, [...first, 'update', '-q']);
  await must(apt, [...first, 'install', '-y', '-q', '--no-install-recommends', ...missing]);
}

/** @param {Set<string>} suites @param {Set<string>} places */
export async function install(suites, places) {
  await npmPackages();
  const names = [];
  if (places.has('chromium')) names.push('chromium');
  if (places.has('firefox')) names.push('firefox-esr');
  if (suites.has('native')) names.push('clang', 'llvm', 'libclang-rt-14-dev');
  await debianPackages(names);
}
