// wio_semaphore_acquire(), of semaphore.c's two parts.
#include "../core/wait.inc"

.text
WAIT wio_semaphore_acquire, 1, wio__acquire_begins, wio__acquire_ends
