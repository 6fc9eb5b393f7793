/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/doubt-words.h"
#include "base/time-units.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

#define TODAY_MS (20 * CASA_HOUR_MS) /* an hour of so long ago is not mistaken for one of another day */

static char *
since(gint64 t_ms, gint64 now_ms)
{
  g_autofree char *when = now_ms - t_ms < TODAY_MS ? casa_lang_clock(t_ms, FALSE) : casa_lang_date(t_ms);

  return g_strdup_printf(_("depuis %s"), when);
}

static char *
with_unit(const CasaIndicator *indicator, double value)
{
  g_autofree char *number = casa_phrases_value(indicator, value);

  return g_strdup_printf("%s %s", number, casa_phrases_text(&indicator->unit));
}

char *
casa_doubt_fault(const CasaDoubtfulSensor *sensor, gint64 now_ms)
{
  g_autofree char *when = since(sensor->since_ms, now_ms);
  g_autofree char *value =
    with_unit(sensor->indicator, sensor->fault == CASA_SENSOR_STUCK ? sensor->value : fabs(sensor->size));
  const guint minutes = (guint)(fabs(sensor->size) / CASA_MINUTE_MS + 0.5);

  switch (sensor->fault) {
  /* TR: of a sensor that says the same again and again; the value with its unit, since when */
  case CASA_SENSOR_STUCK: return g_strdup_printf(_("figé à %s %s"), value, when);
  case CASA_SENSOR_DRIFT:
    /* TR: of a sensor that moves away from its neighbours; how far, with its unit, since when */
    return sensor->size < 0 ? g_strdup_printf(_("%s sous ses voisins %s"), value, when)
                            : g_strdup_printf(_("%s au-dessus de ses voisins %s"), value, when);
  case CASA_SENSOR_CLOCK:
    return sensor->size < 0
             ? g_strdup_printf(casa_tr_n("son horloge retarde de %u min", "son horloge retarde de %u min", minutes), minutes)
             : g_strdup_printf(casa_tr_n("son horloge avance de %u min", "son horloge avance de %u min", minutes), minutes);
  default: return g_strdup("");
  }
}

char *
casa_doubt_line(CasaModel *model, const CasaDoubtfulSensor *sensor)
{
  g_autofree char *station = casa_phrases_station(casa_latest_values_catalogue(casa_model_latest(model)), sensor->station);
  g_autofree char *fault = casa_doubt_fault(sensor, casa_model_summary(model)->now_ms);
  const char *measure = casa_phrases_text(&sensor->indicator->curve);

  if (sensor->fault == CASA_SENSOR_STUCK)
    /* TR: what it measures, which sensor, what is wrong with it, and why that is no event of the city */
    return g_strdup_printf(_("%s · %s : %s ; ses voisins bougent"), measure, station, fault);
  return g_strdup_printf(_("%s · %s : %s"), measure, station, fault);
}
