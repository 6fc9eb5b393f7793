/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-curve.h"
#include "base/time-units.h"
#include "ui/chart/chart-gestures.h"
#include "ui/chart/chart-readout.h"
#include "ui/data/series-forecast.h"
#include "ui/desk/explore-question.h"
#include "ui/kit/label.h"
#include "ui/scenes/note-box.h"
#include "ui/scenes/panel-flags.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"
#include <math.h>
#include <string.h>

#define POINTS_MOST 16384  /* of a pyramid: two for each of as many columns as a chart is wide */
#define COLUMNS_LEAST 300  /* before the chart has a size */
#define STATS_COLUMNS 8640 /* a day of samples 10 s apart, one a column */
#define AGAIN_MS 2000      /* how often what moves with now is read again */
#define MUTE_MS 250        /* a picture that is older than this while another is read is muted */

struct _CasaExploreCurve {
  const CasaDesk *desk;
  char *path, *title, *unit;
  guint series; /* G_MAXUINT: not there (yet) */
  guint decimals;
  CasaViewport *viewport; /* held */
  GtkWidget *root, *chart, *reading, *bar, *name, *unit_label, *provenance;
  CasaPyramid *line, *before;
  CasaSeriesForecast *forecast;
  CasaChartGap gaps[32];
  GArray *flags;        /* CasaChartFlag, what the chart shows */
  CasaColumns *columns; /* what the line is made of */
  gint64 joined_ms;     /* the longest time between two of its samples that is no silence */
  guint generation;     /* of the catalogue that the words are of */
  CasaCompare compare;
  char *before_name;
  CasaColumns *fine; /* what the statistics are made of */
  gint64 fine_from_ms, fine_to_ms;
  CasaExploreQuestion ask_line, ask_before, ask_stats;
  gint64 shown_from_ms, shown_to_ms; /* what the line was asked for */
  guint mute;                        /* timer */
  void (*news)(gpointer data);
  gpointer data;
};

static gint64
shift_of(CasaCompare compare)
{
  return compare == CASA_COMPARE_DAY ? CASA_DAY_MS : compare == CASA_COMPARE_WEEK ? 7 * CASA_DAY_MS : 0;
}

static gint64
patience_of(CasaExploreCurve *self)
{
  const CasaStationValues *station = casa_latest_values_owner(casa_model_latest(self->desk->model), self->series);

  return station ? casa_station_patience_ms(station) : 3 * CASA_MINUTE_MS;
}

/* --- Words --- */

static const CasaStation *
station_of(CasaExploreCurve *self)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->desk->model));
  const CasaSeriesInfo *info = self->series == G_MAXUINT ? NULL : casa_catalogue_series(catalogue, self->series);

  return info ? casa_catalogue_station(catalogue, info->station) : NULL;
}

static void
find_words(CasaExploreCurve *self)
{
  CasaLatestValues *latest = casa_model_latest(self->desk->model);
  const CasaMetric *metric = self->series == G_MAXUINT ? NULL : casa_latest_values_metric(latest, self->series);

  g_free(self->unit);
  g_free(self->title);
  self->unit = g_strdup(metric ? metric->unit : "");
  self->decimals = metric ? metric->decimals : 1;
  if (self->series == G_MAXUINT) {
    self->title = casa_name_tame(self->path);
    return;
  }
  CasaCatalogue *catalogue = casa_latest_values_catalogue(latest);
  g_autofree char *name = casa_phrases_station(catalogue, casa_catalogue_series(catalogue, self->series)->station);
  g_autofree char *what = casa_desk_metric_name(self->desk, self->series);
  self->title = g_strdup_printf("%s · %s", what, name);
}

/* A station may be described, or come at all, while it is shown. */
static void
say_words(CasaExploreCurve *self)
{
  const CasaRgb colour = casa_rgb_readable(casa_explore_curve_colour(self), self->desk->theme->panel, 3);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
  g_autofree char *simulated = g_strdup_printf("◆ %s", _("simulé")), *real = g_strdup_printf("■ %s", _("capteur réel"));

  find_words(self);
  pango_attr_list_insert(attributes, pango_attr_foreground_new((guint16)(colour.r * 65535), (guint16)(colour.g * 65535),
                                                               (guint16)(colour.b * 65535)));
  gtk_label_set_attributes(GTK_LABEL(self->bar), attributes);
  casa_label_set(self->name, self->title);
  casa_label_set(self->unit_label, self->unit);
  casa_label_set(self->provenance, !station_of(self) ? "" : casa_explore_curve_is_simulated(self) ? simulated : real);
}

