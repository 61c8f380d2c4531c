#include "ids.h"

enum { SLOT_BITS = 20, SLOTS = 1 << SLOT_BITS, GENERATIONS = 0xFFF };

static uint32_t slot_of(uint32_t id) { return id & (SLOTS - 1); }

static bool grow(wio__ids *ids) {
    uint32_t more = ids->capacity ? ids->capacity * 2 : 64;
    if (more > SLOTS) return false;
    void **objects = realloc(ids->objects, more * sizeof *objects);
    if (objects) ids->objects = objects;
    uint16_t *generations = realloc(ids->generations, more * sizeof *generations);
    if (generations) ids->generations = generations;
    uint32_t *free_slots = realloc(ids->free_slots, more * sizeof *free_slots);
    if (free_slots) ids->free_slots = free_slots;
    if (!objects || !generations || !free_slots) return false;
    for (uint32_t i = ids->capacity; i < more; i++) {
        objects[i] = NULL;
        generations[i] = 0;
    }
    ids->capacity = more;
    return true;
}

uint32_t wio__ids_take(wio__ids *ids, void *object) {
    if (ids->free_count == 0 && ids->used == ids->capacity && !grow(ids)) return 0;
    uint32_t slot = ids->free_count ? ids->free_slots[--ids->free_count] : ids->used++;
    uint16_t generation = (ids->generations[slot] + 1) & GENERATIONS;
    ids->generations[slot] = generation ? generation : 1;
    ids->objects[slot] = object;
    return (uint32_t)ids->generations[slot] << SLOT_BITS | slot;
}

void *wio__ids_find(const wio__ids *ids, uint32_t id) {
    uint32_t slot = slot_of(id);
    return slot < ids->used && ids->generations[slot] == id >> SLOT_BITS ? ids->objects[slot] : NULL;
}

void wio__ids_give(wio__ids *ids, uint32_t id) {
    ids->objects[slot_of(id)] = NULL;
    ids->free_slots[ids->free_count++] = slot_of(id);
}
