/* SPDX-License-Identifier: Apache-2.0 */
/* How long a message waits at worst while the store packs, trims and checkpoints beside: with the data of a city, and with
 * data that packs badly. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "store/store.h"

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define T0 G_GINT64_CONSTANT(1779321600000)

typedef struct {
  const char *name;
  guint stations;
  gint64 step_ms;   /* between samples of one station */
  gint64 spread_ms; /* and this much late at random */
  gboolean wide;    /* values of all sizes, no decimals */
} Shape;

static void
fail(GError *error)
{
  if (error)
    g_error("%s", error->message);
}

static int
compare_gint64(gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

/* A double of any size, as a broken sensor or a unit mistaken may give it. */
static double
wide_value(GRand *rand)
{
  return ldexp(g_rand_double_range(rand, 0.5, 1), g_rand_int_range(rand, -300, 300));
}

/* Valid until the next. */
static CasaReading
message(const Shape *shape, GRand *rand, guint n)
{
  static CasaField field;
  CasaReading reading = { .time_source = CASA_TIME_PAYLOAD, .n_fields = 1, .fields = &field };
  guint station = n % shape->stations;
  reading.t_ms = T0 + (gint64)(n / shape->stations) * shape->step_ms + station * 7 % shape->step_ms;
  if (shape->spread_ms > 0)
    reading.t_ms -= (gint64)g_rand_double_range(rand, 0, (double)shape->spread_ms);
  g_strlcpy(reading.source, "city", sizeof reading.source);
  g_strlcpy(reading.domain, "energy", sizeof reading.domain);
  g_snprintf(reading.station, sizeof reading.station, "s-%05u", station);
  g_strlcpy(reading.fields[0].metric, "load_mw", sizeof reading.fields[0].metric);
  reading.fields[0].value = shape->wide ? wide_value(rand) : rint(g_rand_double_range(rand, 0, 1000)) / 10;
  return reading;
}

static void
remove_store(const char *folder, const char *path)
{
  static const char *const parts[] = { "", "-wal", "-shm", ".lock" };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *name = g_strconcat(path, parts[i], NULL);
    g_remove(name);
  }
  g_rmdir(folder);
}

static void
report(const Shape *shape, guint messages)
{
  GError *error = NULL;
  g_autofree char *folder = g_dir_make_tmp("casa-bench-waits-XXXXXX", NULL), *path = g_build_filename(folder, "pulse.db", NULL);
  CasaStore *store = casa_store_open(&(CasaStoreOptions){ .path = path, .retention_ms = 40 * DAY_MS }, NULL, &error);
  fail(error);
  g_autoptr(GArray) waits = g_array_new(FALSE, FALSE, sizeof(gint64));
  GRand *rand = g_rand_new_with_seed(7);
  casa_store_start_upkeep(store);
  gint64 all = casa_clock_mono_us();
  for (guint n = 0; n < messages; n++) {
    CasaReading reading = message(shape, rand, n);
    CasaPut put;
    gint64 begun = casa_clock_mono_us();
    if (!casa_store_put_reading(store, &reading, T0 + n, &put, &error))
      fail(error);
    gint64 took = casa_clock_mono_us() - begun;
    g_array_append_val(waits, took);
  }
  double seconds = (double)(casa_clock_mono_us() - all) / 1e6;
  g_array_sort(waits, compare_gint64);
  const gint64 *w = (const gint64 *)(void *)waits->data;
  guint above = 0;
  while (above < waits->len && w[waits->len - 1 - above] > 8000)
    above++;
  g_print("  %-46s %7.0f messages/s  p50 %" G_GINT64_FORMAT " us  p99.9 %.1f ms  above 8 ms %u of %u  max %.1f ms\n",
          shape->name, messages / seconds, w[waits->len / 2], (double)w[waits->len - waits->len / 1000 - 1] / 1000, above,
          waits->len, (double)w[waits->len - 1] / 1000);
  casa_store_close(store);
  remove_store(folder, path);
  g_rand_free(rand);
}

int
main(int argc, char **argv)
{
  static const Shape shapes[] = {
    { "500 series at 1 Hz", 500, 1000, 0, FALSE },
    { "500 series, up to a minute late", 500, 1000, 60000, FALSE },
    { "500 series, up to 30 days late", 500, 1000, 30 * DAY_MS, FALSE },
    { "500 series, values of all sizes", 500, 1000, 0, TRUE },
    { "20,000 series, a sample every 5 s", 20000, 5000, 0, FALSE },
    { "1 series at 1 kHz", 1, 1, 0, FALSE },
    { "1 series, up to 30 days late", 1, 1000, 30 * DAY_MS, FALSE },
    { "1 series, values of all sizes", 1, 1, 0, TRUE },
  };
  guint messages = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 250000;
  g_print("what a message waits while %u of them are packed beside\n", messages);
  for (guint i = 0; i < G_N_ELEMENTS(shapes); i++)
    report(&shapes[i], messages);
  return 0;
}
