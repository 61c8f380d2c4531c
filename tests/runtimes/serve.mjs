// Deno and Bun: serve.mjs app.wasm. Says its port. /tasks is not asked of C: how many tasks there are.
import { load } from '../../src/js/node.js';

const app = await load(process.argv[2]);
const fetch = (request) => (request.url.endsWith('/tasks') ? new Response(String(app.tasks().length)) : app.exports.fetch(request));

if (globalThis.Deno) Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: ({ port }) => console.log(JSON.stringify({ port })) }, fetch);
else console.log(JSON.stringify({ port: Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch }).port }));
