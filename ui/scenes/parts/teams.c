/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time-units.h"
#include "ui/chart/chart.h"
#include "ui/chart/spark.h"
#include "ui/data/teams.h"
#include "ui/kit/fraction-layout.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/scenes/figure-view.h"
#include "ui/scenes/join-code.h"
#include "ui/scenes/parts.h"
#include "ui/scenes/team-place.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"
#include <math.h>

/* Teams that the organiser has shown: one large with its own half hour, and a board of all. Nothing of another team is here,
 * not even its name. */

#define ROWS 12
#define PAGE_MS 15000
#define SPAN_MS (30 * CASA_MINUTE_MS)
#define SPAN_LEAST_MS (2 * CASA_MINUTE_MS)
#define BOARD_MS (10 * CASA_MINUTE_MS)
#define AGAIN_MS 5000

typedef struct {
  GtkWidget *root, *number, *name, *state, *spark, *rate, *value, *unit;
} Row;

/* The last minutes of one series, for the board. */
typedef struct {
  struct Teams *owner;
  guint series;
  guint64 ticket;
  gint64 asked_ms;
  gboolean known;
  double values[CASA_SPARK_POINTS];
} Line;

typedef struct Teams {
  CasaModel *model;
  CasaFigureView view;
  CasaTeamPlace *place;
  CasaJoinCode *code, *first_code; /* below the large team; in its place while there is none. NULL: there is no room */
  GtkWidget *head, *count, *empty, *whose;
  Row rows[ROWS];
  GHashTable *lines; /* Line by series */
  const CasaTheme *theme;
  guint featured; /* series that the curve is of; G_MAXUINT none */
  CasaPyramid *curve;
  guint64 ticket;
  gint64 asked_ms;
  char *line_name;
} Teams;

static void
line_free(gpointer data)
{
  Line *line = data;

  casa_history_service_cancel(casa_model_history_service(line->owner->model), line->ticket);
  g_free(line);
}

static void
teams_free(gpointer data)
{
  Teams *self = data;

  casa_history_service_cancel(casa_model_history_service(self->model), self->ticket);
  g_hash_table_unref(self->lines);
  casa_pyramid_free(self->curve);
  g_free(self->line_name);
  g_free(self);
}

/* --- The past --- */

static void
curve_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  Teams *self = data;

  self->ticket = 0;
  if (!answer->columns)
    return;
  casa_pyramid_clear(self->curve);
  for (guint i = 0; i < answer->columns->n; i++)
    if (answer->columns->columns[i].n > 0)
      casa_pyramid_add(self->curve,
                       answer->columns->from_ms + (gint64)i * answer->columns->width_ms + answer->columns->width_ms / 2,
                       answer->columns->columns[i].mean);
  casa_chart_changed(CASA_CHART(self->view.chart));
}

static void
ask_curve(Teams *self, guint series, gint64 now_ms)
{
  if (series != self->featured) {
    casa_history_service_cancel(casa_model_history_service(self->model), self->ticket);
    casa_pyramid_clear(self->curve);
    self->featured = series;
    self->ticket = 0;
    self->asked_ms = 0;
  }
  if (self->ticket || ABS(now_ms - self->asked_ms) < AGAIN_MS)
    return;
  self->asked_ms = now_ms;
  const CasaHistoryQuery query = {
    .series = &series, .n_series = 1, .from_ms = now_ms - SPAN_MS, .to_ms = now_ms + 1, .columns = 720
  };
  self->ticket = casa_history_service_ask(casa_model_history_service(self->model), &query, curve_cb, self);
}

