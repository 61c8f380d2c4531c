/** Records real runs of the programs beside this file, in Node, on the virtual clock, for a page to draw. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from '../../../src/js/node.js';
import { Encoder } from '../../../web/run/events.js';
import { buildExample } from '../../../examples/build.js';
import { root } from '../../../examples/needs.js';

/** ms until the first byte and of the body, by page. */
const LATENCY = [[112, 34], [140, 36], [78, 20], [106, 38], [116, 32], [92, 30], [124, 12], [96, 28], [110, 30], [98, 24], [90, 20], [80, 20]];

/** @type {(bad: number) => import('../../../src/js/options.js').Fetch} */
const answer = (bad) => async (input, { signal }, clock) => {
  const id = Number(new URL(input).pathname.split('/').at(-1));
  const [head, body] = id < 12 ? LATENCY[id] : [40 + ((id * 7919) % 90), 8 + ((id * 104729) % 30)];
  await clock.after(head / 1000, signal ?? undefined);
  const stream = new ReadableStream(
    {
      async pull(controller) {
        await clock.after(body / 1000, signal ?? undefined).then(
          () => (controller.enqueue(new TextEncoder().encode(`page ${id}`)), controller.close()),
          (error) => controller.error(error),
        );
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { status: id === bad ? 500 : 200 });
};

/** @typedef {{ count: number, batches: import('../../../web/run/events.js').Batch[], code: number }} Recorded */

/** @param {string} name @param {string[]} [args] @returns {Promise<Recorded>} */
export async function record(name, args = []) {
  const path = await buildExample(`timeline-${name}`, undefined, join(root, 'tests/page/timeline', `${name}.c`));
  const encoder = new Encoder();
  /** @type {Recorded['batches']} */
  const batches = [];
  let count = 0;
  const app = await load(path, {
    args,
    clock: 'virtual',
    fetch: answer(Number(args[0] ?? 12) > 8119 ? 8119 : 6),
    stdout: () => {},
    stderr: () => {},
    trace: (events) => void ((count += events.length), batches.push(encoder.encode(events))),
  });
  return { code: await app.run(), count, batches };
}

/** Writes what was recorded as one file that the page's reader takes apart (page.js). @param {string} file below build/ @param {Recorded} recorded */
export function save(file, { batches }) {
  const path = join(root, 'build', file);
  mkdirSync(dirname(path), { recursive: true });
  const head = Buffer.from(JSON.stringify(batches.map(({ count, texts, awaits }) => ({ count, texts, awaits }))));
  const parts = batches.flatMap(({ kinds, times, numbers }) => [times, numbers, kinds].map(({ buffer }) => Buffer.from(buffer)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  writeFileSync(path, Buffer.concat([length, head, ...parts]));
  return `/build/${file}`;
}
