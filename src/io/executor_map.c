/* wio_executor_map(): one task waits for many jobs. It keeps two chunks for each worker under way, so that none idles
 * between two, and no more, so that neither the queue nor copies of the input pile up. */
#include "executor.h"

static const char function[] = "wio_executor_map";

typedef struct {
    wio__job job; /* its op has an id while the chunk is under way */
    size_t first, count;
} chunk;

typedef struct {
    wio__executor *executor;
    wio_job *fn;
    const char *in;
    char *out;
    size_t in_size, out_size, count, per_chunk;
    int *statuses;
    const char *where;
    size_t next; /* first element that has not been sent */
    size_t under_way;
    chunk *chunks; /* `window` of them */
    size_t window;
    bool blocked; /* others have filled the queue */
} mapping;

static void end_all(mapping *map) {
    for (size_t i = 0; i < map->window; i++) {
        chunk *each = &map->chunks[i];
        if (!each->count) continue;
        if (each->job.op.data != each->job.op.into) free(each->job.op.data);
        wio__job_end(map->executor, &each->job, true);
        each->count = 0;
    }
    map->under_way = 0;
}

static bool give_up(void *task) {
    end_all(((wio__task *)task)->object);
    return true;
}

static const wio__wait map_wait = {.kind = "executor map", .abort = give_up, .undo = give_up};

static int send(wio__task *self, mapping *map, chunk *to) {
    size_t left = map->count - map->next;
    *to = (chunk){.first = map->next, .count = left < map->per_chunk ? left : map->per_chunk};
    if (!map->statuses && map->out_size) {
        to->job.op.into = map->out + to->first * map->out_size;
        to->job.op.room = to->count * map->out_size;
    }
    const char *in = map->in_size ? map->in + to->first * map->in_size : NULL;
    job_request request = {map->executor->op.id, map->fn, in, map->in_size, map->out_size, to->count,
                           map->statuses != NULL};
    int status = wio__job_start(map->executor, &to->job, &request);
    if (status < 0) {
        to->count = 0;
        return status;
    }
    to->job.op.task = self;
    map->next += to->count;
    map->under_way++;
    return 0;
}

/* Sends what fits. Negative: the map has failed. */
static int send_more(wio__task *self, mapping *map) {
    if (map->executor->stopped) return 0;
    for (size_t i = 0; i < map->window && map->next < map->count; i++) {
        if (map->chunks[i].count) continue;
        if (wio__executor_is_full(map->executor)) return map->under_way ? 0 : wio__executor_refuse();
        int status = send(self, map, &map->chunks[i]);
        if (status < 0) return status;
    }
    return 0;
}

/* Output and, behind it, the results. */
static void store(mapping *map, const chunk *from) {
    const wio__op *op = &from->job.op;
    size_t size = from->count * map->out_size, results = (size + 3) & ~(size_t)3;
    bool whole = op->status >= 0 && op->data && op->size >= results + from->count * sizeof(int);
    for (size_t i = 0; !whole && i < from->count; i++)
        map->statuses[from->first + i] = op->status < 0 ? op->status : -ENOMEM;
    if (!whole) return;
    if (size) memcpy(map->out + from->first * map->out_size, op->data, size);
    memcpy(map->statuses + from->first, (char *)op->data + results, from->count * sizeof(int));
}

/* Takes the answers that are there. Negative: the first error. */
static int collect(wio__task *self, mapping *map, bool *any) {
    int failed = 0;
    for (size_t i = 0; i < map->window; i++) {
        chunk *each = &map->chunks[i];
        wio__op *op = &each->job.op;
        if (!each->count || !op->done) continue;
        *any = true;
        if (map->statuses) store(map, each);
        if (op->status < 0 && !failed && (!map->statuses || map->executor->stopped))
            failed = wio__job_failed(self, &each->job, map->where);
        else if (op->data != op->into) free(op->data);
        wio__job_end(map->executor, &each->job, false);
        each->count = 0;
        map->under_way--;
    }
    return failed;
}

static int run(wio__task *self, mapping *map) {
    int status = 0;
    while (status >= 0) {
        bool any = false;
        status = collect(self, map, &any);
        if (status >= 0 && any) continue; /* more may have come while errors were told */
        if (status >= 0) status = send_more(self, map);
        if (status < 0 || !map->under_way) break;
        status = wio__park(self, &map_wait, map);
        if (status < 0 && !map->under_way) return status; /* aborted: all have ended */
        status = 0;
    }
    end_all(map);
    return status;
}

static int start(wio__task *self, wio__executor *executor, mapping *map) {
    size_t per_worker = 4, workers = executor->workers;
    if (!map->per_chunk) map->per_chunk = (map->count + workers * per_worker - 1) / (workers * per_worker);
    size_t chunks = (map->count + map->per_chunk - 1) / map->per_chunk;
    map->executor = executor;
    map->window = chunks < 2 * workers ? chunks : 2 * workers;
    map->chunks = calloc(map->window, sizeof *map->chunks);
    if (!map->chunks) return -ENOMEM;
    int status = run(self, map);
    free(map->chunks);
    return status;
}

int wio_executor_map(wio_executor *handle, wio_job *fn, const void *in, size_t in_size, void *out, size_t out_size,
                     size_t count, size_t per_chunk, int *statuses) {
    wio__task *self = wio__self(function);
    if (!self) return -EPERM;
    if (!fn) return wio__misuse_null(function, "fn");
    if (count && ((in_size && !in) || (out_size && !out)))
        return wio__misuse_null(function, in_size && !in ? "in" : "out");
    size_t largest = in_size > out_size ? in_size : out_size;
    if (largest && count > SIZE_MAX / 2 / largest)
        return wio__misuse(-EINVAL, function, "the arrays are larger than memory");
    if (self->attention && wio__reason(self)) return wio_yield();
    int status = 0;
    wio__executor *executor = wio__executor_enter(handle, function, &status);
    if (!executor) return status;
    mapping map = {.fn = fn,
                   .in = in,
                   .out = out,
                   .in_size = in_size,
                   .out_size = out_size,
                   .count = count,
                   .per_chunk = per_chunk > count ? count : per_chunk,
                   .statuses = statuses,
                   .where = wio__here};
    if (count) status = start(self, executor, &map);
    wio__executor_leave(executor);
    return status;
}
