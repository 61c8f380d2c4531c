// Drives 11_javascript.c: wasyncio build 11_javascript.c -o 11.wasm && node 11_javascript.mjs 11.wasm
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from 'wasyncio';

const app = await load(process.argv[2], {
  imports: {
    async ask(question) {
      await sleep(50);
      if (question.includes('Captain')) throw new Error('the Captain does not answer');
      return 'Ada';
    },
  },
});

const { add_later, greet, divide } = app.exports;

console.log(await add_later(1, 2));

const sums = await Promise.all(Array.from({ length: 1000 }, (_, i) => add_later(i, i)));
console.log(`${sums.length} calls at once, the last is ${sums.at(-1)}`);

console.log(await greet('Countess'));
await greet('Captain').catch((error) => console.log(`${error.name}: ${error.message}`));
await divide(1, 0).catch((error) => console.log(`${error.name}: ${error.message}`));

const controller = new AbortController();
setTimeout(() => controller.abort(), 20);
await add_later(1, 2, { signal: controller.signal }).catch((error) => console.log(`aborted: ${error.name}`));

await app.close();
