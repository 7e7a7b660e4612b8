/* Preloaded into a service under test: a disk that forgets what was not synced, and that fails when it is told to.
 *
 * It stands between SQLite and the C library for one database file, its WAL and its journal. Every write, truncation,
 * creation and removal is written to a log with what was there before, every sync as a mark; after a SIGKILL
 * tests/crash/disk.py takes back what no sync made safe, as a loss of power would have. Real syncs are not done: the
 * page cache outlives a killed process. The shared memory file (-shm) is no data, but the lock in it that SQLite takes
 * for writing is where "busy" is told.
 *
 * MAILSVC_DISK_FILE   the database, by its resolved name
 * MAILSVC_DISK_LOG    the log, appended to
 * MAILSVC_DISK_FAULT  `struct fault`, mapped: the test writes it, and reads in it what happened
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1, CREATE, WRITE, TRUNCATE, SYNC, DIRSYNC, UNLINK };
enum { FAULT_WRITE = 1, FAULT_SYNC = 2, FAULT_TRUNCATE = 4, FAULT_LOCK = 8, FAULT_OPEN = 16, FAULT_UNLINK = 32 };
enum { NOTHING = 0, DATA, DIRECTORY, SHARED };

#define DESCRIPTORS 4096
#define WRITE_LOCK 120 /* the byte of the shared memory file that the one writer of a WAL locks */

struct fault {
    volatile uint32_t kinds;  /* which calls are meant; 0: none fails */
    volatile uint32_t number; /* errno; 0: the process is killed there and then */
    volatile uint32_t at;     /* the how-manieth of them is the first to fail; counted down */
    volatile uint32_t times;  /* how many fail from there on */
    volatile uint32_t hits;   /* how many have failed */
    volatile uint32_t seen;   /* how many came by while any kind was meant */
};

struct record {
    uint32_t op;
    uint32_t spare;
    uint64_t inode;
    uint64_t offset;
    uint64_t new_length;
    uint64_t old_length;
    uint64_t old_size;
    uint64_t stamp; /* CLOCK_MONOTONIC, nanoseconds */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char role[DESCRIPTORS];
static const char *file, *log_path;
static char folder[PATH_MAX];
static struct fault *fault;
static int log_descriptor = -1;
static unsigned spares;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_fcntl)(int, int, ...);

