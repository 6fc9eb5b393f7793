/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/member.h"

G_BEGIN_DECLS

/* The part of Home Assistant's templates that says where a value stands in a message: {{ value }}, {{ value_json.a['b'][0] }},
 * with the filters float, int, round, default, abs, and + - * / by a number. Nothing else: it is no language that runs. */

typedef enum {
  CASA_TEMPLATE_OK,
  CASA_TEMPLATE_ABSENT,  /* the message has no such member */
  CASA_TEMPLATE_UNKNOWN, /* the template says more than is understood */
} CasaTemplateResult;

/* @text (not NUL-terminated) and @root (NULL: no JSON) are the message. *value's name is left alone; its text belongs to
 * them. */
CasaTemplateResult casa_template_eval(const char *template, const char *text, gsize len, json_t *root, CasaMember *value);

G_END_DECLS
