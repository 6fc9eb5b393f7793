/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/phrases.h"
#include "series/stats.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "base/time-units.h"
#include <math.h>

#define DEAD_BAND 0.02
#define PEAK_LEAST 0.03                       /* above what it was at this hour: less is no peak */
#define PEAK_SHORT 0.02                       /* of the day's highest: yesterday's dots are means, the day is of samples */
#define PEAK_STEP_MS (10 * 60 * 1000)         /* it is not known better than that */
#define SINCE_AGE_MS (3 * CASA_CURVE_STEP_MS) /* a curve without a point for longer says nothing of a moment */

const char *
casa_phrases_text(const CasaText *text)
{
  return casa_text_in(text, casa_lang_get());
}

char *
casa_phrases_station(CasaCatalogue *catalogue, guint id)
{
  const CasaStation *station = id == G_MAXUINT ? NULL : casa_catalogue_station(catalogue, id);

  if (!station)
    return g_strdup("");
  const char *names[] = { casa_lang_rtl() ? station->name_ar : NULL, station->name };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    char *tame = casa_name_tame(names[i]);
    if (*tame)
      return tame;
    g_free(tame);
  }
  return casa_name_tame(station->station);
}

static char *
percent(double value)
{
  g_autofree char *number = casa_lang_number(value, 0);
  /* TR: a percentage; mind the space your language wants before the sign. */
  return g_strdup_printf(_("%s %%"), number);
}

/* Seconds as "1:40", late positive. Isolated in Arabic, where the sign would else stand behind the number. */
static char *
minutes(double seconds)
{
  long s = lround(fabs(seconds));
  const char *open = casa_lang_rtl() ? "\u2066" : "", *close = casa_lang_rtl() ? "\u2069" : "";

  return g_strdup_printf("%s%s%ld:%02ld%s", open, seconds <= -0.5 ? "−" : "", s / 60, s % 60, close);
}

static gboolean
is_off(const CasaIndicator *indicator, double value)
{
  return isfinite(indicator->off_below) && value < indicator->off_below;
}

char *
casa_phrases_value(const CasaIndicator *indicator, double value)
{
  if (is_off(indicator, value))
    return g_strdup(casa_phrases_text(&indicator->off));
  if (indicator->format == CASA_FORMAT_DURATION && isfinite(value))
    return minutes(value);
  return casa_lang_number(value, indicator->decimals);
}

/* Yesterday's dots are each a day later; what came since is not. */
static gboolean
was_highest_of_day(const CasaPyramid *curve, gint64 from_ms, double value)
{
  double lowest, highest;

  return !casa_pyramid_range(curve, from_ms - CASA_DAY_MS, from_ms, &lowest, &highest) || value >= highest * (1 - PEAK_SHORT);
}

gboolean
casa_phrases_peak(const CasaPyramid *curve, const CasaPyramid *yesterday, gint64 *t_ms)
{
  guint n = casa_pyramid_length(yesterday), peak = 0;
  double first, highest;
  gint64 t, from;

  if (n < 3)
    return FALSE;
  casa_pyramid_get(yesterday, 0, &from, &first);
  highest = first;
  for (guint i = 1; i < n; i++) {
    double value;
    casa_pyramid_get(yesterday, i, &t, &value);
    if (!(value > highest))
      continue;
    highest = value;
    peak = i;
    *t_ms = t;
  }
  return highest > first * (1 + PEAK_LEAST) && peak + 1 < n && was_highest_of_day(curve, from, highest);
}

/* "▲ pic hier vers 20 h 40": a reason to look again. NULL: the next hours of yesterday had none, or the day is not all there,
 * and what looks like its peak may be none. */
static char *
peak_words(CasaModel *model, const CasaIndicator *indicator)
{
  const CasaPyramid *curve = casa_model_curve(model, indicator);
  gint64 t;

  if (!curve || !casa_model_has_day(model, indicator) || !casa_phrases_peak(curve, casa_model_yesterday(model, indicator), &t))
    return NULL;
  g_autofree char *hour = casa_lang_hour(t / PEAK_STEP_MS * PEAK_STEP_MS);
  /* TR: yesterday the city's load was highest at about this time, which is still to come today: "20 h 40" */
  return g_strdup_printf(_("▲ pic hier vers %s"), hour);
}

