/* SPDX-License-Identifier: Apache-2.0 */
#include "control.h"

#include <string.h>

#include "base/error.h"
#include "events/faults.h"
#include "wire/encode.h"
#include "wire/tree.h"

#define MAX_COMMAND 2048
#define MAX_EVENTS 100 /* every reading looks at all of them */

static const CasaWireLimits limits = { .max_depth = 3 };

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
fail(GError **error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_propagate_error(error, g_error_new_valist(CASA_ERROR, CASA_ERROR_USAGE, format, args));
  va_end(args);
  return FALSE;
}

static gboolean
check_members(json_t *tree, GError **error)
{
  const char *known[] = { "event", "intensity", "minutes", "ramp", "place", "of" }, *key;
  json_t *value;
  json_object_foreach (tree, key, value) {
    gboolean found = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
      found = found || strcmp(key, known[i]) == 0;
    if (!found)
      return fail(error, "unknown member \"%s\": write event, intensity, minutes, ramp, place or of", key);
  }
  return TRUE;
}

static gboolean
number(json_t *tree, const char *key, double min, double max, double *out, GError **error)
{
  const json_t *value = json_object_get(tree, key);
  if (!value)
    return TRUE;
  if (!json_is_number(value) || !(json_number_value(value) >= min && json_number_value(value) <= max))
    return fail(error, "%s: write a number from %g to %g", key, min, max);
  *out = json_number_value(value);
  return TRUE;
}

static gboolean
text(json_t *tree, const char *key, const char **out, GError **error)
{
  const json_t *value = json_object_get(tree, key);
  if (value && !json_is_string(value))
    return fail(error, "%s: write a text in quotes", key);
  *out = value ? json_string_value(value) : NULL;
  return TRUE;
}

static void
reply_event(const CasaSimEvent *e, GString *reply)
{
  g_string_assign(reply, "{\"ok\":true,\"event\":");
  casa_encode_string(reply, casa_sim_event_name(e->kind));
  casa_encode_number(reply, "intensity", e->intensity, 2);
  g_string_append_printf(reply, ",\"start\":%" G_GINT64_FORMAT ",\"end\":%" G_GINT64_FORMAT, e->start_ms,
                         e->start_ms + e->duration_ms);
  if (*e->place) {
    g_string_append(reply, ",\"place\":");
    casa_encode_string(reply, e->place);
  }
  g_string_append_c(reply, '}');
}

static gboolean
start_event(CasaSimModel *model, json_t *tree, const char *name, gint64 t_ms, GString *reply, GError **error)
{
  double intensity = 0.7, minutes = 30, ramp = -1;
  const char *place = NULL;
  CasaSimEventKind kind = CASA_SIM_CHERGUI;
  CasaSimEvent e;
  if (json_object_get(tree, "of"))
    return fail(error, "of goes with calm: it says which events end");
  if (!casa_sim_event_by_name(name, &kind)) {
    g_autofree char *known = casa_sim_event_names();
    return fail(error, "there is no event \"%s\": write one of %s, or calm", name, known);
  }
  if (!text(tree, "place", &place, error) || !number(tree, "intensity", CASA_SIM_EVENT_MIN_INTENSITY, 1, &intensity, error) ||
      !number(tree, "minutes", CASA_SIM_EVENT_MIN_MINUTES, CASA_SIM_EVENT_MAX_MINUTES, &minutes, error) ||
      !number(tree, "ramp", 0, minutes / 2, &ramp, error))
    return FALSE;
  casa_sim_event_init(&e, kind, intensity, minutes, ramp, place);
  e.start_ms = t_ms;
  if (!casa_sim_event_settle(&e, casa_sim_model_city(model), error))
    return FALSE;
  if (casa_sim_model_events(model, t_ms)->len >= MAX_EVENTS)
    return fail(error, "%d events already: no more are taken until casa-sim is started again", MAX_EVENTS);
  casa_sim_model_add_event(model, &e);
  reply_event(&e, reply);
  return TRUE;
}

