// files: /data
// A response's body in a file.
#include "check.h"

static int get(const char *url, wio_response **response) { return wio_fetch(url, NULL, response); }

static long size_of(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return -errno;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    return size;
}

TEST(a_body_is_saved) {
    wio_response *response = NULL;
    REQUIRE(get(check_url("/bytes/200000"), &response) == 0);
    CHECK_EQ(wio_response_save(response, "/data/bytes"), 200000);
    CHECK_EQ(size_of("/data/bytes"), 200000);
    wio_response_close(response);
}

/* JSON brings assert(), and that Emscripten's own open(), which refuses everything, if the linker meets it first. */
TEST(what_was_saved_is_read_as_json) {
    wio_response *response = NULL;
    REQUIRE(get(check_url("/item/7"), &response) == 0);
    CHECK(wio_response_save(response, "/data/item") > 0);
    wio_response_close(response);
    char text[200];
    FILE *file = fopen("/data/item", "rb");
    REQUIRE(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    wio_json *json = NULL;
    CHECK_OK(wio_json_parse(text, size, &json));
    CHECK_EQ(wio_json_int(json, "square"), 49);
    wio_json_free(json);
}

TEST(half_a_file_is_none) {
    wio_response *response = NULL;
    REQUIRE(get(check_url("/reset-body"), &response) == 0);
    CHECK(wio_response_save(response, "/data/half") < 0);
    CHECK_EQ(size_of("/data/half"), -ENOENT);
    wio_response_close(response);
}

TEST(where_nothing_can_be_written) {
    wio_response *response = NULL;
    REQUIRE(get(check_url("/ok"), &response) == 0);
    CHECK_EQ(wio_response_save(response, "/data/no/such/directory"), -ENOENT);
    CHECK_HAS(wio_task_error(wio_current_task())->message, "/data/no/such/directory");
    CHECK(wio_response_save(response, "/elsewhere/x") < 0);
    CHECK_EQ(wio_response_save(response, NULL), -EINVAL);
    CHECK_EQ(wio_response_save(NULL, "/data/x"), -EINVAL);
    CHECK_EQ(wio_response_save(response, "/data/ok"), 2);
    wio_response_close(response);
}
