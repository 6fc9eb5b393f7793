/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

gboolean
casa_source_start(CasaSource *self, GError **error)
{
  return self->table->start(self, error);
}

void
casa_source_publish(CasaSource *self, const char *topic, const char *payload)
{
  if (self->table->publish)
    self->table->publish(self, topic, payload);
}

void
casa_source_stop(CasaSource *self, guint deadline_ms)
{
  if (self)
    self->table->stop(self, deadline_ms);
}

void
casa_source_free(CasaSource *self)
{
  if (self)
    self->table->free(self);
}
