/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city-files.h"
#include "city/map-sources.h"
#include "city/palette.h"
#include "city/stories.h"

const char *
casa_city_file_name(CasaCityFile which)
{
  static const char *const names[CASA_N_CITY_FILES] = { "stories.conf", "palette.conf", "map.conf" };

  return names[which];
}

/* Whether @fresh (transfer full) is shown from now on. The screen still points into what was shown: it lives as long as the
 * city. */
static gboolean
take(gpointer *shown, gpointer fresh, const GError *fault, GSList **retired, GDestroyNotify free_func)
{
  if (fault && *shown) {
    free_func(fresh);
    return FALSE;
  }
  if (*shown)
    *retired = g_slist_prepend(*retired, *shown);
  *shown = fresh;
  return fault == NULL;
}

gboolean
casa_city_read_again(CasaCity *self, const char *dir, CasaCityFile which)
{
  GError **fault = &self->faults[which];
  GSList **retired = &self->retired[which];

  g_clear_error(fault);
  if (which == CASA_CITY_STORIES) {
    CasaStories *fresh = casa_stories_load(dir, fault);
    return take((gpointer *)&self->stories, fresh, *fault, retired, (GDestroyNotify)casa_stories_free);
  }
  if (which == CASA_CITY_PALETTE) {
    CasaPalette *fresh = casa_palette_load(dir, fault);
    return take((gpointer *)&self->palette, fresh, *fault, retired, (GDestroyNotify)casa_palette_free);
  }
  CasaMapSources *fresh = casa_map_sources_load(dir, fault);
  return take((gpointer *)&self->sources, fresh, *fault, retired, (GDestroyNotify)casa_map_sources_free);
}

const GError *
casa_city_fault(const CasaCity *self)
{
  for (guint i = 0; i < CASA_N_CITY_FILES; i++)
    if (self->faults[i])
      return self->faults[i];
  return NULL;
}
