/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time-units.h"
#include "ui/chart/chart.h"
#include "ui/data/event-curve.h"
#include "ui/data/history-lines.h"
#include "ui/kit/label.h"
#include "ui/scenes/chart-sheet.h"
#include "ui/scenes/figure-view.h"
#include "ui/scenes/panel-flags.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define WEEK_MS (7 * CASA_DAY_MS)
#define JOINED_MS (10 * CASA_MINUTE_MS) /* samples no further apart than this are joined… */
#define JOINED_COLUMNS 3                /* …or so many columns of what was read */

/* One domain: its headline, and the curves of its last 24 hours over those of the day before; once somebody explores the
 * page's time, of any stretch that is stored. The same panel serves a scene of many parts and, with large letters, one about
 * a domain. */
typedef struct {
  CasaModel *model;
  const CasaCityDomain *domain; /* has a headline */
  CasaFigureView view;
  CasaFigureShape shape;
  gint64 ahead_ms;        /* hours to come that are shown where a forecast of them is known */
  gboolean foresees;      /* it is, and they are */
  gint64 event_ms;        /* see CasaPartContext */
  CasaEventCurve *event;  /* the headline since then, and without it */
  GArray *gaps;           /* CasaChartGap, what the chart shows */
  GArray *flags;          /* CasaChartFlag, the same */
  CasaTimeView *time;     /* the page's */
  CasaViewport *viewport; /* held: the same */
  gulong moved;
  CasaHistoryLines *past;                           /* the chart's lines, in their order */
  gboolean explored;                                /* the chart shows the past's lines */
  CasaLook look;                                    /* theme NULL: not styled yet */
  const CasaIndicator *lines[CASA_CHART_LINES_MAX]; /* whose the chart's lines are */
} Panel;

static void
panel_free(gpointer data)
{
  Panel *self = data;

  if (self->viewport)
    g_signal_handler_disconnect(self->viewport, self->moved);
  g_clear_object(&self->viewport);
  casa_history_lines_free(self->past);
  casa_event_curve_free(self->event);
  g_array_unref(self->gaps);
  g_array_unref(self->flags);
  g_free(self);
}

static CasaRgb
colour_of(const Panel *self, CasaAccent accent, const CasaTheme *t)
{
  const CasaDomainColours *colours = casa_city_domain_colours(self->domain, t->id);

  if (accent == CASA_ACCENT_MUTED)
    return t->muted;
  return casa_rgb_from_hex(accent == CASA_ACCENT_SECOND ? colours->second : colours->first);
}

static gboolean
tells_event(const Panel *self)
{
  return self->event_ms && !self->explored;
}

static const CasaPyramid *
curve_data(Panel *self, guint i)
{
  const CasaDomainCurve *curve = &g_array_index(self->domain->curves, CasaDomainCurve, i);

  if (tells_event(self) && curve->indicator == self->domain->headline)
    return self->event->measured;
  return self->explored ? casa_history_lines_get(self->past, i) : casa_model_curve(self->model, curve->indicator);
}

static void
add_line(Panel *self, CasaChartPicture *p, guint i, const CasaTheme *t)
{
  const CasaDomainCurve *curve = &g_array_index(self->domain->curves, CasaDomainCurve, i);

  if (self->event_ms && curve->indicator != self->domain->headline) /* its axis does not reach down to the others */
    return;
  if ((curve->focus_only && self->shape != CASA_FIGURE_LARGE) || p->n_lines == G_N_ELEMENTS(p->lines) - 2)
    return;
  self->lines[p->n_lines] = curve->indicator;
  p->lines[p->n_lines++] = (CasaChartLine){ .data = curve_data(self, i),
                                            .name = casa_phrases_text(&curve->indicator->curve),
                                            .colour = colour_of(self, curve->accent, t),
                                            .dashed = curve->dashed,
                                            .fill = curve->fill && !self->event_ms };
}

/* Which earlier time a stretch is compared with: the day before, of some days the week before, of more none (0). */
static gint64
compared_ms(Panel *self)
{
  gint64 from, to;

  if (!self->explored)
    return CASA_DAY_MS;
  casa_viewport_range(self->viewport, &from, &to);
  if (to - from <= 2 * CASA_DAY_MS)
    return CASA_DAY_MS;
  return to - from <= 2 * WEEK_MS ? WEEK_MS : 0;
}