static void
line_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  Line *line = data;

  line->ticket = 0;
  if (!answer->columns)
    return;
  for (guint i = 0; i < CASA_SPARK_POINTS; i++)
    line->values[i] = NAN;
  for (guint i = 0; i < answer->columns->n; i++) {
    const gint64 middle = answer->columns->from_ms + (gint64)i * answer->columns->width_ms + answer->columns->width_ms / 2;
    const gint64 at = (middle - answer->query->from_ms) * CASA_SPARK_POINTS / BOARD_MS;
    if (answer->columns->columns[i].n > 0)
      line->values[CLAMP(at, 0, CASA_SPARK_POINTS - 1)] = answer->columns->columns[i].mean;
  }
  /* A value holds for two places: who reports each half minute has a line, too. */
  for (guint i = CASA_SPARK_POINTS - 1; i > 0; i--)
    if (isnan(line->values[i]) && !isnan(line->values[i - 1]))
      line->values[i] = line->values[i - 1];
  line->known = TRUE;
}

static const double *
line_of(Teams *self, guint series, gint64 now_ms)
{
  Line *line = g_hash_table_lookup(self->lines, GUINT_TO_POINTER(series));

  if (!line) {
    line = g_new0(Line, 1);
    line->owner = self;
    line->series = series;
    g_hash_table_insert(self->lines, GUINT_TO_POINTER(series), line);
  }
  if (!line->ticket && ABS(now_ms - line->asked_ms) >= 2 * AGAIN_MS) {
    const CasaHistoryQuery query = {
      .series = &line->series, .n_series = 1, .from_ms = now_ms - BOARD_MS, .to_ms = now_ms + 1, .columns = CASA_SPARK_POINTS
    };
    line->asked_ms = now_ms;
    line->ticket = casa_history_service_ask(casa_model_history_service(self->model), &query, line_cb, line);
  }
  return line->known ? line->values : NULL;
}

/* --- The board --- */

/* (transfer full) */
static char *
name_of(const CasaTeamState *team)
{
  return casa_name_tame(team->source);
}

static void
say_row(Teams *self, Row *row, const CasaTeamState *team, gboolean featured, gint64 now_ms)
{
  CasaTilePhrases words = { 0 };
  g_autofree char *name = name_of(team), *number = team->number ? casa_lang_number(team->number, 0) : g_strdup("");
  g_autofree char *rate = casa_lang_number(team->live ? team->per_minute : 0, 0),
                  *age = casa_lang_age(now_ms - team->newest_ms);
  /* TR: a team from which nothing comes any more, for so long */
  g_autofree char *silent = g_strdup_printf(_("○ muette depuis %s"), age), *live = g_strdup_printf("● %s", _("en direct"));
  g_autofree char *simulated = g_strdup_printf("%s   ◆ %s", team->live ? live : silent, _("simulé"));

  gtk_widget_set_visible(row->root, TRUE);
  if (team->series != G_MAXUINT)
    casa_phrases_series(self->model, team->series, &words);
  g_autofree char *title = g_strdup_printf("%s  %s", name, words.name ? words.name : "");
  casa_label_set(row->number, number);
  casa_label_set(row->name, title);
  casa_label_set(row->state, team->simulated ? simulated : team->live ? live : silent);
  casa_label_set(row->rate, rate);
  casa_label_set(row->value, words.number ? words.number : "–");
  const CasaMetric *metric =
    team->series == G_MAXUINT ? NULL : casa_latest_values_metric(casa_model_latest(self->model), team->series);
  casa_label_set(row->unit, metric ? metric->unit : "");
  gtk_widget_set_opacity(row->value, team->live ? 1 : 0.6);
  if (team->live)
    gtk_widget_remove_css_class(row->state, "casa-warning");
  else
    gtk_widget_add_css_class(row->state, "casa-warning");
  if (featured)
    gtk_widget_add_css_class(row->root, "casa-chosen");
  else
    gtk_widget_remove_css_class(row->root, "casa-chosen");
  if (self->theme)
    casa_spark_set(CASA_SPARK(row->spark), team->series == G_MAXUINT ? NULL : line_of(self, team->series, now_ms),
                   featured ? self->theme->provenance : self->theme->ink, !team->live);
  casa_tile_phrases_clear(&words);
}

