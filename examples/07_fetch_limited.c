/* 500 URLs, never more than ten requests at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static const char *server = "http://127.0.0.1:8000";
static int urls = 500, limit = 10;

static wio_semaphore permits;
static int in_flight, most, done;

static int fetch(const char *url) {
    wio_response *response;
    int rc = wio_fetch(url, NULL, &response);
    if (rc < 0) return rc;
    char *text;
    rc = wio_response_text(response, &text);
    if (rc >= 0) free(text);
    wio_response_close(response);
    return rc;
}

static int fetch_limited(void *arg) {
    int *id = arg;
    char url[200];
    snprintf(url, sizeof url, "%s/item/%d?delay=40", server, *id);

    int rc = -ECANCELED; /* should the task be cancelled in line */
    WIO_WITH_SEMAPHORE(&permits) {
        if (++in_flight > most) most = in_flight;
        rc = fetch(url);
        in_flight--;
    }
    if (rc >= 0 && ++done % 100 == 0) printf("%d of %d\n", done, urls);
    return rc;
}

static int fetch_all(void *arg) {
    int *ids = arg;
    wio_semaphore_init(&permits, limit);
    WIO_TASK_GROUP(group) {
        for (int i = 0; i < urls; i++) {
            ids[i] = i + 1;
            wio_group_create_task(&group, fetch_limited, &ids[i]);
        }
    }
    printf("%d fetched, at most %d at a time\n", done, most);
    return wio_group_status(&group);
}

int main(int argc, char **argv) {
    if (argc > 1) server = argv[1];
    if (argc > 2) urls = atoi(argv[2]);
    if (argc > 3) limit = atoi(argv[3]);

    int *ids = calloc(urls, sizeof *ids);
    if (!ids) return 1;
    int rc = wio_run(fetch_all, ids);
    if (rc < 0) fprintf(stderr, "%s: %s\n", wio_error_name(rc), wio_task_error(NULL)->message);
    free(ids);
    return rc < 0;
}
