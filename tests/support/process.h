/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A child program of a test: its output goes to files in its folder, and it dies with the test. */
typedef struct _TestProcess TestProcess;

/* @name is used for <dir>/<name>.out and .err (appended to). @argv[0] is a path or found in PATH. Aborts on failure. */
TestProcess *test_process_start(const char *dir, const char *name, const char *const *argv);
/* Sends @signal; the child is not waited for. */
void test_process_signal(TestProcess *self, int signal);
gboolean test_process_running(TestProcess *self);
/* Processor time that it has used so far, in seconds; 0 when it has ended. Counted in steps of 10 ms. */
double test_process_cpu_s(TestProcess *self);
/* Waits for the end, at most @seconds (then it is killed and -1 returned). Exit status, or 128 + signal. */
int test_process_wait(TestProcess *self, double seconds);
/* Everything it has written so far. (transfer full) */
char *test_process_out(TestProcess *self);
char *test_process_err(TestProcess *self);
/* Waits until its stdout / stderr holds @text. */
gboolean test_process_wait_out(TestProcess *self, const char *text, double seconds);
gboolean test_process_wait_err(TestProcess *self, const char *text, double seconds);
void test_process_free(TestProcess *self); /* kills it when it still runs */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestProcess, test_process_free)

/* Runs a command to its end. Its status; outputs (transfer full) may be NULL. */
int test_run(const char *const *argv, const char *input, char **out, char **err);

/* @text's lines, and what follows the last newline. (transfer full) As g_strsplit(), whose strstr() AddressSanitizer lets
 * look at all that is left of the text, every time. */
char **test_lines(const char *text);

/* A fresh temporary folder (transfer full), and its removal with everything in it. */
char *test_dir_new(void);
void test_dir_remove(const char *dir);
/* A TCP port on 127.0.0.1 that nobody listens on, and that nobody else is given while this process lives. */
guint16 test_free_port(void);
/* A socket that listens on such a port; close() it. */
int test_listen(guint16 *out_port);

/* Tries @check every 20 ms until it is TRUE or @seconds have passed. */
typedef gboolean (*TestCheck)(gpointer data);
gboolean test_wait_for(TestCheck check, gpointer data, double seconds);

/* Looks at @condition every 5 ms until it holds. When it does not within @seconds, the test ends with its words. */
#define test_until(condition, seconds)                                                                                         \
  G_STMT_START                                                                                                                 \
  {                                                                                                                            \
    gint64 test_until_us = g_get_monotonic_time() + (gint64)((seconds)*G_USEC_PER_SEC);                                        \
    while (!(condition)) {                                                                                                     \
      if (g_get_monotonic_time() > test_until_us)                                                                              \
        g_error("%s:%d: not within %g s: %s", __FILE__, __LINE__, (double)(seconds), #condition);                              \
      g_usleep(5000);                                                                                                          \
    }                                                                                                                          \
  }                                                                                                                            \
  G_STMT_END

G_END_DECLS
