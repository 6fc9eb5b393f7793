/* SPDX-License-Identifier: Apache-2.0 */
#include "town.h"

#include "control.h"

#include <math.h>
#include <string.h>

#include "casa-build.h"

gint64
town_utc(guint year, guint month, guint day, guint hour)
{
  g_autoptr(GDateTime) at = g_date_time_new_utc((int)year, (int)month, (int)day, (int)hour, 0, 0);
  return g_date_time_to_unix(at) * 1000;
}

void
town_load(Town *self)
{
  g_autoptr(GError) error = NULL;
  memset(self, 0, sizeof *self);
  self->city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  self->scenario = casa_sim_scenario_new();
}

void
town_build(Town *self, guint64 seed, guint n_stations)
{
  self->model = casa_sim_model_new(self->city, self->scenario, seed);
  self->world = casa_sim_world_new(self->model, "casa/v1", n_stations);
  self->index = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < casa_sim_world_size(self->world); i++)
    g_hash_table_insert(self->index, casa_sim_world_station(self->world, i)->id, GUINT_TO_POINTER(i + 1));
}

void
town_free(Town *self)
{
  g_clear_pointer(&self->index, g_hash_table_unref);
  casa_sim_world_free(self->world);
  casa_sim_model_free(self->model);
  casa_sim_scenario_free(self->scenario);
  casa_city_free(self->city);
}

static double
said(Town *self, guint station, const char *metric, gint64 t_ms)
{
  g_autoptr(GString) payload = g_string_new(NULL);
  g_autofree char *key = g_strdup_printf("\"%s\":", metric);
  if (casa_sim_world_report(self->world, station, t_ms - 10000, payload) == 0)
    return NAN;
  const char *at = strstr(payload->str, key);
  return at ? g_ascii_strtod(at + strlen(key), NULL) : NAN;
}

double
town_value(Town *self, const char *station, const char *metric, gint64 t_ms)
{
  guint i = GPOINTER_TO_UINT(g_hash_table_lookup(self->index, station));
  if (i == 0)
    g_error("there is no station %s", station);
  casa_sim_world_set_time(self->world, t_ms);
  return said(self, i - 1, metric, t_ms);
}

static double
over(Town *self, const char *prefix, const char *metric, gint64 t_ms, gboolean sum)
{
  double total = 0;
  guint n = 0;
  casa_sim_world_set_time(self->world, t_ms);
  for (guint i = 0; i < casa_sim_world_size(self->world); i++) {
    if (!g_str_has_prefix(casa_sim_world_station(self->world, i)->id, prefix))
      continue;
    double x = said(self, i, metric, t_ms);
    total += isnan(x) ? 0 : x;
    n += !isnan(x);
  }
  return sum ? total : n ? total / n : NAN;
}

double
town_mean(Town *self, const char *prefix, const char *metric, gint64 t_ms)
{
  return over(self, prefix, metric, t_ms, FALSE);
}

double
town_sum(Town *self, const char *prefix, const char *metric, gint64 t_ms)
{
  return over(self, prefix, metric, t_ms, TRUE);
}

void
towns_build(Towns *self)
{
  Town *both[] = { &self->usual, &self->eventful };
  for (guint i = 0; i < 2; i++) {
    town_load(both[i]);
    town_build(both[i], 4, 0);
  }
}

void
towns_free(Towns *self)
{
  town_free(&self->usual);
  town_free(&self->eventful);
}

void
towns_command(Towns *self, const char *command, gint64 t_ms)
{
  g_autoptr(GString) reply = g_string_new(NULL);
  if (!casa_sim_control(self->eventful.model, command, t_ms, reply))
    g_error("%s: %s", command, reply->str);
}

void
towns_assert_same(Towns *self, gint64 t_ms, gboolean (*concerned)(const char *id))
{
  g_autoptr(GString) a = g_string_new(NULL);
  g_autoptr(GString) b = g_string_new(NULL);
  casa_sim_world_set_time(self->usual.world, t_ms);
  casa_sim_world_set_time(self->eventful.world, t_ms);
  for (guint i = 0; i < casa_sim_world_size(self->usual.world); i++) {
    casa_sim_world_report(self->usual.world, i, t_ms - 10000, a);
    casa_sim_world_report(self->eventful.world, i, t_ms - 10000, b);
    if (!concerned(casa_sim_world_station(self->usual.world, i)->id))
      g_assert_cmpstr(a->str, ==, b->str);
  }
}

double
town_correlation(const double *x, const double *y, guint n)
{
  double mx = 0, my = 0, xy = 0, xx = 0, yy = 0;
  for (guint i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  for (guint i = 0; i < n; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / sqrt(xx * yy);
}
