#define _GNU_SOURCE
#include "host.h"

#include "../../src/core/core.h"
#include "../../src/io/executor.h"
#include "../../src/io/fetch.h"
#include "../../src/io/op.h"

#include <stdarg.h>
#include <unistd.h>

/* Nothing here calls malloc: its failures are to hit the runtime. */
enum { EXCHANGES = 1024, EVENTS = 2048, LATER = 64, LOG = 64 * 1024, JOB_IN = 4096, JOBS = 64 };

host_counts host_count;
void (*host_on_fault)(const char *text);
void (*host_on_hang)(void);

static void die(const char *text) {
    if (write(2, text, strlen(text)) < 0) _exit(98);
    abort();
}

/* ------------------------------------------------------------------------------------------------------ Time --- */

static double time_now, armed = INFINITY;
static bool posted, unblocked;

double wio__host_now(void) { return time_now; }
void host_burn(double seconds) { time_now += seconds; }

void wio__host_arm(double deadline) {
    if (deadline < INFINITY) host_count.arms++;
    else host_count.disarms++;
    armed = deadline;
}

void wio__host_post(void) {
    host_count.posts++;
    posted = true;
}

/* -------------------------------------------------------------------------------------------------------- Log --- */

static char log_text[LOG], log_copy[LOG];
static size_t log_size;
static bool log_quiet;

void wio__host_log(const char *text, size_t size) {
    if (!log_quiet && write(2, text, size) < 0) abort();
    if (size > LOG - 1 - log_size) size = LOG - 1 - log_size;
    memcpy(log_text + log_size, text, size);
    log_size += size;
}

const char *host_log(void) {
    memcpy(log_copy, log_text, log_size);
    log_copy[log_size] = '\0';
    log_size = 0;
    return log_copy;
}

void host_quiet(bool quiet) { log_quiet = quiet; }

/* Only of programs built for size, which have no words. */
void wio__host_report(int what, int first, uint32_t number, const char *a, const char *b, const char *c, const char *d) {
    (void)what, (void)first, (void)number, (void)a, (void)b, (void)c, (void)d;
    die("a report without words\n");
}

void wio__host_fault(const char *text, size_t size) {
    char copy[1024];
    if (size > sizeof copy - 2) size = sizeof copy - 2;
    memcpy(copy, text, size);
    memcpy(copy + size, "\n", 2);
    if (host_on_fault) host_on_fault(copy);
    die(copy);
}

/* ----------------------------------------------------------------------------------------- Calls of exports --- */

bool wio__host_returned(uint32_t call, uint32_t value) { return call && value; }

void wio__host_settle(uint32_t call, int status, const wio_error *error) {
    (void)call, (void)error;
    host_count.settled++;
    host_count.settled_status = status;
}

/* What core/entry.c has for WebAssembly. */
void wio__call_ended(wio__task *task) {
    task->looked_at = true;
    wio_error error = wio__note_error(&task->note, task->status, wio__name(task));
    wio__host_settle((uint32_t)(uintptr_t)task->call, task->status, task->status < 0 ? &error : NULL);
}

/* What the entry points for plain exports do. */
void host_from_javascript(void (*fn)(void *), void *arg) {
    wio__task *task = wio__the.current;
    wio__the.current = NULL;
    wio__the.host_depth++;
    fn(arg);
    wio__the.host_depth--;
    wio__the.current = task;
}

void host_interrupt(void *unused) {
    (void)unused;
    if (wio__the.main) wio__cancel(wio__the.main);
}

void host_overflow(void) { memset(&wio__stack_end_of(&wio__the.current->context)->canary, 0x55, sizeof(uint32_t)); }

double host_next_timer(void) { return wio__timers_next(); }

/* ----------------------------------------------------------------------------------------------- Fake server --- */

typedef struct {
    uint32_t id; /* 0: free */
    int status;
    bool refuse, bad_url, hang, reset_body, hang_body, echo, ended;
    double delay, slow, connect, after;
    size_t chunk, size, position;
    char body[1024]; /* repeated up to `size` */
    size_t body_size;
    char url[256];
} exchange;

typedef struct {
    uint32_t id; /* 0: free */
    int kind;
    double due;
    uint64_t order;
    uint32_t fetch;
    size_t room;
} event;

/* How often each URL of /flaky was asked for. */
static struct {
    char url[128];
    double times;
} flaky[16];

static exchange exchanges[EXCHANGES];
static event events[EVENTS];
static uint64_t order;

