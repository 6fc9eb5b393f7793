/* SPDX-License-Identifier: Apache-2.0 */
/* The store alone: a backfill of a day through the front door while upkeep runs, then the reads that a screen makes. */
#include <glib/gstdio.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "store/reader.h"

#define STATIONS 400
#define FIELDS 3
#define DAY_MS G_GINT64_CONSTANT(86400000)
#define T0 G_GINT64_CONSTANT(1779321600000)

static const char *const metrics[FIELDS] = { "load_mw", "solar_mw", "voltage_v" };

static double
ms_since(gint64 begun_us)
{
  return (casa_clock_mono_us() - begun_us) / 1000.0;
}

static int
compare_gint64(gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

static void
fill(CasaReading *reading, guint station, gint64 t_ms)
{
  *reading = (CasaReading){ .t_ms = t_ms, .time_source = CASA_TIME_PAYLOAD, .n_fields = FIELDS };
  g_strlcpy(reading->source, "city", sizeof reading->source);
  g_strlcpy(reading->domain, "energy", sizeof reading->domain);
  g_snprintf(reading->station, sizeof reading->station, "%s-%03u", station < 30 ? "sub" : "other", station);
  for (guint i = 0; i < FIELDS; i++) {
    g_strlcpy(reading->fields[i].metric, metrics[i], sizeof reading->fields[i].metric);
    reading->fields[i].value = (t_ms / 1000 * 7919 + station * 31 + i) % 1000 / 10.0;
  }
}

/* Messages of @samples samples; how long each put took goes to @waits. */
static void
backfill(CasaStore *store, guint samples, GArray *waits)
{
  gint64 step_ms = DAY_MS / MAX(samples / FIELDS / STATIONS, 1);
  g_autoptr(GError) error = NULL;
  CasaReading reading;
  CasaPut put;
  for (guint m = 0; m < samples / FIELDS; m++) {
    fill(&reading, m % STATIONS, T0 + (gint64) (m / STATIONS) * step_ms);
    gint64 begun = casa_clock_mono_us();
    if (!casa_store_put_reading(store, &reading, T0 + DAY_MS, &put, &error))
      g_error("%s", error->message);
    gint64 took = casa_clock_mono_us() - begun;
    g_array_append_val(waits, took);
  }
}

static void
report_backfill(CasaStore *store, guint samples, gboolean with_upkeep)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) waits = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (with_upkeep)
    casa_store_start_upkeep(store);
  gint64 begun = casa_clock_mono_us();
  backfill(store, samples, waits);
  double s = ms_since(begun) / 1000;
  gint64 after = casa_clock_mono_us();
  if (!casa_store_upkeep(store, T0 + DAY_MS, &error))
    g_error("%s", error->message);
  g_array_sort(waits, compare_gint64);
  g_print("backfill of %u samples, upkeep %-4s  %8.0f samples/s  %7.0f messages/s  put p50 %" G_GINT64_FORMAT
          " us  p99 %" G_GINT64_FORMAT " us  max %.1f ms  rollups behind by %.0f ms\n",
          samples, with_upkeep ? "on" : "off", samples / s, samples / FIELDS / s,
          g_array_index(waits, gint64, waits->len / 2), g_array_index(waits, gint64, waits->len - waits->len / 100 - 1),
          g_array_index(waits, gint64, waits->len - 1) / 1000.0, ms_since(after));
}

static void
report_reads(const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(path, &error);
  if (!reader)
    g_error("%s", error->message);
  for (int round = 0; round < 2; round++) {
    gint64 width, begun = casa_clock_mono_us();
    g_autoptr(GArray) sum =
      casa_reader_fold(reader, NULL, "energy", "sub-", "load_mw", T0, T0 + DAY_MS, 300000, CASA_FOLD_SUM, &error);
    g_print("%-4s fold of 30 stations, a day by 5 min: %u buckets in %.1f ms\n", round ? "warm" : "cold", sum->len,
            ms_since(begun));
    begun = casa_clock_mono_us();
    g_autoptr(GArray) day = casa_reader_series(reader, 40, T0, T0 + DAY_MS, 1000, &width, &error);
    g_print("%-4s series, a day in 1000 columns: %u buckets of %" G_GINT64_FORMAT " ms in %.1f ms\n",
            round ? "warm" : "cold", day->len, width, ms_since(begun));
    begun = casa_clock_mono_us();
    g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
    g_print("%-4s latest of %u series in %.1f ms\n", round ? "warm" : "cold", latest->len, ms_since(begun));
  }
}

static void
report_open(const CasaStoreOptions *options)
{
  g_autoptr(GError) error = NULL;
  gint64 begun = casa_clock_mono_us();
  CasaStore *store = casa_store_open(options, NULL, &error);
  if (!store)
    g_error("%s", error->message);
  g_print("open: %.1f ms\n", ms_since(begun));
  casa_store_close(store);
}

static void
remove_store(const char *path)
{
  static const char *const parts[] = { "", "-wal", "-shm", ".lock" };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *name = g_strconcat(path, parts[i], NULL);
    g_remove(name);
  }
}

int
main(int argc, char **argv)
{
  guint samples = argc > 1 ? (guint) g_ascii_strtoull(argv[1], NULL, 10) : 500000;
  g_autofree char *folder = g_dir_make_tmp("casa-bench-store-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "pulse.db", NULL);
  for (int upkeep = 0; upkeep < 2; upkeep++) {
    g_autoptr(GError) error = NULL;
    CasaStoreOptions options = { .path = path };
    CasaStore *store = casa_store_open(&options, NULL, &error);
    if (!store)
      g_error("%s", error->message);
    report_backfill(store, samples, upkeep);
    casa_store_close(store);
    GStatBuf info;
    if (g_stat(path, &info) == 0)
      g_print("file: %.1f bytes a sample, index and rollups in it\n", (double) info.st_size / samples);
    if (upkeep) {
      report_reads(path);
      report_open(&options);
    }
    remove_store(path);
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  g_print("memory: %.1f MB at most\n", usage.ru_maxrss / 1024.0);
  g_rmdir(folder);
  return 0;
}
