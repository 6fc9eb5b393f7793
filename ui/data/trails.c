/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/trails.h"

#define MOST 96 /* of one vehicle; who speaks more often than every three seconds leaves a shorter trail */

typedef struct {
  CasaLonLat at;
  gint64 t_ms;
} Spot;

struct _CasaTrails {
  GHashTable *vehicles; /* key → GArray of Spot, the earliest first */
};

CasaTrails *
casa_trails_new(void)
{
  CasaTrails *self = g_new0(CasaTrails, 1);

  self->vehicles = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  return self;
}

void
casa_trails_free(CasaTrails *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref(self->vehicles);
  g_free(self);
}

void
casa_trails_clear(CasaTrails *self)
{
  g_hash_table_remove_all(self->vehicles);
}

void
casa_trails_put(CasaTrails *self, guint key, CasaLonLat at, gint64 t_ms)
{
  GArray *spots = g_hash_table_lookup(self->vehicles, GUINT_TO_POINTER(key));
  const Spot spot = { at, t_ms };
  guint old = 0;

  if (spots == NULL) {
    spots = g_array_new(FALSE, FALSE, sizeof(Spot));
    g_hash_table_insert(self->vehicles, GUINT_TO_POINTER(key), spots);
  }
  if (spots->len > 0 && g_array_index(spots, Spot, spots->len - 1).t_ms >= t_ms)
    return;
  g_array_append_val(spots, spot);
  while (old < spots->len && (spots->len - old > MOST || g_array_index(spots, Spot, old).t_ms < t_ms - CASA_TRAILS_MS))
    old++;
  if (old > 0)
    g_array_remove_range(spots, 0, old);
}

void
casa_trails_each(const CasaTrails *self, guint key, gint64 before_ms, CasaTrailsTell tell, gpointer data)
{
  const GArray *spots = g_hash_table_lookup(self->vehicles, GUINT_TO_POINTER(key));

  for (guint i = 0; spots != NULL && i < spots->len; i++) {
    const Spot *spot = &g_array_index(spots, Spot, i);

    if (spot->t_ms < before_ms)
      tell(spot->at, spot->t_ms, data);
  }
}
