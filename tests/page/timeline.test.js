/** The timeline of web/timeline/, alone on a page, with recordings of real runs of timeline/crawl.c and timeline/many.c. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root as ROOT } from '../../examples/needs.js';
import { record, save } from './timeline/record.js';

/** @typedef {{ page: import('puppeteer-core').Page, origin: string, browser: string, errors: string[] }} Visit */

const FOLDER = 'build/tests/page/timeline';
/** @type {Record<string, string>} */
const files = {};
/** @type {Promise<void> | undefined} */
let prepared;

/** The browsers share it. */
export const prepare = () => (prepared ??= prepareOnce());

async function prepareOnce() {
  await build({
    entryPoints: ['page.js', 'page.css'].map((file) => path.join(ROOT, 'tests/page/timeline', file)),
    outdir: path.join(ROOT, FOLDER),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  for (const [name, args] of /** @type {[string, string[]][]} */ ([['crawl', []], ['stuck', []], ['zoo', []], ['crawl', ['10000', '200']], ['many', ['10000', '9']]])) {
    files[[name, ...args].join(' ')] = save(`tests/page/timeline/${[name, ...args].join('-')}.bin`, await record(name, args));
  }
}

/** @param {Visit} visit @param {string} run @param {{ theme?: string, width?: number, height?: number, options?: object }} [how] */
async function open({ page, origin }, run, { theme = 'light', width = 1440, height = 900, options = {} } = {}) {
  await page.setViewport({ width, height });
  await page.goto(`${origin}/tests/page/timeline/page.html`);
  await page.waitForFunction(() => document.body.dataset.ready === 'yes');
  await page.bringToFront();
  await page.evaluate(
    `(async () => {
      document.documentElement.dataset.theme = '${theme}';
      await open('${files[run]}', { source: '/tests/page/timeline/${run.split(' ')[0]}.c', ...${JSON.stringify(options)} });
      globalThis.task = (name) => view.run.order.find((id) => labels(id) === name);
    })()`,
  );
}

/** Evaluates in the page; the names of page.js are there. @param {Visit} visit @param {string} body of an async function @returns {Promise<any>} */
const inPage = ({ page }, body) => page.evaluate(`(async () => { ${body} })()`);

/** px of the window, of a place of the chart. @param {Visit} visit @param {string} x @param {string} y @returns {Promise<[number, number]>} */
const place = (visit, x, y) => inPage(visit, `const box = timeline.layers.picture.getBoundingClientRect(); return [box.left + (${x}), box.top + (${y})];`);

/** Of a lane and a time in its middle. @param {Visit} visit @param {string} name @param {number} time */
const at = (visit, name, time) => place(visit, `timeline.scale.timeX(${time})`, `timeline.scene.laneY(timeline.lanes.middle(task('${name}')))`);

const THEMES = ['light', 'dark'];

/** @param {number[]} one @param {number[]} other @param {number} [by] */
const near = (one, other, by = 6) => one.every((value, i) => Math.abs(value - other[i]) <= by);

/** Colour of a token, and of the picture at a lane and a time. */
const LOOK = `
  const token = (name) => { const probe = document.createElement('i'); probe.style.color = 'var(--' + name + ')'; document.body.append(probe); const colour = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number).slice(0, 3); probe.remove(); return colour; };
  const { picture } = timeline.layers;
  const pixel = (x, y) => [...picture.getContext('2d').getImageData(Math.round(x * picture.width / timeline.scale.width), Math.round(y * picture.height / timeline.scene.height), 1, 1).data];
  const laneAt = (name, time, dy = 0) => pixel(timeline.scale.timeX(time), timeline.scene.laneY(timeline.lanes.middle(task(name))) + dy);
`;

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  ...Object.fromEntries(
    THEMES.map((theme) => [
      `draws what each task does in its colour, ${theme}`,
      async (/** @type {Visit} */ visit) => {
        await open(visit, 'crawl', { theme });
        const seen = await inPage(
          visit,
          `${LOOK} view.end(); await frames(2);
          const started = view.run.order.map((id) => view.run.tasks[id].events.data[1]).find((event) => view.run.task[event] === task('fetch_page #2'));
          return {
            sleeps: [laneAt('ticker', 20, 3.5), token('sleep-fill')],
            waits: [laneAt('fetch_page #9', 120), token('sema-fill')],
            head: [laneAt('fetch_page #0', 60), token('fetch-fill')],
            body: [laneAt('fetch_page #0', 130), token('fetch-body')],
            joins: [laneAt('main', 150), token('join')],
            runs: [pixel(timeline.scale.before(started) + 2, timeline.scene.laneY(timeline.lanes.middle(task('fetch_page #2')))), token('now')],
          };`,
        );
        for (const [what, [drawn, wanted]] of Object.entries(seen)) assert.ok(near(drawn.slice(0, 3), wanted, what === 'joins' ? 40 : 6), `${what}: ${drawn}, not ${wanted}`); // a line of 1.5 px
        assert.deepEqual(visit.errors, []);
      },
    ]),
  ),

  async 'what lies after the playhead is pencilled'(visit) {
    await open(visit, 'crawl');
    const [ink, pencil, ended] = await inPage(
      visit,
      `${LOOK} const seen = [];
      for (const time of [250, 100]) { view.moveToTime(time); await frames(2); seen.push(laneAt('fetch_page #9', 180)); }
      const end = view.run.tasks[task('fetch_page #6')].ended;
      view.moveToTime(100); await frames(2);
      seen.push(pixel(timeline.scale.after(end) + 9 - 5, timeline.scene.laneY(timeline.lanes.middle(task('fetch_page #6')))).slice(0, 3).join() === token('fail').join());
      return seen;`,
    );
    assert.equal(ink[3], 255);
    assert.ok(pencil[3] < 120, `a fill recedes: ${pencil}`);
    assert.equal(ended, true, 'how it ends is at full strength');
  },

  async 'each step has its cell, and a cell its step'(visit) {
    await open(visit, 'crawl');
    const wrong = await inPage(
      visit,
      `const { steps } = view.run, wrong = [];
      let before = -1;
      for (let i = 0; i < steps.length; i++) {
        const event = steps.data[i], x = timeline.scale.after(event);
        if (x <= before) wrong.push('order ' + event);
        before = x;
        const found = timeline.scale.position((timeline.scale.before(event) + x) / 2);
        if (found.event !== event) wrong.push(event + ' is ' + found.event);
      }
      for (let time = 1; time < 310; time += 7.3) { const back = timeline.scale.position(timeline.scale.timeX(time)).time; if (Math.abs(back - time) > 0.01) wrong.push(time + ' ms is ' + back); }
      return wrong;`,
    );
    assert.deepEqual(wrong, []);
  },

  async 'unfolded instants take at most 40 % of the width, and time is linear between them'(visit) {
    await open(visit, 'crawl');
    const { bands, first, second } = await inPage(
      visit,
      `const { scale } = timeline; let bands = 0;
      for (let n = 0; n < scale.instants; n++) bands += scale.band[n];
      return { bands: bands / scale.width, first: scale.timeX(20) - scale.timeX(10), second: scale.timeX(40) - scale.timeX(30) };`,
    );
    assert.ok(bands > 0.1 && bands < 0.5, `${bands}`);
    assert.ok(Math.abs(first - second) < 0.01 && first > 0);
  },

  async 'a group is a box that nothing sticks out of'(visit) {
    await open(visit, 'crawl');
    const { box, members, inside } = await inPage(
      visit,
      `const [box] = timeline.lanes.boxes, { run } = view;
      const x0 = timeline.scale.after(box.scope.entered), x1 = timeline.scale.after(box.scope.left);
      const inside = box.scope.tasks.every((id) => timeline.scale.after(run.tasks[id].created) >= x0 && timeline.scale.after(run.tasks[id].ended) <= x1);
      const rows = timeline.lanes.rows.slice(box.first, box.last + 1).map(({ task }) => task);
      return { box: rows, members: box.scope.tasks, inside };`,
    );
    assert.deepEqual(box, members);
    assert.ok(inside);
  },

  async 'a wake is an amber stem, a cancel one dashed red stem'(visit) {
    await open(visit, 'crawl');
    const { wake, cancelled } = await inPage(
      visit,
      `${LOOK} view.end(); await frames(2);
      const { run } = view, { scale, scene, lanes } = timeline;
      const share = (x, from, to, colour) => { let hits = 0, all = 0; for (let y = from; y < to; y++, all++) if ([-1, 0, 1].some((dx) => pixel(x + dx / 2, y).slice(0, 3).every((value, i) => Math.abs(value - colour[i]) < 60))) hits++; return hits / all; };
      const find = (kind, to) => run.tasks[to].events.data.find((event) => run.kind[event] === kind && run.by[event]);
      const lane = (name) => scene.laneY(lanes.middle(task(name)));
      const woken = find(5, task('fetch_page #4'));
      const cancel = find(6, task('fetch_page #7'));
      return {
        wake: share(scale.after(woken), lane('fetch_page #2') + 10, lane('fetch_page #4') - 10, token('sema')),
        cancelled: share(scale.after(cancel), lane('fetch_page #6') + 12, lane('fetch_page #11') - 10, token('fail')),
      };`,
    );
    assert.ok(wake > 0.8, `wake ${wake}`);
    assert.ok(cancelled > 0.4, `cancel ${cancelled}`);
  },

  async 'the mouse scrubs, and a click selects the lane'(visit) {
    await open(visit, 'crawl');
    const { page } = visit;
    const [x, y] = await at(visit, 'fetch_page #3', 60);
    await page.mouse.move(x, y);
    await page.mouse.down();
    assert.ok(Math.abs((await inPage(visit, 'return view.position.time')) - 60) < 1);
    const [later] = await at(visit, 'fetch_page #3', 200);
    await page.mouse.move(later, y, { steps: 5 });
    await page.mouse.up();
    assert.ok(Math.abs((await inPage(visit, 'return view.position.time')) - 200) < 1);
    assert.equal(await inPage(visit, 'return view.selected'), 0, 'a drag selects nothing');
    await page.mouse.click(x, y);
    assert.equal(await inPage(visit, "return view.selected === task('fetch_page #3')"), true);
  },

  async 'a card shows what a task does, its await chain, and goes to its line'(visit) {
    await open(visit, 'crawl');
    const { page } = visit;
    await inPage(visit, 'view.moveToTime(200); await frames(2)');
    const [x, y] = await at(visit, 'fetch_page #6', 0);
    await page.mouse.click(x - 60, y);
    await inPage(visit, 'await frames(2)');
    assert.equal(await inPage(visit, "return view.pinned === task('fetch_page #6')"), true);
    assert.match(await page.$eval('.tl-card', (card) => card.textContent ?? ''), /fetch_page #6.*items\/6.*crawl\.c:\d+.*main, group g.*crawl\.c:\d+/);
    const [card, lane] = await inPage(visit, "const box = document.querySelector('.tl-card').getBoundingClientRect(); return [[box.top, box.bottom], timeline.layers.picture.getBoundingClientRect().top + timeline.scene.laneY(timeline.lanes.middle(task('fetch_page #6')))]");
    assert.ok(card[0] > lane || card[1] < lane, 'never over its own lane');
    await page.click('.tl-card .tl-place');
    assert.match(await inPage(visit, 'return shown[0]'), /^crawl\.c:\d+$/);
    assert.equal(await page.$eval('.tl-card .tl-btn', (button) => button.hidden), true, 'a recorded run has nothing to cancel');
    await page.click('.tl-pin');
    await inPage(visit, 'await frames(2)');
    await page.mouse.move(5, 850);
    await inPage(visit, 'await frames(2)');
    assert.equal(await page.$eval('.tl-card', (element) => /** @type {HTMLElement} */ (element).hidden), true);
  },

  async 'a live run grows, is followed, and its tasks can be cancelled'(visit) {
    await open(visit, 'crawl', { options: { live: true, upTo: 1 } });
    const { page } = visit;
    const [before, after] = await inPage(
      visit,
      `const { batches } = live; const before = view.run.count;
      for (const batch of batches.slice(1, -2)) { view.run.append(batch); view.grown(); await frames(1); }
      await frames(2);
      return [before, view.run.count];`,
    );
    assert.ok(after > before);
    const edge = await inPage(visit, 'return [timeline.scale.headX(view.position), timeline.scale.endX]');
    assert.ok(Math.abs(edge[0] - edge[1]) < 2, 'the playhead rides the right edge');
    assert.equal(await page.$eval('.tl-follow', (button) => /** @type {HTMLElement} */ (button).hidden), true);
    await inPage(visit, "view.moveToTime(50); view.select(task('fetch_page #7'), { pin: true }); await frames(2)");
    await page.click('.tl-card .tl-btn');
    assert.equal(await inPage(visit, "return cancelled.join() === String(task('fetch_page #7'))"), true);
    await page.click('.tl-follow');
    assert.equal(await inPage(visit, 'return view.following'), true);
  },

  async 'a tooltip tells the phases of a request'(visit) {
    await open(visit, 'crawl');
    const { page } = visit;
    await page.mouse.move(...(await at(visit, 'fetch_page #1', 90)));
    await inPage(visit, 'await frames(3)');
    const text = await page.$eval('.tl-tip', (tip) => tip.textContent ?? '');
    assert.match(text, /^GET \/items\/1.*200 in 176 ms.*first byte 140.*body 36/);
    await page.mouse.move(...(await at(visit, 'ticker', 70)));
    await inPage(visit, 'await frames(3)');
    assert.match(await page.$eval('.tl-tip', (tip) => tip.textContent ?? ''), /sleeps\s*50 ms\s*50 to 100 ms\s*crawl\.c:\d+/);
  },

  async 'zooms at the pointer, pans, fits; the overview shows and moves what is in view'(visit) {
    await open(visit, 'crawl');
    const { page } = visit;
    const [x, y] = await at(visit, 'fetch_page #5', 150);
    await page.mouse.move(x, y);
    await page.keyboard.down('Control');
    await page.mouse.wheel({ deltaY: -300 });
    await page.keyboard.up('Control');
    await inPage(visit, 'await frames(2)');
    const zoomed = await inPage(visit, 'return timeline.scale.zoom');
    assert.ok(zoomed > 2);
    assert.ok(Math.abs((await at(visit, 'fetch_page #5', 150))[0] - x) < zoomed, 'what is under the pointer stays there');
    const pan = await inPage(visit, 'return timeline.scale.pan');
    await page.keyboard.down('Shift');
    await page.mouse.wheel({ deltaY: 120 });
    await page.keyboard.up('Shift');
    await inPage(visit, 'await frames(2)');
    assert.ok((await inPage(visit, 'return timeline.scale.pan')) > pan);
    await inPage(visit, 'mounted.zoom(0); await frames(2)');
    assert.equal(await inPage(visit, 'return timeline.scale.zoom'), 1);
    const bracket = await inPage(visit, "const box = timeline.overview.canvas.getBoundingClientRect(); return [box.left + timeline.scale.width - 12, box.top + 16]");
    await page.mouse.move(bracket[0], bracket[1]);
    await page.mouse.down();
    await page.mouse.move(bracket[0] - 700, bracket[1], { steps: 4 });
    await page.mouse.up();
    const [zoom, right] = await inPage(visit, 'return [timeline.scale.zoom, timeline.scale.v(timeline.scale.width)]');
    assert.ok(zoom > 1.5, 'a bracket zooms');
    assert.ok(Math.abs(right - (bracket[0] - 700 - (await place(visit, '0', '0'))[0])) < 2, 'to where it was dragged');
  },

  async 'fingers: a tap selects, a drag scrubs, two zoom'(visit) {
    await open(visit, 'crawl', { width: 400, height: 780 });
    const seen = await inPage(
      visit,
      `const box = timeline.layers.picture.getBoundingClientRect();
      const touch = (type, id, x, y) => timeline.chart.dispatchEvent(new PointerEvent(type, { pointerId: id, pointerType: 'touch', clientX: box.left + x, clientY: box.top + y, bubbles: true, cancelable: true }));
      timeline.chart.setPointerCapture = () => {};
      const y = timeline.scene.laneY(timeline.lanes.middle(task('fetch_page #3')));
      touch('pointerdown', 1, 50, y); touch('pointerup', 1, 50, y);
      const tapped = view.selected === task('fetch_page #3') && view.pinned === view.selected;
      view.moveToTime(0);
      touch('pointerdown', 1, 60, y); touch('pointermove', 1, 90, y); touch('pointermove', 1, 160, y); touch('pointerup', 1, 160, y);
      const scrubbed = Math.abs(timeline.scale.headX(view.position) - 160);
      touch('pointerdown', 1, 100, y); touch('pointerdown', 2, 200, y); touch('pointermove', 2, 280, y); touch('pointerup', 1, 100, y); touch('pointerup', 2, 280, y);
      await frames(2);
      const card = getComputedStyle(document.querySelector('.tl-card'));
      return { tapped, scrubbed, zoom: timeline.scale.zoom, sheet: card.position + ' ' + card.left };`,
    );
    assert.equal(seen.tapped, true);
    assert.ok(seen.scrubbed < 6, `${seen.scrubbed}`);
    assert.ok(seen.zoom > 1.5, `${seen.zoom}`);
    assert.equal(seen.sheet, 'fixed 0px', 'the card is a sheet');
  },

  async 'lanes are one list box, driven by keys'(visit) {
    await open(visit, 'crawl');
    const { page } = visit;
    await inPage(visit, 'view.moveToTime(200); await frames(2)');
    await page.focus('.tl-lanes');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    await inPage(visit, 'await frames(2)');
    const active = await page.$eval('.tl-lanes', (list) => {
      const option = document.getElementById(list.getAttribute('aria-activedescendant') ?? '');
      return [list.getAttribute('role'), option?.getAttribute('role'), option?.getAttribute('aria-selected'), option?.getAttribute('aria-label'), option?.getAttribute('aria-posinset'), option?.getAttribute('aria-setsize')];
    });
    assert.deepEqual(active, ['listbox', 'option', 'true', 'fetch_page #2: done', '5', '14']);
    await page.keyboard.press('End');
    await page.keyboard.press(',');
    const [event, steps] = await inPage(visit, 'return [view.progress.at, view.progress.of]');
    assert.equal(event, steps - 1);
    await page.keyboard.press('Enter');
    assert.equal(await inPage(visit, 'return view.pinned === view.selected'), true);
    await page.keyboard.press('Escape');
    assert.equal(await inPage(visit, 'return view.pinned'), 0);
    await page.keyboard.press('+');
    assert.ok((await inPage(visit, 'return timeline.scale.zoom')) > 1);
    await page.keyboard.press('0');
    assert.equal(await inPage(visit, 'return timeline.scale.zoom'), 1);
  },

  async 'a counter says what is in use and in line at the playhead'(visit) {
    await open(visit, 'crawl');
    const said = [];
    for (const time of [-1, 60, 311]) {
      await inPage(visit, `${time < 0 ? 'view.moveTo(-1, 0)' : `view.moveToTime(${time})`}; await frames(2)`);
      said.push(await visit.page.$eval('.tl-counter', (counter) => counter.textContent));
    }
    assert.deepEqual(said, ['limit 0 of 40 in line', 'limit 4 of 48 in line', 'limit 0 of 40 in line']);
  },

  async 'a deadlock is a wall where nothing could go on'(visit) {
    await open(visit, 'stuck');
    const [wall, before, waits] = await inPage(
      visit,
      `${LOOK} view.run.stuck = true; timeline.layout(); await frames(3);
      const x = timeline.scale.before(timeline.scene.stuck) + 2, [top, bottom] = [0, timeline.lanes.height].map((y) => timeline.scene.laneY(y));
      const red = (from) => { let rows = 0; for (let y = top + 4; y < bottom - 4; y++) if ([...Array(8)].some((_, i) => near(pixel(from + i - 4, y)))) rows++; return rows / (bottom - top - 8); };
      const near = (colour) => colour.slice(0, 3).every((value, i) => Math.abs(value - token('fail')[i]) < 90) && colour[3] > 100;
      return [red(x), red(x - 30), view.run.time[timeline.scene.stuck]];`,
    );
    assert.ok(wall > 0.9, `${wall}`);
    assert.ok(before < 0.1, `${before}`);
    assert.equal(waits, 50);
  },

  async 'more than three counters are a row that opens'(visit) {
    await open(visit, 'zoo');
    const { page } = visit;
    const shown = () => page.$$eval('.tl-counter', (all) => all.filter((one) => !(/** @type {HTMLElement} */ (one).hidden)).length);
    assert.equal(await shown(), 3);
    assert.equal(await page.$eval('.tl-more', (button) => button.textContent), '2 more counters');
    await page.click('.tl-more');
    await inPage(visit, 'await frames(3)');
    assert.equal(await shown(), 5);
    await page.click('.tl-more');
    await inPage(visit, 'await frames(3)');
    assert.equal(await shown(), 3);
  },

  async 'a group in a group is a box in a box'(visit) {
    await open(visit, 'zoo');
    const inside = await inPage(
      visit,
      `const [inner, outer] = timeline.lanes.boxes, { scale } = timeline;
      return [outer.top < inner.top, outer.bottom > inner.bottom, outer.first < inner.first, scale.after(outer.scope.entered) < scale.after(inner.scope.entered), scale.after(outer.scope.left) > scale.after(inner.scope.left)];`,
    );
    assert.deepEqual(inside, Array(5).fill(true));
  },

  async 'axe finds nothing, with a card, in both themes, on a phone, with a field'(visit) {
    const { page } = visit;
    const source = readFileSync(path.join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8');
    for (const [run, theme, width] of /** @type {[string, string, number][]} */ ([['crawl', 'light', 1440], ['crawl', 'dark', 1100], ['crawl', 'light', 400], ['crawl 10000 200', 'dark', 1440]])) {
      await open(visit, run, { theme, width });
      await inPage(visit, 'view.moveToTime(200); view.select(view.run.order.at(-3), { pin: true }); await frames(3)');
      await page.evaluate(source);
      const found = await inPage(visit, "const { violations } = await axe.run(document, { resultTypes: ['violations'] }); return violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | '));");
      assert.deepEqual(found, [], `${run} ${theme} ${width}`);
    }
  },

  async 'stepping keeps the playhead in a zoomed picture'(visit) {
    await open(visit, 'crawl');
    const out = await inPage(
      visit,
      `view.moveTo(0); timeline.scale.zoomBy(10, 0); timeline.redraw(); let out = 0;
      for (let i = 0; i < view.run.steps.length; i += 3) { view.moveTo(view.run.steps.data[i]); await 0; const x = timeline.scale.headX(view.position); if (x < 0 || x > timeline.scale.width) out++; }
      return out;`,
    );
    assert.equal(out, 0);
  },

  async 'another theme is another palette, at once'(visit) {
    await open(visit, 'crawl', { theme: 'dark' });
    const [drawn, wanted] = await inPage(visit, `${LOOK} view.end(); document.documentElement.dataset.theme = 'light'; await frames(3); return [laneAt('fetch_page #9', 120), token('sema-fill')];`);
    assert.ok(near(drawn.slice(0, 3), wanted), `${drawn}, not ${wanted}`);
  },

  async 'forced colours and more contrast keep outlines and drop fills'(visit) {
    if (visit.browser !== 'chromium') return; // puppeteer cannot ask Firefox for them
    const { page } = visit;
    const client = await page.createCDPSession();
    await client.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-contrast', value: 'more' }] });
    await open(visit, 'crawl');
    const [fill, sheet] = await inPage(visit, `${LOOK} view.end(); await frames(3); return [laneAt('fetch_page #9', 120), token('sheet')];`);
    assert.ok(near(fill.slice(0, 3), sheet), `${fill}`);
    await client.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
    await open(visit, 'crawl');
    const forced = await inPage(visit, `${LOOK} view.end(); await frames(3); const probe = document.createElement('i'); probe.style.color = 'CanvasText'; document.body.append(probe); return [timeline.scene.palette.ink.sema, getComputedStyle(probe).color];`);
    assert.equal(forced[0], forced[1]);
  },

  async 'ten thousand tasks are a field: few elements, a lens, lanes where one clicks'(visit) {
    await open(visit, 'crawl 10000 200');
    const { page, errors } = visit;
    const before = await inPage(visit, "view.moveToTime(3000); await settled(); return { fields: timeline.lanes.rows.filter(({ field }) => field).length, rows: timeline.lanes.rows.length, elements: document.querySelectorAll('.tl *').length }");
    assert.deepEqual([before.fields, before.rows], [1, 3], 'main and ticker keep their lanes');
    assert.ok(before.elements < 250, `${before.elements} elements`);
    const [x, y] = await place(visit, 'timeline.scale.timeX(3000)', 'timeline.scene.laneY(timeline.lanes.rows[2].top + timeline.lanes.rows[2].height * 0.6)');
    await page.mouse.move(x, y);
    await inPage(visit, 'await settled()');
    assert.match(await page.$eval('.tl-tip', (tip) => tip.textContent ?? ''), /^fetch_page #\d+ to #\d+/);
    await page.mouse.click(x, y);
    await inPage(visit, 'await settled()');
    assert.deepEqual(await inPage(visit, 'return timeline.lanes.rows.map(({ field }) => (field ? 1 : 0)).join("")'), '001' + '0'.repeat(6) + '1');
    await page.focus('.tl-lanes');
    await page.keyboard.press('ArrowRight');
    await inPage(visit, 'await settled()');
    assert.equal(await inPage(visit, 'return timeline.lanes.rows.length'), 10_002);
    assert.ok((await page.$$('.tl-row')).length < 80, 'rows are virtual');
    await page.keyboard.press('PageDown');
    await inPage(visit, 'await settled()');
    assert.ok(await page.$eval('.tl-lanes', (list) => !!document.getElementById(list.getAttribute('aria-activedescendant') ?? '-')), 'the active row is there');
    await page.keyboard.press('ArrowLeft');
    await inPage(visit, 'await settled()');
    assert.equal(await inPage(visit, 'return timeline.lanes.rows.length'), 3);
    const [option, lens] = await inPage(visit, "const list = document.querySelector('.tl-lanes'); return [document.getElementById(list.getAttribute('aria-activedescendant') ?? '-')?.getAttribute('aria-label'), document.querySelector('.tl-tip').textContent]");
    assert.match(option ?? '', /^fetch_page #\d+: /, 'what is selected in a field has its option');
    assert.match(lens, /^fetch_page #\d+ to/, 'the lens follows the keys');
    await page.keyboard.press('ArrowRight');
    await inPage(visit, 'await settled()');
    await page.click('.tl-chip');
    await inPage(visit, 'await settled()');
    assert.equal(await inPage(visit, 'return timeline.lanes.rows.length'), 3, 'folded again');
    const opened = await inPage(visit, 'timeline.layout(); await frames(1); timeline.open(view.run.order.at(-5), true); await settled(); return timeline.lanes.rows.length');
    assert.equal(opened, 10_002, 'a change between the two frames of a layout is not lost');
    assert.deepEqual(errors, []);
  },

  async 'a million events scroll, scrub and zoom'(visit) {
    await open(visit, 'many 10000 9');
    // Each frame with work stands beside one without any: what others do to the machine, they do to both. Of the work the
    // quickest quarter counts, since noise only adds; whatever looks at every event takes long each time.
    const { events, frames } = await inPage(
      visit,
      `const frame = async (act, i) => { const began = performance.now(); act(i); await new Promise(requestAnimationFrame); return performance.now() - began; };
      const quarter = (times) => times.sort((a, b) => a - b)[10];
      const measure = async (act) => { const busy = [], idle = []; for (let i = 0; i < 40; i++) { busy.push(await frame(act, i)); idle.push(await frame(() => {}, i)); } return { busy: quarter(busy), idle: quarter(idle) }; };
      const { scale } = timeline, seen = {};
      seen.scrub = await measure((i) => view.moveToTime(view.run.duration * i / 40));
      seen.zoom = await measure(() => (scale.zoomBy(1.1, 400), timeline.redraw()));
      seen.pan = await measure(() => ((scale.pan += 20), scale.clamp(), timeline.redraw()));
      scale.fit(); timeline.open(view.run.order.at(-5), true); await frames(3);
      seen.scroll = await measure(() => (timeline.scroller.scrollTop += 90));
      return { events: view.run.count, frames: seen };`,
    );
    assert.ok(events >= 1_000_000, `${events}`);
    for (const [what, { busy, idle }] of Object.entries(frames)) assert.ok(busy < Math.max(150, 6 * idle), `${what}: a frame takes ${busy} ms, and ${idle} when nothing is to be done`);
  },
};