static char *
yesterday_words(CasaModel *model, const CasaIndicator *indicator)
{
  const CasaFigure *figure = casa_model_figure(model, indicator);
  double before;
  gboolean yesterday;

  if (!casa_model_settled(model))
    /* TR: instead of a comparison with yesterday, while the past is still read from the store */
    return g_strdup(_("● historique en lecture"));
  if (!casa_model_before(model, indicator, &before, &yesterday) || before == 0)
    return g_strdup(_("● historique trop court"));
  CasaTrend trend = casa_trend(figure->value, before, DEAD_BAND);
  const char *than = yesterday ? _("vs hier") : _("vs il y a 1 h");
  /* TR: ● stable vs yesterday */
  if (trend == CASA_TREND_FLAT)
    return g_strdup_printf(_("● stable %s"), than);
  g_autofree char *change = percent(fabs(figure->value / before - 1) * 100);
  return g_strdup_printf("%s %s %s", trend == CASA_TREND_UP ? "▲" : "▼", change, than);
}

/* The step in which it began is partly its own. */
char *
casa_phrases_since(CasaModel *model, const CasaIndicator *indicator, gint64 since_ms)
{
  const CasaFigure *figure = casa_model_figure(model, indicator);
  const CasaPyramid *curve = casa_model_curve(model, indicator);
  double before;

  if (figure->state != CASA_STATE_LIVE || !isfinite(figure->value) || !curve ||
      !casa_pyramid_at(curve, since_ms - CASA_CURVE_STEP_MS, SINCE_AGE_MS, &before) || !isfinite(before))
    return NULL;
  const double change = figure->value - before;
  g_autofree char *amount = casa_phrases_value(indicator, fabs(change)), *nothing = casa_phrases_value(indicator, 0);
  g_autofree char *clock = casa_lang_clock(since_ms, FALSE);
  if (g_str_equal(amount, nothing))
    /* TR: the figure has not changed since the event began: at what time */
    return g_strdup_printf(_("● stable depuis %s"), clock);
  /* TR: up or down, by how much, its unit, and the time at which the event began: "▼ 52 MW depuis 20:14" */
  return g_strdup_printf(_("%s %s %s depuis %s"), change > 0 ? "▲" : "▼", amount, casa_phrases_text(&indicator->unit), clock);
}

gboolean
casa_phrases_is_bad(const CasaIndicator *indicator, const CasaFigure *figure)
{
  return indicator->scale && figure->class != G_MAXUINT && figure->class >= indicator->scale->bad_from;
}

/* "▲ mauvais" */
static char *
class_words(const CasaIndicator *indicator, const CasaFigure *figure)
{
  if (figure->class == G_MAXUINT)
    /* TR: there is not yet enough of the hour or day that the mean is of: no verdict */
    return g_strdup(_("● moyenne incomplète"));
  /* As the badges of the map have it: disc, diamond, triangle. */
  return g_strdup_printf("%s %s",
                         casa_phrases_is_bad(indicator, figure) ? "▲"
                         : figure->class < 2                    ? "●"
                                                                : "◆",
                         casa_phrases_text(&indicator->scale->words[figure->class]));
}

/* What was so hours ago is no verdict of now. */
static gboolean
is_loading(CasaModel *model, const CasaFigure *figure)
{
  return figure->state == CASA_STATE_LAST && casa_summary_is_loading(casa_model_summary(model));
}

static char *
say_words(CasaModel *model, const CasaIndicator *indicator, const CasaFigure *figure)
{
  char *peak;

  if (figure->state == CASA_STATE_NONE)
    return g_strdup(_("● en attente de mesures"));
  if (is_loading(model, figure))
    /* TR: instead of a verdict on a value, while the city's past still comes in */
    return g_strdup(_("● en chargement"));
  switch (indicator->say) {
  case CASA_SAY_NOTHING: return g_strdup("");
  case CASA_SAY_CLASS: return class_words(indicator, figure);
  case CASA_SAY_PEAK: peak = peak_words(model, indicator); return peak ? peak : yesterday_words(model, indicator);
  case CASA_SAY_YESTERDAY: break;
  }
  return yesterday_words(model, indicator);
}