static const char *
compared_words(Panel *self, gint64 earlier_ms)
{
  if (earlier_ms == WEEK_MS)
    /* TR: names a chart's pale line: the week before what is shown */
    return _("sem. préc.");
  /* TR: names a chart's pale line: yesterday */
  return !self->explored || casa_viewport_is_following(self->viewport) ? _("hier") :
                                                                       /* TR: names a chart's pale line: the day before the
                                                                           * one that is shown */
           _("la veille");
}

/* Dotted, and named as the estimate that it is; what lies between it and what was measured is what the event cost. */
static void
add_without(Panel *self, CasaChartPicture *p, const CasaTheme *t)
{
  p->between = (CasaChartBetween){ 0 };
  if (!tells_event(self) || p->n_lines == 0 || casa_pyramid_length(self->event->without) == 0)
    return;
  p->between = (CasaChartBetween){ TRUE, 0, p->n_lines, t->bad };
  self->lines[p->n_lines] = self->domain->headline;
  p->lines[p->n_lines++] = (CasaChartLine){
    .data = self->event->without,
    .name =
      self->event->simulated
        /* TR: names a chart's dotted line: what would have been without the event, by a simulation; short, as the next */
        ? _("sans (simulé)")
        /* TR: names a chart's dotted line: what would have been without the event, an estimate; short, it stands beside the
               * chart */
        : _("sans (estimé)"),
    .colour = t->ink,
    .dotted = TRUE,
  };
}

/* The day before lies behind today: a comparison that says what it is, pale, and ends at now. */
static void
add_yesterday(Panel *self, CasaChartPicture *p, const CasaTheme *t)
{
  const gint64 earlier_ms = compared_ms(self);

  if (earlier_ms == 0)
    return;
  casa_history_lines_shift(self->past, self->domain->curves->len, earlier_ms);
  self->lines[p->n_lines] = self->domain->headline;
  p->lines[p->n_lines++] =
    (CasaChartLine){ .data = self->explored ? casa_history_lines_get(self->past, self->domain->curves->len)
                                            : casa_model_day_before(self->model, self->domain->headline),
                     .name = compared_words(self, earlier_ms),
                     .colour = t->muted,
                     .behind = TRUE };
}

/* NULL: none is asked for, or an event is told. */
static const CasaForecastLines *
forecast_of(const Panel *self)
{
  return self->ahead_ms && !self->event_ms ? casa_model_forecast(self->model, self->domain->headline) : NULL;
}

/* Dotted, in its pale band, and with a badge: it is no measurement. */
static void
add_forecast(Panel *self, CasaChartPicture *p, const CasaTheme *t)
{
  const CasaForecastLines *forecast = forecast_of(self);

  p->ahead = (CasaChartAhead){ 0 };
  if (!forecast || !forecast->asked)
    return;
  if (!self->foresees) {
    /* TR: on a chart, where a forecast will stand: too little is stored for one */
    p->ahead.badge = _("◇ prévision : pas encore");
    return;
  }
  const CasaRgb colour = colour_of(self, CASA_ACCENT_FIRST, t);
  /* TR: on a chart, above the hours to come: what is forecast, and how often the truth falls into its band */
  p->ahead = (CasaChartAhead){ forecast->low, forecast->high, colour, _("◇ prévu · 80 %") };
  self->lines[p->n_lines] = self->domain->headline;
  p->lines[p->n_lines++] = (CasaChartLine){ .data = forecast->middle,
                                            /* TR: names a chart's dotted line: a forecast */
                                            .name = _("prévu"),
                                            .colour = colour,
                                            .dotted = TRUE,
                                            .ahead = TRUE };
}

static void
add_lines(Panel *self, CasaChartPicture *p, const CasaTheme *t)
{
  const CasaLimit *const *limits = self->domain->headline->limits;

  p->n_lines = p->n_limits = 0;
  for (guint i = 0; i < self->domain->curves->len; i++)
    add_line(self, p, i, t);
  add_without(self, p, t);
  for (guint i = 0; limits[i] && i < G_N_ELEMENTS(p->limits); i++)
    p->limits[p->n_limits++] = (CasaChartLimit){ limits[i]->value, casa_phrases_text(&limits[i]->name), t->warning,
                                                 casa_phrases_text(&limits[i]->short_name) };
  add_yesterday(self, p, t);
  add_forecast(self, p, t);
}

