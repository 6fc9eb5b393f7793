/* SPDX-License-Identifier: Apache-2.0 */
/* A backlog drained to InfluxDB: samples a second, processor time a sample and memory of the sending side, against a null
 * server that throws everything away, a real influxd and a real victoria-metrics; and what the drain costs the ingest beside
 * it, compared with other processes that take as much of the processors as forwarder and server do, and nothing else. Medians;
 * the ratios are what to look at, the machine is shared.
 *
 * usage: bench-forward [SAMPLES [ROUNDS]] */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "load-generator.h"
#include "forward/forwarder.h"
#include "influxd.h"
#include "process.h"
#include "null-server.h"

#define STATIONS 250
#define FIELDS 4
#define ROUNDS 5
#define DEADLINE_US (300 * G_USEC_PER_SEC)
#define FORWARDER_NICENESS 10 /* forwarder.c */
#define HURRY_MS 3000         /* how long ingest alone is measured */

static const char *const metrics[FIELDS] = { "pm10", "no2", "temp_c", "rh_pct" };

typedef struct {
  double per_s, cpu_us;               /* samples a second; processor time a sample, of the whole sending process */
  double rss_mb;                      /* by how much the process grew */
  double ingest_per_s;                /* 0: nothing was stored meanwhile */
  double forward_share, server_share; /* of one processor, while it went on */
} Measured;

