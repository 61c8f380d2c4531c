/* Task groups: the first failure cancels the siblings and the parent's waits inside the block; all errors are kept;
 * no way out of the block but through the join. */
#include "../core/core.h"

enum { OPEN = 0x6f70656e, JOINED = 0x6a6f696e };

static wio_group *group_of_children(wio__children *children) {
    return (wio_group *)(void *)((char *)children - offsetof(wio_group, children));
}

static wio_group *group_of_scope(wio_scope *scope) { return (wio_group *)(void *)scope; }

static bool is_open(const wio_group *group) {
    for (wio__task *task = wio__the.all_first; task; task = task->all_next)
        for (wio_scope *scope = task->scope; scope; scope = scope->parent)
            if (scope == &group->scope) return true;
    return false;
}

static uintptr_t seal_of(const wio_group *group) {
    return (uintptr_t)group ^ (uintptr_t)group->children.parent ^ (uintptr_t)group->scope.parent ^
           (uintptr_t)group->body_where ^ OPEN;
}

/* Nothing in the group can be trusted any more, nor can the list of the task's scopes. */
static void lost(const wio__task *task) {
    wio__here = task ? task->created : NULL;
    wio__misuse(-EFAULT, "wio_group_open",
                "in the task made here a function has returned with its group open, and others have used its stack "
                "since; call wio_group_join() first, or use WIO_TASK_GROUP");
    abort();
}

void wio__scope_check(const wio__task *task, const wio_scope *scope) {
    const wio_group *group = (const wio_group *)(const void *)scope;
    if (scope->task != task || (scope->kind == WIO__SCOPE_GROUP && group->seal != seal_of(group))) lost(task);
}

int wio_group_open(wio_group *group) {
    if (!group) return wio__misuse_null("wio_group_open", "the group");
    wio__task *self = wio__self("wio_group_open");
    if (self && group->state == OPEN && is_open(group))
        return wio__misuse(-EINVAL, "wio_group_open", "this group is open already");
    *group = (wio_group){0};
    if (!self) {
        group->state = JOINED;
        return group->status = -EPERM;
    }
    group->state = OPEN;
    group->body_where = wio__here;
    group->children.parent = self;
    group->scope.kind = WIO__SCOPE_GROUP;
    group->scope.task = self;
    group->scope.parent = self->scope;
    group->seal = seal_of(group);
    self->scope = &group->scope;
    WIO__TRACE(WIO_TRACE_ENTER, self, &group->scope, WIO__OF_SCOPE, 0);
    return 0;
}

/* Stops children and parent. The parent's part is the scope's: whatever waits inside the block fails. */
static void group_stop(wio_group *group) {
    if (group->cancelled) return;
    group->cancelled = true;
    wio__children_cancel(&group->children);
    if (group->scope.task) {
        group->scope.expired = true;
        wio__interrupt(group->scope.task);
    }
}

/* The child's error is kept for the join; one that did well, or was cancelled, is forgotten at once. */
static void child_failed(wio_group *group, wio__task *child) {
    child->looked_at = true;
    child->failed_next = NULL;
    if (group->failed_last) ((wio__task *)group->failed_last)->failed_next = child;
    else group->failed = child;
    group->failed_last = child;
    group->error_count++;
    bool first = !group->cancelled;
    group_stop(group);
    /* asyncio's group cancels its parent also while that joins; so it looks once more, a pass earlier than its children
     * would wake it. */
    if (first && group->state == JOINED) wio__wake(group->children.parent, 0);
}

static bool child_ended(void *handle) {
    wio__task *child = wio__ended_task(handle);
    wio__children *children = child->owner;
    wio_group *group = group_of_children(children);
    wio__task *parent = children->parent;
    if (group->seal != seal_of(group)) lost(wio__find((wio_task *)(uintptr_t)child->creator, NULL));
    wio__children_remove(children, child);
    if (child->status < 0 && child->status != -ECANCELED) child_failed(group, child);
    else wio__slot_retire(child);
    if (children->unfinished) return true;
    if (parent->state == WIO__ENDING) {
        parent->scope = group->scope.parent;
        wio__finish(parent, parent->status);
    } else if (group->state == JOINED) {
        wio__wake(parent, 0);
    }
    return true;
}

