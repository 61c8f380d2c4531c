/**
 * The tutorial, as a sequence. Each has a program (NAME.c, with its Python twin NAME.py; or one of examples/), a question to
 * answer before running it, and `shows`: what its timeline shows, which tests/js/lessons.test.js asserts on the trace.
 * @typedef {Omit<import('../shell/lesson.js').Program, 'kind' | 'file'> & { example?: string }} Lesson
 */

/** @type {Lesson[]} */
export const lessons = [
  {
    name: 'semaphore',
    title: 'Semaphore',
    heading: 'Limit what is in flight',
    hook: 'Twelve coroutines, four at a time, one thread',
    text: 'Twelve coroutines start at once, but only four may be inside `limit`. Page 6 answers 500: its task fails, and the group cancels every sibling that is still alive.',
    question: { ask: 'How many requests leave the page?', options: ['4', '7', '10', '12'], right: 2, why: '#10 and #11 were cancelled before their turn.' },
  },
];
