/* Workloads that stand in groups.c; wasyncio.c runs them. */
#ifndef GROUPS_H
#define GROUPS_H

#include <wasyncio.h>

extern wio_task_options options; /* .stack_size: 0 is the default */
extern int numbers[4];           /* of the command line */

int measure_cancel(void *arg);
int measure_tree(void *arg);
int measure_contention(void *arg);
int measure_queue(void *arg);
int measure_channel(void *arg);

#endif
