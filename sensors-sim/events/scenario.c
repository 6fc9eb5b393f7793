/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

#include <string.h>

#include "base/error.h"
#include "faults.h"

#define EVENT_GROUP "event "

static const char *const day_names[] = { "weekday", "friday", "saturday", "sunday" };

CasaSimScenario *
casa_sim_scenario_new(void)
{
  CasaSimScenario *self = g_new0(CasaSimScenario, 1);
  self->name = g_strdup("calendar");
  self->title = g_strdup("");
  self->day_kind = self->ramadan = self->school_holiday = CASA_SIM_AUTO;
  self->cloud = -1;
  self->climate = TRUE;
  self->traffic_factor = self->lighting = 1;
  self->roofs_mwp = -1;
  self->events = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  return self;
}

void
casa_sim_scenario_free(CasaSimScenario *self)
{
  if (!self)
    return;
  g_free(self->name);
  g_free(self->title);
  g_array_unref(self->events);
  casa_keyfile_free(self->file);
  g_free(self);
}

static gboolean
read_day(CasaSimScenario *self, const CasaKeyfile *file, GError **error)
{
  const char *day = casa_keyfile_get(file, "scenario", "day");
  if (!day || strcmp(day, "auto") == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(day_names); i++) {
    if (strcmp(day, day_names[i]) == 0) {
      self->day_kind = (int)i;
      return TRUE;
    }
  }
  return casa_keyfile_fail(file, "scenario", "day", error,
                           "\"%s\" is no kind of day: write auto, weekday, friday, "
                           "saturday or sunday",
                           day);
}

/* auto, true or false. */
static gboolean
read_whether(const CasaKeyfile *file, const char *key, int *out, GError **error)
{
  const char *text = casa_keyfile_get(file, "scenario", key);
  if (!text || strcmp(text, "auto") == 0)
    return TRUE;
  gboolean on = FALSE;
  if (!casa_keyfile_get_bool(file, "scenario", key, &on, error))
    return FALSE;
  *out = on ? 1 : 0;
  return TRUE;
}

static gboolean
read_sensors(CasaSimScenario *self, const CasaKeyfile *file, GError **error)
{
  g_autoptr(GError) why = NULL;
  const char *text = casa_keyfile_get(file, "scenario", "sensors");
  return !text || casa_sim_faults_parse(text, &self->sensors, &why) ||
         casa_keyfile_fail(file, "scenario", "sensors", error, "\"%s\": %s", text, why->message);
}

/* "17:30", local. */
static gboolean
read_clock(const char *text, gint64 *out_ms)
{
  char *end = NULL;
  guint64 hour = g_ascii_strtoull(text, &end, 10);
  if (end == text || *end != ':' || !g_ascii_isdigit(end[1]) || !g_ascii_isdigit(end[2]) || end[3])
    return FALSE;
  guint64 minute = (guint64)(end[1] - '0') * 10 + (guint64)(end[2] - '0');
  *out_ms = (gint64)(hour * 60 + minute) * 60000;
  return g_ascii_isdigit(*text) && hour < 24 && minute < 60;
}

static gboolean
read_event(CasaSimScenario *self, const CasaKeyfile *file, const char *group, GError **error)
{
  static const char *const keys[] = { "event", "at", "minutes", "ramp", "intensity", "place", NULL };
  const char *name = casa_keyfile_get(file, group, "event"), *at = casa_keyfile_get(file, group, "at");
  double intensity = 0.7, minutes = 30, ramp = -1;
  CasaSimEventKind kind = CASA_SIM_CHERGUI;
  CasaSimEvent e;
  gint64 start_ms = 0;
  if (!casa_keyfile_check_keys(file, group, keys, error))
    return FALSE;
  if (!name || !casa_sim_event_by_name(name, &kind)) {
    g_autofree char *known = casa_sim_event_names();
    return casa_keyfile_fail(file, group, name ? "event" : NULL, error, "\"%s\" is no event: write event = one of %s",
                             name ? name : "", known);
  }
  if (!at || !read_clock(at, &start_ms))
    return casa_keyfile_fail(file, group, at ? "at" : NULL, error, "write the local time of its beginning, such as at = 17:30");
  if (!casa_keyfile_get_double(file, group, "minutes", CASA_SIM_EVENT_MIN_MINUTES, CASA_SIM_EVENT_MAX_MINUTES, &minutes,
                               error) ||
      !casa_keyfile_get_double(file, group, "intensity", CASA_SIM_EVENT_MIN_INTENSITY, 1, &intensity, error) ||
      !casa_keyfile_get_double(file, group, "ramp", 0, minutes / 2, &ramp, error))
    return FALSE;
  casa_sim_event_init(&e, kind, intensity, minutes, ramp, casa_keyfile_get(file, group, "place"));
  e.start_ms = start_ms;
  e.daily = TRUE;
  g_array_append_val(self->events, e);
  return TRUE;
}

gboolean
casa_sim_scenario_settle(CasaSimScenario *self, const CasaCity *city, GError **error)
{
  guint i = 0;
  for (const char *const *g = self->file ? casa_keyfile_groups(self->file) : NULL; g && *g; g++) {
    g_autoptr(GError) why = NULL;
    if (!g_str_has_prefix(*g, EVENT_GROUP)) /* the events are in the order of their groups */
      continue;
    if (!casa_sim_event_settle(&g_array_index(self->events, CasaSimEvent, i++), city, &why)) {
      gboolean written = casa_keyfile_get(self->file, *g, "place") != NULL;
      return casa_keyfile_fail(self->file, *g, written ? "place" : NULL, error, "%s", why->message);
    }
  }
  return TRUE;
}