wio_task *wio_group_create_task_with(wio_group *group, wio_fn *fn, void *arg, const wio_task_options *options) {
    const char *function = "wio_group_create_task";
    if (!wio__the.calling && !wio__self(function)) return NULL;
    if (!group || !fn) {
        wio__misuse_null(function, group ? "fn" : "the group");
        return NULL;
    }
    bool joining = group->state == JOINED && group->children.unfinished;
    if (group->state != OPEN && !joining) {
        wio__misuse(-EINVAL, function, "the group is not open");
        return NULL;
    }
    if (group->cancelled) {
        wio__misuse(-ECANCELED, function, "the group is being cancelled and takes no more tasks");
        return NULL;
    }
    wio__task *child = wio__task_new(fn, arg, options, wio__run_of_new(), function);
    if (!child) return NULL;
    wio__children_add(&group->children, child, child_ended);
    wio__task_start(child, options && options->eager);
    return wio__handle_of(child);
}

wio_task *wio_group_create_task(wio_group *group, wio_fn *fn, void *arg) {
    return wio_group_create_task_with(group, fn, arg, NULL);
}

void wio_group_cancel(wio_group *group) {
    if (!group || (group->state != OPEN && !group->children.unfinished)) {
        wio__misuse(-EINVAL, "wio_group_cancel", "the group is not open");
        return;
    }
    group_stop(group);
}

/* The body's wait was struck by a timeout around the group: an interruption, as a cancel, and no error of the body. */
static bool struck_from_outside(const wio_group *group) {
    for (const wio_scope *scope = group->scope.parent; scope && scope->kind != WIO__SCOPE_SHIELD; scope = scope->parent)
        if (scope->kind == WIO__SCOPE_TIMEOUT && scope->struck) return true;
    return false;
}

int wio_group_fail(wio_group *group, int code) {
    if (!group || group->state != OPEN) return wio__misuse(-EINVAL, "wio_group_fail", "the group is not open");
    if (code >= 0) return wio__misuse(-EINVAL, "wio_group_fail", "an error is negative");
    bool interruption = code == -ECANCELED || (code == -ETIMEDOUT && struck_from_outside(group));
    if (!group->body_status && !interruption) {
        group->body_status = code;
        group->error_count++;
    }
    group_stop(group);
    return code;
}

/* --------------------------------------------------------------------------------------------------- The join --- */

enum { KEPT = 16 };

static void keep(wio__extra *extra, wio__kept *block) {
    block->next = extra->kept;
    extra->kept = block;
    int n = 1;
    for (wio__kept *each = block; each; each = each->next)
        if (++n > KEPT && each->next) {
            free(each->next);
            each->next = NULL;
        }
}

static size_t strings_size(const wio_error *error) {
    return strlen(error->message) + strlen(error->task) + strlen(error->notes) + 3;
}

static const char *put(char **at, const char *string) {
    char *copy = *at;
    size_t size = strlen(string) + 1;
    memcpy(copy, string, size);
    *at += size;
    return copy;
}

static wio_error child_error(const wio__task *child) {
    return wio__note_error(&child->note, child->status, wio__name(child));
}

static wio_error body_error(wio__task *self, const wio_group *group) {
    return wio__note_error(&self->note, group->body_status, wio__name(self));
}

/* One block: the list's link, the errors, their strings. Without memory the first error must do, without its words. */
static void collect(wio__task *self, wio_group *group) {
    size_t size = sizeof(wio__kept) + group->error_count * sizeof(wio_error);
    for (wio__task *child = group->failed; child; child = child->failed_next) {
        wio_error error = child_error(child);
        size += strings_size(&error);
    }
    wio_error body = body_error(self, group);
    size += strings_size(&body);
    wio__extra *extra = wio__extra_of(self, 0);
    wio__kept *block = extra ? malloc(size) : NULL;
    wio_error *errors = block ? (wio_error *)(void *)(block + 1) : &group->only_error;
    char *strings = (char *)(errors + group->error_count);
    size_t n = 0;
    for (wio__task *child = group->failed, *next; child; child = next) {
        next = child->failed_next;
        if (block || n == 0) errors[n] = child_error(child);
        if (block) {
            errors[n].message = put(&strings, errors[n].message);
            errors[n].task = put(&strings, errors[n].task);
            errors[n].notes = put(&strings, errors[n].notes);
        } else if (n == 0) {
            errors[n].message = wio_error_text(errors[n].code);
            errors[n].task = "?";
            errors[n].notes = "";
        }
        n++;
        wio__slot_retire(child);
    }
    if (group->body_status && (block || n == 0)) {
        errors[n] = body;
        errors[n].message = block ? put(&strings, body.message) : wio_error_text(body.code);
        errors[n].task = block ? put(&strings, body.task) : "?";
        errors[n].notes = block ? put(&strings, body.notes) : "";
    }
    wio__task *first = group->failed; /* retired: readable as long as its handle */
    if (first) wio__note_copy(&self->note, &first->note);
    if (block) keep(extra, block);
    else group->error_count = 1;
    group->errors = errors;
}

