/* Part of <wasyncio.h>: byte streams, TCP, standard input, and processes. */
#ifndef WASYNCIO_STREAMS_H
#define WASYNCIO_STREAMS_H

#ifdef __cplusplus
extern "C" {
#endif

/* -------------------------------------------------------------------------------------------------- Streams --- */

/* Bytes in, bytes out, or both: a TCP connection, standard input, a pipe of a process (asyncio.StreamReader and
 * StreamWriter in one). A handle: give it back once, with wio_stream_close() or wio_stream_wait_closed(); one that was given
 * back is recognised, reported, and refused with -EINVAL, as NULL is. What comes in waits in the host, and beyond 64 KiB at
 * the sender. One task may read at a time, any number may write and drain. Errors that every reading function can return:
 *   -ECONNRESET  the connection broke, or -EIO or whatever else the host says: with its words; later reads fail likewise
 *   -ECONNABORTED  another task gave the stream back meanwhile
 *   -EBUSY  another task is reading it;  -ENOTSUP  it is for writing only;  -ENOMEM  no memory for the bytes, which stay
 * A read that is cancelled or times out loses nothing: the next one has the bytes. */
typedef struct wio_stream wio_stream;

/* Reads what is there, 1..size bytes, waiting if nothing is; 0 at the end (and at once for size 0). Waits only if it must.
 * reader.read(n). -EINVAL NULL. */
long wio_stream_read(wio_stream *stream, void *buffer, size_t size);

/* Reads to the end into a block that the caller frees, with a NUL behind it. Returns the size. On an error *data is NULL and
 * the bytes are kept for the next read. Waits. reader.read(-1). -EINVAL NULL. */
long wio_stream_read_all(wio_stream *stream, char **data);

/* Reads exactly `size` bytes. Returns size. Waits only if it must. reader.readexactly(n).
 * -EBADMSG the stream ended before: the bytes there were are in the buffer, and wio_stream_partial() says how many
 * (IncompleteReadError); -EINVAL NULL. */
long wio_stream_readexactly(wio_stream *stream, void *buffer, size_t size);

/* Reads up to and including a separator of `size` bytes; *data points to it, with a NUL behind it, inside the stream: valid
 * until the next read. Returns the size. Waits only if it must. reader.readuntil(separator).
 * -EBADMSG the stream ended before: *data has what there was, wio_stream_partial() its size (IncompleteReadError);
 * -EMSGSIZE it is further than the stream's limit (64 KiB): nothing is taken (LimitOverrunError); -EINVAL NULL, or size 0. */
long wio_stream_readuntil(wio_stream *stream, const void *separator, size_t size, const char **data);

/* The same with several separators: the one that makes the shortest read ends it. */
long wio_stream_readuntil_any(wio_stream *stream, const wio_bytes *separators, size_t n, const char **data);

/* Reads a line with its '\n', as readuntil does; the last may have none; 0 at the end. Waits only if it must.
 * reader.readline(). -EMSGSIZE the line is longer than the stream's limit: what had come of it is dropped (ValueError). */
long wio_stream_readline(wio_stream *stream, const char **line);

/* How many bytes the read had that failed with -EBADMSG last. error.partial. */
size_t wio_stream_partial(const wio_stream *stream);

/* Whether a read has met the end and everything was taken. True for a handle that is stale. reader.at_eof(). */
bool wio_stream_at_eof(const wio_stream *stream);

/* Hands bytes to the host, which copies and sends them. Returns 0. Does not wait, so whoever writes much calls
 * wio_stream_drain() now and then. writer.write(data).
 * -EPIPE after wio_stream_write_eof(), or nobody reads at the other end; -ECONNRESET the connection has broken; -ENOTSUP it
 * is for reading only; -EINVAL NULL. */
int wio_stream_write(wio_stream *stream, const void *data, size_t size);

/* wio_stream_write() of printf-style text, of any length. Also -ENOMEM. writer.write(f"…".encode()). */
int wio_stream_printf(wio_stream *stream, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Waits while the host holds more than 64 KiB that could not be sent, until that is gone. 0. Any number of tasks may wait.
 * Waits only if it must. writer.drain(). -EPIPE, -ECONNRESET or what else has broken the connection; -EINVAL stale. */
int wio_stream_drain(wio_stream *stream);

/* What was written is sent, then the other side reads the end; reading goes on. Twice is harmless. Returns 0. Does not wait.
 * writer.write_eof(). -ENOTSUP it is for reading only; -EINVAL stale. */
int wio_stream_write_eof(wio_stream *stream);

/* Gives the stream back: what was written is still sent, then it is closed. NULL is fine. Does not wait. writer.close(). */
void wio_stream_close(wio_stream *stream);

/* The same, and waits until it is done, whether or not everything was read. 0. Waits. writer.close();
 * `await writer.wait_closed()`. -EPIPE, -ECONNRESET: not all could be sent; -EINVAL stale. */
int wio_stream_wait_closed(wio_stream *stream);

/* "127.0.0.1:8080" (IPv6 in brackets) of the other end and of ours; "" where there is no such thing. Valid as long as the
 * handle. writer.get_extra_info("peername"), ("sockname"). */
const char *wio_stream_peer(const wio_stream *stream);
const char *wio_stream_name(const wio_stream *stream);

/* ------------------------------------------------------------------------------------------------------ TCP --- */

/* Zeroed fields take the default. Everything is copied. */
typedef struct {
    size_t limit;                 /* longest line, in bytes; default 64 KiB */
    bool tls;                     /* speak TLS */
    const char *ca;               /* PEM: whom to trust, instead of the well-known authorities */
    const char *server_name;      /* whose certificate is expected, default the host */
    const char *certificate;      /* PEM: for wio_listen_with(), required with tls */
    const char *key;              /* PEM: its private key */
    int backlog;                  /* for wio_listen_with(): connections that wait to be accepted; default 511 */
    size_t stack_size;            /* for wio_listen_with(): of each connection's task, as in wio_task_options */
    double tls_handshake_timeout; /* seconds; default 60, negative: none. For wio_listen_with() a client's that takes
                                     longer is closed. ssl_handshake_timeout */
} wio_tcp_options;

/* Connects to a host (name, or IPv4 or IPv6 address) and waits until that is done. On success *stream is yours to give back;
 * on failure it is NULL. `options` may be NULL. A cancel gives the attempt up. Waits. asyncio.open_connection().
 * -ENOTSUP in browsers, which have no sockets: use wio_websocket_connect() or wio_fetch() there; -ECONNREFUSED;
 * -EHOSTUNREACH no such host, or no way to it; -ETIMEDOUT the host gave up, or tls_handshake_timeout is over; -EPROTO TLS: no trust, or no TLS at the other end;
 * -EINVAL NULL, or the port is not in 1..65535; -ENOMEM. */
int wio_connect(const char *host, int port, const wio_tcp_options *options, wio_stream **stream);

/* A listening socket (asyncio.Server). A handle, as streams are: give it back with wio_server_close() or
 * wio_server_wait_closed(). */
typedef struct wio_server wio_server;

/* Serves one connection, as a task of its own. The stream is closed when it returns, unless it was given back before. A failure
 * is reported on stderr, a cancellation is not. */
typedef int wio_connection_fn(wio_stream *stream, void *arg);

/* Listens on `host` (NULL: all addresses) and starts handler(stream, arg) for each connection. Port 0: a free one, see
 * wio_server_port(). On success *server is yours to give back. A task named after the address accepts; when the run ends, it
 * is cancelled like others, which closes the socket. Waits. asyncio.start_server().
 * -ENOTSUP in browsers; -EADDRINUSE; -EACCES the port is for others; -EHOSTUNREACH the address is not ours; -EPROTO bad
 * certificate or key; -EINVAL NULL, or the port is not in 0..65535; -ENOMEM. */
int wio_listen(const char *host, int port, wio_connection_fn *handler, void *arg, wio_server **server);

/* The same with options (may be NULL): see wio_tcp_options. */
int wio_listen_with(const char *host, int port, wio_connection_fn *handler, void *arg, const wio_tcp_options *options,
                    wio_server **server);

/* The port it listens on. -EINVAL stale. `server.sockets[0].getsockname()[1]`. */
int wio_server_port(const wio_server *server);

/* Waits until the server is closed: by another task, or by a cancel of this one, which closes it but leaves the handle. Waits.
 * server.serve_forever(). 0 it was closed; -EINVAL stale. */
int wio_server_serve_forever(wio_server *server);

/* Listens no more and gives the handle back; connections go on. NULL is fine. Does not wait. server.close(). */
void wio_server_close(wio_server *server);

/* The same, and waits until the handlers of all connections have returned. 0. Waits. server.close(); `await
 * server.wait_closed()`. -EINVAL stale. */
int wio_server_wait_closed(wio_server *server);

/* ------------------------------------------------------------------------------------------- Standard input --- */

/* The program's standard input, for reading: in Node the process's, else what load()'s option `stdin` says; a page without it
 * has an empty one. The same stream each time, until it is given back; then a new one, which goes on where the old one was.
 * NULL without memory. A program that does not read it is not kept running by it. Does not wait. `await
 * loop.connect_read_pipe(…, sys.stdin)`.
 *
 * libc's (scanf(), fgets(), getchar(), read(0)) reads the same, but blocks until something is there: no other task runs meanwhile,
 * and Ctrl-C ends the process. Read it in one of these ways, not in both: each keeps what it has read ahead. libc cannot wait for
 * a stream or an iterable that load() was given (ENOTSUP, with words on stderr); a string and bytes it reads anywhere. */
wio_stream *wio_stdin(void);

/* ------------------------------------------------------------------------------------------------ Processes --- */

/* Where a standard stream of a process leads. */
typedef enum {
    WIO_PIPE,    /* to a wio_stream */
    WIO_INHERIT, /* to ours */
    WIO_DEVNULL, /* nowhere */
} wio_stdio;

/* Zeroed fields take the default. Everything is copied. */
typedef struct {
    wio_stdio in, out, err;
    const char *cwd;        /* its directory; default ours */
    const char *const *env; /* all of its environment, as "NAME=value", ends with NULL; default that of the host */
    size_t limit;           /* longest line, as in wio_tcp_options */
} wio_process_options;

/* A started process (asyncio.subprocess.Process); free it with wio_process_close(). */
typedef struct wio_process wio_process;

/* Starts argv[0] (looked for in PATH) with these arguments, the last being NULL; no shell is involved. On success *process is
 * yours to close. `options` may be NULL. Waits. asyncio.create_subprocess_exec(*argv).
 * -EPERM processes were not allowed: load(…, {allowRun: ['git']}), or true for any, and `wasyncio run --allow-run[=git]`;
 * -ENOTSUP in browsers; -ENOENT no such program, or no such cwd; -EACCES it cannot be executed; -EINVAL NULL or empty;
 * -ENOMEM. */
int wio_process_start(const char *const *argv, const wio_process_options *options, wio_process **process);

/* Its pipes; NULL if there is no pipe. They belong to the process: wio_process_close() gives them back unless you did.
 * process.stdin, stdout, stderr. */
wio_stream *wio_process_stdin(wio_process *process);
wio_stream *wio_process_stdout(wio_process *process);
wio_stream *wio_process_stderr(wio_process *process);

/* Its number. -EINVAL NULL. process.pid. */
int wio_process_pid(const wio_process *process);

/* Waits until it has ended: 0, with its exit code in *code, or the negative number of the signal that killed it. Any number of
 * tasks, any number of times. `code` may be NULL. Waits. process.wait(). -EINVAL NULL. */
int wio_process_wait(wio_process *process, int *code);

/* Sends `input` (may be NULL) and the end to its standard input, reads its output and errors to their ends, and waits for it.
 * `out` and `err` (may be NULL) get blocks that the caller frees. Returns 0; the exit code is then wio_process_wait()'s.
 * A process that does not read its input is no error. Waits. process.communicate(). Errors as wio_stream_read_all(); nothing is
 * in out and err then. */
int wio_process_communicate(wio_process *process, const void *input, size_t size, wio_bytes *out, wio_bytes *err);

/* Sends a signal by its number of this machine (15: SIGTERM, 9: SIGKILL, 2: SIGINT). 0, also if it has ended. Do not wait.
 * process.send_signal(), terminate(), kill(). -EINVAL NULL, or no such signal; -EPERM it belongs to others now. */
int wio_process_send_signal(wio_process *process, int signal);
int wio_process_terminate(wio_process *process);
int wio_process_kill(wio_process *process);

/* Frees it and its pipes. A process that still runs is killed. NULL is fine; a task that waits for it gets -ECONNABORTED.
 * Does not wait. `process._transport.close()`. */
void wio_process_close(wio_process *process);

#ifdef __cplusplus
}
#endif

#ifndef WIO__INSIDE
#define wio_stream_read(...) (WIO__HERE, wio_stream_read(__VA_ARGS__))
#define wio_stream_read_all(...) (WIO__HERE, wio_stream_read_all(__VA_ARGS__))
#define wio_stream_readexactly(...) (WIO__HERE, wio_stream_readexactly(__VA_ARGS__))
#define wio_stream_readuntil(...) (WIO__HERE, wio_stream_readuntil(__VA_ARGS__))
#define wio_stream_readuntil_any(...) (WIO__HERE, wio_stream_readuntil_any(__VA_ARGS__))
#define wio_stream_readline(...) (WIO__HERE, wio_stream_readline(__VA_ARGS__))
#define wio_stream_write(...) (WIO__HERE, wio_stream_write(__VA_ARGS__))
#define wio_stream_printf(...) (WIO__HERE, wio_stream_printf(__VA_ARGS__))
#define wio_stream_drain(...) (WIO__HERE, wio_stream_drain(__VA_ARGS__))
#define wio_stream_write_eof(...) (WIO__HERE, wio_stream_write_eof(__VA_ARGS__))
#define wio_stream_close(...) (WIO__HERE, wio_stream_close(__VA_ARGS__))
#define wio_stream_wait_closed(...) (WIO__HERE, wio_stream_wait_closed(__VA_ARGS__))
#define wio_connect(...) (WIO__HERE, wio_connect(__VA_ARGS__))
#define wio_listen(host, port, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_listen(host, port, __VA_ARGS__))
#define wio_listen_with(host, port, ...) (WIO__HERE_FN(#__VA_ARGS__), wio_listen_with(host, port, __VA_ARGS__))
#define wio_server_serve_forever(...) (WIO__HERE, wio_server_serve_forever(__VA_ARGS__))
#define wio_server_wait_closed(...) (WIO__HERE, wio_server_wait_closed(__VA_ARGS__))
#define wio_process_start(...) (WIO__HERE, wio_process_start(__VA_ARGS__))
#define wio_process_wait(...) (WIO__HERE, wio_process_wait(__VA_ARGS__))
#define wio_process_communicate(...) (WIO__HERE, wio_process_communicate(__VA_ARGS__))
#endif

#endif
