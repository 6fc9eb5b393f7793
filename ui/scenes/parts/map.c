/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/power.h"
#include "ui/map/fleet.h"
#include "ui/map/map.h"
#include "ui/scenes/callout.h"
#include "ui/scenes/happenings.h"
#include "ui/scenes/held.h"
#include "ui/scenes/map-card.h"
#include "ui/scenes/map-feed.h"
#include "ui/scenes/map-stations.h"
#include "ui/scenes/parts.h"
#include "ui/scenes/place-box.h"
#include "ui/scenes/story.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define MAP_PX 23.6 /* its smallest words are 0.85 of that: 20 at 1080p */

typedef struct {
  CasaModel *model;
  CasaPageNotice *notice; /* the page's */
  GtkWidget *map;
  CasaMapFeed *feed;
  CasaMapCard *card;          /* owned by its widget */
  guint teams;                /* stations on it that are not the city's */
  const char *language;       /* static */
  gboolean frugal;            /* what the map was told */
  gboolean pointing;          /* at the place of something that happens: one thing at a time */
  gboolean own_field;         /* the districts show the field of the scene's domain, whatever map.conf has */
  const CasaIndicator *field; /* what stations carry, and the districts where map.conf has nothing; NULL: nothing */
} MapPart;

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

/* Not beside a place where something happens: the hall looks there. Of the other domains' fields a ranking stands beside the
 * map, and the names of their stations say the domain again: too long for a callout. */
static void
update_callout(MapPart *self)
{
  CasaCallout callout;

  if (self->pointing) {
    casa_map_set_callout(CASA_MAP(self->map), (CasaLonLat){ 0, 0 }, NULL);
    return;
  }
  casa_callout_read(self->model, self->field == find_field(self->model) ? self->field : NULL, &callout);
  casa_map_set_callout(CASA_MAP(self->map), callout.at, callout.text);
  casa_callout_clear(&callout);
}

/* "6 véhicules sur la carte, 1 capteur d’équipe" */
static char *
count_words(MapPart *self)
{
  guint vehicles = casa_map_n_vehicles(CASA_MAP(self->map)), teams = self->teams;

  g_autofree char *moving =
    g_strdup_printf(casa_tr_n("%u véhicule sur la carte", "%u véhicules sur la carte", vehicles), vehicles);
  /* TR: follows "6 vehicles on the map, ": stations that are not the city's */
  g_autofree char *of_teams = g_strdup_printf(casa_tr_n("%u capteur d’équipe", "%u capteurs d’équipes", teams), teams);
  return teams > 0 ? g_strdup_printf("%s, %s", moving, of_teams) : g_steal_pointer(&moving);
}

/* What a screen reader says: first what is chosen. */
static void
say(MapPart *self, const char *label, const char *all)
{
  g_autofree char *chosen = casa_map_card_words(self->card);
  g_autofree char *spoken = chosen ? g_strdup_printf("%s ; %s", chosen, all) : g_strdup(all);

  casa_map_set_accessible(CASA_MAP(self->map), label, spoken);
}

static void
describe(MapPart *self)
{
  g_autofree char *count = count_words(self);
  CasaHeadline words = { 0 };

  if (!self->field) {
    say(self, _("Carte de Casablanca"), count);
    return;
  }
  g_autofree char *title = casa_phrases_map_title(self->field);
  g_autofree char *label = g_strdup_printf("%s, %s", _("Carte de Casablanca"), title);
  casa_phrases_headline(self->model, self->field, &words);
  g_autofree char *spoken = g_strdup_printf("%s %s, %s ; %s", words.number, words.unit, words.trend, count);
  say(self, label, spoken);
  casa_headline_clear(&words);
}

