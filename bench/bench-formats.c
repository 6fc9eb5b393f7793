/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "wire/decoder.h"
#include "wire/formats/format.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Microseconds a message of each format: the messages of tests/wire/formats/, decoded again and again. */

#define NOW G_GINT64_CONSTANT(1779385328000) /* 2026-05-21T17:42:08Z: the messages are of that minute */
#define SPAN_US 100000                       /* for each format */

typedef struct {
  char *topic;
  GString *payload;
} Message;

static void
free_message(gpointer data)
{
  Message *m = data;
  g_free(m->topic);
  g_string_free(m->payload, TRUE);
  g_free(m);
}

static Message *
read_case(json_t *c)
{
  const char *kit = json_string_value(json_object_get(c, "kit")), *text = json_string_value(json_object_get(c, "text")),
             *hex = json_string_value(json_object_get(c, "hex"));
  Message *m = g_new0(Message, 1);
  m->topic = kit ? g_strdup_printf("casa/v1/equipe-7/kit/%s", kit) : g_strdup(json_string_value(json_object_get(c, "topic")));
  m->payload = g_string_new(text);
  char *dump = json_dumps(json_object_get(c, "send"), JSON_COMPACT | JSON_ENCODE_ANY);
  if (dump && json_object_get(c, "send"))
    g_string_append(m->payload, dump);
  free(dump);
  for (; hex && hex[0] && hex[1]; hex += 2)
    g_string_append_c(m->payload, (char)(g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1])));
  return m;
}

/* format's id → GPtrArray of Message */
static GHashTable *
load(const char *folder)
{
  GHashTable *formats = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    json_auto_t *cases = json_load_file(path, 0, NULL);
    json_t *c;
    size_t i;
    json_array_foreach (cases, i, c) {
      const char *id = json_string_value(json_object_get(c, "format"));
      if (!id || !json_object_get(c, "get"))
        continue;
      GPtrArray *messages = g_hash_table_lookup(formats, id);
      if (!messages) {
        messages = g_ptr_array_new_with_free_func(free_message);
        g_hash_table_insert(formats, g_strdup(id), messages);
      }
      g_ptr_array_add(messages, read_case(c));
    }
  }
  return formats;
}

static void
run(CasaDecoder *decoder, CasaDecoded *decoded, const CasaFormat *format, const GPtrArray *messages)
{
  guint64 n = 0, bytes = 0;
  gint64 begin = g_get_monotonic_time(), now = begin;
  for (; now - begin < SPAN_US; now = g_get_monotonic_time())
    for (guint i = 0; i < messages->len; i++, n++) {
      const Message *m = messages->pdata[i];
      CasaTopic topic;
      if (casa_topic_parse("casa/v1", m->topic, strlen(m->topic), &topic, NULL))
        casa_decoder_decode(decoder, &topic, m->payload->str, m->payload->len, NOW, decoded);
      bytes += m->payload->len;
    }
  printf("%-16s %7.2f us a message of %4.0f bytes\n", format->id, (double)(now - begin) / (double)n, (double)bytes / (double)n);
}

int
main(void)
{
  static const CasaWireLimits limits = {
    .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = 600000, .max_batch = 65536, .max_readings = 1000
  };
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  g_autoptr(GHashTable) messages = load(CASA_SOURCE_ROOT "/tests/wire/formats");
  guint n;
  const CasaFormat *const *formats = casa_formats(&n);
  if (!metrics)
    return 1;
  g_autoptr(CasaDecoder) decoder = casa_decoder_new(metrics, &limits);
  g_autoptr(CasaDecoded) decoded = casa_decoded_new();
  for (guint i = 0; i < n; i++) {
    const GPtrArray *mine = g_hash_table_lookup(messages, formats[i]->id);
    if (mine)
      run(decoder, decoded, formats[i], mine);
  }
  return 0;
}
