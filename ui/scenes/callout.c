/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/callout.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define NEW_MS (30 * 1000)             /* how long a new sensor is news */
#define SILENT_MAX_MS (30 * 60 * 1000) /* …and one that fell silent */
#define RISE 1.5                       /* times, within an hour */
#define RISE_LEAST 20                  /* µg/m³: twice almost nothing is nothing */

static gboolean
place_of(CasaModel *model, guint station, CasaLonLat *at)
{
  const CasaStation *info = casa_catalogue_station(casa_board_catalogue(casa_model_board(model)), station);

  if (!info || !info->has_position)
    return FALSE;
  *at = (CasaLonLat){ info->lon, info->lat };
  return TRUE;
}

static char *
name_of(CasaModel *model, guint station)
{
  return casa_phrases_station(casa_board_catalogue(casa_model_board(model)), station);
}

static gboolean
new_sensor(CasaModel *model, CasaCallout *out)
{
  CasaBoard *board = casa_model_board(model);
  gint64 now = casa_model_summary(model)->now_ms, newest = 0;

  for (guint i = 0; i < casa_board_n_stations(board); i++) {
    const CasaBoardStation *station = casa_board_station(board, i);
    if (!station->known || station->city || station->first_ms <= MAX(newest, now - NEW_MS))
      continue;
    if (!place_of(model, station->id, &out->at))
      continue;
    newest = station->first_ms;
    g_autofree char *name = name_of(model, station->id);
    g_free(out->text);
    /* TR: the name of a sensor that a team has just plugged in */
    out->text = g_strdup_printf(_("nouveau capteur : %s"), name);
  }
  return newest > 0;
}

/* "× 2", "× 1,6" */
static char *
times(double ratio)
{
  return casa_lang_number(ratio, fabs(ratio - round(ratio)) < 0.05 || ratio >= 10 ? 0 : 1);
}

static gboolean
rising_air(CasaModel *model, CasaCallout *out)
{
  const GArray *means = casa_model_means(model);
  gint64 now = casa_model_summary(model)->now_ms;
  double most = RISE;
  guint station = G_MAXUINT;

  for (guint i = 0; i < means->len; i++) {
    const CasaAirMean *mean = &g_array_index(means, CasaAirMean, i);
    const CasaBoardStation *at = casa_board_station(casa_model_board(model), mean->station);
    if (mean->quantity != CASA_QUANTITY_PM10 || !at || !at->city || !casa_summary_is_alive(at, now))
      continue;
    if (!(mean->recent >= RISE_LEAST) || !(mean->hour_ago > 0) || mean->recent / mean->hour_ago < most)
      continue;
    most = mean->recent / mean->hour_ago;
    station = mean->station;
  }
  if (station == G_MAXUINT || !place_of(model, station, &out->at))
    return FALSE;
  g_autofree char *name = name_of(model, station), *ratio = times(most);
  /* TR: a station's PM10 has multiplied by that much within one hour */
  out->text = g_strdup_printf(_("%s : PM10 × %s en 1 h"), name, ratio);
  return TRUE;
}

static gboolean
silent_air(CasaModel *model, CasaCallout *out)
{
  const CasaSummary *s = casa_model_summary(model);
  CasaBoard *board = casa_model_board(model);
  gint64 last = s->now_ms - SILENT_MAX_MS;

  /* Without a link everybody is silent, and the header says so. */
  if (s->link.state != CASA_LINK_UP)
    return FALSE;
  for (guint i = 0; i < casa_board_n_stations(board); i++) {
    const CasaBoardStation *station = casa_board_station(board, i);
    if (station->kind != CASA_KIND_AIR || !station->city || station->live_ms <= last)
      continue;
    if (casa_summary_is_alive(station, s->now_ms) || !place_of(model, station->id, &out->at))
      continue;
    last = station->live_ms;
    g_autofree char *name = name_of(model, station->id), *age = casa_lang_age(s->now_ms - station->live_ms);
    g_free(out->text);
    /* TR: a station has been silent for that long */
    out->text = g_strdup_printf(_("%s : muet depuis %s"), name, age);
  }
  return out->text != NULL;
}

static gboolean
worst_air(CasaModel *model, CasaCallout *out)
{
  const CasaSummary *s = casa_model_summary(model);

  if (s->pm10.state != CASA_STATE_LIVE || s->worst_air == G_MAXUINT || !place_of(model, s->worst_air, &out->at))
    return FALSE;
  g_autofree char *name = name_of(model, s->worst_air), *value = casa_lang_number(s->pm10.value, 0);
  /* TR: station and its value */
  out->text = g_strdup_printf(_("%s : PM10 %s µg/m³"), name, value);
  return TRUE;
}

gboolean
casa_callout_read(CasaModel *model, CasaCallout *out)
{
  *out = (CasaCallout){ 0 };
  return new_sensor(model, out) || rising_air(model, out) || silent_air(model, out) || worst_air(model, out);
}

void
casa_callout_clear(CasaCallout *self)
{
  g_clear_pointer(&self->text, g_free);
}
