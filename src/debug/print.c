/* wio_print_tasks() and its like: what does not use them does not link stdio. */
#include "graph.h"
#include "development.h"

static bool to_stream(void *text) {
    wio__text *from = text;
    return fwrite(from->buffer, 1, from->size, from->to) == from->size;
}

static wio__text text_to(FILE *stream) { return (wio__text){.to = stream ? stream : stderr, .flush = to_stream}; }

void wio_print_tasks(FILE *stream) {
    wio__text text = text_to(stream);
    wio__tree(&text, 0, true);
    wio__text_flush(&text);
}

int wio_print_call_graph(const wio_task *handle, FILE *stream) {
    if (!handle && !wio__the.current)
        return wio__misuse(-EPERM, "wio_print_call_graph", "outside a task it must be told which task");
    const wio__task *task = handle ? wio__find(handle, "wio_print_call_graph") : wio__the.current;
    if (!task) return -EINVAL;
    wio__text text = text_to(stream);
    wio__awaiters(&text, task);
    wio__text_flush(&text);
    return 0;
}

/* ----------------------------------------------------------------------------------------------------- A table --- */

enum { COLUMNS = 7 };
static const int widths[COLUMNS] = {6, 16, 18, 24, 16, 16, 0};

static void cell(wio__text *text, int column, const char *string, size_t size) {
    wio__text_add_size(text, string, size);
    if (!widths[column]) return;
    do wio__text_add(text, " ");
    while (++size < (size_t)widths[column]);
}

static void cell_number(wio__text *text, int column, uint32_t n) {
    wio__text digits = {0};
    wio__text_number(&digits, (long)n);
    cell(text, column, digits.buffer, digits.size);
}

static void row(wio__text *text, const wio__task *task, const wio__task *awaiter) {
    wio__text part = {0};
    cell_number(text, 0, task->number);
    cell(text, 1, wio__name(task), strlen(wio__name(task)));
    wio__text_what(&part, "", task->created);
    cell(text, 2, part.buffer, part.size);
    part.size = 0;
    if (task->state == WIO__PARKED) wio__text_add(&part, task->wait->kind);
    else wio__text_add(&part, task == wio__the.current ? "running" : task->state == WIO__NEW ? "not started" : "ready");
    cell(text, 3, part.buffer, part.size);
    part.size = 0;
    if (task->where && task->state != WIO__NEW) wio__text_place(&part, task->where);
    cell(text, 4, part.buffer, part.size);
    cell(text, 5, awaiter ? wio__name(awaiter) : "", awaiter ? strlen(wio__name(awaiter)) : 0);
    cell_number(text, 6, awaiter ? awaiter->number : 0);
    wio__text_add(text, "\n");
}

void wio_print_task_table(FILE *stream) {
    static const char *const titles[COLUMNS] = {"id", "name", "coroutine", "state", "at", "awaited by", "its id"};
    wio__text text = text_to(stream);
    for (int i = 0; i < COLUMNS; i++) cell(&text, i, titles[i], strlen(titles[i]));
    wio__text_add(&text, "\n");
    for (const wio__task *task = wio__the.all_first; task; task = task->all_next) {
        const wio__task *awaiter = wio__next_awaiter(task, NULL);
        do row(&text, task, awaiter);
        while (awaiter && (awaiter = wio__next_awaiter(task, awaiter)));
    }
    wio__text_flush(&text);
}

/* -------------------------------------------------------------------------------------------------- Primitives --- */

static int kind_of(wio_type type) {
    switch (type) {
    case WIO_A_SEMAPHORE: return WIO__OF_SEMAPHORE;
    case WIO_A_LOCK: return WIO__OF_LOCK;
    case WIO_AN_EVENT: return WIO__OF_EVENT;
    case WIO_A_CONDITION: return WIO__OF_CONDITION;
    case WIO_A_BARRIER: return WIO__OF_BARRIER;
    case WIO_A_QUEUE: return WIO__OF_QUEUE;
    case WIO_A_FUTURE: return WIO__OF_FUTURE;
    case WIO_A_TIMEOUT: return WIO__OF_SCOPE;
    }
    return WIO__OF_OTHER;
}

size_t wio_describe(wio_type type, const void *object, char *to, size_t size) {
    wio__text text = {0};
    if (!object) wio__text_add(&text, "NULL");
    else if (!wio__describe(&text, object, kind_of(type))) wio__text_add(&text, "of no known type");
    if (!size) return text.size;
    size_t length = text.size < size ? text.size : size - 1;
    memcpy(to, text.buffer, length);
    to[length] = '\0';
    return text.size;
}
