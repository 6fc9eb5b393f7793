/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"

G_BEGIN_DECLS

/* How many names a time can have: `t` and its aliases. */
#define CASA_EMIT_TIME_NAMES 4
/* And other words that are one if a time stands there: `datetime`, `created_at`… */
#define CASA_EMIT_TIME_WORDS 22

/* The publisher's own name brought to [a-z0-9_], without accents. FALSE: nothing of it is left, or too much. */
gboolean casa_emit_clean_name(const char *name, gsize len, char out[CASA_NAME_MAX + 1]);
/* relativeHumidity, "Temperature [°F]" as relative_Humidity, Temperature_F: words parted, capitals kept, since units tell by
 * them. FALSE: there is nothing to part that casa_emit_clean_name() does not. */
gboolean casa_emit_part_words(const char *name, gsize len, char out[CASA_NAME_MAX + 1]);

G_END_DECLS
