/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/story-figures.h"
#include "base/time-units.h"
#include "ui/data/event-curve.h"
#include "ui/scenes/held.h"
#include "ui/scenes/unusual-words.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"
#include <math.h>

#define CURVE_AGE_MS (3 * CASA_CURVE_STEP_MS) /* a curve without a point for longer says nothing of a moment */
#define TIMES_LEAST 1e-6

void
casa_story_figure_clear(CasaStoryFigure *self)
{
  g_clear_pointer(&self->text, g_free);
}

/* "+12", "−52": isolated in Arabic, where a sign would else stand behind its number. */
static char *
signed_number(double value, guint decimals)
{
  g_autofree char *number = casa_lang_number(value, decimals);
  double written = round(value * pow(10, decimals));

  if (!(written > 0))
    return g_steal_pointer(&number);
  return casa_lang_rtl() ? g_strdup_printf("\u2066+%s\u2069", number) : g_strdup_printf("+%s", number);
}

static gboolean
give_number(CasaStoryFigure *out, double number, guint decimals)
{
  if (!isfinite(number))
    return FALSE;
  *out = (CasaStoryFigure){ .number = number, .text = casa_lang_number(number, decimals), .unit = "" };
  return TRUE;
}

static gboolean
give_word(CasaStoryFigure *out, char *word)
{
  if (!word || !*word) {
    g_free(word);
    return FALSE;
  }
  *out = (CasaStoryFigure){ .number = NAN, .text = word, .unit = "" };
  return TRUE;
}

static double
local_hour(gint64 now_ms)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_ms / 1000);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, casa_lang_zone());

  return g_date_time_get_hour(local) + g_date_time_get_minute(local) / 60.0;
}

/* What the curve was before the event began, without one an hour ago: the step in which it began is partly its own. */
static gboolean
value_before(const CasaStoryMoment *moment, const CasaIndicator *indicator, double *value)
{
  const CasaPyramid *curve = casa_model_curve(moment->model, indicator);
  gint64 now_ms = casa_model_summary(moment->model)->now_ms;
  gint64 base_ms = moment->happening ? moment->happening->start_ms : now_ms - CASA_HOUR_MS;

  return curve && casa_pyramid_at(curve, base_ms - CASA_CURVE_STEP_MS, CURVE_AGE_MS, value) && isfinite(*value);
}

/* What it cost: against what would have been without it. Without an event there is none. */
static gboolean
cost_figure(const CasaStoryMoment *moment, const CasaIndicator *indicator, const char *aspect, CasaStoryFigure *out)
{
  const CasaHappening *h = moment->happening;
  const gint64 now_ms = casa_model_summary(moment->model)->now_ms;
  g_autoptr(CasaEventCurve) curve = casa_event_curve_new();

  if (!h)
    return FALSE;
  casa_event_curve_read(curve, moment->model, indicator, h->start_ms, h->start_ms, h->over ? MIN(h->end_ms, now_ms) : now_ms);
  if (g_str_equal(aspect, "basis"))
    return isfinite(curve->sum) &&
           /* TR: after what an event cost: against what that was worked out; in lower case */
           give_word(out, g_strdup(curve->simulated ? _("simulé") : _("estimé")));
  const double cost = g_str_equal(aspect, "more") ? curve->mean : curve->sum;
  const guint decimals = fabs(cost) < 10 ? 1 : 0;
  if (g_str_equal(aspect, "lacking"))
    return round(-cost * pow(10, decimals)) > 0 && give_number(out, -cost, decimals);
  if (!isfinite(cost) || round(cost * pow(10, decimals)) == 0)
    return FALSE;
  *out = (CasaStoryFigure){ .number = cost, .text = signed_number(cost, decimals), .unit = "" };
  return TRUE;
}

