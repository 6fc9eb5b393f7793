/* SPDX-License-Identifier: Apache-2.0 */
/* How fast `casa-sim --stdout` is: samples a second on one core, for the catalogue and for 10,000 stations, and memory. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "casa-build.h"
#include "run.h"

#define ROUNDS 5

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Samples a second of one run; the world is built before the clock starts. */
static double round_of(const CasaCity *city, const CasaSimScenario *scenario, guint stations, gint64 duration_ms, int fd) {
  g_autoptr(CasaSimModel) model = casa_sim_model_new(city, scenario, 1);
  g_autoptr(CasaSimWorld) world = casa_sim_world_new(model, "casa/v1", stations);
  CasaSimPlan plan = {.start_ms = G_GINT64_CONSTANT(1779348600000), /* 2026-05-21 08:30 in Casablanca */
                      .backfill_step_ms = 300000, .duration_ms = duration_ms, .step_ms = 100, .speed = 1};
  CasaSimRunStats stats;
  CasaSimSink *sink = casa_sim_lines_new(fd);
  gint64 begin = casa_clock_mono_us();
  casa_sim_run(world, &plan, sink, &stats);
  double seconds = (double)(casa_clock_mono_us() - begin) / 1e6;
  casa_sim_lines_free(sink);
  return (double)stats.field.samples / seconds;
}

int main(int argc, char **argv) {
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_new();
  int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (!city || fd < 0) {
    g_printerr("bench-sim: %s\n", error ? error->message : "no /dev/null");
    return 1;
  }
  static const guint sizes[] = {0, 10000};
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
    double rates[ROUNDS];
    for (guint i = 0; i < ROUNDS; i++)
      rates[i] = round_of(city, scenario, sizes[s], sizes[s] ? 180000 : 1800000, fd);
    qsort(rates, ROUNDS, sizeof *rates, by_value);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    g_print("casa-sim --stdout, %s: %.0f samples/s (median of %d, %.0f to %.0f), %.1f MiB resident at most\n",
            sizes[s] ? "10,000 stations" : "the catalogue", rates[ROUNDS / 2], ROUNDS, rates[0], rates[ROUNDS - 1],
            (double)usage.ru_maxrss / 1024);
  }
  close(fd);
  return 0;
}