/* At rest the last hour has a pane of its own; a range of somebody's choice has one scale of time, and says in which unit it
 * is. */
static void
show_lines(Panel *self)
{
  CasaChart *chart = CASA_CHART(self->view.chart);
  CasaChartPicture *p = casa_chart_picture(chart);

  add_lines(self, p, self->look.theme);
  p->last_pane_ms = self->explored || self->event_ms || self->foresees ? 0 : CASA_HOUR_MS;
  p->zero_based = self->domain->headline->zero_based && !self->event_ms;
  p->unit = self->explored || self->shape == CASA_FIGURE_LARGE ? casa_phrases_text(&self->domain->headline->unit) : NULL;
  p->gap_ms = self->explored ? MAX(JOINED_MS, JOINED_COLUMNS * casa_history_lines_width_ms(self->past)) : JOINED_MS;
  casa_chart_show_statistics(chart, self->explored);
  casa_chart_changed(chart);
}

static void
want_past(Panel *self)
{
  const guint columns = (guint)(gtk_widget_get_width(self->view.chart) * gtk_widget_get_scale_factor(self->view.chart));
  gint64 from, to;

  casa_viewport_range(self->viewport, &from, &to);
  casa_history_lines_want(self->past, from, to, columns, casa_model_summary(self->model)->now_ms);
}

static void update_gaps(Panel *self);

/* In whatever language: no word is made here. */
static void
past_cb(gpointer data)
{
  Panel *self = data;
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->view.chart));

  if (!self->explored)
    return;
  p->gap_ms = MAX(JOINED_MS, JOINED_COLUMNS * casa_history_lines_width_ms(self->past));
  update_gaps(self);
  casa_chart_changed(CASA_CHART(self->view.chart));
}

/* Of an event: the last quarter of an hour and what was just before it, up to two hours. */
static gint64
first_ms(const Panel *self, gint64 now_ms)
{
  if (!self->event_ms)
    return now_ms - CASA_DAY_MS;
  return CLAMP(self->event_ms - 8 * CASA_MINUTE_MS, now_ms - 2 * CASA_HOUR_MS, now_ms - 15 * CASA_MINUTE_MS);
}

/* At rest, while its domain's event is told, the chart shows that and not the page's day. */
static void
show_event(Panel *self)
{
  const gint64 now = casa_model_summary(self->model)->now_ms;

  if (!tells_event(self))
    return;
  const gboolean known = casa_pyramid_length(self->event->without) > 0, simulated = self->event->simulated;
  casa_event_curve_read(self->event, self->model, self->domain->headline, first_ms(self, now), self->event_ms, now);
  casa_chart_set_range(CASA_CHART(self->view.chart), first_ms(self, now), now, now);
  if (self->look.theme && (known != (casa_pyramid_length(self->event->without) > 0) || simulated != self->event->simulated))
    show_lines(self);
}

/* The page makes room for the hours to come once something is known of them: all its charts keep the same hours. */
static void
look_ahead(Panel *self)
{
  const CasaForecastLines *forecast = forecast_of(self);
  const gboolean foresees = forecast && forecast->asked && forecast->n_missing == 0;
  const gboolean asked = casa_chart_picture(CASA_CHART(self->view.chart))->ahead.badge != NULL;

  if (!forecast || (foresees == self->foresees && asked == forecast->asked))
    return;
  self->foresees = foresees;
  casa_viewport_set_ahead(self->viewport, foresees ? self->ahead_ms : 0);
  if (self->look.theme)
    show_lines(self);
}

static void
moved_cb(CasaViewport *viewport, gpointer data)
{
  Panel *self = data;
  const gboolean explored = casa_time_view_is_explored(self->time);

  if (!explored && !self->explored) {
    show_event(self);
    return;
  }
  self->explored = explored;
  if (explored)
    want_past(self);
  else
    casa_history_lines_rest(self->past);
  if (self->look.theme)
    show_lines(self);
  update_gaps(self);
}