static void
say_reading(CasaExploreCurve *self)
{
  const CasaChartPicture *picture = casa_chart_picture(CASA_CHART(self->chart));
  gint64 t;

  if (picture->n_lines == 0)
    return;
  if (!casa_viewport_cursor(self->viewport, &t, NULL))
    t = MIN(casa_viewport_now(self->viewport), picture->to_ms);
  g_autofree char *text = casa_chart_readout(picture, t);
  casa_label_set(self->reading, text);
}

static void
say_summary(CasaExploreCurve *self)
{
  CasaWindowStats stats;
  g_autoptr(GString) text = g_string_new(NULL);

  if (casa_explore_curve_stats(self, &stats) && stats.n > 0) {
    g_autofree char *min = casa_lang_number(stats.min, self->decimals), *max = casa_lang_number(stats.max, self->decimals);
    g_autofree char *mean = casa_lang_number(stats.mean, self->decimals), *n = casa_lang_number((double)stats.n, 0);
    /* TR: of a curve, for a screen reader: lowest, highest, mean with its unit, how many samples */
    g_string_append_printf(text, _("de %s à %s, moyenne %s %s, %s mesures"), min, max, mean, self->unit, n);
  }
  const CasaChartPicture *picture = casa_chart_picture(CASA_CHART(self->chart));
  casa_panel_flags_describe(self->flags, picture->from_ms, picture->to_ms, text);
  casa_chart_set_accessible(CASA_CHART(self->chart), self->title, text->str);
}

/* --- Answers --- */

static void
set_muted(CasaExploreCurve *self, gboolean muted)
{
  if (muted)
    gtk_widget_add_css_class(self->chart, "muted-picture");
  else
    gtk_widget_remove_css_class(self->chart, "muted-picture");
}

static gboolean
mute_cb(gpointer data)
{
  CasaExploreCurve *self = data;

  self->mute = 0;
  set_muted(self, TRUE);
  return G_SOURCE_REMOVE;
}

/* What happened in the curve's domain, and what people noted. */
static void
show_flags(CasaExploreCurve *self)
{
  const CasaStation *station = station_of(self);

  casa_panel_flags_show(self->desk->model, station ? station->domain : NULL, self->flags,
                        casa_chart_picture(CASA_CHART(self->chart)));
  casa_chart_changed(CASA_CHART(self->chart));
}

gboolean
casa_explore_curve_foresees(CasaExploreCurve *self)
{
  const CasaForecastLines *lines = casa_series_forecast_lines(self->forecast);

  return lines->asked && lines->n_missing == 0;
}

/* Dotted, in its pale band, and with a badge: it is no measurement. */
static void
add_forecast(CasaExploreCurve *self, CasaChartPicture *p, CasaRgb colour)
{
  const CasaForecastLines *lines = casa_series_forecast_lines(self->forecast);

  p->ahead = (CasaChartAhead){ 0 };
  if (!casa_explore_curve_foresees(self))
    return;
  p->ahead = (CasaChartAhead){ lines->low, lines->high, colour, _("◇ prévu · 80 %") };
  p->lines[p->n_lines++] =
    (CasaChartLine){ .data = lines->middle, .name = _("prévu"), .colour = colour, .dotted = TRUE, .ahead = TRUE };
}

