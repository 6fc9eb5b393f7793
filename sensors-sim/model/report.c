/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "sensor.h"
#include "wire/encode.h"

void
casa_sim_report_add(CasaSimReport *self, const char *metric, double value, double min, double max, guint decimals)
{
  value = CLAMP(value, min, max);
  if (self->faults)
    value = casa_sim_sensor_read(self->faults, self->station, metric, value, min, max, self->t_ms);
  casa_encode_number(self->out, metric, value, decimals);
  self->n++;
}
