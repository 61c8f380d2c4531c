// hosts: node20
/** What must not grow unseen: counts of instructions, which do not depend on the machine. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { advice, compare, measure, show } from '../../bench/check.js';

const record = JSON.parse(readFileSync(new URL('../../bench/check/record.json', import.meta.url), 'utf8'));

describe('bench/check.js', () => {
  it('finds that nothing costs more instructions or bytes than recorded', async () => {
    const rows = compare(record, await measure());
    assert.deepEqual(rows.filter(({ verdict }) => verdict === 'worse' || verdict === 'new'), [], `\n${show(rows)}\n${advice(rows)}`);
  });

  it('says what has grown, by how much, and what to type', () => {
    const rows = compare({ 'a yield': 100, 'a task': 200, 'a cancel': 50 }, { 'a yield': 104, 'a task': 150, 'a cancel': 51 });
    assert.deepEqual(rows.map(({ verdict }) => verdict), ['worse', 'better', 'same']);
    assert.match(show(rows), /a yield +104 +100 {2}\+4\.0 %/);
    assert.equal(advice(rows), 'worse: a yield. Find out why; if it is worth it, type: node bench/check.js --write');
    assert.match(advice(compare({}, { 'a yield': 1 })), /new\. So that it stays so, type: node bench\/check\.js --write/);
    assert.equal(advice(compare({ 'a yield': 1 }, { 'a yield': 1 })), '');
  });
});