/* Pages of a board: the featured team has a row on each. */
static void
say_board(Teams *self, const GPtrArray *teams, guint featured, gint64 now_ms)
{
  const guint n_pages = MAX((teams->len + ROWS - 1) / ROWS, 1), page = (guint)((now_ms / PAGE_MS) % n_pages);
  const guint begin = page * ROWS, end = MIN(begin + ROWS, teams->len);
  guint live = 0, row = 0;

  for (guint i = 0; i < teams->len; i++)
    live += ((const CasaTeamState *)teams->pdata[i])->live;
  g_autofree char *n = casa_lang_number(teams->len, 0), *n_live = casa_lang_number(live, 0);
  g_autofree char *n_silent = casa_lang_number(teams->len - live, 0);
  g_auto(GStrv) halves = g_strsplit(casa_tr_n("%s équipe", "%s équipes", teams->len), "%s", 2);
  g_autofree char *head = g_strjoinv(n, halves);
  /* TR: head of the board: teams from which something comes, and others */
  g_autofree char *count = g_strdup_printf(_("● en direct : %s · ○ muettes : %s"), n_live, n_silent);
  casa_label_set(self->head, head);
  casa_label_set(self->count, count);
  for (guint i = begin; i < end; i++) {
    /* The last row is the featured team's when it is on another page. */
    const gboolean elsewhere = featured < teams->len && (featured < begin || featured >= end) && row == ROWS - 1;
    say_row(self, &self->rows[row++], teams->pdata[elsewhere ? featured : i], elsewhere || i == featured, now_ms);
  }
  if (featured < teams->len && (featured < begin || featured >= end) && row < ROWS)
    say_row(self, &self->rows[row++], teams->pdata[featured], TRUE, now_ms);
  for (; row < ROWS; row++)
    gtk_widget_set_visible(self->rows[row].root, FALSE);
}

/* --- The large one --- */

/* "▲ en hausse de 12 en 30 min": what the curve says, and no verdict where no limit is known. (transfer full) */
static char *
trend_of(Teams *self, const CasaTeamState *team, gint64 now_ms)
{
  const CasaMetric *metric = casa_latest_values_metric(casa_model_latest(self->model), team->series);
  const CasaValue *value = casa_latest_values_get(casa_model_latest(self->model), team->series);
  double before;

  if (!value || !casa_pyramid_at(self->curve, now_ms - SPAN_MS + 2 * CASA_MINUTE_MS, 4 * CASA_MINUTE_MS, &before))
    return g_strdup("");
  const double by = value->value - before;
  g_autofree char *number = casa_lang_number(fabs(by), metric ? metric->decimals : 1);
  g_autofree char *none = casa_lang_number(0, metric ? metric->decimals : 1);
  if (g_str_equal(number, none))
    return g_strdup(_("= stable en 30 min"));
  return g_strdup_printf(by > 0 ? _("▲ en hausse de %s en 30 min") : _("▼ en baisse de %s en 30 min"), number);
}

/* By what the city judges the same quantity: an indicator of newest values, with a scale where one has it. NULL: nobody judges
 * it. */
static const CasaIndicator *
judge_of(Teams *self, const CasaMetric *metric)
{
  CasaIndicators *all = casa_model_indicators(self->model);
  const CasaIndicator *found = NULL;

  for (guint i = 0; metric && i < casa_indicators_n(all); i++) {
    const CasaIndicator *one = casa_indicators_get(all, i);
    if (one->metric && g_str_equal(one->metric->id, metric->id) && one->over_ms == 0 && (one->scale || one->limits[0]) &&
        (!found || (!found->scale && one->scale)))
      found = one;
  }
  return found;
}

