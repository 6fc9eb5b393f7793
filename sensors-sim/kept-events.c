/* SPDX-License-Identifier: Apache-2.0 */
#include "kept-events.h"

#include <math.h>

#include "base/keyfile.h"

#define LATEST_MS 7258118400000.0 /* 2200-01-01, as of options.c */

static void
add_number(GString *out, const char *key, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(out, "%s = %s\n", key, g_ascii_dtostr(buffer, sizeof buffer, value));
}

void
casa_sim_kept_events_save(const char *path, const CasaSimModel *model, gint64 t_ms)
{
  const GArray *events = casa_sim_model_commanded(model);
  g_autoptr(GString) out = g_string_new("# Written by casa-sim: events that were commanded and still last. Times in ms.\n");
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (e->start_ms + e->duration_ms <= t_ms)
      continue;
    g_string_append_printf(out, "[event %u]\nevent = %s\n", i + 1, casa_sim_event_name(e->kind));
    if (*e->place)
      g_string_append_printf(out, "place = %s\n", e->place);
    add_number(out, "intensity", e->intensity);
    add_number(out, "start", (double)e->start_ms);
    add_number(out, "duration", (double)e->duration_ms);
    add_number(out, "planned", (double)e->planned_ms);
    add_number(out, "ramp", (double)e->ramp_ms);
  }
  if (!g_file_set_contents(path, out->str, (gssize)out->len, &error))
    g_printerr("casa-sim: --keep: %s\n", error->message);
}

static gboolean
read_ms(const CasaKeyfile *file, const char *group, const char *key, gint64 *out, GError **error)
{
  double value = NAN;
  if (!casa_keyfile_get_double(file, group, key, 0, LATEST_MS, &value, error))
    return FALSE;
  if (isnan(value))
    return casa_keyfile_fail(file, group, key, error, "missing");
  *out = (gint64)value;
  return TRUE;
}

static gboolean
read_event(const CasaKeyfile *file, const char *group, const CasaCity *city, CasaSimEvent *out, GError **error)
{
  const char *name = casa_keyfile_get(file, group, "event");
  double intensity = 0;
  CasaSimEventKind kind = CASA_SIM_CHERGUI;
  if (!name || !casa_sim_event_by_name(name, &kind))
    return casa_keyfile_fail(file, group, "event", error, "\"%s\" is no event", name ? name : "");
  if (!casa_keyfile_get_double(file, group, "intensity", CASA_SIM_EVENT_MIN_INTENSITY, 1, &intensity, error))
    return FALSE;
  casa_sim_event_init(out, kind, MAX(intensity, CASA_SIM_EVENT_MIN_INTENSITY), CASA_SIM_EVENT_MIN_MINUTES, 0,
                      casa_keyfile_get(file, group, "place"));
  return read_ms(file, group, "start", &out->start_ms, error) && read_ms(file, group, "duration", &out->duration_ms, error) &&
         read_ms(file, group, "planned", &out->planned_ms, error) && read_ms(file, group, "ramp", &out->ramp_ms, error) &&
         casa_sim_event_settle(out, city, error);
}

guint
casa_sim_kept_events_load(const char *path, CasaSimModel *model, gint64 t_ms)
{
  g_autoptr(GError) error = NULL;
  guint n = 0;
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return 0;
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, &error);
  if (!file) {
    g_printerr("casa-sim: --keep: %s\n", error->message);
    return 0;
  }
  for (const char *const *group = casa_keyfile_groups(file); *group; group++) {
    g_autoptr(GError) why = NULL;
    CasaSimEvent e;
    if (!read_event(file, *group, casa_sim_model_city(model), &e, &why)) {
      g_printerr("casa-sim: --keep: %s\n", why->message);
      continue;
    }
    if (e.start_ms > t_ms || e.start_ms + e.duration_ms <= t_ms)
      continue;
    casa_sim_model_add_event(model, &e);
    n++;
  }
  return n;
}
