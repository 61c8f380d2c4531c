/* `http.wasm URL REQUESTS LIMIT`: GETs of one small JSON document, so many at a time, each parsed. */
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static wio_session session;
static const char *path;
static int left;

static int work(void *arg) {
    (void)arg;
    while (left-- > 0) {
        wio_response *response;
        char *text;
        int rc = wio_session_get(&session, path, &response);
        if (rc < 0) return rc;
        rc = wio_response_text(response, &text);
        wio_response_close(response);
        if (rc < 0) return rc;
        free(text);
    }
    return 0;
}

static int get_all(int requests, int limit) {
    left = requests;
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < limit; i++) wio_group_create_task(&group, work, NULL);
    }
    return wio_group_status(&group);
}

static int measure(void *arg) {
    char **argv = arg;
    int requests = atoi(argv[2]), limit = atoi(argv[3]);
    path = argv[1];
    int rc = wio_session_open(&session, &(wio_session_options){.limit = (unsigned)limit});
    if (rc == 0) rc = get_all(requests / 10, limit); /* warm up */
    puts("mark before");
    double start = wio_time();
    if (rc == 0) rc = get_all(requests, limit);
    puts("mark after");
    printf("each %.0f\n", (wio_time() - start) / requests * 1e9);
    wio_session_close(&session);
    return rc;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    return wio_run(measure, argv) != 0;
}
