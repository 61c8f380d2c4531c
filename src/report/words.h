/* What the core says of misuse, by number. In programs built for size the words are not in the module: JavaScript has them
 * (scripts/words.js makes src/js/words/words.js of this file) and loads them when they are needed. */
#ifndef WIO_WORDS_H
#define WIO_WORDS_H

#define WIO__WORDS(X)                                                                                                  \
    X(NOT_IN_TASK, "works only inside a task; call it from a coroutine that wio_run() or wio_create_task() runs")      \
    X(FROM_JAVASCRIPT, "a plain C function cannot wait when JavaScript calls it: declare it with WIO_EXPORT")          \
    X(NO_NUMBER, "the time is not a number")                                                                           \
    X(NO_MEMORY_FOR_TASK, "no memory for another task")                                                                \
    X(STALE_TASK, "this handle is no longer valid (awaited or detached before?) or was never a task")                  \
    X(NULL_TASK, "the task is NULL")                                                                                   \
    X(NOT_IN_MAIN, "works only in main(); export a coroutine with WIO_EXPORT instead")                                 \
    X(RUNNING, "the loop is running already; in a task, call the coroutine itself: fn(arg)")                           \
    X(RUNNER_OPEN, "a runner is open; use wio_runner_run()")

enum {
    WIO__NO_WORD,
#define X(name, text) WIO__WORD_##name,
    WIO__WORDS(X)
#undef X
        WIO__WORDS_END
};

/* In the place of a text: no address is that small. */
#define WIO__WORD(name) ((const char *)(uintptr_t)WIO__WORD_##name)

#endif
