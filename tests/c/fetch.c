// Fetching: what arrives, what overlaps, and what the server sees when a fetch is given up.
#include "check.h"

TEST(text_of_an_answer) {
    wio_response *response = NULL;
    char *text = NULL;
    CHECK_OK(wio_fetch(check_url("/ok"), NULL, &response));
    REQUIRE(response);
    CHECK_EQ(wio_response_status(response), 200);
    CHECK_EQ(wio_response_text(response, &text), 2);
    CHECK_STR(text, "ok");
    free(text);
    wio_response_close(response);
    CHECK_EQ(check_stat("total"), 1);
    CHECK_EQ(check_stat("methods|GET"), 1);
}

static int get_slowly(void *argument) {
    wio_response *response = NULL;
    int rc = wio_fetch(check_url("/delay/1000?%s", (const char *)argument), NULL, &response);
    wio_response_close(response);
    return rc;
}

/* Of three addresses: browsers queue requests for the same one behind each other, to share the cached answer. */
TEST(three_gathered_fetches_of_a_second_take_a_second) {
    char a[] = "a", b[] = "b", c[] = "c";
    double start = wio_time();
    CHECK_OK(WIO_GATHER({get_slowly, a}, {get_slowly, b}, {get_slowly, c}));
    CHECK_NEAR(wio_time() - start, 1.2, 0.3);
    CHECK_EQ(check_stat("most"), 3);
}

TEST(timeout_closes_the_connection) {
    wio_response *response = NULL;
    int rc = 0;
    WIO_TIMEOUT(0.5) { rc = wio_fetch(check_url("/hang"), NULL, &response); }
    CHECK_EQ(rc, -ETIMEDOUT);
    CHECK(!response);
    CHECK_EQ(check_stat_until("aborted", 1), 1);
}
