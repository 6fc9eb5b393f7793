/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-file-private.h"

static const char *const RANGES[CASA_N_PRESETS + 1] = { "10min", "1h", "24h", "7d", "30d", "1y", NULL };

/* range = how long a time its charts show. */
static gboolean
read_range(CasaSceneReader *r, CasaScene *scene)
{
  const char *text = casa_keyfile_get(r->file, r->group, "range");

  scene->range = CASA_PRESET_24_H;
  for (guint i = 0; text && RANGES[i]; i++)
    if (g_str_equal(text, RANGES[i])) {
      scene->range = (CasaViewportPreset)i;
      return TRUE;
    }
  if (!text)
    return TRUE;
  g_autofree char *known = g_strjoinv(", ", (char **)RANGES);
  return casa_scene_reader_fail(r, "range", "\"%s\" is no range; known: %s", text, known);
}

static gboolean
is_in_city(const CasaCity *city, CasaLonLat at)
{
  return !city || (at.lon >= city->min.lon && at.lon <= city->max.lon && at.lat >= city->min.lat && at.lat <= city->max.lat);
}

/* "-7.62 33.59 4" */
static gboolean
read_spot(CasaSceneReader *r, char **words, CasaSceneCamera *out)
{
  const CasaCity *city = r->world->city;

  if (g_strv_length(words) != 3 || !casa_scene_number(words[0], &out->at.lon) || !casa_scene_number(words[1], &out->at.lat) ||
      !casa_scene_number(words[2], &out->zoom))
    return casa_scene_reader_fail(r, "camera",
                                  "wanted whole, the id of a district, line, stop or landmark, or three numbers: longitude, "
                                  "latitude, zoom, such as -7.62 33.59 4");
  if (out->zoom < 1 || out->zoom > CASA_MAP_ZOOM_MAX)
    return casa_scene_reader_fail(r, "camera", "zoom %s: wanted from 1, the whole city, to %g", words[2], CASA_MAP_ZOOM_MAX);
  return is_in_city(city, out->at) ||
         casa_scene_reader_fail(r, "camera", "%s %s is outside of the city: longitude %.2f to %.2f, latitude %.2f to %.2f",
                                words[0], words[1], city->min.lon, city->max.lon, city->min.lat, city->max.lat);
}

/* camera = where its maps look. */
static gboolean
read_camera(CasaSceneReader *r, CasaScene *scene)
{
  const char *text = casa_keyfile_get(r->file, r->group, "camera");
  CasaSceneCamera *out = &scene->camera;
  g_auto(GStrv) words = casa_scene_words(text ? text : "whole");

  if (g_strv_length(words) != 1)
    return read_spot(r, words, out);
  if (g_str_equal(words[0], "whole"))
    return TRUE;
  if (!casa_scene_is_id(words[0]) || (r->world->places && !g_strv_contains(r->world->places, words[0])))
    return casa_scene_reader_fail(r, "camera",
                                  "no place \"%s\"; write the id of a district, line, stop or landmark of the city", words[0]);
  out->place = g_strdup(words[0]);
  return TRUE;
}

gboolean
casa_scene_read_look(CasaSceneReader *r, CasaScene *scene)
{
  return read_range(r, scene) && read_camera(r, scene);
}
