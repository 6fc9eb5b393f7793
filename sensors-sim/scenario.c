/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

#include <string.h>

#include "base/error.h"
#include "base/keyfile.h"

static const char *const day_names[] = {"weekday", "friday", "saturday", "sunday"};

CasaSimScenario *casa_sim_scenario_new(void) {
  CasaSimScenario *self = g_new0(CasaSimScenario, 1);
  self->name = g_strdup("calendar");
  self->title = g_strdup("");
  self->day_kind = self->ramadan = CASA_SIM_AUTO;
  self->cloud = -1;
  self->traffic_factor = 1;
  return self;
}

void casa_sim_scenario_free(CasaSimScenario *self) {
  if (!self)
    return;
  g_free(self->name);
  g_free(self->title);
  g_free(self);
}

static gboolean read_day(CasaSimScenario *self, const CasaKeyfile *file, GError **error) {
  const char *day = casa_keyfile_get(file, "scenario", "day");
  if (!day || strcmp(day, "auto") == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(day_names); i++) {
    if (strcmp(day, day_names[i]) == 0) {
      self->day_kind = (int)i;
      return TRUE;
    }
  }
  return casa_keyfile_fail(file, "scenario", "day", error, "\"%s\" is no kind of day: write auto, weekday, friday, "
                           "saturday or sunday", day);
}

static gboolean read_ramadan(CasaSimScenario *self, const CasaKeyfile *file, GError **error) {
  const char *text = casa_keyfile_get(file, "scenario", "ramadan");
  if (!text || strcmp(text, "auto") == 0)
    return TRUE;
  gboolean on = FALSE;
  if (!casa_keyfile_get_bool(file, "scenario", "ramadan", &on, error))
    return FALSE;
  self->ramadan = on ? 1 : 0;
  return TRUE;
}

static gboolean read_scenario(CasaSimScenario *self, const CasaKeyfile *file, GError **error) {
  static const char *const scenario_keys[] = {"title", "day", "ramadan", NULL};
  static const char *const weather_keys[] = {"temperature_offset_c", "cloud", NULL};
  static const char *const traffic_keys[] = {"factor", NULL};
  for (const char *const *g = casa_keyfile_groups(file); *g; g++) {
    if (strcmp(*g, "scenario") != 0 && strcmp(*g, "weather") != 0 && strcmp(*g, "traffic") != 0)
      return casa_keyfile_fail(file, *g, NULL, error, "unknown group: write [scenario], [weather] or [traffic]");
  }
  const char *title = casa_keyfile_get(file, "scenario", "title");
  if (title) {
    g_free(self->title);
    self->title = g_strdup(title);
  }
  return casa_keyfile_check_keys(file, "scenario", scenario_keys, error) &&
         casa_keyfile_check_keys(file, "weather", weather_keys, error) &&
         casa_keyfile_check_keys(file, "traffic", traffic_keys, error) && read_day(self, file, error) &&
         read_ramadan(self, file, error) &&
         casa_keyfile_get_double(file, "weather", "temperature_offset_c", -10, 15, &self->temp_offset_c, error) &&
         casa_keyfile_get_double(file, "weather", "cloud", 0, 1, &self->cloud, error) &&
         casa_keyfile_get_double(file, "traffic", "factor", 0, 2, &self->traffic_factor, error);
}

static gint by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "derby-night, rain, weekday", for the message about a name that is not there. */
static char *names_in(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new();
  const char *entry;
  while (dir && (entry = g_dir_read_name(dir))) {
    if (g_str_has_suffix(entry, ".conf"))
      g_ptr_array_add(names, g_strndup(entry, strlen(entry) - strlen(".conf")));
  }
  g_ptr_array_sort(names, by_name);
  g_ptr_array_add(names, NULL);
  g_auto(GStrv) list = (char **)g_ptr_array_free(names, FALSE);
  return g_strjoinv(", ", list);
}

CasaSimScenario *casa_sim_scenario_load(const char *dir, const char *name, GError **error) {
  g_autofree char *folder = g_build_filename(dir, "scenarios", NULL);
  g_autofree char *base = g_strconcat(name, ".conf", NULL);
  g_autofree char *path = g_build_filename(folder, base, NULL);
  if (!*name || strchr(name, '/') || !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
    g_autofree char *known = names_in(folder);
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "--scenario: there is no \"%s\" in %s: choose one of: %s", name,
                folder, *known ? known : "(none there; --config names the configuration folder)");
    return NULL;
  }
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, error);
  if (!file)
    return NULL;
  g_autoptr(CasaSimScenario) self = casa_sim_scenario_new();
  g_free(self->name);
  self->name = g_strdup(name);
  return read_scenario(self, file, error) ? g_steal_pointer(&self) : NULL;
}
