/**
 * The examples, in the order a learner meets them.
 * `hook` is what the page says above its Run button, `text` what it says beside the source.
 * `server`: it makes requests, to the URL in its first argument. `realTime`: it computes, so the clock must be real.
 * `driver`: it has no main(); that script runs it. `nodeOnly`: a page cannot show it. `stdin`: what its tests give it to read.
 * @typedef {{ name: string, title: string, hook: string, text: string, server?: boolean, realTime?: boolean, driver?: string, nodeOnly?: boolean, stdin?: string }} Example
 */

/** @type {Example[]} */
export const examples = [
  {
    name: '01_three_fetches',
    title: 'Three fetches at once',
    hook: 'Three seconds of waiting in one second',
    text: 'Each request takes a second. Gathered, the three of them take one second, because a coroutine that waits for its answer lets the others run.',
    server: true,
  },
  {
    name: '02_call_or_task',
    title: 'Call or task',
    hook: 'One after the other, or side by side',
    text: 'Calling a coroutine is awaiting it: the next line runs when it has ended. wio_create_task() starts it beside the caller instead.',
  },
  {
    name: '03_beside',
    title: 'Work beside a task',
    hook: 'Tea while the stars are counted',
    text: 'A task goes on whenever its creator waits for something. wio_await() gives its result when that is needed.',
  },
  {
    name: '04_gather_errors',
    title: 'Gather, with an error',
    hook: 'Three parcels, one wrong address',
    text: 'The second parcel cannot be delivered. wio_gather() returns the first error once all have ended, or, given room for them, the outcome of each.',
  },
  {
    name: '05_group_results',
    title: 'A group with results',
    hook: 'Five requests, one sum',
    text: 'A task group joins its tasks at the closing brace, so what they were given can be local variables, and the results are there after it.',
    server: true,
  },
  {
    name: '06_group_failure',
    title: 'A group that fails',
    hook: 'One fails, the others are called off',
    text: 'Two requests hang for ever. The third fails, so the group cancels the others: their connections are closed, and every outcome can be read.',
    server: true,
  },
  {
    name: '07_fetch_limited',
    title: 'Ten at a time',
    hook: 'Five hundred requests, ten at a time',
    text: '500 tasks start at once, but a semaphore lets only ten of them send a request. Whoever leaves hands the permit to the first in line.',
    server: true,
  },
  {
    name: '08_blocking',
    title: 'Holding the loop',
    hook: 'Who held the loop for a second?',
    text: 'All tasks share one thread. One that computes for a second without waiting stops the others for that second, and debug mode names it.',
    realTime: true,
  },
  {
    name: '09_run_in_run',
    title: 'run() inside run()',
    hook: 'One loop is enough',
    text: 'There is one loop, and wio_run() starts it. Inside a coroutine that is an error, which says what to do: call the other coroutine.',
  },
  {
    name: '10_timeouts',
    title: 'Timeouts and shields',
    hook: 'Too late, and yet properly ended',
    text: 'Once the time of a WIO_TIMEOUT block is up, every wait in it fails. WIO_SHIELD lets the clean-up come to its end.',
  },
  {
    name: '11_javascript',
    title: 'Exports and imports',
    hook: 'C and JavaScript await each other',
    text: 'C coroutines that JavaScript calls, any number at once, and an async JavaScript function that C calls.',
    driver: '11_javascript.mjs',
  },
  {
    name: '12_deadlock',
    title: 'A deadlock',
    hook: 'A bell that rings once, for two',
    text: 'Ann has taken the only permit and gone. When no task can ever wake, the run ends with an error and a report: who waits, for what, and where.',
  },
  {
    name: '13_executor',
    title: 'An executor',
    hook: 'A million numbers, all processors',
    text: 'Jobs are plain C functions that compute. They run in workers, each with an instance of the module of its own, while the loop goes on.',
    realTime: true,
  },
  {
    name: '15_queue',
    title: 'A queue',
    hook: 'Six loaves, room for two',
    text: 'wio_queue_put() waits while the queue is full and wio_queue_get() while it is empty. wio_queue_join() waits until all is dealt with, and a shutdown sends the sellers home.',
  },
  {
    name: '16_first_completed',
    title: 'Whoever is first',
    hook: 'Three roads, one winner',
    text: 'wio_wait() returns at the first end, at the first failure, when all have ended, or after a time. It cancels nothing: what happens to the others is for you to say.',
  },
  {
    name: '17_as_completed',
    title: 'As they come',
    hook: 'The first letter is opened first',
    text: 'WIO_AS_COMPLETED hands out tasks in the order in which they end, for as long as you wish to wait. All handles stay yours.',
  },
  {
    name: '18_generator',
    title: 'An async generator',
    hook: 'A for loop over trains to come',
    text: 'The body runs when the next value is wanted, and may wait for it. However the loop is left, the generator is closed, and its clean-up has run when the block around it ends.',
  },
  {
    name: '19_future',
    title: 'Futures and callbacks',
    hook: 'Somebody will ring',
    text: 'A future is settled by whoever has the result, here a timed callback. Tasks that wait for it and its callbacks get their turn in the order in which they came.',
  },
  {
    name: '21_tcp_echo',
    title: 'A TCP server',
    hook: 'Every connection is a task',
    text: 'wio_listen() starts the handler for each connection as a task of its own. Streams read and write as those of asyncio do.',
    nodeOnly: true,
  },
  {
    name: '22_websocket',
    title: 'A WebSocket',
    hook: 'Questions and answers at the same time',
    text: 'One task sends while another receives. Text arrives as text and bytes as bytes, and the handshake at the end has a code.',
    server: true,
    nodeOnly: true,
  },
  {
    name: '23_lines',
    title: 'Standard input',
    hook: 'Waiting for input stops nobody',
    text: 'wio_stdin() is a stream like any other, so a task that waits for a line lets the others run.',
    nodeOnly: true,
    stdin: 'one two\n\nthree\nfour five six',
  },
  {
    name: '24_serve',
    title: 'A web server',
    hook: 'Every request is a task, and whoever leaves is noticed',
    text: 'WIO_SERVE is the handler of HTTP requests, for `wasyncio serve` and for whatever calls fetch(request). Bodies are streams in both directions.',
    driver: '24_serve.mjs',
  },
];

/** By "07_fetch_limited", "fetch_limited", "7" or a path of its source. @param {string} word */
export function findExample(word) {
  const stem = word.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '');
  return examples.find(({ name }) => name === stem || name.replace(/^\d+_/, '') === stem || (/^\d+$/.test(stem) && parseInt(name, 10) === Number(stem)));
}
