/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target without libFuzzer: every seed, then seeds that were changed at random. The seed of the chance is
 * fixed, so two runs try the same inputs in the same order; a slower machine gets less far. */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX 16384
#define STUCK_S 60 /* one input may not take longer; generous: sanitizers on a busy machine */

/* What is being tried; the crash handler writes it to a file. */
static const guint8 *volatile current;
static volatile gsize current_size;
static char crash_name[128];

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void
keep_current(void)
{
  int fd = open(crash_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, current, current_size) != (gssize)current_size || write(STDERR_FILENO, "input kept in ", 14) < 0 ||
      write(STDERR_FILENO, crash_name, strlen(crash_name)) < 0 || write(STDERR_FILENO, "\n", 1) < 0)
    return;
  close(fd);
}

static void
die_cb(int number)
{
  keep_current();
  signal(number, SIG_DFL);
  raise(number);
}

static void
watch_for_crashes(const char *target)
{
  g_snprintf(crash_name, sizeof crash_name, "crash-%s", target);
  /* A sanitizer ends the process itself; it then calls back. */
  if (__sanitizer_set_death_callback)
    __sanitizer_set_death_callback(keep_current);
  static const int fatal[] = { SIGABRT, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM };
  for (guint i = 0; i < G_N_ELEMENTS(fatal); i++)
    if (!__sanitizer_set_death_callback || fatal[i] == SIGABRT || fatal[i] == SIGTRAP || fatal[i] == SIGALRM)
      signal(fatal[i], die_cb);
}

/* A block of exactly this size, so that AddressSanitizer sees a read beyond it. */
static void
try_input(const guint8 *data, gsize size)
{
  guint8 *copy = malloc(size ? size : 1);
  g_assert_nonnull(copy);
  if (size)
    memcpy(copy, data, size);
  current = copy;
  current_size = size;
  LLVMFuzzerTestOneInput(copy, size);
  current_size = 0;
  free(copy);
}

/* --- Seeds --------------------------------------------------------------------------------------------------------- */

static int
by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GBytes *
read_seed(const char *path)
{
  char *data;
  gsize size;
  GError *error = NULL;
  if (!g_file_get_contents(path, &data, &size, &error)) {
    fprintf(stderr, "fuzz: %s\n", error->message);
    exit(2);
  }
  return g_bytes_new_take(data, size);
}

/* The files of folder @path in the order of their names, or the one file @path. */
static GPtrArray *
read_seeds(const char *path)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
    g_ptr_array_add(seeds, read_seed(path));
    return seeds;
  }
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    g_ptr_array_add(names, g_build_filename(path, name, NULL));
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add(seeds, read_seed(names->pdata[i]));
  return seeds;
}

/* --- Changes ------------------------------------------------------------------------------------------------------- */

static guint
below(GRand *rand, gsize n)
{
  return n ? (guint)g_rand_int(rand) % (guint)n : 0;
}

/* What decoders of text and of small binary files stumble over. */
static const struct {
  const char *text;
  guint len;
} tokens[] = {
#define TOKEN(s)                                                                                                               \
  {                                                                                                                            \
    s, sizeof s - 1                                                                                                            \
  }
  TOKEN("\0"),
  TOKEN("\xff"),
  TOKEN("\xc3"),
  TOKEN("\xef\xbb\xbf"),
  TOKEN("\xe2\x80\xae"),
  TOKEN("\xf4\x90\x80\x80"),
  TOKEN("\\"),
  TOKEN("\\u0000"),
  TOKEN("\\ud800"),
  TOKEN("\""),
  TOKEN("{"),
  TOKEN("}"),
  TOKEN("[[[[[[[["),
  TOKEN("]"),
  TOKEN(","),
  TOKEN(":"),
  TOKEN("="),
  TOKEN(";"),
  TOKEN("/"),
  TOKEN("//"),
  TOKEN("%"),
  TOKEN("%00"),
  TOKEN("%s%n"),
  TOKEN("@"),
  TOKEN("#"),
  TOKEN("$"),
  TOKEN("\n"),
  TOKEN("\r\n"),
  TOKEN(" "),
  TOKEN("\t"),
  TOKEN("-"),
  TOKEN("+"),
  TOKEN("."),
  TOKEN("0"),
  TOKEN("-0"),
  TOKEN("1e999"),
  TOKEN("1e-400"),
  TOKEN("4.9e-324"),
  TOKEN("NaN"),
  TOKEN("-Infinity"),
  TOKEN("9223372036854775807"),
  TOKEN("-9223372036854775809"),
  TOKEN("18446744073709551616"),
  TOKEN("4294967295"),
  TOKEN("null"),
  TOKEN("true"),
  TOKEN("\xff\xff\xff\xff"),
  TOKEN("\xff\xff\xff\x7f"),
  TOKEN("\x00\x00\x00\x80"),
#undef TOKEN
};

