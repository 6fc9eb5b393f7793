/* SPDX-License-Identifier: Apache-2.0 */
/* How fast casa-sim is on one core, and in how much memory: the model alone, printed, and printed as sensors in the field would
 * have it, for the catalogue and for 10,000 stations; and a table played with --from-csv. Each round is a process of its own,
 * so that the memory is its own too; cases take turns, so that a neighbour on the machine disturbs all of them alike. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "casa-build.h"
#include "replay/replay.h"
#include "run.h"

#define ROUNDS 5
#define TABLE_ROWS 500000

typedef struct {
  const char *name;
  guint stations; /* 0: the catalogue */
  gint64 duration_ms;
  gboolean printed;
  guint faults;
  const char *table; /* instead of the city */
} Case;

typedef struct {
  double rates[ROUNDS], mib;
} Result;

static gboolean
forget(CasaSimSink *sink, const char *topic, const GString *payload, guint n_values)
{
  return TRUE;
}

static gboolean
forget_end(CasaSimSink *sink)
{
  return TRUE;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Samples a second; the world is built before the clock starts. */
static double
play_city(const Case *c, int fd)
{
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", NULL);
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_new();
  g_autoptr(CasaSimModel) model = casa_sim_model_new(city, scenario, 1);
  g_autoptr(CasaSimWorld) world = casa_sim_world_new(model, "casa/v1", c->stations);
  CasaSimPlan plan = { .start_ms = G_GINT64_CONSTANT(1779348600000), /* 2026-05-21 08:30 in Casablanca */
                       .backfill_step_ms = 300000,
                       .duration_ms = c->duration_ms,
                       .step_ms = 100,
                       .speed = 1,
                       .faults = c->faults };
  CasaSimSink nothing = { .send = forget, .finish = forget_end }, *lines = casa_sim_lines_new(fd);
  CasaSimRunStats stats;
  gint64 begin = casa_clock_mono_us();
  casa_sim_run(world, &plan, c->printed ? lines : &nothing, &stats);
  double seconds = (double)(casa_clock_mono_us() - begin) / 1e6;
  casa_sim_lines_free(lines);
  return (double)stats.sent.samples / seconds;
}

static void
no_complaint(gpointer data, guint64 line, const char *text)
{
}

static double
play_table(const Case *c, int fd)
{
  static const char mapping[] =
    "[replay]\ndomain = air\n[time]\ncolumn = t\nformat = %d/%m/%Y %H:%M:%S\nzone = Africa/Casablanca\n"
    "[station]\ncolumn = site\n[value pm10]\ncolumn = pm10\n[value no2]\ncolumn = no2\nunit = ppb\n";
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  g_autoptr(CasaSimMap) map = casa_sim_map_new(casa_keyfile_parse(mapping, sizeof mapping - 1, "map", NULL), metrics, NULL);
  g_autoptr(GFile) file = g_file_new_for_path(c->table);
  g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, NULL);
  g_autoptr(CasaSimCsv) csv = casa_sim_csv_new(G_INPUT_STREAM(stream), 0, NULL);
  g_autoptr(CasaSimRows) rows = casa_sim_rows_new(csv, map, metrics, "casa/v1", "bench", no_complaint, NULL, NULL);
  CasaSimReplayPlan plan = { .dating = CASA_SIM_REPLAY_RECORDED, .from_ms = G_MININT64, .to_ms = G_MAXINT64 };
  CasaSimReplayCounts counts;
  CasaSimSink *lines = casa_sim_lines_new(fd);
  gint64 begin = casa_clock_mono_us();
  casa_sim_replay(rows, map, "casa/v1", "bench", &plan, lines, &counts);
  double seconds = (double)(casa_clock_mono_us() - begin) / 1e6;
  casa_sim_lines_free(lines);
  return (double)counts.samples / seconds;
}

static char *
write_table(const char *dir)
{
  char *path = g_build_filename(dir, "table.csv", NULL);
  FILE *f = g_fopen(path, "w");
  fputs("t;site;pm10;no2\n", f);
  for (guint i = 0; i < TABLE_ROWS; i++)
    fprintf(f, "%02u/05/2026 %02u:%02u:%02u;Site %u;%u,%u;%u\n", i / 86400 + 1, i / 3600 % 24, i / 60 % 60, i % 60, i % 40,
            20 + i % 61, i % 10, i % 97);
  fclose(f);
  return path;
}

/* In a child: its rate through a pipe, its memory from the system. */
static void
round_of(const Case *c, guint round, Result *out)
{
  int ends[2], status = 0;
  struct rusage usage = { 0 };
  if (pipe(ends) != 0)
    exit(1);
  pid_t child = fork();
  if (child == 0) {
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    double rate = c->table ? play_table(c, fd) : play_city(c, fd);
    _exit(write(ends[1], &rate, sizeof rate) == sizeof rate ? 0 : 1);
  }
  close(ends[1]);
  gboolean ok = read(ends[0], &out->rates[round], sizeof(double)) == sizeof(double);
  close(ends[0]);
  wait4(child, &status, 0, &usage);
  if (!ok || status != 0) {
    g_printerr("bench-sim: %s failed\n", c->name);
    exit(1);
  }
  out->mib = MAX(out->mib, (double)usage.ru_maxrss / 1024);
}

int
main(int argc, char **argv)
{
  g_autofree char *dir = g_dir_make_tmp("casa-bench-XXXXXX", NULL), *table = write_table(dir);
  const Case cases[] = {
    { "the catalogue, model alone", 0, 900000, FALSE, CASA_SIM_CLEAN, NULL },
    { "the catalogue, printed", 0, 900000, TRUE, CASA_SIM_CLEAN, NULL },
    { "the catalogue, printed, sensors in the field", 0, 900000, TRUE, CASA_SIM_FIELD, NULL },
    { "10,000 stations, model alone", 10000, 120000, FALSE, CASA_SIM_CLEAN, NULL },
    { "10,000 stations, printed", 10000, 120000, TRUE, CASA_SIM_CLEAN, NULL },
    { "10,000 stations, printed, sensors in the field", 10000, 120000, TRUE, CASA_SIM_FIELD, NULL },
    { "a table of 500,000 rows, printed", 0, 0, TRUE, CASA_SIM_CLEAN, table },
  };
  Result results[G_N_ELEMENTS(cases)] = { 0 };
  for (guint round = 0; round < ROUNDS; round++) {
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
      round_of(&cases[i], round, &results[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    double *rates = results[i].rates;
    qsort(rates, ROUNDS, sizeof *rates, by_value);
    g_print("%-48s %9.0f samples/s (median of %d, %.0f to %.0f), %.1f MiB at most\n", cases[i].name, rates[ROUNDS / 2], ROUNDS,
            rates[0], rates[ROUNDS - 1], results[i].mib);
  }
  g_unlink(table);
  g_rmdir(dir);
  return 0;
}
