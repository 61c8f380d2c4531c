/* What a request holds of its session until its body has ended: a permit of its host, one of the session, its times. */
#include "session.h"

#include <stdarg.h>

int wio__http_fail(int code, ...) {
    wio__text text = {0};
    va_list parts;
    va_start(parts, code);
    for (const char *part = va_arg(parts, const char *); part; part = va_arg(parts, const char *)) {
        size_t size = strlen(part), room = sizeof text.buffer - text.size;
        wio__text_add_size(&text, part, size < room ? size : room); /* must not flush to the log */
    }
    va_end(parts);
    wio__note_set(code, text.buffer, text.size);
    return code;
}

/* ---------------------------------------------------------------------------------------------------- Hosts --- */

static wio__host *host_of(wio__session *session, const char *url) {
    char origin[300];
    wio__origin(session->options.base_url, url, origin, sizeof origin);
    wio__host *host = session->hosts;
    while (host && strcmp(host->origin, origin) != 0) host = host->next;
    if (!host) {
        host = calloc(1, sizeof *host + strlen(origin) + 1);
        if (!host) return NULL;
        memcpy(host->origin, origin, strlen(origin) + 1);
        wio_semaphore_init(&host->permits, session->options.limit_per_host);
        host->next = session->hosts;
        session->hosts = host;
    }
    host->users++;
    return host;
}

static void host_leave(wio__session *session, wio__host *host) {
    if (--host->users > 0) return;
    wio__host **link = &session->hosts;
    while (*link != host) link = &(*link)->next;
    *link = host->next;
    free(host);
}

/* ------------------------------------------------------------------------------------------------ Exchanges --- */

/* Nothing is held of the session while waiting for the host: a slow one must not stop the others. */
static int line_up(wio__session *session, wio__host *host, wio_response *response) {
    int status = 0;
    if (wio_semaphore_locked(&host->permits) || wio_semaphore_locked(&session->permits))
        status = wio__fetch_queue(response);
    if (status == 0) status = wio_semaphore_acquire(&host->permits);
    if (status < 0) return status;
    if (!session->closed) status = wio_semaphore_acquire(&session->permits);
    if (status == 0 && !session->closed) return 0;
    if (status == 0 && session->closed) status = wio__http_fail(-ECONNABORTED, "the session was closed", NULL);
    wio_semaphore_release(&host->permits);
    return status;
}

int wio__exchange_begin(wio__session *session, wio_response *response, const char *url) {
    wio__exchange *exchange = calloc(1, sizeof *exchange);
    wio__host *host = exchange ? host_of(session, url) : NULL;
    int status = host ? line_up(session, host, response) : -ENOMEM;
    if (status < 0) {
        if (host) host_leave(session, host);
        free(exchange);
        return status;
    }
    *exchange = (wio__exchange){.next = session->exchanges, .link = &session->exchanges};
    exchange->session = session;
    exchange->host = host;
    exchange->response = response;
    exchange->deadline = exchange->read = INFINITY;
    if (exchange->next) exchange->next->link = &exchange->next;
    session->exchanges = exchange;
    session->users++;
    session->used = true;
    response->exchange = exchange;
    return 0;
}

void wio__exchange_over(wio_response *response) {
    wio__exchange *exchange = response->exchange;
    wio__session *session = exchange->session;
    response->exchange = NULL;
    *exchange->link = exchange->next;
    if (exchange->next) exchange->next->link = exchange->link;
    wio_semaphore_release(&session->permits);
    wio_semaphore_release(&exchange->host->permits);
    host_leave(session, exchange->host);
    free(exchange);
    wio__session_release(session);
}

long wio__exchange_read(wio__task *self, wio_response *response, void *buffer, size_t size) {
    const wio__exchange *exchange = response->exchange;
    double read = exchange->read;
    wio_progress *progress = exchange->progress; /* the exchange is gone when the body has ended */
    long n = 0;
    const char *late = NULL;
    WIO_TIMEOUT_AT(exchange->deadline) {
        WIO_TIMEOUT(read) { n = wio__response_read(self, response, buffer, size); }
        if (n == -ETIMEDOUT && wio_timeout_expired()) late = "no more of the body has come within the read timeout";
    }
    if (n == -ETIMEDOUT && !late && wio_timeout_expired()) late = "the body did not end within the total timeout";
    if (late) wio__http_fail(-ETIMEDOUT, late, NULL);
    if (n > 0 && progress) progress->received += (uint64_t)n;
    return n;
}
