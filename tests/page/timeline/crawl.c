/* What the timeline's tests watch: twelve pages (or argv[1]), four (or argv[2]) at a time; a page fails, and a ticker beside
 * them that is cancelled. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static wio_semaphore limit;
static int pages = 12, places = 4;
static const char *origin = "https://server.example";

static int fetch_page(void *arg) {
    int id = *(int *)arg, status = -ECANCELED; /* should it be cancelled in line */
    char url[100];
    snprintf(url, sizeof url, "%s/items/%d", origin, id);
    WIO_WITH_SEMAPHORE(&limit) {
        wio_response *response;
        int rc = wio_fetch(url, NULL, &response);
        if (rc < 0) return rc;
        status = wio_response_status(response);
        char *text;
        rc = wio_response_text(response, &text);
        if (rc >= 0) free(text);
        wio_response_close(response);
        if (rc < 0) return rc;
    }
    if (status < 0) return status;
    return status == 200 ? 0 : wio_fail(-EPROTO, "page %d: %d", id, status);
}

static int crawl(void) {
    static int ids[20000];
    wio_semaphore_init(&limit, places);
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < pages; i++) {
            ids[i] = i;
            wio_group_create_task(&g, fetch_page, &ids[i]);
        }
    }
    return wio_group_status(&g);
}

static int ticker(void *arg) {
    (void)arg;
    int rc = 0;
    for (int i = 1; rc >= 0; i++) {
        rc = wio_sleep(0.05);
        if (rc >= 0) printf("tick %d\n", i);
    }
    WIO_SHIELD { wio_sleep(0.03); }
    return rc;
}

static int tour(void *arg) {
    (void)arg;
    wio_task *ticking = wio_create_task(ticker, NULL);
    int rc = crawl();
    if (rc < 0) fprintf(stderr, "the tour ends: %s\n", wio_error_name(rc));
    wio_task_cancel(ticking);
    wio_await(ticking);
    return rc;
}

int main(int argc, char **argv) {
    if (argc > 1) pages = atoi(argv[1]);
    if (argc > 2) places = atoi(argv[2]);
    return wio_run(tour, NULL) == -EPROTO ? 0 : 1;
}
