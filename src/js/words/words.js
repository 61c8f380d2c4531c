/** Made by scripts/words.js of src/report/errors.h, src/report/words.h, src/host/host.h, and the numbers of Emscripten's libc. */

/** Errors of C: number and text by name. @type {Record<string, [code: number, text: string]>} */
export const CODES = {
  EPERM: [63, 'not allowed here'],
  ENOENT: [44, 'no such file or name'],
  EIO: [29, 'input/output error'],
  EAGAIN: [6, 'not ready yet'],
  ENOMEM: [48, 'out of memory'],
  EFAULT: [21, 'the program crashed'],
  EBUSY: [10, 'in use'],
  EINVAL: [28, 'invalid argument'],
  ERANGE: [68, 'out of range'],
  EDEADLK: [16, 'deadlock: nothing could ever have ended this wait'],
  ENOSYS: [52, 'not available on this host'],
  ENOTSUP: [138, 'not supported'],
  EPROTO: [65, 'protocol error'],
  EOVERFLOW: [61, 'overflow'],
  EMSGSIZE: [35, 'too large'],
  EACCES: [2, 'permission denied'],
  EINTR: [27, 'interrupted'],
  ENOBUFS: [42, 'no room'],
  EALREADY: [7, 'already done'],
  ESHUTDOWN: [140, 'shut down'],
  EPIPE: [64, 'broken pipe'],
  ETIMEDOUT: [73, 'timed out'],
  ECANCELED: [11, 'cancelled'],
  EHOSTUNREACH: [23, 'host unreachable'],
  ECONNREFUSED: [14, 'connection refused'],
  ECONNRESET: [15, 'connection reset'],
  ECONNABORTED: [13, 'connection aborted'],
  EADDRINUSE: [3, 'address in use'],
  EBADMSG: [9, 'ended too early'],
  ELOOP: [32, 'too many redirects'],
  EILSEQ: [25, 'not in that charset'],
  ENOSPC: [51, 'no space left'],
  EREMOTEIO: [147, 'the server answered with an error'],
};

/** WIO__WORD_…, by number. */
export const WORDS = [
  '',
  'works only inside a task; call it from a coroutine that wio_run() or wio_create_task() runs',
  'a plain C function cannot wait when JavaScript calls it: declare it with WIO_EXPORT',
  'the time is not a number',
  'no memory for another task',
  'this handle is no longer valid (awaited or detached before?) or was never a task',
  'the task is NULL',
  'works only in main(); export a coroutine with WIO_EXPORT instead',
  'the loop is running already; in a task, call the coroutine itself: fn(arg)',
  'a runner is open; use wio_runner_run()',
];

/** WIO__REPORT_… */
export const REPORTS = {
  MISUSE: 0,
  NULL: 1,
  DEADLOCK: 2,
  FAILURE: 3,
  STACK: 4,
  SAVED: 5,
};
