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

/* `vars` with key set in it, which is another block now: a copy, unless it is its owner's alone. NULL without memory. */
static wio__vars *with(wio__vars *vars, bool shared, const void *key, void *value) {
    pair *known = find(vars, key);
    if (!known || shared) {
        uint32_t count = vars ? vars->count : 0;
        wio__vars *own = realloc(shared ? NULL : vars, sizeof *own + (count + !known) * sizeof(pair));
        if (!own) return NULL;
        if (shared) memcpy(own->pairs, vars->pairs, count * sizeof(pair));
        own->refs = 1;
        own->count = count + !known;
        if (!known) own->pairs[count].key = key;
        vars = own;
        known = find(vars, key);
    }
    known->value = value;
    return vars;
}

int wio_context_set(const void *key, void *value) {
    if (!key) return wio__misuse_null("wio_context_set", "the key");
    wio__vars **at = current(), *vars = *at;
    bool shared = vars && vars->refs > 1;
    wio__vars *own = with(vars, shared, key, value);
    if (!own) {
        wio__note_set(-ENOMEM, NULL, 0);
        return -ENOMEM;
    }
    if (shared) wio__vars_drop(vars);
    *at = own;
    return 0;
}

void *wio_context_get(const void *key) {
    const pair *known = find(*current(), key);
    return known ? known->value : NULL;
}

#ifdef __wasm_atomics__

/* A thread sees its caller's, which stand still as long as the caller waits; from the first change on, a copy of its own. */
static _Thread_local wio__vars *seen;
static _Thread_local bool owned;

void wio__thread_sees(wio__vars *vars) {
    if (owned) free(seen);
    seen = vars;
    owned = false;
}

/* What the two above are in a thread: see emsdk-config/threads.js. */
WIO__ENTRY(wio__thread_context_set) int wio__thread_context_set(const void *key, void *value) {
    if (!key) return -EINVAL;
    wio__vars *own = with(seen, seen && !owned, key, value);
    if (!own) return -ENOMEM;
    seen = own;
    owned = true;
    return 0;
}

WIO__ENTRY(wio__thread_context_get) void *wio__thread_context_get(const void *key) {
    const pair *known = find(seen, key);
    return known ? known->value : NULL;
}
#endif
