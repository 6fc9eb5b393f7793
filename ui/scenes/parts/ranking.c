/* SPDX-License-Identifier: Apache-2.0 */
#include "series/members.h"
#include "ui/chart/ranking.h"
#include "ui/scenes/fact-view.h"
#include "ui/scenes/happenings.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define REORDER_S 30 /* rows that changed places all the time could not be read */
#define ROWS_MAX 24

/* Who is compared with whom. */
typedef enum { BY_LINE, BY_DISTRICT, BY_STATION } By;

static const char *const BY[] = { "line", "district", "station", NULL };
/* TR: head of a table's first column */
static const char *const WHO[] = { N_("ligne"), N_("arrondissement"), N_("station") };

/* One row: a line with its vehicles, a district with its stations, a station. */
typedef struct {
  gconstpointer key; /* CasaLine, CasaDistrict; of a station NULL */
  guint station;     /* CasaStation.id; of the others G_MAXUINT */
  GArray *members;   /* double, rising once it is worked out */
  double value;
  char *name, *text;
  CasaRgb colour;
  gboolean marked; /* something happens there */
} Row;

/* One indicator, by who it is made of: worst first. */
typedef struct {
  CasaModel *model;
  CasaPageNotice *notice;
  const CasaIndicator *indicator; /* NULL: has just gone */
  By by;
  gboolean spread;
  CasaFactView view;
  CasaLook look;
  GPtrArray *rows; /* Row *, as shown */
  GArray *shown;   /* CasaRankingRow, the same */
  gint64 ordered_us;
} RankingPart;

static void
row_free(gpointer data)
{
  Row *row = data;

  g_array_unref(row->members);
  g_free(row->name);
  g_free(row->text);
  g_free(row);
}

static void
part_free(gpointer data)
{
  RankingPart *self = data;

  g_ptr_array_unref(self->rows);
  g_array_unref(self->shown);
  g_free(self);
}

static const CasaDistrict *
district_of(RankingPart *self, const CasaStationValues *station)
{
  const CasaStation *info = casa_catalogue_station(casa_latest_values_catalogue(casa_model_latest(self->model)), station->id);

  if (!info || !info->has_position)
    return NULL;
  return casa_city_district_at(casa_model_city(self->model), (CasaLonLat){ info->lon, info->lat });
}

/* FALSE: it belongs to none. */
static gboolean
key_of(RankingPart *self, const CasaStationValues *station, gconstpointer *key)
{
  *key = NULL;
  if (self->by == BY_LINE)
    *key = station->line;
  else if (self->by == BY_DISTRICT)
    *key = district_of(self, station);
  return self->by == BY_STATION || *key != NULL;
}

static Row *
row_for(RankingPart *self, GPtrArray *rows, const CasaStationValues *station)
{
  gconstpointer key;

  if (!key_of(self, station, &key))
    return NULL;
  for (guint i = 0; self->by != BY_STATION && i < rows->len; i++)
    if (((Row *)rows->pdata[i])->key == key)
      return rows->pdata[i];
  Row *row = g_new0(Row, 1);
  row->key = key;
  row->station = self->by == BY_STATION ? station->id : G_MAXUINT;
  row->members = g_array_new(FALSE, FALSE, sizeof(double));
  g_ptr_array_add(rows, row);
  return row;
}

/* Of an indicator that only lives while it is measured (a delay: a vehicle in its depot says nothing of its line) only what is
 * live counts; a mean of which most is missing is none. */
static GPtrArray *
read_rows(RankingPart *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
  const GArray *members = casa_model_members(self->model, self->indicator);

  for (guint i = 0; members && i < members->len; i++) {
    const CasaStationValues *station =
      casa_latest_values_owner(casa_model_latest(self->model), g_array_index(members, guint, i));
    if (!station)
      continue;
    const CasaFigure figure = casa_model_station_figure(self->model, self->indicator, station->id);
    if (figure.state < (self->indicator->live_only ? CASA_STATE_LIVE : CASA_STATE_LAST) || !isfinite(figure.value) ||
        (double)figure.covered_ms < CASA_MEAN_WHOLE * (double)self->indicator->over_ms)
      continue;
    Row *row = row_for(self, rows, station);
    if (row)
      g_array_append_val(row->members, figure.value);
  }
  return rows;
}

