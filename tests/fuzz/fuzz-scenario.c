/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "events/scenario.h"

#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  GError *error = NULL;
  /* It looks for scenarios/NAME.conf below its folder. */
  g_autofree char *dir = g_build_filename(fuzz_scratch(), "scenarios", NULL);
  static gboolean linked;
  if (!linked)
    g_assert_cmpint(symlink(".", dir), ==, 0);
  linked = TRUE;
  fuzz_scratch_write("seed.conf", data, size);
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_load(fuzz_scratch(), "seed", &error);
  fuzz_check_error(scenario != NULL, error);
  if (scenario)
    g_assert_true(isfinite(scenario->temp_offset_c) && isfinite(scenario->cloud) && isfinite(scenario->traffic_factor) &&
                  scenario->cloud <= 1 && scenario->traffic_factor >= 0);
  return 0;
}
