// wio_queue_get() and wio_queue_put(), of queue.c's parts.
#include "../core/wait.inc"

.text
WAIT_OF_2 wio_queue_get, wio__get_begins, wio__get_ends
WAIT_OF_2 wio_queue_put, wio__put_begins, wio__put_ends
