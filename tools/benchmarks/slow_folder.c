/* Slow network storage, made of a folder on a local disk (FUSE, libfuse3).
 *
 *     slow_folder SOURCE MOUNT MILLISECONDS SECONDS COUNTS
 *
 * shows SOURCE as MOUNT. Each call that a client of NFS would send to its server is counted and takes MILLISECONDS
 * longer. The rules of a client, as far as they are followed here:
 *
 * - Reads and writes are free: data are cached. What was written is sent when the file is closed (flush).
 * - Attributes are known for SECONDS after a call whose answer holds them: a look-up, and all that make or change a file.
 *   An answer also holds the attributes of the folder that was changed.
 * - That a name does not exist is not kept, but no look-up is sent before a call that makes the name.
 * - A file that is opened is asked for each time (open); a file removed while it is open is renamed first.
 *
 * COUNTS can be read at any time: 32 bytes for each kind of call, its name (24 bytes) and the number (64 bits).
 *
 * Calls in different folders wait at the same time. Look-ups in one folder wait for one another: libfuse 3.14.0 does not
 * tell the kernel that it could serve them together.
 *
 * Hard links are files of their own to the kernel: what is written by one name may be seen by the other SECONDS later.
 * Nobody's permissions are checked if root mounts it, so the mount has to lie in a folder that others cannot enter.
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define SERVED_AT_A_TIME "256" /* calls that wait at the same time, each in a thread */

#define KINDS(X) X(lookup) X(open) X(create) X(flush) X(readdir) X(mkdir) X(rmdir) X(unlink) X(rename) X(link) \
    X(symlink) X(readlink) X(setattr) X(statfs)
#define NUMBER(kind) kind##_call,
#define NAME(kind) {#kind, 0},
enum { KINDS(NUMBER) ALL_KINDS };

struct count { char name[24]; _Atomic uint64_t calls; };
static const struct count NONE[] = {KINDS(NAME)};
static struct count *counts;
static struct timespec delay;
static double kept_seconds;
static int source;                       /* open folder; paths are taken relative to it */

/* Names by their hash: those whose attributes a client would know, and since when; those that each process was told not
 * to exist. A collision costs or saves one call. */
static struct { _Atomic uint64_t name; _Atomic double since; } known[1 << 16];
static _Atomic uint64_t missing[1 << 12];

struct handle { int descriptor; atomic_int written; };