/* "mauvais · ▲ en hausse de 12 en 30 min", and the limits across the curve. Takes @trend. (transfer full) */
static char *
verdict_of(Teams *self, const CasaTeamState *team, char *trend, gboolean *bad)
{
  const CasaMetric *metric = casa_latest_values_metric(casa_model_latest(self->model), team->series);
  const CasaValue *value = casa_latest_values_get(casa_model_latest(self->model), team->series);
  const CasaIndicator *judge = judge_of(self, metric);
  const guint class =
    judge && judge->scale && value ? casa_scale_class(judge->scale, value->value, judge->decimals) : G_MAXUINT;
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->view.chart));

  p->n_limits = 0;
  for (guint i = 0; judge && judge->limits[i] && i < G_N_ELEMENTS(p->limits); i++)
    p->limits[p->n_limits++] = (CasaChartLimit){ judge->limits[i]->value, casa_phrases_text(&judge->limits[i]->name),
                                                 self->theme->warning, casa_phrases_text(&judge->limits[i]->short_name) };
  *bad = class != G_MAXUINT && class >= judge->scale->bad_from;
  if (class == G_MAXUINT)
    return trend;
  g_autofree char *rest = trend;
  return g_strdup_printf("%s%s%s", casa_phrases_text(&judge->scale->words[class]), *rest ? " · " : "", rest);
}

static char *
whose(Teams *self, const CasaTeamState *team)
{
  const CasaDistrict *district = team->has_position ? casa_city_district_at(casa_model_city(self->model), team->at) : NULL;
  g_autofree char *age = casa_lang_age(casa_model_summary(self->model)->now_ms - team->newest_ms);
  g_autofree char *silent = g_strdup_printf(_("○ muette depuis %s"), age);
  g_autofree char *provenance =
    g_strdup_printf("%s %s", team->simulated ? "◆" : "■", team->simulated ? _("simulé") : _("capteur réel"));
  const char *place = !district ? NULL : casa_lang_rtl() ? district->name_ar : district->name_fr;

  return g_strdup_printf("%s%s%s%s%s", provenance, place ? " · " : "", place ? place : "", team->live ? "" : " · ",
                         team->live ? "" : silent);
}

/* Half an hour; of a team that has just begun less, so that its curve is one from the first minute on. */
static gint64
span_of(Teams *self, gint64 now_ms)
{
  gint64 first;
  double value;

  if (casa_pyramid_length(self->curve) == 0)
    return SPAN_LEAST_MS;
  casa_pyramid_get(self->curve, casa_pyramid_search(self->curve, now_ms - SPAN_MS) % casa_pyramid_length(self->curve), &first,
                   &value);
  return CLAMP((now_ms - first) * 5 / 4, SPAN_LEAST_MS, SPAN_MS);
}

static void
say_featured(Teams *self, const CasaTeamState *team, gint64 now_ms)
{
  CasaTilePhrases words = { 0 };
  g_autofree char *name = name_of(team), *provenance = whose(self, team);

  if (team->series == G_MAXUINT || !casa_phrases_series(self->model, team->series, &words))
    return;
  ask_curve(self, team->series, now_ms);
  gboolean bad = FALSE;
  g_autofree char *trend = verdict_of(self, team, trend_of(self, team, now_ms), &bad),
                  *unit = g_strdup_printf("%s · %s", words.unit, words.name);
  casa_label_set(self->view.name, name);
  casa_label_set(self->whose, provenance);
  casa_team_place_show(self->place, team);
  casa_figure_view_say(&self->view, words.number, unit, trend, bad);
  g_autofree char *label = g_strdup_printf(_("%s, dernières 30 minutes"), name);
  g_autofree char *spoken = g_strdup_printf("%s %s, %s", words.number, unit, trend);
  casa_chart_set_accessible(CASA_CHART(self->view.chart), label, spoken);
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->view.chart));
  p->lines[0].name = NULL;
  g_free(self->line_name);
  self->line_name = g_strdup(words.name);
  p->lines[0].name = self->line_name;
  p->gap_ms = MAX(60000, casa_station_patience_ms(casa_latest_values_owner(casa_model_latest(self->model), team->series)));
  casa_chart_set_range(CASA_CHART(self->view.chart), now_ms - span_of(self, now_ms), now_ms, now_ms);
  casa_tile_phrases_clear(&words);
}

