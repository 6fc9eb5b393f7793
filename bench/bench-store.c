/* SPDX-License-Identifier: Apache-2.0 */
/* The store alone: what comes in through the front door while it is sealed, what a sample costs on disk, and the reads that
 * a screen makes when it opens, on a day of a city and on a month. */
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "store/reader.h"
#include "wire/decoder.h"

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define T0 G_GINT64_CONSTANT(1779321600000)
#define ROUNDS 5

/* What a shape's samples look like. Values walk at random, rounded to one decimal. */
typedef struct {
  const char *name;
  guint stations, fields;
  gint64 step_ms;
  guint jitter_ms;
  gboolean history; /* arrives all at once, not as it is measured */
} Shape;

static double
ms_since(gint64 begun_us)
{
  return (double)(casa_clock_mono_us() - begun_us) / 1000.0;
}

static int
compare_gint64(gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

static int
compare_double(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median(double *ms, guint n)
{
  qsort(ms, n, sizeof *ms, compare_double);
  return ms[n / 2];
}

/* --- A store of its own --- */

typedef struct {
  char *folder;
  CasaStoreOptions options;
  CasaStore *store;
} BenchStore;

static void
fail(GError *error)
{
  if (error)
    g_error("%s", error->message);
}

static void
bench_store_open(BenchStore *self)
{
  GError *error = NULL;
  self->store = casa_store_open(&self->options, NULL, &error);
  fail(error);
}

static BenchStore
bench_store_new(void)
{
  BenchStore self = { .folder = g_dir_make_tmp("casa-bench-store-XXXXXX", NULL) };
  self.options.path = g_build_filename(self.folder, "pulse.db", NULL);
  bench_store_open(&self);
  return self;
}

static void
bench_store_clear(BenchStore *self)
{
  static const char *const parts[] = { "", "-wal", "-shm", ".lock" };
  casa_store_close(self->store);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *name = g_strconcat(self->options.path, parts[i], NULL);
    g_remove(name);
  }
  g_rmdir(self->folder);
  g_free((char *)self->options.path);
  g_free(self->folder);
}

static void
upkeep(BenchStore *self)
{
  GError *error = NULL;
  if (!casa_store_upkeep(self->store, T0, &error))
    fail(error);
}

static double
megabytes(BenchStore *self)
{
  GStatBuf info;
  return g_stat(self->options.path, &info) == 0 ? (double)info.st_size / 1e6 : 0;
}

/* --- Samples --- */

typedef struct {
  const Shape *shape;
  GRand *rand;
  double *values; /* by series */
  guint64 next;   /* message */
  gint64 count;   /* samples so far */
} Source;

static void
source_init(Source *self, const Shape *shape)
{
  *self = (Source){ .shape = shape, .rand = g_rand_new_with_seed(7) };
  self->values = g_new(double, shape->stations * shape->fields);
  for (guint i = 0; i < shape->stations * shape->fields; i++)
    self->values[i] = 20 + i % 70;
}

static void
source_clear(Source *self)
{
  g_rand_free(self->rand);
  g_free(self->values);
}

/* Message number @m: stations take turns. Returns when it arrives. */
static gint64
source_next(Source *self, guint64 m, CasaReading *reading)
{
  static const char *const metrics[] = { "load_mw", "solar_mw", "voltage_v" };
  const Shape *shape = self->shape;
  guint station = (guint)(m % shape->stations);
  gint64 t = T0 + (gint64)(m / shape->stations) * shape->step_ms + station * 7 % shape->step_ms;
  reading->t_ms = t + (shape->jitter_ms ? g_rand_int_range(self->rand, 0, (gint32)shape->jitter_ms) : 0);
  reading->time_source = CASA_TIME_PAYLOAD;
  reading->has_seq = FALSE;
  reading->n_fields = shape->fields;
  g_strlcpy(reading->source, "city", sizeof reading->source);
  g_strlcpy(reading->domain, "energy", sizeof reading->domain);
  g_snprintf(reading->station, sizeof reading->station, "%s-%03u", station < 30 ? "sub" : "other", station);
  for (guint i = 0; i < shape->fields; i++) {
    double *value = &self->values[station * shape->fields + i];
    *value = rint((*value + g_rand_double_range(self->rand, -1, 1)) * 10) / 10;
    g_strlcpy(reading->fields[i].metric, metrics[i], sizeof reading->fields[i].metric);
    reading->fields[i].value = *value;
  }
  self->count += shape->fields;
  return shape->history ? T0 + 40 * DAY_MS : reading->t_ms + g_rand_int_range(self->rand, 2, 120);
}

/* @waits: NULL, or how long each put took. */
static void
feed(BenchStore *bench, Source *source, guint64 messages, GArray *waits)
{
  GError *error = NULL;
  CasaField fields[CASA_FIELDS_MAX];
  CasaReading reading = { .fields = fields };
  CasaPut put;
  for (guint64 i = 0; i < messages; i++) {
    gint64 received = source_next(source, source->next++, &reading), begun = casa_clock_mono_us();
    if (!casa_store_put_reading(bench->store, &reading, received, &put, &error))
      fail(error);
    gint64 took = casa_clock_mono_us() - begun;
    if (waits)
      g_array_append_val(waits, took);
  }
}

/* --- Coming in --- */

static void
report_puts(const Shape *shape, guint samples)
{
  double rates[ROUNDS];
  g_autoptr(GArray) waits = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint round = 0; round < ROUNDS; round++) {
    BenchStore bench = bench_store_new();
    Source source;
    source_init(&source, shape);
    casa_store_start_upkeep(bench.store);
    gint64 begun = casa_clock_mono_us();
    feed(&bench, &source, samples / shape->fields, waits);
    rates[round] = (double)source.count / shape->fields / ms_since(begun) * 1000;
    source_clear(&source);
    bench_store_clear(&bench);
  }
  g_array_sort(waits, compare_gint64);
  const gint64 *w = (const gint64 *)(void *)waits->data;
  double rate = median(rates, ROUNDS);
  g_print("  %-34s %8.0f messages/s  %8.0f samples/s  put p50 %" G_GINT64_FORMAT " us  p99 %" G_GINT64_FORMAT
          " us  max %.1f ms\n",
          shape->name, rate, rate * shape->fields, w[waits->len / 2], w[waits->len - waits->len / 100 - 1],
          (double)w[waits->len - 1] / 1000.0);
}

