/* A session that lets two requests of six through at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static wio_session session;

static int get_item(void *arg) {
    char path[32], *text;
    snprintf(path, sizeof path, "/pages/%d", *(int *)arg);
    long size = wio_session_get_text(&session, path, &text);
    if (size < 0) return (int)size;
    free(text);
    return 0;
}

static int top(void *arg) {
    (void)arg;
    wio_session_open(&session, &(wio_session_options){.base_url = "https://server.example", .limit = 2});
    int ids[6] = {0, 1, 2, 3, 4, 5};
    WIO_TASK_GROUP(items) {
        for (int i = 0; i < 6; i++) wio_group_create_task(&items, get_item, &ids[i]);
    }
    wio_session_close(&session);
    printf("all six\n");
    return wio_group_status(&items);
}

int main(void) { return wio_run(top, NULL) < 0; }