static void
update(CasaPart *part)
{
  Teams *self = part->state;
  const gint64 now = casa_model_summary(self->model)->now_ms;
  g_autoptr(GPtrArray) teams = casa_teams_shown(self->model);
  CasaKeepsakes *keepsakes = casa_model_keepsakes(self->model);
  const char *chosen = keepsakes ? casa_keepsakes_featured(keepsakes) : NULL;
  guint featured = 0;

  for (guint i = 0; i < teams->len; i++)
    if (g_strcmp0(((const CasaTeamState *)teams->pdata[i])->source, chosen) == 0)
      featured = i;
  gboolean code = self->first_code && casa_join_code_update(self->first_code);
  if (self->code)
    gtk_widget_set_visible(casa_join_code_widget(self->code), casa_join_code_update(self->code) && teams->len > 0);
  if (self->first_code)
    gtk_widget_set_visible(casa_join_code_widget(self->first_code), code && teams->len == 0);
  gtk_widget_set_visible(self->empty, teams->len == 0);
  gtk_widget_set_visible(self->view.root, teams->len > 0);
  say_board(self, teams, teams->len ? featured : G_MAXUINT, now);
  if (teams->len)
    say_featured(self, teams->pdata[featured], now);
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  Teams *self = part->state;
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->view.chart));

  self->theme = look->theme;
  casa_figure_view_restyle(&self->view, CASA_FIGURE_PLACE, look);
  casa_team_place_restyle(self->place, look);
  p->show_values = TRUE;
  p->n_lines = 1;
  p->lines[0] =
    (CasaChartLine){ .data = self->curve, .name = self->line_name, .colour = look->theme->provenance, .fill = TRUE };
  for (guint i = 0; i < ROWS; i++)
    casa_spark_set_theme(CASA_SPARK(self->rows[i].spark), look->theme);
  casa_chart_changed(CASA_CHART(self->view.chart));
}

static GtkWidget *
put_label(GtkWidget *layout, const char *class, double xalign, CasaFractions slot)
{
  GtkWidget *label = casa_label_new(class);

  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(layout), casa_shrink_bin_new(label, xalign, 0.5), slot);
  return label;
}

static void
build_row(Row *row)
{
  row->root = casa_fraction_layout_new();
  row->number = put_label(row->root, "casa-card-value", 0, (CasaFractions){ 0.02, 0.05, 0.06, 0.5 });
  row->name = put_label(row->root, "casa-card-value", 0, (CasaFractions){ 0.09, 0.05, 0.42, 0.5 });
  row->state = put_label(row->root, "casa-card-subtitle", 0, (CasaFractions){ 0.09, 0.53, 0.42, 0.44 });
  row->spark = casa_spark_new(casa_theme_get(NULL), 1, 1);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(row->root), row->spark, (CasaFractions){ 0.52, 0.2, 0.14, 0.6 });
  row->rate = put_label(row->root, "casa-fact-unit", 1, (CasaFractions){ 0.67, 0.1, 0.08, 0.8 });
  row->value = put_label(row->root, "casa-fact-number", 1, (CasaFractions){ 0.76, 0.1, 0.12, 0.8 });
  row->unit = put_label(row->root, "casa-fact-unit", 0, (CasaFractions){ 0.89, 0.1, 0.1, 0.8 });
}

