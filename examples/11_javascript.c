/* A module for JavaScript: its exports are async functions there, its imports are plain calls here. */
#include <stdio.h>
#include <stdlib.h>
#include <wasyncio.h>

/* Carried out by JavaScript; suspends only the task that calls it. */
WIO_IMPORT(char *, ask, (const char *question));

WIO_EXPORT(int, add_later, (int a, int b)) {
    int rc = wio_sleep(0.1);
    return rc < 0 ? rc : a + b;
}

WIO_EXPORT(char *, greet, (const char *title)) {
    char question[100];
    snprintf(question, sizeof question, "What is your name, %s?", title);

    char *name = ask(question);
    if (!name) return NULL; /* the promise was rejected; ours will be, for the same reason */

    char *greeting = malloc(200);
    if (greeting) snprintf(greeting, 200, "Hello, %s %s!", title, name);
    free(name);
    return greeting;
}

WIO_EXPORT(int, divide, (int a, int b)) {
    if (b == 0) return wio_fail(-EINVAL, "%d cannot be divided by zero", a);
    return a / b;
}