/* "…, max. Aïn Sebaâ": a highest or lowest value is one station's. */
static char *
with_place(char *words, CasaModel *model, const CasaIndicator *indicator, const CasaFigure *figure)
{
  g_autofree char *mine = words;
  gboolean highest = indicator->fold == CASA_STATIONS_MAX;

  if (is_loading(model, figure))
    return g_steal_pointer(&mine);
  if ((!highest && indicator->fold != CASA_STATIONS_MIN) || figure->station == G_MAXUINT)
    return g_steal_pointer(&mine);
  g_autofree char *place = casa_phrases_station(casa_latest_values_catalogue(casa_model_latest(model)), figure->station);
  /* TR: the station with the highest value, then the one with the lowest */
  g_autofree char *where = g_strdup_printf(highest ? _("max. %s") : _("min. %s"), place);
  return *mine ? g_strdup_printf("%s · %s", mine, where) : g_steal_pointer(&where);
}

/* "moyenne 1 h"; NULL: of newest values. */
static char *
averaging_words(gint64 ms)
{
  if (ms <= 0)
    return NULL;
  g_autofree char *span = casa_lang_age(ms);
  /* TR: a mean over so much time: "1 h" */
  return g_strdup_printf(_("moyenne %s"), span);
}

static char *
append(char *words, const char *more)
{
  g_autofree char *mine = words;

  if (!more || !*more)
    return g_steal_pointer(&mine);
  return *mine ? g_strdup_printf("%s · %s", mine, more) : g_strdup(more);
}

/* "il y a 42 s"; NULL: it is live, or there is nothing. A value that is not live says so wherever it stands. */
static char *
age_words(const CasaFigure *figure, gint64 now_ms)
{
  if (figure->state != CASA_STATE_LAST)
    return NULL;
  g_autofree char *age = casa_lang_age(MAX(now_ms - figure->t_ms, 0));
  return g_strdup_printf(_("il y a %s"), age);
}

/* How much of the mean's time is in it, where it is not all of it. */
static gint64
averaged_ms(const CasaIndicator *indicator, const CasaFigure *figure)
{
  gboolean whole = (double)figure->covered_ms >= CASA_MEAN_WHOLE * (double)indicator->over_ms;

  return whole || figure->state == CASA_STATE_NONE ? indicator->over_ms : figure->covered_ms;
}

static char *
unit_words(const CasaIndicator *indicator, const CasaFigure *figure, gint64 now_ms)
{
  g_autofree char *averaging = averaging_words(averaged_ms(indicator, figure)), *age = age_words(figure, now_ms);
  char *words = g_strdup(is_off(indicator, figure->value) ? "" : casa_phrases_text(&indicator->unit));

  words = append(words, casa_phrases_text(&indicator->what));
  return append(append(words, averaging), age);
}

void
casa_phrases_headline(CasaModel *model, const CasaIndicator *indicator, CasaHeadline *out)
{
  const CasaFigure *figure = casa_model_figure(model, indicator);

  out->figure = *figure;
  out->number = casa_phrases_value(indicator, figure->value);
  out->unit = unit_words(indicator, figure, casa_model_summary(model)->now_ms);
  out->trend = with_place(say_words(model, indicator, figure), model, indicator, figure);
  out->bad = casa_phrases_is_bad(indicator, figure) && !is_loading(model, figure);
}

void
casa_headline_clear(CasaHeadline *self)
{
  g_clear_pointer(&self->number, g_free);
  g_clear_pointer(&self->unit, g_free);
  g_clear_pointer(&self->trend, g_free);
}

static const char *
fold_words(CasaStationsFold fold)
{
  switch (fold) {
  case CASA_STATIONS_MEAN: return _("moyenne des stations");
  case CASA_STATIONS_SUM: return _("somme des stations");
  case CASA_STATIONS_MEDIAN: return _("médiane des stations");
  case CASA_STATIONS_MAX: return _("station la plus haute");
  case CASA_STATIONS_MIN: return _("station la plus basse");
  case CASA_STATIONS_SHARE: return _("part des stations");
  case CASA_STATIONS_COUNT:
  case CASA_STATIONS_SOURCES:
  case CASA_STATIONS_RATIO:
  case CASA_STATIONS_INDEX: break;
  }
  return NULL;
}

char *
casa_phrases_meaning(const CasaIndicator *indicator)
{
  g_autofree char *averaging = averaging_words(indicator->over_ms);
  char *words = g_strdup(casa_phrases_text(&indicator->what));

  return append(append(words, fold_words(indicator->fold)), averaging);
}

/* "NO₂": what decides an index; NULL: this is none. A verdict that differs from that of the number beside it says of what it
 * is. */