static double
cpu_us(void)
{
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* Processor time that the forwarder's thread has used so far, in seconds. */
static double
forwarder_cpu_s(void)
{
  g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
  const char *task;
  while (tasks && (task = g_dir_read_name(tasks))) {
    g_autofree char *path = g_strdup_printf("/proc/self/task/%s/stat", task), *text = NULL;
    unsigned long user, system;
    if (g_file_get_contents(path, &text, NULL, NULL) && strstr(text, "(casa-forward)") &&
        sscanf(strrchr(text, ')') + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user, &system) == 2)
      return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
  }
  return 0;
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
  CasaField fields[FIELDS];
  CasaReading reading = { .t_ms = begin_ms + (gint64)(i / STATIONS) * 1000 + i % STATIONS * 3,
                          .time_source = CASA_TIME_PAYLOAD,
                          .n_fields = FIELDS,
                          .fields = fields };
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
  return ingest.done * FIELDS / ((double)(casa_clock_mono_us() - begun) / 1e6);
}

/* Beside processes that take what @m's forwarder and server took. A server has several threads, a load generator one. */
static double
ingest_beside_load(CasaStore *store, guint *next, gint64 begin_ms, const Measured *m)
{
  LoadGenerator *forwarder = load_generator_new(m->forward_share, FORWARDER_NICENESS);
  LoadGenerator *server[] = { load_generator_new(m->server_share / 2, 0), load_generator_new(m->server_share / 2, 0) };
  double rate = ingest_alone(store, next, begin_ms);
  load_generator_free(forwarder);
  load_generator_free(server[0]);
  load_generator_free(server[1]);
  return rate;
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

/* Until the server has shown that it keeps what it takes, which a victoria-metrics does after a second: that is no drain yet.
 * A batch may be on its way when this returns, not more. */
static void
wait_trusted(CasaForwarder *forwarder)
{
  gint64 until = casa_clock_mono_us() + DEADLINE_US;
  CasaForwardStatus status;
  for (casa_forwarder_read(forwarder, &status); status.state != CASA_FORWARD_OK; casa_forwarder_read(forwarder, &status)) {
    if (casa_clock_mono_us() > until)
      g_error("%s", status.text);
    g_usleep(500);
  }
}

/* Forwards everything in @store to @url, to @server where that is known; with @ingest also stores meanwhile, as fast as it
 * goes. */
static Measured
drain(CasaStore *store, const char *url, guint64 samples, TestInfluxd *server, Ingest *ingest)
{
  CasaConfig config = { .influx_url = (char *)url };
  CasaCounters *counters = casa_counters_new();
  g_autoptr(GError) error = NULL;
  CasaForwarder *forwarder = casa_forwarder_new(&config, store, counters, &error);
  if (!forwarder || !casa_forwarder_start(forwarder, &error))
    g_error("%s", error->message);
  wait_trusted(forwarder);
  double rss = rss_mb(), cpu = cpu_us(), server_s = server ? test_influxd_cpu_s(server) : 0;
  gint64 begun = casa_clock_mono_us();
  GThread *thread = ingest ? g_thread_new("ingest", ingest_thread, ingest) : NULL;
  wait_forwarded(counters, forwarder, samples);
  double s = (double)(casa_clock_mono_us() - begun) / 1e6;
  Measured m = { .per_s = (double)samples / s,
                 .cpu_us = (cpu_us() - cpu) / (double)samples,
                 .rss_mb = rss_mb() - rss,
                 .forward_share = forwarder_cpu_s() / s };
  m.server_share = server ? (test_influxd_cpu_s(server) - server_s) / s : 0;
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
  double x = *(const double *)a, y = *(const double *)b;
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
report(const char *name, const char *address, TestInfluxd *server, CasaStore *store, guint samples, guint rounds)
{
  g_autofree Measured *m = g_new0(Measured, rounds);
  for (guint i = 0; i < rounds; i++) {
    g_autofree char *url = url_of(address, i, "alone");
    m[i] = drain(store, url, samples, server, NULL);
  }
  qsort(m, rounds, sizeof *m, compare_rates);
  const Measured *median = &m[rounds / 2];
  printf("  %-18s %9.0f samples/s  (%.0f to %.0f)  %5.2f us CPU a sample  %5.1f MB more; of one processor: forwarder %.2f, "
         "server %.2f\n",
         name, median->per_s, m[0].per_s, m[rounds - 1].per_s, median->cpu_us, median->rss_mb, median->forward_share,
         median->server_share);
  fflush(stdout);
}

static double
median(GArray *values)
{
  g_array_sort(values, compare_doubles);
  return g_array_index(values, double, values->len / 2);
}

/* Ingest at full speed with nothing beside it, with the backlog drained beside it, and with strangers beside it that take as
 * much of the processors: in turns, on the same store. */
static void
report_beside(const char *name, const char *address, TestInfluxd *server, CasaStore *store, guint samples, guint *next,
              guint rounds)
{
  enum { ALONE, DRAIN, STRANGERS, RATE, FORWARDER, SERVER, N };
  gint64 begin_ms = casa_clock_now_ms() - 86400000;
  GArray *got[N];
  for (guint k = 0; k < N; k++)
    got[k] = g_array_new(FALSE, FALSE, sizeof(double));
  for (guint i = 0; i < rounds; i++) {
    g_autofree char *url = url_of(address, i, "beside");
    double alone = ingest_alone(store, next, begin_ms);
    Ingest ingest = { .store = store, .first = *next, .begin_ms = begin_ms };
    Measured m = drain(store, url, samples, server, &ingest);
    *next += ingest.done;
    double strangers = ingest_beside_load(store, next, begin_ms, &m);
    const double now[N] = { alone, m.ingest_per_s, strangers, m.per_s, m.forward_share, m.server_share };
    for (guint k = 0; k < N; k++)
      g_array_append_val(got[k], now[k]);
  }
  double alone = median(got[ALONE]), beside = median(got[DRAIN]), strangers = median(got[STRANGERS]);
  printf("  %-18s ingest alone %8.0f samples/s; beside a drain of %.0f samples/s %8.0f, ratio %.2f; beside strangers that take "
         "as much (%.2f and %.2f of one processor) %8.0f, ratio %.2f\n",
         name, alone, median(got[RATE]), beside, beside / alone, median(got[FORWARDER]), median(got[SERVER]), strangers,
         strangers / alone);
  fflush(stdout);
  for (guint k = 0; k < N; k++)
    g_array_unref(got[k]);
}

/* The forwarder's news would drown the table. */
static void
no_log(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

int
main(int argc, char **argv)
{
  guint samples = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 600000;
  guint rounds = argc > 2 ? MAX(1, (guint)g_ascii_strtoull(argv[2], NULL, 10)) : ROUNDS;
  NullServer *server = null_server_new(); /* first: it forks */
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
  report("nothing but HTTP", null_server_address(server), NULL, store, samples, rounds);
  report("influxd", test_influxd_address(influxd), influxd, store, samples, rounds);
  report("victoria-metrics", test_influxd_address(victoria), victoria, store, samples, rounds);
  report_beside("nothing but HTTP", null_server_address(server), NULL, store, samples, &next, rounds);
  report_beside("influxd", test_influxd_address(influxd), influxd, store, samples, &next, rounds);
  casa_store_close(store);
  null_server_free(server);
  test_dir_remove(dir);
  return 0;
}