/* Whoever walks from one thing to the next hears it at once. */
static void
selected_cb(MapPart *self)
{
  CASA_LANG_SCOPE(self->language);

  describe(self);
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

/* The line that stands; one that stood before goes on. */
static const CasaLine *
standing_line(MapPart *self)
{
  const CasaCity *city = casa_model_city(self->model);

  if (self->notice->stands && casa_map_line_stands(CASA_MAP(self->map), self->notice->stands))
    return self->notice->stands;
  for (guint i = 0; i < city->n_lines; i++)
    if (casa_map_line_stands(CASA_MAP(self->map), &city->lines[i]))
      return &city->lines[i];
  return NULL;
}

static void
notice(MapPart *self)
{
  CasaPageNotice *notice = self->notice;
  gint64 now_ms = casa_model_summary(self->model)->now_ms;
  const CasaDistrict *dark = casa_map_feed_dark_district(self->feed, &notice->share);
  const CasaLine *stands = standing_line(self);

  if (dark != notice->dark)
    notice->dark_ms = now_ms;
  if (stands != notice->stands)
    notice->stands_ms = now_ms - CASA_MAP_HELD_MS; /* so long it takes to be held */
  notice->dark = dark;
  notice->stands = stands;
  notice->n_held = casa_map_n_held(CASA_MAP(self->map));
  casa_held_count(self->model, notice->n_held, now_ms);
  notice->has_map = TRUE;
}

/* The gravest that is no district's, when nothing graver has the camera. */
static void
visit(MapPart *self, const CasaHappening *h)
{
  CasaLonLat min, max;

  if (!h || h->district || !(h->line || h->stop)) {
    casa_map_visit(CASA_MAP(self->map), NULL, (CasaLonLat){ 0, 0 }, (CasaLonLat){ 0, 0 });
    return;
  }
  g_autofree char *what = g_strdup_printf("%s %s %" G_GINT64_FORMAT, h->kind, h->stop ? h->stop->id : h->line->id, h->start_ms);
  if (h->stop)
    casa_place_box_round(h->stop->at, &min, &max);
  else
    casa_place_box_line(h->line, &min, &max);
  casa_map_visit(CASA_MAP(self->map), what, min, max);
}

/* The district where something grave happens is pointed at, announced or noticed; so is the end of it. The camera goes to the
 * gravest. */
static void
point_at_event(MapPart *self)
{
  notice(self);
  g_autoptr(GArray) happenings = casa_happenings_read(self->model, self->notice);
  const CasaHappening *place = NULL, *first = NULL;
  const CasaLine *line = NULL;

  for (guint i = 0; i < happenings->len; i++) {
    const CasaHappening *h = &g_array_index(happenings, CasaHappening, i);
    if (h->over)
      continue;
    if (!first && (h->district || h->line || h->stop))
      first = h;
    if (!place && h->district)
      place = h;
    line = line ? line : h->line;
  }
  self->pointing = first != NULL;
  gboolean dark = place && place->district == self->notice->dark;
  g_autofree char *words = dark    ? casa_story_dark_words(self->notice->share)
                           : place ? g_strdup(casa_phrases_text(&place->words->what))
                                   : NULL;
  casa_map_set_event(CASA_MAP(self->map), place ? place->district->id : NULL, words, place == first);
  casa_map_set_event_line(CASA_MAP(self->map), line);
  visit(self, first);
}

static void
update_field(MapPart *self)
{
  show_scale(self);
  casa_map_set_field(CASA_MAP(self->map), NULL, 0);
  casa_map_set_districts(CASA_MAP(self->map), casa_model_field(self->model, self->field, NULL));
}

/* Districts in which something has been unusual and still is. */
static void
mark_unusual(MapPart *self)
{
  const CasaCity *city = casa_model_city(self->model);
  const GArray *alerts = casa_model_unusual(self->model);
  g_autofree gboolean *there = g_new0(gboolean, MAX(city->n_districts, 1));
  gboolean any = FALSE;

  for (guint i = 0; i < alerts->len; i++) {
    const CasaUnusualAlert *alert = &g_array_index(alerts, CasaUnusualAlert, i);
    const CasaDistrict *district = alert->lasts && *alert->place ? casa_city_district(city, alert->place) : NULL;
    if (district)
      any = there[district - city->districts] = TRUE;
  }
  casa_map_set_unusual(CASA_MAP(self->map), any ? there : NULL);
}

static void
update_map(MapPart *self)
{
  gboolean shown = casa_map_feed_update(self->feed);
  g_autoptr(GArray) badges = casa_map_stations_read(self->model, self->field, self->own_field);

  /* Of a scene's own field nothing is known beyond the line. */
  casa_map_set_comparable(CASA_MAP(self->map),
                          shown && !self->own_field &&
                            casa_twin_works(casa_model_twin(self->model), casa_model_summary(self->model)->now_ms));
  point_at_event(self);
  casa_map_card_update(self->card);
  mark_unusual(self);
  if (self->field && (!shown || self->own_field))
    update_field(self);
  casa_map_set_badges(CASA_MAP(self->map), (const CasaMapBadge *)badges->data, badges->len);
  self->teams = 0;
  for (guint i = 0; i < badges->len; i++)
    self->teams += g_array_index(badges, CasaMapBadge, i).team;
  describe(self);
  update_callout(self);
}

/* Telling it anew would undo what the map itself left out for want of time. */
static void
spare(MapPart *self)
{
  if (self->frugal == casa_power_is_frugal())
    return;
  self->frugal = !self->frugal;
  casa_map_set_frugal(CASA_MAP(self->map), self->frugal);
}

static void
update(CasaPart *part)
{
  spare(part->state);
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

/* Of the domain that the map is asked to be about; NULL: of none, or it has none. */
static const CasaIndicator *
own_field(CasaModel *model, const CasaPartSpec *spec)
{
  const char *id = casa_part_spec_get(spec, "domain");
  const CasaCityDomain *domain = id ? casa_indicators_domain(casa_model_indicators(model), id) : NULL;

  return domain ? domain->field : NULL;
}

/* @box of the window as fractions of @slot, mirrored where reading begins at the right: a map is not, what stands on it is. */
static CasaMapBox
box_on(const CasaFractions *box, const CasaFractions *slot)
{
  double x = (box->x - slot->x) / slot->w, w = box->w / slot->w;

  return (CasaMapBox){ casa_lang_rtl() ? 1 - x - w : x, (box->y - slot->y) / slot->h, w, box->h / slot->h };
}

/* The card stands in the room that other parts leave, at its bottom; on the side of the legend at its top. */
static gboolean
place_card_cb(GtkOverlay *overlay, GtkWidget *card, GdkRectangle *place, gpointer data)
{
  const CasaMapBox *room = data;
  const double w = gtk_widget_get_width(GTK_WIDGET(overlay)), h = gtk_widget_get_height(GTK_WIDGET(overlay));
  const gboolean rtl = gtk_widget_get_direction(card) == GTK_TEXT_DIR_RTL;
  const gboolean left = (gtk_widget_get_halign(card) == GTK_ALIGN_START) != rtl;
  GtkRequisition size;

  gtk_widget_get_preferred_size(card, NULL, &size);
  place->width = MIN(size.width, (int)(room->w * w));
  place->height = MIN(size.height, (int)(room->h * h));
  place->x = (int)(left ? room->x * w : (room->x + room->w) * w - place->width);
  place->y = (int)(left != rtl ? room->y * h : (room->y + room->h) * h - place->height);
  return TRUE;
}

static void
free_room(gpointer room, GClosure *closure)
{
  g_free(room);
}

/* Where other parts stand on it, and where they leave room for the city and for the card. */
static void
give_room(MapPart *self, GtkWidget *overlay, const CasaPartSpec *spec, const CasaPartContext *context)
{
  g_autoptr(GArray) veils = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));

  for (guint i = 0; spec->under && i < context->parts->len; i++) {
    const CasaPartSpec *other = g_ptr_array_index(context->parts, i);
    CasaMapBox veil = box_on(&other->slot, &spec->slot);
    if (!other->under)
      g_array_append_val(veils, veil);
  }
  casa_map_set_veils(CASA_MAP(self->map), (const CasaMapBox *)veils->data, veils->len);
  CasaMapBox *room = g_new(CasaMapBox, 1);
  *room = spec->box.w > 0 ? box_on(&spec->box, &spec->slot) : (CasaMapBox){ 0, 0, 1, 1 };
  g_signal_connect_data(overlay, "get-child-position", G_CALLBACK(place_card_cb), room, free_room, 0);
  if (spec->box.w > 0)
    casa_map_set_room(CASA_MAP(self->map), room->x, room->y, room->w, room->h);
}

