/* One request, whose body is read. */
#include <wasyncio.h>

#include <stdlib.h>

static int top(void *arg) {
    (void)arg;
    wio_response *response;
    char *text;
    int rc = wio_fetch("http://there.test/path", NULL, &response);
    if (rc < 0) return rc;
    rc = wio_response_text(response, &text);
    if (rc >= 0) free(text);
    wio_response_close(response);
    return 0;
}

int main(void) { return wio_run(top, NULL) < 0; }
