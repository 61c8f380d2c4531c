/* A group joins its tasks at the closing brace: their results are there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasyncio.h>

static const char *server = "http://127.0.0.1:8000";

struct item {
    int id;
    int square; /* the result */
};

static int fetch_item(void *arg) {
    struct item *item = arg;
    char url[200];
    snprintf(url, sizeof url, "%s/item/%d?delay=300", server, item->id);

    wio_response *response;
    char *json;
    int rc = wio_fetch(url, NULL, &response);
    if (rc < 0) return rc;
    rc = wio_response_text(response, &json);
    wio_response_close(response);
    if (rc < 0) return rc;

    const char *square = strstr(json, "\"square\":");
    if (square) item->square = atoi(square + strlen("\"square\":"));
    free(json);
    return square ? 0 : wio_fail(-EPROTO, "item %d has no square", item->id);
}

static int add_squares(void *arg) {
    (void)arg;
    struct item items[5];

    WIO_TASK_GROUP(group) {
        for (int i = 0; i < 5; i++) {
            items[i] = (struct item){.id = i + 1};
            wio_group_create_task(&group, fetch_item, &items[i]);
        }
    }
    if (wio_group_status(&group) < 0) return wio_group_status(&group);

    int sum = 0;
    for (int i = 0; i < 5; i++) {
        printf("%d squared is %d\n", items[i].id, items[i].square);
        sum += items[i].square;
    }
    printf("in all %d\n", sum);
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1) server = argv[1];
    int rc = wio_run(add_squares, NULL);
    if (rc < 0) fprintf(stderr, "%s: %s\n", wio_error_name(rc), wio_task_error(NULL)->message);
    return rc < 0;
}
