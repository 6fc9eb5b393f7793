/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/board.h"
#include <string.h>

#define PATIENCE_UNKNOWN_MS (3 * 60 * 1000)
#define PATIENCE_MIN_MS (10 * 1000)
#define PATIENCE_MAX_MS (15 * 60 * 1000)

typedef struct {
  guint station; /* index in stations, G_MAXUINT: not looked up yet */
  CasaQuantity quantity;
} SeriesEntry;

struct _CasaBoard {
  CasaCatalogue *catalogue;
  const CasaCity *city;
  GPtrArray *stations; /* CasaBoardStation *, index = CasaStation.id */
  GArray *series;      /* SeriesEntry, index = CasaSeriesInfo.id */
  guint generation;
};

static const struct {
  const char *prefix;
  CasaKind kind;
} KINDS[] = {
  { "veh-", CASA_KIND_VEHICLE }, { "road-", CASA_KIND_ROAD },   { "sub-", CASA_KIND_SUBSTATION },
  { "solar-", CASA_KIND_SOLAR }, { "light-", CASA_KIND_LIGHT }, { "air-", CASA_KIND_AIR },
};

static const char *const METRICS[CASA_N_QUANTITIES] = {
  [CASA_QUANTITY_SPEED] = "speed_kmh",
  [CASA_QUANTITY_DELAY] = "delay_s",
  [CASA_QUANTITY_LOAD] = "load_mw",
  [CASA_QUANTITY_SOLAR] = "solar_mw",
  [CASA_QUANTITY_LIGHTING] = "lighting_mw",
  [CASA_QUANTITY_PM10] = "pm10",
  [CASA_QUANTITY_PM2_5] = "pm2_5",
  [CASA_QUANTITY_NO2] = "no2",
  [CASA_QUANTITY_O3] = "o3",
  [CASA_QUANTITY_SO2] = "so2",
  [CASA_QUANTITY_LAT] = "lat",
  [CASA_QUANTITY_LON] = "lon",
};

CasaQuantity
casa_quantity_from_metric(const char *metric)
{
  for (guint i = 0; i < CASA_N_QUANTITIES; i++)
    if (strcmp(METRICS[i], metric) == 0)
      return (CasaQuantity)i;
  return CASA_QUANTITY_OTHER;
}

static CasaKind
kind_of(const char *station)
{
  for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++)
    if (g_str_has_prefix(station, KINDS[i].prefix))
      return KINDS[i].kind;
  return CASA_KIND_OTHER;
}

/* "veh-t1-014" runs on line "t1". */
static const CasaLine *
line_of(const CasaCity *city, const char *station)
{
  const char *start = station + strlen("veh-"), *dash = strchr(start, '-');

  if (!city || !dash)
    return NULL;
  g_autofree char *id = g_strndup(start, (gsize)(dash - start));
  return casa_city_line(city, id);
}

static void
describe(CasaBoard *self, CasaBoardStation *station, const CasaStation *info)
{
  station->id = info->id;
  station->kind = kind_of(info->station);
  station->city = strcmp(info->source, "city") == 0;
  station->simulated = info->simulated;
  if (station->kind == CASA_KIND_VEHICLE)
    station->line = line_of(self->city, info->station);
}

void
casa_board_refresh(CasaBoard *self)
{
  guint generation = casa_catalogue_generation(self->catalogue);

  if (generation == self->generation)
    return;
  self->generation = generation;
  guint n = casa_catalogue_n_stations(self->catalogue);
  for (guint i = 0; i < n; i++) {
    if (i == self->stations->len)
      g_ptr_array_add(self->stations, g_new0(CasaBoardStation, 1));
    describe(self, g_ptr_array_index(self->stations, i), casa_catalogue_station(self->catalogue, i));
  }
}

/* Station and quantity of a series, looked up once. */
static CasaBoardStation *
locate(CasaBoard *self, guint series, CasaQuantity *quantity)
{
  while (self->series->len <= series) {
    SeriesEntry unknown = { G_MAXUINT, CASA_QUANTITY_OTHER };
    g_array_append_val(self->series, unknown);
  }
  SeriesEntry *entry = &g_array_index(self->series, SeriesEntry, series);
  if (entry->station == G_MAXUINT) {
    const CasaSeriesInfo *info = casa_catalogue_series(self->catalogue, series);
    if (!info)
      return NULL;
    entry->station = info->station;
    entry->quantity = casa_quantity_from_metric(info->metric);
  }
  if (entry->station >= self->stations->len)
    casa_board_refresh(self);
  if (entry->station >= self->stations->len)
    return NULL;
  *quantity = entry->quantity;
  return g_ptr_array_index(self->stations, entry->station);
}

