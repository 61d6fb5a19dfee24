/* failing_disk.c: a disk that fails, or that is watched, for a program started with LD_PRELOAD on this library.
 *
 * SUNBENCH_DISK_FOLDER  what happens below this folder counts; an absolute path.
 * SUNBENCH_DISK_LOG     every change there is appended to this file, in the order in which it was made; tests/src/disk.rs
 *                       reads it.
 * SUNBENCH_DISK_FAULT   "N KIND": at the Nth change there
 *     full   no space, and none from then on       once   no space, this once
 *     io     an I/O error, and from then on        blip   an I/O error, this once
 *     short  half of a write arrives, and says so  torn   half of a write arrives, and the program is killed
 *     kill   the program is killed before the change
 *
 * Changes are: making, emptying, writing, cutting, flushing, renaming and removing files, and making folders. Shared memory
 * beside the database is a file too. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum op { START = 1, OPEN, WRITE, CUT, FLUSH, RENAME, REMOVE, FOLDER, REMOVE_FOLDER };
enum { HANDLES = 4096 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static int log_file = -1;
static long fault_at = -1;
static char fault[16];
static long changes;
static int failing; /* the errno of every change from now on */
/* Which open of a watched path a descriptor is; 0 when it is none. */
static uint32_t handles[HANDLES];
static uint32_t last_handle;

static void append(enum op op, uint32_t handle, uint64_t at, const void *one, size_t one_length, const void *two,
                   size_t two_length) {
    if (log_file < 0) return;
    struct __attribute__((packed)) {
        uint8_t op;
        uint32_t handle;
        uint64_t at;
        uint32_t one, two;
    } head = {(uint8_t)op, handle, at, (uint32_t)one_length, (uint32_t)two_length};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)one, one_length}, {(void *)two, two_length}};
    /* Past our own functions. */
    if (syscall(SYS_writev, log_file, parts, 3) < 0) abort();
}

__attribute__((constructor)) static void begin(void) {
    folder = getenv("SUNBENCH_DISK_FOLDER");
    if (!folder) return;
    folder_length = strlen(folder);
    const char *path = getenv("SUNBENCH_DISK_LOG");
    if (path) log_file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const char *at = getenv("SUNBENCH_DISK_FAULT");
    if (at && sscanf(at, "%ld %15s", &fault_at, fault) != 2) abort();
    append(START, 0, 0, "", 0, "", 0);
}

static int is_watched(const char *path) {
    return folder && !strncmp(path, folder, folder_length) && path[folder_length] == '/';
}

static uint32_t handle_of(int fd) { return folder && fd >= 0 && fd < HANDLES ? handles[fd] : 0; }

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Counts a change. Returns how many of `length` bytes may be written, or -1 with errno. Under the lock. */
static ssize_t admit(size_t length, int needs_space) {
    changes++;
    if (failing && (failing != ENOSPC || needs_space)) {
        errno = failing;
        return -1;
    }
    if (changes < fault_at || fault_at < 0) return (ssize_t)length;
    if (changes > fault_at && strcmp(fault, "full")) return (ssize_t)length;
    if (!strcmp(fault, "kill")) die();
    if (!strcmp(fault, "full") || !strcmp(fault, "once")) {
        if (!needs_space) return (ssize_t)length; /* "full" waits for the next that needs space */
        if (!strcmp(fault, "full")) failing = ENOSPC;
        errno = ENOSPC;
        return -1;
    }
    if (!strcmp(fault, "io") || !strcmp(fault, "blip")) {
        if (!strcmp(fault, "io")) failing = EIO;
        errno = EIO;
        return -1;
    }
    return (ssize_t)(length / 2); /* short, torn */
}

