/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-paint.h"

G_BEGIN_DECLS

/* Equal for two pictures that would be painted alike on a surface @columns pixels wide. Every byte of CasaChartPicture counts,
 * what its texts say, its gaps, and the revisions of its lines' data: no field can be forgotten. Only times are told in whole
 * pixel columns, since a window that moves by less looks the same. Never 0. Pure. */
guint64 casa_chart_revision(const CasaChartPicture *picture, guint columns);
/* The same, but for the newest value of each line: where that stands tells whether it is to be painted anew. */
guint64 casa_chart_body_revision(const CasaChartPicture *picture, guint columns);

G_END_DECLS
