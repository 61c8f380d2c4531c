#ifndef WIO_SERVE_H
#define WIO_SERVE_H

#include "stream.h"

/* What wio__host_op_start() is given: src/host/serve.js reads these field by field. REQUEST and BODY (a stream_request with the
 * exchange's id in place of a stream's) complete at once: REQUEST with strings (method, URL, path, then names and values of headers
 * and an empty name, then the same of the query), BODY as a stream to read. RESPOND is told, not asked; with a body to come its
 * id is that of a stream to write, and it completes at once. */
typedef struct {
    uint32_t exchange;
    int32_t status;
    const wio_header *headers; /* ends with a name NULL; may be NULL */
    const void *body;          /* NULL: none */
    size_t size;
    int32_t error;  /* out */
    uint32_t wrong; /* out: with -EINVAL, which header */
} respond_request;

#endif
