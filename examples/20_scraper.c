/* A scraper: follows the links from page to page through a site that is sometimes slow, busy or broken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

enum { PAGES = 2000, LIMIT = 20 };

static wio_session session;
static wio_group group;
static bool seen[PAGES];
static int numbers[PAGES];
static int correct, wrong;

static int scrape(void *arg);

static void follow(int page) {
    if (page < 0 || page >= PAGES || seen[page]) return;
    seen[page] = true;
    numbers[page] = page;
    wio_group_create_task(&group, scrape, &numbers[page]);
}

/* "<title>Page 7</title> … <a href="/page/15">": its number is right, and so is its last line. */
static bool read_page(const char *text, int page) {
    char title[64], end[64];
    snprintf(title, sizeof title, "<title>Page %d</title>", page);
    snprintf(end, sizeof end, "<!-- end of %d -->\n", page);
    size_t size = strlen(text), end_size = strlen(end);
    for (const char *at = text; (at = strstr(at, "href=\"/page/")); at++) follow(atoi(at + 12));
    return strstr(text, title) && size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static int scrape(void *arg) {
    int page = *(int *)arg;
    char path[32], *text;
    snprintf(path, sizeof path, "/page/%d", page);
    int rc = wio_session_get_text(&session, path, &text);
    if (rc < 0) return rc;
    if (read_page(text, page)) correct++;
    else wrong++;
    free(text);
    if ((correct + wrong) % 500 == 0) printf("%d pages\n", correct + wrong);
    return 0;
}

static int scrape_all(void *arg) {
    wio_session_options options = {
        .base_url = arg,
        .limit = LIMIT,
        .timeouts = {.read = 1},              /* slower is as bad as broken */
        .retries = {.times = 5, .delay = 0.1}, /* and worth another try */
    };
    int rc = wio_session_open(&session, &options);
    if (rc < 0) return rc;
    wio_group_open(&group);
    follow(0);
    rc = wio_group_join(&group);
    wio_session_close(&session);
    printf("%d pages correct, %d wrong\n", correct, wrong);
    return rc;
}

int main(int argc, char **argv) {
    int rc = wio_run(scrape_all, argc > 1 ? argv[1] : "http://127.0.0.1:8000");
    if (rc < 0) fprintf(stderr, "%s: %s\n", wio_error_name(rc), wio_task_error(NULL)->message);
    return rc < 0;
}
