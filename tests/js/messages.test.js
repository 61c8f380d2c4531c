/** What the host keeps for a WebSocket: nothing of the operations that are over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Memory } from '../../src/host/memory.js';
import { socketOperations } from '../../src/host/messages.js';
import { operations as streamOperations } from '../../src/host/stream.js';

setFlagsFromString('--expose-gc');
const collect = /** @type {() => void} */ (runInNewContext('gc'));

/** Live bytes: what the first collection finds dead is still counted. */
function live() {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

test('200,000 messages received leave nothing behind', () => {
  const memory = new Memory(new WebAssembly.Memory({ initial: 1 }));
  const host = /** @type {any} */ ({ memory, code: () => -1, exports: {} });
  const complete = () => {};
  /** @type {any} */
  let events;
  const socket = { send() {}, isFull: () => false, close() {}, destroy() {}, pause() {}, resume() {} };
  streamOperations(host, complete);
  const { starts } = socketOperations(host, complete, (_, given) => {
    events = given;
    return socket;
  });
  const [url, request, receive] = [100, 200, 300];
  memory.write(url, memory.encode('ws://x/\0'));
  memory.setU32(request, url);
  memory.setU32(request + 12, 1 << 20);
  memory.setU32(request + 16, 1 << 24);
  memory.setU32(receive, 1);
  starts[56](1, request);
  events.opened('');
  let id = 2;
  const run = (/** @type {number} */ times) => {
    for (let i = 0; i < times; i++) {
      starts[58](id++, receive);
      events.message(new Uint8Array(1), true);
    }
  };
  run(1000);
  const before = live();
  run(200_000);
  const grown = live() - before;
  assert.ok(grown < 2_000_000, `${grown} bytes more`); // one entry each were 7 MB
});
