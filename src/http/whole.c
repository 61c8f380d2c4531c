/* A request and its whole answer in one call, and both again if the body breaks off. */
#include "session.h"

static int once(wio_session *session, const char *url, bool as_text, void **data, long *size) {
    wio_response *response = NULL;
    const bool raise = true;
    int status = wio_session_request(session, url, &(wio_request_options){.raise_for_status = &raise}, &response);
    if (status < 0) return status;
    char *text = NULL;
    *size = as_text ? wio_response_text(response, &text) : wio_response_bytes(response, data);
    if (as_text) *data = text;
    wio_response_close(response);
    return *size < 0 ? (int)*size : 0;
}

static long try_often(wio_session *session, const char *url, bool as_text, void **data, const wio_retries *retries) {
    for (unsigned done = 0;; done++) {
        long size = 1; /* no body was read */
        int status = once(session, url, as_text, data, &size);
        if (status == 0) return size;
        bool broke_off = size < 0 && (wio__is_lost(status) || status == -ETIMEDOUT);
        if (!broke_off || done >= retries->times || wio__reason(wio__the.current)) return status;
        status = wio_sleep(wio__pause(retries, done));
        if (status < 0) return status;
    }
}

long wio__session_get_whole(wio_session *session, const char *url, bool as_text, void **data) {
    static const wio_session_options none;
    const wio__session *inside = session ? session->inside : NULL;
    const wio_session_options *options = inside ? &inside->options : &none;
    wio_retries retries = options->retries; /* the session may be closed meanwhile */
    long size = -ETIMEDOUT;
    WIO_TIMEOUT(inside ? options->timeouts.total : (double)INFINITY) {
        size = try_often(session, url, as_text, data, &retries);
    }
    return size;
}

int wio_session_get_text(wio_session *session, const char *url, char **text) {
    if (!text) return wio__misuse_null("wio_session_get_text", "text");
    void *data = NULL;
    long size = wio__session_get_whole(session, url, true, &data);
    *text = data;
    return (int)size;
}
