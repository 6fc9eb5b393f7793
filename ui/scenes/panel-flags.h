/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart-paint.h"
#include "ui/data/model.h"

G_BEGIN_DECLS

/* CasaChartFlag with texts of their own, for a chart. (transfer full) */
GArray *casa_panel_flags_new(void);
/* Makes the model's flags that concern charts of @domain (NULL: of none in particular) those of @picture, in the language of the
 * moment. @flags holds them, from casa_panel_flags_new(), as long as the picture shows them. */
void casa_panel_flags_show(CasaModel *model, const char *domain, GArray *flags, CasaChartPicture *picture);

G_END_DECLS
