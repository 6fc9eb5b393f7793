/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/stories.h"
#include "ui/scenes/part.h"

G_BEGIN_DECLS

/* What happens in the city now: what is announced ($event) and what the wall noticed by itself, as one list. GTK thread
 * only. */

typedef enum {
  CASA_HAPPENING_SIMULATED, /* a simulator says that it plays it */
  CASA_HAPPENING_ANNOUNCED, /* somebody says that it is */
  CASA_HAPPENING_NOTICED,   /* nobody does: the wall sees it in what is measured */
} CasaHappeningFrom;

#define CASA_HAPPENING_TOLD_MS (20 * 1000) /* an event that has ended is told for so long */

typedef struct {
  const CasaEventWords *words; /* how it is told */
  char kind[CASA_NAME_MAX + 1], source[CASA_NAME_MAX + 1];
  CasaHappeningFrom from;
  const CasaDistrict *district; /* NULL: none named */
  const CasaLine *line;         /* NULL: none named */
  const CasaStop *stop;         /* where it was said to be; NULL: at no stop… */
  const CasaPlace *landmark;    /* …nor landmark */
  gint64 start_ms;
  gint64 end_ms; /* planned, or when it ended; CASA_EVENT_OPEN: nobody knows */
  gboolean over; /* it ended within the last CASA_HAPPENING_TOLD_MS */
  double share;  /* of its usual current that a dark district takes; NAN: no such thing */
} CasaHappening;

/* What is on, the gravest and then the newest first; then what has just ended. @notice keeps since when many sensors are
 * silent. (element-type CasaHappening) (transfer full): pointers in it are the city's. */
GArray *casa_happenings_read(CasaModel *model, CasaPageNotice *notice);
/* Finds whose id @place is. */
void casa_happening_locate(CasaHappening *self, const CasaCity *city, const char *place);
/* Where it is, in the language of the moment; "" for the whole city. (transfer none) */
const char *casa_happening_place(const CasaHappening *self);

G_END_DECLS
