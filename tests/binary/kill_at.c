/* What if the power goes at just this write? A library to preload: it counts the calls by which a file below
 * a folder becomes durable or visible, and at the chosen one kills the program, before the call or after it,
 * or lets the disk be full from there on. The tests compile it: cc -shared -fPIC -o kill_at.so kill_at.c
 *
 *   KILL_AT_FOLDER  only files below it count; an -shm file never does, it is no durable thing
 *   KILL_AT_FILE    only files whose path holds this text (optional)
 *   KILL_AT_CALL    the number of the call, from 1; 0: only count
 *   KILL_AT_HOW     before, after, or full (ENOSPC for this write and all later ones)
 *   KILL_AT_COUNT   file that gets the number of calls when the program ends by itself
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

static int below(const char *path) {
    const char *folder = getenv("KILL_AT_FOLDER"), *file = getenv("KILL_AT_FILE");
    if (!folder || strncmp(path, folder, strlen(folder)) != 0) return 0;
    if (file && !strstr(path, file)) return 0;
    const size_t length = strlen(path);
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int fd_counts(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

/* Relative names are as seen from the work folder, which the tests make the current one. */
static int name_counts(const char *name) {
    char path[PATH_MAX * 2];
    if (name[0] == '/') return below(name);
    if (!getcwd(path, PATH_MAX)) return 0;
    strcat(path, "/");
    strncat(path, name, PATH_MAX - 1);
    return below(path);
}

static int how(const char *word) {
    const char *set = getenv("KILL_AT_HOW");
    return set && strcmp(set, word) == 0;
}

static long chosen(void) {
    const char *number = getenv("KILL_AT_CALL");
    return number ? atol(number) : 0;
}

static void enter(void) {
    ++calls;
    if (calls == chosen() && how("before")) kill(getpid(), SIGKILL);
}

static void leave(void) {
    if (calls == chosen() && how("after")) kill(getpid(), SIGKILL);
}

static int full(void) {
    if (chosen() == 0 || calls < chosen() || !how("full")) return 0;
    errno = ENOSPC;
    return 1;
}

/* A call that counts: `takes_room` if a full disk refuses it. */
#define COUNTED(type, name, parameters, arguments, counts, takes_room)            \
    type name parameters {                                                        \
        type(*real) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name);     \
        if (!(counts)) return real arguments;                                     \
        enter();                                                                  \
        if ((takes_room) && full()) return -1;                                    \
        const type result = real arguments;                                       \
        const int saved = errno;                                                  \
        leave();                                                                  \
        errno = saved;                                                            \
        return result;                                                            \
    }

COUNTED(ssize_t, write, (int fd, const void *bytes, size_t size), (fd, bytes, size), fd_counts(fd), 1)
COUNTED(ssize_t, pwrite, (int fd, const void *bytes, size_t size, off_t at), (fd, bytes, size, at), fd_counts(fd), 1)
COUNTED(ssize_t, pwrite64, (int fd, const void *bytes, size_t size, off64_t at), (fd, bytes, size, at), fd_counts(fd), 1)
COUNTED(int, ftruncate, (int fd, off_t size), (fd, size), fd_counts(fd), size > 0)
COUNTED(int, ftruncate64, (int fd, off64_t size), (fd, size), fd_counts(fd), size > 0)
COUNTED(int, fsync, (int fd), (fd), fd_counts(fd), 0)
COUNTED(int, fdatasync, (int fd), (fd), fd_counts(fd), 0)
COUNTED(int, rename, (const char *from, const char *to), (from, to), name_counts(to), 0)
COUNTED(int, unlink, (const char *name), (name), name_counts(name), 0)

__attribute__((destructor)) static void tell(void) {
    const char *file = getenv("KILL_AT_COUNT");
    if (!file) return;
    char text[32];
    const int length = snprintf(text, sizeof text, "%ld\n", calls);
    const int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return;
    syscall(SYS_write, fd, text, length);
    close(fd);
}