static int really_open(const char *path, int flags, mode_t mode) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static int do_open(const char *path, int flags, mode_t mode) {
    if (!is_watched(path)) {
        int fd = really_open(path, flags, mode);
        if (fd >= 0 && fd < HANDLES) handles[fd] = 0;
        return fd;
    }
    pthread_mutex_lock(&turn);
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    int fd = writes && admit(0, (flags & O_CREAT) && access(path, F_OK)) < 0 ? -1 : really_open(path, flags, mode);
    if (fd >= 0 && fd < HANDLES) {
        handles[fd] = ++last_handle;
        append(OPEN, last_handle, (flags & O_TRUNC ? 1 : 0), path, strlen(path), "", 0);
    }
    pthread_mutex_unlock(&turn);
    return fd;
}

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return do_open(path, flags, mode); \
    }
OPENING(open)
OPENING(open64)

int close(int fd) {
    if (handle_of(fd)) {
        pthread_mutex_lock(&turn);
        handles[fd] = 0;
        pthread_mutex_unlock(&turn);
    }
    return (int)syscall(SYS_close, fd);
}

/* `at` below 0: where the descriptor stands. */
static ssize_t do_write(int fd, const void *bytes, size_t length, off64_t at) {
    pthread_mutex_lock(&turn);
    ssize_t done = admit(length, 1);
    if (done > 0 || (done == 0 && length == 0)) {
        off64_t place = at >= 0 ? at : lseek64(fd, 0, SEEK_CUR);
        done = at >= 0 ? syscall(SYS_pwrite64, fd, bytes, (size_t)done, at) : syscall(SYS_write, fd, bytes, (size_t)done);
        if (done > 0) append(WRITE, handles[fd], (uint64_t)place, bytes, (size_t)done, "", 0);
    }
    if (changes == fault_at && !strcmp(fault, "torn")) die();
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    if (handle_of(fd)) return do_write(fd, bytes, length, -1);
    return syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    if (handle_of(fd)) return do_write(fd, bytes, length, at);
    return syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (handle_of(fd) && count > 0) return do_write(fd, parts[0].iov_base, parts[0].iov_len, -1);
    return syscall(SYS_writev, fd, parts, count);
}

int ftruncate64(int fd, off64_t length) {
    if (!handle_of(fd)) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&turn);
    int result = admit(0, 0) < 0 ? -1 : (int)syscall(SYS_ftruncate, fd, length);
    if (!result) append(CUT, handles[fd], (uint64_t)length, "", 0, "", 0);
    pthread_mutex_unlock(&turn);
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

/* The disk is not flushed in earnest: what would be lost is worked out from the log. */
static int do_flush(int fd) {
    pthread_mutex_lock(&turn);
    /* A full disk may be found out only here. */
    int result = admit(0, 1) < 0 ? -1 : 0;
    if (!result) append(FLUSH, handles[fd], 0, "", 0, "", 0);
    pthread_mutex_unlock(&turn);
    return result;
}

int fsync(int fd) { return handle_of(fd) ? do_flush(fd) : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return handle_of(fd) ? do_flush(fd) : (int)syscall(SYS_fdatasync, fd); }

int rename(const char *from, const char *to) {
    int watched = is_watched(from) || is_watched(to);
    if (!watched) return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    pthread_mutex_lock(&turn);
    int result = admit(0, 0) < 0 ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (!result) append(RENAME, 0, 0, from, strlen(from), to, strlen(to));
    pthread_mutex_unlock(&turn);
    return result;
}

static int name_change(enum op op, int needs_space, const char *path, long call, long flags) {
    if (!is_watched(path)) return (int)syscall(call, AT_FDCWD, path, flags);
    pthread_mutex_lock(&turn);
    int result = admit(0, needs_space) < 0 ? -1 : (int)syscall(call, AT_FDCWD, path, flags);
    if (!result) append(op, 0, 0, path, strlen(path), "", 0);
    pthread_mutex_unlock(&turn);
    return result;
}

int unlink(const char *path) { return name_change(REMOVE, 0, path, SYS_unlinkat, 0); }
int rmdir(const char *path) { return name_change(REMOVE_FOLDER, 0, path, SYS_unlinkat, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) { return name_change(FOLDER, 1, path, SYS_mkdirat, mode); }
