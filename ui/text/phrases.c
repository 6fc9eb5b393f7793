/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/phrases.h"
#include "series/stats.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "base/time-units.h"
#include <math.h>

/* WHO global air quality guidelines 2021: PM10, 24-hour mean. */
#define WHO_PM10 45
#define LIGHTS_OFF_MW 0.05
#define DEAD_BAND 0.02
#define PEAK_LEAST 0.03               /* above what it was at this hour: less is no peak */
#define PEAK_SHORT 0.02               /* of the day's highest: the echo is of means, the day of samples */
#define PEAK_STEP_MS (10 * 60 * 1000) /* it is not known better than that */

const char *
casa_domain_id(CasaDomain domain)
{
  static const char *const ids[CASA_N_DOMAINS] = { "mobility", "energy", "air" };
  return ids[domain];
}

const char *
casa_domain_name(CasaDomain domain)
{
  switch (domain) {
  case CASA_DOMAIN_MOBILITY: return _("Mobilité");
  case CASA_DOMAIN_ENERGY: return _("Énergie");
  case CASA_DOMAIN_AIR: return _("Air");
  case CASA_N_DOMAINS: break;
  }
  g_return_val_if_reached("");
}

CasaDomain
casa_domain_from_id(const char *id)
{
  guint i = 0;

  while (i < CASA_N_DOMAINS && !g_str_equal(casa_domain_id((CasaDomain)i), id))
    i++;
  return (CasaDomain)i;
}

CasaCurve
casa_domain_curve(CasaDomain domain)
{
  static const CasaCurve curves[CASA_N_DOMAINS] = { CASA_CURVE_SPEED, CASA_CURVE_LOAD, CASA_CURVE_PM10 };
  return curves[domain];
}

char *
casa_phrases_station(CasaCatalogue *catalogue, guint id)
{
  const CasaStation *station = id == G_MAXUINT ? NULL : casa_catalogue_station(catalogue, id);

  if (!station)
    return g_strdup("");
  if (casa_lang_rtl() && station->name_ar && *station->name_ar)
    return casa_name_tame(station->name_ar);
  return casa_name_tame(station->name && *station->name ? station->name : station->station);
}

static char *
percent(double value)
{
  g_autofree char *number = casa_lang_number(value, 0);
  /* TR: a percentage; mind the space your language wants before the sign. */
  return g_strdup_printf(_("%s %%"), number);
}

/* The echo is yesterday's, each point a day later; what came since is not. */
static gboolean
was_highest_of_day(const CasaPyramid *curve, gint64 echo_from_ms, double value)
{
  double lowest, highest;

  return !casa_pyramid_range(curve, echo_from_ms - CASA_DAY_MS, echo_from_ms, &lowest, &highest) ||
         value >= highest * (1 - PEAK_SHORT);
}

gboolean
casa_phrases_peak(const CasaPyramid *curve, const CasaPyramid *echo, gint64 *t_ms)
{
  guint n = casa_pyramid_length(echo), peak = 0;
  double first, highest;
  gint64 t, from;

  if (n < 3)
    return FALSE;
  casa_pyramid_get(echo, 0, &from, &first);
  highest = first;
  for (guint i = 1; i < n; i++) {
    double value;
    casa_pyramid_get(echo, i, &t, &value);
    if (!(value > highest))
      continue;
    highest = value;
    peak = i;
    *t_ms = t;
  }
  return highest > first * (1 + PEAK_LEAST) && peak + 1 < n && was_highest_of_day(curve, from, highest);
}

/* "▲ pic hier vers 20 h 40": a reason to look again. NULL: the next hours of yesterday had none. */
static char *
peak_words(CasaModel *model, CasaCurve curve)
{
  gint64 t;

  if (!casa_phrases_peak(casa_model_curve(model, curve), casa_model_echo(model, curve), &t))
    return NULL;
  g_autofree char *hour = casa_lang_hour(t / PEAK_STEP_MS * PEAK_STEP_MS);
  /* TR: yesterday the city's load was highest at about this time, which is still to come today: "20 h 40" */
  return g_strdup_printf(_("▲ pic hier vers %s"), hour);
}

