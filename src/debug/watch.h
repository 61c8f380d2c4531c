/* Debug mode, traces and seeds: what the rest calls. */
#ifndef WIO_WATCH_H
#define WIO_WATCH_H

/* Debug mode, traces and seeds. What they do stands in files of their own, which programs built for size leave out unless
 * they name one (`development` in emsdk-config/flags.js): so all of it is weak, and the first question is whether it is
 * there. A pass in which anything is watched is run by wio__watched_pass(); the other pays for nothing. */
enum { WIO__WATCH_DEBUG = 1, WIO__WATCH_TRACE = 2, WIO__WATCH_ORDER = 4 };

#define WIO__WEAK __attribute__((weak))

/* At most *left steps; false: there is no time left. */
WIO__WEAK bool wio__watched_pass(double until, bool fresh, unsigned *left);
WIO__WEAK double wio__step_begins(const wio__task *task); /* for wio__step_ends() */
WIO__WEAK void wio__step_ends(wio__task *task, double began, bool ended);
static inline bool wio__watched(void) { return wio__watched_pass && wio__the.watch; }

/* Something has happened (WIO_TRACE_…) to a task (NULL: none) or an object (of a WIO__OF_… kind). */
WIO__WEAK void wio__traced(int kind, const wio__task *task, const void *object, int of, int value);
/* The same of an operation of the host (src/io/op.h). */
WIO__WEAK void wio__traced_op(int kind, uint32_t id, const char *what, const char *text, int value);
#define WIO__TRACE(...)                                                                                                \
    do {                                                                                                               \
        if (wio__traced && wio__the.watch & WIO__WATCH_TRACE) {                                                        \
            WIO__RARE();                                                                                               \
            wio__traced(__VA_ARGS__);                                                                                  \
        }                                                                                                              \
    } while (0)

#define WIO__TRACE_OP(...)                                                                                             \
    do {                                                                                                               \
        if (wio__traced_op && wio__the.watch & WIO__WATCH_TRACE) wio__traced_op(__VA_ARGS__);                          \
    } while (0)

/* The state of a semaphore, lock, queue, … has changed. */
#define WIO__CHANGED(object, of) WIO__TRACE(WIO_TRACE_CHANGED, NULL, object, of, 0)

/* It begins here, whatever has stood at its address before. */
#define WIO__BEGUN(object, of) WIO__TRACE(WIO_TRACE_MADE, NULL, object, of, 0)

/* An object begins, or ends, that somebody must give back: debug mode tells if nobody does. */
WIO__WEAK void wio__made(const char *kind, const void *object, const char *where);
WIO__WEAK void wio__gone(const void *object);
#define WIO__MADE(kind, object)                                                                                        \
    do {                                                                                                               \
        if (wio__made && wio__the.watch & WIO__WATCH_DEBUG) wio__made(kind, object, wio__here);                        \
    } while (0)
#define WIO__GONE(object)                                                                                              \
    do {                                                                                                               \
        if (wio__gone) wio__gone(object);                                                                              \
    } while (0)

WIO__WEAK void wio__shuffle(void);                  /* the pass, by the seed */
WIO__WEAK void wio__call_begins(const char *where); /* a callback of the program, scheduled there */
WIO__WEAK void wio__call_ends(void);
/* In words, in task->cancelled_by. What reports need besides is noted only where reports can be made. */
WIO__WEAK void wio__note_canceller(wio__task *task);
WIO__WEAK void wio__canceller_drop(const char *cancelled_by);
#define WIO__FOR_REPORTS(statement)                                                                                    \
    do {                                                                                                               \
        if (wio__note_canceller) statement;                                                                            \
    } while (0)

/* A run is over, or main() itself: what was left open? */
enum { WIO__RUN_OF_MAIN = -1 };
WIO__WEAK void wio__run_checked(uint32_t run);

/* Runs a handle of the pass, for wio__watched_pass(). */
void wio__run_handle(wio__handle *handle);

#endif
