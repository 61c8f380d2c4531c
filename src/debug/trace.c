/* Traces: what happens, as a stream of events. The core says that something has happened, and to whom; here it is put into
 * words and numbers, for a sink of the program's and one of the host's. */
#include "development.h"

#include "graph.h"

static wio_trace_fn *sink;
static void *sink_data;
static void (*host_sink)(const wio_trace_event *event);
static bool inside; /* a sink is being called: what it does is no event */

/* ------------------------------------------------------------------------------------------------------- Numbers --- */

/* Objects have no numbers of their own, and their addresses differ from host to host; so the first event about one gives
 * it the next number. A table by address, with open addressing, never cleared: what comes to stand at an address where
 * something of that kind has stood keeps its number, unless its beginning was an event. */
typedef struct {
    const void *object;
    uint32_t of, number;
} numbered;

static numbered *table;
static uint32_t room, used, next_number;

static numbered *place_of(numbered *in, uint32_t size, const void *object, uint32_t of) {
    uint32_t at = ((uint32_t)((uintptr_t)object >> 2) * 2654435761u + of) & (size - 1);
    while (in[at].number && (in[at].object != object || in[at].of != of)) at = (at + 1) & (size - 1);
    return &in[at];
}

static bool grow(void) {
    uint32_t size = room ? room * 2 : 256;
    numbered *grown = calloc(size, sizeof *grown);
    if (!grown) return false;
    for (uint32_t i = 0; i < room; i++)
        if (table[i].number) *place_of(grown, size, table[i].object, table[i].of) = table[i];
    free(table);
    table = grown;
    room = size;
    return true;
}

/* 0 without memory. `fresh`: it begins here. */
static uint32_t number_of(const void *object, int of, bool fresh) {
    if (!object || (used * 2 >= room && !grow())) return 0;
    numbered *at = place_of(table, room, object, (uint32_t)of);
    if (!at->number) used++;
    if (!at->number || fresh) *at = (numbered){object, (uint32_t)of, ++next_number};
    return at->number;
}

static uint32_t group_number(const wio_group *group) { return number_of(&group->scope, WIO__OF_SCOPE, false); }

/* -------------------------------------------------------------------------------------------------------- Events --- */

static bool call_sink(void *event) {
    sink(event, sink_data);
    return true;
}

static bool call_host(void *event) {
    host_sink(event);
    return true;
}

static void send(wio_trace_event *event) {
    inside = true;
    event->time = wio_time();
    if (!event->what) event->what = "";
    if (!event->text) event->text = "";
    if (host_sink) wio__context_leaf(call_host, event);
    if (sink) {
        char where[128], what[64]; /* without folders, and without what stands behind it */
        wio__place_copy(where, sizeof where, event->where);
        if (event->kind == WIO_TRACE_CREATED) {
            wio__what_copy(what, sizeof what, event->where);
            event->what = what;
        }
        event->where = where;
        wio__context_leaf(call_sink, event);
    }
    inside = false;
}

static uint32_t number_of_task(const wio__task *task) { return task ? task->number : 0; }
static uint32_t culprit(void) { return number_of_task(wio__the.current ? wio__the.current : wio__the.blame); }

static void tell_created(wio_trace_event *event, const wio__task *task) {
    wio__task *creator = wio__find((wio_task *)(uintptr_t)task->creator, NULL);
    const wio_group *group = task->owner ? wio__group_of(task->owner) : NULL;
    event->text = wio__name(task);
    event->by = number_of_task(creator);
    event->where = task->created;
    event->object = group ? group_number(group) : 0;
}

static void tell_wait(wio_trace_event *event, const wio__task *task) {
    event->what = task->wait->kind;
    event->where = task->where;
    event->text = wio__object_name(task);
    if (task->wait->of == WIO__OF_GROUP) event->object = group_number(wio__group_of(task->object));
    else if (task->wait->of >= WIO__OF_SEMAPHORE && task->wait->of != WIO__OF_NAMED)
        event->object = number_of(task->object, task->wait->of, false);
    else if (task->wait == &wio__sleep_wait && task->timer.fire) event->until = task->timer.deadline;
    wio_trace_event awaits = {.kind = WIO_TRACE_AWAITS, .task = task->number};
    send(event);
    wio__edges edges = wio__edges_of(task);
    for (const wio__task *awaited; (awaited = wio__edges_next(&edges));) {
        awaits.by = awaited->number;
        send(&awaits);
    }
}