/* --- On disk --- */

/* Size of a store of @rounds times 20,000 samples, bytes; @sealed as often as that, as it is in life, so that what was
 * unsealed leaves no free pages worth counting. */
static double
size_of(const Shape *shape, guint rounds, gboolean sealed, double *out_samples)
{
  BenchStore bench = bench_store_new();
  Source source;
  source_init(&source, shape);
  for (guint i = 0; i < rounds; i++) {
    feed(&bench, &source, 20000 / shape->fields, NULL);
    if (sealed)
      upkeep(&bench);
  }
  *out_samples = (double)source.count;
  g_clear_pointer(&bench.store, casa_store_close);
  double bytes = megabytes(&bench) * 1e6;
  source_clear(&source);
  bench_store_clear(&bench);
  return bytes;
}

/* Two stores, one with twice the samples: the difference is what samples cost, without names and free pages. */
static double
bytes_a_sample(const Shape *shape, guint rounds, gboolean sealed)
{
  double n1, n2, half = size_of(shape, rounds, sealed, &n1), whole = size_of(shape, rounds * 2, sealed, &n2);
  return (whole - half) / (n2 - n1);
}

/* --- Opening --- */

typedef struct {
  double open, reader, latest, charts, fold, total;
} Opened;

/* What a program does until its screen is full: the store, the latest of all series, twenty charts of a day, a total. */
static Opened
open_screen(BenchStore *bench, gint64 end_ms)
{
  Opened o;
  GError *error = NULL;
  casa_store_close(bench->store);
  gint64 all = casa_clock_mono_us(), begun = all;
  bench_store_open(bench);
  o.open = ms_since(begun);
  begun = casa_clock_mono_us();
  g_autoptr(CasaReader) reader = casa_reader_open(bench->options.path, &error);
  fail(error);
  g_autoptr(GArray) gaps = casa_reader_gaps(reader, 0, G_MAXINT64, &error);
  if (!gaps)
    fail(error);
  o.reader = ms_since(begun);
  begun = casa_clock_mono_us();
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
  if (!latest)
    fail(error);
  o.latest = ms_since(begun);
  begun = casa_clock_mono_us();
  for (guint i = 0; i < 20; i++) {
    g_autoptr(GArray) chart = casa_reader_series(reader, i * 37, end_ms - DAY_MS, end_ms, 1000, NULL, &error);
    if (!chart)
      fail(error);
  }
  o.charts = ms_since(begun);
  begun = casa_clock_mono_us();
  g_autoptr(GArray) sum =
    casa_reader_fold(reader, NULL, "energy", "", "load_mw", end_ms - DAY_MS, end_ms, 300000, CASA_FOLD_SUM, &error);
  if (!sum)
    fail(error);
  o.fold = ms_since(begun);
  o.total = ms_since(all);
  return o;
}

