/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/findings-private.h"
#include <math.h>

static const CasaFindFunc FINDERS[] = {
  [CASA_YARDSTICK_EXCEEDANCE] = casa_find_exceedance,  [CASA_YARDSTICK_MEAN] = casa_find_mean,
  [CASA_YARDSTICK_ACCESS] = casa_find_access,          [CASA_YARDSTICK_INTERRUPTIONS] = casa_find_interruptions,
  [CASA_YARDSTICK_DURATION] = casa_find_interruptions, [CASA_YARDSTICK_SHARE] = casa_find_share,
  [CASA_YARDSTICK_ENERGY] = casa_find_energy,          [CASA_YARDSTICK_ON_TIME] = casa_find_on_time,
  [CASA_YARDSTICK_BUNCHED] = casa_find_bunched,        [CASA_YARDSTICK_LOST] = casa_find_lost,
  [CASA_YARDSTICK_WAY_HOME] = casa_find_way_home,      [CASA_YARDSTICK_NOISE] = casa_find_noise,
  [CASA_YARDSTICK_NIGHT_FLOW] = casa_find_night_flow,
};

void
casa_finding_free(gpointer data)
{
  CasaFinding *self = data;

  if (!self)
    return;
  g_free(self->place_fr);
  g_free(self->place_ar);
  g_clear_pointer(&self->worst, g_array_unref);
  g_free(self);
}

/* A day of noise is no year, whatever it was. A count above what a whole year allows stays above it; a mean, or a count that
 * is not, wants its share of the period. */
static CasaJudgement
judge(const CasaFinding *finding)
{
  const CasaYardstick *y = finding->yardstick;
  const gboolean counts = y->kind == CASA_YARDSTICK_EXCEEDANCE;
  const double bound = counts ? y->allowed : y->limit;

  if (!isfinite(y->limit))
    return CASA_JUDGED_NOTHING;
  if (y->kind == CASA_YARDSTICK_NOISE)
    return CASA_JUDGED_NOT_YET;
  const gboolean bad = y->at_least ? finding->value < bound : finding->value > bound;
  if (counts && bad)
    return CASA_JUDGED_BAD;
  if (finding->period > 0 && finding->covered < y->judged * finding->period)
    return CASA_JUDGED_NOT_YET;
  return bad ? CASA_JUDGED_BAD : CASA_JUDGED_GOOD;
}

static void
conclude(CasaFinding *finding)
{
  if (isfinite(finding->value) && finding->covered >= (finding->period > 0 ? finding->yardstick->least : 0)) {
    finding->state = CASA_FINDING_VALUE;
    finding->judgement = judge(finding);
    return;
  }
  finding->state = finding->n_series > 0 ? CASA_FINDING_NOT_ENOUGH : CASA_FINDING_NO_DATA;
  finding->judgement = CASA_JUDGED_NOTHING;
  finding->value = NAN;
}

GPtrArray *
casa_city_indicators(CasaReader *reader, const CasaCity *city, CasaYardsticks *yardsticks, gint64 at_ms, const gint *cancelled,
                     GError **error)
{
  g_autoptr(CasaCatalogue) catalogue = casa_reader_catalogue(reader, error);
  g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(casa_finding_free);
  CasaCityPast past = { .reader = reader,
                        .catalogue = catalogue,
                        .city = city,
                        .indicators = casa_yardsticks_indicators(yardsticks),
                        .at_ms = at_ms,
                        .cancelled = cancelled };

  if (!catalogue)
    return NULL;
  for (guint i = 0; i < casa_yardsticks_n(yardsticks) && !past.error; i++) {
    CasaFinding *finding = g_new0(CasaFinding, 1);
    g_ptr_array_add(out, finding);
    finding->yardstick = casa_yardsticks_get(yardsticks, i);
    finding->value = NAN;
    FINDERS[finding->yardstick->kind](&past, finding);
    conclude(finding);
  }
  if (!past.error)
    return g_steal_pointer(&out);
  g_propagate_error(error, past.error);
  return NULL;
}