static exchange *exchange_of(uint32_t id) {
    for (int i = 0; id && i < EXCHANGES; i++)
        if (exchanges[i].id == id) return &exchanges[i];
    return NULL;
}

static void exchange_end(exchange *ended) {
    if (!ended->ended) host_count.open--;
    ended->ended = true;
    ended->id = 0;
}

static event *event_add(uint32_t id, int kind, double due) {
    for (int i = 0; i < EVENTS; i++) {
        if (events[i].id) continue;
        events[i] = (event){.id = id, .kind = kind, .due = due, .order = order++};
        return &events[i];
    }
    die("host: too many operations\n");
    return NULL;
}

/* "/word" at the front is taken away; with `number` "/word/<number>". */
static bool step(const char **at, const char *word, double *number) {
    size_t size = strlen(word);
    if (strncmp(*at, word, size) != 0 || ((*at)[size] && (*at)[size] != '/')) return false;
    *at += size;
    if (!number) return true;
    char *end;
    *number = strtod(*at + 1, &end);
    *at = end;
    return true;
}

static void echo_add(exchange *to, const char *text, size_t size) {
    if (size > sizeof to->body - to->body_size) size = sizeof to->body - to->body_size;
    memcpy(to->body + to->body_size, text, size);
    to->body_size += size;
}

static bool is_flaky(const char *url, double times) {
    for (int i = 0; i < 16; i++) {
        if (!*flaky[i].url) snprintf(flaky[i].url, sizeof flaky[i].url, "%s", url);
        if (strcmp(flaky[i].url, url) == 0) return flaky[i].times++ < times;
    }
    die("host: too many flaky URLs\n");
    return false;
}

/* Of the request: method, headers and body, a line each. */
static void echo(exchange *to, const fetch_request *request) {
    echo_add(to, request->method, strlen(request->method));
    echo_add(to, "\n", 1);
    for (size_t i = 0; i < request->header_count; i++) {
        echo_add(to, request->headers[i].name, strlen(request->headers[i].name));
        echo_add(to, "=", 1);
        echo_add(to, request->headers[i].value, strlen(request->headers[i].value));
        echo_add(to, "\n", 1);
    }
    if (request->body) echo_add(to, request->body, request->body_size);
    to->size = to->body_size;
}

static void parse(exchange *to, const fetch_request *request) {
    const char *at = request->url;
    double number;
    bool is_path = request->base && *at == '/';
    if (!is_path && strncmp(at, "fake:", 5) != 0) {
        to->bad_url = true;
        return;
    }
    if (!is_path) at += 5;
    while (*at) {
        if (step(&at, "/refuse", NULL)) to->refuse = true;
        else if (step(&at, "/badurl", NULL)) to->bad_url = true;
        else if (step(&at, "/hang", NULL)) to->hang = true;
        else if (step(&at, "/reset-body", NULL)) to->reset_body = true;
        else if (step(&at, "/hang-body", NULL)) to->hang_body = true;
        else if (step(&at, "/echo", NULL)) to->echo = true;
        else if (step(&at, "/delay", &number)) to->delay = number;
        else if (step(&at, "/slow", &number)) to->slow = number;
        else if (step(&at, "/status", &number)) to->status = (int)number;
        else if (step(&at, "/connect", &number)) to->connect = number;
        else if (step(&at, "/after", &number)) to->after = number;
        else if (step(&at, "/flaky", &number)) to->status = is_flaky(request->url, number) ? 503 : 200;
        else if (step(&at, "/chunk", &number)) to->chunk = (size_t)number;
        else if (step(&at, "/size", &number)) to->size = (size_t)number;
        else if (strncmp(at, "/body=", 6) == 0) {
            to->size = to->body_size = strlen(at + 6);
            memcpy(to->body, at + 6, to->body_size);
            return;
        } else {
            to->bad_url = true;
            return;
        }
    }
    if (to->echo) {
        echo(to, request);
    } else {
        memcpy(to->body, "0123456789abcdef", 16);
        to->body_size = 16;
    }
}

/* What its host knows of a text: ISO 8859-1, where each byte is a character. */
static void decode(uint32_t id, const decode_request *request) {
    if (strcmp(request->charset, "iso-8859-1") != 0) {
        wio__op_complete(id, -ENOTSUP, 0);
        return;
    }
    const unsigned char *bytes = request->bytes;
    size_t size = 1;
    for (size_t i = 0; i < request->size; i++) size += bytes[i] < 0x80 ? 1 : 2;
    char *at = wio__op_alloc(id, size);
    if (!at) {
        wio__op_complete(id, -ENOMEM, 0);
        return;
    }
    for (size_t i = 0; i < request->size; i++) {
        if (bytes[i] >= 0x80) *at++ = (char)(0xC0 | bytes[i] >> 6);
        *at++ = (char)(bytes[i] >= 0x80 ? 0x80 | (bytes[i] & 0x3F) : bytes[i]);
    }
    *at = '\0';
    wio__op_complete(id, 0, size);
}