static GtkWidget *
build_board(Teams *self)
{
  GtkWidget *board = casa_fraction_layout_new();
  const double top = 0.1, height = (1 - top - 0.01) / ROWS;

  gtk_widget_add_css_class(board, "casa-panel");
  self->head = put_label(board, "casa-name", 0, (CasaFractions){ 0.02, 0.01, 0.3, 0.055 });
  self->count = put_label(board, "casa-status", 1, (CasaFractions){ 0.34, 0.01, 0.64, 0.055 });
  GtkWidget *span = put_label(board, "casa-status", 0, (CasaFractions){ 0.52, 0.065, 0.1, 0.035 });
  GtkWidget *rate = put_label(board, "casa-status", 1, (CasaFractions){ 0.625, 0.065, 0.135, 0.035 });
  casa_label_set(span, _("10 min"));
  /* TR: head of a column: messages a minute */
  casa_label_set(rate, _("mess./min"));
  for (guint i = 0; i < ROWS; i++) {
    build_row(&self->rows[i]);
    casa_fraction_layout_add(CASA_FRACTION_LAYOUT(board), self->rows[i].root,
                             (CasaFractions){ 0.005, top + i * height, 0.99, height });
  }
  return board;
}

/* Name and place of the large one; the rest is a figure as any. */
static void
build_large(Teams *self)
{
  casa_figure_view_init(&self->view, CASA_FIGURE_PLACE, NULL);
  gtk_widget_add_css_class(self->view.root, "casa-lead");
  self->whose = put_label(self->view.root, "casa-unit", 0, (CasaFractions){ 0.045, 0.115, 0.52, 0.06 });
  self->place = casa_team_place_new(self->model);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->view.root), casa_team_place_widget(self->place),
                           (CasaFractions){ 0.585, 0.035, 0.395, 0.4 });
  self->empty = casa_label_new("casa-name");
  casa_label_set(self->empty, _("La première équipe apparaîtra ici"));
}

/* Whether teams can join by themselves, when the scene is built. (transfer none) */
static CasaJoinCode *
code_of(Teams *self)
{
  CasaJoinCode *code = casa_join_code_new(self->model);

  if (casa_join_code_update(code))
    return code;
  g_object_unref(g_object_ref_sink(casa_join_code_widget(code)));
  return NULL;
}

static void
place_all(Teams *self, CasaFractionLayout *layout, gboolean narrow)
{
  const double w = narrow ? 1 : 0.585;
  self->code = narrow ? NULL : code_of(self);
  self->first_code = code_of(self);

  casa_fraction_layout_add(layout, self->view.root, (CasaFractions){ 0, 0, w, narrow ? 0.47 : self->code ? 0.755 : 1 });
  casa_fraction_layout_add(layout, casa_shrink_bin_new(self->empty, 0.5, 0.5),
                           (CasaFractions){ 0, 0, w,
                                            self->first_code ? 0.12
                                            : narrow         ? 0.47
                                                             : 1 });
  if (self->code)
    casa_fraction_layout_add(layout, casa_join_code_widget(self->code), (CasaFractions){ 0, 0.775, w, 0.225 });
  if (self->first_code)
    casa_fraction_layout_add(layout, casa_join_code_widget(self->first_code),
                             (CasaFractions){ 0, 0.13, w, narrow ? 0.3 : 0.55 });
  casa_fraction_layout_add(layout, build_board(self),
                           narrow ? (CasaFractions){ 0, 0.49, 1, 0.51 } : (CasaFractions){ 0.6, 0, 0.4, 1 });
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Teams *self = part->state = g_new0(Teams, 1);

  part->free_state = teams_free;
  self->model = context->model;
  self->featured = G_MAXUINT;
  self->curve = casa_pyramid_new(4096);
  self->lines = g_hash_table_new_full(NULL, NULL, NULL, line_free);
  part->widget = casa_fraction_layout_new();
  build_large(self);
  place_all(self, CASA_FRACTION_LAYOUT(part->widget), context->narrow);
  part->restyle = restyle;
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { NULL } };
const CasaPartClass casa_part_teams = { "teams", OPTIONS, build };
