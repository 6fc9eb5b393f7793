/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/power.h"

#define SUPPLIES "/sys/class/power_supply"
#define LOOK_US (10 * G_USEC_PER_SEC)

static struct {
  gboolean asked_for, on_battery;
  gint64 looked_us; /* monotonic; 0: never */
} power;

/* The first line of @dir/@name/@file is @word. */
static gboolean
says(const char *dir, const char *name, const char *file, const char *word)
{
  g_autofree char *path = g_build_filename(dir, name, file, NULL), *text = NULL;

  return g_file_get_contents(path, &text, NULL, NULL) && g_str_equal(g_strstrip(text), word);
}

gboolean
casa_power_on_battery(const char *dir)
{
  g_autoptr(GDir) supplies = g_dir_open(dir, 0, NULL);
  gboolean emptied = FALSE;

  for (const char *name; supplies && (name = g_dir_read_name(supplies)) != NULL;)
    emptied |=
      says(dir, name, "type", "Battery") && says(dir, name, "status", "Discharging") && !says(dir, name, "scope", "Device");
  return emptied;
}

void
casa_power_set_frugal(gboolean frugal)
{
  power.asked_for = frugal;
}

gboolean
casa_power_is_frugal(void)
{
  gint64 now_us = g_get_monotonic_time();

  if (power.looked_us == 0 || now_us - power.looked_us >= LOOK_US) {
    power.looked_us = now_us;
    power.on_battery = casa_power_on_battery(SUPPLIES);
  }
  return power.asked_for || power.on_battery;
}
