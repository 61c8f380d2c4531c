/**
 * A child process: runs programs on CPython's asyncio. Each line in is a JSON array of programs, each line out the array of
 * their traces (null where asyncio gave up).
 */
import { readFile, readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const folder = fileURLToPath(new URL('.', import.meta.url));
const python = await loadPyodide({ stdout: (text) => process.stderr.write(`${text}\n`), stderr: (text) => process.stderr.write(`${text}\n`) });
python.FS.mkdir('/oracle');
for (const name of (await readdir(folder)).filter((name) => name.endsWith('.py'))) {
  python.FS.writeFile(`/oracle/${name}`, await readFile(`${folder}${name}`, 'utf8'));
}
python.runPython("import sys; sys.path.insert(0, '/oracle')");
const runAll = python.pyimport('interpreter').run_all;

try {
  for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${runAll(line)}\n`);
} catch (error) {
  // Not the way Node prints it: with a line of pyodide's source that is a megabyte long.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
