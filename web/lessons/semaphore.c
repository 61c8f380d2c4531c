#include <stdio.h>
#include <wasyncio.h>

static wio_semaphore limit;

struct page { int id; int status; };

static const char *page_url(int id) {
    static char url[64];
    snprintf(url, sizeof url, "https://server.example/pages/%d", id);
    return url;
}

static int fetch_page(void *arg) {
    struct page *p = arg;
    int rc = -ECANCELED; // should it be cancelled in line
    WIO_WITH_SEMAPHORE(&limit) { // at most 4 in flight
        wio_response *r;
        rc = wio_fetch(page_url(p->id), NULL, &r);
        if (rc < 0) return rc;
        p->status = wio_response_status(r);
        wio_response_close(r);
    }
    if (rc < 0) return rc;
    return p->status == 200 ? 0 : wio_fail(-EPROTO, "page %d: %d", p->id, p->status);
}

static int crawl(void *arg) {
    (void)arg;
    struct page pages[12];
    wio_semaphore_init(&limit, 4);
    WIO_TASK_GROUP(g) {
        for (int i = 0; i < 12; i++) {
            pages[i] = (struct page){.id = i};
            wio_group_create_task(&g, fetch_page, &pages[i]);
        }
    }
    const wio_error *errors;
    size_t n = wio_group_errors(&g, &errors);
    for (size_t i = 0; i < n; i++) fprintf(stderr, "%s\n", errors[i].message);
    return wio_group_status(&g);
}

static int ticker(void *arg) {
    (void)arg;
    for (int n = 1; wio_sleep(0.05) == 0; n++) printf("tick %d\n", n);
    WIO_SHIELD { wio_sleep(0.03); } // clean-up is not cancelled
    return -ECANCELED;
}

static int tour(void *arg) {
    wio_task *t = wio_create_task(ticker, NULL);
    int rc = crawl(arg);
    wio_task_cancel(t);
    wio_await(t);
    return rc;
}

int main(void) { return wio_run(tour, NULL) < 0; }