static void
update_picture(CasaExploreCurve *self)
{
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->chart));

  p->theme = self->desk->theme;
  p->font = self->desk->font;
  p->font_px = 13;
  p->line_px = 2;
  p->show_values = TRUE;
  p->unit = NULL;
  p->decimals = self->decimals;
  p->gap_ms = MAX(patience_of(self), self->joined_ms);
  p->gaps = self->gaps;
  /* TR: written into a hatched stretch of a chart */
  p->gap_text = _("sans mesure");
  p->n_lines = 0;
  const CasaRgb colour = casa_explore_curve_colour(self);
  p->lines[p->n_lines++] = (CasaChartLine){ .data = self->line, .name = self->unit, .colour = colour };
  if (self->compare != CASA_COMPARE_NONE)
    p->lines[p->n_lines++] = (CasaChartLine){ .data = self->before,
                                              .name = self->before_name,
                                              .colour = colour,
                                              .behind = TRUE,
                                              .dotted = self->compare == CASA_COMPARE_WEEK,
                                              .dashed = self->compare == CASA_COMPARE_DAY };
  add_forecast(self, p, colour);
  p->empty_text = self->series == G_MAXUINT ? _("Cette mesure n'est pas dans la base") : _("Aucune mesure sur cette période");
  show_flags(self);
  gtk_widget_queue_draw(self->chart);
  say_reading(self);
}

static void
forecast_cb(gpointer data)
{
  CasaExploreCurve *self = data;
  CASA_LANG_SCOPE(self->desk->language);

  update_picture(self);
  self->news(self->data);
}

/* The line, broken where nothing came, and those stretches. */
static void
take_line(CasaExploreCurve *self, const CasaHistoryAnswer *answer)
{
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->chart));
  const gint64 from = answer->query->from_ms, to = MIN(answer->query->to_ms, casa_viewport_now(self->viewport));
  g_autoptr(GArray) silences = casa_window_silences(self->columns, from, to, patience_of(self), &self->joined_ms);

  casa_explore_answer_draw(self->line, self->columns, silences, 0);
  p->n_gaps = 0;
  for (guint i = 0; i < silences->len && p->n_gaps < G_N_ELEMENTS(self->gaps); i++) {
    const CasaGap *gap = &g_array_index(silences, CasaGap, i);
    if (gap->end_ms - gap->start_ms >= (to - from) / 100) /* a shorter one is a break in the line, which is seen */
      self->gaps[p->n_gaps++] = (CasaChartGap){ gap->start_ms, gap->end_ms };
  }
}

static void
answered_line_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  CasaExploreCurve *self = data;
  CASA_LANG_SCOPE(self->desk->language);

  self->ask_line.ticket = 0;
  if (answer->columns) {
    casa_columns_free(self->columns);
    self->columns = casa_explore_answer_keep(answer->columns);
    self->shown_from_ms = self->ask_line.from_ms;
    self->shown_to_ms = self->ask_line.to_ms;
    take_line(self, answer);
    g_clear_handle_id(&self->mute, g_source_remove);
    set_muted(self, FALSE);
    update_picture(self);
  }
  casa_explore_curve_refresh(self);
  self->news(self->data);
}

static void
answered_before_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  CasaExploreCurve *self = data;
  CASA_LANG_SCOPE(self->desk->language);

  self->ask_before.ticket = 0;
  if (answer->columns) {
    const CasaHistoryQuery *q = answer->query;
    g_autoptr(GArray) silences = casa_window_silences(answer->columns, q->from_ms, q->to_ms, patience_of(self), NULL);
    casa_explore_answer_draw(self->before, answer->columns, silences, shift_of(self->compare));
  }
  update_picture(self);
  casa_explore_curve_refresh(self);
}

static void
answered_stats_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  CasaExploreCurve *self = data;
  CASA_LANG_SCOPE(self->desk->language);

  self->ask_stats.ticket = 0;
  if (answer->columns) {
    casa_columns_free(self->fine);
    self->fine = casa_explore_answer_keep(answer->columns);
    self->fine_from_ms = self->ask_stats.from_ms;
    self->fine_to_ms = self->ask_stats.to_ms;
    say_summary(self);
  }
  self->news(self->data);
}

/* --- Questions --- */

static void
ask(CasaExploreCurve *self, CasaExploreQuestion *question, gint64 shift_ms, guint columns, CasaHistoryAnswerFunc func)
{
  casa_explore_question_ask(question, casa_model_history_service(self->desk->model), &self->series, self->viewport, shift_ms,
                            columns, func, self);
}

