// files: /data
// files: /data/deep/inside
// files: /
// libc's file calls: in memory here, and in a directory of this machine in tests/js/files.test.js.
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    REQUIRE(file);
    CHECK_EQ(fwrite(text, 1, strlen(text), file), strlen(text));
    CHECK_EQ(fclose(file), 0);
}

static const char *get(const char *path) {
    static char text[4][200];
    static unsigned next;
    char *to = text[next++ % 4];
    FILE *file = fopen(path, "r");
    if (!file) return strerror(errno);
    to[fread(to, 1, sizeof text[0] - 1, file)] = '\0';
    fclose(file);
    return to;
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }

TEST_OUTSIDE(what_was_written_can_be_read) {
    put("/data/a.txt", "hello\nworld\n");
    CHECK_STR(get("/data/a.txt"), "hello\nworld\n");
    FILE *file = fopen("/data/a.txt", "r");
    REQUIRE(file);
    char line[20];
    CHECK_STR(fgets(line, sizeof line, file), "hello\n");
    CHECK_EQ(ftell(file), 6);
    CHECK_EQ(fseek(file, -3, SEEK_END), 0);
    CHECK_STR(fgets(line, sizeof line, file), "ld\n");
    CHECK(!fgets(line, sizeof line, file));
    CHECK(feof(file));
    rewind(file);
    CHECK_EQ(fgetc(file), 'h');
    fclose(file);
    unlink("/data/a.txt");
}

TEST_OUTSIDE(modes_of_fopen) {
    put("/data/m", "one");
    FILE *file = fopen("/data/m", "a");
    REQUIRE(file);
    fputs("two", file);
    fclose(file);
    CHECK_STR(get("/data/m"), "onetwo");
    file = fopen("/data/m", "r+");
    REQUIRE(file);
    fputs("ONE", file);
    fclose(file);
    CHECK_STR(get("/data/m"), "ONEtwo");
    file = fopen("/data/m", "w+");
    REQUIRE(file);
    fputs("new", file);
    rewind(file);
    CHECK_EQ(fgetc(file), 'n');
    fclose(file);
    CHECK(!fopen("/data/m", "wx"));
    CHECK_EQ(errno, EEXIST);
    file = fopen("/data/m", "r");
    REQUIRE(file);
    CHECK_EQ(fputs("no", file), EOF);
    fclose(file);
    unlink("/data/m");
}

TEST_OUTSIDE(appending_writes_at_the_end_wherever_that_is) {
    int a = open("/data/log", O_WRONLY | O_CREAT | O_APPEND, 0644), b = open("/data/log", O_WRONLY | O_APPEND);
    REQUIRE(a >= 0 && b >= 0);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(write(a, "a", 1), 1);
        CHECK_EQ(write(b, "b", 1), 1);
    }
    close(a);
    close(b);
    CHECK_STR(get("/data/log"), "ababab");
    unlink("/data/log");
}

