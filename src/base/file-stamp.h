/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <time.h>

G_BEGIN_DECLS

/* How a file looks from outside, to see that it was saved. A look once a second sees what no inotify tells of: the target of a
 * link, a network drive. All 0: there is no file. Any thread, one stamp a thread. */
typedef struct {
  guint64 inode, size;
  struct timespec changed;
} CasaFileStamp;

CasaFileStamp casa_file_stamp(const char *path); /* NULL: no file */
/* Takes the stamp anew into *@stamp. TRUE: it is another one; the file was saved, came or went. */
gboolean casa_file_stamp_look(CasaFileStamp *stamp, const char *path);

G_END_DECLS