static gboolean
read_scenario(CasaSimScenario *self, const CasaKeyfile *file, GError **error)
{
  static const char *const scenario_keys[] = { "title", "day", "ramadan", "school_holiday", "sensors", NULL };
  static const char *const weather_keys[] = { "temperature_offset_c", "cloud", "climate", NULL };
  static const char *const traffic_keys[] = { "factor", NULL }, *const transit_keys[] = { "tram_headway", NULL };
  static const char *const energy_keys[] = { "lighting", "roofs_mwp", NULL };
  static const char *const groups[] = { "scenario", "weather", "traffic", "transit", "energy", "future", NULL };
  for (const char *const *g = casa_keyfile_groups(file); *g; g++) {
    if (g_str_has_prefix(*g, EVENT_GROUP)) {
      if (!read_event(self, file, *g, error))
        return FALSE;
    } else if (!g_strv_contains(groups, *g)) {
      return casa_keyfile_fail(
        file, *g, NULL, error,
        "unknown group: write [scenario], [weather], [traffic], [transit], [energy], [future] or [event NAME]");
    }
  }
  const char *title = casa_keyfile_get(file, "scenario", "title");
  if (title) {
    g_free(self->title);
    self->title = g_strdup(title);
  }
  return casa_keyfile_check_keys(file, "scenario", scenario_keys, error) && read_sensors(self, file, error) &&
         casa_keyfile_check_keys(file, "weather", weather_keys, error) &&
         casa_keyfile_check_keys(file, "traffic", traffic_keys, error) &&
         casa_keyfile_check_keys(file, "transit", transit_keys, error) &&
         casa_keyfile_check_keys(file, "energy", energy_keys, error) &&
         casa_keyfile_get_double(file, "transit", "tram_headway", 2, 60, &self->tram_headway, error) &&
         casa_keyfile_get_double(file, "energy", "lighting", 0, 2, &self->lighting, error) &&
         casa_keyfile_get_double(file, "energy", "roofs_mwp", 0, 2000, &self->roofs_mwp, error) &&
         read_day(self, file, error) && read_whether(file, "ramadan", &self->ramadan, error) &&
         read_whether(file, "school_holiday", &self->school_holiday, error) &&
         casa_keyfile_get_double(file, "weather", "temperature_offset_c", -10, 15, &self->temp_offset_c, error) &&
         casa_keyfile_get_bool(file, "weather", "climate", &self->climate, error) &&
         casa_keyfile_get_double(file, "weather", "cloud", 0, 1, &self->cloud, error) &&
         casa_keyfile_get_double(file, "traffic", "factor", 0, 2, &self->traffic_factor, error);
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "derby-night, rain, weekday", for the message about a name that is not there. */
static char *
names_in(const char *folder)
{
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

/* The file that @name means: a path has a slash or ends in .conf, else it is one of @dir/scenarios. (transfer full) */
static char *
path_of(const char *dir, const char *name, GError **error)
{
  g_autofree char *folder = g_build_filename(dir, "scenarios", NULL);
  g_autofree char *base = g_strconcat(name, ".conf", NULL);
  gboolean is_path = strchr(name, '/') || g_str_has_suffix(name, ".conf");
  g_autofree char *path = is_path ? g_strdup(name) : g_build_filename(folder, base, NULL);
  if (*name && g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer(&path);
  g_autofree char *known = names_in(folder);
  if (is_path)
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "--scenario: there is no file %s; write the path of one, or one of: %s",
                name, known);
  else
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "--scenario: there is no \"%s\" in %s: choose one of: %s; or write the path of a file", name, folder,
                *known ? known : "(none there; --config names the configuration folder)");
  return NULL;
}

/* "my/storm.conf" → "storm". (transfer full) */
static char *
short_name(const char *path)
{
  char *name = g_path_get_basename(path);
  if (g_str_has_suffix(name, ".conf"))
    name[strlen(name) - strlen(".conf")] = '\0';
  return name;
}

CasaSimScenario *
casa_sim_scenario_load(const char *dir, const char *name, GError **error)
{
  g_autofree char *path = path_of(dir, name, error);
  if (!path)
    return NULL;
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, error);
  if (!file)
    return NULL;
  g_autoptr(CasaSimScenario) self = casa_sim_scenario_new();
  g_free(self->name);
  self->name = short_name(path);
  self->climate = FALSE; /* who chooses a scenario wants what it says and no more */
  if (!read_scenario(self, file, error))
    return NULL;
  self->file = g_steal_pointer(&file);
  return g_steal_pointer(&self);
}

static int
said_last(int base, int future)
{
  return future == CASA_SIM_AUTO ? base : future;
}

CasaSimScenario *
casa_sim_scenario_with(const CasaSimScenario *base, const CasaSimScenario *future)
{
  CasaSimScenario *self = casa_sim_scenario_new();
  g_free(self->name);
  g_free(self->title);
  self->name = g_strdup(future->name);
  self->title = g_strdup(future->title);
  self->day_kind = said_last(base->day_kind, future->day_kind);
  self->ramadan = said_last(base->ramadan, future->ramadan);
  self->school_holiday = said_last(base->school_holiday, future->school_holiday);
  self->temp_offset_c = base->temp_offset_c + future->temp_offset_c;
  self->cloud = future->cloud < 0 ? base->cloud : future->cloud;
  self->climate = base->climate;
  self->traffic_factor = base->traffic_factor * future->traffic_factor;
  self->lighting = base->lighting * future->lighting;
  self->roofs_mwp = future->roofs_mwp < 0 ? base->roofs_mwp : future->roofs_mwp;
  self->tram_headway = future->tram_headway > 0 ? future->tram_headway : base->tram_headway;
  self->sensors = base->sensors;
  g_array_append_vals(self->events, base->events->data, base->events->len);
  g_array_append_vals(self->events, future->events->data, future->events->len);
  return self;
}