static gint
rising(gconstpointer a, gconstpointer b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* Share @p of the members lies below: between two of them, linear. */
static double
quantile(const GArray *members, double p)
{
  const double at = p * (members->len - 1);
  const guint low = (guint)floor(at), high = MIN(low + 1, members->len - 1);

  return g_array_index(members, double, low) +
         (at - low) * (g_array_index(members, double, high) - g_array_index(members, double, low));
}

static const char *
place_name(const char *french, const char *arabic)
{
  return g_str_equal(casa_lang_get(), "ar") && arabic && *arabic ? arabic : french;
}

static void
name_row(RankingPart *self, Row *row)
{
  const CasaDistrict *district = row->key;

  if (self->by == BY_LINE)
    row->name = g_strdup(((const CasaLine *)row->key)->name);
  else if (self->by == BY_DISTRICT)
    row->name = g_strdup(place_name(district->name_fr, district->name_ar));
  else
    row->name = casa_phrases_station(casa_latest_values_catalogue(casa_model_latest(self->model)), row->station);
}

static CasaRgb
colour_of(RankingPart *self, const Row *row)
{
  const CasaCityDomain *domain = casa_indicators_domain(casa_model_indicators(self->model), self->indicator->domain);
  const CasaLimit *limit = self->indicator->limits[0];

  if (self->by == BY_LINE)
    return casa_rgb_from_hex(((const CasaLine *)row->key)->rgb);
  if (limit && row->value > limit->value)
    return self->look.theme->bad;
  return domain ? casa_rgb_from_hex(casa_city_domain_colours(domain, self->look.theme->id)->first) : self->look.theme->accent;
}

/* A duration is drawn in minutes, as its axis says. */
static double
drawn(RankingPart *self, double value)
{
  return self->indicator->format == CASA_FORMAT_DURATION ? value / 60 : value;
}

/* Lines and districts of which something is told now. */
static void
mark_rows(RankingPart *self, GPtrArray *rows)
{
  g_autoptr(GArray) happenings = casa_happenings_read(self->model, self->notice);

  for (guint i = 0; i < happenings->len; i++) {
    const CasaHappening *h = &g_array_index(happenings, CasaHappening, i);
    gconstpointer where = self->by == BY_LINE ? (gconstpointer)h->line : h->district;
    for (guint k = 0; k < rows->len && where && !h->over; k++) {
      Row *row = rows->pdata[k];
      row->marked |= row->key == where;
    }
  }
}

static void
work_out(RankingPart *self, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    Row *row = rows->pdata[i];
    g_array_sort(row->members, rising);
    row->value = casa_members_fold(self->indicator, (double *)row->members->data, row->members->len);
    row->text = casa_phrases_value(self->indicator, row->value);
    row->colour = colour_of(self, row);
    name_row(self, row);
    g_array_sort(row->members, rising); /* folding may have moved them */
    for (guint k = 0; k < row->members->len; k++)
      g_array_index(row->members, double, k) = drawn(self, g_array_index(row->members, double, k));
    row->value = drawn(self, row->value);
  }
}

static gint
worst_first(gconstpointer a, gconstpointer b)
{
  const Row *x = *(Row *const *)a, *y = *(Row *const *)b;

  return (x->value < y->value) - (x->value > y->value);
}

static guint
place_before(const GPtrArray *before, const Row *row)
{
  for (guint i = 0; i < before->len; i++) {
    const Row *old = before->pdata[i];
    if (old->key == row->key && old->station == row->station)
      return i;
  }
  return G_MAXUINT;
}

static gint
as_before(gconstpointer a, gconstpointer b, gpointer data)
{
  const GPtrArray *before = data;
  const Row *x = *(Row *const *)a, *y = *(Row *const *)b;
  const guint i = place_before(before, x), k = place_before(before, y);

  return i != k ? (i > k) - (i < k) : worst_first(a, b);
}

static void
order(RankingPart *self, GPtrArray *rows)
{
  const gint64 now_us = casa_clock_mono_us();

  if (self->rows->len && now_us - self->ordered_us < REORDER_S * G_USEC_PER_SEC) {
    g_ptr_array_sort_with_data(rows, as_before, self->rows);
    return;
  }
  g_ptr_array_sort(rows, worst_first);
  self->ordered_us = now_us;
}

static void
show_rows(RankingPart *self)
{
  g_array_set_size(self->shown, 0);
  for (guint i = 0; i < MIN(self->rows->len, ROWS_MAX); i++) {
    const Row *row = self->rows->pdata[i];
    CasaRankingRow shown = {
      .name = row->name, .colour = row->colour, .value = row->value, .text = row->text, .marked = row->marked
    };
    if (self->spread && row->members->len > 1) {
      shown.is_spread = TRUE;
      shown.p10 = quantile(row->members, 0.1);
      shown.p25 = quantile(row->members, 0.25);
      shown.p75 = quantile(row->members, 0.75);
      shown.p90 = quantile(row->members, 0.9);
      shown.members = (const double *)row->members->data;
      shown.n_members = row->members->len;
    }
    g_array_append_val(self->shown, shown);
  }
}

/* What stands in its place while it ranks nothing. */
static const char *
empty_words(RankingPart *self)
{
  return self->indicator->over_ms > 0 ? _("pas assez de données") : _("pas de donnée");
}

/* "T1 3:20 ; T2 2:24 ; …", worst first. */
static void
describe(RankingPart *self)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < self->rows->len; i++) {
    const Row *row = self->rows->pdata[i];
    g_string_append_printf(text, "%s%s %s", i ? " ; " : "", row->name, row->text);
  }
  casa_plot_view_set_accessible(CASA_PLOT_VIEW(self->view.plot), gtk_label_get_text(GTK_LABEL(self->view.name)),
                                self->rows->len ? text->str : empty_words(self));
}

