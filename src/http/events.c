/* Server-sent events, as the HTML standard reads the stream: lines of "field: value", an empty one ends the event. */
#include "session.h"

#include <strings.h>

typedef struct {
    wio_session *session;
    wio_response *response; /* NULL: to be connected again */
    char *url;
    char *type, *data, *id; /* of the event being read; those given out are the same blocks */
    size_t data_size;
    double retry;
    bool given, over;
    bool first;    /* nothing was read of this response */
    bool after_cr; /* a newline would belong to the line before */
} stream;

static char *copy_of(const char *text) {
    char *copy = malloc(strlen(text) + 1);
    return copy ? strcpy(copy, text) : NULL;
}

static int refused(stream *self) {
    const char *type = wio_response_header(self->response, "content-type");
    int status = 0;
    if (self->response->status == 204) self->over = true;
    else if (self->response->status != 200)
        status = self->response->status < 400 ? wio__http_fail(-EREMOTEIO, "not status 200: ", self->url, NULL)
                                              : wio_response_raise_for_status(self->response);
    else if (!type || strncasecmp(type, "text/event-stream", 17) != 0 || (type[17] && !strchr("; \t", type[17])))
        status = wio__http_fail(-EBADMSG, "not text/event-stream but ", type ? type : "nothing", ": ", self->url, NULL);
    if (status == 0 && !self->over) return 0;
    wio_response_close(self->response);
    self->response = NULL;
    return status;
}

static int connect_to(stream *self) {
    wio_header headers[] = {{"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}, {NULL, NULL}, {NULL, NULL}};
    if (self->id && *self->id) headers[2] = (wio_header){"Last-Event-ID", self->id};
    const bool no = false;
    wio_request_options options = {.headers = headers, .timeouts = {.total = -1}, .raise_for_status = &no};
    self->first = true;
    self->after_cr = false;
    int status = wio_session_request(self->session, self->url, &options, &self->response);
    return status < 0 ? status : refused(self);
}

static int set(char **to, const char *value) {
    char *copy = copy_of(value);
    if (!copy) return -ENOMEM;
    free(*to);
    *to = copy;
    return 0;
}

static int add_data(stream *self, const char *line) {
    size_t size = strlen(line);
    char *more = realloc(self->data, self->data_size + size + 2);
    if (!more) return -ENOMEM;
    self->data = more;
    memcpy(more + self->data_size, line, size);
    self->data_size += size;
    more[self->data_size++] = '\n';
    more[self->data_size] = '\0';
    return 0;
}

/* A line without its end; the value begins behind the colon and one space. */
static int take(stream *self, char *line, size_t size) {
    size_t name = strcspn(line, ":");
    const char *value = line + name + (line[name] ? 1 : 0);
    if (*value == ' ') value++;
    line[name] = '\0';
    if (strcmp(line, "data") == 0) return add_data(self, value);
    if (strcmp(line, "event") == 0) return set(&self->type, value);
    if (strcmp(line, "id") == 0) return memchr(value, '\0', (size_t)(line + size - value)) ? 0 : set(&self->id, value);
    if (strcmp(line, "retry") == 0 && *value && strspn(value, "0123456789") == strlen(value))
        self->retry = strtod(value, NULL) / 1000;
    return 0;
}

/* The next line without its end, which is a newline, a carriage return, or both; *line is NULL at the end of the stream. */
static long next_line(stream *self, char **line) {
    for (*line = NULL;;) {
        const char *found;
        long n = wio__response_line(self->response, &found, true);
        if (n <= 0) return n;
        char *mine = (char *)(uintptr_t)found; /* the response's own block, which the next line overwrites */
        bool rest = self->after_cr && n == 1 && *mine == '\n';
        self->after_cr = mine[n - 1] == '\r';
        if (rest) continue;
        if (mine[n - 1] == '\n' || mine[n - 1] == '\r') mine[--n] = '\0';
        bool marked = self->first && n >= 3 && memcmp(mine, "\xEF\xBB\xBF", 3) == 0;
        self->first = false;
        *line = marked ? mine + 3 : mine;
        return marked ? n - 3 : n;
    }
}

/* Reads on to the end of an event: 1, 0 at the end of the stream. */
static int read_event(stream *self) {
    for (;;) {
        char *line;
        long n = next_line(self, &line);
        if (!line) return (int)n;
        int status = n > 0 ? take(self, line, (size_t)n) : 0;
        if (status < 0) wio__note_set(status, NULL, 0);
        if (status < 0) return status;
        if (n == 0 && self->data_size) return 1;
        if (n == 0) free(self->type), self->type = NULL; /* an event without data is none */
    }
}

static void give(stream *self, wio_sse_event *event) {
    self->data[self->data_size - 1] = '\0'; /* the last newline does not count */
    *event = (wio_sse_event){self->type && *self->type ? self->type : "message", self->data, self->id ? self->id : ""};
    self->given = true;
}

static void drop_event(stream *self) {
    free(self->type);
    free(self->data);
    self->type = self->data = NULL;
    self->data_size = 0;
    self->given = false;
}

static void destroy(stream *self) {
    wio_response_close(self->response);
    drop_event(self);
    free(self->id);
    free(self->url);
    free(self);
}

int wio_sse_open(wio_sse *events, wio_session *session, const char *url) {
    if (!events || !session || !url)
        return wio__misuse_null("wio_sse_open", !events ? "events" : session ? "url" : "the session");
    events->inside = NULL;
    stream *self = calloc(1, sizeof *self);
    if (self) self->url = copy_of(url);
    if (!self || !self->url) {
        free(self);
        wio__note_set(-ENOMEM, NULL, 0);
        return -ENOMEM;
    }
    self->session = session;
    self->retry = 3;
    int status = connect_to(self);
    if (status < 0) destroy(self);
    else events->inside = self;
    return status;
}

int wio_sse_next(wio_sse *events, wio_sse_event *event) {
    stream *self = events ? events->inside : NULL;
    if (!self || !event)
        return wio__misuse(-EINVAL, "wio_sse_next", self ? "`event` is NULL" : "the stream is not open");
    if (self->given) drop_event(self);
    while (!self->over) {
        bool reads = self->response;
        int status = reads ? read_event(self) : connect_to(self);
        if (status == 1) {
            give(self, event);
            return 1;
        }
        if (status == 0 && !reads) continue; /* connected again, or told not to */
        if (status < 0 && (!wio__is_lost(status) || (status == -EBADMSG && !reads))) return status;
        wio_response_close(self->response);
        self->response = NULL;
        drop_event(self); /* an event that did not end does not count */
        status = wio_sleep(self->retry);
        if (status < 0) return status;
    }
    return 0;
}

void wio_sse_close(wio_sse *events) {
    stream *self = events ? events->inside : NULL;
    if (!self) return;
    events->inside = NULL;
    destroy(self);
}
