/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/rollup.h"
#include "store/store-private.h"

/* Late and corrected samples of one series, when they are many. Sealing goes by arrival, and late samples come in any order of
 * time: a block would be packed anew for each. So they go into their blocks first, by time, all of one block together, and
 * stay in the journal until sealing comes to them, which then only has to say so. In between both have them: `superseded`
 * tells the view, and all others let the journal count anyway. A kill in between does the same work again. */

/* So few are left to sealing itself. */
#define FEW 32
/* What a step takes: rows are marked, hours made anew, and blocks packed anew until some time has passed. */
#define STEP_ROWS 256
#define STEP_HOURS 32
#define STEP_US 2000

static gboolean
begin(CasaStore *self, guint series)
{
  CasaSpot newest;
  const CasaTail *tail = &casa_store_recent(self, series)->tail;
  if (!casa_store_spot(self, FALSE, (gint64)series + 1, G_MAXINT64, &newest))
    return FALSE;
  gboolean many = newest.key != 0 && casa_tail_at(tail, newest.t_last + 1) > FEW;
  self->late = (CasaLatePass){ series + 1, many ? newest.t_last : G_MININT64, G_MININT64 };
  return TRUE;
}

/* The next ones, by time. */
static CasaTail
collect(CasaStore *self, const CasaTail *tail)
{
  const CasaLatePass *late = &self->late;
  gint64 hour = G_MININT64;
  guint hours = 0;
  g_array_set_size(self->bite, 0);
  for (guint i = casa_tail_at(tail, late->at); i < tail->n && tail->rows[i].t_ms <= late->limit; i++) {
    const CasaSample *s = &tail->rows[i];
    if (s->id > self->pass_end)
      continue;
    hours += casa_floor_to(s->t_ms, CASA_HOUR_MS) != hour;
    hour = casa_floor_to(s->t_ms, CASA_HOUR_MS);
    if (hours > STEP_HOURS || self->bite->len >= STEP_ROWS)
      break;
    g_array_append_vals(self->bite, s, 1);
  }
  return (CasaTail){ (CasaSample *)(void *)self->bite->data, self->bite->len, 0 };
}

static gboolean
mark(CasaStore *self, gint64 row, const CasaTail *rows)
{
  for (guint i = 0; i < rows->n; i++)
    if (!casa_store_supersede(self, row, rows->rows[i].t_ms, rows->rows[i].id))
      return FALSE;
  return TRUE;
}

gboolean
casa_store_seal_late(CasaStore *self, guint series, gboolean *out_more)
{
  gint64 row = (gint64)series + 1, begun = casa_clock_mono_us();
  *out_more = FALSE;
  if (self->late.turn != series + 1 && !begin(self, series))
    return FALSE;
  if (self->late.limit == G_MININT64)
    return TRUE;
  CasaTail rows = collect(self, &casa_store_recent(self, series)->tail);
  guint done = 0;
  while (done < rows.n && (done == 0 || casa_clock_mono_us() - begun < STEP_US)) {
    const CasaTail rest = { rows.rows + done, rows.n - done, 0 };
    guint n;
    if (!casa_store_seal_group(self, row, &rest, &n))
      return FALSE;
    done += n;
  }
  if (done == 0)
    return TRUE;
  rows.n = done;
  self->late.at = rows.rows[done - 1].t_ms + 1;
  *out_more = TRUE;
  return mark(self, row, &rows) && casa_store_reckon_hours(self, row, &rows, self->late.limit);
}