static gboolean
compare_figure(const CasaStoryMoment *moment, const CasaIndicator *indicator, const char *aspect, CasaStoryFigure *out)
{
  double now = casa_model_figure(moment->model, indicator)->value, before;
  gboolean yesterday;

  if (g_str_equal(aspect, "day")) {
    if (!casa_model_before(moment->model, indicator, &before, &yesterday) || !yesterday || before < TIMES_LEAST)
      return FALSE;
    double percent = (now / before - 1) * 100;
    *out = (CasaStoryFigure){ .number = percent, .text = signed_number(percent, 0), .unit = "" };
    return TRUE;
  }
  if (g_strv_contains((const char *const[]){ "sum", "more", "lacking", "basis", NULL }, aspect))
    return cost_figure(moment, indicator, aspect, out);
  if (!value_before(moment, indicator, &before))
    return FALSE;
  if (g_str_equal(aspect, "change")) {
    *out = (CasaStoryFigure){ .number = now - before, .text = signed_number(now - before, indicator->decimals), .unit = "" };
    return TRUE;
  }
  return g_str_equal(aspect, "times") && before > TIMES_LEAST && give_number(out, now / before, 1);
}

static gboolean
is_told(const CasaStoryMoment *moment, const char *domain)
{
  return !moment->domains || g_strv_contains(moment->domains, domain);
}

static gboolean
indicator_figure(const CasaStoryMoment *moment, const CasaIndicator *indicator, const char *aspect, CasaStoryFigure *out)
{
  const CasaFigure *figure = casa_model_figure(moment->model, indicator);
  const char *domain = indicator->part ? indicator->part->domain : indicator->domain;
  gboolean known;

  if (figure->state != CASA_STATE_LIVE || !isfinite(figure->value) || !is_told(moment, domain))
    return FALSE;
  if (!aspect) {
    *out = (CasaStoryFigure){ .number = figure->value,
                              .text = casa_phrases_value(indicator, figure->value),
                              .unit = casa_phrases_text(&indicator->unit) };
    known = TRUE;
  } else if (g_str_equal(aspect, "where")) {
    return give_word(out,
                     casa_phrases_station(casa_latest_values_catalogue(casa_model_latest(moment->model)), figure->station));
  } else {
    known = compare_figure(moment, indicator, aspect, out);
  }
  if (known)
    out->domain = domain;
  return known;
}

/* How far from now a past is that still comes in; its number is in hours. */
static gboolean
behind_figure(const CasaSummary *summary, CasaStoryFigure *out)
{
  const gint64 behind_ms = summary->now_ms - summary->newest_ms;

  if (!casa_summary_is_loading(summary) || summary->newest_ms <= 0 || behind_ms <= 0)
    return FALSE;
  *out = (CasaStoryFigure){ .number = (double)behind_ms / CASA_HOUR_MS, .text = casa_lang_age(behind_ms), .unit = "" };
  return TRUE;
}

/* What is known without an event. */
static gboolean
general_figure(const CasaStoryMoment *moment, const char *name, CasaStoryFigure *out)
{
  const CasaSummary *summary = casa_model_summary(moment->model);

  if (g_str_equal(name, "hour"))
    return give_number(out, local_hour(summary->now_ms), 1);
  if (g_str_equal(name, "heard"))
    return summary->sensors_known && give_number(out, floor(100.0 * summary->sensors_alive / summary->sensors_known), 0);
  if (g_str_equal(name, "behind"))
    return behind_figure(summary, out);
  return g_str_equal(name, "held") && moment->notice->has_map && give_number(out, moment->notice->n_held, 0);
}

static gboolean
event_figure(const CasaStoryMoment *moment, const char *name, CasaStoryFigure *out)
{
  const CasaHappening *h = moment->happening;
  gint64 now_ms = casa_model_summary(moment->model)->now_ms;

  if (g_str_equal(name, "place"))
    return give_word(out, g_strdup(casa_happening_place(h)));
  if (g_str_equal(name, "line"))
    return give_word(out, h->line ? g_strdup(h->line->name) : NULL);
  if (g_str_equal(name, "kind"))
    return give_word(out, casa_name_tame(h->kind));
  if (g_str_equal(name, "since"))
    return give_word(out, casa_lang_clock(h->start_ms, FALSE));
  if (g_str_equal(name, "minutes"))
    return give_number(out, floor((double)(MIN(now_ms, h->end_ms) - h->start_ms) / CASA_MINUTE_MS), 0);
  if (g_str_equal(name, "held-minutes"))
    return moment->notice->has_map && give_number(out, floor(casa_held_minutes(moment->model, h->start_ms)), 0);
  if (g_str_equal(name, "people"))
    return h->district && h->district->population && give_number(out, h->district->population, 0);
  return g_str_equal(name, "less") && isfinite(h->share) && give_number(out, round((1 - h->share) * 100), 0);
}

