/*
 * A disk that fills up, and a record of what has reached it; loaded into a program by LD_PRELOAD.
 *
 * QLF_DISK_FULL names a file with one path a line: while it exists, nothing more can be written into files whose paths
 * begin with one of them (ENOSPC), as on a full disk.
 * QLF_DISK_SYNCED names a file that gets a line "inode bytes" whenever a file has been synced: how much of it a power cut
 * leaves.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* System calls by number: the functions of this name are those below. */
static ssize_t raw_read(const char *path, char *buffer, size_t size) {
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = syscall(SYS_read, fd, buffer, size - 1);
  syscall(SYS_close, fd);
  if (length >= 0) buffer[length] = 0;
  return length;
}

static int is_full(int fd) {
  const char *list = getenv("QLF_DISK_FULL");
  char prefixes[4096], link[64], path[4096];
  int before = errno;
  if (!list || raw_read(list, prefixes, sizeof prefixes) <= 0) {
    errno = before;
    return 0;
  }
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  errno = before;
  if (length <= 0) return 0;
  path[length] = 0;
  for (char *rest, *prefix = strtok_r(prefixes, "\n", &rest); prefix; prefix = strtok_r(NULL, "\n", &rest)) {
    if (strncmp(path, prefix, strlen(prefix)) == 0) {
      errno = ENOSPC;
      return 1;
    }
  }
  return 0;
}

static void record_sync(int fd) {
  const char *file = getenv("QLF_DISK_SYNCED");
  struct stat found;
  char line[64];
  int before = errno;
  if (file && fstat(fd, &found) == 0 && S_ISREG(found.st_mode)) {
    int log = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int length = snprintf(line, sizeof line, "%llu %lld\n", (unsigned long long)found.st_ino, (long long)found.st_size);
    if (log >= 0) {
      syscall(SYS_write, log, line, length);
      syscall(SYS_close, log);
    }
  }
  errno = before;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
  REAL(write);
  return is_full(fd) ? -1 : real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  REAL(pwrite);
  return is_full(fd) ? -1 : real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  REAL(pwrite64);
  return is_full(fd) ? -1 : real(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  return is_full(fd) ? -1 : real(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  return is_full(fd) ? -1 : real(fd, parts, count, at);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  REAL(pwritev64);
  return is_full(fd) ? -1 : real(fd, parts, count, at);
}
int posix_fallocate(int fd, off_t at, off_t size) {
  REAL(posix_fallocate);
  return is_full(fd) ? ENOSPC : real(fd, at, size);
}
ssize_t copy_file_range(int from, off64_t *fromAt, int to, off64_t *toAt, size_t size, unsigned flags) {
  REAL(copy_file_range);
  return is_full(to) ? -1 : real(from, fromAt, to, toAt, size, flags);
}
ssize_t sendfile(int to, int from, off_t *at, size_t size) {
  REAL(sendfile);
  return is_full(to) ? -1 : real(to, from, at, size);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
  REAL(sendfile64);
  return is_full(to) ? -1 : real(to, from, at, size);
}
int ioctl(int fd, unsigned long request, ...) {
  REAL(ioctl);
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  /* A clone of another file takes no room at first, but nobody could count on it. */
  return request == FICLONE && is_full(fd) ? -1 : real(fd, request, argument);
}
int fsync(int fd) {
  REAL(fsync);
  int result = real(fd);
  if (result == 0) record_sync(fd);
  return result;
}
int fdatasync(int fd) {
  REAL(fdatasync);
  int result = real(fd);
  if (result == 0) record_sync(fd);
  return result;
}
