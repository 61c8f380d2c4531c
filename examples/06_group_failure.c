/* One fails: the others are cancelled, and their connections closed. */
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

static const char *server = "http://127.0.0.1:8000";

static int fetch_json(void *arg) {
    const char *path = arg;
    char url[200];
    snprintf(url, sizeof url, "%s%s", server, path);

    wio_response *response;
    char *text;
    int rc = wio_fetch(url, NULL, &response); /* a cancel aborts it */
    if (rc < 0) return rc;
    rc = wio_response_text(response, &text);
    wio_response_close(response);
    if (rc < 0) return rc;

    if (text[0] != '{') rc = wio_fail(-EPROTO, "%s: no JSON but \"%s\"", path, text);
    free(text);
    return rc;
}

static int fetch_three(void *arg) {
    (void)arg;
    char *paths[] = {"/hang?1", "/delay/300?busy=yes", "/hang?2"};
    wio_task *tasks[3];

    WIO_TASK_GROUP(group) {
        for (int i = 0; i < 3; i++)
            tasks[i] = wio_group_create_task(&group, fetch_json, paths[i]);
    }

    for (int i = 0; i < 3; i++)
        printf("%s: %s\n", paths[i], wio_error_name(wio_task_status(tasks[i])));

    const wio_error *errors;
    size_t count = wio_group_errors(&group, &errors);
    printf("the group ended with %zu error\n", count);
    for (size_t i = 0; i < count; i++) printf("  %s: %s\n", errors[i].name, errors[i].message);
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1) server = argv[1];
    return wio_run(fetch_three, NULL);
}
