/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-rows-private.h"

#include <math.h>
#include <string.h>

#include "replay-series.h"

static gboolean
read_degrees(CasaSimRows *self, guint column, double limit, double *out)
{
  char text[MAX_NUMBER + 1];
  const char *unit = "";
  if (!*casa_sim_rows_text(self, column, text))
    return FALSE;
  if (casa_sim_number_read(text, self->map->decimal, out, &unit) && (!*unit || g_str_equal(unit, "°")) && fabs(*out) <= limit)
    return TRUE;
  casa_sim_rows_bad_cell(self, column, "is no position in degrees");
  return FALSE;
}

/* 0, 0 lies in the sea off Ghana: it is what receivers say without a fix. */
static gboolean
read_position(CasaSimRows *self, CasaLonLat *out)
{
  double lat, lon;
  if (self->lat == NOWHERE || !read_degrees(self, self->lat, 90, &lat) || !read_degrees(self, self->lon, 180, &lon))
    return FALSE;
  if (lat == 0 && lon == 0) {
    casa_sim_rows_bad_cell(self, self->lat, "and 0 is the position of a receiver without a fix: left out");
    return FALSE;
  }
  *out = (CasaLonLat){ .lon = lon, .lat = lat };
  return TRUE;
}

/* An id that no other station has: "quai", then "quai-2". */
static char *
free_id(const CasaSimRows *self, const char *name)
{
  g_autofree char *slug = casa_sim_map_slug(name, '-');
  if (*slug && !g_hash_table_contains(self->ids, slug))
    return g_steal_pointer(&slug);
  for (guint n = 2;; n++) {
    g_autofree char *id = g_strdup_printf("%.*s-%u", CASA_NAME_MAX - 7, *slug ? slug : "station", n);
    if (!g_hash_table_contains(self->ids, id))
      return g_steal_pointer(&id);
  }
}

static CasaSimReplayStation *
add_station(CasaSimRows *self, const char *name)
{
  const CasaSimMap *m = self->map;
  CasaSimReplayStation *s = g_new0(CasaSimReplayStation, 1);
  const char *shown = self->name != NOWHERE      ? casa_sim_csv_field(self->csv, self->name)
                      : m->station_id && m->name ? m->name
                                                 : name;
  s->id = g_strcmp0(m->station_id, name) == 0 ? g_strdup(m->station_id) : free_id(self, name);
  s->topic = g_strdup_printf("%s/%s/%s/%s", self->root, self->source, m->domain, s->id);
  s->name = g_strstrip(g_strdup(*shown ? shown : s->id));
  s->has_position = m->has_position;
  s->at = (CasaLonLat){ .lon = m->lon, .lat = m->lat };
  g_ptr_array_add(self->stations, s);
  g_hash_table_add(self->ids, s->id);
  g_hash_table_insert(self->by_name, g_strdup(name), s);
  return s;
}

CasaSimReplayStation *
casa_sim_rows_station_named(CasaSimRows *self, const char *name)
{
  CasaSimReplayStation *s = g_hash_table_lookup(self->by_name, name);
  if (s)
    return s;
  if (self->stations->len < CASA_SIM_REPLAY_MAX_STATIONS)
    return add_station(self, name);
  casa_sim_rows_complain(self, "more than %d stations: is column \"%s\" the station's?", CASA_SIM_REPLAY_MAX_STATIONS,
                         casa_sim_rows_header(self, self->station));
  return NULL;
}

CasaSimReplayStation *
casa_sim_rows_station_of(CasaSimRows *self)
{
  g_autofree char *name =
    g_strstrip(g_strdup(self->map->station_id ? self->map->station_id : casa_sim_csv_field(self->csv, self->station)));
  if (self->map->in_metric) {
    g_auto(CasaSimSeriesName) series = casa_sim_series_split(self->metrics, casa_sim_csv_field(self->csv, self->metric));
    if (*series.station) {
      g_free(name);
      name = g_steal_pointer(&series.station);
    } else if (!*name && *casa_sim_csv_field(self->csv, self->metric)) {
      g_free(name);
      name = g_strdup("home"); /* whoever names no place is the place */
    }
  }
  if (!*name) {
    casa_sim_rows_complain(self, "column \"%s\" is empty: the row tells no station",
                           casa_sim_rows_header(self, self->map->in_metric ? self->metric : self->station));
    return NULL;
  }
  return casa_sim_rows_station_named(self, name);
}

void
casa_sim_rows_tell(CasaSimRows *self, CasaSimReplayStation *station)
{
  if (station->told)
    return;
  station->told = TRUE;
  self->n_told++;
  g_ptr_array_add(self->news, station);
}

void
casa_sim_rows_take_position(CasaSimRows *self, CasaSimReplayStation *s)
{
  CasaLonLat at;
  if ((s->has_position && !self->map->moves) || !read_position(self, &at))
    return;
  if (!s->has_position) {
    s->has_position = TRUE;
    s->at = at;
    if (s->told)
      g_ptr_array_add(self->news, s);
  }
  if (self->map->moves) {
    casa_sim_rows_append(self, "lat", at.lat);
    casa_sim_rows_append(self, "lon", at.lon);
  }
}
