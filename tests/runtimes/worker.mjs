// Cloudflare's workerd: a module is imported, not compiled, and what one request has begun no other may wait for, so each has an app.
import module from './app.wasm';
import { load } from '../../src/js/web.js';

const apps = new Set();

export default {
  async fetch(request, env, context) {
    if (request.url.endsWith('/tasks')) return new Response(String([...apps].reduce((sum, app) => sum + app.tasks().length, 0)));
    const app = await load(module);
    apps.add(app);
    // When the client has gone, everything of its request stops at once, unless something is waited for.
    request.signal.addEventListener('abort', () => context.waitUntil(app.close().then(() => apps.delete(app))));
    return app.exports.fetch(request);
  },
};
