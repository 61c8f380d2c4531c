/** One sentence for an event, in the program's words. */
import { CANCEL, CHANGED, CREATED, CUT, END, ENTER, EXPIRED, LEAVE, LOST, MADE, PAUSE, PHASE, PRINT, RUN, STARTED, WAIT, WAKE } from './events.js';
import { duration } from './words.js';
import { labelOf, objectName, shortUrl } from './names.js';
import { CANCELLED, CRASHED, DONE, FAILED, SLEEP, STOPPED, SWEPT, base, stateOf, wordOf, wordOfMany } from './states.js';

/** @typedef {import('./recording.js').Recording} Recording */

/** @param {Recording} run @param {number} event */
function waiting(run, event) {
  const what = run.texts[run.text[event]];
  const name = run.texts[run.more[event]];
  const request = run.queued.get(event);
  const tasks = run.awaits.get(event) ?? [];
  if (stateOf(what) === SLEEP) return Number.isNaN(run.until[event]) ? 'sleeps for ever' : `sleeps for ${duration(run.until[event] - run.time[event])}`;
  if (request) return `has to queue with GET ${shortUrl(request.name)}`;
  if (what === 'fetch') return `sends GET ${shortUrl(name)}`;
  if (name) return `waits for ${what} of ${shortUrl(name)}`;
  if (run.object[event]) return `waits for ${objectName(run, run.object[event])}`;
  if (tasks.length === 1) return `waits for ${labelOf(run, tasks[0])}`;
  return tasks.length ? `waits for ${tasks.length} tasks` : `waits for ${what}`;
}

/** @param {Recording} run @param {number} event @param {string} who */
function changed(run, event, who) {
  const [value, limit, line] = [run.value[event], run.limit[event], run.waiting[event]];
  const name = objectName(run, run.object[event]);
  const what = run.texts[run.text[event]];
  const queue = line ? `, ${line} in line` : '';
  if (what === 'lock') return `${name} is ${value ? 'free' : 'taken'}${queue}`;
  if (what === 'event') return `${name} is ${value ? 'set' : 'not set'}${queue}`;
  if (what === 'queue') return `${name} has ${value}${limit ? ` of ${limit}` : ''} items${queue}`;
  const places = run.shared.get(run.object[event])?.limit ?? limit;
  return `${who}: ${name} has ${value}${places ? ` of ${places}` : ''} free${queue}`;
}

/** @param {Recording} run @param {number} event */
function phase(run, event) {
  const operation = run.operations.get(run.object[event]);
  if (!operation) return '';
  const [who, url] = [labelOf(run, operation.task), shortUrl(operation.name)];
  switch (run.texts[run.text[event]]) {
    case 'sent': return `${who} sends GET ${url}`;
    case 'connected': return `${who} has a connection for ${url}`;
    case 'sending': return `A piece of the body for ${url} is sent`;
    case 'answered': return `${who} has its answer: ${run.value[event]}`;
    case 'body': return `${run.value[event]} bytes of ${url} have come`;
    case 'failed': return `The request for ${url} has failed`;
    case 'aborted': return `The request for ${url} is aborted`;
    default: return operation.what === 'fetch' ? `${url} is complete` : `${who}: ${operation.what} is over`;
  }
}

/** @param {Recording} run @param {number} event */
function ended(run, event) {
  const who = labelOf(run, run.task[event]);
  const [status, error, message] = [run.value[event], run.texts[run.text[event]], run.texts[run.more[event]]];
  if (status >= 0) return `${who} returns ${status}`;
  if (error === 'ECANCELED') return `${who} ends as cancelled`;
  return `${who} fails with -${error || status}${message ? `, “${message.trim()}”` : ''}`;
}

/** @param {Recording} run @param {number} event */
function scope(run, event) {
  const [who, what] = [labelOf(run, run.task[event]), run.texts[run.text[event]]];
  const kind = run.kind[event];
  if (kind === EXPIRED) return `The time of ${who} is up`;
  if (what === 'timeout') return kind === ENTER ? `${who} has ${duration(run.until[event] - run.time[event])} from here` : `${who} leaves its timeout`;
  if (what === 'shield') return kind === ENTER ? `${who} is shielded from cancels` : `${who} leaves its shield`;
  return kind === ENTER ? `${who} opens ${objectName(run, run.object[event])}` : `${objectName(run, run.object[event])} is over`.replace(/^./, (c) => c.toUpperCase());
}

