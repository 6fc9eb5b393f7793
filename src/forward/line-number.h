/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define CASA_LINE_NUMBER_MAX 32 /* bytes, NUL included */

/* Writes finite @value so that it reads back as the same double, bit for bit, in few digits and whatever the locale; pure.
 * Returns the length without the NUL. Any thread. */
gsize casa_line_number(char buf[CASA_LINE_NUMBER_MAX], double value);

G_END_DECLS
