/** The timeline's head: steps, where the playhead is, and one sentence about it. */
import { byId, element } from './dom.js';
import { say, summary } from './run/narrate.js';
import { exact } from './run/words.js';

/** @param {import('./run/view.js').View} view @param {() => string} prefix what is to be said before, e.g. that the run is of an older text */
export function playhead(view, prefix) {
  const [readout, sentence, below, said] = ['readout', 'say', 'say-below', 'said'].map(byId);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function show() {
    const { moment, progress } = view;
    const text = view.has ? prefix() + say(moment) : '';
    readout.replaceChildren(element('b', {}, exact(moment.time)), element('span', {}, `event ${progress.at.toLocaleString('en')} of ${progress.of.toLocaleString('en')}`));
    sentence.textContent = text;
    sentence.title = text;
    below.replaceChildren(element('span', {}, element('span', { className: 'only-phone' }, `Event ${progress.at.toLocaleString('en')} of ${progress.of.toLocaleString('en')}. `), text && `${text.replace(/\.$/, '')}.`));
    clearTimeout(timer);
    if (!view.live && view.has) timer = setTimeout(() => void (said.textContent = text), 400);
  }

  view.addEventListener('end', () => {
    clearTimeout(timer);
    said.textContent = `${summary(view.run)}.`;
  });
  byId('timeline-head').addEventListener('click', (/** @type {MouseEvent} */ event) => {
    const step = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-step]'))?.dataset.step;
    if (step === 'first') view.start();
    if (step === 'last') view.end();
    if (step === 'back') view.step(-1);
    if (step === 'on') view.step(1);
  });
  return show;
}

/** Plays on from the playhead, in real time. @param {import('./run/view.js').View} view @param {() => number} speed */
export function player(view, speed) {
  let frame = 0;
  let last = 0;
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  const tick = (/** @type {number} */ now) => {
    const { run, position } = view;
    // A virtual instant takes no time, yet its order is what one wants to see.
    const { steps } = run;
    const next = steps.data[Math.min(steps.upTo(position.event), steps.length - 1)];
    const time = position.time + (now - last) * (speed() === Infinity ? 1 : speed());
    last = now;
    if (position.event >= run.count - 1) return stop();
    if (run.time[next] <= time) view.moveTo(next);
    else view.moveTo(position.event, Math.min(time, run.duration));
    frame = requestAnimationFrame(tick);
  };
  view.addEventListener('run', stop);
  return () => {
    if (frame) return stop();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return view.end();
    if (view.position.event >= view.run.count - 1) view.start();
    last = performance.now();
    frame = requestAnimationFrame(tick);
  };
}

