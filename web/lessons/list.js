/**
 * The tutorial, as a sequence. Each lesson has a program (NAME.c) with its Python twin (NAME.py), and a question to answer
 * before running it. tests/js/lessons.test.js asserts on the trace that the answers are right and that the timeline shows
 * what the texts say.
 * @typedef {Omit<import('../shell/lesson.js').Program, 'kind' | 'file'> & { example?: string }} Lesson
 */
import { pairs } from './pairs.js';

/** @type {Omit<Lesson, 'pairs'>[]} */
const texts = [
  {
    name: 'coroutine',
    title: 'Coroutines',
    heading: 'A function that may wait',
    hook: 'One thread, and yet two things at a time',
    text: 'count() waits in the middle, as any C function would block. But only its task waits: the ticker runs meanwhile, on the same thread. Calls that may wait are underlined.',
    question: { ask: 'How many tasks are there?', options: ['1', '2', '3'], right: 1, why: 'main and ticker. count() is a call: it waits in the task that calls it.' },
  },
  {
    name: 'await',
    title: 'Await',
    heading: 'A call is an await',
    hook: 'Tea, then toast',
    text: 'What Python writes `await make(…)` is a plain call in C. The next line runs when the coroutine has returned, so what is called one after the other takes the sum of the times.',
    question: { ask: 'When is breakfast ready?', options: ['100 ms', '200 ms', '300 ms'], right: 2, why: 'There is one lane: it sleeps 200 ms, then 100 ms.' },
  },
  {
    name: 'gather',
    title: 'Gather',
    heading: 'Side by side',
    hook: 'Three dishes in the time of the slowest',
    text: '`WIO_GATHER` starts a task for each call, and goes on when all have ended. Their waits overlap, so together they take as long as the longest.',
    question: { ask: 'When is all of it ready?', options: ['150 ms', '200 ms', '450 ms'], right: 1, why: 'Three sleeps lie one below the other; the tea is the last.' },
  },
  {
    name: 'create_task',
    title: 'Tasks',
    heading: 'Begin it now, want it later',
    hook: 'A letter on its way',
    text: 'wio_create_task() starts a coroutine beside its creator, which goes on. The new task is ready, but it runs when the creator waits for something. wio_await() gives its result.',
    question: { ask: 'Which line is printed first?', options: ['created', 'on its way'], right: 0, why: 'The task is ready at once, hatched in the timeline, and runs when office() sleeps.' },
  },
  {
    name: 'group',
    title: 'Task groups',
    heading: 'A group against gather',
    hook: 'One errand fails: what about the others?',
    text: 'The bank fails after 50 ms. gather lets the others come to their end and gives the first error. A group cancels them: nothing goes on behind its closing brace.',
    question: { ask: 'How many tasks are cancelled?', options: ['0', '2', '4'], right: 1, why: 'post and shop of the group. Those of gather go on to 200 ms.' },
  },
  {
    name: 'semaphore',
    title: 'Semaphore',
    heading: 'Limit what is in flight',
    hook: 'Twelve coroutines, four at a time, one thread',
    text: 'Twelve coroutines start at once, but only four may be inside `limit`. Page 6 answers 500: its task fails, and the group cancels every sibling that is still alive.',
    question: { ask: 'How many requests leave the page?', options: ['4', '7', '11', '12'], right: 2, why: '#10 took the place of page 6 before the group could cancel it. #11 was still in line.' },
    server: true,
  },
  {
    name: 'timeouts',
    title: 'Timeouts',
    heading: 'Too late, and yet properly ended',
    hook: 'Three pages in a tenth of a second',
    text: 'When the time of `WIO_TIMEOUT` is up, the wait inside it fails, here on page 3. `WIO_SHIELD` keeps what must be finished from being cut off, so the run ends a little later.',
    question: { ask: 'When does the run end?', options: ['100 ms', '130 ms', '150 ms'], right: 1, why: 'The time was up at 100 ms; the shielded sleep takes 30 ms more.' },
  },
  {
    name: 'blocking',
    title: 'Holding the loop',
    heading: 'Who computes, holds the loop',
    hook: 'A ticker that cannot tick',
    text: 'There is one thread. A task that computes without waiting keeps it, and all others stand still. This run uses the real clock, since on the virtual one computing takes no time.',
    question: { ask: 'How many ticks come while it computes?', options: ['0', '1', '10'], right: 0, why: 'The first step holds the loop for 200 ms. With wio_yield() the ticks come.' },
    realTime: true,
  },
  {
    name: 'executor',
    title: 'Executor',
    heading: 'Compute elsewhere',
    hook: 'Count primes, and keep ticking',
    text: 'An executor runs plain C functions in workers, on other processors. For the task that asked, it is one more wait, and the loop goes on.',
    question: { ask: 'Does the ticker go on?', options: ['no', 'yes'], right: 1, why: 'Its sleeps go on while main waits for the executor.' },
    realTime: true,
  },
];

/** @type {Lesson[]} */
export const lessons = texts.map((lesson) => ({ ...lesson, pairs: pairs[lesson.name] }));
