// wio_queue_get() and wio_queue_put(), of queue.c's parts.
#include "../core/wait.inc"

.text
WAIT wio_queue_get, 2, wio__get_begins, wio__get_ends
WAIT wio_queue_put, 2, wio__put_begins, wio__put_ends
