/* SPDX-License-Identifier: Apache-2.0 */
#include "events.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "maths/maths.h"

#define MINUTE_MS 60000.0

static const struct {
  const char *name;
  double ramp_min; /* usual time to come and to go, at most a third of the whole */
} kinds[CASA_SIM_N_EVENTS] = { { "chergui", 90 },     { "rain", 15 },         { "tram-incident", 8 }, { "power-cut", 3 },
                               { "derby-night", 12 }, { "car-free-day", 25 }, { "pipe-burst", 10 },   { "overflow", 10 } };

const char *
casa_sim_event_name(CasaSimEventKind kind)
{
  return kinds[kind].name;
}

gboolean
casa_sim_event_by_name(const char *name, CasaSimEventKind *out)
{
  for (guint i = 0; i < CASA_SIM_N_EVENTS; i++) {
    if (strcmp(name, kinds[i].name) == 0) {
      *out = (CasaSimEventKind)i;
      return TRUE;
    }
  }
  return FALSE;
}

char *
casa_sim_event_names(void)
{
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < CASA_SIM_N_EVENTS; i++)
    g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", kinds[i].name);
  return g_string_free(out, FALSE);
}

void
casa_sim_event_init(CasaSimEvent *self, CasaSimEventKind kind, double intensity, double minutes, double ramp_minutes,
                    const char *place)
{
  double ramp = ramp_minutes >= 0 ? MIN(ramp_minutes, minutes / 2) : MIN(kinds[kind].ramp_min, minutes / 3);
  memset(self, 0, sizeof *self);
  self->kind = kind;
  self->intensity = intensity;
  self->duration_ms = self->planned_ms = (gint64)(minutes * MINUTE_MS);
  self->ramp_ms = (gint64)(ramp * MINUTE_MS);
  g_strlcpy(self->place, place ? place : "", sizeof self->place);
}

static gboolean
unknown_place(const CasaSimEvent *self, GError **error, const char *mend)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s at \"%s\": %s", kinds[self->kind].name, self->place, mend);
  return FALSE;
}

/* A line: its middle; a stop: round it. The stronger, the longer the section that is closed. */
static gboolean
settle_line(CasaSimEvent *self, const CasaCity *city, GError **error)
{
  guint middle = 0;
  for (guint i = 0; i < city->n_lines && !self->line; i++) {
    const CasaLine *line = &city->lines[i];
    if (strcmp(line->id, self->place) == 0) {
      self->line = line;
      middle = line->n_stops / 2;
    }
    for (guint k = 0; k < line->n_stops && !self->line; k++) {
      if (strcmp(line->stops[k].id, self->place) == 0) {
        self->line = line;
        middle = k;
      }
    }
  }
  if (!self->line || self->line->n_stops == 0)
    return unknown_place(self, error, "write a line (t1, t2, t3, t4, bw1, bw2) or a stop's id (casablanca/stops.geojson)");
  guint reach = (guint)ceil(self->intensity * self->line->n_stops / 2.0), last = self->line->n_stops - 1;
  self->first_stop = middle > reach ? middle - reach : 0;
  self->last_stop = MIN(middle + reach, last);
  self->at = self->line->stops[middle].at;
  return TRUE;
}

static gboolean
settle_district(CasaSimEvent *self, const CasaCity *city, GError **error)
{
  const CasaDistrict *d = casa_city_district(city, self->place);
  if (!d) {
    g_autoptr(GString) mend = g_string_new("write a district:");
    for (guint i = 0; i < city->n_districts; i++)
      g_string_append_printf(mend, "%s %s", i > 0 ? "," : "", city->districts[i].id);
    return unknown_place(self, error, mend->str);
  }
  self->district = d->id;
  self->at = d->centroid;
  return TRUE;
}

/* Without a district: where the tram lines meet. */
static gboolean
settle_closed_streets(CasaSimEvent *self, const CasaCity *city, GError **error)
{
  if (*self->place && strcmp(self->place, "city") != 0)
    return settle_district(self, city, error);
  const CasaDistrict *d = casa_city_district(city, "sidi-belyout");
  self->at = d ? d->centroid : self->at;
  return TRUE;
}

static gboolean
settle_landmark(CasaSimEvent *self, const CasaCity *city, GError **error)
{
  for (guint i = 0; i < city->n_places; i++) {
    const CasaPlace *p = &city->places[i];
    gboolean meant = *self->place ? strcmp(p->id, self->place) == 0 : g_strcmp0(p->category, "stadium") == 0;
    if (meant && p->kind == CASA_PLACE_LANDMARK) {
      self->at = p->at;
      g_strlcpy(self->place, p->id, sizeof self->place);
      return TRUE;
    }
  }
  return unknown_place(self, error, "write a landmark's id (casablanca/places.geojson), or leave it out for the stadium");
}

gboolean
casa_sim_event_settle(CasaSimEvent *self, const CasaCity *city, GError **error)
{
  switch (self->kind) {
  case CASA_SIM_TRAM_INCIDENT: return settle_line(self, city, error);
  case CASA_SIM_PIPE_BURST:
  case CASA_SIM_OVERFLOW:
  case CASA_SIM_POWER_CUT: return settle_district(self, city, error);
  case CASA_SIM_DERBY_NIGHT: return settle_landmark(self, city, error);
  case CASA_SIM_CAR_FREE_DAY: return settle_closed_streets(self, city, error);
  default:
    return !*self->place || strcmp(self->place, "city") == 0 ||
           unknown_place(self, error, "it is over the whole city: leave the place out");
  }
}

double
casa_sim_event_level(const CasaSimEvent *self, gint64 t_ms)
{
  double t = (double)(t_ms - self->start_ms), ramp = (double)MAX(self->ramp_ms, 1), end = (double)self->duration_ms;
  if (t <= 0 || t >= end)
    return 0;
  return self->intensity * casa_sim_ramp(t, 0, ramp) * (1 - casa_sim_ramp(t, end - ramp, end));
}

/* Integral of casa_sim_ramp(x, 0, width) from 0 to @x. */
static double
ramp_area(double x, double width)
{
  double u = CLAMP(x / width, 0, 1);
  return width * (u * u * u - u * u * u * u / 2) + MAX(x - width, 0);
}

/* From the start to @t_ms. The two ramps do not overlap, so the areas subtract. */
static double
area(const CasaSimEvent *self, gint64 t_ms)
{
  double t = MIN((double)(t_ms - self->start_ms), (double)self->duration_ms);
  double ramp = (double)MAX(self->ramp_ms, 1);
  if (t <= 0)
    return 0;
  return self->intensity * (ramp_area(t, ramp) - ramp_area(t - (double)self->duration_ms + ramp, ramp));
}

double
casa_sim_event_mean(const CasaSimEvent *self, gint64 t_ms, gint64 window_ms)
{
  return MAX(area(self, t_ms) - area(self, t_ms - window_ms), 0) / (double)window_ms;
}

static double
strength(const CasaSimEvent *e, gint64 t_ms, gint64 window_ms)
{
  return window_ms > 0 ? casa_sim_event_mean(e, t_ms, window_ms) : casa_sim_event_level(e, t_ms);
}

double
casa_sim_events_mean(const GArray *events, CasaSimEventKind kind, gint64 t_ms, gint64 window_ms)
{
  double sum = 0;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (e->kind == kind)
      sum += strength(e, t_ms, window_ms);
  }
  return MIN(sum, 1);
}

double
casa_sim_events_level(const GArray *events, CasaSimEventKind kind, gint64 t_ms)
{
  return casa_sim_events_mean(events, kind, t_ms, 0);
}
