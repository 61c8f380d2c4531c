// clock: virtual
// JSON: what is read, what is written, and what is refused, with its position.
#include "check.h"

static const char *words(void) {
    const wio_error *error = wio_task_error(wio_current_task());
    return error ? error->message : "";
}

static wio_json *parsed(const char *text) {
    wio_json *json = NULL;
    CHECK_EQ(wio_json_parse(text, strlen(text), &json), 0);
    return json;
}

TEST(values_by_path) {
    wio_json *json =
        parsed("{\"user\": {\"name\": \"Gr\\u00fcn \\ud83d\\ude00\", \"age\": 41}, \"ok\": true, \"no\": false,"
               " \"none\": null, \"list\": [1, 2.5, [3, {\"deep\": -7}]], \"\": 1e3}");
    CHECK_STR(wio_json_string(json, "user.name"), "Gr\xc3\xbcn \xf0\x9f\x98\x80");
    CHECK_EQ(wio_json_int(json, "user.age"), 41);
    CHECK_NEAR(wio_json_real(json, "user.age"), 41, 0);
    CHECK(wio_json_bool(json, "ok"));
    CHECK(!wio_json_bool(json, "no"));
    CHECK_EQ(wio_json_int(json, "list[0]"), 1);
    CHECK_NEAR(wio_json_real(json, "list[1]"), 2.5, 0);
    CHECK_EQ(wio_json_int(json, "list[2][1].deep"), -7);
    CHECK_EQ(wio_json_int(wio_json_get(json, "list[2]"), "[0]"), 3);
    CHECK(wio_json_get(json, NULL) == json);
    CHECK(wio_json_get(json, "") == json);
    CHECK_EQ(wio_json_type_of(json, "none"), WIO_JSON_NULL);
    CHECK_EQ(wio_json_type_of(json, "nothing"), WIO_JSON_NONE);
    CHECK_EQ(wio_json_type_of(json, "list[1]"), WIO_JSON_REAL);
    CHECK_EQ(wio_json_type_of(json, "list[0]"), WIO_JSON_INT);
    CHECK_EQ(wio_json_type_of(json, "list"), WIO_JSON_ARRAY);
    CHECK_EQ(wio_json_type_of(json, "user"), WIO_JSON_OBJECT);
    CHECK_EQ(wio_json_type_of(json, "ok"), WIO_JSON_BOOL);
    CHECK_EQ(wio_json_type_of(json, "user.name"), WIO_JSON_STRING);
    CHECK_EQ(wio_json_size(json, "list"), 3);
    CHECK_EQ(wio_json_size(json, NULL), 6);
    CHECK_EQ(wio_json_size(json, "user.name"), 10);
    CHECK_EQ(wio_json_size(json, "ok"), 0);
    wio_json_free(json);
}

TEST(what_is_not_there_or_of_another_type) {
    wio_json *json = parsed("{\"a\": \"text\", \"b\": [1]}");
    static const char *const paths[] = {"x", "a.b", "b[1]", "b[-1]", "b[", "b[x]", "b[0", "[0]", "b.0", "a[0]"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) CHECK(!wio_json_get(json, paths[i]));
    CHECK_EQ(wio_json_int(json, "a"), 0);
    CHECK(!wio_json_string(json, "b"));
    CHECK(!wio_json_bool(json, "a"));
    CHECK(!wio_json_string(NULL, "a"));
    CHECK_EQ(wio_json_int(NULL, NULL), 0);
    CHECK_EQ(wio_json_size(NULL, NULL), 0);
    CHECK(!wio_json_at(json, 0));
    CHECK(!wio_json_at(wio_json_get(json, "b"), 1));
    CHECK_EQ(wio_json_int(wio_json_at(wio_json_get(json, "b"), 0), NULL), 1);
    wio_json_free(json);
    wio_json_free(NULL);
}

TEST(integers_are_exact) {
    wio_json *json = parsed("[9007199254740993, -9223372036854775808, 9223372036854775807]");
    CHECK(wio_json_int(json, "[0]") == 9007199254740993);
    CHECK(wio_json_int(json, "[1]") == INT64_MIN);
    CHECK(wio_json_int(json, "[2]") == INT64_MAX);
    char *text = wio_json_text(json, 0);
    CHECK_STR(text, "[9007199254740993,-9223372036854775808,9223372036854775807]");
    free(text);
    wio_json_free(json);
}

TEST(entries_in_their_order) {
    wio_json *json = parsed("{\"z\": 1, \"a\": 2, \"m\": 3, \"z\": 4}"), *value;
    char names[8] = "";
    int64_t sum = 0;
    for (const char *name = NULL; (value = wio_json_next(json, &name));) {
        strcat(names, name);
        sum += wio_json_int(value, NULL);
    }
    CHECK_STR(names, "zam");
    CHECK_EQ(sum, 9);
    const char *name = NULL;
    CHECK(!wio_json_next(NULL, &name));
    CHECK(!wio_json_next(wio_json_get(json, "a"), &name));
    wio_json_free(json);
}

TEST(any_value_is_a_text) {
    static const char *const texts[] = {"null", "true", "-0.5", "\"x\"", "[]", "{}", " [1 , 2] "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        wio_json *json = parsed(texts[i]);
        CHECK(json);
        wio_json_free(json);
    }
}

