/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time-units.h"
#include "ui/chart/chart-readout.h"
#include "ui/chart/chart.h"
#include "ui/kit/label.h"
#include "ui/scenes/figure-view.h"
#include "ui/scenes/parts.h"
#include "ui/share/share.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"

#define COLUMNS 720            /* of the day: one each two minutes */
#define SHEET_HEIGHT 420       /* of the chart that is taken along, units */
#define TABLE_ROWS 48          /* one for half an hour */
#define CAPACITY 4096          /* of a day's points, and the live ones of the minutes since it was read */
#define REFRESH_MS (60 * 1000) /* how often the past is read again */

/* One metric of one station, of anybody: a team sees its own sensor. Never taken for the city's: it says whose it is, in a word
 * and by a sign. */
typedef struct {
  CasaModel *model;
  CasaFigureView view;
  CasaFigureShape shape;
  char *source, *station, *metric;
  char *line_name;  /* the metric in the language of the page, as its line is called; NULL: not known yet */
  guint series;     /* CasaSeriesInfo.id; G_MAXUINT: not there yet */
  guint generation; /* of the catalogue when it was looked for */
  CasaPyramid *curve;
  guint64 ticket;
  gint64 asked_ms, newest_ms;
} StationPart;

static void
station_free(gpointer data)
{
  StationPart *self = data;

  casa_history_service_cancel(casa_model_history_service(self->model), self->ticket);
  casa_pyramid_free(self->curve);
  g_free(self->source);
  g_free(self->station);
  g_free(self->metric);
  g_free(self->line_name);
  g_free(self);
}

/* The series, of whatever domain the station says it is. */
static void
look_up(StationPart *self)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->model));
  guint generation = casa_catalogue_generation(catalogue), n = casa_catalogue_n_stations(catalogue);

  if (self->series != G_MAXUINT || generation == self->generation)
    return;
  self->generation = generation;
  for (guint i = 0; i < n && self->series == G_MAXUINT; i++) {
    const CasaStation *info = casa_catalogue_station(catalogue, i);
    if (g_str_equal(info->source, self->source) && g_str_equal(info->station, self->station))
      self->series = casa_catalogue_find_series(catalogue, i, self->metric);
  }
}

static void
answer_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  StationPart *self = data;

  self->ticket = 0;
  if (!answer->columns)
    return;
  casa_pyramid_clear(self->curve);
  for (guint i = 0; i < answer->columns->n; i++) {
    const CasaTimeColumn *column = &answer->columns->columns[i];
    if (column->n > 0)
      casa_pyramid_add(self->curve, answer->columns->from_ms + (gint64)i * answer->columns->width_ms, column->mean);
  }
  casa_chart_changed(CASA_CHART(self->view.chart));
}

static void
ask(StationPart *self, gint64 now_ms)
{
  const CasaHistoryQuery query = {
    .series = &self->series, .n_series = 1, .from_ms = now_ms - CASA_DAY_MS, .to_ms = now_ms, .columns = COLUMNS
  };

  if (self->ticket || ABS(now_ms - self->asked_ms) < REFRESH_MS)
    return;
  self->asked_ms = now_ms;
  self->ticket = casa_history_service_ask(casa_model_history_service(self->model), &query, answer_cb, self);
}

/* What arrived since the past was read. */
static void
grow(StationPart *self)
{
  const CasaValue *value = casa_latest_values_get(casa_model_latest(self->model), self->series);

  if (!value || value->t_ms <= self->newest_ms)
    return;
  self->newest_ms = value->t_ms;
  casa_pyramid_add(self->curve, value->t_ms, value->value);
}

static void
name_line(StationPart *self, const char *name)
{
  if (g_strcmp0(name, self->line_name) == 0)
    return;
  casa_chart_picture(CASA_CHART(self->view.chart))->lines[0].name = NULL;
  g_free(self->line_name);
  self->line_name = g_strdup(name);
  casa_chart_picture(CASA_CHART(self->view.chart))->lines[0].name = self->line_name;
}

