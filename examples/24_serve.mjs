// Drives 24_serve.c as Deno, Bun and Cloudflare Workers would, given `export default app.exports`.
import { load } from 'wasyncio';

const app = await load(process.argv[2]);

const say = async (response) => console.log(`${response.status} ${JSON.stringify(await response.text())}`);
const ask = (path, init) => app.exports.fetch(new Request(`http://localhost:8000${path}`, init));

await say(await ask('/'));
await say(await ask('/count?to=3&pause=0.01'));
await say(await ask('/shout', { method: 'POST', body: 'louder' }));
await say(await ask('/nowhere'));

const gone = new AbortController();
setTimeout(() => gone.abort(new Error('the client has gone away')), 20);
const response = await ask('/count?to=1000', { signal: gone.signal });
await response.text().catch((error) => console.log(error.message));
await app.close();
