/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/teams.h"

#include "ui/data/model-private.h"

#include "base/time-units.h"

#include <math.h>
#include <string.h>

void
casa_team_state_free(CasaTeamState *self)
{
  if (!self)
    return;
  g_free(self->source);
  g_free(self);
}

/* "equipe-07" → 7. */
static guint
number_of(const char *source)
{
  gsize begin = strlen(source);

  while (begin > 0 && g_ascii_isdigit(source[begin - 1]))
    begin--;
  return (guint)MIN(g_ascii_strtoull(source + begin, NULL, 10), 99999);
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const CasaTeamState *x = *(const CasaTeamState *const *)a, *y = *(const CasaTeamState *const *)b;

  if (x->number != y->number)
    return x->number < y->number ? -1 : 1;
  return strcmp(x->source, y->source);
}

/* The lowest of the station's series that has a value and is no position. */
static guint
series_of(CasaLatestValues *latest, const CasaStationValues *station)
{
  guint best = G_MAXUINT;

  for (guint i = 0; i < station->series->len; i++) {
    const guint series = g_array_index(station->series, guint, i);
    if (series < best && casa_latest_values_get(latest, series) && !casa_latest_values_is_position(latest, series))
      best = series;
  }
  return best;
}

/* How many reports came within the last minute, as regular as they come: the very first counts. */
static double
reports_of_minute(const CasaStationValues *station, gint64 now_ms)
{
  const gint64 age_ms = MAX(now_ms - station->live_ms, 0),
               since_ms = station->first_ms > 0 ? MAX(now_ms - station->first_ms, 0) : G_MAXINT64,
               span_ms = MIN(CASA_MINUTE_MS, since_ms) - age_ms;

  if (age_ms >= CASA_MINUTE_MS)
    return 0;
  return 1 + (station->interval_ms > 0 && span_ms > 0 ? floor((double)span_ms / station->interval_ms) : 0);
}

static void
add_station(CasaTeamState *team, CasaLatestValues *latest, const CasaStationValues *station, const CasaStation *about,
            gint64 now_ms)
{
  const gboolean alive = station->live_ms > 0 && casa_station_is_alive(station, now_ms);
  const guint series = series_of(latest, station);

  team->newest_ms = MAX(team->newest_ms, station->t_ms);
  team->simulated |= station->simulated;
  if (alive)
    team->per_minute += reports_of_minute(station, now_ms);
  if (series != G_MAXUINT &&
      (team->series == G_MAXUINT || (alive && !team->live) || (alive == team->live && series < team->series))) {
    team->series = series;
    team->has_position = casa_latest_values_position(latest, station, &team->at, NULL);
    if (!team->has_position && about->has_position) {
      team->has_position = TRUE;
      team->at = (CasaLonLat){ .lon = about->lon, .lat = about->lat };
    }
  }
  team->live |= alive;
}

/* So many of those that sent most over their quota are marked; a hall has some two hundred. */
#define OVER_MOST 256

static void
mark_over(CasaModel *model, GHashTable *by_source)
{
  CasaPulse *pulse = model->source.pulse;
  if (!pulse || casa_model_summary(model)->counts.over_quota == 0)
    return;
  g_autofree CasaQuotaTally *over = g_new(CasaQuotaTally, OVER_MOST);
  const guint n = casa_pulse_read_over_quota(pulse, over, OVER_MOST);

  for (guint i = 0; i < n; i++) {
    CasaTeamState *team = g_hash_table_lookup(by_source, over[i].source);
    if (team)
      team->over = TRUE;
  }
}

GPtrArray *
casa_teams_all(CasaModel *model)
{
  CasaLatestValues *latest = casa_model_latest(model);
  CasaCatalogue *catalogue = casa_latest_values_catalogue(latest);
  GPtrArray *teams = g_ptr_array_new_with_free_func((GDestroyNotify)casa_team_state_free);
  g_autoptr(GHashTable) by_source = g_hash_table_new(g_str_hash, g_str_equal);
  const gint64 now = casa_model_summary(model)->now_ms;
  CasaKeepsakes *keepsakes = casa_model_keepsakes(model);

  for (guint i = 0; i < casa_latest_values_n_stations(latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(latest, i);
    const CasaStation *about = casa_catalogue_station(catalogue, i);
    if (!station || !about || !station->known || station->city)
      continue;
    CasaTeamState *team = g_hash_table_lookup(by_source, about->source);
    if (!team) {
      team = g_new0(CasaTeamState, 1);
      team->source = g_strdup(about->source);
      team->number = number_of(about->source);
      team->series = G_MAXUINT;
      team->shown = casa_teams_may_be_seen(model, team->source);
      team->called = keepsakes && casa_keepsakes_is_called(keepsakes, team->source);
      g_hash_table_insert(by_source, team->source, team);
      g_ptr_array_add(teams, team);
    }
    add_station(team, latest, station, about, now);
  }
  mark_over(model, by_source);
  g_ptr_array_sort(teams, compare);
  return teams;
}

gboolean
casa_teams_may_be_seen(CasaModel *model, const char *source)
{
  CasaKeepsakes *keepsakes = casa_model_keepsakes(model);

  return !keepsakes || g_str_equal(source, casa_indicators_city(casa_model_indicators(model))) ||
         casa_keepsakes_is_shown(keepsakes, source);
}

GPtrArray *
casa_teams_shown(CasaModel *model)
{
  GPtrArray *teams = casa_teams_all(model);

  for (guint i = teams->len; i > 0; i--)
    if (!((CasaTeamState *)teams->pdata[i - 1])->shown)
      g_ptr_array_remove_index(teams, i - 1);
  return teams;
}

static int
compare_waiting(gconstpointer a, gconstpointer b)
{
  const CasaTeamState *x = *(const CasaTeamState *const *)a, *y = *(const CasaTeamState *const *)b;

  return x->called != y->called ? (int)y->called - (int)x->called : compare(a, b);
}

GPtrArray *
casa_teams_waiting(CasaModel *model)
{
  GPtrArray *teams = casa_teams_all(model);

  for (guint i = teams->len; i > 0; i--) {
    const CasaTeamState *team = teams->pdata[i - 1];
    if (team->shown && !team->called)
      g_ptr_array_remove_index(teams, i - 1);
  }
  g_ptr_array_sort(teams, compare_waiting);
  return teams;
}

char *
casa_teams_turn(CasaModel *model, gboolean on)
{
  CasaKeepsakes *keepsakes = casa_model_keepsakes(model);
  g_autoptr(GPtrArray) teams = casa_teams_shown(model);
  const char *featured = keepsakes ? casa_keepsakes_featured(keepsakes) : NULL;
  guint i = 0;

  if (!keepsakes || teams->len == 0)
    return NULL;
  while (i < teams->len && g_strcmp0(((const CasaTeamState *)teams->pdata[i])->source, featured) != 0)
    i++;
  const CasaTeamState *next = teams->pdata[i == teams->len ? 0 : (i + on) % teams->len];
  casa_keepsakes_feature(keepsakes, next->source);
  return g_strdup(next->source);
}

char *
casa_teams_show_next(CasaModel *model)
{
  CasaKeepsakes *keepsakes = casa_model_keepsakes(model);
  g_autoptr(GPtrArray) teams = casa_teams_all(model);

  for (guint i = 0; keepsakes && i < teams->len; i++) {
    const CasaTeamState *team = teams->pdata[i];
    if (casa_keepsakes_is_shown(keepsakes, team->source))
      continue;
    casa_keepsakes_feature(keepsakes, team->source);
    return g_strdup(team->source);
  }
  return NULL;
}
