/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/map-card.h"
#include "ui/kit/label.h"
#include "ui/scenes/doubt-words.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

#define ROWS 6 /* values at most */
#define OURS "casa-map-card"

struct _CasaMapCard {
  CasaModel *model;
  CasaMap *map;
  GtkWidget *box, *title, *subtitle, *grid, *doubt;
  GtkWidget *names[ROWS], *values[ROWS];
};

static void
set_row(CasaMapCard *self, guint row, const char *name, const char *value)
{
  gboolean shown = name != NULL && value != NULL;

  gtk_widget_set_visible(self->names[row], shown);
  gtk_widget_set_visible(self->values[row], shown);
  casa_label_set(self->names[row], shown ? name : "");
  casa_label_set(self->values[row], shown ? value : "");
}

/* Every series that the station has, but where it is; how old a value is stands beside it. Returns how many rows. */
static guint
show_values(CasaMapCard *self, const CasaStationValues *station)
{
  CasaLatestValues *latest = casa_model_latest(self->model);
  guint row = 0;

  for (guint i = 0; i < station->series->len && row < ROWS; i++) {
    guint series = g_array_index(station->series, guint, i);
    g_autofree char *value = NULL;
    CasaTilePhrases words;

    if (casa_latest_values_is_position(latest, series) || !casa_phrases_series(self->model, series, &words))
      continue;
    value = g_strdup_printf("%s %s", words.number, words.unit);
    set_row(self, row++, words.name, value);
    casa_tile_phrases_clear(&words);
  }
  return row;
}

/* Whose it is, and whether it is a model's: never left out. */
static char *
provenance(const CasaStationValues *station, const CasaStation *info)
{
  const char *kind = station->kind != NULL ? casa_phrases_text(&station->kind->name) : NULL;
  g_autofree char *whose = station->city ? NULL : g_strdup_printf(_("équipe %s"), info->source);
  const char *parts[4] = { NULL };
  guint n = 0;

  if (kind != NULL)
    parts[n++] = kind;
  if (whose != NULL)
    parts[n++] = whose;
  if (station->simulated)
    parts[n++] = _("simulé");
  return g_strjoinv(" · ", (char **)parts);
}

/* Whether one should believe it. */
static void
show_doubt(CasaMapCard *self, guint key)
{
  const CasaDoubtfulSensor *sensor = casa_doubtful_of(casa_model_doubtful(self->model), key, NULL);
  g_autofree char *fault = sensor ? casa_doubt_fault(sensor, casa_model_summary(self->model)->now_ms) : NULL;
  /* TR: on a station's card: one should not rely on it, and why */
  g_autofree char *text = fault ? g_strdup_printf(_("? capteur douteux : %s"), fault) : NULL;

  casa_label_set(self->doubt, text ? text : "");
  gtk_widget_set_visible(self->doubt, text != NULL);
}

static guint
show_station(CasaMapCard *self, guint key)
{
  CasaLatestValues *latest = casa_model_latest(self->model);
  const CasaStationValues *station = casa_latest_values_station(latest, key);
  const CasaStation *info = casa_catalogue_station(casa_latest_values_catalogue(latest), key);
  g_autofree char *name = NULL, *whose = NULL;

  if (station == NULL || info == NULL)
    return 0;
  name = casa_phrases_station(casa_latest_values_catalogue(latest), key);
  whose = provenance(station, info);
  casa_label_set(self->title, name);
  casa_label_set(self->subtitle, whose);
  show_doubt(self, key);
  return show_values(self, station);
}

static guint
show_line(CasaMapCard *self, const CasaLine *line)
{
  g_autofree char *ends = g_strdup_printf("%s – %s", line->terminus_a, line->terminus_b);
  g_autofree char *stops = casa_lang_number(line->n_stops, 0), *length = casa_lang_number(line->length_km, 1);
  g_autofree char *km = g_strdup_printf("%s km", length);

  casa_label_set(self->title, line->name);
  casa_label_set(self->subtitle, casa_map_line_stands(self->map, line) ? _("à l’arrêt") : ends);
  set_row(self, 0, _("Longueur"), km);
  set_row(self, 1, _("Arrêts"), stops);
  return 2;
}

static guint
show_district(CasaMapCard *self, const CasaDistrict *district)
{
  g_autofree char *people = casa_lang_number(district->population, 0), *area = casa_lang_number(district->area_km2, 1);
  g_autofree char *km2 = g_strdup_printf("%s km²", area);

  casa_label_set(self->title, casa_lang_local(district->name_fr, district->name_ar));
  casa_label_set(self->subtitle, _("arrondissement · HCP, recensement 2024"));
  set_row(self, 0, _("Habitants"), people);
  set_row(self, 1, _("Surface"), km2);
  return 2;
}

static const CasaStationValues *
station_at_stop(CasaMapCard *self, const CasaStop *stop, guint *key)
{
  CasaLatestValues *latest = casa_model_latest(self->model);

  for (guint i = 0; i < casa_latest_values_n_stations(latest); i++) {
    const CasaStation *info = casa_catalogue_station(casa_latest_values_catalogue(latest), i);

    *key = i;
    if (info != NULL && g_str_has_suffix(info->station, stop->id))
      return casa_latest_values_station(latest, i);
  }
  return NULL;
}

