/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/pace.h"

static CasaPaceColour
colour_of(double planned, double left)
{
  if (planned <= 0 || left > CASA_PACE_TOLERANCE_S)
    return CASA_PACE_CALM;
  return left >= -CASA_PACE_TOLERANCE_S ? CASA_PACE_SOON : CASA_PACE_OVER;
}

CasaPace
casa_pace(const double *planned, const double *spent, guint n, guint scene)
{
  CasaPace pace = { .left = planned[scene] - spent[scene] };
  double due = MIN(spent[scene], planned[scene]);

  for (guint i = 0; i < n; i++) {
    pace.elapsed += spent[i];
    pace.total += planned[i];
    if (i < scene)
      due += planned[i];
  }
  pace.late = pace.elapsed - due;
  if (pace.late > CASA_PACE_TOLERANCE_S)
    pace.word = CASA_PACE_LATE;
  else if (pace.late < -CASA_PACE_TOLERANCE_S)
    pace.word = CASA_PACE_EARLY;
  pace.colour = colour_of(planned[scene], pace.left);
  return pace;
}