static void
update(CasaPart *part)
{
  RankingPart *self = part->state;

  if (!self->indicator || !self->look.theme)
    return;
  GPtrArray *rows = read_rows(self);
  mark_rows(self, rows);
  work_out(self, rows);
  order(self, rows);
  g_ptr_array_unref(self->rows);
  self->rows = rows;
  show_rows(self);
  describe(self);
  casa_plot_view_changed(CASA_PLOT_VIEW(self->view.plot));
}

static void
paint(const CasaPlot *plot, gpointer data)
{
  RankingPart *self = data;
  const CasaLimit *const *limits = self->indicator->limits;
  CasaRanking ranking = { .rows = (const CasaRankingRow *)self->shown->data,
                          .n_rows = self->shown->len,
                          .decimals = self->indicator->format == CASA_FORMAT_DURATION ? 0 : self->indicator->decimals,
                          .unit = casa_phrases_text(&self->indicator->unit),
                          .chips = self->by == BY_LINE,
                          .empty = empty_words(self) };

  for (guint i = 0; limits[i] && i < CASA_RANKING_LIMITS_MAX; i++) {
    ranking.limits[i] = (CasaRankingLimit){ drawn(self, limits[i]->value), casa_phrases_text(&limits[i]->name) };
    ranking.n_limits = i + 1;
  }
  casa_ranking_paint(plot, &ranking);
}

/* In the order in which they stand. */
static CasaSheet *
sheet_cb(gpointer data)
{
  RankingPart *self = data;
  const gint64 now_ms = casa_model_summary(self->model)->now_ms;
  const char *unit = casa_phrases_text(&self->indicator->unit);
  CasaSheet *sheet = casa_fact_view_sheet(&self->view, self->model, &self->indicator, 1, now_ms, now_ms);
  char time[32];

  if (!sheet)
    return NULL;
  g_autofree char *head = g_strdup_printf("%s (%s)", casa_phrases_text(&self->indicator->name), unit);
  g_autofree char *origin = casa_sheet_provenance(casa_model_figure(self->model, self->indicator)->from);
  casa_sheet_row(sheet->data, "time", "indicator", BY[self->by], "unit", "value", "members", "provenance", NULL);
  casa_sheet_row(sheet->table, casa_tr(WHO[self->by]), head, NULL);
  for (guint i = 0; i < self->rows->len; i++) {
    const Row *row = self->rows->pdata[i];
    g_autofree char *value = casa_sheet_number(row->value), *n = g_strdup_printf("%u", row->members->len);
    casa_sheet_row(sheet->data, casa_time_format(now_ms, time), self->indicator->id, row->name, unit, value, n, origin, NULL);
    casa_sheet_row(sheet->table, row->name, row->text, NULL);
  }
  return sheet;
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  RankingPart *self = part->state;

  self->look = *look;
  casa_fact_view_restyle(&self->view, look);
  update(part);
}

static char *
heading(RankingPart *self)
{
  const char *name = casa_phrases_text(&self->indicator->name);

  switch (self->by) {
  case BY_LINE: return g_strdup_printf(_("%s par ligne"), name);
  case BY_DISTRICT: return g_strdup_printf(_("%s par arrondissement"), name);
  case BY_STATION: return g_strdup_printf(_("%s par station"), name);
  }
  g_return_val_if_reached(NULL);
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  RankingPart *self = part->state = g_new0(RankingPart, 1);
  const char *by = casa_part_spec_get(spec, "by");

  part->free_state = part_free;
  self->model = context->model;
  self->notice = context->notice;
  self->indicator = casa_indicators_find(casa_model_indicators(context->model), casa_part_spec_get(spec, "indicator"));
  while (self->by < BY_STATION && !g_str_equal(BY[self->by], by))
    self->by++;
  self->spread = g_strcmp0(casa_part_spec_get(spec, "spread"), "yes") == 0;
  self->rows = g_ptr_array_new_with_free_func(row_free);
  self->shown = g_array_new(FALSE, FALSE, sizeof(CasaRankingRow));
  if (!self->indicator) {
    part->widget = casa_fraction_layout_new();
    return;
  }
  g_autofree char *words = heading(self);
  casa_fact_view_init(&self->view, words, self->indicator->domain, paint, self);
  casa_share_attach(self->view.plot, &(CasaShare){ .sheet = sheet_cb, .data = self });
  part->widget = self->view.root;
  part->restyle = restyle;
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "indicator", CASA_OPTION_INDICATOR, TRUE },
                                          { "by", CASA_OPTION_CHOICE, TRUE, BY },
                                          { "spread", CASA_OPTION_SWITCH, FALSE },
                                          { NULL } };
const CasaPartClass casa_part_ranking = { "ranking", OPTIONS, build };
