/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/figures-now.h"
#include "base/config.h"

G_BEGIN_DECLS

/* What `casa figures` prints and what Home Assistant is told: the same figures in the same words. Any thread. */

/* The figures of the store of @config as they are now; *@out_set (transfer full) is what they point into. NULL: @error.
 * (element-type CasaFigureNow) (transfer full) */
GArray *cli_figures_read(const CasaConfig *config, CasaIndicators **out_set, GError **error);
/* What a figure's number counts: its indicator's unit in @lang, but s of one that the wall writes as minutes and seconds,
 * since here it is a number. (transfer none) */
const char *cli_figures_unit(const CasaIndicator *indicator, const char *lang);
/* Appends {"value":…,"simulated":…,"time":…,"stations":…,"of":…} with the indicator's decimals. */
void cli_figures_state(GString *out, const CasaFigureNow *figure);

G_END_DECLS