static void
say(StationPart *self)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->model));
  CasaTilePhrases words = { 0 };
  const CasaSeriesInfo *info = casa_catalogue_series(catalogue, self->series);
  g_autofree char *station = info ? casa_phrases_station(catalogue, info->station) : casa_name_tame(self->station);
  g_autofree char *owner = casa_name_tame(self->source);
  /* TR: a sensor that is not the city's: whose it is */
  g_autofree char *whose = g_strdup_printf(_("◇ équipe %s"), owner);

  casa_label_set(self->view.name, station);
  if (info && casa_phrases_series(self->model, self->series, &words)) {
    g_autofree char *unit = g_strdup_printf("%s · %s", words.unit, words.name);
    casa_figure_view_say(&self->view, words.number, *words.unit ? unit : words.name, whose, FALSE);
    name_line(self, words.name);
  } else {
    casa_figure_view_say(&self->view, "–", _("● en attente de mesures"), whose, FALSE);
  }
  g_autofree char *label = g_strdup_printf(_("%s, dernières 24 heures"), station);
  g_autofree char *spoken = g_strdup_printf("%s %s, %s", gtk_label_get_text(GTK_LABEL(self->view.number)),
                                            gtk_label_get_text(GTK_LABEL(self->view.unit)), whose);
  casa_chart_set_accessible(CASA_CHART(self->view.chart), label, spoken);
  casa_tile_phrases_clear(&words);
}

static void
update(CasaPart *part)
{
  StationPart *self = part->state;
  gint64 now_ms = casa_model_summary(self->model)->now_ms;

  look_up(self);
  if (self->series != G_MAXUINT) {
    ask(self, now_ms);
    grow(self);
  }
  say(self);
  casa_chart_set_range(CASA_CHART(self->view.chart), now_ms - CASA_DAY_MS, now_ms, now_ms);
}

static CasaSheet *
sheet_cb(gpointer data)
{
  StationPart *self = data;
  const CasaChartPicture *picture = casa_chart_picture(CASA_CHART(self->view.chart));
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->model));
  const CasaSeriesInfo *info = casa_catalogue_series(catalogue, self->series);
  const CasaStation *station = info ? casa_catalogue_station(catalogue, info->station) : NULL;
  const CasaProvenance from = station && station->simulated ? CASA_FROM_SIMULATOR : 0;
  const char *title = gtk_label_get_text(GTK_LABEL(self->view.name));

  if (!picture->theme)
    return NULL;
  g_autofree char *path = g_strdup_printf("%s/%s/%s", self->source, self->station, self->metric);
  g_autofree char *words = casa_sheet_provenance_words(from), *origin = casa_sheet_provenance(from);
  g_autofree char *head = g_strdup_printf("%s  %s   %s", title, self->line_name ? self->line_name : self->metric, words);
  CasaSheet *sheet = casa_sheet_new(picture->theme, picture->font, title, path, picture->from_ms, picture->to_ms);
  casa_sheet_add_chart(sheet, head, SHEET_HEIGHT, CASA_CHART(self->view.chart));
  casa_sheet_row(sheet->data, "time", "source", "station", "metric", "value", "provenance", NULL);
  for (guint i = casa_pyramid_search(self->curve, picture->from_ms); i < casa_pyramid_length(self->curve); i++) {
    char time[32];
    gint64 t;
    double value;
    casa_pyramid_get(self->curve, i, &t, &value);
    g_autofree char *number = casa_sheet_number(value);
    casa_sheet_row(sheet->data, casa_time_format(t, time), self->source, self->station, self->metric, number, origin, NULL);
  }
  g_ptr_array_unref(sheet->table);
  sheet->table = casa_chart_table(picture, TABLE_ROWS);
  return sheet;
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  StationPart *self = part->state;
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->view.chart));

  casa_figure_view_restyle(&self->view, self->shape, look);
  p->n_lines = 1;
  p->lines[0] = (CasaChartLine){ .data = self->curve, .name = self->line_name, .colour = look->theme->second };
  casa_chart_changed(CASA_CHART(self->view.chart));
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  StationPart *self = part->state = g_new0(StationPart, 1);

  part->free_state = station_free;
  self->model = context->model;
  self->shape = casa_figure_shape(&spec->slot, context);
  self->source = g_strdup(casa_part_spec_get(spec, "source"));
  self->station = g_strdup(casa_part_spec_get(spec, "station"));
  self->metric = g_strdup(casa_part_spec_get(spec, "metric"));
  self->series = self->generation = G_MAXUINT;
  self->curve = casa_pyramid_new(CAPACITY);
  casa_figure_view_init(&self->view, self->shape, NULL);
  casa_share_attach(self->view.chart, &(CasaShare){ .sheet = sheet_cb, .data = self });
  part->widget = self->view.root;
  part->chart = self->view.chart;
  part->restyle = restyle;
  part->update = update;
}

static const CasaPartOption OPTIONS[] = {
  { "source", CASA_OPTION_WORD, TRUE }, { "station", CASA_OPTION_WORD, TRUE }, { "metric", CASA_OPTION_WORD, TRUE }, { NULL }
};
const CasaPartClass casa_part_station = { "station", OPTIONS, build };
