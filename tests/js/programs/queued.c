/* Two requests of a session that lets one through at a time. */
#include <wasyncio.h>

#include <stdlib.h>

static wio_session session;

static int get(void *url) {
    char *text;
    long size = wio_session_get_text(&session, url, &text);
    if (size >= 0) free(text);
    return size < 0 ? (int)size : 0;
}

static int top(void *arg) {
    (void)arg;
    int rc = wio_session_open(&session, &(wio_session_options){.base_url = "http://there.test", .limit = 1});
    if (rc < 0) return rc;
    WIO_TASK_GROUP(group) {
        wio_group_create_task(&group, get, "/first");
        wio_group_create_task(&group, get, "/second");
    }
    wio_session_close(&session);
    return wio_group_status(&group);
}

int main(void) { return wio_run(top, NULL) < 0; }
