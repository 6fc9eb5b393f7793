/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <jansson.h>

#include "wire/number.h"

G_BEGIN_DECLS

/* One name and its value, wherever it was read: a member of a JSON object, a column, a plain payload under its topic's name. */
typedef enum {
  CASA_MEMBER_NUMBER,
  CASA_MEMBER_BOOL, /* number is 0 or 1 */
  CASA_MEMBER_TEXT,
  CASA_MEMBER_NULL,
  CASA_MEMBER_ARRAY,
  CASA_MEMBER_OBJECT,
} CasaMemberType;

typedef struct {
  const char *name; /* not NUL-terminated, as text; neither is owned */
  gsize name_len;
  CasaMemberType type;
  double number;
  const char *text;
  gsize text_len;
  json_t *json; /* of an array or an object, not owned; else NULL */
} CasaMember;

/* More members than this are left to tree.c. Metrics, time, seq and some that are refused. */
#define CASA_FLAT_MEMBERS_MAX 80

/* Reads `{"name":value,…}` whose values are numbers, strings, true, false or null, without allocation: what nearly
 * every publisher sends. FALSE: it is something else (nested, escaped, duplicated, not JSON…): ask tree.c, which also
 * knows what to say. What both accept, both read alike. Names and texts point into @text, which must be valid UTF-8. */
gboolean casa_flat_read(const char *text, gsize len, CasaMember members[CASA_FLAT_MEMBERS_MAX], guint *n);

CasaMember casa_member_of_json(const char *name, gsize name_len, json_t *value);    /* @value and @name must outlive it */
CasaMember casa_member_of_text(const char *name, const char *text, gsize text_len); /* @name and @text must outlive it */
CasaMember casa_member_of_number(const char *name, double number);                  /* @name must outlive it */

/* A number, a boolean or a text that is wholly a number. */
CasaNumberResult casa_member_number(const CasaMember *member, double *out);
/* "text", "null"… for messages. */
const char *casa_member_type_name(const CasaMember *member);
/* By name; in the second, without regard to the case of ASCII. */
gboolean casa_member_is(const CasaMember *member, const char *name);
gboolean casa_member_is_like(const CasaMember *member, const char *name); /* Without regard to case */

G_END_DECLS