/* The next bytes of a streamed body: the answer comes once they have ended. */
static void take_piece(uint32_t id, const write_request *write) {
    exchange *of = exchange_of(write->fetch);
    if (of && write->size) {
        if (of->echo) echo_add(of, write->bytes, write->size);
        if (of->echo) of->size = of->body_size;
        host_count.written += write->size;
    } else if (of) {
        event_add(of->id, WIO__OP_FETCH, of->hang ? INFINITY : time_now + of->delay);
    }
    event_add(id, WIO__OP_WRITE, time_now + (of ? of->slow : 0))->fetch = write->fetch;
}

static void start_fetch(uint32_t id, const fetch_request *request) {
    for (int i = 0; i < EXCHANGES; i++) {
        if (exchanges[i].id) continue;
        exchanges[i] = (exchange){.id = id, .status = 200};
        parse(&exchanges[i], request);
        snprintf(exchanges[i].url, sizeof exchanges[i].url, "%s", request->url);
        host_count.started++;
        if (++host_count.open > host_count.most_open) host_count.most_open = host_count.open;
        if (request->flags & FETCH_STREAMED) return;
        event_add(id, WIO__OP_FETCH, exchanges[i].hang ? INFINITY : time_now + exchanges[i].connect + exchanges[i].delay);
        return;
    }
    die("host: too many requests\n");
}

/* ------------------------------------------------------------------------------------------------- Executors --- */

/* A pool runs `workers` jobs at a time, in this process: by job.c, as a worker would, a virtual millisecond after their
 * start. */
static struct {
    uint32_t id; /* 0: free */
    bool running;
    uint64_t order;
    job_request request;
    char in[JOB_IN];
} jobs[JOBS];

static struct {
    uint32_t id; /* 0: free */
    size_t workers, running, stack_size;
} pools[8];

int host_job_hangs(const void *in, size_t in_size, void *out, size_t out_size) {
    (void)in, (void)in_size, (void)out, (void)out_size;
    die("host: this job is never run\n");
    return 0;
}

int host_job_crashes(const void *in, size_t in_size, void *out, size_t out_size) {
    return host_job_hangs(in, in_size, out, out_size);
}

static void complete(uint32_t id, int status, const char *bytes, size_t size);

static void executor_start(uint32_t id, const executor_request *request) {
    for (int i = 0; i < 8; i++) {
        if (pools[i].id) continue;
        pools[i].id = id;
        pools[i].workers = request->workers ? request->workers : 2;
        pools[i].running = 0;
        pools[i].stack_size = request->stack_size;
        host_count.executors++;
        wio__op_complete(id, (int)pools[i].workers, 0);
        return;
    }
    complete(id, -ENOTSUP, "the fake host has no more workers", 34);
}

static int pool_of(uint32_t id) {
    for (int i = 0; i < 8; i++)
        if (pools[i].id == id) return i;
    die("host: a job of an executor that is gone\n");
    return -1;
}

static void jobs_dispatch(void) {
    for (;;) {
        int first = -1;
        for (int i = 0; i < JOBS; i++) {
            if (!jobs[i].id || jobs[i].running || (first >= 0 && jobs[first].order < jobs[i].order)) continue;
            int pool = pool_of(jobs[i].request.executor);
            if (pools[pool].running < pools[pool].workers) first = i;
        }
        if (first < 0) return;
        jobs[first].running = true;
        pools[pool_of(jobs[first].request.executor)].running++;
        host_count.jobs_run++;
        event_add(jobs[first].id, WIO__OP_JOB, jobs[first].request.fn == host_job_hangs ? INFINITY : time_now + 0.001);
    }
}

static void job_start(uint32_t id, const job_request *request) {
    for (int i = 0; i < JOBS; i++) {
        if (jobs[i].id) continue;
        if (request->in_size * request->count > JOB_IN) die("host: too much input\n");
        jobs[i].id = id;
        jobs[i].running = false;
        jobs[i].order = order++;
        jobs[i].request = *request;
        if (request->in_size) memcpy(jobs[i].in, request->in, request->in_size * request->count);
        host_count.jobs++;
        jobs_dispatch();
        return;
    }
    die("host: too many jobs\n");
}

