/** What is measured of the page: for the test, which has generous bounds, and for bench/page.js, which prints it. */
import { readFileSync, readdirSync } from 'node:fs';
import { FOLDER, open, pressRun, typeAt, untilEnded, untilPrinted } from './playground.js';

/** @typedef {import('./playground.js').Visit} Visit */

/**
 * From opening the page, with empty caches, to the first output of its first program; ms.
 * @param {Visit} visit
 */
export async function firstOutput({ page, origin }) {
  const context = await page.browser().createBrowserContext();
  try {
    const fresh = await context.newPage();
    fresh.setDefaultTimeout(90_000);
    await fresh.goto(`${origin}/${FOLDER}/`, { waitUntil: 'domcontentloaded' });
    return await fresh.evaluate(
      () =>
        new Promise((resolve) => {
          const timer = setInterval(() => {
            if (document.querySelector('#panel-console .out:not(.sys)')) clearInterval(timer), resolve(performance.now());
            else if (document.body.classList.contains('first-visit') && document.querySelectorAll('#editor .cm-line').length > 3) /** @type {HTMLElement} */ (document.getElementById('run')).click();
          }, 10);
        }),
    );
  } finally {
    await context.close();
  }
}

/**
 * From the last key of an edit, with Run pressed at once, to the output of the edited program; ms. The first edit of a
 * profile fetches the toolchain; `pause`: before Run, in ms.
 * @param {Visit} visit @param {number} times @param {{ pause?: number }} [how]
 */
export async function editToOutput(visit, times, { pause = 0 } = {}) {
  const { page, origin } = visit;
  const context = await page.browser().createBrowserContext();
  try {
    const fresh = await context.newPage();
    fresh.setDefaultTimeout(90_000);
    await open({ ...visit, page: fresh, origin }, 'await');
    const taken = [];
    for (let i = 0; i < times; i++) {
      await typeAt(fresh, 5, `puts("edit ${i}");\n`);
      if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
      const began = performance.now();
      await pressRun(fresh);
      await fresh.waitForFunction((line) => [...document.querySelectorAll('#panel-console .l > .out')].some((row) => row.textContent === line), { polling: 5 }, `edit ${i}`);
      taken.push(performance.now() - began);
      await untilEnded(fresh);
    }
    return taken;
  } finally {
    await context.close();
  }
}

/** Resident memory of the process that shows the page: the largest of the browser's; MB. @param {import('puppeteer-core').Page} page */
function memoryOf(page) {
  const root = page.browser().process()?.pid;
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // it has ended meanwhile
    }
  }
  const isOurs = (/** @type {number} */ pid) => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  const sizes = [...parents.keys()].filter(isOurs).map((pid) => {
    try {
      const isContent = /--type=renderer|-contentproc/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      return isContent ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000 : 0;
    } catch {
      return 0;
    }
  });
  return Math.max(...sizes);
}

/**
 * A run of 10,000 tasks and more than 1,000,000 events: how long a frame takes while lanes scroll and time moves (the 25th,
 * the 50th and the 95th of 100, ms), the longest that the page did not answer while the run grew and ended (ms), the memory of the tab (MB).
 * @param {Visit} visit @param {number} seconds of scrolling
 */
export async function bigRun(visit, seconds) {
  const { page } = visit;
  await open(visit, 'swarm');
  await page.evaluate(() => {
    const all = /** @type {any} */ (globalThis);
    all.longest = 0;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      all.longest = Math.max(all.longest, now - last);
      last = now;
    }, 10);
  });
  await pressRun(page);
  await untilPrinted(page, 'exit code 0');
  await untilEnded(page);
  const { events, tasks } = await page.evaluate(() => {
    const [, tasks = ''] = /of ([\d,.]+) tasks/.exec(document.getElementById('status')?.textContent ?? '') ?? [];
    const [, events = ''] = /([\d,.]+) trace events/.exec(document.getElementById('status')?.textContent ?? '') ?? [];
    return { events: Number(events.replace(/\D/g, '')), tasks: Number(tasks.replace(/\D/g, '')) };
  });
  const longest = await page.evaluate(() => /** @type {any} */ (globalThis).longest);
  const frames = /** @type {number[]} */ (
    await page.evaluate(
      (length) =>
        new Promise((resolve) => {
          const scroller = /** @type {HTMLElement} */ (document.querySelector('.tl-scroll'));
          const end = performance.now() + length;
          /** @type {number[]} */
          const taken = [];
          let last = performance.now();
          let by = 23;
          const frame = (/** @type {number} */ now) => {
            taken.push(now - last);
            last = now;
            if (now > end) return resolve(taken.slice(1));
            if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1 || (by < 0 && scroller.scrollTop === 0)) by = -by;
            scroller.scrollTop += by;
            scroller.dispatchEvent(new WheelEvent('wheel', { deltaX: taken.length % 80 < 40 ? 12 : -12, bubbles: true, cancelable: true, clientX: 900, clientY: 400 }));
            requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
        }),
      seconds * 1000,
    )
  );
  const sorted = [...frames].sort((a, b) => a - b);
  return { tasks, events, quick: sorted[Math.floor(sorted.length / 4)], median: sorted[Math.floor(sorted.length / 2)], worst: sorted[Math.floor(sorted.length * 0.95)], longest, memory: memoryOf(page) };
}