static void tell_scope(wio_trace_event *event, const wio_scope *scope) {
    static const char *const names[] = {"", "timeout", "shield", "group"};
    event->what = names[scope->kind];
    event->object = number_of(scope, WIO__OF_SCOPE, event->kind == WIO_TRACE_ENTER);
    if (event->kind == WIO_TRACE_ENTER) event->where = wio__here;
    if (scope->timer.fire) event->until = scope->timer.deadline;
}

void wio__traced(int kind, const wio__task *task, const void *object, int of, int value) {
    if (inside) return;
    wio_trace_event event = {.kind = (wio_trace_kind)kind, .task = number_of_task(task), .value = value};
    switch (kind) {
    case WIO_TRACE_CREATED: tell_created(&event, task); break;
    case WIO_TRACE_WAIT: tell_wait(&event, task); return;
    case WIO_TRACE_PAUSE: event.where = task->where; break;
    case WIO_TRACE_WAKE:
        event.by = culprit();
        if (value == WIO__ABORTED) event.value = wio__reason(task);
        break;
    case WIO_TRACE_CANCEL:
        event.by = culprit();
        event.where = wio__the.current ? wio__here : NULL;
        break;
    case WIO_TRACE_END:
        if (value < 0) event.text = wio__note_error(&task->note, value, "").message;
        break;
    case WIO_TRACE_ENTER:
    case WIO_TRACE_EXPIRED:
    case WIO_TRACE_LEAVE: tell_scope(&event, object); break;
    case WIO_TRACE_CHANGED:
    case WIO_TRACE_MADE:
        event.object = number_of(object, of, kind == WIO_TRACE_MADE);
        event.task = number_of_task(wio__the.current);
        event.where = wio__the.current || kind == WIO_TRACE_MADE ? wio__here : NULL; /* made in main(), for example */
        wio__count(object, of, &event);
        if (event.value < 0) return; /* more permits than an int can say: nobody counts those */
        break;
    default: break;
    }
    send(&event);
}

void wio__traced_op(int kind, uint32_t id, const char *what, const char *text, int value) {
    if (inside) return;
    const void *object = (const void *)(uintptr_t)id;
    send(&(wio_trace_event){.kind = (wio_trace_kind)kind,
                            .task = number_of_task(wio__the.current),
                            .object = number_of(object, WIO__OF_NAMED, kind == WIO_TRACE_STARTED),
                            .what = what,
                            .text = text,
                            .value = value});
}

/* --------------------------------------------------------------------------------------------------- On and off --- */

/* What is alive already, as if just created; and the step that is under way. */
static void begin(void) {
    wio__the.watch |= WIO__WATCH_TRACE;
    for (const wio__task *task = wio__the.all_first; task; task = task->all_next)
        wio__traced(WIO_TRACE_CREATED, task, NULL, 0, 0);
    if (wio__the.current) wio__traced(WIO_TRACE_RUN, wio__the.current, NULL, 0, 0);
}

void wio_trace(wio_trace_fn *fn, void *data) {
    void (*host)(const wio_trace_event *) = host_sink;
    sink = fn;
    sink_data = data;
    host_sink = NULL; /* it knows already what is alive */
    if (sink) begin();
    host_sink = host;
    if (!sink && !host) wio__the.watch &= (uint8_t)~WIO__WATCH_TRACE;
}

void wio__trace_host(void (*fn)(const wio_trace_event *event)) {
    host_sink = fn;
    begin();
}

/* ---------------------------------------------------------------------------------------------------- Places --- */

static void copy(char *to, size_t size, const wio__text *text) {
    size_t length = text->size < size ? text->size : size - 1;
    memcpy(to, text->buffer, length);
    to[length] = '\0';
}

void wio__place_copy(char *to, size_t size, const char *place) {
    wio__text text = {0};
    if (place) wio__text_place(&text, place);
    copy(to, size, &text);
}

void wio__what_copy(char *to, size_t size, const char *place) {
    wio__text text = {0};
    wio__text_what(&text, "", place);
    copy(to, size, &text);
}
