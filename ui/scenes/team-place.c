/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/team-place.h"
#include "ui/map/map.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"

#define ZOOM 3.5    /* some districts around it */
#define MAP_PX 23.6 /* as the wall's own map */

struct _CasaTeamPlace {
  CasaModel *model;
  GtkWidget *map;
  CasaLonLat at;
};

/* Nothing is measured on it: that is no lack of data. */
static void
show_plain(CasaMap *map, const CasaCity *city)
{
  g_autofree double *none = g_new0(double, city->n_districts);

  casa_map_set_districts(map, none);
}

CasaTeamPlace *
casa_team_place_new(CasaModel *model)
{
  CasaTeamPlace *self = g_new0(CasaTeamPlace, 1);

  self->model = model;
  self->map = casa_map_new(casa_model_city(model));
  casa_map_set_clock(CASA_MAP(self->map), casa_model_clock(model));
  casa_map_set_room(CASA_MAP(self->map), 0, 0, 1, 1);
  show_plain(CASA_MAP(self->map), casa_model_city(model));
  gtk_widget_set_can_target(self->map, FALSE);
  gtk_widget_set_focusable(self->map, FALSE);
  gtk_widget_set_visible(self->map, FALSE);
  g_object_set_data_full(G_OBJECT(self->map), "casa-team-place", self, g_free);
  return self;
}

GtkWidget *
casa_team_place_widget(CasaTeamPlace *self)
{
  return self->map;
}

void
casa_team_place_restyle(CasaTeamPlace *self, const CasaLook *look)
{
  casa_map_set_theme(CASA_MAP(self->map), look->theme, look->font, casa_look_px(look, MAP_PX));
}

void
casa_team_place_show(CasaTeamPlace *self, const CasaTeamState *team)
{
  const gboolean there = team && team->has_position;

  gtk_widget_set_visible(self->map, there);
  if (!there)
    return;
  CasaMapBadge badge = {
    .at = team->at, .band = G_MAXUINT, .stale = !team->live, .priority = 1, .key = CASA_MAP_NOBODY, .team = TRUE
  };
  const CasaDistrict *district = casa_city_district_at(casa_model_city(self->model), team->at);
  g_autofree char *name = casa_name_tame(team->source);
  g_strlcpy(badge.text, name, sizeof badge.text);
  casa_map_set_badges(CASA_MAP(self->map), &badge, 1);
  casa_map_set_accessible(CASA_MAP(self->map), name, district ? casa_lang_local(district->name_fr, district->name_ar) : "");
  if (team->at.lon == self->at.lon && team->at.lat == self->at.lat)
    return;
  self->at = team->at;
  casa_map_set_rest(CASA_MAP(self->map), team->at, team->at, ZOOM);
}
