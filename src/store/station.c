/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store-private.h"

/* The rows behind the catalogue: stations, series, and what descriptors say about stations. */

static void
bind_text(sqlite3_stmt *stmt, int i, const char *text)
{
  if (text)
    sqlite3_bind_text(stmt, i, text, -1, SQLITE_TRANSIENT);
  else
    sqlite3_bind_null(stmt, i);
}

static gboolean
write_station(CasaStore *self, guint which, guint id, const CasaStation *station)
{
  sqlite3_stmt *stmt = casa_store_sql(self, which);
  if (!stmt)
    return FALSE;
  sqlite3_clear_bindings(stmt);
  sqlite3_bind_int64(stmt, 1, (gint64)id + 1);
  if (which == CASA_SQL_ADD_STATION) {
    bind_text(stmt, 2, station->source);
    bind_text(stmt, 3, station->domain);
    bind_text(stmt, 4, station->station);
  }
  bind_text(stmt, 5, station->kind);
  bind_text(stmt, 6, station->name);
  bind_text(stmt, 7, station->name_ar);
  if (station->has_position) {
    sqlite3_bind_double(stmt, 8, station->lat);
    sqlite3_bind_double(stmt, 9, station->lon);
  }
  sqlite3_bind_int(stmt, 10, station->simulated);
  return casa_stmt_run(stmt);
}

static gboolean
write_series(CasaStore *self, const CasaSeriesInfo *series)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_ADD_SERIES);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, (gint64)series->id + 1);
  sqlite3_bind_int64(stmt, 2, (gint64)series->station + 1);
  bind_text(stmt, 3, series->metric);
  return casa_stmt_run(stmt);
}

gboolean
casa_store_is_full(CasaStore *self, guint n)
{
  return n >= CASA_SERIES_LIMIT || (self->options.max_series != 0 && n >= self->options.max_series);
}

gboolean
casa_store_save_catalogue(CasaStore *self)
{
  guint stations = casa_catalogue_n_stations(self->catalogue), series = casa_catalogue_n_series(self->catalogue);
  for (guint i = self->saved_stations; i < stations; i++)
    if (!write_station(self, CASA_SQL_ADD_STATION, i, casa_catalogue_station(self->catalogue, i)))
      return FALSE;
  for (guint i = self->saved_series; i < series; i++)
    if (!write_series(self, casa_catalogue_series(self->catalogue, i)))
      return FALSE;
  self->written_stations = stations;
  self->written_series = series;
  return TRUE;
}

static const char *
or_null(const char *text)
{
  return text[0] ? text : NULL;
}

static gboolean
same_description(const CasaStation *a, const CasaStation *b)
{
  return g_strcmp0(a->kind, b->kind) == 0 && g_strcmp0(a->name, b->name) == 0 && g_strcmp0(a->name_ar, b->name_ar) == 0 &&
         a->has_position == b->has_position && a->lat == b->lat && a->lon == b->lon && a->simulated == b->simulated;
}

/* The station as @descriptor has it. Strings are borrowed. */
static CasaStation
described(const CasaStation *old, const CasaDescriptor *descriptor)
{
  CasaStation station = *old;
  station.kind = (char *)or_null(descriptor->kind);
  station.name = (char *)or_null(descriptor->name);
  station.name_ar = (char *)or_null(descriptor->name_ar);
  station.has_position = descriptor->has_position;
  station.lat = descriptor->has_position ? descriptor->lat : 0;
  station.lon = descriptor->has_position ? descriptor->lon : 0;
  station.simulated = descriptor->simulated;
  return station;
}

/* The file first, the catalogue once it is durable: a retry after a full disk must still see something to do. */
static gboolean
describe(CasaStore *self, guint id, const CasaDescriptor *descriptor, gboolean *out_changed, GError **error)
{
  const CasaStation *old = casa_catalogue_station(self->catalogue, id);
  CasaStation station = described(old, descriptor);
  gboolean is_new = id >= self->saved_stations;
  if (!is_new && same_description(old, &station))
    return TRUE;
  if (!casa_store_begin(self) || !casa_store_save_catalogue(self) ||
      !write_station(self, CASA_SQL_DESCRIBE_STATION, id, &station) || !casa_store_commit(self))
    return casa_store_undo(self, "store a station's description", error);
  if (!same_description(old, &station))
    casa_catalogue_describe_station(self->catalogue, id, &station);
  *out_changed = TRUE;
  return TRUE;
}

/* A descriptor without domain speaks for this station in every domain. */
static gboolean
describe_everywhere(CasaStore *self, const CasaDescriptor *descriptor, gboolean *out_changed, GError **error)
{
  guint n = casa_catalogue_n_stations(self->catalogue);
  for (guint i = 0; i < n; i++) {
    const CasaStation *station = casa_catalogue_station(self->catalogue, i);
    if (g_str_equal(station->station, descriptor->station) && g_str_equal(station->source, descriptor->source) &&
        !describe(self, i, descriptor, out_changed, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
casa_store_put_descriptor(CasaStore *self, const CasaDescriptor *descriptor, gint64 received_ms, gboolean *out_changed,
                          GError **error)
{
  gboolean ok = TRUE;
  *out_changed = FALSE;
  casa_store_lock(self);
  guint id = casa_catalogue_find_station(self->catalogue, descriptor->source, descriptor->domain, descriptor->station);
  if (id == G_MAXUINT && !casa_store_is_full(self, casa_catalogue_n_stations(self->catalogue)))
    id = casa_catalogue_add_station(self->catalogue, &(CasaStation){ .source = (char *)descriptor->source,
                                                                     .domain = (char *)descriptor->domain,
                                                                     .station = (char *)descriptor->station });
  if (id != G_MAXUINT)
    ok = describe(self, id, descriptor, out_changed, error);
  if (ok && descriptor->domain[0] == '\0')
    ok = describe_everywhere(self, descriptor, out_changed, error);
  casa_store_unlock(self);
  return ok;
}
