/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "wire/decoder.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* No decoder reads beyond its message: every payload of the tests' collections, cut at each length, ends where the next page
 * may not be read, and so does its topic. A byte too many is a fault of the machine, in plain builds too. */

#define NOW G_GINT64_CONSTANT(1779385328000) /* 2026-05-21T17:42:08Z */
#define ROOM 65536
#define EACH_BELOW 192 /* of longer payloads not every length is tried: all of it stays within a few seconds */
#define LENGTHS_MORE 48

typedef struct {
  char *end; /* where what may be read ends */
} Guard;

static char doing[128]; /* what a fault was met at */

static void
fault_cb(int signal_number)
{
  static const char words[] = "# read beyond the end: ";
  gssize ignored = write(STDERR_FILENO, words, strlen(words));
  ignored += write(STDERR_FILENO, doing, strlen(doing));
  (void)ignored;
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static Guard
guard_new(void)
{
  const gsize page = (gsize)sysconf(_SC_PAGESIZE);
  char *room = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true(room != MAP_FAILED);
  g_assert_cmpint(mprotect(room + ROOM, page, PROT_NONE), ==, 0);
  return (Guard){ room + ROOM };
}

static void
guard_free(Guard guard)
{
  munmap(guard.end - ROOM, ROOM + (gsize)sysconf(_SC_PAGESIZE));
}

static const char *
put(Guard guard, const void *bytes, gsize len)
{
  return memcpy(guard.end - len, bytes, len);
}

/* --- The collections --------------------------------------------------------------------------------------------- */

typedef struct {
  char *name, *topic; /* topic NULL: any */
  GBytes *bytes;
} Sample;

static void
sample_free(gpointer data)
{
  Sample *self = data;
  g_free(self->name);
  g_free(self->topic);
  g_bytes_unref(self->bytes);
  g_free(self);
}

static void
add(GPtrArray *samples, char *name, char *topic, GBytes *bytes)
{
  Sample *sample = g_new(Sample, 1);
  *sample = (Sample){ name, topic, bytes };
  g_ptr_array_add(samples, sample);
}

static GBytes *
bytes_of_case(json_t *c)
{
  const char *text = json_string_value(json_object_get(c, "text")), *hex = json_string_value(json_object_get(c, "hex"));
  GString *out = g_string_new(text);
  if (json_object_get(c, "send")) {
    char *dump = json_dumps(json_object_get(c, "send"), JSON_COMPACT | JSON_ENCODE_ANY);
    g_string_append(out, dump);
    free(dump);
  }
  for (; hex && hex[0] && hex[1]; hex += hex[2] == ' ' ? 3 : 2)
    g_string_append_c(out, (char)(g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1])));
  return g_string_free_to_bytes(out);
}

static void
add_cases(GPtrArray *samples, const char *name, const char *path)
{
  json_auto_t *cases = json_load_file(path, 0, NULL);
  json_t *c;
  size_t i;
  json_array_foreach (cases, i, c) {
    const char *kit = json_string_value(json_object_get(c, "kit")), *topic = json_string_value(json_object_get(c, "topic"));
    add(samples, g_strdup_printf("%s, case %zu", name, i + 1),
        kit ? g_strdup_printf("casa/v1/equipe-7/kit/%s", kit) : g_strdup(topic), bytes_of_case(c));
  }
}

static void
add_seed(GPtrArray *samples, const char *name, const char *path)
{
  char *text;
  gsize len;
  g_assert_true(g_file_get_contents(path, &text, &len, NULL));
  add(samples, g_strdup(name), NULL, g_bytes_new_take(text, len));
}

static void
each_file(GPtrArray *samples, const char *folder, void (*take)(GPtrArray *samples, const char *name, const char *path))
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    take(samples, name, path);
  }
}

/* --- Slices ------------------------------------------------------------------------------------------------------ */

typedef struct {
  CasaDecoder *decoder;
  CasaDecoded *decoded;
  Guard payload, topic;
} Slicer;

static void
decode(Slicer *s, const char *topic, const char *bytes, gsize len)
{
  CasaTopic t;
  const gsize n = strlen(topic);
  if (!casa_topic_parse("casa/v1", put(s->topic, topic, n), n, &t, NULL))
    return;
  casa_decoder_decode(s->decoder, &t, put(s->payload, bytes, len), len, NOW, s->decoded);
}

static void
slice(Slicer *s, const Sample *sample, const char *topic)
{
  gsize len;
  const char *bytes = g_bytes_get_data(sample->bytes, &len);
  g_assert_cmpuint(len, <=, ROOM);
  for (gsize n = 0; n <= len; n += n < EACH_BELOW ? 1 : 1 + len / LENGTHS_MORE) {
    g_snprintf(doing, sizeof doing, "%s, %" G_GSIZE_FORMAT " bytes on %s\n", sample->name, n, topic);
    decode(s, topic, bytes, n);
  }
  decode(s, topic, bytes, len);
}

static void
test_slices(void)
{
  static const char *const topics[] = { "casa/v1/equipe-7/kit/roof/x", "casa/v1/equipe-7/air/roof",
                                        "casa/v1/equipe-7/air/roof/temp_c" };
  const CasaWireLimits limits = { .max_payload = 16384,
                                  .max_depth = 8,
                                  .max_fields = 64,
                                  .future_ms = 600000,
                                  .retention_ms = G_GINT64_CONSTANT(2592000000),
                                  .max_batch = 65536,
                                  .max_readings = 1000 };
  g_autoptr(GError) error = NULL;
  CasaMetrics *metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  g_autoptr(GPtrArray) samples = g_ptr_array_new_with_free_func(sample_free);
  Slicer s = { casa_decoder_new(metrics, &limits), casa_decoded_new(), guard_new(), guard_new() };
  each_file(samples, CASA_SOURCE_ROOT "/tests/wire/formats", add_cases);
  each_file(samples, CASA_SOURCE_ROOT "/tests/fuzz/corpus/payload", add_seed);
  g_assert_cmpuint(samples->len, >, 500);
  signal(SIGSEGV, fault_cb);
  signal(SIGBUS, fault_cb);
  for (guint i = 0; i < samples->len; i++) {
    const Sample *sample = samples->pdata[i];
    if (sample->topic)
      slice(&s, sample, sample->topic);
    for (guint k = sample->topic ? i % G_N_ELEMENTS(topics) : 0; k < G_N_ELEMENTS(topics); k += sample->topic ? 3 : 1)
      slice(&s, sample, topics[k]);
  }
  guard_free(s.payload);
  guard_free(s.topic);
  casa_decoder_free(s.decoder);
  casa_decoded_free(s.decoded);
  casa_metrics_free(metrics);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/slices", test_slices);
  return g_test_run();
}
