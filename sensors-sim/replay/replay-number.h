/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Numbers as people's tables have them: "1 021,5", "1.021,5", "1,021.5", "−3", "21,4 °C". Pure; any thread. */

#define CASA_SIM_NUMBER_MAX 64

/* Reads @text (stripped, shorter than CASA_SIM_NUMBER_MAX) as a number. @decimal: '.', ',' or 0, either; then one comma alone
 * is a decimal one, and with both signs the last is. Groups of thousands must be of three digits. @out_unit: what stands
 * behind the number, "" mostly, within @text. FALSE: it does not begin with a finite number. */
gboolean casa_sim_number_read(const char *text, char decimal, double *out, const char **out_unit);

G_END_DECLS
