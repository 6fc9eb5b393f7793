/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/stories.h"
#include "ui/stage/what-if.h"

G_BEGIN_DECLS

/* Between what-if.c, which chooses and asks, and what-if-cells.c, which tells what came of it. */
struct _CasaWhatIf {
  CasaModel *model;
  CasaTwoFutures *futures;
  GPtrArray *scenarios; /* CasaFuture */
  gboolean open;
  CasaWhatIfField field;
  guint choice; /* of the palette's events, then of the scenarios */
  char *place;  /* NULL: the event's own, or the whole city */
  guint percent, slot;
  gint64 midnight_ms;                                   /* local, of the day that is shown */
  const CasaIndicator *shown[CASA_TWO_FUTURES_FIGURES]; /* of the model, or of `averaged` */
  CasaIndicator averaged[CASA_TWO_FUTURES_FIGURES];     /* copies; what they point to is the model's */
};

/* How the event that is chosen is told; NULL: a scenario is, or it has no words. */
const CasaEventWords *casa_what_if_words(const CasaWhatIf *self);

G_END_DECLS