TEST_OUTSIDE(errors_have_their_names) {
    CHECK(!fopen("/data/none", "r"));
    CHECK_EQ(errno, ENOENT);
    CHECK(!fopen("/data/none/deeper", "w"));
    CHECK_EQ(errno, ENOENT);
    CHECK(!fopen("", "r"));
    CHECK_EQ(errno, ENOENT);
    CHECK(!fopen("/data", "w"));
    CHECK_EQ(errno, EISDIR);
    put("/data/f", "x");
    CHECK(!fopen("/data/f/below", "r"));
    CHECK_EQ(errno, ENOTDIR);
    CHECK_EQ(open("/data/f", O_RDONLY | O_DIRECTORY), -1);
    CHECK_EQ(errno, ENOTDIR);
    CHECK_EQ(mkdir("/data/f", 0755), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(mkdir("/data", 0755), -1);
    CHECK_EQ(errno, EEXIST);
    CHECK_EQ(rmdir("/data/f"), -1);
    CHECK_EQ(errno, ENOTDIR);
    CHECK_EQ(unlink("/data/none"), -1);
    CHECK_EQ(errno, ENOENT);
    unlink("/data/f");
}

TEST_OUTSIDE(directories) {
    CHECK_EQ(mkdir("/data/d", 0755), 0);
    CHECK_EQ(mkdir("/data/d/sub", 0755), 0);
    put("/data/d/one", "1");
    put("/data/d/two", "22");
    char names[100] = "";
    DIR *dir = opendir("/data/d");
    REQUIRE(dir);
    int seen = 0;
    for (struct dirent *each; (each = readdir(dir));) {
        seen++;
        if (each->d_name[0] == '.') continue;
        CHECK_EQ(each->d_type, strcmp(each->d_name, "sub") == 0 ? DT_DIR : DT_REG);
        strcat(names, each->d_name);
    }
    CHECK_EQ(seen, 5);
    CHECK(strstr(names, "one") && strstr(names, "two") && strstr(names, "sub"));
    rewinddir(dir);
    for (seen = 0; readdir(dir);) seen++;
    CHECK_EQ(seen, 5);
    closedir(dir);
    CHECK(!opendir("/data/d/one"));
    CHECK_EQ(errno, ENOTDIR);
    CHECK_EQ(rmdir("/data/d"), -1);
    CHECK_EQ(errno, ENOTEMPTY);
    CHECK_EQ(unlink("/data/d/sub"), -1);
    unlink("/data/d/one");
    remove("/data/d/two");
    CHECK_EQ(remove("/data/d/sub"), 0);
    CHECK_EQ(rmdir("/data/d"), 0);
    CHECK(!exists("/data/d"));
}

TEST_OUTSIDE(a_directory_of_many) {
    CHECK_EQ(mkdir("/data/many", 0755), 0);
    char path[200];
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "/data/many/file with a long name, so that few fit into a buffer: %d", i);
        put(path, "");
    }
    static bool found[300];
    int files = 0;
    DIR *dir = opendir("/data/many");
    REQUIRE(dir);
    for (struct dirent *each; (each = readdir(dir));) {
        int number;
        if (sscanf(each->d_name, "file with a long name, so that few fit into a buffer: %d", &number) != 1) continue;
        CHECK(!found[number]);
        found[number] = true;
        files++;
    }
    closedir(dir);
    CHECK_EQ(files, 300);
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "/data/many/file with a long name, so that few fit into a buffer: %d", i);
        CHECK_EQ(unlink(path), 0);
    }
    CHECK_EQ(rmdir("/data/many"), 0);
}

TEST_OUTSIDE(stat_tells_size_kind_and_time) {
    put("/data/s", "12345");
    struct stat stats;
    CHECK_EQ(stat("/data/s", &stats), 0);
    CHECK_EQ(stats.st_size, 5);
    CHECK(S_ISREG(stats.st_mode));
    CHECK(stats.st_mtime > 1600000000);
    CHECK_EQ(stat("/data", &stats), 0);
    CHECK(S_ISDIR(stats.st_mode));
    CHECK_EQ(stat("/data/", &stats), 0);
    CHECK_EQ(stat("/data/s/", &stats), -1);
    CHECK_EQ(errno, ENOTDIR);
    int fd = open("/data/s", O_RDWR);
    CHECK_EQ(fstat(fd, &stats), 0);
    CHECK_EQ(stats.st_size, 5);
    CHECK_EQ(ftruncate(fd, 2), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 2);
    CHECK_EQ(ftruncate(fd, 4), 0);
    CHECK_EQ(pwrite(fd, "z", 1, 3), 1);
    char bytes[10] = "";
    CHECK_EQ(pread(fd, bytes, 10, 0), 4);
    CHECK(memcmp(bytes, "12\0z", 4) == 0);
    close(fd);
    CHECK_EQ(truncate("/data/s", 1), 0);
    CHECK_STR(get("/data/s"), "1");
    unlink("/data/s");
}