static void job_end(int i) {
    jobs[i].id = 0;
    if (jobs[i].running) pools[pool_of(jobs[i].request.executor)].running--;
}

static bool executor_cancel(uint32_t id) {
    for (int i = 0; i < JOBS; i++) {
        if (jobs[i].id != id) continue;
        host_count.jobs_stopped++;
        for (int k = 0; k < EVENTS; k++)
            if (events[k].id == id) events[k].id = 0;
        job_end(i);
        return true;
    }
    for (int i = 0; i < 8; i++) {
        if (pools[i].id != id) continue;
        if (pools[i].running) die("host: an executor has gone before its jobs\n");
        pools[i].id = 0;
        host_count.executors--;
        return true;
    }
    return false;
}

static void job_failed(uint32_t id, int status, const char *message) {
    char words[768];
    int size = snprintf(words, sizeof words - 5, "Worker-1%c%s", 0, message);
    memset(words + size, 0, 5);
    complete(id, status, words, (size_t)size + 5);
}

static void job_answer(uint32_t id) {
    int i = 0;
    while (jobs[i].id != id) i++;
    const job_request request = jobs[i].request;
    size_t in = request.in_size * request.count, out = request.out_size * request.count;
    char *room = wio__job_room(in, out, request.each ? request.count : 0, pools[pool_of(request.executor)].stack_size);
    if (room && in) memcpy(room, jobs[i].in, in);
    job_end(i);
    if (request.fn == host_job_crashes) {
        job_failed(id, -EFAULT, "the job crashed: unreachable");
        return;
    }
    if (!room) {
        job_failed(id, -ENOMEM, "no memory in the worker");
        return;
    }
    int status = wio__job_run(request.fn, request.in_size, request.out_size, request.count, request.each);
    if (status < 0) {
        job_failed(id, status, wio__job_error(status)->message);
        return;
    }
    size_t size = request.each ? ((out + 3) & ~(size_t)3) + request.count * sizeof(int) : out;
    complete(id, status, size ? room + ((in + 15) & ~(size_t)15) : NULL, size);
}

void wio__host_op_start(uint32_t id, int kind, const void *request) {
    if (host_streams_start(id, kind, request)) return;
    if (kind == WIO__OP_EXECUTOR) {
        executor_start(id, request);
    } else if (kind == WIO__OP_JOB) {
        job_start(id, request);
    } else if (kind == WIO__OP_FETCH) {
        start_fetch(id, request);
    } else if (kind == WIO__OP_WRITE) {
        take_piece(id, request);
    } else if (kind == WIO__OP_DECODE) {
        decode(id, request);
    } else if (kind == WIO__OP_FORGET) {
        wio__op_complete(id, 0, 0);
    } else if (kind == WIO__OP_CONNECTED) {
        exchange *of = exchange_of(((const connected_request *)request)->fetch);
        event_add(id, kind, time_now + (of ? of->connect : 0));
    } else {
        const read_request *read = request;
        exchange *of = exchange_of(read->fetch);
        event *added = event_add(id, kind, time_now + (of ? of->slow : 0));
        added->fetch = read->fetch;
        added->room = read->size;
    }
}

void wio__host_op_cancel(uint32_t id) {
    host_count.cancels++;
    host_streams_cancel(id);
    if (executor_cancel(id)) return;
    uint32_t fetch = id;
    for (int i = 0; i < EVENTS; i++) {
        if (events[i].id != id) continue;
        if (events[i].kind == WIO__OP_READ || events[i].kind == WIO__OP_WRITE) fetch = events[i].fetch;
        events[i].id = 0;
    }
    exchange *of = exchange_of(fetch);
    if (!of) return;
    for (int i = 0; i < EVENTS; i++)
        if (events[i].id == fetch) events[i].id = 0;
    if (!of->ended) host_count.aborted++;
    exchange_end(of);
}

static void complete(uint32_t id, int status, const char *bytes, size_t size) {
    void *at = bytes ? wio__op_alloc(id, size) : NULL;
    if (bytes && !at) {
        wio__op_complete(id, -ENOMEM, 0);
        return;
    }
    if (bytes) memcpy(at, bytes, size);
    wio__op_complete(id, status, size);
}

static void fail(uint32_t id, int status, const char *words) { complete(id, status, words, strlen(words)); }

