/* Errors: what a task noted last, and misuse. */
#ifndef WIO_NOTE_H
#define WIO_NOTE_H

#include "words.h"

/* Reports a misuse on stderr, notes it as the caller's last error and returns `code`; `text` may be a WIO__WORD(). */
int wio__misuse(int code, const char *function, const char *text);
int wio__misuse_null(const char *function, const char *what);

/* Misuse, deadlocks, failures and overflows in words. Programs built for size have these only if they read errors or reports
 * themselves; otherwise the host says it (wio__host_report). */
__attribute__((weak)) void wio__tell_misuse(int code, const char *function, const char *text, bool is_null);
__attribute__((weak)) void wio__tell_deadlock(void);
__attribute__((weak)) void wio__tell_failure(const wio__task *task);
__attribute__((weak)) void wio__tell_main(int status);           /* main() has returned that */
__attribute__((weak)) void wio__waited_in_vain(wio__task *task); /* its wait fails at once */
__attribute__((weak)) void wio__tell_overflow(const wio__context *context, const wio__task *task, int what);

/* The last error of a task, or of a task that has ended: message and task name in one block. */
typedef struct wio__note {
    int code;
    const char *where;
    char *text; /* "task\0message\0notes", or NULL: the code's own text */
} wio__note;

/* In files whose errors have their names in more_errors.c: links those. */
#define WIO__MORE_ERRORS                                                                                               \
    const char *wio__more_error(int code);                                                                             \
    __attribute__((used)) static const char *(*const more_errors)(int) = wio__more_error;

/* Notes an error in the calling task (or outside tasks); the message is copied and may be NULL. */
void wio__note_set(int code, const char *message, size_t size);
wio__note *wio__note_code(int code); /* without a message */
void wio__note_move(wio__note *to, wio__note *from);
void wio__note_copy(wio__note *to, const wio__note *from);
void wio__note_clear(wio__note *note);
bool wio__note_add(wio__note *note, const char *line, size_t size); /* a line of notes; false without memory */
wio_error wio__note_error(const wio__note *note, int code, const char *task_name);

#endif