static void
restyle(CasaPart *part, const CasaLook *look)
{
  Panel *self = part->state;

  self->look = *look;
  casa_figure_view_restyle(&self->view, self->shape, look);
  /* Amounts stand on zero, and their area counts. A speed need not, or its day would be flat: its axis says where it starts. */
  casa_chart_picture(CASA_CHART(self->view.chart))->decimals = self->domain->headline->decimals;
  show_lines(self);
}

/* For a screen reader: what will be at the end of the hours shown, and how sure that is. */
static void
describe_forecast(Panel *self, GString *description, const char *unit, gint64 now_ms)
{
  const CasaIndicator *of = self->domain->headline;
  const CasaForecastLines *forecast = forecast_of(self);
  const gint64 t_ms = (now_ms + self->ahead_ms) / CASA_HOUR_MS * CASA_HOUR_MS;
  double middle, low, high;

  if (!forecast || !forecast->asked)
    return;
  if (!casa_pyramid_at(forecast->middle, t_ms, CASA_HOUR_MS, &middle) ||
      !casa_pyramid_at(forecast->low, t_ms, CASA_HOUR_MS, &low) ||
      !casa_pyramid_at(forecast->high, t_ms, CASA_HOUR_MS, &high)) {
    g_string_append(description, _(" ; prévision : pas encore, il faut deux semaines de mesures"));
    return;
  }
  g_autofree char *clock = casa_lang_hour(t_ms), *value = casa_phrases_value(of, middle);
  g_autofree char *least = casa_phrases_value(of, low), *most = casa_phrases_value(of, high);
  /* TR: for a screen reader: hour, what is forecast for it, unit, and the bounds of its band */
  g_string_append_printf(description, _(" ; prévu pour %s : %s %s, entre %s et %s dans 80 %% des cas"), clock, value, unit,
                         least, most);
}

static void
describe_chart(Panel *self, const CasaHeadline *words)
{
  g_autofree char *label = g_strdup_printf(self->event_ms   ? _("%s, depuis l’événement")
                                           : self->foresees ? _("%s, dernières heures et prévision")
                                                            : _("%s, dernières 24 heures"),
                                           casa_phrases_text(&self->domain->name));
  g_autofree char *meaning = casa_phrases_meaning(self->domain->headline);
  g_autoptr(GString) description = g_string_new(NULL);
  gint64 now = casa_model_summary(self->model)->now_ms;
  double min, max;
  guint gaps;
  const double expected = tells_event(self) ? self->event->expected : NAN;

  g_string_append_printf(description, "%s %s, %s ; %s", words->number, words->unit, words->trend, meaning);
  if (casa_pyramid_range(casa_model_curve(self->model, self->domain->headline), now - CASA_DAY_MS, now, &min, &max)) {
    g_autofree char *low = casa_phrases_value(self->domain->headline, min),
                    *high = casa_phrases_value(self->domain->headline, max);
    /* TR: the lowest and the highest value of the day, for a screen reader */
    g_string_append_printf(description, _(" ; de %s à %s en 24 heures"), low, high);
  }
  if (isfinite(expected)) {
    g_autofree char *without = casa_phrases_value(self->domain->headline, expected);
    g_string_append_printf(
      description,
      self->event->simulated
        /* TR: for a screen reader: number and unit of what would be now without the event, by a simulation */
        ? _(" ; sans l’événement, d’après la simulation : %s %s")
        /* TR: for a screen reader: number and unit of what would be now without the event, estimated from
                              * yesterday's same hours */
        : _(" ; sans l’événement, estimation d’après hier : %s %s"),
      without, words->unit);
  }
  describe_forecast(self, description, words->unit, now);
  casa_model_gaps(self->model, &gaps);
  if (gaps)
    g_string_append_printf(description, casa_tr_n(" ; %u lacune", " ; %u lacunes", gaps), gaps);
  const CasaChartPicture *shown = casa_chart_picture(CASA_CHART(self->view.chart));
  casa_panel_flags_describe(self->flags, shown->from_ms, shown->to_ms, description);
  casa_chart_set_accessible(CASA_CHART(self->view.chart), label, description->str);
}

