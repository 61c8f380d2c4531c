/* Ordinary C with a coroutine for its main: 9,000 lines of Debian's libstb-dev and libjsmn-dev, used as one uses them. None of
 * it knows of coroutines; what comes out is one checksum a stage, between sleeps. bench/growth.js builds it with and without
 * Asyncify. With -DBLOCKING there is no coroutine in it: both print the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#define JSMN_STATIC
#include <jsmn.h>
#define STB_C_LEXER_IMPLEMENTATION
#include <stb/stb_c_lexer.h>
#define STB_DS_IMPLEMENTATION
#include <stb/stb_ds.h>
#define STB_DXT_IMPLEMENTATION
#include <stb/stb_dxt.h>
#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#include <stb/stb_image.h>
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>
#define STB_PERLIN_IMPLEMENTATION
#include <stb/stb_perlin.h>
#define STB_RECT_PACK_IMPLEMENTATION
#include <stb/stb_rect_pack.h>
#define STB_SPRINTF_IMPLEMENTATION
#include <stb/stb_sprintf.h>
#pragma clang diagnostic pop

#ifdef BLOCKING
static int pause_between(void) { return 0; }
#else
#include "wasyncio.h"
static int pause_between(void) { return wio_sleep(0.001); }
#endif

enum { WIDTH = 96, HEIGHT = 64 };

static uint32_t checksum(const void *data, size_t size) {
    uint32_t sum = 2166136261u;
    for (const unsigned char *at = data; size; at++, size--) sum = (sum ^ *at) * 16777619u;
    return sum;
}

static int report(const char *stage, const void *data, size_t size) {
    printf("%-8s %7zu bytes %08x\n", stage, size, (unsigned)checksum(data, size));
    return pause_between();
}

/* A stretchy file. */
static void collect(void *context, void *data, int size) {
    unsigned char **file = context;
    memcpy(arraddnptr(*file, size), data, (size_t)size);
}

static unsigned char *paint(void) {
    unsigned char *pixels = malloc(WIDTH * HEIGHT * 4);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            for (int channel = 0; channel < 4; channel++) {
                float noise = stb_perlin_fbm_noise3((float)x / 16, (float)y / 16, (float)channel, 2, 0.5f, 4);
                pixels[(y * WIDTH + x) * 4 + channel] = (unsigned char)(128 + 100 * noise);
            }
    return pixels;
}

static int images(void) {
    static const char *const kinds[] = {"png", "bmp", "tga", "jpeg"};
    unsigned char *pixels = paint();
    int status = report("perlin", pixels, WIDTH * HEIGHT * 4);
    for (int kind = 0; kind < 4 && status == 0; kind++) {
        unsigned char *file = NULL;
        if (kind == 0) stbi_write_png_to_func(collect, &file, WIDTH, HEIGHT, 4, pixels, WIDTH * 4);
        else if (kind == 1) stbi_write_bmp_to_func(collect, &file, WIDTH, HEIGHT, 4, pixels);
        else if (kind == 2) stbi_write_tga_to_func(collect, &file, WIDTH, HEIGHT, 4, pixels);
        else stbi_write_jpg_to_func(collect, &file, WIDTH, HEIGHT, 4, pixels, 90);
        status = report(kinds[kind], file, arrlenu(file));
        int width, height, channels;
        unsigned char *back = stbi_load_from_memory(file, (int)arrlen(file), &width, &height, &channels, 4);
        arrfree(file);
        if (!back || width != WIDTH || height != HEIGHT) return -1;
        if (status == 0) status = report(" decoded", back, WIDTH * HEIGHT * 4);
        stbi_image_free(back);
    }
    unsigned char small[32 * 32 * 4], block[16];
    stbir_resize_uint8(pixels, WIDTH, HEIGHT, 0, small, 32, 32, 0, 4);
    if (status == 0) status = report("resize", small, sizeof small);
    stb_compress_dxt_block(block, small, 1, STB_DXT_HIGHQUAL);
    free(pixels);
    return status ? status : report("dxt", block, sizeof block);
}

static const char document[] = "{\"name\": \"wasyncio\", \"sizes\": [1, 2.5, -3e4], \"nested\": {\"deep\": [true, false, null]}}";

static int texts(void) {
    jsmn_parser parser;
    jsmntok_t tokens[64];
    jsmn_init(&parser);
    int count = jsmn_parse(&parser, document, strlen(document), tokens, 64);
    if (count < 0) return count;
    int status = report("jsmn", tokens, (size_t)count * sizeof *tokens);

    char store[256], line[128];
    struct {
        char *key;
        int value;
    } *words = NULL;
    sh_new_arena(words);
    stb_lexer lexer;
    stb_c_lexer_init(&lexer, document, document + strlen(document), store, sizeof store);
    while (stb_c_lexer_get_token(&lexer))
        if (lexer.token == CLEX_dqstring || lexer.token == CLEX_id) shput(words, lexer.string, (int)(lexer.parse_point - document));
    char *all = NULL;
    for (int i = 0; i < shlen(words); i++) {
        int size = stbsp_snprintf(line, sizeof line, "%s at %d, %5.2f%%\n", words[i].key, words[i].value, 100.0 * words[i].value / (double)sizeof document);
        memcpy(arraddnptr(all, size), line, (size_t)size);
    }
    if (status == 0) status = report("lexer", all, arrlenu(all));
    arrfree(all);
    shfree(words);
    return status;
}

static int packing(void) {
    enum { RECTS = 60 };
    stbrp_context context;
    stbrp_node nodes[256];
    stbrp_rect rects[RECTS] = {0};
    for (int i = 0; i < RECTS; i++) rects[i] = (stbrp_rect){.id = i, .w = 3 + i * 7 % 29, .h = 3 + i * 5 % 23};
    stbrp_init_target(&context, 256, 256, nodes, 256);
    stbrp_pack_rects(&context, rects, RECTS);
    return report("rects", rects, sizeof rects);
}

static int work(void *unused) {
    (void)unused;
    int status = images();
    if (status == 0) status = texts();
    return status ? status : packing();
}

#ifdef BLOCKING
int main(void) { return work(NULL) != 0; }
#else
int main(void) { return wio_run(work, NULL) != 0; }
#endif
