/** `node bench/peers/pyodide.js PACKAGE WORKLOAD - NUMBERS…`: asyncio_peer.py in Pyodide, whose event loop is JavaScript's. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Report } from './report.js';

const [pkg, workload, , ...numbers] = process.argv.slice(2);
const report = new Report();
const { loadPyodide } = await import(pathToFileURL(pkg).href);
const python = await loadPyodide();
python.FS.writeFile('/home/pyodide/asyncio_peer.py', readFileSync(new URL('asyncio_peer.py', import.meta.url)));
python.globals.set('host_mark', (/** @type {'before' | 'after'} */ moment) => report.mark(moment));
const each = await python.runPythonAsync(`
import asyncio_peer
asyncio_peer.mark = host_mark
await asyncio_peer.workloads[${JSON.stringify(workload)}](${numbers.map(Number).join(', ')})
asyncio_peer.values["each"]
`);
report.values.each = each.toJs();
report.end();
