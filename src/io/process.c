/* Processes. Their pipes are streams like others. */
#include "process.h"

WIO__OP_NEEDS(process)

struct wio_process {
    wio__op op;
    int pid;
    wio_stream *pipes[3];
};

enum { IN, OUT, ERR };
enum { SIGNAL_KILL = 9, SIGNAL_TERMINATE = 15 };

static const wio__wait start_wait = {
    .kind = "process to start", .abort = wio__op_abort, .undo = wio__op_undo, .of = WIO__OF_NAMED};

static int start(wio__task *self, wio_process *process, const process_request *request) {
    process->op.name = request->argv[0];
    int status = wio__op_begin(&process->op);
    if (status < 0) return wio__fails(status);
    wio__host_op_start(process->op.id, WIO__OP_PROCESS, request);
    status = wio__op_wait(self, &process->op, &start_wait);
    if (process->op.id && status < 0) wio__op_failed(&process->op);
    process->op.name = NULL;
    if (status < 0) wio__op_end(&process->op, true);
    return status;
}

static int open_pipe(wio_process *process, uint32_t which, size_t limit) {
    wio__stream *stream = wio__stream_new(which == IN ? WIO__WRITES : WIO__READS, limit);
    if (!stream || wio__op_begin(&stream->op) < 0) {
        free(stream);
        return wio__fails(-ENOMEM);
    }
    wio__host_op_start(stream->op.id, WIO__OP_PROCESS_PIPE, &(process_pipe_request){process->op.id, which});
    process->pipes[which] = wio__stream_handle(stream);
    return process->pipes[which] ? 0 : -ENOMEM;
}

int wio_process_start(const char *const *argv, const wio_process_options *options, wio_process **out) {
    wio__task *self = wio__self("wio_process_start");
    if (out) *out = NULL;
    if (!self) return -EPERM;
    if (!argv || !out) return wio__misuse_null("wio_process_start", argv ? "process" : "argv");
    if (!argv[0] || !argv[0][0]) return wio__misuse(-EINVAL, "wio_process_start", "argv names no program");
    const wio_process_options none = {0};
    if (!options) options = &none;
    if (self->attention && wio__reason(self)) return wio_yield(); /* cancelled: nothing is started */
    process_request request = {.argv = argv, .env = options->env, .cwd = options->cwd};
    const wio_stdio stdio[] = {options->in, options->out, options->err};
    for (int i = IN; i <= ERR; i++) request.stdio[i] = (uint32_t)stdio[i];
    wio_process *process = calloc(1, sizeof *process);
    if (!process) return wio__fails(-ENOMEM);
    int status = start(self, process, &request);
    process->pid = status;
    for (uint32_t i = IN; status >= 0 && i <= ERR; i++)
        if (stdio[i] == WIO_PIPE) status = open_pipe(process, i, options->limit);
    if (status < 0) {
        wio_process_close(process);
        return status;
    }
    *out = process;
    WIO__MADE("process", process);
    return 0;
}

wio_stream *wio_process_stdin(wio_process *process) { return process ? process->pipes[IN] : NULL; }
wio_stream *wio_process_stdout(wio_process *process) { return process ? process->pipes[OUT] : NULL; }
wio_stream *wio_process_stderr(wio_process *process) { return process ? process->pipes[ERR] : NULL; }

int wio_process_pid(const wio_process *process) {
    return process ? process->pid : wio__misuse_null("wio_process_pid", "the process");
}

static const wio__wait exit_wait = {.kind = "process", .abort = wio__op_abort, .undo = wio__op_undo};

int wio_process_wait(wio_process *process, int *code) {
    wio__task *self = wio__self("wio_process_wait");
    if (!self) return -EPERM;
    if (!process) return wio__misuse_null("wio_process_wait", "the process");
    wio__op op = {0};
    int status = wio__op_run(self, &op, WIO__OP_PROCESS_WAIT, &(process_wait_request){process->op.id}, &exit_wait);
    if (status < 0) return status;
    if (code) *code = status >= WIO__KILLED_BY ? WIO__KILLED_BY - status : status;
    return 0;
}

/* ------------------------------------------------------------------------------------------------ communicate --- */

typedef struct {
    wio_stream *to;
    const void *input;
    size_t size;
} feeding;

static int feed(void *arg) {
    feeding *self = arg;
    if (!wio__stream_find(self->to, NULL)) return 0;
    int status = self->size ? wio_stream_write(self->to, self->input, self->size) : 0;
    if (status == 0) status = wio_stream_drain(self->to);
    if (status == 0 || status == -EPIPE || status == -ECONNRESET) status = wio_stream_wait_closed(self->to);
    return status == -EPIPE || status == -ECONNRESET ? 0 : status; /* it reads no more, as asyncio sees it */
}

typedef struct {
    wio_stream *from;
    wio_bytes bytes;
} collecting;

static int collect(void *arg) {
    collecting *self = arg;
    if (!wio__stream_find(self->from, NULL)) return 0;
    char *data;
    long size = wio_stream_read_all(self->from, &data);
    if (size < 0) return (int)size;
    self->bytes = (wio_bytes){.data = data, .size = (size_t)size};
    return 0;
}

static int wait_for(void *arg) { return wio_process_wait(arg, NULL); }

int wio_process_communicate(wio_process *process, const void *input, size_t size, wio_bytes *out, wio_bytes *err) {
    if (out) *out = (wio_bytes){0};
    if (err) *err = (wio_bytes){0};
    if (!wio__self("wio_process_communicate")) return -EPERM;
    if (!process) return wio__misuse_null("wio_process_communicate", "the process");
    if (!input && size) return wio__misuse_null("wio_process_communicate", "input");
    feeding in = {process->pipes[IN], input, size};
    collecting outputs[] = {{.from = process->pipes[OUT]}, {.from = process->pipes[ERR]}};
    wio_call calls[] = {{feed, &in}, {collect, &outputs[0]}, {collect, &outputs[1]}, {wait_for, process}};
    int status = wio_gather(calls, sizeof calls / sizeof *calls, NULL);
    wio_bytes *wanted[] = {out, err};
    for (int i = 0; i < 2; i++) {
        if (status == 0 && wanted[i]) *wanted[i] = outputs[i].bytes;
        else free(outputs[i].bytes.data);
    }
    return status;
}

/* ---------------------------------------------------------------------------------------------------- Signals --- */

static int send_signal(wio_process *process, int signal, const char *function) {
    if (!process) return wio__misuse_null(function, "the process");
    process_signal_request request = {.process = process->op.id, .signal = signal};
    wio__host_op_start(0, WIO__OP_PROCESS_SIGNAL, &request);
    if (request.error == -EINVAL) return wio__misuse(-EINVAL, function, "there is no such signal");
    return request.error ? wio__fails(request.error) : 0;
}

int wio_process_send_signal(wio_process *process, int signal) {
    return send_signal(process, signal, "wio_process_send_signal");
}

int wio_process_terminate(wio_process *process) {
    return send_signal(process, SIGNAL_TERMINATE, "wio_process_terminate");
}

int wio_process_kill(wio_process *process) { return send_signal(process, SIGNAL_KILL, "wio_process_kill"); }

void wio_process_close(wio_process *process) {
    if (!process) return;
    WIO__GONE(process);
    for (int i = IN; i <= ERR; i++)
        if (wio__stream_find(process->pipes[i], NULL)) wio_stream_close(process->pipes[i]);
    wio__op_end(&process->op, true);
    free(process);
}