/* What came since the answer. */
static void
add_live(CasaExploreCurve *self)
{
  const CasaValue *value = casa_latest_values_get(casa_model_latest(self->desk->model), self->series);
  gint64 last;
  double ignored;

  if (!value || !self->columns || !casa_viewport_is_following(self->viewport))
    return;
  if (casa_pyramid_last(self->line, &last, &ignored) && value->t_ms <= last)
    return;
  casa_pyramid_add(self->line, value->t_ms, value->value);
  casa_chart_changed(CASA_CHART(self->chart));
}

void
casa_explore_curve_refresh(CasaExploreCurve *self)
{
  CASA_LANG_SCOPE(self->desk->language);
  const guint columns = (guint)CLAMP(gtk_widget_get_width(self->chart), COLUMNS_LEAST, 4000);

  const guint generation = casa_latest_values_generation(casa_model_latest(self->desk->model));

  if (generation != self->generation) {
    self->generation = generation;
    self->series = casa_desk_series(self->desk, self->path);
    say_words(self);
    update_picture(self); /* it points to the words */
  }
  if (self->series == G_MAXUINT)
    return;
  casa_series_forecast_want(self->forecast, self->series, casa_viewport_now(self->viewport));
  if (casa_explore_question_is_old(&self->ask_line, self->viewport, AGAIN_MS)) {
    ask(self, &self->ask_line, 0, columns, answered_line_cb);
    if (self->mute == 0)
      self->mute = g_timeout_add(MUTE_MS, mute_cb, self);
  }
  if (self->compare != CASA_COMPARE_NONE && casa_explore_question_is_old(&self->ask_before, self->viewport, 10 * AGAIN_MS))
    ask(self, &self->ask_before, shift_of(self->compare), columns, answered_before_cb);
  if (casa_explore_question_is_old(&self->ask_stats, self->viewport, 5 * AGAIN_MS))
    ask(self, &self->ask_stats, 0, STATS_COLUMNS, answered_stats_cb);
  add_live(self);
  show_flags(self);
  say_reading(self);
}

void
casa_explore_curve_compare(CasaExploreCurve *self, CasaCompare compare)
{
  CASA_LANG_SCOPE(self->desk->language);

  if (compare == self->compare && self->before_name)
    return;
  self->compare = compare;
  g_free(self->before_name);
  /* TR: a line of seven days before */
  self->before_name = g_strdup(compare == CASA_COMPARE_WEEK ? _("il y a 7 j") : _("hier"));
  casa_pyramid_clear(self->before);
  casa_history_service_cancel(casa_model_history_service(self->desk->model), self->ask_before.ticket);
  self->ask_before = (CasaExploreQuestion){ 0 };
  update_picture(self);
  casa_explore_curve_refresh(self);
}

gboolean
casa_explore_curve_is_settled(CasaExploreCurve *self)
{
  gint64 from, to;

  casa_viewport_range(self->viewport, &from, &to);
  if (self->series == G_MAXUINT)
    return TRUE;
  const gboolean same_length = self->shown_to_ms - self->shown_from_ms == to - from;
  return self->columns && same_length && ABS(to - self->shown_to_ms) <= 2 * AGAIN_MS + (to - from) / 100 &&
         (self->compare == CASA_COMPARE_NONE || self->ask_before.ticket == 0);
}

gboolean
casa_explore_curve_stats(CasaExploreCurve *self, CasaWindowStats *out)
{
  if (!self->fine)
    return FALSE;
  /* Silence is not counted after now: nothing can have come yet. */
  const gint64 to = MIN(self->fine_to_ms, casa_viewport_now(self->viewport));
  *out = casa_window_stats(self->fine, self->fine_from_ms, to, patience_of(self));
  return TRUE;
}

const CasaColumns *
casa_explore_curve_columns(CasaExploreCurve *self)
{
  return self->columns;
}

/* --- Building --- */

