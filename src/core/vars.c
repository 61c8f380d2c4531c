/* Context variables. A task shares its creator's until one of them changes something: then it gets its own copy. */
#include "core.h"

typedef struct {
    const void *key;
    void *value;
} pair;

struct wio__vars {
    uint32_t refs; /* first: core.h counts */
    uint32_t count;
    pair pairs[];
};

static wio__vars **current(void) { return wio__the.current ? &wio__the.current->vars : &wio__the.vars; }

static pair *find(wio__vars *vars, const void *key) {
    for (uint32_t i = 0; vars && i < vars->count; i++)
        if (vars->pairs[i].key == key) return &vars->pairs[i];
    return NULL;
}

int wio_context_set(const void *key, void *value) {
    if (!key) return wio__misuse_null("wio_context_set", "the key");
    wio__vars **at = current(), *vars = *at;
    pair *known = find(vars, key);
    if (known && vars->refs == 1) {
        known->value = value;
        return 0;
    }
    uint32_t count = vars ? vars->count : 0, room = count + !known;
    bool shared = vars && vars->refs > 1;
    wio__vars *own = realloc(shared ? NULL : vars, sizeof *own + room * sizeof(pair));
    if (!own) {
        wio__note_set(-ENOMEM, NULL, 0);
        return -ENOMEM;
    }
    if (shared) memcpy(own->pairs, vars->pairs, count * sizeof(pair));
    if (shared) wio__vars_drop(vars);
    own->refs = 1;
    own->count = count;
    known = find(own, key);
    if (!known) {
        known = &own->pairs[own->count++];
        known->key = key;
    }
    known->value = value;
    *at = own;
    return 0;
}

void *wio_context_get(const void *key) {
    const pair *known = find(*current(), key);
    return known ? known->value : NULL;
}
