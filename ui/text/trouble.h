/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What the engine says in English for its log, told to a hall in the language of the moment: what is wrong and how to mend it,
 * without paths, addresses or anything that only the log should hold. (transfer none) */
const char *casa_trouble_store(const char *text); /* why the store takes nothing */
const char *casa_trouble_link(const char *text);  /* why the broker refuses */

/* @text with every path cut to its last part. (transfer full) */
char *casa_trouble_without_paths(const char *text);

G_END_DECLS
