/* Everything that debug mode misses at the end. */
#include <wasyncio.h>

#include <string.h>

static int nothing(void *arg) {
    (void)arg;
    return 0;
}

static int counts(wio_generator *generator, void *arg) {
    (void)arg;
    for (int i = 0;; i++)
        if (wio_generator_yield(generator, &i) < 0) return 0;
}

static wio_queue queue;
static wio_generator generator;

static int top(void *arg) {
    (void)arg;
    void *value;
    wio_create_task_with(nothing, NULL, &(wio_task_options){.name = "forgotten"});
    wio_queue_init(&queue, sizeof(int), 0);
    wio_generator_open(&generator, counts, NULL);
    wio_generator_next(&generator, &value);
    return wio_await(wio_create_task(nothing, NULL));
}

int main(int argc, char **argv) {
    if (argc > 1) wio_set_debug(strcmp(argv[1], "on") == 0 ? 1 : -1);
    return wio_run(top, NULL);
}
