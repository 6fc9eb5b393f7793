/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What was meant as JSON and is none, as JSON: names and words in quotes, numbers as JSON writes them, no remarks, closed what
 * is open; what follows the end is left out. (transfer full) NULL: it is not known what was meant. Any thread. */
char *casa_mend_json(const char *text, gsize len);

G_END_DECLS
