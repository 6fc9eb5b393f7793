/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

char *
casa_link_text(const CasaLink *self)
{
  g_autofree char *fault = casa_fault_text(&self->fault);
  switch (self->fault.code) {
  case CASA_FAULT_NONE: break;
  case CASA_FAULT_LINK_NO_ANSWER:
  case CASA_FAULT_LINK_NO_ANSWER_5: return g_strdup_printf("%s trying again", fault);
  case CASA_FAULT_LINK_BROKEN: return g_strdup_printf("%s; trying again", fault);
  default: return g_steal_pointer(&fault);
  }
  switch (self->state) {
  case CASA_LINK_UP: return g_strdup_printf(self->again ? "%s answers again" : "connected to %s", self->peer);
  case CASA_LINK_OFF: return g_strdup_printf("%s has ended", self->peer);
  default: return g_strdup_printf("connecting to %s", self->peer);
  }
}

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
