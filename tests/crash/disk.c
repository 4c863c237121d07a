/* A disk of a program's own, loaded with LD_PRELOAD, for the folder CRASH_DISK:
 *
 *   what it syncs is copied into CRASH_SHADOW, so that a power cut can be told from a mere kill: afterwards only the
 *   copies count. `f-INODE` is what a file held when it was last synced, `d-INODE` which names a folder held then, a line
 *   each: kind, inode, name;
 *   while CRASH_SHADOW/lies exists, it says "synced" and keeps nothing: the disk that loses;
 *   while CRASH_SHADOW/full exists, every write into the folder ends with "no space left";
 *   CRASH_SHADOW/clock holds the seconds by which the time of day is off.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static char disk[PATH_MAX], shadow[PATH_MAX];
static pthread_mutex_t keeping = PTHREAD_MUTEX_INITIALIZER;
static int (*real_clock)(clockid_t, struct timespec *);
static ssize_t (*real_write)(int, const void *, size_t), (*real_pwrite)(int, const void *, size_t, off_t),
    (*real_writev)(int, const struct iovec *, int);

__attribute__((constructor)) static void start(void) {
    const char *of = getenv("CRASH_DISK"), *in = getenv("CRASH_SHADOW");
    real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_writev = dlsym(RTLD_NEXT, "writev");
    if (of && in && realpath(of, disk)) snprintf(shadow, sizeof shadow, "%s", in);
}

static int told(const char *name) {
    char path[PATH_MAX + 16];
    if (!*shadow) return 0;
    snprintf(path, sizeof path, "%s/%s", shadow, name);
    return access(path, F_OK) == 0;
}

/* Whether a descriptor is of a file or a folder on the disk. */
static int ours(int fd, struct stat *found) {
    char link[64], path[PATH_MAX];
    if (!*shadow || fstat(fd, found) || !(S_ISREG(found->st_mode) || S_ISDIR(found->st_mode))) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, disk, strlen(disk)) == 0;
}

static int copy_file(int fd, int to) {
    char link[64], bytes[1 << 16];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int from = open(link, O_RDONLY | O_CLOEXEC);
    if (from < 0) return -1;
    ssize_t count;
    while ((count = read(from, bytes, sizeof bytes)) > 0)
        if (real_write(to, bytes, (size_t)count) != count) count = -1;
    close(from);
    return count < 0 ? -1 : 0;
}

static int copy_names(int fd, int to) {
    int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = again < 0 ? NULL : fdopendir(again);
    if (!folder) return -1;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        char line[NAME_MAX + 64];
        char kind = entry->d_type == DT_DIR ? 'd' : 'f';
        int length = snprintf(line, sizeof line, "%c %lu %s\n", kind, (unsigned long)entry->d_ino, entry->d_name);
        if (real_write(to, line, (size_t)length) != length) break;
    }
    closedir(folder);
    return 0;
}

/* The copy takes the place of the one before in one step: a kill in between leaves that. */
static int keep(int fd) {
    struct stat found;
    if (!ours(fd, &found)) return 0;
    if (told("lies")) return 0;
    char unfinished[PATH_MAX + 16], finished[PATH_MAX + 48];
    snprintf(unfinished, sizeof unfinished, "%s/unfinished", shadow);
    snprintf(finished, sizeof finished, "%s/%c-%lu", shadow, S_ISDIR(found.st_mode) ? 'd' : 'f', (unsigned long)found.st_ino);
    pthread_mutex_lock(&keeping);
    int to = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int failed = to < 0 || (S_ISDIR(found.st_mode) ? copy_names(fd, to) : copy_file(fd, to));
    if (to >= 0) close(to);
    if (!failed) failed = rename(unfinished, finished);
    pthread_mutex_unlock(&keeping);
    if (failed) errno = EIO;
    return failed ? -1 : 0;
}

int fsync(int fd) { return keep(fd); }
int fdatasync(int fd) { return keep(fd); }

static int is_full(int fd) {
    struct stat found;
    if (!told("full") || !ours(fd, &found)) return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t write(int fd, const void *bytes, size_t count) { return is_full(fd) ? -1 : real_write(fd, bytes, count); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
    return is_full(fd) ? -1 : real_pwrite(fd, bytes, count, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
    return is_full(fd) ? -1 : real_writev(fd, parts, count);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = real_clock ? real_clock(clock, now) : -1;
    if (failed || clock != CLOCK_REALTIME || !told("clock")) return failed;
    char path[PATH_MAX + 16], text[32] = {0};
    snprintf(path, sizeof path, "%s/clock", shadow);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        if (read(file, text, sizeof text - 1) > 0) now->tv_sec += atol(text);
        close(file);
    }
    return 0;
}