static void
gone_cb(gpointer data, GObject *was)
{
  CasaExploreCurve *self = data;
  CasaHistoryService *service = casa_model_history_service(self->desk->model);

  casa_history_service_cancel(service, self->ask_line.ticket);
  casa_history_service_cancel(service, self->ask_before.ticket);
  casa_history_service_cancel(service, self->ask_stats.ticket);
  g_clear_handle_id(&self->mute, g_source_remove);
  g_object_unref(self->viewport);
  g_object_unref(self->chart); /* its picture points here: it must not outlive us with it */
  casa_series_forecast_free(self->forecast);
  casa_pyramid_free(self->line);
  casa_pyramid_free(self->before);
  g_array_unref(self->flags);
  casa_columns_free(self->columns);
  casa_columns_free(self->fine);
  g_free(self->before_name);
  g_free(self->path);
  g_free(self->title);
  g_free(self->unit);
  g_free(self);
}

static GtkWidget *
build_head(CasaExploreCurve *self)
{
  GtkWidget *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);

  self->bar = casa_label_new("head-title");
  self->name = casa_label_new("head-title");
  self->unit_label = casa_label_new("quiet");
  self->provenance = casa_label_new("provenance");
  self->reading = casa_label_new("strong");
  casa_label_set(self->bar, "▌");
  gtk_widget_set_hexpand(self->reading, TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->reading), 1);
  gtk_label_set_ellipsize(GTK_LABEL(self->name), PANGO_ELLIPSIZE_END);
  GtkWidget *const parts[] = { self->bar, self->name, self->unit_label, self->provenance, self->reading };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(head), parts[i]);
  gtk_widget_set_margin_start(head, 12);
  gtk_widget_set_margin_end(head, 12);
  gtk_widget_set_margin_top(head, 6);
  return head;
}

CasaExploreCurve *
casa_explore_curve_new(const CasaDesk *desk, const char *path, CasaViewport *viewport, void (*news)(gpointer data),
                       gpointer data)
{
  CasaExploreCurve *self = g_new0(CasaExploreCurve, 1);

  self->desk = desk;
  self->path = g_strdup(path);
  self->series = casa_desk_series(desk, path);
  self->viewport = g_object_ref(viewport);
  self->news = news;
  self->data = data;
  self->line = casa_pyramid_new(POINTS_MOST);
  self->before = casa_pyramid_new(POINTS_MOST);
  self->forecast = casa_series_forecast_new(casa_model_store_path(desk->model), forecast_cb, self);
  self->flags = casa_panel_flags_new();
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(self->root), build_head(self));
  self->chart = g_object_ref(casa_chart_new());
  casa_chart_picture(CASA_CHART(self->chart))->readout_elsewhere = TRUE;
  casa_chart_set_viewport(CASA_CHART(self->chart), viewport);
  casa_chart_gestures_attach(CASA_CHART(self->chart));
  casa_note_box_attach(CASA_CHART(self->chart), desk->keepsakes);
  gtk_widget_set_vexpand(self->chart, TRUE);
  gtk_widget_add_css_class(self->chart, "casa-explore-chart");
  gtk_widget_set_margin_start(self->chart, 12);
  gtk_widget_set_margin_end(self->chart, 12);
  gtk_box_append(GTK_BOX(self->root), self->chart);
  g_object_weak_ref(G_OBJECT(self->root), gone_cb, self);
  say_words(self);
  update_picture(self);
  say_summary(self);
  return self;
}

GtkWidget *
casa_explore_curve_widget(CasaExploreCurve *self)
{
  return self->root;
}

CasaChart *
casa_explore_curve_chart(CasaExploreCurve *self)
{
  return CASA_CHART(self->chart);
}

const char *
casa_explore_curve_path(CasaExploreCurve *self)
{
  return self->path;
}

char *
casa_explore_curve_title(CasaExploreCurve *self)
{
  return g_strdup(self->title);
}

const char *
casa_explore_curve_unit(CasaExploreCurve *self)
{
  return self->unit;
}

guint
casa_explore_curve_decimals(CasaExploreCurve *self)
{
  return self->decimals;
}

CasaRgb
casa_explore_curve_colour(CasaExploreCurve *self)
{
  const CasaStation *station = station_of(self);

  if (!station)
    return self->desk->theme->muted;
  return casa_desk_colour(self->desk, station->domain,
                          !g_str_equal(station->source, casa_indicators_city(casa_model_indicators(self->desk->model))));
}

gboolean
casa_explore_curve_is_simulated(CasaExploreCurve *self)
{
  const CasaStation *station = station_of(self);

  return station && station->simulated;
}
