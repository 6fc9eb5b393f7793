/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/happening-flags.h"

void
casa_happening_flags_put(CasaModel *model, const GArray *happenings)
{
  for (guint i = 0; i < happenings->len; i++) {
    const CasaHappening *h = &g_array_index(happenings, CasaHappening, i);
    g_autofree char *id = g_strdup_printf("event/%s-%" G_GINT64_FORMAT, h->kind, h->start_ms);
    if (!h->words->domain)
      continue;
    casa_flags_put(casa_model_flags(model), &(CasaFlag){ .id = id,
                                                         .domain = h->words->domain,
                                                         .from_ms = h->start_ms,
                                                         .to_ms = h->over ? h->end_ms : CASA_FLAG_OPEN,
                                                         .text = h->words->what,
                                                         .grave = h->words->gravity >= 3 });
  }
}
