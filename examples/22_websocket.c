/* A WebSocket: one task sends, another receives, and the answers come while questions are still going out. */
#include <stdio.h>
#include <string.h>
#include <wasyncio.h>

static const char *server = "http://127.0.0.1:8000";

static int ask(void *websocket) {
    const char *words[] = {"apple", "pear", "plum"};
    for (int i = 0; i < 3; i++) {
        int rc = wio_websocket_send_text(websocket, words[i]); /* waits while the server is slow */
        if (rc < 0) return rc;
    }
    const unsigned char bytes[] = {1, 2, 3, 4};
    return wio_websocket_send(websocket, bytes, sizeof bytes);
}

static int listen(void *websocket) {
    wio_message message;
    int rc = 0;
    for (int i = 0; i < 4 && (rc = wio_websocket_receive(websocket, &message)) > 0; i++) {
        if (message.text) printf("text: %s\n", message.data);
        else printf("bytes: %zu\n", message.size);
    }
    return rc;
}

static int run(void *arg) {
    (void)arg;
    char url[200];
    snprintf(url, sizeof url, "ws%s/ws-echo", server + strlen("http"));

    wio_websocket *websocket;
    int rc = wio_websocket_connect(url, NULL, &websocket);
    if (rc < 0) return rc;
    rc = WIO_GATHER({ask, websocket}, {listen, websocket});
    int code = wio_websocket_close_with(websocket, 1000, "thank you");
    printf("closed with %d\n", code);
    return rc;
}

int main(int argc, char **argv) {
    if (argc > 1) server = argv[1];
    int rc = wio_run(run, NULL);
    if (rc < 0) fprintf(stderr, "%s: %s\n", wio_error_name(rc), wio_task_error(NULL)->message);
    return rc < 0;
}
