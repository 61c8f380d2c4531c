// wio_semaphore_acquire(), of semaphore.c's two parts.
#include "../core/wait.inc"

.text
WAIT_OF_1 wio_semaphore_acquire, wio__acquire_begins, wio__acquire_ends
