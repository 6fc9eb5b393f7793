/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* One name and value of a JSON object, as both readers (flat.c and tree.c) hand it to the rules in rules.c. */
typedef enum {
  CASA_MEMBER_NUMBER,
  CASA_MEMBER_BOOL, /* number is 0 or 1 */
  CASA_MEMBER_TEXT,
  CASA_MEMBER_NULL,
  CASA_MEMBER_ARRAY,
  CASA_MEMBER_OBJECT,
} CasaMemberType;

typedef struct {
  const char *name; /* not NUL-terminated, as text */
  gsize name_len;
  CasaMemberType type;
  double number;
  const char *text;
  gsize text_len;
} CasaMember;

/* More members than this are left to tree.c. Metrics, time, seq and some that are refused. */
#define CASA_FLAT_MEMBERS_MAX 80

/* Reads `{"name":value,…}` whose values are numbers, strings, true, false or null, without allocation: what nearly
 * every publisher sends. FALSE: it is something else (nested, escaped, duplicated, not JSON…): ask tree.c, which also
 * knows what to say. What both accept, both read alike. Names and texts point into @text, which must be valid UTF-8. */
gboolean casa_flat_read(const char *text, gsize len, CasaMember members[CASA_FLAT_MEMBERS_MAX], guint *n);

G_END_DECLS
