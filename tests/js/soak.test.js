// hosts: node20
/** The soak of tests/soak/tasks.js, shorter. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../soak/tasks.js';

test('an hour of virtual time: 360,000 tasks sleep, wait, time out, fail and are cancelled; nothing is left and memory is flat', async () => {
  let said = '';
  assert.deepEqual(await soak(360_000, (text) => void (said += text)), [], said);
  assert.match(said, /all: 360000 of 360000/);
});
