/* SPDX-License-Identifier: Apache-2.0 */
/* What a message costs from the call that brings it to its row, without broker and paho: microseconds of processor time, of
 * messages with a time and `seq` of their own and of those with neither. The least of several rounds, each with a fresh store;
 * the two kinds take turns. bench/compare builds this file in the tree of version 0.1.0, too. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "ingest/ingest.h"

#define TOPICS 500
#define ROUNDS 7

static double
processor_us(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
take(CasaIngest *ingest, guint i, gboolean timed, gint64 first_ms)
{
  char topic[80], payload[160];
  int t = g_snprintf(topic, sizeof topic, "casa/v1/kit/energy/sub-%03u/load_mw", i % TOPICS), p;
  guint whole = i * 7919 % 100, part = i * 104729 % 100;
  char own[60] = "";
  if (timed)
    g_snprintf(own, sizeof own, "\"t\":%" G_GINT64_FORMAT ",\"seq\":%u,", first_ms + i * 10, i);
  p = g_snprintf(payload, sizeof payload, "{%s\"value\":%u.%02u,\"unit\":\"MW\",\"model\":\"meter-3\",\"fw\":\"2.1.0\"}", own,
                 whole, part);
  CasaMessage message = { .topic = topic, .topic_len = (gsize)t, .payload = payload, .payload_len = (gsize)p, .qos = 1 };
  if (!casa_ingest_message(&message, ingest))
    g_error("the store took no more");
}

static double
one_round(guint n, gboolean timed)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("casa-take-XXXXXX", NULL), *path = g_build_filename(dir, "pulse.db", NULL);
  CasaConfigOverrides overrides = { .store = path };
  g_autoptr(CasaConfig) config = casa_config_load(&overrides, &error);
  g_autoptr(CasaMetrics) metrics = config ? casa_metrics_load(config->dir, &error) : NULL;
  CasaStoreOptions options = { .path = path };
  CasaStore *store = metrics ? casa_store_open(&options, NULL, &error) : NULL;
  if (!store)
    g_error("%s", error->message);
  CasaCounters *counters = casa_counters_new();
  CasaIngest *ingest = casa_ingest_new(config, metrics, store, NULL, counters);
  gint64 first_ms = casa_clock_now_ms() - 3600000;
  for (guint i = 0; i < TOPICS; i++)
    take(ingest, i, timed, first_ms);
  double begun = processor_us();
  for (guint i = TOPICS; i < TOPICS + n; i++)
    take(ingest, i, timed, first_ms);
  double spent = (processor_us() - begun) / n;
  casa_ingest_free(ingest);
  if (casa_store_last_id(store) != TOPICS + (gint64)n)
    g_error("%" G_GINT64_FORMAT " samples stored of %u", casa_store_last_id(store), TOPICS + n);
  casa_counters_free(counters);
  casa_store_close(store);
  g_autofree char *command = g_strdup_printf("rm -r '%s'", dir);
  return g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL) ? spent : 0;
}

int
main(int argc, char **argv)
{
  guint n = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 50000;
  guint rounds = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : ROUNDS;
  double least[2] = { G_MAXDOUBLE, G_MAXDOUBLE };
  for (guint i = 0; i < rounds; i++)
    for (guint timed = 0; timed < 2; timed++)
      least[timed] = MIN(least[timed], one_round(n, timed == 1));
  printf("1 value, with time and seq     %6.2f us CPU a message\n1 value, neither time nor seq     %6.2f us CPU a message\n",
         least[1], least[0]);
  return 0;
}