/* Where the scene wants it to look. */
static void
aim(MapPart *self, const CasaSceneCamera *camera)
{
  CasaLonLat min, max;

  if (camera->place && casa_place_box_find(casa_model_city(self->model), camera->place, &min, &max))
    casa_map_set_rest(CASA_MAP(self->map), min, max, CASA_MAP_ZOOM_MAX);
  else if (camera->zoom > 0)
    casa_map_set_rest(CASA_MAP(self->map), camera->at, camera->at, camera->zoom);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  MapPart *self = part->state = g_new0(MapPart, 1);

  self->model = context->model;
  self->notice = context->notice;
  self->language = casa_lang_get();
  self->field = own_field(context->model, spec);
  self->own_field = self->field != NULL;
  if (!self->field)
    self->field = find_field(context->model);
  self->map = casa_map_new(casa_model_city(context->model));
  self->feed = casa_map_feed_new(context->model, CASA_MAP(self->map));
  g_signal_connect_swapped(self->map, "compared", G_CALLBACK(casa_map_feed_update), self->feed);
  self->card = casa_map_card_new(context->model, CASA_MAP(self->map));
  g_signal_connect_swapped(self->map, "selected", G_CALLBACK(selected_cb), self);
  part->widget = gtk_overlay_new();
  gtk_overlay_set_child(GTK_OVERLAY(part->widget), self->map);
  gtk_overlay_add_overlay(GTK_OVERLAY(part->widget), casa_map_card_widget(self->card));
  casa_map_set_clock(CASA_MAP(self->map), casa_model_clock(context->model));
  gtk_widget_add_css_class(self->map, "casa-map");
  gtk_widget_set_overflow(self->map, GTK_OVERFLOW_HIDDEN);
  give_room(self, part->widget, spec, context);
  aim(self, context->camera);
  part->free_state = free_state;
  part->restyle = restyle;
  part->update = update;
  part->vehicle = vehicle;
}

static const CasaPartOption OPTIONS[] = { { "room", CASA_OPTION_BOX, FALSE },
                                          { "domain", CASA_OPTION_DOMAIN, FALSE },
                                          { NULL } };
const CasaPartClass casa_part_map = { "map", OPTIONS, build };