static char *
trend_words(CasaModel *model, CasaCurve curve, const CasaFigure *figure)
{
  double before;
  gboolean yesterday;

  if (figure->state == CASA_STATE_NONE)
    return g_strdup(_("● en attente de mesures"));
  if (!casa_model_before(model, curve, &before, &yesterday) || before == 0)
    return g_strdup(_("● historique trop court"));
  char *peak = curve == CASA_CURVE_LOAD ? peak_words(model, curve) : NULL;
  if (peak)
    return peak;
  CasaTrend trend = casa_trend(figure->value, before, DEAD_BAND);
  const char *than = yesterday ? _("vs hier") : _("vs il y a 1 h");
  /* TR: ● stable vs yesterday */
  if (trend == CASA_TREND_FLAT)
    return g_strdup_printf(_("● stable %s"), than);
  g_autofree char *change = percent(fabs(figure->value / before - 1) * 100);
  return g_strdup_printf("%s %s %s", trend == CASA_TREND_UP ? "▲" : "▼", change, than);
}

static char *
air_words(double pm10)
{
  const char *word = pm10 <= 0.5 * WHO_PM10 ? _("bon")
                     : pm10 <= WHO_PM10     ? _("correct")
                     : pm10 <= 2 * WHO_PM10 ? _("mauvais")
                                            : _("très mauvais");
  g_autofree char *limit = casa_lang_number(WHO_PM10, 0);

  /* TR: verdict, then the World Health Organization's limit: "▲ mauvais · OMS 45" */
  return g_strdup_printf(_("%s %s · OMS %s"), pm10 > WHO_PM10 ? "▲" : "▼", word, limit);
}

/* "…, dernière valeur il y a 42 s": a value that is not live says so wherever it stands. */
static char *
with_age(char *unit, const CasaFigure *figure, gint64 now_ms)
{
  g_autofree char *mine = unit;

  if (figure->state != CASA_STATE_LAST)
    return g_steal_pointer(&mine);
  g_autofree char *age = casa_lang_age(now_ms - figure->t_ms);
  return g_strdup_printf(_("%s · il y a %s"), mine, age);
}

void
casa_phrases_headline(CasaModel *model, CasaDomain domain, CasaHeadline *out)
{
  const CasaSummary *s = casa_model_summary(model);
  const CasaFigure *figure = domain == CASA_DOMAIN_MOBILITY ? &s->speed : domain == CASA_DOMAIN_ENERGY ? &s->load : &s->pm10;
  char *unit;

  out->bad = domain == CASA_DOMAIN_AIR && figure->value > WHO_PM10;
  out->number = casa_lang_number(figure->value, domain == CASA_DOMAIN_MOBILITY ? 1 : 0);
  out->trend = domain == CASA_DOMAIN_AIR && figure->state != CASA_STATE_NONE
                 ? air_words(figure->value)
                 : trend_words(model, casa_domain_curve(domain), figure);
  if (domain == CASA_DOMAIN_MOBILITY) {
    unit = g_strdup(_("km/h · vitesse moyenne"));
  } else if (domain == CASA_DOMAIN_ENERGY) {
    unit = g_strdup(_("MW · charge de la ville"));
  } else {
    g_autofree char *place = casa_phrases_station(casa_board_catalogue(casa_model_board(model)), s->worst_air);
    unit = *place ? g_strdup_printf(_("µg/m³ PM10 · %s"), place) : g_strdup(_("µg/m³ PM10"));
  }
  out->unit = with_age(unit, figure, s->now_ms);
}

void
casa_headline_clear(CasaHeadline *self)
{
  g_clear_pointer(&self->number, g_free);
  g_clear_pointer(&self->unit, g_free);
  g_clear_pointer(&self->trend, g_free);
}

/* @phrase, already in the right plural, with the number in the place of its %s. */
static char *
counted(const char *phrase, guint64 n)
{
  g_autofree char *number = casa_lang_number((double)n, 0);
  g_auto(GStrv) halves = g_strsplit(phrase, "%s", 2);

  return g_strjoinv(number, halves);
}

/* Seconds as "1:40", late positive. Isolated in Arabic, where the sign would else stand behind the number. */
static char *
minutes(double seconds)
{
  long s = lround(fabs(seconds));
  const char *open = casa_lang_rtl() ? "\u2066" : "", *close = casa_lang_rtl() ? "\u2069" : "";
  return g_strdup_printf("%s%s%ld:%02ld%s", open, seconds <= -0.5 ? "−" : "", s / 60, s % 60, close);
}

