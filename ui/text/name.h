/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define CASA_NAME_LETTERS 28 /* what fits beside a value */

/* A stranger's name as it may stand among our own words: valid UTF-8, one line, at most CASA_NAME_LETTERS letters and then an
 * ellipsis; without characters that turn the text around them (directional overrides), that cannot be seen, or that pile marks
 * onto the lines above. "" when nothing of it can be seen, however many characters it has. NULL gives "". (transfer full) */
char *casa_name_tame(const char *raw);

G_END_DECLS
