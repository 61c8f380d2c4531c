/* The host's sink: a buffer that JavaScript empties whenever it comes by, after a crash too. */
#ifdef __wasm__
#include "development.h"

/* src/js/debug/watch.js reads the fields by their offsets; behind each event come the bytes of its text, whose size stands in
 * `text`, up to a multiple of 8. */
_Static_assert(sizeof(wio_trace_event) == 64 && offsetof(wio_trace_event, time) == 32 &&
                   offsetof(wio_trace_event, what) == 48,
               "src/js/debug/watch.js has these offsets");

typedef struct {
    char *bytes;
    size_t size;
} batch;

static batch buffer;
static size_t room;
static int lost;

static bool make_room(size_t more) {
    if (buffer.size + more <= room) return true;
    size_t wanted = room ? room : 16 * 1024;
    while (wanted < buffer.size + more) wanted *= 2;
    char *grown = realloc(buffer.bytes, wanted);
    if (!grown) return false;
    buffer.bytes = grown;
    room = wanted;
    return true;
}

static bool put(const wio_trace_event *event) {
    size_t length = strlen(event->text), padded = (length + 7) & ~(size_t)7;
    if (!make_room(sizeof *event + padded)) return false;
    char *at = buffer.bytes + buffer.size;
    wio_trace_event copy = *event;
    copy.text = (const char *)length;
    memcpy(at, &copy, sizeof copy);
    memcpy(at + sizeof copy, event->text, length);
    buffer.size += sizeof copy + padded;
    return true;
}

static void keep(const wio_trace_event *event) {
    wio_trace_event gap = {.kind = WIO_TRACE_LOST, .time = event->time, .value = lost, .what = "", .text = ""};
    if (lost && put(&gap)) lost = 0;
    if (lost || !put(event)) lost++;
}

WIO__ENTRY(wio__trace_start) void wio__trace_start(void) { wio__trace_host(keep); }

/* What has come since the last call: valid until the next event. */
WIO__ENTRY(wio__trace_take) const batch *wio__trace_take(void) {
    static batch taken;
    taken = buffer;
    buffer.size = 0;
    return &taken;
}
#endif