static uint64_t hash(const char *name, size_t length) {
    uint64_t value = 14695981039346656037u; /* FNV-1a */
    while (length--) value = (value ^ (unsigned char)*name++) * 1099511628211u;
    return value;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void learn_part(const char *path, size_t length) {
    uint64_t name = hash(path, length);
    known[name >> 48].since = now();
    known[name >> 48].name = name;
}

static void learn(const char *path) { learn_part(path, strlen(path)); }
static void learn_folder_of(const char *path) {
    size_t length = (size_t)(strrchr(path, '/') - path);
    learn_part(path, length ? length : 1);
}

static int is_known(const char *path) {
    uint64_t name = hash(path, strlen(path));
    return known[name >> 48].name == name && now() < known[name >> 48].since + kept_seconds;
}

static void forget(const char *path) {
    known[hash(path, strlen(path)) >> 48].name = 0;
    learn_folder_of(path);
}

static _Atomic uint64_t *missing_for_caller(void) { return &missing[(unsigned)fuse_get_context()->pid % (1 << 12)]; }

static void ask_server(int kind) {
    struct timespec left = delay;
    atomic_fetch_add(&counts[kind].calls, 1);
    while (nanosleep(&left, &left) && errno == EINTR) {}
}

/* Ask for a new name. The kernel has looked it up just before; the time for that counts as the time of this call. */
static void ask_for_new(int kind, const char *path) {
    if (atomic_exchange(missing_for_caller(), 0) != hash(path, strlen(path))) {
        ask_server(kind);
        return;
    }
    atomic_fetch_sub(&counts[lookup_call].calls, 1);
    atomic_fetch_add(&counts[kind].calls, 1);
}

static const char *below(const char *path) { return path[1] ? path + 1 : "."; }
static struct handle *handle_of(struct fuse_file_info *info) { return (struct handle *)(uintptr_t)info->fh; }
static int result(int value) { return value < 0 ? -errno : 0; }

static int made_known(const char *path) {
    learn(path);
    learn_folder_of(path);
    return 0;
}

/* A call that makes something: the caller owns it. */
static int made(const char *path, int value) {
    struct fuse_context *caller = fuse_get_context();
    if (value < 0) return -errno;
    if (!geteuid()) fchownat(source, below(path), caller->uid, caller->gid, AT_SYMLINK_NOFOLLOW);
    return made_known(path);
}

static int changed(const char *path, int value) {
    if (value >= 0) learn(path);
    return result(value);
}

static void *start(struct fuse_conn_info *connection, struct fuse_config *config) {
    (void)connection;
    config->use_ino = 1;
    config->entry_timeout = config->attr_timeout = kept_seconds;
    return NULL;
}

/* A look-up of a name and a question for attributes are one; attributes of an open file came with it. */
static int slow_getattr(const char *path, struct stat *state, struct fuse_file_info *info) {
    if (info) return result(fstat(handle_of(info)->descriptor, state));
    if (!is_known(path)) ask_server(lookup_call);
    int value = fstatat(source, below(path), state, AT_SYMLINK_NOFOLLOW);
    if (value < 0 && errno == ENOENT) *missing_for_caller() = hash(path, strlen(path));
    return is_known(path) ? result(value) : changed(path, value);
}

static int open_here(const char *path, mode_t mode, struct fuse_file_info *info) {
    struct handle *opened = calloc(1, sizeof *opened);
    if (!opened) return -ENOMEM;
    opened->descriptor = openat(source, below(path), info->flags & ~O_APPEND, mode); /* the kernel sends the place */
    if (opened->descriptor < 0) {
        int error = errno;
        free(opened);
        return -error;
    }
    info->fh = (uintptr_t)opened;
    learn(path);
    return 0;
}

static int slow_open(const char *path, struct fuse_file_info *info) {
    ask_server(open_call);
    return open_here(path, 0, info);
}

static int slow_create(const char *path, mode_t mode, struct fuse_file_info *info) {
    ask_for_new(create_call, path);
    int value = open_here(path, mode, info);
    return value ? value : made(path, 0);
}

static int slow_read(const char *path, char *data, size_t size, off_t place, struct fuse_file_info *info) {
    (void)path;
    ssize_t done = pread(handle_of(info)->descriptor, data, size, place);
    return done < 0 ? -errno : (int)done;
}

static int slow_write(const char *path, const char *data, size_t size, off_t place, struct fuse_file_info *info) {
    ssize_t done = pwrite(handle_of(info)->descriptor, data, size, place);
    handle_of(info)->written = 1;
    learn(path);
    return done < 0 ? -errno : (int)done;
}

static int send_written(const char *path, struct fuse_file_info *info) {
    if (atomic_exchange(&handle_of(info)->written, 0)) {
        ask_server(flush_call);
        learn(path);
    }
    return 0;
}

static int slow_fsync(const char *path, int data_only, struct fuse_file_info *info) {
    (void)data_only;
    send_written(path, info);
    return result(fsync(handle_of(info)->descriptor));
}

static int slow_release(const char *path, struct fuse_file_info *info) {
    (void)path;
    close(handle_of(info)->descriptor);
    free(handle_of(info));
    return 0;
}

static int slow_readdir(const char *path, void *list, fuse_fill_dir_t add, off_t place, struct fuse_file_info *info,
                        enum fuse_readdir_flags flags) {
    (void)place, (void)info, (void)flags;
    ask_server(readdir_call);
    int descriptor = openat(source, below(path), O_RDONLY | O_DIRECTORY);
    DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (!folder) return -errno;
    for (struct dirent *entry; (entry = readdir(folder));) {
        struct stat state = {.st_ino = entry->d_ino, .st_mode = DTTOIF(entry->d_type)};
        add(list, entry->d_name, &state, 0, 0);
    }
    closedir(folder);
    return 0;
}

static int slow_mkdir(const char *path, mode_t mode) {
    ask_for_new(mkdir_call, path);
    return made(path, mkdirat(source, below(path), mode));
}

static int slow_rmdir(const char *path) {
    ask_server(rmdir_call);
    forget(path);
    return result(unlinkat(source, below(path), AT_REMOVEDIR));
}

static int slow_unlink(const char *path) {
    ask_server(unlink_call);
    forget(path);
    return result(unlinkat(source, below(path), 0));
}

static int slow_rename(const char *from, const char *to, unsigned flags) {
    ask_for_new(rename_call, to);
    int value = renameat2(source, below(from), source, below(to), flags);
    if (value < 0) return -errno;
    forget(from);
    return made_known(to);
}

static int slow_link(const char *from, const char *to) {
    ask_for_new(link_call, to);
    int value = linkat(source, below(from), source, below(to), 0);
    return value < 0 ? -errno : made_known(to);
}

static int slow_symlink(const char *content, const char *path) {
    ask_for_new(symlink_call, path);
    return made(path, symlinkat(content, source, below(path)));
}

static int slow_readlink(const char *path, char *content, size_t size) {
    ask_server(readlink_call);
    ssize_t length = readlinkat(source, below(path), content, size - 1);
    if (length < 0) return -errno;
    content[length] = 0;
    return 0;
}

static int slow_chmod(const char *path, mode_t mode, struct fuse_file_info *info) {
    (void)info;
    ask_server(setattr_call);
    return changed(path, fchmodat(source, below(path), mode, 0));
}

static int slow_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *info) {
    (void)info;
    ask_server(setattr_call);
    return changed(path, fchownat(source, below(path), user, group, AT_SYMLINK_NOFOLLOW));
}

