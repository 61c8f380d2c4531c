#ifndef WIO_FETCH_H
#define WIO_FETCH_H

#include "../core/core.h"

/* What wio__host_op_start() is given for WIO__OP_FETCH and WIO__OP_READ: src/host/fetch.js reads it field by field. */
typedef struct {
    const char *url, *method;
    const wio_header *headers;
    size_t header_count;
    const void *body;
    size_t body_size;
} fetch_request;

typedef struct {
    uint32_t fetch;
    size_t size;
} read_request;

#endif
