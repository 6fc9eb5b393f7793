/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/map-rain.h"
#include <string.h>

double
casa_map_rain_told(CasaModel *model, const CasaMapSource *source)
{
  const GArray *events = casa_model_events(model);
  const gint64 now_ms = casa_model_summary(model)->now_ms;
  double strength = 0;

  for (guint i = 0; source->event != NULL && i < events->len; i++) {
    const CasaEvent *event = &g_array_index(events, CasaEvent, i);
    if (strcmp(event->event, source->event) == 0 && event->start_ms <= now_ms && now_ms < event->end_ms)
      strength = MAX(strength, event->intensity);
  }
  return strength;
}
