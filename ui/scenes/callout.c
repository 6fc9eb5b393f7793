/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/callout.h"
#include "ui/data/teams.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"
#include <math.h>

#define NEW_MS (30 * 1000)             /* how long a new sensor is news */
#define SILENT_MAX_MS (30 * 60 * 1000) /* …and one that fell silent */
#define RISE 1.5                       /* times, within an hour */

static gboolean
place_of(CasaModel *model, guint station, CasaLonLat *at)
{
  const CasaStation *info = casa_catalogue_station(casa_latest_values_catalogue(casa_model_latest(model)), station);

  if (!info || !info->has_position)
    return FALSE;
  *at = (CasaLonLat){ info->lon, info->lat };
  return TRUE;
}

/* What is not the city's says whose it is: the wall vouches for nobody. */
static char *
name_of(CasaModel *model, guint station)
{
  CasaLatestValues *latest = casa_model_latest(model);
  CasaCatalogue *catalogue = casa_latest_values_catalogue(latest);
  const CasaStationValues *values = casa_latest_values_station(latest, station);
  char *name = casa_phrases_station(catalogue, station);

  if (!values || values->city)
    return name;
  g_autofree char *bare = name, *owner = casa_name_tame(casa_catalogue_identity(catalogue, station)->source);
  g_autofree char *team = g_strdup_printf(_("équipe %s"), owner);
  return g_strdup_printf("%s (%s)", bare, team);
}

static gboolean
new_sensor(CasaModel *model, CasaCallout *out)
{
  CasaLatestValues *latest = casa_model_latest(model);
  gint64 now = casa_model_summary(model)->now_ms, newest = 0;

  for (guint i = 0; i < casa_latest_values_n_stations(latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(latest, i);
    if (!station->known || station->city || station->first_ms <= MAX(newest, now - NEW_MS))
      continue;
    const CasaStation *about = casa_catalogue_station(casa_latest_values_catalogue(latest), station->id);
    if (!about || !casa_teams_may_be_seen(model, about->source) || !place_of(model, station->id, &out->at))
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

/* By how much a series rose within an hour, which its mean of ten minutes bears out; 0: not known, or it is still in its
 * scale's best class: twice almost nothing is nothing. */
static double
rise_of(CasaModel *model, const CasaIndicator *field, guint series)
{
  const CasaStationValues *station = casa_latest_values_owner(casa_model_latest(model), series);
  const CasaSeriesMeans *means = casa_model_means(model, series);
  const CasaValue *newest = casa_latest_values_get(casa_model_latest(model), series);

  if (!means || !newest || !casa_station_is_alive(station, casa_model_summary(model)->now_ms))
    return 0;
  if (!(means->ten_minutes.value >= field->scale->from[1]) || !(means->hour_ago > 0))
    return 0;
  /* The newest value is the one that stands on the map. */
  return means->ten_minutes.value < RISE * means->hour_ago ? 0 : newest->value / means->hour_ago;
}

static gboolean
rising(CasaModel *model, const CasaIndicator *field, CasaCallout *out)
{
  const GArray *members = casa_model_members(model, field);
  double most = RISE;
  guint series = G_MAXUINT;

  for (guint i = 0; i < members->len; i++) {
    double rise = rise_of(model, field, g_array_index(members, guint, i));
    if (rise < most)
      continue;
    most = rise;
    series = g_array_index(members, guint, i);
  }
  if (series == G_MAXUINT)
    return FALSE;
  guint station = casa_latest_values_owner(casa_model_latest(model), series)->id;
  if (!place_of(model, station, &out->at))
    return FALSE;
  g_autofree char *name = name_of(model, station), *ratio = times(most);
  /* TR: at a station a quantity ("PM10") has multiplied by that much within one hour */
  out->text = g_strdup_printf(_("%s : %s × %s en 1 h"), name, casa_phrases_text(&field->name), ratio);
  return TRUE;
}

static gboolean
silent(CasaModel *model, const CasaIndicator *field, CasaCallout *out)
{
  const CasaSummary *s = casa_model_summary(model);
  const GArray *members = casa_model_members(model, field);
  gint64 last = s->now_ms - SILENT_MAX_MS;

  /* Without a link everybody is silent, and the header says so. */
  if (s->link.state != CASA_LINK_UP)
    return FALSE;
  for (guint i = 0; i < members->len; i++) {
    const CasaStationValues *station = casa_latest_values_owner(casa_model_latest(model), g_array_index(members, guint, i));
    if (station->live_ms <= last || casa_station_is_alive(station, s->now_ms) || !place_of(model, station->id, &out->at))
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
worst(CasaModel *model, const CasaIndicator *field, CasaCallout *out)
{
  const CasaFigure *figure = casa_model_figure(model, field);

  if (figure->state != CASA_STATE_LIVE || figure->station == G_MAXUINT || !place_of(model, figure->station, &out->at))
    return FALSE;
  g_autofree char *name = name_of(model, figure->station), *value = casa_phrases_value(field, figure->value);
  /* TR: station, quantity ("PM10"), value, unit */
  out->text =
    g_strdup_printf(_("%s : %s %s %s"), name, casa_phrases_text(&field->name), value, casa_phrases_text(&field->unit));
  return TRUE;
}

gboolean
casa_callout_read(CasaModel *model, const CasaIndicator *field, CasaCallout *out)
{
  *out = (CasaCallout){ 0 };
  return new_sensor(model, out) ||
         (field && (rising(model, field, out) || silent(model, field, out) || worst(model, field, out)));
}

void
casa_callout_clear(CasaCallout *self)
{
  g_clear_pointer(&self->text, g_free);
}