static const char *
deciding_part(const CasaIndicator *indicator, const CasaFigure *figure)
{
  return indicator->fold == CASA_STATIONS_INDEX && figure->part != G_MAXUINT
           ? casa_phrases_text(&indicator->parts[figure->part]->curve)
           : NULL;
}

/* "/ 60 · 24 h": of how many. */
static char *
of_known(const CasaFigure *figure)
{
  g_autofree char *known = casa_lang_number(figure->known, 0);

  /* TR: after the number of those that report now: of all those that reported within a day */
  return figure->known ? g_strdup_printf(_("/ %s · 24 h"), known) : g_strdup("");
}

static char *
tile_unit(const CasaIndicator *indicator, const CasaFigure *figure)
{
  const char *unit = casa_phrases_text(&indicator->unit);

  if (is_off(indicator, figure->value)) {
    g_autofree char *value = casa_lang_number(figure->value, indicator->decimals);
    return g_strdup_printf("%s %s", value, unit);
  }
  if (indicator->fold == CASA_STATIONS_COUNT && !*unit)
    return of_known(figure);
  if (indicator->say != CASA_SAY_CLASS)
    return g_strdup(unit);
  char *words = append(g_strdup(unit),
                       figure->class == G_MAXUINT ? _("inconnu") : casa_phrases_text(&indicator->scale->words[figure->class]));
  return append(words, deciding_part(indicator, figure));
}

void
casa_phrases_tile(CasaModel *model, const CasaIndicator *indicator, CasaTilePhrases *out)
{
  const CasaFigure *figure = casa_model_figure(model, indicator);
  g_autofree char *age = age_words(figure, casa_model_summary(model)->now_ms);

  out->name = g_strdup(casa_phrases_text(&indicator->name));
  out->number = casa_phrases_value(indicator, figure->value);
  out->unit = append(tile_unit(indicator, figure), age);
}

void
casa_tile_phrases_clear(CasaTilePhrases *self)
{
  g_clear_pointer(&self->name, g_free);
  g_clear_pointer(&self->number, g_free);
  g_clear_pointer(&self->unit, g_free);
}

gboolean
casa_phrases_series(CasaModel *model, guint series, CasaTilePhrases *out)
{
  CasaLatestValues *latest = casa_model_latest(model);
  const CasaValue *value = casa_latest_values_get(latest, series);
  const CasaMetric *metric = casa_latest_values_metric(latest, series);
  gint64 now_ms = casa_model_summary(model)->now_ms;

  if (!value)
    return FALSE;
  gboolean live = value->live && casa_station_is_alive(casa_latest_values_owner(latest, series), now_ms);
  const CasaFigure figure = { .state = live ? CASA_STATE_LIVE : CASA_STATE_LAST, .t_ms = value->t_ms };
  g_autofree char *age = age_words(&figure, now_ms);
  const CasaText name = { metric ? metric->name_fr : NULL, metric ? metric->name_en : NULL, metric ? metric->name_ar : NULL };
  out->name = metric ? g_strdup(casa_phrases_text(&name))
                     : casa_name_tame(casa_catalogue_series(casa_latest_values_catalogue(latest), series)->metric);
  out->number = casa_lang_number(value->value, metric ? metric->decimals : 1);
  out->unit = append(g_strdup(metric ? casa_lang_unit(metric->unit) : ""), age);
  return TRUE;
}

char *
casa_phrases_map_title(const CasaIndicator *field)
{
  /* TR: the head of the map's legend: a quantity, "PM10" */
  return g_strdup_printf(_("%s par arrondissement"), casa_phrases_text(&field->name));
}

char *
casa_phrases_map_subtitle(CasaModel *model, const CasaIndicator *field)
{
  guint stations;
  g_autofree char *averaging = averaging_words(field->over_ms), *number = NULL, *count = NULL;

  if (!averaging)
    /* TR: newest values, no mean */
    averaging = g_strdup(_("mesure du moment"));
  casa_model_field(model, field, &stations);
  number = casa_lang_number(stations, 0);
  /* TR: how many stations the map is made of; between them it is interpolated */
  g_auto(GStrv) halves = g_strsplit(casa_tr_n("%s station · interpolé", "%s stations · interpolé", stations), "%s", 2);
  count = g_strjoinv(number, halves);
  return append(append(g_strdup(casa_phrases_text(&field->unit)), averaging), count);
}
