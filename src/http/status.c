/* Statuses as errors. */
#include "session.h"

int wio_response_raise_for_status(const wio_response *response) {
    if (!response) return wio__misuse_null("wio_response_raise_for_status", "response");
    if (response->status < 400) return 0;
    char number[12], *at = number + sizeof number;
    *--at = '\0';
    for (int rest = response->status; rest; rest /= 10) *--at = (char)('0' + rest % 10);
    return wio__http_fail(-EREMOTEIO, "status ", at, ": ", wio_response_url(response), NULL);
}
