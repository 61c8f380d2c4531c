/* Events: setting one ends every wait of the moment, also if it is cleared before they run. */
#include "../core/core.h"

static wio__waiters *line_of(wio_event *event) { return wio__waiters_of(&event->first); }

void wio_event_init(wio_event *event) {
    if (!event) {
        wio__misuse_null("wio_event_init", "the event");
        return;
    }
    *event = (wio_event){0};
    WIO__BEGUN(event, WIO__OF_EVENT);
}

static bool event_abort(void *task) {
    wio__waiters_remove(&((wio__task *)task)->waiter);
    return true;
}

static const wio__wait event_wait = {.kind = "event", .abort = event_abort, .of = WIO__OF_EVENT};

int wio_event_wait(wio_event *event) {
    if (!event) return wio__misuse_null("wio_event_wait", "the event");
    wio__task *self = wio__self("wio_event_wait");
    if (!self) return -EPERM;
    if (event->set) return 0;
    wio__waiters_push(line_of(event), &self->waiter, self);
    return wio__park(self, &event_wait, event);
}

void wio_event_set(wio_event *event) {
    if (!event) {
        wio__misuse_null("wio_event_set", "the event");
        return;
    }
    event->set = true;
    while (wio__waiters_grant(line_of(event), 0)) continue;
    WIO__CHANGED(event, WIO__OF_EVENT);
}

void wio_event_clear(wio_event *event) {
    if (!event) {
        wio__misuse_null("wio_event_clear", "the event");
        return;
    }
    if (event->set) {
        event->set = false;
        WIO__CHANGED(event, WIO__OF_EVENT);
    }
}

bool wio_event_is_set(const wio_event *event) { return event && event->set; }
