/* The one table of errors: code, and the text that is shown when nobody attached a better one. The second part is known to
 * programs that have operations of the host, JSON or wio_fail() (WIO__MORE_ERRORS in core.h). */
#ifndef WIO_ERRORS_H
#define WIO_ERRORS_H

#define WIO__ERRORS(X)                                                                                                 \
    X(EPERM, "not allowed here")                                                                                       \
    X(ENOENT, "no such file or name")                                                                                  \
    X(EIO, "input/output error")                                                                                       \
    X(EAGAIN, "not ready yet")                                                                                         \
    X(ENOMEM, "out of memory")                                                                                         \
    X(EFAULT, "the program crashed")                                                                                   \
    X(EBUSY, "in use")                                                                                                 \
    X(EINVAL, "invalid argument")                                                                                      \
    X(ERANGE, "out of range")                                                                                          \
    X(EDEADLK, "deadlock: nothing could ever have ended this wait")                                                    \
    X(ENOSYS, "not available on this host")                                                                            \
    X(ENOTSUP, "not supported")                                                                                        \
    X(EPROTO, "protocol error")                                                                                        \
    X(EOVERFLOW, "overflow")                                                                                           \
    X(EMSGSIZE, "too large")                                                                                           \
    X(EACCES, "permission denied")                                                                                     \
    X(EINTR, "interrupted")                                                                                            \
    X(ENOBUFS, "no room")                                                                                              \
    X(EALREADY, "already done")                                                                                        \
    X(ESHUTDOWN, "shut down")                                                                                          \
    X(EPIPE, "broken pipe")                                                                                            \
    X(ETIMEDOUT, "timed out")                                                                                          \
    X(ECANCELED, "cancelled")

#define WIO__OUTSIDE_ERRORS(X)                                                                                         \
    X(EHOSTUNREACH, "host unreachable")                                                                                \
    X(ECONNREFUSED, "connection refused")                                                                              \
    X(ECONNRESET, "connection reset")                                                                                  \
    X(ECONNABORTED, "connection aborted")                                                                              \
    X(EADDRINUSE, "address in use")                                                                                    \
    X(EBADMSG, "ended too early")                                                                                      \
    X(ELOOP, "too many redirects")                                                                                     \
    X(EILSEQ, "not in that charset")                                                                                   \
    X(ENOSPC, "no space left")                                                                                         \
    X(EREMOTEIO, "the server answered with an error")

#endif