/** @param {Recording} run @param {number} event without its full stop */
export function narrate(run, event) {
  const who = labelOf(run, run.task[event]);
  const by = run.by[event] ? labelOf(run, run.by[event]) : '';
  switch (run.kind[event]) {
    case CREATED: return by ? `${by} starts ${who}${run.object[event] ? ` in ${objectName(run, run.object[event])}` : ''}` : `The run starts ${who}`;
    case RUN: return `${who} runs`;
    case WAIT: return `${who} ${waiting(run, event)}`;
    case PAUSE: {
      const before = event - 1;
      if (before >= 0 && run.kind[before] === WAIT && run.task[before] === run.task[event]) return `${who} ${waiting(run, before)}`;
      return `${who} lets the others run`;
    }
    case WAKE: return by ? `${by} wakes ${who}` : `${who} is ready: ${run.value[event] < 0 ? 'its wait has failed' : 'its wait is over'}`;
    case CANCEL: return by ? `${by} cancels ${who}` : `${who} is cancelled`;
    case END: return ended(run, event);
    case CUT: return `${who} ${run.value[event] === CRASHED ? 'crashes' : run.value[event] === SWEPT ? 'ends with the crash' : 'is stopped'}`;
    case ENTER:
    case EXPIRED:
    case LEAVE: return scope(run, event);
    case MADE: return `${run.task[event] ? who : 'The program'} makes ${objectName(run, run.object[event])}`;
    case CHANGED: return changed(run, event, who);
    case STARTED: return run.value[event] ? `${who} asks for ${shortUrl(run.texts[run.more[event]])}` : `${who} starts ${run.texts[run.text[event]]}`;
    case PHASE: return phase(run, event);
    case PRINT: return run.text[event] ? `${run.task[event] ? who : 'The program'} prints “${run.texts[run.text[event]]}”` : `${who} prints`;
    case LOST: return `${run.value[event]} events were lost`;
    default: return '';
  }
}

/** What is said at a position. @param {import('./moment.js').Moment} moment */
export function say(moment) {
  const { run, event, time } = moment;
  if (event < 0) return 'Nothing has happened yet';
  if (!moment.inGap || event + 1 >= run.count) return narrate(run, event);
  let next = event + 1;
  while (next + 1 < run.count && (run.kind[next] === STARTED || run.kind[next] === WAIT)) next++;
  return `Nothing runs. In ${duration(run.time[next] - time)}: ${narrate(run, next)}`;
}

/** "6 done, 1 failed, 5 cancelled". @param {Recording} run */
function outcome(run) {
  /** By state; those that have not ended under 0. */
  const counts = Array(16).fill(0);
  for (const id of run.order) {
    const end = run.tasks[id].ended;
    counts[end < 0 ? 0 : base(run.after[end])]++;
  }
  return [...[DONE, FAILED, CANCELLED, CRASHED, SWEPT, STOPPED].map((state) => [counts[state], wordOf(state)]), [counts[0], run.ended ? 'never ended' : 'alive']].filter(([count]) => count).map(([count, word]) => `${count} ${word}`).join(', ');
}

/** "Run ended at 310 ms: 6 done, 1 failed, 5 cancelled". @param {Recording} run */
export function summary(run) {
  const parts = outcome(run);
  return `Run ended at ${duration(run.duration)}${parts ? `: ${parts}` : ''}`;
}

/** What the whole picture shows, for those who do not see it. @param {import('./moment.js').Moment} moment @param {'virtual' | 'real'} clock */
export function picture(moment, clock) {
  const { run } = moment;
  const tasks = run.order.length;
  const now = moment.counts.map((count, state) => (count ? `${count} ${wordOfMany(state)}` : '')).filter(Boolean);
  return `${tasks} ${tasks === 1 ? 'task' : 'tasks'} over ${duration(run.duration)} of ${clock} time: ${outcome(run)}. Playhead at ${duration(moment.time)}: ${now.join(', ') || 'nothing has begun'}.`;
}
