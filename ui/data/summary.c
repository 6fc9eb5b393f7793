/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/summary.h"

#define BUSY_PER_S 2           /* reports that were promised: with so many… */
#define BUSY_MS 3000           /* …three seconds without any is a fault */
#define UNKNOWN_MS (30 * 1000) /* nobody has reported twice yet */
#define LOADING_MS 3000        /* a past that comes in makes no longer pauses */
#define GREETING_MS 5000       /* so long may the first report take after the link is there */

static void
count_station(CasaSummary *self, const CasaStationValues *station, gboolean alive)
{
  self->simulated |= station->simulated;
  if (station->t_ms <= self->now_ms + CASA_LATEST_AHEAD_MS)
    self->newest_ms = MAX(self->newest_ms, station->t_ms);
  if (station->kind && station->kind->moves)
    return;
  self->sensors_known++;
  self->sensors_alive += alive;
}

static void
count_stations(CasaSummary *self, CasaLatestValues *latest)
{
  g_autoptr(GHashTable) active = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

  for (guint i = 0; i < casa_latest_values_n_stations(latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(latest, i);
    if (!station->known)
      continue;
    gboolean alive = casa_station_is_alive(station, self->now_ms);
    count_station(self, station, alive);
    if (station->city)
      continue;
    char *source = casa_catalogue_station(casa_latest_values_catalogue(latest), station->id)->source;
    g_hash_table_add(known, source);
    if (alive)
      g_hash_table_add(active, source);
  }
  self->teams_known = g_hash_table_size(known);
  self->teams_active = g_hash_table_size(active);
}

/* Arrival of the newest live sample of the city's stations, or of all. */
static gint64
heard(CasaLatestValues *latest, gboolean city, gint64 now_ms)
{
  gint64 newest = 0;

  for (guint i = 0; i < casa_latest_values_n_stations(latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(latest, i);
    if ((!city || station->city) && station->live_ms <= now_ms + CASA_LATEST_AHEAD_MS)
      newest = MAX(newest, station->live_ms);
  }
  return newest;
}

/* Stations that were in service when the last of them was heard promise to go on as they did until then. */
static gint64
promised_silence(CasaLatestValues *latest, gboolean city, gint64 heard_ms)
{
  double per_s = 0;
  gint64 longest = 0;
  guint n_known = 0, n_new = 0; /* stations whose interval is known, and that have reported once */

  for (guint i = 0; i < casa_latest_values_n_stations(latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(latest, i);
    if ((city && !station->city) || !casa_station_is_alive(station, heard_ms))
      continue;
    if (station->interval_ms <= 0) {
      n_new++;
      continue;
    }
    n_known++;
    longest = MAX(longest, casa_station_patience_ms(station));
    per_s += 1000 / station->interval_ms;
  }
  /* In the first seconds few have reported twice: then the flow of reports tells. */
  if (per_s >= BUSY_PER_S || (n_known < n_new && casa_latest_values_flow(latest, city)->steady))
    return BUSY_MS;
  return longest ? longest : UNKNOWN_MS;
}

void
casa_summary_compute(CasaSummary *self, CasaLatestValues *latest, gint64 now_ms)
{
  self->now_ms = now_ms;
  self->sensors_alive = self->sensors_known = 0;
  self->simulated = FALSE;
  self->newest_ms = 0;
  count_stations(self, latest);
  /* A team's sensor that goes on does not speak for a city that fell silent. */
  gint64 city_ms = heard(latest, TRUE, now_ms);
  self->live_ms = city_ms ? city_ms : heard(latest, FALSE, now_ms);
  self->patience_ms = promised_silence(latest, city_ms != 0, self->live_ms);
  gint64 loading_ms = casa_latest_values_loading_ms(latest, TRUE);
  self->loading_ms = loading_ms || city_ms ? loading_ms : casa_latest_values_loading_ms(latest, FALSE);
}

/* A replay that has just begun has been silent for no longer than it runs. */
gboolean
casa_summary_is_mute(const CasaSummary *self)
{
  gint64 since_ms = self->live_ms == 0 && self->replaying ? self->replay.from_ms : self->live_ms;

  return since_ms == 0 || self->now_ms - since_ms > self->patience_ms;
}

static gboolean
is_within(gint64 since_ms, gint64 now_ms, gint64 limit_ms)
{
  return since_ms > 0 && now_ms - since_ms < limit_ms && since_ms - now_ms < limit_ms;
}

gboolean
casa_summary_is_loading(const CasaSummary *self)
{
  if (self->replaying || self->link.state != CASA_LINK_UP || !casa_summary_is_mute(self))
    return FALSE;
  return is_within(self->loading_ms, self->now_ms, LOADING_MS) || is_within(self->link.since_ms, self->now_ms, GREETING_MS);
}