/* A cancel ends the parent's wait first; the parent then stops the children and waits for them to the end, whatever
 * else comes. (asyncio's order of events.) */
static bool join_abort(void *task) {
    (void)task;
    return true;
}

static bool stopped_abort(void *task) {
    (void)task;
    return false;
}

static const wio__wait join_wait = {.kind = "group", .abort = join_abort, .of = WIO__OF_GROUP};
static const wio__wait stopped_wait = {
    .kind = "group (stopping)", .abort = stopped_abort, .of = WIO__OF_GROUP, .keeps_result = true};

int wio_group_join(wio_group *group) {
    if (!group) return wio__misuse_null("wio_group_join", "the group");
    wio__task *self = wio__self("wio_group_join");
    if (!self) return -EPERM;
    if (group->state != OPEN || group->scope.task != self)
        return wio__misuse(-EINVAL, "wio_group_join", "this group is not open in this task");
    while (self->scope != &group->scope && self->scope) {
        if (self->scope->kind == WIO__SCOPE_GROUP) wio_group_join(group_of_scope(self->scope));
        else wio__scope_leave(self->scope);
    }
    wio__scope_leave(&group->scope);
    group->state = JOINED;
    wio__note body = {0}; /* the words of the body's error, which a wait that fails here would replace */
    if (group->body_status) wio__note_move(&body, &self->note);
    bool aborted = false;
    while (group->children.unfinished) {
        int reason = wio__park(self, aborted ? &stopped_wait : &join_wait, &group->children);
        if (aborted || (!self->aborted && reason == 0)) continue;
        aborted = true;
        group_stop(group);
    }
    if (group->body_status) wio__note_move(&self->note, &body);
    if (group->error_count) {
        collect(self, group);
        group->status = group->errors[0].code;
        self->undelivered = self->cancels > 0; /* the cancel gave way to the error: it is still to come */
    } else if (aborted) {
        group->status = wio__deliver(self);
    }
    WIO__TRACE(WIO_TRACE_LEAVE, self, &group->scope, WIO__OF_SCOPE, group->status);
    return group->status;
}

int wio_group_status(const wio_group *group) {
    if (!group) return wio__misuse_null("wio_group_status", "the group");
    return group->state == JOINED ? group->status : -EAGAIN;
}

size_t wio_group_errors(const wio_group *group, const wio_error **errors) {
    bool any = group && group->state == JOINED && group->errors;
    if (errors) *errors = any ? group->errors : NULL;
    return any ? group->error_count : 0;
}

bool wio__group_abandon(wio_scope *scope) {
    wio_group *group = group_of_scope(scope);
    if (!group->children.unfinished) return false;
    wio__here = group->body_where;
    wio__misuse(-EINVAL, "wio_group_open", "the task returned without wio_group_join(); its tasks are cancelled");
    group_stop(group);
    return true;
}

/* ------------------------------------------------------------------------------------------ WIO_TASK_GROUP --- */

void wio__group_enter(wio_group *group) {
    group->state = 0; /* the block declares it, so it cannot be open */
    wio_group_open(group);
    group->scope.entered = group->state != OPEN;
}

bool wio__group_once(wio_group *group) {
    bool once = !group->scope.entered;
    group->scope.entered = true;
    return once;
}

void wio__group_leave(wio_group **group) {
    if ((*group)->state != OPEN) return;
    wio__here = (*group)->body_where;
    wio_group_join(*group);
}
