/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/decoded.h"

CasaDecoded *
casa_decoded_new(void)
{
  CasaDecoded *self = g_new0(CasaDecoded, 1);
  self->readings = g_array_new(FALSE, FALSE, sizeof(CasaReading));
  self->refusals = g_array_new(FALSE, FALSE, sizeof(CasaRefused));
  self->descriptors = g_array_new(FALSE, FALSE, sizeof(CasaDescriptor));
  self->fields = g_array_new(FALSE, FALSE, sizeof(CasaField));
  self->first = g_array_new(FALSE, FALSE, sizeof(guint));
  return self;
}

void
casa_decoded_free(CasaDecoded *self)
{
  if (!self)
    return;
  g_array_unref(self->readings);
  g_array_unref(self->refusals);
  g_array_unref(self->descriptors);
  g_array_unref(self->fields);
  g_array_unref(self->first);
  g_free(self);
}

static void
empty(GArray *array)
{
  if (array->len > 0)
    g_array_set_size(array, 0);
}

void
casa_decoded_clear(CasaDecoded *self)
{
  empty(self->readings);
  empty(self->refusals);
  empty(self->descriptors);
  empty(self->fields);
  empty(self->first);
  self->format = NULL;
  self->n_refused = 0;
  self->understood = FALSE;
}

CasaReading *
casa_decoded_reading(const CasaDecoded *self, guint i)
{
  return &g_array_index(self->readings, CasaReading, i);
}

const CasaReason *
casa_decoded_why(const CasaDecoded *self)
{
  return self->refusals->len > 0 ? &g_array_index(self->refusals, CasaRefused, 0).why : NULL;
}

void
casa_decoded_refuse(CasaDecoded *self, const char *station, guint values, const CasaReason *why)
{
  self->n_refused += values;
  if (self->refusals->len >= CASA_REFUSALS_KEPT)
    return;
  g_array_set_size(self->refusals, self->refusals->len + 1);
  CasaRefused *refusal = &g_array_index(self->refusals, CasaRefused, self->refusals->len - 1);
  refusal->why = *why;
  refusal->values = values;
  g_strlcpy(refusal->station, station ? station : "", sizeof refusal->station);
}