static gboolean
calm(CasaSimModel *model, json_t *tree, gint64 t_ms, GString *reply, GError **error)
{
  const char *of = NULL, *place = NULL;
  CasaSimEventKind kind = CASA_SIM_CHERGUI;
  if (!text(tree, "of", &of, error) || !text(tree, "place", &place, error))
    return FALSE;
  if (json_object_size(tree) > (of ? 1u : 0u) + (place ? 1u : 0u) + 1u || (place && !of))
    return fail(error, "calm ends all live events, or with of (and place) those of one kind, and takes nothing else");
  if (of && !casa_sim_event_by_name(of, &kind)) {
    g_autofree char *known = casa_sim_event_names();
    return fail(error, "of \"%s\": write one of %s", of, known);
  }
  guint n = casa_sim_model_calm(model, of ? &kind : NULL, place, t_ms);
  g_string_printf(reply, "{\"ok\":true,\"event\":\"calm\",\"ended\":%u}", n);
  return TRUE;
}

static gboolean
obey(CasaSimModel *model, json_t *tree, gint64 t_ms, GString *reply, GError **error)
{
  const char *name = NULL;
  if (!json_is_object(tree) || !json_object_get(tree, "event"))
    return fail(error, "write an object with an event, such as {\"event\":\"chergui\",\"intensity\":0.8,\"minutes\":30}, "
                       "or {\"sensors\":\"field\"}");
  if (!check_members(tree, error) || !text(tree, "event", &name, error))
    return FALSE;
  return strcmp(name, "calm") == 0 ? calm(model, tree, t_ms, reply, error) : start_event(model, tree, name, t_ms, reply, error);
}

static void
reply_error(const GError *error, GString *reply)
{
  g_string_assign(reply, "{\"ok\":false,\"error\":");
  casa_encode_string(reply, error->message);
  g_string_append_c(reply, '}');
}

gboolean
casa_sim_control(CasaSimModel *model, const char *command, gint64 t_ms, GString *reply)
{
  g_autoptr(GError) error = NULL;
  CasaReason why = { 0 };
  char words[CASA_REASON_SIZE];
  gboolean ok = FALSE;
  json_t *tree = strlen(command) <= MAX_COMMAND ? casa_tree_load(&limits, command, strlen(command), &why) : NULL;
  if (strlen(command) > MAX_COMMAND)
    fail(&error, "a command has at most %d bytes", MAX_COMMAND);
  else if (!tree)
    fail(&error, "%s", casa_reason_text(&why, words));
  else
    ok = obey(model, tree, t_ms, reply, &error);
  json_decref(tree);
  if (ok)
    return TRUE;
  reply_error(error, reply);
  return FALSE;
}

static gboolean
read_sensors(json_t *tree, guint *faults, GError **error)
{
  const char *typed = NULL;
  g_autoptr(GError) why = NULL;
  if (json_object_size(tree) > 1)
    return fail(error, "sensors takes nothing else: send events in commands of their own");
  if (!text(tree, "sensors", &typed, error))
    return FALSE;
  return casa_sim_faults_parse(typed, faults, &why) || fail(error, "sensors \"%s\": %s", typed, why->message);
}

gboolean
casa_sim_control_sensors(const char *command, guint *faults, GString *reply)
{
  g_autoptr(GError) error = NULL;
  CasaReason why = { 0 };
  json_t *tree = strlen(command) <= MAX_COMMAND ? casa_tree_load(&limits, command, strlen(command), &why) : NULL;
  gboolean mine = tree && json_is_object(tree) && json_object_get(tree, "sensors");
  if (mine && read_sensors(tree, faults, &error)) {
    g_autofree char *now = casa_sim_faults_text(*faults);
    g_string_printf(reply, "{\"ok\":true,\"sensors\":\"%s\"}", now);
  } else if (mine) {
    reply_error(error, reply);
  }
  json_decref(tree);
  return mine;
}
