/* SPDX-License-Identifier: Apache-2.0 */
/* A backlog drained to InfluxDB: samples a second, processor time a sample and memory of the sending side, against a sink
 * that throws everything away, a real influxd and a real victoria-metrics; and what the drain costs the ingest beside it.
 * Medians; the ratios are what to look at, the machine is shared.
 *
 * usage: bench-forward [SAMPLES [ROUNDS]] */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "forward/forwarder.h"
#include "influxd.h"
#include "process.h"
#include "sink.h"

#define STATIONS 250
#define FIELDS 4
#define ROUNDS 5
#define DEADLINE_US (300 * G_USEC_PER_SEC)
#define HURRY_MS 3000 /* how long ingest alone is measured */

static const char *const metrics[FIELDS] = { "pm10", "no2", "temp_c", "rh_pct" };

typedef struct {
  double per_s, cpu_us; /* samples a second; processor time a sample, of the whole sending process */
  double rss_mb;        /* by how much the process grew */
  double ingest_per_s;  /* 0: nothing was stored meanwhile */
} Measured;

static double
cpu_us(void)
{
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (double) (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double) (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* Resident memory now; the largest so far (ru_maxrss) would still show the round before. */
static double
rss_mb(void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
    return 0;
  const char *second = strchr(text, ' ');
  return second ? g_ascii_strtod(second + 1, NULL) * 4096 / 1048576 : 0;
}

static void
put(CasaStore *store, guint i, gint64 begin_ms)
{
  CasaReading reading = { .t_ms = begin_ms + (gint64) (i / STATIONS) * 1000 + i % STATIONS * 3,
                          .time_source = CASA_TIME_PAYLOAD, .n_fields = FIELDS };
  g_autoptr(GError) error = NULL;
  CasaPut done;
  g_strlcpy(reading.source, "city", sizeof reading.source);
  g_strlcpy(reading.domain, "air", sizeof reading.domain);
  g_snprintf(reading.station, sizeof reading.station, "air-station-%03u", i % STATIONS);
  for (guint k = 0; k < FIELDS; k++) {
    g_strlcpy(reading.fields[k].metric, metrics[k], sizeof reading.fields[k].metric);
    reading.fields[k].value = (i * 7919u + k * 104729u) % 10000 / 100.0;
  }
  if (!casa_store_put_reading(store, &reading, reading.t_ms, &done, &error))
    g_error("%s", error->message);
}

/* --- Ingest beside: one thread that stores as fast as it can --- */

typedef struct {
  CasaStore *store;
  guint first;
  gint64 begin_ms;
  gint stop; /* atomic */
  guint done;
} Ingest;

static gpointer
ingest_thread(gpointer data)
{
  Ingest *self = data;
  while (!g_atomic_int_get(&self->stop))
    put(self->store, self->first + self->done++, self->begin_ms);
  return NULL;
}

static double
ingest_alone(CasaStore *store, guint *next, gint64 begin_ms)
{
  Ingest ingest = { .store = store, .first = *next, .begin_ms = begin_ms };
  gint64 begun = casa_clock_mono_us();
  GThread *thread = g_thread_new("ingest", ingest_thread, &ingest);
  g_usleep(HURRY_MS * 1000);
  g_atomic_int_set(&ingest.stop, TRUE);
  g_thread_join(thread);
  *next += ingest.done;
  return ingest.done * FIELDS / ((double) (casa_clock_mono_us() - begun) / 1e6);
}

/* --- One drain --- */

static void
wait_forwarded(CasaCounters *counters, CasaForwarder *forwarder, guint64 samples)
{
  gint64 until = casa_clock_mono_us() + DEADLINE_US;
  CasaCounts counts;
  for (casa_counters_read(counters, &counts); counts.forwarded < samples; casa_counters_read(counters, &counts)) {
    CasaForwardStatus status;
    casa_forwarder_read(forwarder, &status);
    if (casa_clock_mono_us() > until)
      g_error("only %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " samples were taken: %s", counts.forwarded, samples,
              status.text);
    g_usleep(2000);
  }
}

/* Forwards everything in @store to @url; with @ingest also stores meanwhile, as fast as it goes. */
static Measured
drain(CasaStore *store, const char *url, guint64 samples, Ingest *ingest)
{
  CasaConfig config = { .influx_url = (char *) url };
  CasaCounters *counters = casa_counters_new();
  g_autoptr(GError) error = NULL;
  CasaForwarder *forwarder = casa_forwarder_new(&config, store, counters, &error);
  double rss = rss_mb(), cpu = cpu_us();
  gint64 begun = casa_clock_mono_us();
  if (!forwarder || !casa_forwarder_start(forwarder, &error))
    g_error("%s", error->message);
  GThread *thread = ingest ? g_thread_new("ingest", ingest_thread, ingest) : NULL;
  wait_forwarded(counters, forwarder, samples);
  double s = (double) (casa_clock_mono_us() - begun) / 1e6;
  Measured m = { .per_s = (double) samples / s, .cpu_us = (cpu_us() - cpu) / (double) samples, .rss_mb = rss_mb() - rss };
  if (ingest) {
    g_atomic_int_set(&ingest->stop, TRUE);
    g_thread_join(thread);
    m.ingest_per_s = ingest->done * FIELDS / s;
  }
  casa_forwarder_stop(forwarder, 0);
  casa_forwarder_free(forwarder);
  casa_counters_free(counters);
  return m;
}

/* --- The conductor --- */

static int
compare_rates(gconstpointer a, gconstpointer b)
{
  const Measured *x = a, *y = b;
  return (x->per_s > y->per_s) - (x->per_s < y->per_s);
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static CasaStore *
open_store(const char *path)
{
  CasaStoreOptions options = { .path = path };
  g_autoptr(GError) error = NULL;
  CasaStore *store = casa_store_open(&options, NULL, &error);
  if (!store)
    g_error("%s", error->message);
  return store;
}

/* A database of its own for every round, so that nothing is written over what is there already. */
static char *
url_of(const char *address, guint round, const char *what)
{
  return g_strdup_printf("%s/?db=%s%u", address, what, round);
}

static void
report(const char *name, const char *address, CasaStore *store, guint samples, guint rounds)
{
  g_autofree Measured *m = g_new0(Measured, rounds);
  for (guint i = 0; i < rounds; i++) {
    g_autofree char *url = url_of(address, i, "alone");
    m[i] = drain(store, url, samples, NULL);
  }
  qsort(m, rounds, sizeof *m, compare_rates);
  const Measured *median = &m[rounds / 2];
  printf("  %-18s %9.0f samples/s  (%.0f to %.0f)  %5.2f us CPU a sample  %5.1f MB more\n", name, median->per_s, m[0].per_s,
         m[rounds - 1].per_s, median->cpu_us, median->rss_mb);
  fflush(stdout);
}

/* Ingest at full speed with nothing beside it, and with the backlog drained beside it: in turns, on the same store. */
static void
report_beside(const char *name, const char *address, CasaStore *store, guint samples, guint *next, guint rounds)
{
  g_autofree double *alone = g_new0(double, rounds), *with = g_new0(double, rounds), *rate = g_new0(double, rounds);
  gint64 begin_ms = casa_clock_now_ms() - 86400000;
  for (guint i = 0; i < rounds; i++) {
    g_autofree char *url = url_of(address, i, "beside");
    alone[i] = ingest_alone(store, next, begin_ms);
    Ingest ingest = { .store = store, .first = *next, .begin_ms = begin_ms };
    Measured m = drain(store, url, samples, &ingest);
    *next += ingest.done;
    with[i] = m.ingest_per_s;
    rate[i] = m.per_s;
  }
  qsort(alone, rounds, sizeof *alone, compare_doubles);
  qsort(with, rounds, sizeof *with, compare_doubles);
  qsort(rate, rounds, sizeof *rate, compare_doubles);
  printf("  %-18s ingest alone %8.0f samples/s, beside a drain of %.0f samples/s %8.0f  ratio %.2f\n", name,
         alone[rounds / 2], rate[rounds / 2], with[rounds / 2], with[rounds / 2] / alone[rounds / 2]);
  fflush(stdout);
}

/* The forwarder's news would drown the table. */
static void
no_log(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

int
main(int argc, char **argv)
{
  guint samples = argc > 1 ? (guint) g_ascii_strtoull(argv[1], NULL, 10) : 600000;
  guint rounds = argc > 2 ? MAX(1, (guint) g_ascii_strtoull(argv[2], NULL, 10)) : ROUNDS;
  Sink *sink = sink_new(); /* first: it forks */
  g_autofree char *dir = test_dir_new(), *path = g_build_filename(dir, "pulse.db", NULL);
  CasaStore *store = open_store(path);
  gint64 begin_ms = casa_clock_now_ms() - 2 * G_GINT64_CONSTANT(86400000);
  guint next = 0;
  g_log_set_handler(NULL, G_LOG_LEVEL_MESSAGE, no_log, NULL);

  samples = MAX(samples / FIELDS, 1) * FIELDS;
  for (guint i = 0; i < samples / FIELDS; i++)
    put(store, i, begin_ms);
  g_autoptr(TestInfluxd) influxd = test_influxd_new(), victoria = test_influxd_new_victoria();
  printf("a backlog of %u samples, %u series, median of %u\n", samples, STATIONS * FIELDS, rounds);
  report("nothing but HTTP", sink_address(sink), store, samples, rounds);
  report("influxd", test_influxd_address(influxd), store, samples, rounds);
  report("victoria-metrics", test_influxd_address(victoria), store, samples, rounds);
  report_beside("nothing but HTTP", sink_address(sink), store, samples, &next, rounds);
  report_beside("influxd", test_influxd_address(influxd), store, samples, &next, rounds);
  casa_store_close(store);
  sink_free(sink);
  test_dir_remove(dir);
  return 0;
}
