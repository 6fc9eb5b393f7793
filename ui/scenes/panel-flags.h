/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-paint.h"
#include "ui/data/model.h"

G_BEGIN_DECLS

/* CasaChartFlag with texts of their own, for a chart. (transfer full) */
GArray *casa_panel_flags_new(void);
/* Makes the model's flags that concern charts of @domain (NULL: of none in particular) those of @picture, in the language of
 * the moment. @flags holds them, from casa_panel_flags_new(), as long as the picture shows them. */
void casa_panel_flags_show(CasaModel *model, const char *domain, GArray *flags, CasaChartPicture *picture);
/* Appends those of @flags that lie in [@from_ms, @to_ms] to @text, for a screen reader: when, and what. */
void casa_panel_flags_describe(const GArray *flags, gint64 from_ms, gint64 to_ms, GString *text);

G_END_DECLS
