/* What tasks are called. */
#include "../core/core.h"

const char *wio__number_name(uint32_t number, char *name) {
    char digits[12], *at = digits + sizeof digits;
    *--at = '\0';
    for (uint32_t rest = number; rest || !*at; rest /= 10) *--at = (char)('0' + rest % 10);
    memcpy(name, "Task-", 5);
    memcpy(name + 5, at, (size_t)(digits + sizeof digits - at));
    return name;
}

/* A default name is made when asked for, without malloc(): it is asked for after crashes too. */
const char *wio__name(const wio__task *task) {
    enum { NAMES = 4 };
    static char names[NAMES][16];
    static unsigned next;
    if (!task) return "(no task)";
    const char *given = wio__given_name(task);
    if (given) return given;
    return wio__number_name(task->number, names[next++ % NAMES]);
}
