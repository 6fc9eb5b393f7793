/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map.h"
#include "ui/scenes/callout.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define MAP_PX 23.6   /* its smallest words are 0.85 of that: 20 at 1080p */
#define BADGES_ALL 16 /* so many stations are shown wherever they stand… */
#define BADGES_MAX 32 /* …of more, those that stand well apart */
#define BADGES_APART_KM 2.5

/* Lower bounds of the map's six classes, µg/m³ PM10: those of the European index (20, 40, 50, 100, 150). */
static const double BREAKS[6] = { 0, 20, 40, 50, 100, 150 };

typedef struct {
  CasaModel *model;
  GtkWidget *map;
} MapPart;

static guint
class_of(double value)
{
  guint i = G_N_ELEMENTS(BREAKS) - 1;

  while (i > 0 && value < BREAKS[i])
    i--;
  return i;
}

static gboolean
air_place(CasaBoard *board, const CasaBoardStation *station, CasaLonLat *at)
{
  const CasaStation *info = casa_catalogue_station(casa_board_catalogue(board), station->id);

  if (station->kind != CASA_KIND_AIR || station->values[CASA_QUANTITY_PM10].t_ms == 0 || !info || !info->has_position)
    return FALSE;
  *at = (CasaLonLat){ info->lon, info->lat };
  return TRUE;
}

static gboolean
is_apart(const CasaMapBadge *badges, guint n, CasaLonLat at)
{
  for (guint i = 0; i < n; i++)
    if (casa_distance_km(badges[i].at, at) < BADGES_APART_KM)
      return FALSE;
  return TRUE;
}

static CasaMapBadge
badge_of(const CasaBoardStation *station, CasaLonLat at, gint64 now_ms)
{
  const CasaValue *pm10 = &station->values[CASA_QUANTITY_PM10];
  g_autofree char *text = casa_lang_number(pm10->value, 0);
  CasaMapBadge badge = { .at = at,
                         .band = class_of(round(pm10->value)), /* of what is written: a green 50 would be a riddle */
                         .stale = !pm10->live || !casa_summary_is_alive(station, now_ms),
                         .priority = pm10->value,
                         .key = station->id };

  g_strlcpy(badge.text, text, sizeof badge.text);
  return badge;
}

/* Air stations with their newest PM10: hollow when it is not live. The highest is always among them; the others are chosen by
 * where they stand and not by what they say, so that none comes and goes. */
static guint
station_badges(MapPart *self, CasaMapBadge *out)
{
  const CasaSummary *s = casa_model_summary(self->model);
  CasaBoard *board = casa_model_board(self->model);
  const CasaBoardStation *worst = casa_board_station(board, s->worst_air);
  guint n = 0;
  CasaLonLat at;

  if (worst && air_place(board, worst, &at))
    out[n++] = badge_of(worst, at, s->now_ms);
  for (guint i = 0; i < casa_board_n_stations(board) && n < BADGES_MAX; i++) {
    const CasaBoardStation *station = casa_board_station(board, i);
    if (station == worst || !air_place(board, station, &at))
      continue;
    if (n < BADGES_ALL || is_apart(out, n, at))
      out[n++] = badge_of(station, at, s->now_ms);
  }
  return n;
}

static void
update_callout(MapPart *self)
{
  CasaCallout callout;

  casa_callout_read(self->model, &callout);
  casa_map_set_callout(CASA_MAP(self->map), callout.at, callout.text);
  casa_callout_clear(&callout);
}

static void
update_map(MapPart *self)
{
  const CasaSummary *s = casa_model_summary(self->model);
  CasaMapBadge badges[BADGES_MAX];
  CasaMapScale scale = { .unit = "µg/m³", .ramp = CASA_MAP_RAMP_DUST, .min = 0, .max = 150, .limit = NAN };
  g_autofree char *subtitle = casa_phrases_map_subtitle(s);
  g_autofree char *vehicles = casa_lang_number(s->vehicles, 0);
  g_autofree char *place = casa_phrases_station(casa_board_catalogue(casa_model_board(self->model)), s->worst_air);
  g_autofree char *worst = casa_lang_number(s->pm10.value, 0);
  g_autofree char *spoken =
    g_strdup_printf(_("%s véhicules en ligne ; PM10 le plus élevé : %s µg/m³, %s"), vehicles, worst, place);

  scale.title = _("PM10 par arrondissement");
  scale.note = subtitle;
  casa_map_set_scale(CASA_MAP(self->map), &scale);
  casa_map_set_districts(CASA_MAP(self->map), casa_model_districts(self->model));
  casa_map_set_badges(CASA_MAP(self->map), badges, station_badges(self, badges));
  update_callout(self);
  casa_map_set_accessible(CASA_MAP(self->map), _("Carte de Casablanca, PM10 par arrondissement"), spoken);
}

static void
update(CasaPart *part)
{
  update_map(part->state);
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  MapPart *self = part->state;

  casa_map_set_theme(CASA_MAP(self->map), look->theme, look->font, casa_look_px(look, MAP_PX));
}

static void
vehicle(CasaPart *part, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb)
{
  MapPart *self = part->state;
  const CasaBoardStation *station = casa_board_station(casa_model_board(self->model), key);
  CasaMapReport report = { .key = key, .at = at, .t_ms = t_ms, .rgb = rgb, .line = station ? station->line : NULL };

  casa_map_report(CASA_MAP(self->map), &report);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  MapPart *self = part->state = g_new0(MapPart, 1);

  self->model = context->model;
  self->map = part->widget = casa_map_new(casa_model_city(context->model));
  casa_map_set_clock(CASA_MAP(self->map), casa_model_clock(context->model));
  gtk_widget_add_css_class(self->map, "casa-map");
  gtk_widget_set_overflow(self->map, GTK_OVERFLOW_HIDDEN);
  part->restyle = restyle;
  part->update = update;
  part->vehicle = vehicle;
}

static const CasaPartOption OPTIONS[] = { { NULL } };
const CasaPartClass casa_part_map = { "map", OPTIONS, build };
