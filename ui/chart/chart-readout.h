/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-paint.h"

G_BEGIN_DECLS

/* What a chart says in numbers: at the cursor, and as a table for those who do not see it. Pure. */

/* One line at one moment. */
typedef struct {
  gboolean known; /* FALSE: no sample near enough; never an interpolated number */
  gint64 t_ms;    /* of the sample that `value` is of */
  double value;
} CasaChartReading;

/* The newest sample of @line at or before @t_ms, not older than the picture lets samples be joined. */
CasaChartReading casa_chart_reading_at(const CasaChartPicture *picture, const CasaChartLine *line, gint64 t_ms);

/* Of line 0 at @t_ms, and of the first line behind it beside: "48,4 µg/m³ · hier 43,4 · ▲ +5,0"; "—" for what is not known.
 * (transfer full) */
char *casa_chart_readout(const CasaChartPicture *picture, gint64 t_ms);

/* Of line 0, over what is in view: "min 12,3 · moy. 34,5 · max 60,1". The mean is that of its samples. NULL: nothing is in
 * view. (transfer full) */
char *casa_chart_statistics(const CasaChartPicture *picture);

/* Where the next sample of @line after @t_ms stands (@step > 0), or the one before it (< 0), |@step| samples on, within the
 * picture's time. FALSE: there is none. For the arrow keys. */
gboolean casa_chart_step(const CasaChartPicture *picture, const CasaChartLine *line, gint64 t_ms, gint step, gint64 *out_t_ms);

/* The picture as a table: a row for each of at most @rows stretches of the time shown, newest first, with the mean of each
 * line in it; the heads are the lines' names. (element-type GStrv) (transfer full): rows of n_lines + 1 texts, the first the
 * heads. */
GPtrArray *casa_chart_table(const CasaChartPicture *picture, guint rows);

G_END_DECLS