static double
report_opening(guint days, guint tail)
{
  const Shape shape = { .name = "city", .stations = 500, .fields = 3, .step_ms = 300000, .history = FALSE };
  BenchStore bench = bench_store_new();
  Source source;
  double all[6][ROUNDS];
  source_init(&source, &shape);
  for (guint day = 0; day < days; day++) {
    feed(&bench, &source, 288u * shape.stations, NULL);
    upkeep(&bench);
  }
  feed(&bench, &source, (guint64)tail / shape.fields, NULL);
  gint64 end = T0 + days * DAY_MS + (gint64)(tail / shape.fields / shape.stations) * shape.step_ms;
  for (guint round = 0; round < ROUNDS; round++) {
    Opened o = open_screen(&bench, end);
    const double parts[6] = { o.open, o.reader, o.latest, o.charts, o.fold, o.total };
    for (guint i = 0; i < 6; i++)
      all[i][round] = parts[i];
  }
  for (guint i = 0; i < 6; i++)
    median(all[i], ROUNDS);
#define OF(i) all[i][ROUNDS / 2]
  g_print("  %2u days, %6.2f M samples, %6.1f MB: %6.1f ms  (store %.1f, reader %.1f, latest of 1,500 series %.1f, 20 charts "
          "of a day %.1f, sum of 500 stations by 5 min %.1f)\n",
          days, (double)source.count / 1e6, megabytes(&bench), OF(5), OF(0), OF(1), OF(2), OF(3), OF(4));
  double total = OF(5);
#undef OF
  source_clear(&source);
  bench_store_clear(&bench);
  return total;
}

/* --- A stream of readings, as `casa-sim --stdout` prints them --- */

static gboolean
decode_line(CasaDecoder *decoder, char *line, CasaDecoded *out)
{
  char *payload = strchr(line, '\t');
  CasaTopic topic;
  CasaReason why;
  return payload && casa_topic_parse("casa/v1", line, (gsize)(payload - line), &topic, &why) &&
         (topic.kind == CASA_TOPIC_STATION_READING || topic.kind == CASA_TOPIC_METRIC_READING) &&
         casa_decoder_decode(decoder, &topic, payload + 1, strcspn(payload + 1, "\n"), casa_clock_now_ms(), out) &&
         out->readings->len == 1;
}

/* Bytes a sample of standard input. The first part of it pays for names, and for the pages that the journal leaves free. */
static int
report_stream(const char *config_dir)
{
  static char line[65536];
  GError *error = NULL;
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(config_dir, &error);
  fail(error);
  BenchStore bench = bench_store_new();
  guint64 messages = 0, samples = 0, half_samples = 0;
  double half = 0;
  static const CasaWireLimits limits = { .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = G_MAXINT32 };
  g_autoptr(CasaDecoder) decoder = casa_decoder_new(metrics, &limits);
  g_autoptr(CasaDecoded) decoded = casa_decoded_new();
  CasaPut put;
  while (fgets(line, sizeof line, stdin)) {
    if (!decode_line(decoder, line, decoded))
      continue;
    const CasaReading *reading = casa_decoded_reading(decoded, 0);
    if (!casa_store_put_reading(bench.store, reading, reading->t_ms + 5 + (gint64)(messages * 7919 % 90), &put, &error))
      fail(error);
    samples += put.fresh;
    if (++messages % 5000 != 0)
      continue;
    upkeep(&bench);
    if (messages == 20000) {
      half = megabytes(&bench);
      half_samples = samples;
    }
  }
  upkeep(&bench);
  g_print("%" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT " samples, %u series: %.1f MB; after the first 20,000 messages "
          "%.2f bytes a sample, hours in it\n",
          messages, samples, casa_catalogue_n_series(casa_store_catalogue(bench.store)), megabytes(&bench),
          (megabytes(&bench) - half) * 1e6 / (double)MAX(samples - half_samples, 1));
  bench_store_clear(&bench);
  return 0;
}

int
main(int argc, char **argv)
{
  if (argc == 3 && strcmp(argv[1], "--stdin") == 0)
    return report_stream(argv[2]);
  static const Shape one = { "500 series, 1 value a message", 500, 1, 1000, 0, FALSE };
  static const Shape three = { "1,200 series, 3 values a message", 400, 3, 1000, 0, FALSE };
  static const Shape sizes[] = {
    { "500 series at 1 Hz", 500, 1, 1000, 0, FALSE },
    { "the same, time jitters by 40 ms", 500, 1, 1000, 40, FALSE },
    { "1,500 series every 10 s, history", 500, 3, 10000, 0, TRUE },
  };
  guint samples = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 300000;
  guint days = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 30;
  g_print("coming in, %u samples, sealed beside, median of %d\n", samples, ROUNDS);
  report_puts(&one, samples / 2);
  report_puts(&three, samples);
  g_print("on disk, bytes a sample\n");
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    g_print("  %-34s %6.1f in the journal  %6.2f sealed\n", sizes[i].name, bytes_a_sample(&sizes[i], 5, FALSE),
            bytes_a_sample(&sizes[i], 25, TRUE));
  g_print("opening a city of 1,500 series, one sample in five minutes, 60,000 unsealed, median of %d\n", ROUNDS);
  double day = report_opening(1, 60000), month = report_opening(days, 60000);
  g_print("  ratio %.2f\n", month / day);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  g_print("memory: %.1f MB at most\n", (double)usage.ru_maxrss / 1024.0);
  return 0;
}
