/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file-stamp.h"

#include <sys/stat.h>

CasaFileStamp
casa_file_stamp(const char *path)
{
  struct stat s;
  if (!path || stat(path, &s) != 0)
    return (CasaFileStamp){ 0 };
  return (CasaFileStamp){ s.st_ino, (guint64)s.st_size, s.st_mtim };
}

gboolean
casa_file_stamp_look(CasaFileStamp *stamp, const char *path)
{
  CasaFileStamp now = casa_file_stamp(path), before = *stamp;
  *stamp = now;
  return now.inode != before.inode || now.size != before.size || now.changed.tv_sec != before.changed.tv_sec ||
         now.changed.tv_nsec != before.changed.tv_nsec;
}
