/* One request of a session: its attempts, their limits of time, and the pauses between them. */
#include "session.h"

#include <strings.h>

typedef struct {
    wio__session *session;
    wio__task *self;
    const wio_request_options *options;
    fetch_request request;
    wio__body body;
    wio_timeouts times;
    wio_retries retries;
    double deadline;
    bool late;     /* the attempt failed by a limit of its own: it may be repeated */
    bool lined_up; /* it waits for its permit */
} call;

/* -------------------------------------------------------------------------------------------- One attempt --- */

static const wio__wait connect_wait = {
    .kind = "connection", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

/* Starts it; with a limit for that, waits until the connection stands. */
static int start(call *self, wio_response *response) {
    int status = wio__fetch_start(response, &self->request);
    if (status < 0 || self->times.connect == INFINITY) return status;
    wio__op *connected = &response->read; /* nobody reads yet; and here a close of the session finds it */
    *connected = (wio__op){.name = response->op.name, .of = response->op.id, .phase = "connected"};
    status = wio__op_begin(connected);
    if (status < 0) return status;
    wio__host_op_start(connected->id, WIO__OP_CONNECTED, &(connected_request){response->op.id});
    status = wio__op_wait(self->self, connected, &connect_wait);
    if (response->ended) return response->end;
    wio__op_end(connected, false);
    return status;
}

/* What a limit of time has struck before there was an answer. */
static void too_late(const call *self, const char *what, const char *limit) {
    static const char line[] = "no permit (requests whose answers are not read to the end or closed have all that "
                               "the session's limits allow)";
    wio__http_fail(-ETIMEDOUT, self->lined_up ? line : what, limit, self->request.url, NULL);
}

static int attempt(call *self, wio_response *response) {
    int status = -ETIMEDOUT;
    self->lined_up = true;
    WIO_TIMEOUT(self->times.connect) {
        status = wio__exchange_begin(self->session, response, self->request.url);
        self->lined_up = status < 0;
        if (status == 0) status = start(self, response);
    }
    if (status == -ETIMEDOUT && wio_timeout_expired()) {
        self->late = true;
        too_late(self, "no connection", " within the connect timeout: ");
    }
    if (status < 0) return status;
    if (self->request.flags & FETCH_STREAMED)
        status = wio__body_send(self->self, response, &self->body, self->options->progress);
    if (status < 0) return status;
    WIO_TIMEOUT(self->times.read) { status = wio__fetch_wait(self->self, response); }
    if (response->op.status == -ETIMEDOUT) self->late = true; /* the host's own limit */
    if (status == -ETIMEDOUT && wio_timeout_expired()) {
        self->late = true;
        wio__http_fail(status, "no answer within the read timeout: ", self->request.url, NULL);
    }
    return response->ended ? response->end : status;
}

/* -------------------------------------------------------------------------------------------------- Again --- */

static bool is_method(const char *method, const char *const *names) {
    for (; *names; names++)
        if (strcasecmp(method, *names) == 0) return true;
    return false;
}

static const char *const idempotent[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", NULL};

static bool is_busy(int status) { return status == 429 || (status >= 502 && status <= 504); }

static bool may_repeat(const call *self, int status, const wio_response *response, unsigned done) {
    if (done >= self->retries.times || self->session->closed || self->body.produce) return false;
    if (!self->retries.any_method && !is_method(self->request.method, idempotent)) return false;
    return status < 0 ? self->late || wio__is_lost(status) : is_busy(response->status);
}

static double pause_before(const call *self, unsigned done, const wio_response *response) {
    const char *after = response ? wio_response_header(response, "retry-after") : NULL;
    if (!after || *after < '0' || *after > '9') return wio__pause(&self->retries, done);
    double seconds = strtod(after, NULL);
    return seconds < self->retries.max_delay ? seconds : self->retries.max_delay;
}

static int perform(call *self, wio_response **out) {
    for (unsigned done = 0;; done++) {
        wio_response *response = wio__response_new(self->request.url);
        if (!response) return -ENOMEM;
        self->late = false;
        int status = attempt(self, response);
        wio_response *answer = status == 0 ? response : NULL;
        if (!may_repeat(self, status, answer, done)) {
            *out = answer;
            if (!answer) wio_response_close(response);
            return status;
        }
        double seconds = pause_before(self, done, answer);
        wio_response_close(response);
        status = wio_sleep(seconds);
        if (status == 0 && self->session->closed)
            status = wio__http_fail(-ECONNABORTED, "the session was closed", NULL);
        if (status < 0) return status;
    }
}

/* ------------------------------------------------------------------------------------------------ The call --- */

static double own(double seconds, double otherwise) {
    return seconds > 0 ? seconds : seconds < 0 ? (double)INFINITY : otherwise;
}

static void settle_options(call *self) {
    const wio_session_options *common = &self->session->options;
    const wio_request_options *options = self->options;
    self->times = (wio_timeouts){own(options->timeouts.total, common->timeouts.total),
                                 own(options->timeouts.connect, common->timeouts.connect),
                                 own(options->timeouts.read, common->timeouts.read)};
    self->retries = common->retries;
    if (options->retries) {
        self->retries = *options->retries;
        self->retries.delay = own(self->retries.delay, 0.2);
        self->retries.max_delay = own(self->retries.max_delay, 30);
    }
    wio_redirects redirects = options->redirects ? *options->redirects : common->redirects;
    wio_credentials credentials = options->credentials ? options->credentials : common->credentials;
    self->request.flags = (uint32_t)redirects << FETCH_REDIRECTS_SHIFT | (uint32_t)credentials
                                                                             << FETCH_CREDENTIALS_SHIFT;
    self->request.redirects = common->max_redirects;
    self->request.jar = self->session->jar;
    self->request.base = common->base_url;
    self->request.body = self->body.data;
    self->request.body_size = self->body.size;
    if (self->body.produce || (options->progress && self->body.data)) {
        self->request.flags |= FETCH_STREAMED;
        self->request.body = NULL;
    }
    bool has_body = self->body.data || self->body.produce;
    self->request.method = options->method ? options->method : has_body ? "POST" : "GET";
}

static void note_progress(wio_progress *progress, const call *self) {
    if (!progress) return;
    bool known = !self->body.produce || self->body.size;
    *progress = (wio_progress){.send_size = known ? (int64_t)self->body.size : -1, .receive_size = -1};
}

/* The answer has begun: what holds for its body. */
static int begun(const call *self, wio_response *response) {
    wio_progress *progress = self->options->progress;
    if (progress) {
        const char *size = wio_response_header(response, "content-length");
        if (size && !wio_response_header(response, "content-encoding"))
            progress->receive_size = strtoll(size, NULL, 10);
    }
    wio__exchange *exchange = response->exchange;
    exchange->deadline = self->deadline;
    exchange->read = self->times.read;
    exchange->progress = progress;
    const bool *raise = self->options->raise_for_status;
    bool raises = raise ? *raise : self->session->options.raise_for_status;
    return raises ? wio_response_raise_for_status(response) : 0;
}

static int run(call *self, wio_response **out) {
    int status = wio__request_check("wio_session_request", &self->request);
    if (status < 0) return status;
    self->deadline = wio_time() + self->times.total;
    note_progress(self->options->progress, self);
    WIO_TIMEOUT_AT(self->deadline) { status = perform(self, out); }
    if (status == -ETIMEDOUT && wio_timeout_expired() && !self->late)
        too_late(self, "no answer", " within the total timeout: ");
    if (status < 0) return status;
    WIO__MADE("response", *out);
    status = begun(self, *out);
    if (status < 0) {
        wio_response_close(*out);
        *out = NULL;
    }
    return status;
}

static int prepare_and_run(call *self, const char *url, wio_response **out) {
    const wio_request_options *options = self->options;
    int status = wio__body_make(&self->body, options);
    char *whole = status == 0 && options->query ? wio__url_with(url, options->query) : NULL;
    self->request.url = whole ? whole : url;
    wio_header *headers = NULL;
    if (status == 0) {
        headers = wio__headers_merge(self->session, options->headers, self->body.type, &self->request.header_count);
        self->request.headers = headers;
        if (!headers || (options->query && !whole)) status = -ENOMEM;
    }
    if (status == 0) {
        settle_options(self);
        status = run(self, out);
    }
    free(whole);
    free(headers);
    free(self->body.owned);
    return status;
}

int wio_session_request(wio_session *session, const char *url, const wio_request_options *options, wio_response **out) {
    wio__task *self = wio__self("wio_session_request");
    if (out) *out = NULL;
    if (!self) return -EPERM;
    if (!session || !url || !out)
        return wio__misuse_null("wio_session_request", !session ? "the session" : url ? "response" : "url");
    if (!session->inside) return wio__misuse(-EPERM, "wio_session_request", "the session is not open");
    if (self->attention && wio__reason(self)) return wio_yield(); /* cancelled: nothing is sent */
    static const wio_request_options none;
    call each = {.session = session->inside, .self = self, .options = options ? options : &none};
    each.session->users++;
    int status = prepare_and_run(&each, url, out);
    wio__session_release(each.session);
    return status;
}

int wio_session_get(wio_session *session, const char *url, wio_response **response) {
    return wio_session_request(session, url, NULL, response);
}
