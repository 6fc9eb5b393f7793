/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded: appends a byte to the file that CASA_SYNC_COUNT names whenever a database file is synced to the disk. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

typedef int Sync(int);

static void
count(void)
{
  const char *path = getenv("CASA_SYNC_COUNT");
  int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (fd < 0)
    return;
  if (write(fd, ".", 1) != 1)
    abort();
  close(fd);
}

int
fsync(int fd)
{
  Sync *real = (Sync *)dlsym(RTLD_NEXT, "fsync");
  count();
  return real(fd);
}

int
fdatasync(int fd)
{
  Sync *real = (Sync *)dlsym(RTLD_NEXT, "fdatasync");
  count();
  return real(fd);
}