/* What a simulator says that it cost. */
static gboolean
toll_figure(const CasaStoryMoment *moment, const char *name, CasaStoryFigure *out)
{
  const double cost = moment->happening ? casa_model_toll(moment->model, name, moment->happening->start_ms) : NAN;
  const guint decimals = fabs(cost) < 10 ? 1 : 0;

  return round(cost * pow(10, decimals)) > 0 && give_number(out, cost, decimals);
}

/* The farthest off that lasts, of the domains that are told; NULL: none. */
static const CasaUnusualAlert *
unusual_alert(const CasaStoryMoment *moment, guint *n)
{
  const GArray *alerts = casa_model_unusual(moment->model);
  const CasaUnusualAlert *first = NULL;

  *n = 0;
  for (guint i = 0; i < alerts->len; i++) {
    const CasaUnusualAlert *alert = &g_array_index(alerts, CasaUnusualAlert, i);
    if (!alert->lasts || !is_told(moment, alert->indicator->domain))
      continue;
    first = first ? first : alert;
    ++*n;
  }
  return first;
}

static gboolean
unusual_figure(const CasaStoryMoment *moment, const char *aspect, CasaStoryFigure *out)
{
  guint n;
  const CasaUnusualAlert *alert = unusual_alert(moment, &n);

  if (!aspect)
    return give_number(out, n, 0);
  if (!alert)
    return FALSE;
  if (g_str_equal(aspect, "value") || g_str_equal(aspect, "usual")) {
    const double value = g_str_equal(aspect, "value") ? alert->value : alert->expected;
    *out = (CasaStoryFigure){ .number = value,
                              .text = casa_phrases_value(alert->indicator, value),
                              .unit = casa_phrases_text(&alert->indicator->unit),
                              .domain = alert->indicator->domain };
    return TRUE;
  }
  if (g_str_equal(aspect, "what"))
    return give_word(out, g_strdup(casa_phrases_text(&alert->indicator->curve)));
  if (g_str_equal(aspect, "place")) {
    char *place = casa_unusual_place(casa_model_city(moment->model), alert);
    if (*place)
      return give_word(out, place);
    g_free(place);
    return give_word(out, g_strdup(_("toute la ville")));
  }
  if (g_str_equal(aspect, "since"))
    return give_word(out, casa_lang_clock(alert->since_ms, FALSE));
  if (g_str_equal(aspect, "rarity"))
    return give_word(out, casa_unusual_rarity(alert));
  if (g_str_equal(aspect, "with"))
    return give_word(out, casa_unusual_with(moment->model, alert));
  return g_str_equal(aspect, "not") && give_word(out, casa_unusual_not(alert));
}

gboolean
casa_story_figure(const CasaStoryMoment *moment, const char *name, CasaStoryFigure *out)
{
  g_auto(GStrv) parts = g_strsplit(name, ":", 2);

  if (!parts[0])
    return FALSE;
  const CasaIndicator *indicator = casa_indicators_find(casa_model_indicators(moment->model), parts[0]);
  if (indicator)
    return indicator_figure(moment, indicator, parts[1], out);
  if (g_str_equal(parts[0], "unusual"))
    return unusual_figure(moment, parts[1], out);
  if (parts[1])
    return g_str_equal(parts[0], "lost") && toll_figure(moment, parts[1], out);
  return general_figure(moment, name, out) || (moment->happening && event_figure(moment, name, out));
}

gboolean
casa_story_term_is_true(const CasaStoryMoment *moment, const CasaStoryTerm *term)
{
  CasaStoryFigure figure;

  if (!casa_story_figure(moment, term->figure, &figure))
    return FALSE;
  double n = figure.number;
  casa_story_figure_clear(&figure);
  switch (term->operator) {
  case CASA_AT_LEAST: return n >= term->bound;
  case CASA_AT_MOST: return n <= term->bound;
  case CASA_ABOVE: return n > term->bound;
  case CASA_BELOW: return n < term->bound;
  }
  g_return_val_if_reached(FALSE);
}
