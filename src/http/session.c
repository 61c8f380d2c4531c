/* Sessions: opened, closed, and freed by whoever needs one last. */
#include "session.h"

static uint32_t jars;

static double or_default(double seconds, double otherwise) {
    return seconds > 0 ? seconds : seconds < 0 ? (double)INFINITY : otherwise;
}

static bool is_base(const char *url) { return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0; }

static int check(const wio_session_options *options) {
    const wio_timeouts *times = &options->timeouts;
    if (options->base_url && !is_base(options->base_url))
        return wio__misuse(-EINVAL, "wio_session_open", "the base URL does not begin with http:// or https://");
    if (isnan(times->total) || isnan(times->connect) || isnan(times->read) || isnan(options->retries.delay) ||
        isnan(options->retries.max_delay))
        return wio__misuse(-EINVAL, "wio_session_open", "a time is not a number");
    fetch_request request = {.url = options->base_url ? options->base_url : "", .method = "GET"};
    request.headers = options->headers;
    while (request.headers && request.headers[request.header_count].name) request.header_count++;
    return wio__request_check("wio_session_open", &request);
}

static size_t size_of(const char *text) { return text ? strlen(text) + 1 : 0; }

static const char *keep(char **at, const char *text) {
    if (!text) return NULL;
    char *kept = memcpy(*at, text, strlen(text) + 1);
    *at += strlen(text) + 1;
    return kept;
}

/* The strings in one block, the headers in another. */
static bool copy(wio__session *session, const wio_session_options *options) {
    size_t size = size_of(options->base_url), count = 0;
    for (const wio_header *each = options->headers; each && each->name; each++, count++)
        size += size_of(each->name) + size_of(each->value);
    char *at = session->strings = malloc(size + 1);
    session->headers = malloc((count + 1) * sizeof *session->headers);
    if (!at || !session->headers) return false;
    session->options = *options;
    session->options.base_url = keep(&at, options->base_url);
    for (size_t i = 0; i < count; i++) {
        session->headers[i].name = keep(&at, options->headers[i].name);
        session->headers[i].value = keep(&at, options->headers[i].value);
    }
    session->headers[count] = (wio_header){NULL, NULL};
    session->options.headers = session->headers;
    return true;
}

static void set_defaults(wio_session_options *options) {
    options->timeouts.total = or_default(options->timeouts.total, 300);
    options->timeouts.connect = or_default(options->timeouts.connect, INFINITY);
    options->timeouts.read = or_default(options->timeouts.read, INFINITY);
    options->retries.delay = or_default(options->retries.delay, 0.2);
    options->retries.max_delay = or_default(options->retries.max_delay, 30);
    if (options->limit == 0) options->limit = 100;
    if (options->limit_per_host == 0) options->limit_per_host = UINT_MAX;
    if (options->max_redirects == 0) options->max_redirects = 10;
}

static void forget_cookies(uint32_t jar) {
    wio__op op = {0};
    if (wio__op_begin(&op) < 0) return;
    wio__host_op_start(op.id, WIO__OP_FORGET, &(forget_request){jar});
    wio__op_end(&op, false);
}

static void destroy(wio__session *session) {
    if (session->used && session->jar) forget_cookies(session->jar);
    free(session->strings);
    free(session->headers);
    free(session);
}

int wio_session_open(wio_session *session, const wio_session_options *options) {
    if (!session) return wio__misuse_null("wio_session_open", "the session");
    if (session->inside) return wio__misuse(-EINVAL, "wio_session_open", "the session is open already, or not zeroed");
    wio_session_options none = {0};
    if (!options) options = &none;
    int status = check(options);
    if (status < 0) return status;
    wio__session *inside = calloc(1, sizeof *inside);
    if (inside && !copy(inside, options)) {
        destroy(inside);
        inside = NULL;
    }
    if (!inside) {
        wio__note_set(-ENOMEM, NULL, 0);
        return -ENOMEM;
    }
    set_defaults(&inside->options);
    inside->users = 1;
    inside->jar = options->no_cookies ? 0 : ++jars;
    wio_semaphore_init(&inside->permits, inside->options.limit);
    session->inside = inside;
    return 0;
}

void wio__session_release(wio__session *session) {
    if (--session->users == 0) destroy(session);
}

void wio_session_close(wio_session *session) {
    wio__session *inside = session ? session->inside : NULL;
    if (!inside) return;
    session->inside = NULL;
    inside->closed = true;
    while (inside->exchanges) wio__response_abort(inside->exchanges->response, -ECONNABORTED);
    wio__session_release(inside);
}
