/* A task that goes on waiting though its waits fail at once: it does not look at what they return, and if it does so in a loop,
 * that never ends. Told once. Most tasks that are cancelled wait no more than a few times after it, so what counts has five bits
 * in the task, and only whoever fills them is given more. */
#include "text.h"

enum { FEW = 31, MANY = 10000 };

static wio_task *whose; /* that is about to be told of */

static const char *way_out(int reason) {
    if (reason == -ECANCELED) return "it returns or calls wio_uncancel()";
    if (reason == -ETIMEDOUT) return "it leaves the WIO_TIMEOUT block";
    return "it returns";
}

/* From the loop, whose stack has room for it. */
static bool tell(void *handle) {
    const wio__task *task = wio__find(whose, NULL);
    int reason = task ? wio__reason(task) : 0;
    (void)handle;
    whose = NULL;
    if (!reason) return true;
    wio__text text = {0};
    wio__text_add(&text, "wasyncio: task '");
    wio__text_add(&text, wio__name(task));
    wio__text_add(&text, "'");
    if (wio__text_what(&text, " (", task->created)) wio__text_add(&text, ")");
    wio__text_add(&text, " has waited ");
    wio__text_number(&text, MANY);
    wio__text_add(&text, " times in vain");
    if (task->wait) { /* no yield: that does not note its place */
        wio__text_add(&text, ", now at ");
        wio__text_place(&text, task->where);
    }
    wio__text_add(&text, ": each wait fails at once with -");
    wio__text_add(&text, wio_error_name(reason));
    wio__text_add(&text, " until ");
    wio__text_add(&text, way_out(reason));
    wio__text_add(&text, "; look at what waits return\n");
    wio__text_flush(&text);
    return true;
}

static wio__handle teller = {.fn = tell};

void wio__waited_in_vain(wio__task *task) {
    if (task->in_vain < FEW) {
        wio__extra *extra = task->extra;
        if (++task->in_vain == FEW && extra && extra->in_vain < MANY) extra->in_vain = FEW;
        return;
    }
    wio__extra *extra = wio__extra_of(task, 0);
    if (!extra || extra->in_vain >= MANY) return;
    if (extra->in_vain < FEW) extra->in_vain = FEW;
    if (extra->in_vain + 1 == MANY && whose) return; /* another's turn */
    if (++extra->in_vain < MANY) return;
    whose = wio__handle_of(task);
    wio__ready(&teller);
}
