/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reason.h"

G_BEGIN_DECLS

/* Numbers as they are written elsewhere. Each says whether @text, a whole number with NUL at its end, is written so, and then
 * puts what JSON would have into @mended. Any thread. */

/* "1,013.25", "1 013,25", "1.013.250,5", "1'013": groups of three digits. */
gboolean casa_written_thousands(const char *text, char mended[CASA_QUOTE_SIZE]);
/* "21,4" */
gboolean casa_written_comma(const char *text, char mended[CASA_QUOTE_SIZE]);
/* "5.", ".5", "+5", "05", "٥"; also what JSON has: @mended is then the same. */
gboolean casa_written_loose(const char *text, char mended[CASA_QUOTE_SIZE]);

G_END_DECLS
