/* SPDX-License-Identifier: Apache-2.0 */
#include "store/columns.h"

void
casa_columns_free(CasaColumns *self)
{
  if (!self)
    return;
  g_free(self->columns);
  g_free(self->all);
  g_free(self->series);
  g_free(self->last_ms);
  g_free(self);
}
