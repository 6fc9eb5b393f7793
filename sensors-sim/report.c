/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "wire/encode.h"

void casa_sim_report_add(CasaSimReport *self, const char *metric, double value, double min, double max,
                         guint decimals) {
  casa_encode_number(self->out, metric, CLAMP(value, min, max), decimals);
  self->n++;
}
