/* Names of errors that come from outside: linked with files that say WIO__MORE_ERRORS. */
#include "../core/core.h"
#include "errors.h"

const char *wio__more_error(int code);
const char *wio__more_error(int code) {
    switch (code) {
#define X(error, text)                                                                                                 \
    case error: return #error "\0" text;
        WIO__OUTSIDE_ERRORS(X)
#undef X
    default: return NULL;
    }
}
