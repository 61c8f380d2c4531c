/* Answers in JSON. */
#include "session.h"

int wio_response_json(wio_response *response, wio_json **json) {
    if (!json) return wio__misuse_null("wio_response_json", "json");
    *json = NULL;
    void *text = NULL;
    long size = wio_response_bytes(response, &text);
    if (size < 0) return (int)size;
    int status = wio_json_parse(text, (size_t)size, json);
    free(text);
    return status;
}

int wio_session_get_json(wio_session *session, const char *url, wio_json **json) {
    if (!json) return wio__misuse_null("wio_session_get_json", "json");
    *json = NULL;
    void *text = NULL;
    long size = wio__session_get_whole(session, url, false, &text);
    if (size < 0) return (int)size;
    int status = wio_json_parse(text, (size_t)size, json);
    free(text);
    return status;
}
