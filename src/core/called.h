/* Functions of the program that the loop calls outside tasks, with the context variables of when they were given. */
#ifndef WIO_CALLED_H
#define WIO_CALLED_H

#include "core.h"

/* Whether a loop runs, in which the call will come; reports for `function` if not. */
bool wio__loop_runs(const char *function);

/* What a callback sees while it runs; give the result to wio__called_out(). `where`: it was scheduled there. */
static inline wio__vars *wio__called_in(wio__vars *vars, const char *where) {
    if (wio__call_begins && wio__the.watch) wio__call_begins(where);
    wio__vars *before = wio__the.vars;
    wio__the.vars = vars;
    wio__the.calling = true;
    wio__the.current = NULL; /* timers fire behind a pass, whose last task is still noted */
    return before;
}

/* A callback may have changed its variables, which nobody sees any more. */
static inline void wio__called_out(wio__vars *before) {
    if (wio__call_ends && wio__the.watch) wio__call_ends();
    wio__vars_drop(wio__the.vars);
    wio__the.vars = before;
    wio__the.calling = false;
}

#endif