static void answer(uint32_t id) {
    exchange *of = exchange_of(id);
    if (of->refuse || of->bad_url) {
        bool refuse = of->refuse;
        exchange_end(of);
        fail(id, refuse ? -ECONNREFUSED : -EINVAL, refuse ? "the fake server refused" : "the fake URL is wrong");
        return;
    }
    char strings[512];
    char after[48] = "";
    int more = of->after > 0 ? snprintf(after, sizeof after, "retry-after%c%g%c", 0, of->after, 0) : 0;
    int size = snprintf(strings, sizeof strings - 50, "%s%cx-fake%cyes%ccontent-type%ctext/plain%c", of->url, 0, 0, 0, 0, 0);
    memcpy(strings + size, after, (size_t)more);
    size += more;
    strings[size] = '\0';
    complete(id, of->status, strings, (size_t)size + 1);
}

static void read_some(const event *read) {
    exchange *of = exchange_of(read->fetch);
    if (!of) {
        fail(read->id, -ECANCELED, "the response was closed or its request aborted");
        return;
    }
    static char bytes[64 * 1024];
    size_t size = of->size - of->position;
    if (size > read->room) size = read->room;
    if (of->chunk && size > of->chunk) size = of->chunk;
    if (size > sizeof bytes) size = sizeof bytes;
    for (size_t i = 0; i < size; i++) bytes[i] = of->body[(of->position + i) % of->body_size];
    of->position += size;
    if (size) {
        complete(read->id, (int)size, bytes, size);
    } else if (of->reset_body) {
        exchange_end(of);
        fail(read->id, -ECONNRESET, "the fake connection broke");
    } else if (of->hang_body) {
        event_add(read->id, WIO__OP_READ, INFINITY)->fetch = read->fetch;
    } else {
        exchange_end(of);
        wio__op_complete(read->id, 0, 0);
    }
}

/* ------------------------------------------------------------------------------------------------ Host events --- */

static struct {
    void (*fn)(void *);
    void *arg;
    double due;
    uint64_t order;
} later[LATER];

void host_later(double seconds, void (*fn)(void *), void *arg) {
    for (int i = 0; i < LATER; i++) {
        if (later[i].fn) continue;
        later[i].fn = fn;
        later[i].arg = arg;
        later[i].due = time_now + seconds;
        later[i].order = order++;
        return;
    }
    die("host: too many later calls\n");
}

/* The earliest event: of an operation (>= 0), of host_later (< 0, ~index), or none (INFINITY). */
static double next_event(int *which) {
    double due = INFINITY;
    uint64_t first = UINT64_MAX;
    for (int i = 0; i < EVENTS; i++)
        if (events[i].id && (events[i].due < due || (events[i].due == due && due < INFINITY && events[i].order < first))) {
            due = events[i].due;
            first = events[i].order;
            *which = i;
        }
    for (int i = 0; i < LATER; i++)
        if (later[i].fn && (later[i].due < due || (later[i].due == due && later[i].order < first))) {
            due = later[i].due;
            first = later[i].order;
            *which = ~i;
        }
    return due;
}

static void deliver(int which) {
    if (which < 0) {
        void (*fn)(void *) = later[~which].fn;
        later[~which].fn = NULL;
        fn(later[~which].arg);
        return;
    }
    event delivered = events[which];
    events[which].id = 0;
    if (delivered.kind == WIO__OP_JOB) job_answer(delivered.id);
    else if (delivered.kind == WIO__OP_FETCH) answer(delivered.id);
    else if (delivered.kind == WIO__OP_READ) read_some(&delivered);
    else wio__op_complete(delivered.id, 0, 0);
}

static void tick(void) {
    host_count.ticks++;
    wio__tick();
}

static void hang(void) {
    if (host_on_hang) host_on_hang();
    else die("host: the loop would hang for ever\n");
}

/* One turn of the host: its own events first, then what was posted, then time jumps. */
static void turn(void) {
    int which = 0;
    jobs_dispatch(); /* not before C is done: it may cancel several */
    double due = next_event(&which);
    if (due <= time_now) {
        deliver(which);
    } else if (posted) {
        posted = false;
        tick();
    } else if (armed <= time_now) {
        armed = INFINITY;
        tick();
    } else if (due < INFINITY || armed < INFINITY) {
        time_now = due < armed ? due : armed;
    } else {
        hang();
    }
}

void wio__host_block(void) {
    wio__the.on_main = false;
    unblocked = false;
    while (!unblocked) turn();
    wio__the.on_main = true;
}

void wio__host_unblock(void) { unblocked = true; }

__attribute__((constructor)) static void begin(void) { wio__the.on_main = true; }
