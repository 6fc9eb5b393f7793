/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/time-units.h"

G_BEGIN_DECLS

/* Pure bits that the rollups' writer and their readers share. Private to src/store. */

#define CASA_QUARTER_MS (6 * CASA_HOUR_MS) /* what a row of rollup_day has four of */

/* Start of the bucket of @width_ms that holds @t_ms; right for times before 1970 too. */
static inline gint64
casa_floor_to(gint64 t_ms, gint64 width_ms)
{
  gint64 over = t_ms % width_ms;
  return t_ms - (over < 0 ? over + width_ms : over);
}

G_END_DECLS
