/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* How a talk keeps to its plan. Pure; all times in seconds. */
#define CASA_PACE_TOLERANCE_S 60 /* nearer than this to the plan is on time */

typedef enum { CASA_PACE_ON_TIME, CASA_PACE_EARLY, CASA_PACE_LATE } CasaPaceWord;
typedef enum {
  CASA_PACE_CALM,
  CASA_PACE_SOON,
  CASA_PACE_OVER
} CasaPaceColour; /* SOON: less than a minute off its planned end */

typedef struct {
  double left;           /* of this scene's plan; less than 0: over it */
  double elapsed, total; /* of the talk; total: what is planned */
  double late;           /* of the talk against its plan, up to now; less than 0: early */
  CasaPaceWord word;
  CasaPaceColour colour;
} CasaPace;

/* @planned, @spent: of each of @n scenes; @scene < @n: the one that is shown. A scene without a plan (0) is never over. */
CasaPace casa_pace(const double *planned, const double *spent, guint n, guint scene);

G_END_DECLS
