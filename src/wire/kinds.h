/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reason.h"

G_BEGIN_DECLS

/* What a payload is that is written in no way that is read here. Any thread. */

/* Whether all @len bytes are one map or array of MessagePack, whose names are texts. */
gboolean casa_kind_is_msgpack(const char *bytes, gsize len);
/* "XML" or "HTML", and its elements that hold a number alone as JSON, as far as it has room, or how that could look; NULL: it
 * is neither. @text: UTF-8 without white space before it. */
const char *casa_kind_of_markup(const char *text, gsize len, char json[CASA_QUOTE_SIZE]);

G_END_DECLS
