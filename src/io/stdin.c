/* Standard input: a stream whose operation is answered at once. */
#include "stream.h"

WIO__OP_NEEDS(stdin)

static wio_stream *input;

wio_stream *wio_stdin(void) {
    if (wio__stream_find(input, NULL)) return input;
    wio__stream *stream = wio__stream_new(WIO__READS, 0);
    if (!stream || wio__op_begin(&stream->op) < 0) {
        free(stream);
        wio__misuse(-ENOMEM, "wio_stdin", "no memory for a stream");
        return NULL;
    }
    wio__host_op_start(stream->op.id, WIO__OP_STDIN, NULL);
    return input = wio__stream_handle(stream);
}
