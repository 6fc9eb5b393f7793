/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/map-stations.h"
#include "ui/data/teams.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"

#define BADGES_ALL 16 /* so many stations are shown wherever they stand… */
#define BADGES_MAX 32 /* …of more, those that stand well apart */
#define BADGES_APART_KM 2.5
#define TEAMS_MAX 24      /* a map that carries more cannot be read */
#define AFTER_THE_CITY -1 /* priority: a team's badge takes the room that the city's leave */
#define REPORTS_MAX 12
#define AFTER_THE_TEAMS -2
#define AFTER_THE_FIELD -.5 /* …and those of other domains come between */

static gboolean
place_of(CasaModel *model, guint station, CasaLonLat *at)
{
  const CasaStation *info = casa_catalogue_station(casa_latest_values_catalogue(casa_model_latest(model)), station);

  if (!info || !info->has_position)
    return FALSE;
  *at = (CasaLonLat){ info->lon, info->lat };
  return TRUE;
}

/* Whole letters only. */
static void
write_text(CasaMapBadge *badge, const char *text)
{
  const char *end;

  g_strlcpy(badge->text, text, sizeof badge->text);
  if (!g_utf8_validate(badge->text, -1, &end))
    badge->text[end - badge->text] = '\0';
}

static gboolean
is_apart(const GArray *badges, CasaLonLat at)
{
  for (guint i = 0; i < badges->len; i++)
    if (casa_distance_km(g_array_index(badges, CasaMapBadge, i).at, at) < BADGES_APART_KM)
      return FALSE;
  return TRUE;
}

/* FALSE: it has said nothing, or nobody knows where it stands. */
static gboolean
badge_of(CasaModel *model, const CasaIndicator *indicator, guint station, CasaMapBadge *out)
{
  CasaFigure figure = casa_model_station_figure(model, indicator, station);
  g_autofree char *number = casa_phrases_value(indicator, figure.value);
  const gboolean doubtful = casa_doubtful_of(casa_model_doubtful(model), station, indicator) != NULL;
  g_autofree char *text = doubtful ? g_strdup_printf("%s ?", number) : g_strdup(number);
  CasaLonLat at;

  if (figure.state == CASA_STATE_NONE || !place_of(model, station, &at))
    return FALSE;
  *out = (CasaMapBadge){ .at = at,
                         .band = figure.class,
                         .stale = figure.state != CASA_STATE_LIVE || doubtful,
                         .priority = figure.value,
                         .key = station,
                         .bad = casa_phrases_is_bad(indicator, &figure) };
  write_text(out, text);
  return TRUE;
}

/* Hollow when it is not live. The one that the figure comes from is always among them; the others are chosen by where they
 * stand and not by what they say, so that none comes and goes. */
static void
add_field(CasaModel *model, const CasaIndicator *field, GArray *out)
{
  const GArray *members = casa_model_members(model, field);
  guint first = casa_model_figure(model, field)->station;
  CasaMapBadge badge;

  if (first != G_MAXUINT && badge_of(model, field, first, &badge))
    g_array_append_val(out, badge);
  for (guint i = 0; i < members->len && out->len < BADGES_MAX; i++) {
    const CasaStationValues *station = casa_latest_values_owner(casa_model_latest(model), g_array_index(members, guint, i));
    if (station->id == first || !badge_of(model, field, station->id, &badge))
      continue;
    if (out->len < BADGES_ALL || is_apart(out, badge.at))
      g_array_append_val(out, badge);
  }
}

static gboolean
is_carried(const CasaCityDomain *domain, const CasaStationValues *station)
{
  return station->kind && !station->kind->moves && g_strv_contains((const char *const *)domain->map_kinds, station->kind->id);
}

/* With its unit: the legend does not speak of it. */
static void
add_domain(CasaModel *model, const CasaCityDomain *domain, GArray *out)
{
  const GArray *members = casa_model_members(model, domain->headline);
  const char *unit = casa_phrases_text(&domain->headline->unit);
  CasaMapBadge badge;
  guint n = 0;

  for (guint i = 0; i < members->len && n < BADGES_ALL; i++) {
    const CasaStationValues *station = casa_latest_values_owner(casa_model_latest(model), g_array_index(members, guint, i));
    if (!is_carried(domain, station) || !badge_of(model, domain->headline, station->id, &badge))
      continue;
    g_autofree char *text = g_strdup_printf("%s %s", badge.text, unit);
    write_text(&badge, text);
    badge.priority = AFTER_THE_FIELD;
    g_array_append_val(out, badge);
    n++;
  }
}

