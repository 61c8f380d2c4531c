/** JavaScript says of errors and misuse what C says: src/js/words/words.js is made of C's headers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { words } from '../../scripts/words.js';
import { root } from './programs/tools.js';

test('src/js/words/words.js is that of the headers: node scripts/words.js', async () => {
  assert.equal(readFileSync(join(root, 'src/js/words/words.js'), 'utf8'), await words());
});
