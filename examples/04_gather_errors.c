/* One of three fails. gather gives the first error, or every outcome. */
#include <stdio.h>
#include <wasyncio.h>

struct parcel {
    const char *to;
    double hours;
};

static int deliver(void *arg) {
    struct parcel *parcel = arg;
    wio_sleep(parcel->hours);
    if (parcel->to[0] == '?')
        return wio_fail(-EHOSTUNREACH, "nobody lives at %s", parcel->to);
    printf("  delivered to %s\n", parcel->to);
    return 0;
}

static int post_office(void *arg) {
    (void)arg;
    struct parcel ann = {"Ann", 0.1}, nobody = {"?", 0.2}, zoe = {"Zoe", 0.3};

    printf("The first error, once all have ended:\n");
    int rc = WIO_GATHER({deliver, &ann}, {deliver, &nobody}, {deliver, &zoe});
    const wio_error *error = wio_task_error(wio_current_task());
    printf("  %s: %s\n", wio_error_name(rc), error->message);

    printf("Every outcome:\n");
    wio_call calls[] = {{deliver, &ann}, {deliver, &nobody}, {deliver, &zoe}};
    int statuses[3];
    wio_gather(calls, 3, statuses);
    for (int i = 0; i < 3; i++)
        printf("  %d: %s\n", i, statuses[i] < 0 ? wio_error_name(statuses[i]) : "fine");
    return 0;
}

int main(void) { return wio_run(post_office, NULL); }
