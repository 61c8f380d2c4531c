/* A stack has overflowed: whose, by how much, and what to do about it. */
#include "core.h"
#include "text.h"

static const char *const found[] = {
    [WIO__GUARD_STACK] = " bytes (its C stack ran over the lower end)",
    [WIO__GUARD_SAVED] = " bytes (its suspended frames met its C stack)",
};

void wio__guard_failed(const wio__context *context, const char *name, int what) {
    wio__the.dead = true;
    wio__text text = {0};
    wio__text_add(&text, "task '");
    wio__text_add(&text, name);
    if (wio__no_stack_memory && what == WIO__GUARD_MEMORY) {
        wio__text_add(&text, wio__no_stack_memory);
    } else {
        wio__text_add(&text, "' overflowed its stack of ");
        wio__text_number(&text, (long)context->size);
        wio__text_add(&text, found[what]);
        wio__text_add(&text, ". Raise it: wio_create_task_with(fn, arg, &(wio_task_options){.stack_size = ");
        wio__text_number(&text, (long)context->size * 2);
        wio__text_add(&text, "}), or wio_set_default_stack_size() for all tasks.");
    }
    wio__host_fault(text.buffer, text.size);
}