static void
update_gaps(Panel *self)
{
  CasaChartPicture *p = casa_chart_picture(CASA_CHART(self->view.chart));
  const GArray *past = casa_history_lines_gaps(self->past);
  guint n = past->len;
  const CasaGap *gaps = self->explored ? (const CasaGap *)past->data : casa_model_gaps(self->model, &n);

  g_array_set_size(self->gaps, 0);
  for (guint i = 0; i < n; i++) {
    CasaChartGap gap = { gaps[i].start_ms, gaps[i].end_ms };
    g_array_append_val(self->gaps, gap);
  }
  p->gaps = (const CasaChartGap *)self->gaps->data;
  p->n_gaps = n;
}

/* Of a domain that an event concerns: what it has done to the figure says more than a comparison with yesterday. A verdict
 * stays. */
static void
tell_since(Panel *self, CasaHeadline *words)
{
  char *since = tells_event(self) && self->domain->headline->say != CASA_SAY_CLASS
                  ? casa_phrases_since(self->model, self->domain->headline, self->event_ms)
                  : NULL;

  if (!since)
    return;
  g_free(words->trend);
  words->trend = since;
}

static void
update(CasaPart *part)
{
  Panel *self = part->state;
  CasaHeadline words = { 0 };

  casa_phrases_headline(self->model, self->domain->headline, &words);
  tell_since(self, &words);
  casa_figure_view_say(&self->view, words.number, words.unit, words.trend, words.bad);
  describe_chart(self, &words);
  casa_headline_clear(&words);
  update_gaps(self);
  casa_panel_flags_show(self->model, self->domain->id, self->flags, casa_chart_picture(CASA_CHART(self->view.chart)));
  look_ahead(self);
  if (self->explored)
    want_past(self);
  show_event(self);
  casa_chart_changed(CASA_CHART(self->view.chart));
}

static CasaSheet *
sheet_cb(gpointer data)
{
  Panel *self = data;

  return casa_chart_sheet(&(CasaChartSheet){ .model = self->model,
                                             .chart = CASA_CHART(self->view.chart),
                                             .title = casa_phrases_text(&self->domain->name),
                                             .lines = self->lines,
                                             .earlier_ms = compared_ms(self) });
}

/* A domain that has just gone from indicators.conf, or that has no headline, leaves its place empty. */
static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  const CasaCityDomain *domain =
    casa_indicators_domain(casa_model_indicators(context->model), casa_part_spec_get(spec, "domain"));

  if (!domain || !domain->headline) {
    part->widget = casa_fraction_layout_new();
    return;
  }
  Panel *self = part->state = g_new0(Panel, 1);
  part->free_state = panel_free;
  self->model = context->model;
  self->domain = domain;
  self->event_ms = context->event_ms;
  self->event = casa_event_curve_new();
  self->ahead_ms =
    casa_part_spec_get(spec, "ahead") ? (gint64)g_ascii_strtoll(casa_part_spec_get(spec, "ahead"), NULL, 10) * CASA_HOUR_MS : 0;
  self->gaps = g_array_new(FALSE, FALSE, sizeof(CasaChartGap));
  self->flags = casa_panel_flags_new();
  self->shape = casa_figure_shape(&spec->slot, context);
  casa_figure_view_init(&self->view, self->shape, domain->id);
  casa_label_set(self->view.name, casa_phrases_text(&domain->name));
  self->past = casa_history_lines_new(context->model, past_cb, self);
  for (guint i = 0; i < domain->curves->len; i++)
    casa_history_lines_add(self->past, g_array_index(domain->curves, CasaDomainCurve, i).indicator);
  casa_history_lines_add(self->past, domain->headline); /* a day before, or a week */
  self->time = context->time;
  self->viewport = g_object_ref(casa_time_view_viewport(self->time));
  casa_time_view_attach(self->time, CASA_CHART(self->view.chart));
  casa_share_attach(self->view.chart, &(CasaShare){ .sheet = sheet_cb, .data = self });
  self->moved = g_signal_connect(self->viewport, "changed", G_CALLBACK(moved_cb), self);
  self->explored = casa_time_view_is_explored(self->time);
  part->widget = self->view.root;
  part->chart = self->view.chart;
  part->restyle = restyle;
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "domain", CASA_OPTION_DOMAIN, TRUE },
                                          { "ahead", CASA_OPTION_HOURS, FALSE },
                                          { NULL } };
const CasaPartClass casa_part_panel = { "panel", OPTIONS, build };
