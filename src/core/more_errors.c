/* Names of errors that only parts of the library have: linked with those that say WIO__MORE_ERRORS. */
#include "core.h"

#define MORE_ERRORS(X)                                                                                                 \
    X(ELOOP, "too many redirects")                                                                                     \
    X(EILSEQ, "not in that charset")                                                                                   \
    X(EREMOTEIO, "the server answered with an error")

const char *wio__more_error(int code);
const char *wio__more_error(int code) {
    switch (code) {
#define X(error, text)                                                                                                 \
    case error: return #error "\0" text;
        MORE_ERRORS(X)
#undef X
    default: return NULL;
    }
}
