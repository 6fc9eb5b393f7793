/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/part.h"
#include "ui/share/share.h"

G_BEGIN_DECLS

/* A part's time chart, and whose lines it has. */
typedef struct {
  CasaModel *model;
  CasaChart *chart;
  const char *title;                 /* what it is called */
  const CasaIndicator *const *lines; /* of each line of its picture */
  gint64 earlier_ms;                 /* by which a line behind was moved */
} CasaChartSheet;

/* The same to be taken along. A line behind has the times at which it was measured; what is estimated or forecast says so in
 * each row. (transfer full); NULL: not styled yet, or no line. */
CasaSheet *casa_chart_sheet(const CasaChartSheet *self);

G_END_DECLS