static void
insert_token(GByteArray *input, GRand *rand)
{
  guint which = below(rand, G_N_ELEMENTS(tokens)), at = below(rand, input->len + 1), len = tokens[which].len;
  guint old = input->len;
  g_byte_array_set_size(input, old + len);
  memmove(input->data + at + len, input->data + at, old - at);
  memcpy(input->data + at, tokens[which].text, len);
}

/* Some bytes of @from, put into @input or written over it. */
static void
graft(GByteArray *input, const guint8 *from, gsize size, gboolean over, GRand *rand)
{
  if (size == 0)
    return;
  guint start = below(rand, size), len = 1 + below(rand, MIN(size - start, 256));
  guint at = below(rand, input->len + 1), old = input->len;
  g_autofree guint8 *piece = g_memdup2(from + start, len); /* @from may be @input itself */
  if (over) {
    g_byte_array_set_size(input, MAX(old, at + len));
  } else {
    g_byte_array_set_size(input, old + len);
    memmove(input->data + at + len, input->data + at, old - at);
  }
  memcpy(input->data + at, piece, len);
}

static void
change_once(GByteArray *input, const GPtrArray *seeds, GRand *rand)
{
  gsize size;
  guint at = below(rand, input->len);
  switch (input->len ? below(rand, 9) : 8) {
  case 0: input->data[at] ^= (guint8)(1u << below(rand, 8)); break;
  case 1: input->data[at] = (guint8)g_rand_int(rand); break;
  case 2: input->data[at] = (guint8)(input->data[at] + below(rand, 9) - 4); break;
  case 3: g_byte_array_remove_range(input, at, 1 + below(rand, MIN(input->len - at, 64))); break;
  case 4: g_byte_array_set_size(input, at); break;
  case 5: graft(input, input->data, input->len, FALSE, rand); break;
  case 6: graft(input, input->data, input->len, TRUE, rand); break;
  case 7: {
    const guint8 *other = g_bytes_get_data(seeds->pdata[below(rand, seeds->len)], &size);
    graft(input, other, size, g_rand_boolean(rand), rand);
    break;
  }
  default: insert_token(input, rand); break;
  }
  if (input->len > INPUT_MAX)
    g_byte_array_set_size(input, INPUT_MAX);
}

static guint64
try_changes(const GPtrArray *seeds, guint32 chance, double seconds, guint64 runs)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(chance);
  g_autoptr(GByteArray) input = g_byte_array_new();
  gint64 until_us = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  guint64 done = 0;
  for (; runs ? done < runs : g_get_monotonic_time() < until_us; done++) {
    gsize size;
    const guint8 *seed = g_bytes_get_data(seeds->pdata[below(rand, seeds->len)], &size);
    g_byte_array_set_size(input, 0);
    g_byte_array_append(input, seed, (guint)size);
    for (guint n = 1u << below(rand, 5); n > 0; n--)
      change_once(input, seeds, rand);
    if (done % 256 == 0)
      alarm(STUCK_S);
    try_input(input->data, input->len);
  }
  return done;
}

int
main(int argc, char **argv)
{
  double seconds = 1;
  gint64 runs = 0;
  int chance = 1;
  g_autofree char *target = g_path_get_basename(argv[0]);
  const GOptionEntry entries[] = {
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "How long to try changed seeds (1; 0: seeds only)", "S" },
    { "runs", 0, 0, G_OPTION_ARG_INT64, &runs, "Try exactly so many changed seeds instead", "N" },
    { "chance", 0, 0, G_OPTION_ARG_INT, &chance, "Another number, other changes (1)", "N" },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new("FOLDER|FILE — tries the seeds and changed ones on this decoder");
  g_autoptr(GError) error = NULL;
  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 2) {
    fprintf(stderr, "%s: %s\n", target, error ? error->message : "give one folder of seeds, or one file");
    return 2;
  }
  g_autoptr(GPtrArray) seeds = read_seeds(argv[1]);
  LLVMFuzzerInitialize(&argc, &argv);
  watch_for_crashes(target);
  printf("1..2\n");
  alarm(STUCK_S);
  for (guint i = 0; i < seeds->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data(seeds->pdata[i], &size);
    try_input(data, size);
  }
  printf("%s 1 - %u seeds\n", seeds->len ? "ok" : "not ok", seeds->len);
  fflush(stdout);
  if (seeds->len == 0)
    return 1;
  printf("ok 2 - %" G_GUINT64_FORMAT " changed seeds\n", try_changes(seeds, (guint32)chance, seconds, (guint64)runs));
  return 0;
}