/* Several metrics of one message share a time: only a later time is a new report. */
static void
note_interval(CasaBoardStation *station, gint64 t_ms)
{
  gint64 step = t_ms - station->t_ms;

  if (station->t_ms == 0 || step <= 0 || step > PATIENCE_MAX_MS)
    return;
  station->interval_ms = station->interval_ms > 0 ? 0.7 * station->interval_ms + 0.3 * (double)step : (double)step;
}

const CasaBoardStation *
casa_board_put(CasaBoard *self, const CasaLive *sample, CasaQuantity *out_quantity)
{
  CasaQuantity quantity;
  CasaBoardStation *station = locate(self, sample->series, &quantity);

  if (!station)
    return NULL;
  if (!station->known && !sample->retained)
    station->first_ms = sample->received_ms;
  station->known = TRUE;
  if (!sample->retained) {
    note_interval(station, sample->t_ms);
    /* History that a publisher sends late says nothing about the sensor being alive now. */
    if (sample->t_ms > sample->received_ms - casa_board_patience_ms(station))
      station->live_ms = sample->received_ms;
  }
  /* After the clock was set back, what came before is no measure of what is newer. */
  gint64 latest = sample->received_ms + CASA_BOARD_AHEAD_MS;
  station->t_ms = station->t_ms > latest ? sample->t_ms : MAX(station->t_ms, sample->t_ms);
  if (out_quantity)
    *out_quantity = quantity;
  if (quantity == CASA_QUANTITY_OTHER)
    return station;

  CasaValue *value = &station->values[quantity];
  if (sample->t_ms < value->t_ms && value->t_ms <= latest)
    return NULL;
  *value = (CasaValue){ sample->t_ms, sample->value, !sample->retained && station->live_ms == sample->received_ms };
  return station;
}

void
casa_board_put_stored(CasaBoard *self, guint series, gint64 t_ms, double number)
{
  CasaQuantity quantity;
  CasaBoardStation *station = locate(self, series, &quantity);

  if (!station)
    return;
  if (station->first_ms > t_ms)
    station->first_ms = 0;
  station->known = TRUE;
  station->t_ms = MAX(station->t_ms, t_ms);
  if (quantity == CASA_QUANTITY_OTHER || t_ms <= station->values[quantity].t_ms)
    return;
  station->values[quantity] = (CasaValue){ t_ms, number, FALSE };
}

void
casa_board_forget(CasaBoard *self)
{
  for (guint i = 0; i < self->stations->len; i++) {
    CasaBoardStation *station = g_ptr_array_index(self->stations, i);
    station->t_ms = station->live_ms = station->first_ms = 0;
    memset(station->values, 0, sizeof station->values);
  }
}

gint64
casa_board_patience_ms(const CasaBoardStation *station)
{
  if (station->interval_ms <= 0)
    return PATIENCE_UNKNOWN_MS;
  return CLAMP((gint64)(3 * station->interval_ms), PATIENCE_MIN_MS, PATIENCE_MAX_MS);
}

guint
casa_board_n_stations(CasaBoard *self)
{
  return self->stations->len;
}

const CasaBoardStation *
casa_board_station(CasaBoard *self, guint i)
{
  return i < self->stations->len ? g_ptr_array_index(self->stations, i) : NULL;
}

CasaCatalogue *
casa_board_catalogue(CasaBoard *self)
{
  return self->catalogue;
}

CasaBoard *
casa_board_new(CasaCatalogue *catalogue, const CasaCity *city)
{
  CasaBoard *self = g_new0(CasaBoard, 1);

  self->catalogue = catalogue;
  self->city = city;
  self->stations = g_ptr_array_new_with_free_func(g_free);
  self->series = g_array_new(FALSE, FALSE, sizeof(SeriesEntry));
  self->generation = G_MAXUINT;
  casa_board_refresh(self);
  return self;
}

void
casa_board_free(CasaBoard *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->stations);
  g_array_unref(self->series);
  g_free(self);
}
