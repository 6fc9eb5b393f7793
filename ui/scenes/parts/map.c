/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map.h"
#include "ui/scenes/callout.h"
#include "ui/scenes/map-card.h"
#include "ui/scenes/map-feed.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define MAP_PX 23.6   /* its smallest words are 0.85 of that: 20 at 1080p */
#define BADGES_ALL 16 /* so many stations are shown wherever they stand… */
#define BADGES_MAX 32 /* …of more, those that stand well apart */
#define BADGES_APART_KM 2.5

typedef struct {
  CasaModel *model;
  GtkWidget *map;
  CasaMapFeed *feed;
  CasaMapCard *card;          /* owned by its widget */
  const CasaIndicator *field; /* what stations carry, and the districts where map.conf has nothing; NULL: nothing */
} MapPart;

static gboolean
place_of(MapPart *self, guint station, CasaLonLat *at)
{
  const CasaStation *info = casa_catalogue_station(casa_latest_values_catalogue(casa_model_latest(self->model)), station);

  if (!info || !info->has_position)
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

/* FALSE: it has said nothing, or nobody knows where it stands. */
static gboolean
badge_of(MapPart *self, guint station, CasaMapBadge *out)
{
  CasaFigure figure = casa_model_station_figure(self->model, self->field, station);
  g_autofree char *text = casa_phrases_value(self->field, figure.value);
  CasaLonLat at;

  if (figure.state == CASA_STATE_NONE || !place_of(self, station, &at))
    return FALSE;
  *out = (CasaMapBadge){ .at = at,
                         .band = figure.class == G_MAXUINT ? 0 : figure.class,
                         .stale = figure.state != CASA_STATE_LIVE,
                         .priority = figure.value,
                         .key = station };
  g_strlcpy(out->text, text, sizeof out->text);
  return TRUE;
}

/* Stations with what they say: hollow when it is not live. The one that the figure comes from is always among them; the others are
 * chosen by where they stand and not by what they say, so that none comes and goes. */
static guint
station_badges(MapPart *self, CasaMapBadge *out)
{
  const GArray *members = casa_model_members(self->model, self->field);
  guint first = casa_model_figure(self->model, self->field)->station, n = 0;

  if (first != G_MAXUINT)
    n += badge_of(self, first, out);
  for (guint i = 0; i < members->len && n < BADGES_MAX; i++) {
    const CasaStationValues *station =
      casa_latest_values_owner(casa_model_latest(self->model), g_array_index(members, guint, i));
    if (station->id == first || !badge_of(self, station->id, &out[n]))
      continue;
    if (n < BADGES_ALL || is_apart(out, n, out[n].at))
      n++;
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

/* For a screen reader. */
static void
describe(MapPart *self, const char *title)
{
  CasaHeadline words = { 0 };
  g_autofree char *label = g_strdup_printf("%s, %s", _("Carte de Casablanca"), title);

  casa_phrases_headline(self->model, self->field, &words);
  guint n = casa_map_n_vehicles(CASA_MAP(self->map));
  g_autofree char *vehicles = g_strdup_printf(casa_tr_n("%u véhicule sur la carte", "%u véhicules sur la carte", n), n);
  g_autofree char *spoken = g_strdup_printf("%s %s, %s ; %s", words.number, words.unit, words.trend, vehicles);
  casa_map_set_accessible(CASA_MAP(self->map), label, spoken);
  casa_headline_clear(&words);
}

/* From its first bound to where the worst class begins; where the bad ones begin is marked. */
static void
show_scale(MapPart *self)
{
  const CasaScale *classes = self->field->scale;
  g_autofree char *title = casa_phrases_map_title(self->field);
  g_autofree char *subtitle = casa_phrases_map_subtitle(self->model, self->field);
  gboolean bad = classes->bad_from < classes->n;
  CasaMapScale scale = { .title = title,
                         .unit = casa_phrases_text(&self->field->unit),
                         .note = subtitle,
                         .ramp = CASA_MAP_RAMP_DUST,
                         .min = classes->from[0],
                         .max = classes->from[classes->n - 1],
                         .limit = bad ? classes->from[classes->bad_from] : NAN,
                         .limit_name = bad ? casa_phrases_text(&classes->words[classes->bad_from]) : NULL };

  casa_map_set_scale(CASA_MAP(self->map), &scale);
}

/* What has befallen it, in few words. (transfer full) */
static char *
words_of_event(double share)
{
  g_autofree char *percent = casa_lang_number(round((1 - share) * 100), 0);

  if (share < 0.05)
    return g_strdup(_("sans courant"));
  /* TR: a district takes so many percent less current than is usual now */
  return g_strdup_printf(_("charge −%s %%"), percent);
}

/* A district that takes far less current than usual is pointed at; so is its return. */
static void
point_at_event(MapPart *self)
{
  double share;
  const CasaDistrict *dark = casa_map_feed_dark_district(self->feed, &share);
  g_autofree char *words = dark ? words_of_event(share) : NULL;

  casa_map_set_event(CASA_MAP(self->map), dark ? dark->id : NULL, words, TRUE);
}

static void
update_field(MapPart *self, gboolean shown)
{
  CasaMapBadge badges[BADGES_MAX + 1];
  g_autofree char *title = casa_phrases_map_title(self->field);

  if (!shown) {
    show_scale(self);
    casa_map_set_field(CASA_MAP(self->map), NULL, 0);
    casa_map_set_districts(CASA_MAP(self->map), casa_model_field(self->model, self->field, NULL));
  }
  describe(self, title);
  casa_map_set_badges(CASA_MAP(self->map), badges, station_badges(self, badges));
}

static void
update_map(MapPart *self)
{
  gboolean shown = casa_map_feed_update(self->feed);

  point_at_event(self);
  casa_map_card_update(self->card);
  if (self->field)
    update_field(self, shown);
  else
    casa_map_set_accessible(CASA_MAP(self->map), _("Carte de Casablanca"), "");
  update_callout(self);
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
  casa_map_feed_vehicle(((MapPart *)part->state)->feed, key, at, t_ms, rgb);
}

static void
free_state(gpointer state)
{
  MapPart *self = state;

  casa_map_feed_free(self->feed);
  g_free(self);
}

/* Of the first domain that has one. */
static const CasaIndicator *
find_field(CasaModel *model)
{
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(casa_model_indicators(model), &n);

  for (guint i = 0; i < n; i++)
    if (domains[i]->field)
      return domains[i]->field;
  return NULL;
}

/* @box of the window as fractions of @slot, mirrored where reading begins at the right: a map is not, what stands on it is. */
static CasaMapBox
box_on(const CasaFractions *box, const CasaFractions *slot)
{
  double x = (box->x - slot->x) / slot->w, w = box->w / slot->w;

  return (CasaMapBox){ casa_lang_rtl() ? 1 - x - w : x, (box->y - slot->y) / slot->h, w, box->h / slot->h };
}

/* Where other parts stand on it, and where they leave room for the city. */
static void
give_room(MapPart *self, const CasaPartSpec *spec, const CasaPartContext *context)
{
  g_autoptr(GArray) veils = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));

  for (guint i = 0; spec->under && i < context->parts->len; i++) {
    const CasaPartSpec *other = g_ptr_array_index(context->parts, i);
    CasaMapBox veil = box_on(&other->slot, &spec->slot);
    if (!other->under)
      g_array_append_val(veils, veil);
  }
  casa_map_set_veils(CASA_MAP(self->map), (const CasaMapBox *)veils->data, veils->len);
  if (spec->box.w <= 0)
    return;
  CasaMapBox room = box_on(&spec->box, &spec->slot);
  casa_map_set_room(CASA_MAP(self->map), room.x, room.y, room.w, room.h);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  MapPart *self = part->state = g_new0(MapPart, 1);

  self->model = context->model;
  self->field = find_field(context->model);
  self->map = casa_map_new(casa_model_city(context->model));
  self->feed = casa_map_feed_new(context->model, CASA_MAP(self->map));
  self->card = casa_map_card_new(context->model, CASA_MAP(self->map));
  part->widget = gtk_overlay_new();
  gtk_overlay_set_child(GTK_OVERLAY(part->widget), self->map);
  gtk_overlay_add_overlay(GTK_OVERLAY(part->widget), casa_map_card_widget(self->card));
  casa_map_set_clock(CASA_MAP(self->map), casa_model_clock(context->model));
  gtk_widget_add_css_class(self->map, "casa-map");
  gtk_widget_set_overflow(self->map, GTK_OVERFLOW_HIDDEN);
  give_room(self, spec, context);
  part->free_state = free_state;
  part->restyle = restyle;
  part->update = update;
  part->vehicle = vehicle;
}

static const CasaPartOption OPTIONS[] = { { "room", CASA_OPTION_BOX, FALSE }, { NULL } };
const CasaPartClass casa_part_map = { "map", OPTIONS, build };
