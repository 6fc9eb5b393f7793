/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/fleet.h"
#include <math.h>

#define STALE_MS 30000
#define FADE_US (2 * G_USEC_PER_SEC)
#define LONGEST_GLIDE_MS 10000 /* after a longer silence the way in between is unknown: no invented movement */
#define LONGEST_JUMP_DEG 0.03  /* about 3 km of latitude */

typedef struct {
  CasaLonLat from, to;
  gint64 start_us, span_us; /* monotonic; span 0 = stands at @to */
  gint64 seen_us;           /* monotonic time that belongs to t_ms */
  gint64 t_ms;
  guint32 rgb;
} Vehicle;

struct _CasaMapFleet {
  GHashTable *vehicles; /* key → Vehicle */
  gint64 stale_us;
  gboolean glide;
};

CasaMapFleet *
casa_map_fleet_new(void)
{
  CasaMapFleet *self = g_new0(CasaMapFleet, 1);

  self->vehicles = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  self->stale_us = STALE_MS * 1000;
  self->glide = TRUE;
  return self;
}

void
casa_map_fleet_free(CasaMapFleet *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref(self->vehicles);
  g_free(self);
}

void
casa_map_fleet_set_glide(CasaMapFleet *self, gboolean glide)
{
  self->glide = glide;
}

void
casa_map_fleet_set_stale(CasaMapFleet *self, gint64 stale_ms)
{
  self->stale_us = MAX(stale_ms, 0) * 1000;
}

static CasaLonLat
position(const Vehicle *v, gint64 mono_us)
{
  double t = v->span_us > 0 ? (double)(mono_us - v->start_us) / (double)v->span_us : 1;

  t = CLAMP(t, 0, 1);
  return (CasaLonLat){ v->from.lon + (v->to.lon - v->from.lon) * t, v->from.lat + (v->to.lat - v->from.lat) * t };
}

static gboolean
may_glide(const CasaMapFleet *self, CasaLonLat from, CasaLonLat to, gint64 interval_ms)
{
  return self->glide && interval_ms > 0 && interval_ms <= LONGEST_GLIDE_MS && fabs(from.lon - to.lon) < LONGEST_JUMP_DEG &&
         fabs(from.lat - to.lat) < LONGEST_JUMP_DEG;
}

void
casa_map_fleet_set(CasaMapFleet *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb, gint64 now_ms, gint64 mono_us)
{
  Vehicle *v = g_hash_table_lookup(self->vehicles, GUINT_TO_POINTER(key));
  gint64 age_ms = CLAMP(now_ms - t_ms, 0, G_MAXINT64 / 2000);

  if (!isfinite(at.lon) || !isfinite(at.lat))
    return;
  if (v == NULL) {
    v = g_new0(Vehicle, 1);
    v->from = at;
    g_hash_table_insert(self->vehicles, GUINT_TO_POINTER(key), v);
  } else if (t_ms < v->t_ms) {
    return;
  } else {
    v->from = position(v, mono_us);
    v->span_us = may_glide(self, v->from, at, t_ms - v->t_ms) ? (t_ms - v->t_ms) * 1000 : 0;
  }
  v->to = at;
  v->start_us = mono_us;
  v->seen_us = mono_us - age_ms * 1000;
  v->t_ms = t_ms;
  v->rgb = rgb;
}

/* 1 while the report is fresh, then down to 0 within the fade. */
static double
freshness(const CasaMapFleet *self, const Vehicle *v, gint64 mono_us)
{
  gint64 over_us = mono_us - v->seen_us - self->stale_us;

  if (self->stale_us == 0 || over_us <= 0)
    return 1;
  return MAX(0, 1 - (double)over_us / FADE_US);
}

gboolean
casa_map_fleet_read(CasaMapFleet *self, gint64 mono_us, GArray *out)
{
  GHashTableIter iter;
  gpointer value;
  gboolean busy = FALSE;

  g_array_set_size(out, 0);
  g_hash_table_iter_init(&iter, self->vehicles);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Vehicle *v = value;
    CasaMapVehicle shown = { position(v, mono_us), v->rgb, freshness(self, v, mono_us) };

    if (shown.alpha <= 0) {
      g_hash_table_iter_remove(&iter);
      continue;
    }
    busy = busy || shown.alpha < 1 || mono_us < v->start_us + v->span_us;
    g_array_append_val(out, shown);
  }
  return busy;
}

guint
casa_map_fleet_size(const CasaMapFleet *self)
{
  return g_hash_table_size(self->vehicles);
}