static void refused(const char *text, size_t size, const char *where) {
    wio_json *json = (wio_json *)-1;
    CHECK_EQ(wio_json_parse(text, size, &json), -EBADMSG);
    CHECK(!json);
    CHECK_HAS(words(), "not JSON: ");
    CHECK_HAS(words(), where);
}

TEST(what_is_refused_and_where) {
    static const struct {
        const char *text, *where;
    } cases[] = {{"", "line 1, column 0, byte 0"},
                 {"{\"a\": 1,}", "line 1, column 9, byte 9"},
                 {"[1, 2\n, x]", "line 2, column 3, byte 9"},
                 {"[1 2]", "byte 4"},
                 {"{'a': 1}", "byte 2"},
                 {"[1] 2", "byte 5"},
                 {"\"\\x\"", "invalid escape"},
                 {"\"tab\there\"", "control character"},
                 {"\"\\ud800\"", "invalid Unicode"},
                 {"\"\xff\"", "byte 0xff"},
                 {"01", "byte 1"},
                 {"NaN", "byte 3"},
                 {"1e999", "overflow"},
                 {"9223372036854775808", "too big"},
                 {"[", "byte 1"},
                 {"\"abc", "premature end"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(cases[i].text, strlen(cases[i].text), cases[i].where);
    refused("\"a\\u0000b\"", 10, "\\u0000");
    refused("1\0002", 3, "byte");
    CHECK_EQ(wio_json_parse(NULL, 0, NULL), -EINVAL);
    CHECK_STR(wio_error_name(-EBADMSG), "EBADMSG");
}

/* Deep enough for anything, and not so deep that it could overflow the stack of a task. */
static int parses_nested(void *arg) {
    size_t depth = *(size_t *)arg;
    char *text = (char *)malloc(2 * depth);
    wio_json *json = NULL;
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    int rc = wio_json_parse(text, 2 * depth, &json);
    char *again = wio_json_text(json, 0);
    CHECK(!again || memcmp(again, text, 2 * depth) == 0);
    if (json && !again) rc = 1;
    free(again);
    free(text);
    wio_json_free(json);
    return rc;
}

TEST(nesting_has_a_limit) {
    size_t few = 20, fits = 200, deeper = 201, bomb = 1000000;
    wio_task_options small = {NULL, 8 * 1024, false};
    CHECK_EQ(wio_await(wio_create_task_with(parses_nested, &few, &small)), 0);
    wio_await(wio_create_task_with(parses_nested, &fits, &small)); /* 0, 1 or -EBADMSG, and no crash */
    CHECK_EQ(wio_await(wio_create_task_with(parses_nested, &bomb, &small)), -EBADMSG);
    CHECK_HAS(words(), "depth");
    CHECK_EQ(wio_await(wio_create_task(parses_nested, &fits)), 0);
    CHECK_EQ(wio_await(wio_create_task(parses_nested, &deeper)), -EBADMSG);
}

TEST(values_are_put_together) {
    wio_json *json = wio_json_new_object(), *list = wio_json_new_array();
    CHECK_EQ(wio_json_put(list, NULL, wio_json_new_bool(true)), 0);
    CHECK_EQ(wio_json_put(list, NULL, wio_json_new_null()), 0);
    CHECK_EQ(wio_json_put(list, NULL, wio_json_new_real(0.1)), 0);
    CHECK_EQ(wio_json_put(list, NULL, wio_json_new_real(3)), 0);
    CHECK_EQ(wio_json_put(json, "text", wio_json_new_string("a \"b\" \n\x01")), 0);
    CHECK_EQ(wio_json_put(json, "n", wio_json_new_int(1)), 0);
    CHECK_EQ(wio_json_put(json, "n", wio_json_new_int(2)), 0);
    CHECK_EQ(wio_json_put(json, "list", list), 0);
    char *text = wio_json_text(json, 0), *lines = wio_json_text(list, 2);
    CHECK_STR(text, "{\"text\":\"a \\\"b\\\" \\n\\u0001\",\"n\":2,\"list\":[true,null,0.10000000000000001,3.0]}");
    CHECK_STR(lines, "[\n  true,\n  null,\n  0.10000000000000001,\n  3.0\n]");
    CHECK(!wio_json_text(NULL, 0));
    free(text);
    free(lines);
    wio_json_free(json);
}

TEST(what_cannot_be_put_together) {
    wio_json *json = wio_json_new_object(), *list = wio_json_new_array();
    CHECK(!wio_json_new_real(NAN));
    CHECK(!wio_json_new_real(INFINITY));
    CHECK(!wio_json_new_string("\xff"));
    CHECK(!wio_json_new_string(NULL));
    CHECK_EQ(wio_json_put(json, "a", NULL), -ENOMEM);
    CHECK_EQ(wio_json_put(json, NULL, wio_json_new_int(1)), -EINVAL);
    CHECK_EQ(wio_json_put(list, "a", wio_json_new_int(1)), -EINVAL);
    CHECK_EQ(wio_json_put(NULL, "a", wio_json_new_int(1)), -EINVAL);
    wio_json_free(json);
    wio_json_free(list);
}