static guint
show_stop(CasaMapCard *self, const CasaMapItem *item)
{
  guint key, rows = station_at_stop(self, item->stop, &key) != NULL ? show_station(self, key) : 0;

  casa_label_set(self->title, casa_lang_local(item->stop->name_fr, item->stop->name_ar));
  if (rows == 0)
    casa_label_set(self->subtitle, item->line->name);
  return rows;
}

void
casa_map_card_update(CasaMapCard *self)
{
  const CasaMapItem *item = casa_map_get_selection(self->map);
  guint rows = 0;

  gtk_widget_set_visible(self->box, item->kind != CASA_MAP_NOTHING);
  gtk_widget_set_visible(self->doubt, FALSE);
  switch (item->kind) {
  case CASA_MAP_STATION:
  case CASA_MAP_VEHICLE: rows = show_station(self, item->key); break;
  case CASA_MAP_STOP: rows = show_stop(self, item); break;
  case CASA_MAP_LINE: rows = show_line(self, item->line); break;
  case CASA_MAP_DISTRICT: rows = show_district(self, item->district); break;
  default: return;
  }
  for (; rows < ROWS; rows++)
    set_row(self, rows, NULL, NULL);
}

/* On the other half of the map than what it is about. */
static void
selected_cb(GtkWidget *box)
{
  CasaMapCard *self = g_object_get_data(G_OBJECT(box), OURS);
  const CasaMapItem *item = casa_map_get_selection(self->map);
  const CasaCity *city = casa_model_city(self->model);
  gboolean east = item->at.lon > (city->min.lon + city->max.lon) / 2;
  gboolean rtl = gtk_widget_get_direction(GTK_WIDGET(self->map)) == GTK_TEXT_DIR_RTL;

  gtk_widget_set_halign(self->box, east != rtl ? GTK_ALIGN_START : GTK_ALIGN_END);
  casa_map_card_update(self);
}

static void
build_rows(CasaMapCard *self)
{
  self->grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(self->grid), 16);
  for (guint i = 0; i < ROWS; i++) {
    self->names[i] = casa_label_new("casa-card-name");
    self->values[i] = casa_label_new("casa-card-value");
    gtk_widget_set_halign(self->names[i], GTK_ALIGN_START);
    gtk_widget_set_halign(self->values[i], GTK_ALIGN_END);
    gtk_widget_set_hexpand(self->values[i], TRUE);
    gtk_grid_attach(GTK_GRID(self->grid), self->names[i], 0, (int)i, 1, 1);
    gtk_grid_attach(GTK_GRID(self->grid), self->values[i], 1, (int)i, 1, 1);
  }
}

CasaMapCard *
casa_map_card_new(CasaModel *model, CasaMap *map)
{
  CasaMapCard *self = g_new0(CasaMapCard, 1);

  self->model = model;
  self->map = map;
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  self->title = casa_label_new("casa-card-title");
  self->subtitle = casa_label_new("casa-card-subtitle");
  self->doubt = casa_label_new("casa-card-subtitle");
  build_rows(self);
  gtk_widget_set_halign(self->doubt, GTK_ALIGN_START);
  gtk_widget_set_halign(self->title, GTK_ALIGN_START);
  gtk_widget_set_halign(self->subtitle, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(self->box), self->title);
  gtk_box_append(GTK_BOX(self->box), self->subtitle);
  gtk_box_append(GTK_BOX(self->box), self->grid);
  gtk_box_append(GTK_BOX(self->box), self->doubt);
  gtk_widget_add_css_class(self->box, "casa-card");
  gtk_widget_set_halign(self->box, GTK_ALIGN_END);
  gtk_widget_set_valign(self->box, GTK_ALIGN_END);
  gtk_widget_set_can_target(self->box, FALSE); /* what lies under it can still be touched */
  gtk_widget_set_visible(self->box, FALSE);
  g_object_set_data_full(G_OBJECT(self->box), OURS, self, g_free);
  g_signal_connect_object(map, "selected", G_CALLBACK(selected_cb), self->box, G_CONNECT_SWAPPED);
  return self;
}

static void
add_words(GString *said, const char *parting, GtkWidget *label)
{
  const char *text = gtk_label_get_text(GTK_LABEL(label));

  if (gtk_widget_get_visible(label) && *text)
    g_string_append_printf(said, "%s%s", said->len ? parting : "", text);
}

char *
casa_map_card_words(CasaMapCard *self)
{
  if (!gtk_widget_get_visible(self->box))
    return NULL;
  GString *said = g_string_new(NULL);

  add_words(said, "", self->title);
  add_words(said, ", ", self->subtitle);
  for (guint i = 0; i < ROWS; i++) {
    add_words(said, ", ", self->names[i]);
    add_words(said, " ", self->values[i]);
  }
  add_words(said, ", ", self->doubt);
  return g_string_free(said, FALSE);
}

GtkWidget *
casa_map_card_widget(CasaMapCard *self)
{
  return self->box;
}
