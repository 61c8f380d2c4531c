/** "Download as a project": C files, package.json and a README, in a zip that runs with two commands. */
import { strToU8, zipSync } from 'fflate';

/** @param {Record<string, string>} files @param {{ name: string, title: string, version: string, tools: Record<string, string>, seed: number | null }} about `tools`: the compiler's packages */
export function project(files, { name, title, version, tools, seed }) {
  const sources = Object.keys(files).filter((file) => file.endsWith('.c')).join(' ');
  const start = `wasyncio run ${sources} --toolchain npm${seed === null ? '' : ` --seed ${seed}`}`;
  const description = { name, private: true, scripts: { start, build: `wasyncio build ${sources} --toolchain npm -o ${name}.wasm` }, dependencies: { wasyncio: version }, devDependencies: tools };
  const readme = `# ${title}

A C program for wasyncio, made in its playground.

    npm install
    npm start

The first command needs Node.js 20 or newer, and brings the compiler, 120 MB. Where Emscripten is installed, the scripts do
without \`--toolchain npm\`. Programs that ask for \`https://server.example\` talked to a simulated API in
the playground; here, give them a server of your own: \`npm start -- -- http://localhost:8000\`.
`;
  const texts = { ...files, 'package.json': `${JSON.stringify(description, null, 2)}\n`, 'README.md': readme };
  return zipSync(Object.fromEntries(Object.entries(texts).map(([file, text]) => [`${name}/${file}`, strToU8(text)])));
}

/** @param {Uint8Array} bytes @param {string} name */
export function download(bytes, name) {
  const url = URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: 'application/zip' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