TEST_OUTSIDE(rename_moves_and_replaces) {
    put("/data/old", "moved");
    put("/data/new", "replaced");
    CHECK_EQ(rename("/data/old", "/data/new"), 0);
    CHECK(!exists("/data/old"));
    CHECK_STR(get("/data/new"), "moved");
    CHECK_EQ(mkdir("/data/dir", 0755), 0);
    CHECK_EQ(rename("/data/new", "/data/dir/file"), 0);
    CHECK_EQ(rename("/data/dir", "/data/dir2"), 0);
    CHECK_STR(get("/data/dir2/file"), "moved");
    CHECK_EQ(rename("/data/none", "/data/x"), -1);
    CHECK_EQ(errno, ENOENT);
    unlink("/data/dir2/file");
    rmdir("/data/dir2");
}

TEST_OUTSIDE(paths_are_relative_to_the_current_directory) {
    char path[100];
    CHECK_STR(getcwd(path, sizeof path), "/");
    put("data/r", "relative");
    CHECK_STR(get("/data/r"), "relative");
    CHECK_STR(get("./data/.././data//r"), "relative");
    CHECK_EQ(chdir("/data"), 0);
    CHECK_STR(getcwd(path, sizeof path), "/data");
    CHECK_STR(get("r"), "relative");
    CHECK_EQ(chdir("r"), -1);
    CHECK_EQ(errno, ENOTDIR);
    CHECK_EQ(chdir("none"), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(chdir(".."), 0);
    CHECK_STR(getcwd(path, sizeof path), "/");
    unlink("/data/r");
}

TEST_OUTSIDE(calls_relative_to_a_directory) {
    mkdir("/data/at", 0755);
    int dir = open("/data/at", O_RDONLY | O_DIRECTORY);
    REQUIRE(dir >= 0);
    int fd = openat(dir, "file", O_WRONLY | O_CREAT, 0644);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, "x", 1), 1);
    close(fd);
    struct stat stats;
    CHECK_EQ(fstatat(dir, "file", &stats, 0), 0);
    CHECK_EQ(stats.st_size, 1);
    CHECK_EQ(unlinkat(dir, "file", 0), 0);
    close(dir);
    rmdir("/data/at");
}

TEST_OUTSIDE(the_longest_name_of_a_granted_directory_wins) {
    put("/data/deep/inside/file", "in the inner one");
    CHECK_STR(get("/data/deep/inside/file"), "in the inner one");
    CHECK(!exists("/data/deep")); /* only granted names, no directories around them */
    unlink("/data/deep/inside/file");
}

TEST_OUTSIDE(descriptors_are_reused) {
    put("/data/fd", "x");
    int first = open("/data/fd", O_RDONLY);
    close(first);
    for (int i = 0; i < 1000; i++) {
        int fd = open("/data/fd", O_RDONLY);
        if (fd != first) CHECK_EQ(fd, first);
        close(fd);
    }
    CHECK_EQ(close(first), -1);
    CHECK_EQ(errno, EBADF);
    unlink("/data/fd");
}

TEST_OUTSIDE(a_large_file_in_small_writes) {
    enum { SIZE = 4 << 20 };
    FILE *file = fopen("/data/large", "w+");
    REQUIRE(file);
    for (uint32_t i = 0; i < SIZE / sizeof i; i++) fwrite(&i, sizeof i, 1, file);
    rewind(file);
    uint32_t sum = 0, value;
    for (uint32_t i = 0; fread(&value, sizeof value, 1, file) == 1; i++) sum += value == i;
    CHECK_EQ(sum, SIZE / sizeof value);
    fclose(file);
    unlink("/data/large");
}

TEST_OUTSIDE(temporary_files) {
    CHECK_EQ(mkdir("/tmp", 0777), 0);
    char name[] = "/tmp/XXXXXX";
    int fd = mkstemp(name);
    CHECK(fd >= 0);
    close(fd);
    CHECK(exists(name));
    unlink(name);
    rmdir("/tmp");
}

/* Tasks may use files; the calls do not suspend. */
TEST(in_a_task) {
    put("/data/task", "from a task");
    CHECK_STR(get("/data/task"), "from a task");
    unlink("/data/task");
}
