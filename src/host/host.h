/* What the C side asks of its host, all of it. In WebAssembly these are the imports of module "wasyncio" (src/js/app.js);
 * natively tests link a host of their own. The host calls back only wio__tick(), wio__op_alloc() and
 * wio__op_complete(), and the entry points of core/entry.c. */
#ifndef WIO_HOST_H
#define WIO_HOST_H

#include "../wasyncio.h"

#ifdef __wasm__
#define WIO__HOST(name) __attribute__((import_module("wasyncio"), import_name(#name)))
#define WIO__ENTRY(name) __attribute__((export_name(#name), used))
#else
#define WIO__HOST(name)
#define WIO__ENTRY(name)
#endif

/* Seconds since an arbitrary start, never going back. */
double wio__host_now(void) WIO__HOST(now);

/* Call wio__tick() at `deadline` (of wio__host_now); replaces the one set before. INFINITY: no more. */
void wio__host_arm(double deadline) WIO__HOST(arm);

/* Call wio__tick() soon, once, after the host's own events had their turn. */
void wio__host_post(void) WIO__HOST(post);

/* Starts host operation `id` of a kind (wio__op_kind); the request is read before this returns. */
void wio__host_op_start(uint32_t id, int kind, const void *request) WIO__HOST(op_start);

/* The operation is of no interest any more: abort it; whatever it still says is dropped. */
void wio__host_op_cancel(uint32_t id) WIO__HOST(op_cancel);

/* A line or more for the user, on standard error. */
void wio__host_log(const char *text, size_t size) WIO__HOST(log);

/* The same, and overflows, in programs built for size: the host has the words (src/js/words/reports.js). The last of these do not
 * return. Texts may be NULL, or a WIO__WORD(). */
enum {
    WIO__REPORT_MISUSE,   /* function, problem, place */
    WIO__REPORT_NULL,     /* function, what is NULL, place */
    WIO__REPORT_DEADLOCK, /* of the tasks that there are */
    WIO__REPORT_FAILURE,  /* code, number; name, message, place, place of creation */
    WIO__REPORT_STACK,    /* bytes, number (0: main()); name */
    WIO__REPORT_SAVED     /* the same: frames saved */
};
void wio__host_report(int what, int first, uint32_t number, const char *a, const char *b, const char *c, const char *d)
    WIO__HOST(report);

/* The program cannot go on (a stack has overflowed). Does not return. */
void wio__host_fault(const char *text, size_t size) WIO__HOST(fault);

/* Puts main()'s arguments into memory that stays its own, and returns how many; negative without memory. */
int wio__host_args(char ***argv) WIO__HOST(args);

/* The export that JavaScript called under this number has returned a string or bytes, which it reads now: the next task
 * may reuse them. False: that was NULL. */
bool wio__host_returned(uint32_t call, uint32_t value) WIO__HOST(returned);

/* The task of that call has failed, or main() has ended (0); `error` is NULL or valid during the call. */
void wio__host_settle(uint32_t call, int status, const wio_error *error) WIO__HOST(settle);

/* Not imports: the main stack waits until wio__host_unblock() says that the run is over. */
void wio__host_block(void);
void wio__host_unblock(void);

/* Entry points of the host. */
void wio__tick(void);
void *wio__op_alloc(uint32_t id, size_t size);
void wio__op_complete(uint32_t id, int status, size_t size);

#endif