/* The first of its series that has a value and is no part of a position; G_MAXUINT: none. */
static guint
series_of(CasaLatestValues *latest, const CasaStationValues *station)
{
  for (guint i = 0; i < station->series->len; i++) {
    guint series = g_array_index(station->series, guint, i);
    const CasaValue *value = casa_latest_values_get(latest, series);
    if (value && value->t_ms > 0 && !casa_latest_values_is_position(latest, series))
      return series;
  }
  return G_MAXUINT;
}

/* "31,5 °C · equipe-7" */
static void
write_team(CasaMapBadge *badge, CasaLatestValues *latest, guint series, const char *source)
{
  const CasaMetric *metric = casa_latest_values_metric(latest, series);
  g_autofree char *owner = casa_name_tame(source);
  g_autofree char *number = casa_lang_number(casa_latest_values_get(latest, series)->value, metric ? metric->decimals : 1);
  const char *unit = metric ? casa_lang_unit(metric->unit) : "";
  g_autofree char *text = g_strdup_printf("%s%s%s · %s", number, *unit ? " " : "", unit, owner);

  write_text(badge, text);
}

static void
add_teams(CasaModel *model, GArray *out)
{
  CasaLatestValues *latest = casa_model_latest(model);
  gint64 now_ms = casa_model_summary(model)->now_ms;
  guint n = 0;

  for (guint i = 0; i < casa_latest_values_n_stations(latest) && n < TEAMS_MAX; i++) {
    const CasaStationValues *station = casa_latest_values_station(latest, i);
    CasaMapBadge badge = { .band = G_MAXUINT, .priority = AFTER_THE_CITY, .team = TRUE, .key = i };
    const CasaStation *about = casa_catalogue_station(casa_latest_values_catalogue(latest), i);
    /* Nothing of a team reaches the hall before the organiser shows it. */
    const gboolean seen = station->known && !station->city && about && casa_teams_may_be_seen(model, about->source);
    guint series = seen ? series_of(latest, station) : G_MAXUINT;
    if (series == G_MAXUINT || !place_of(model, i, &badge.at))
      continue;
    badge.stale = !casa_station_is_alive(station, now_ms);
    write_team(&badge, latest, series, casa_catalogue_station(casa_latest_values_catalogue(latest), i)->source);
    g_array_append_val(out, badge);
    n++;
  }
}

/* What citizens reported and the organiser showed; it is no station, so nobody can ask about it. */
static void
add_reports(CasaModel *model, GArray *out)
{
  const GArray *reports = casa_reports_shown(casa_model_reports(model));

  for (guint i = 0, n = 0; i < reports->len && n < REPORTS_MAX; i++) {
    const CasaReport *report = &g_array_index(reports, CasaStoredReport, i).about;
    CasaMapBadge badge = { .at = { .lon = report->lon, .lat = report->lat }, .band = G_MAXUINT, .key = CASA_MAP_NOBODY };
    if (report->closed)
      continue;
    g_autofree char *words = casa_name_tame(*report->text ? report->text : report->service);
    g_autofree char *text = g_strdup_printf("⚑ %s", words);
    badge.team = TRUE;
    badge.priority = AFTER_THE_TEAMS;
    write_text(&badge, text);
    g_array_append_val(out, badge);
    n++;
  }
}

GArray *
casa_map_stations_read(CasaModel *model, const CasaIndicator *field, gboolean alone)
{
  GArray *out = g_array_new(FALSE, TRUE, sizeof(CasaMapBadge));
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(casa_model_indicators(model), &n);

  if (field)
    add_field(model, field, out);
  for (guint i = 0; i < n && !(field && alone); i++)
    if (domains[i]->headline && (!field || domains[i]->field != field))
      add_domain(model, domains[i], out);
  add_teams(model, out);
  add_reports(model, out);
  return out;
}
