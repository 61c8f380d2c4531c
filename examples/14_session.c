/* 500 items in JSON from one session, which lets ten requests at a time through. */
#include <stdio.h>
#include <wasyncio.h>

enum { ITEMS = 500 };

static wio_session session;
static long long sum;

static int fetch_item(void *arg) {
    char path[32];
    snprintf(path, sizeof path, "/item/%d", *(int *)arg);
    wio_json *item;
    int rc = wio_session_get_json(&session, path, &item);
    if (rc < 0) return rc;
    sum += wio_json_int(item, "square");
    wio_json_free(item);
    return 0;
}

static int fetch_all(void *arg) {
    int rc = wio_session_open(&session, &(wio_session_options){.base_url = arg, .limit = 10});
    if (rc < 0) return rc;
    int ids[ITEMS];
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < ITEMS; i++) {
            ids[i] = i + 1;
            wio_group_create_task(&group, fetch_item, &ids[i]);
        }
    }
    wio_session_close(&session);
    printf("the squares of %d items: %lld\n", ITEMS, sum);
    return wio_group_status(&group);
}

int main(int argc, char **argv) {
    int rc = wio_run(fetch_all, argc > 1 ? argv[1] : "http://127.0.0.1:8000");
    if (rc < 0) fprintf(stderr, "%s: %s\n", wio_error_name(rc), wio_task_error(NULL)->message);
    return rc < 0;
}
