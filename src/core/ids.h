/* Numbers for things that others refer to and that may be gone: a slot and its generation in one number, so that a stale
 * one is recognised. Never 0. */
#ifndef WIO_IDS_H
#define WIO_IDS_H

#include "core.h"

typedef struct wio__ids {
    void **objects;
    uint16_t *generations;
    uint32_t *free_slots;
    uint32_t capacity, used, free_count;
} wio__ids;

uint32_t wio__ids_take(wio__ids *ids, void *object); /* 0 without memory */
void *wio__ids_find(const wio__ids *ids, uint32_t id);
void wio__ids_give(wio__ids *ids, uint32_t id);

#endif
