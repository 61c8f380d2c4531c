/* Three requests of one second each, gathered: one second in all. */
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static const char *server = "http://127.0.0.1:8000";

struct page {
    const char *fruit;
    char *text;
};

static int fetch(void *arg) {
    struct page *page = arg;
    char url[200];
    snprintf(url, sizeof url, "%s/delay/1000?fruit=%s", server, page->fruit);

    wio_response *response;
    int rc = wio_fetch(url, NULL, &response); /* others run meanwhile */
    if (rc < 0) return rc;
    rc = wio_response_text(response, &page->text);
    wio_response_close(response);
    return rc;
}

static int fetch_all(void *arg) {
    (void)arg;
    struct page pages[] = {{"apple", NULL}, {"pear", NULL}, {"plum", NULL}};
    double start = wio_time();

    int rc = WIO_GATHER_EACH(fetch, pages);

    for (int i = 0; i < 3; i++) {
        if (pages[i].text) printf("%s\n", pages[i].text);
        free(pages[i].text);
    }
    if (rc == 0) printf("%.0f second\n", wio_time() - start);
    return rc;
}

int main(int argc, char **argv) {
    if (argc > 1) server = argv[1];
    int rc = wio_run(fetch_all, NULL);
    if (rc < 0) fprintf(stderr, "%s: %s\n", wio_error_name(rc), wio_task_error(NULL)->message);
    return rc < 0;
}
