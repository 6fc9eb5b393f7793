/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"
#include <jansson.h>

G_BEGIN_DECLS

/* Objects in envelopes: {"data":{"temperature":21.5}}, {"properties":{…}}. The envelope's name says nothing of what was
 * measured. */

/* The one envelope in @object; NULL: there is none, or there are several, whose names then tell them apart. (transfer none) */
const char *casa_letter_find(json_t *object);
/* Takes the letter out of its envelopes: what stands beside it stays, unless it has the name of a member of the letter. What is
 * left to be read: an object without an envelope, or an array, for which *common is what stood beside it. (transfer full,
 * both) */
json_t *casa_letter_open(json_t *root, json_t **common);
/* Whether somebody would be told more by names without the envelope's before them. */
gboolean casa_letter_is_known(const CasaEmit *emit, json_t *object);
/* @object without its envelope, or itself, where it has none or nobody would be told more. (transfer full) */
json_t *casa_letter_of(const CasaEmit *emit, json_t *object);

G_END_DECLS
