/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *scratch;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
  g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  /* Nothing that a decoder looks up may depend on who runs the fuzzer. */
  g_unsetenv("CASA_CLOCK_SHIFT");
  return 0;
}

static void
remove_scratch(void)
{
  g_autoptr(GDir) dir = g_dir_open(scratch, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(scratch, name, NULL);
    g_unlink(path);
  }
  g_rmdir(scratch);
  g_clear_pointer(&scratch, g_free);
}

const char *
fuzz_scratch(void)
{
  if (!scratch) {
    scratch = g_dir_make_tmp("casa-fuzz-XXXXXX", NULL);
    g_assert_nonnull(scratch);
    atexit(remove_scratch);
  }
  return scratch;
}

void
fuzz_scratch_write(const char *name, const void *data, gsize size)
{
  g_autofree char *path = g_build_filename(fuzz_scratch(), name, NULL);
  int fd = g_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert_cmpint(fd, >=, 0);
  g_assert_cmpint(write(fd, data, size), ==, (gssize)size);
  g_assert_cmpint(close(fd), ==, 0);
}

void
fuzz_check_error(gboolean ok, GError *error)
{
  g_assert_true(ok == (error == NULL));
  if (error)
    g_assert_true(*error->message && g_utf8_validate(error->message, -1, NULL));
  g_clear_error(&error);
}