__attribute__((constructor)) static void begin(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_open = dlsym(RTLD_NEXT, "open64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_fcntl = dlsym(RTLD_NEXT, "fcntl64") ? dlsym(RTLD_NEXT, "fcntl64") : dlsym(RTLD_NEXT, "fcntl");
    log_path = getenv("MAILSVC_DISK_LOG");
    const char *name = getenv("MAILSVC_DISK_FILE"), *told = getenv("MAILSVC_DISK_FAULT");
    if (!name || !log_path || !told) return;
    snprintf(folder, sizeof folder, "%s", name);
    *strrchr(folder, '/') = 0;
    int descriptor = real_open(told, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *mapped = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    real_close(descriptor);
    if (mapped == MAP_FAILED) return;
    fault = mapped;
    file = name; /* last: from now on calls are looked at */
}

static int role_of(const char *path) {
    if (!file) return NOTHING;
    if (!strcmp(path, folder)) return DIRECTORY;
    size_t length = strlen(file);
    if (strncmp(path, file, length)) return NOTHING;
    const char *end = path + length;
    if (!strcmp(end, "-shm")) return SHARED;
    return !*end || !strcmp(end, "-wal") || !strcmp(end, "-journal") ? DATA : NOTHING;
}

static int role_at(int descriptor) { return descriptor >= 0 && descriptor < DESCRIPTORS ? role[descriptor] : NOTHING; }

/* Whether this call is to fail; errno says how. */
static int failing(uint32_t kind) {
    if (!(fault->kinds & kind)) return 0;
    fault->seen++;
    if (fault->at > 0) fault->at--;
    if (fault->at > 0 || fault->times == 0) return 0;
    fault->times--;
    fault->hits++;
    if (!fault->number) kill(getpid(), SIGKILL);
    errno = (int)fault->number;
    return 1;
}

/* One record in one call, so that a kill leaves a whole record or a short last one, whose deed was not done. */
static void note(uint32_t op, uint64_t inode, uint64_t offset, const void *new, size_t new_length, const void *old,
                 size_t old_length, uint64_t old_size) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct record one = {op,         0,        inode, offset, new_length, old_length, old_size,
                         (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec};
    struct iovec parts[3] = {{&one, sizeof one}, {(void *)new, new_length}, {(void *)old, old_length}};
    if (log_descriptor < 0) log_descriptor = real_open(log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (writev(log_descriptor, parts, 3) != (ssize_t)(sizeof one + new_length + old_length)) abort();
}

static int opened(const char *path, int flags, int mode) {
    int what = role_of(path);
    if (what == NOTHING) return real_open(path, flags, mode);
    pthread_mutex_lock(&lock);
    int descriptor = -1, fresh = what == DATA && access(path, F_OK) != 0;
    if (what != DATA || !(flags & O_CREAT) || !fresh || !failing(FAULT_OPEN)) {
        if (fresh && (flags & O_CREAT)) note(CREATE, 0, 0, path, strlen(path), NULL, 0, 0);
        descriptor = real_open(path, flags, mode);
    }
    int error = errno;
    if (descriptor >= DESCRIPTORS) abort();
    if (descriptor >= 0) {
        struct stat seen;
        role[descriptor] = (unsigned char)what;
        if (what == DATA && !fstat(descriptor, &seen)) note(OPEN, seen.st_ino, 0, path, strlen(path), NULL, 0, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return descriptor;
}

static int mode_of(int flags, va_list more) { return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, int) : 0; }

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    int mode = mode_of(flags, more);
    va_end(more);
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    int mode = mode_of(flags, more);
    va_end(more);
    return opened(path, flags | O_LARGEFILE, mode);
}

int close(int descriptor) {
    if (role_at(descriptor) != NOTHING) role[descriptor] = NOTHING;
    return real_close(descriptor);
}

static ssize_t written(int descriptor, const void *data, size_t length, off_t offset, int moves) {
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (!failing(FAULT_WRITE)) {
        struct stat seen;
        if (fstat(descriptor, &seen)) abort();
        if (moves) offset = lseek(descriptor, 0, SEEK_CUR);
        size_t kept = offset >= seen.st_size ? 0 : (size_t)(seen.st_size - offset);
        if (kept > length) kept = length;
        void *before = malloc(kept + 1);
        if (!before || pread(descriptor, before, kept, offset) != (ssize_t)kept) abort();
        note(WRITE, seen.st_ino, (uint64_t)offset, data, length, before, kept, (uint64_t)seen.st_size);
        free(before);
        done = moves ? real_write(descriptor, data, length) : real_pwrite(descriptor, data, length, offset);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t write(int descriptor, const void *data, size_t length) {
    if (role_at(descriptor) != DATA) return real_write(descriptor, data, length);
    return written(descriptor, data, length, 0, 1);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off_t offset) {
    if (role_at(descriptor) != DATA) return real_pwrite(descriptor, data, length, offset);
    return written(descriptor, data, length, offset, 0);
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
    return pwrite64(descriptor, data, length, offset);
}

int ftruncate64(int descriptor, off_t size) {
    if (role_at(descriptor) != DATA) return real_ftruncate(descriptor, size);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!failing(FAULT_TRUNCATE)) {
        struct stat seen;
        if (fstat(descriptor, &seen)) abort();
        size_t kept = size >= seen.st_size ? 0 : (size_t)(seen.st_size - size);
        void *before = malloc(kept + 1);
        if (!before || pread(descriptor, before, kept, size) != (ssize_t)kept) abort();
        note(TRUNCATE, seen.st_ino, (uint64_t)size, NULL, 0, before, kept, (uint64_t)seen.st_size);
        free(before);
        result = real_ftruncate(descriptor, size);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

static int synced(int descriptor, int (*real)(int)) {
    int what = role_at(descriptor);
    if (what != DATA && what != DIRECTORY) return real(descriptor);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!failing(FAULT_SYNC)) {
        struct stat seen;
        if (fstat(descriptor, &seen)) abort();
        note(what == DATA ? SYNC : DIRSYNC, seen.st_ino, 0, NULL, 0, NULL, 0, 0);
        result = 0;
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int fsync(int descriptor) { return synced(descriptor, real_fsync); }

int fdatasync(int descriptor) { return synced(descriptor, real_fdatasync); }

int unlink(const char *path) {
    if (role_of(path) != DATA) return real_unlink(path);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!failing(FAULT_UNLINK)) {
        char kept[PATH_MAX];
        snprintf(kept, sizeof kept, "%s.kept-%d-%u", log_path, (int)getpid(), spares++);
        if (!link(path, kept)) note(UNLINK, 0, 0, path, strlen(path), kept, strlen(kept), 0);
        result = real_unlink(path);
    }
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

static int controlled(int descriptor, int command, long argument) {
    if (command == F_SETLK && role_at(descriptor) == SHARED) {
        const struct flock *wanted = (const struct flock *)argument;
        int fails = 0;
        pthread_mutex_lock(&lock);
        if (wanted->l_type == F_WRLCK && wanted->l_start == WRITE_LOCK) fails = failing(FAULT_LOCK);
        int error = errno;
        pthread_mutex_unlock(&lock);
        errno = error;
        if (fails) return -1;
    }
    return real_fcntl(descriptor, command, argument);
}

int fcntl(int descriptor, int command, ...) {
    va_list more;
    va_start(more, command);
    long argument = va_arg(more, long);
    va_end(more);
    return controlled(descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
    va_list more;
    va_start(more, command);
    long argument = va_arg(more, long);
    va_end(more);
    return controlled(descriptor, command, argument);
}
