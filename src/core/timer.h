/* Timers. */
#ifndef WIO_TIMER_H
#define WIO_TIMER_H

void wio__scope_deadline(wio_scope *scope, double deadline); /* arms its timer */

enum { WIO__TIMER_OF_SCOPE = 1 }; /* a bit of `order`: the timer begins a scope, which expires when the timer is due */

void wio__timer_start(wio__timer *timer, double deadline, bool (*fire)(void *));
void wio__timer_stop(wio__timer *timer); /* harmless when not armed */
void wio__timers_collect(double now);    /* those that are due now, and no later one, fire in wio__timers_fire() */
void wio__timers_fire(void);
double wio__timers_next(void); /* INFINITY: none */

#endif
