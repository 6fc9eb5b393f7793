/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/stage/marks.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What an audience sees of a window: its scene, or what is laid over it. GTK thread only. */
typedef struct _CasaHall CasaHall;

typedef enum {
  CASA_HALL_LIVE,
  CASA_HALL_FROZEN, /* the last picture stands still, with a badge and its time; what is below goes on unseen */
  CASA_HALL_BLACK,
  CASA_HALL_WHITE,
} CasaHallState;

/* @scene: what is covered; @picture, within it: what is kept as a picture. (transfer full), for casa_hall_free(), which leaves
 * the widgets to their parent. */
CasaHall *casa_hall_new(GtkWidget *scene, GtkWidget *picture);
void casa_hall_free(CasaHall *self); /* NULL is fine */
/* Everything that the audience sees, at the size of the window. (transfer none), floating at first */
GtkWidget *casa_hall_widget(CasaHall *self);

/* @now_ms: Unix time that a frozen picture bears, in the language of the moment. A picture frozen out of black or white is the
 * last one that was seen before. The same state again changes nothing. */
void casa_hall_set(CasaHall *self, CasaHallState state, gint64 now_ms);
CasaHallState casa_hall_state(CasaHall *self); /* what it was last set to */
/* What the presenter writes over the picture; black and white cover it, too. (transfer none) */
CasaMarks *casa_hall_marks(CasaHall *self);

G_END_DECLS
