/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-world.h"
#include "city/stories.h"

static void
start(GPtrArray **list)
{
  if (!*list)
    *list = g_ptr_array_new();
  g_ptr_array_set_size(*list, 0);
}

const CasaSceneWorld *
casa_scene_world(const CasaIndicators *set)
{
  return casa_scene_world_of_city(set, NULL);
}

static void
list_events(GPtrArray *list, const CasaCity *city)
{
  for (guint i = 0; city && city->stories && i < casa_stories_n_events(city->stories); i++)
    if (casa_stories_is_commanded(casa_stories_nth_event(city->stories, i)->kind))
      g_ptr_array_add(list, casa_stories_nth_event(city->stories, i)->kind);
  g_ptr_array_add(list, NULL);
}

static void
list_places(GPtrArray *list, const CasaCity *city)
{
  for (guint i = 0; i < city->n_districts; i++)
    g_ptr_array_add(list, city->districts[i].id);
  for (guint i = 0; i < city->n_lines; i++) {
    g_ptr_array_add(list, city->lines[i].id);
    for (guint k = 0; k < city->lines[i].n_stops; k++)
      g_ptr_array_add(list, city->lines[i].stops[k].id);
  }
  for (guint i = 0; i < city->n_places; i++)
    if (city->places[i].kind == CASA_PLACE_LANDMARK)
      g_ptr_array_add(list, city->places[i].id);
  g_ptr_array_add(list, NULL);
}

const CasaSceneWorld *
casa_scene_world_of_city(const CasaIndicators *set, const CasaCity *city)
{
  static GPtrArray *domains, *indicators, *events, *places;
  static CasaSceneWorld world;
  guint n;
  const CasaCityDomain *const *all = casa_indicators_domains(set, &n);

  start(&domains);
  start(&indicators);
  for (guint i = 0; i < n; i++)
    if (all[i]->headline)
      g_ptr_array_add(domains, all[i]->id);
  for (guint i = 0; i < casa_indicators_n(set); i++)
    g_ptr_array_add(indicators, casa_indicators_get(set, i)->id);
  g_ptr_array_add(domains, NULL);
  g_ptr_array_add(indicators, NULL);
  world =
    (CasaSceneWorld){ .domains = (const char *const *)domains->pdata, .indicators = (const char *const *)indicators->pdata };
  if (!city)
    return &world;
  start(&events);
  start(&places);
  list_events(events, city);
  list_places(places, city);
  world.events = (const char *const *)events->pdata;
  world.places = (const char *const *)places->pdata;
  world.city = city;
  return &world;
}
