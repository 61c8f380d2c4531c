/**
 * dist/: the package for web pages, as minified ES modules. web.js is what every program needs; the chunks beside it are
 * imported when a module needs them. Node runs the sources as they are, for stack traces that can be read.
 */
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {import('esbuild').BuildOptions} */
const common = { bundle: true, minify: true, format: 'esm', target: 'es2022', platform: 'browser', sourcemap: true, logLevel: 'warning' };

/**
 * wasi.js is a bundle of its own, with the shim in it, and files.js another, with what it needs of it: esbuild's helpers for
 * the shim's namespaces would otherwise make a chunk that everything loads.
 * @type {import('esbuild').Plugin}
 */
const wasiApart = {
  name: 'wasi-apart',
  setup({ onResolve }) {
    // ours: the shim has a wasi.js, too
    onResolve({ filter: /\/(wasi|files|libc-stdin)\.js$/ }, ({ path, importer }) => (importer.startsWith(join(root, 'src')) ? { path: `./${basename(path)}`, external: true } : undefined));
  },
};

/** @param {string} outdir */
export async function buildDist(outdir) {
  await build({ ...common, entryPoints: [join(root, 'src/js/web.js')], splitting: true, chunkNames: '[name]-[hash]', plugins: [wasiApart], outdir });
  await build({ ...common, entryPoints: [join(root, 'src/js/system/wasi.js')], plugins: [wasiApart], outdir });
  for (const name of ['files', 'libc-stdin']) await build({ ...common, entryPoints: [join(root, `src/js/system/${name}.js`)], outdir });
  await build({ ...common, entryPoints: { toolchain: join(root, 'emsdk-config/npm/toolchain.js') }, outdir });
  // whole, so that it can be copied to wherever a page's scripts are
  await build({ ...common, entryPoints: [join(root, 'src/js/workers/executor-worker.js')], outdir });
  copyFileSync(join(root, 'node_modules/@bjorn3/browser_wasi_shim/LICENSE-MIT'), join(outdir, 'wasi.js.LICENSE.txt'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdir = join(root, 'dist');
  // types/ is made by tsc, the sysroot by emsdk-config/sysroot.js, and others may be reading it; chunks are named after their
  // contents, so those of the last build would stay
  for (const name of readdirSync(root).includes('dist') ? readdirSync(outdir) : []) if (name !== 'types' && !name.startsWith('sysroot.')) rmSync(join(outdir, name), { recursive: true });
  await buildDist(outdir);
}
