#include <stdio.h>
#include <wasyncio.h>

static int letter(void *arg) {
    printf("the letter is on its way\n");
    wio_sleep(0.1);
    printf("the letter has come to %s\n", (const char *)arg);
    return 0;
}

static int office(void *arg) {
    (void)arg;
    wio_task *sent = wio_create_task(letter, "Zoe");
    printf("the task is created\n"); // and has not begun: nobody has waited yet
    wio_sleep(0.03);
    printf("other work is done\n");
    return wio_await(sent);
}

int main(void) { return wio_run(office, NULL); }
