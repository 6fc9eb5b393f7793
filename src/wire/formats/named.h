/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"

G_BEGIN_DECLS

/* Objects that say in a text what their value is of: {"type":"temperature","value":21.5}. A text becomes a metric only if the
 * catalogue knows it by that name; no payload makes up a name. */
typedef struct {
  const CasaMember *value;  /* the one that is named */
  const CasaMember *says;   /* the text that names it, or the first that might have */
  const CasaMetric *metric; /* NULL: the catalogue knows none of these texts, or they name two */
  gboolean two;             /* they name two */
  const CasaMember *label;  /* whose it is, such as "device":"esp-1"; NULL: nobody says */
} CasaNamed;

/* FALSE: @members are no such object. Points into @members. */
gboolean casa_named_find(const CasaEmit *emit, const CasaMember *members, guint n, CasaNamed *out);
/* Which of @members tells whose they are, by a text; NULL: none does. */
const CasaMember *casa_named_label(const CasaMember *members, guint n);
/* Whether @member only says whose, where or of which make the values beside it are: a text, or the number of an id. */
gboolean casa_named_is_label(const CasaMember *member);
/* Says what is wrong with @named, which has no metric. */
void casa_named_refuse(CasaEmit *emit, const CasaNamed *named);

G_END_DECLS