static const char *
air_index_word(guint band)
{
  switch (band) { /* the six classes of the European index, in the words of the French edition */
  case 1: return _("bon");
  case 2: return _("moyen");
  case 3: return _("dégradé");
  case 4: return _("mauvais");
  case 5: return _("très mauvais");
  case 6: return _("extrêmement mauvais");
  default: return _("inconnu");
  }
}

static void
solar_tile(const CasaSummary *s, CasaTilePhrases *out)
{
  gboolean known = s->solar.state != CASA_STATE_NONE && s->load.state != CASA_STATE_NONE && s->load.value > 0;

  out->name = g_strdup(_("Part solaire"));
  out->number = casa_lang_number(known ? 100 * s->solar.value / s->load.value : NAN, 0);
  out->unit = g_strdup("%");
}

static void
lighting_tile(const CasaSummary *s, CasaTilePhrases *out)
{
  gboolean off = s->lighting.state != CASA_STATE_NONE && s->lighting.value < LIGHTS_OFF_MW;
  g_autofree char *power = casa_lang_number(s->lighting.value, 1);

  out->name = g_strdup(_("Éclairage"));
  out->number = g_strdup(off ? _("éteint") : power);
  out->unit = off ? g_strdup_printf("%s %s", power, _("MW")) : g_strdup(_("MW"));
}

const char *
casa_tile_id(CasaTileKind kind)
{
  static const char *const ids[CASA_N_TILES] = { "vehicles", "delay", "solar-share", "lighting", "air-index", "teams" };
  return ids[kind];
}

CasaTileKind
casa_tile_from_id(const char *id)
{
  guint i = 0;

  while (i < CASA_N_TILES && !g_str_equal(casa_tile_id((CasaTileKind)i), id))
    i++;
  return (CasaTileKind)i;
}

void
casa_phrases_tile(const CasaSummary *s, CasaTileKind kind, CasaTilePhrases *out)
{
  g_autofree char *fleet = casa_lang_number(s->fleet, 0);

  *out = (CasaTilePhrases){ 0 };
  switch (kind) {
  case CASA_TILE_VEHICLES:
    out->name = g_strdup(_("Véhicules en ligne"));
    /* Without a link nobody is heard; that is no count of who runs. */
    out->number = casa_lang_number(s->fleet && s->link.state == CASA_LINK_UP ? s->vehicles : NAN, 0);
    out->unit = s->fleet ? g_strdup_printf("/ %s", fleet) : g_strdup("");
    break;
  case CASA_TILE_DELAY:
    out->name = g_strdup(_("Retard médian"));
    /* No vehicle in service has no delay; what the last one had at midnight is no news. */
    out->number = s->delay.state == CASA_STATE_NONE || (s->live_ms > 0 && s->vehicles == 0) ? casa_lang_number(NAN, 0)
                                                                                            : minutes(s->delay.value);
    out->unit = g_strdup(_("min"));
    break;
  case CASA_TILE_SOLAR: solar_tile(s, out); break;
  case CASA_TILE_LIGHTING: lighting_tile(s, out); break;
  case CASA_TILE_AIR:
    out->name = g_strdup(_("Indice air"));
    out->number = casa_lang_number(s->air_band ? s->air_band : NAN, 0);
    out->unit = g_strdup(air_index_word(s->air_band));
    break;
  case CASA_TILE_TEAMS:
    out->name = g_strdup(_("Équipes"));
    out->number = casa_lang_number(s->teams_active, 0);
    out->unit = g_strdup(casa_tr_n("flux actif", "flux actifs", s->teams_active));
    break;
  case CASA_N_TILES: break;
  }
}

void
casa_tile_words_clear(CasaTilePhrases *self)
{
  g_clear_pointer(&self->name, g_free);
  g_clear_pointer(&self->number, g_free);
  g_clear_pointer(&self->unit, g_free);
}

char *
casa_phrases_map_subtitle(const CasaSummary *s)
{
  return counted(
    casa_tr_n("µg/m³ · moyenne 1 h · %s station · interpolé", "µg/m³ · moyenne 1 h · %s stations · interpolé", s->air_stations),
    s->air_stations);
}
