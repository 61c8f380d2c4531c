/** The page's speed, with bounds ten times as wide as what bench/page.js is to print on a quiet machine. */
import assert from 'node:assert/strict';
import { bigRun, editToOutput, firstOutput } from './figures.js';
import { prepare } from './playground.js';

export { prepare };

const BUSY = 10;

/** @type {Record<string, (visit: import('./playground.js').Visit) => Promise<void>>} */
export const tests = {
  async 'the first output comes soon after opening'(visit) {
    const taken = await firstOutput(visit);
    assert.ok(taken < 1000 * BUSY, `${Math.round(taken)} ms`);
  },

  async 'an edit is compiled and run soon, also the first one'(visit) {
    const [cold, ...warm] = await editToOutput(visit, 3);
    assert.ok(cold < 6000 * BUSY, `the first: ${Math.round(cold)} ms`);
    assert.ok(Math.min(...warm) < 1000 * BUSY, `the next: ${warm.map(Math.round)} ms`);
  },

  async '10,000 tasks and 1,000,000 events can be scrolled, and fit into a tab'(visit) {
    const { tasks, events, quick, memory } = await bigRun(visit, 2);
    assert.equal(tasks, 10_001);
    assert.ok(events > 1_000_000, `${events} events`);
    assert.ok(quick < (1000 / 30) * BUSY, `a frame takes ${Math.round(quick)} ms`); // others only add to it
    assert.ok(memory > 50 && memory < 900, `${Math.round(memory)} MB`);
  },
};