static int slow_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *info) {
    (void)info;
    ask_server(setattr_call);
    return changed(path, utimensat(source, below(path), times, AT_SYMLINK_NOFOLLOW));
}

static int slow_truncate(const char *path, off_t size, struct fuse_file_info *info) {
    ask_server(setattr_call);
    if (info) return changed(path, ftruncate(handle_of(info)->descriptor, size));
    int descriptor = openat(source, below(path), O_WRONLY);
    if (descriptor < 0) return -errno;
    int value = changed(path, ftruncate(descriptor, size));
    close(descriptor);
    return value;
}

static int slow_statfs(const char *path, struct statvfs *state) {
    (void)path;
    ask_server(statfs_call);
    return result(fstatvfs(source, state));
}

static const struct fuse_operations CALLS = {
    .init = start, .getattr = slow_getattr, .open = slow_open, .create = slow_create, .read = slow_read,
    .write = slow_write, .flush = send_written, .fsync = slow_fsync, .release = slow_release,
    .readdir = slow_readdir, .mkdir = slow_mkdir, .rmdir = slow_rmdir, .unlink = slow_unlink, .rename = slow_rename,
    .link = slow_link, .symlink = slow_symlink, .readlink = slow_readlink, .chmod = slow_chmod, .chown = slow_chown,
    .utimens = slow_utimens, .truncate = slow_truncate, .statfs = slow_statfs,
};

int main(int number, char **arguments) {
    if (number != 6) {
        fprintf(stderr, "usage: slow_folder SOURCE MOUNT MILLISECONDS SECONDS COUNTS\n");
        return 2;
    }
    double milliseconds = atof(arguments[3]);
    delay.tv_sec = (time_t)(milliseconds / 1e3);
    delay.tv_nsec = (long)((milliseconds - 1e3 * (double)delay.tv_sec) * 1e6);
    kept_seconds = atof(arguments[4]);
    source = open(arguments[1], O_RDONLY | O_DIRECTORY);
    int file = open(arguments[5], O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (source < 0 || file < 0 || ftruncate(file, sizeof NONE)) return perror("slow_folder"), 1;
    counts = mmap(NULL, sizeof NONE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (counts == MAP_FAILED) return perror("slow_folder"), 1;
    memcpy(counts, NONE, sizeof NONE);
    umask(0);
    char options[200] = "fsname=slow_folder,max_idle_threads=" SERVED_AT_A_TIME;
    if (fuse_version() >= 312) strcat(options, ",max_threads=" SERVED_AT_A_TIME); /* 10 where not said */
    if (!geteuid()) strcat(options, ",allow_other");
    char *to_fuse[] = {arguments[0], arguments[2], "-f", "-o", options};
    return fuse_main(5, to_fuse, &CALLS, NULL);
}
