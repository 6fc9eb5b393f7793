/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/held.h"
#include "base/time-units.h"

#define SEEN_MS (5 * 1000) /* between two looks */

static const char HELD; /* what the model's peaks are of */

/* Kept with the model's peaks: milliseconds so far, when that was, the event, and what there was when it was first asked
 * about. */
enum { SUM, AT, EVENT, BEFORE, N_NUMBERS };

static double *
numbers(CasaModel *model)
{
  return casa_peaks_of(casa_model_peaks(model), &HELD, N_NUMBERS);
}

void
casa_held_count(CasaModel *model, guint n, gint64 now_ms)
{
  double *held = numbers(model);
  const double since_ms = (double)now_ms - held[AT];

  if (since_ms > 0 && since_ms <= SEEN_MS)
    held[SUM] += n * since_ms;
  held[AT] = (double)now_ms;
}

double
casa_held_minutes(CasaModel *model, gint64 start_ms)
{
  double *held = numbers(model);

  if (held[EVENT] != (double)start_ms) {
    held[EVENT] = (double)start_ms;
    held[BEFORE] = held[SUM];
  }
  return (held[SUM] - held[BEFORE]) / CASA_MINUTE_MS;
}
