/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/units.h"

#include <string.h>

static const char *const names[] = { "unit",      "units", "uom",  "unit_of_measurement", "unitofmeasurement", "unitcode",
                                     "unit_code", "unité", "unite" };

/* Whether a name is one of those, whatever its case. Values have shorter or other names: most are told by their first
 * letter. */
static gboolean
is_unit_name(const CasaMember *member)
{
  if (member->name_len < 3 || (member->name[0] != 'u' && member->name[0] != 'U'))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (casa_member_is_like(member, names[i]))
      return TRUE;
  return FALSE;
}

/* Most names are told by their last letter, or their first. */
static gboolean
may_have_unit(const CasaMember *member)
{
  return member->name_len > 4 && (strchr("tTsS", member->name[member->name_len - 1]) || strchr("uU", member->name[0]));
}

static gboolean
ends_in(const char *name, gsize len, const char *end)
{
  gsize n = strlen(end);
  return len > n && g_ascii_strncasecmp(name + len - n, end, n) == 0;
}

/* temp_unit, unit_temp, tempUnit: what is left of the name without the unit. FALSE: it is no such name. */
static gboolean
strip_unit(const CasaMember *member, const char **name, gsize *len)
{
  static const char *const ends[] = { "_unit_of_measurement", "_units", "_unit", "units", "unit" };
  *name = member->name;
  *len = member->name_len;
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    if (ends_in(*name, *len, ends[i])) {
      *len -= strlen(ends[i]);
      return TRUE;
    }
  if (*len > 5 && g_ascii_strncasecmp(*name, "unit_", 5) == 0) {
    *name += 5;
    *len -= 5;
    return TRUE;
  }
  return FALSE;
}

static void
copy_unit(char out[CASA_UNIT_MAX], const char *text, gsize len)
{
  gsize n = MIN(len, CASA_UNIT_MAX - 1);
  memcpy(out, text, n);
  out[n] = '\0';
}

static gboolean
same_name(const CasaEmit *emit, const char *a, gsize a_len, const char *b, gsize b_len)
{
  if (a_len == b_len && g_ascii_strncasecmp(a, b, a_len) == 0)
    return TRUE;
  const CasaMetric *metric = casa_emit_find_metric(emit, a, a_len);
  return metric && metric == casa_emit_find_metric(emit, b, b_len);
}

/* temp_unit says something only beside temp, or beside nothing but a name of the catalogue's. */
static gboolean
has_value(const CasaEmit *emit, const char *name, gsize len, const CasaMember *members, guint n)
{
  if (casa_emit_find_metric(emit, name, len))
    return TRUE;
  for (guint i = 0; i < n; i++) /* it is no name of the catalogue's, so nothing means the same */
    if (members[i].name_len == len && g_ascii_strncasecmp(name, members[i].name, len) == 0)
      return TRUE;
  return FALSE;
}

static void
gather_one(CasaUnits *self, const CasaEmit *emit, const CasaMember *member, const CasaMember *members, guint n)
{
  const char *name;
  gsize len;
  if (is_unit_name(member)) {
    if (member->type == CASA_MEMBER_TEXT)
      copy_unit(self->all, member->text, member->text_len);
    else if (member->type == CASA_MEMBER_OBJECT)
      self->by_name = member->json;
  } else if (member->type == CASA_MEMBER_TEXT && self->n < CASA_UNITS_SINGLE && may_have_unit(member) &&
             strip_unit(member, &name, &len) && has_value(emit, name, len, members, n)) {
    self->single[self->n].name = name;
    self->single[self->n].len = len;
    self->single[self->n].member = member;
    copy_unit(self->single[self->n++].unit, member->text, member->text_len);
  }
}

/* Whose unit can it be? */
static void
look_at(CasaUnits *self, const CasaEmit *emit, const CasaMember *member)
{
  double factor, offset;
  if (member->type == CASA_MEMBER_OBJECT) {
    const char *key;
    json_t *value;
    json_object_foreach (member->json, key, value) {
      CasaMember inner = casa_member_of_json(key, strlen(key), value);
      if (strcmp(key, "value") == 0)
        inner = casa_member_of_json(member->name, member->name_len, value);
      look_at(self, emit, &inner);
    }
    return;
  }
  double ignored;
  if (casa_member_number(member, &ignored) != CASA_NUMBER_OK || casa_emit_is_reserved_member(member))
    return;
  const CasaMetric *metric = casa_emit_find_metric(emit, member->name, member->name_len);
  if (!metric)
    self->free = TRUE;
  else if (casa_metrics_convert(emit->metrics, metric, self->all, &factor, &offset))
    self->fits = TRUE;
}

static void
gather(CasaUnits *self, const CasaEmit *emit, const CasaUnits *outer, const CasaMember *members, guint n)
{
  self->outer = outer;
  self->all[0] = '\0';
  self->by_name = NULL;
  self->n = 0;
  self->fits = self->free = FALSE;
  for (guint i = 0; i < n; i++)
    if (members[i].type == CASA_MEMBER_TEXT || members[i].type == CASA_MEMBER_OBJECT)
      gather_one(self, emit, &members[i], members, n);
}

void
casa_units_gather_of_one(CasaUnits *self, const CasaEmit *emit, const CasaMember *members, guint n)
{
  gather(self, emit, NULL, members, n);
}

void
casa_units_gather(CasaUnits *self, CasaEmit *emit, const CasaUnits *outer, const CasaMember *members, guint n)
{
  gather(self, emit, outer, members, n);
  for (guint i = 0; i < n && self->all[0]; i++)
    look_at(self, emit, &members[i]);
}
gboolean
casa_units_has(const CasaUnits *self, const CasaMember *member)
{
  for (guint i = 0; i < self->n; i++)
    if (self->single[i].member == member)
      return TRUE;
  return (member->type == CASA_MEMBER_TEXT || member->type == CASA_MEMBER_OBJECT || member->type == CASA_MEMBER_NULL) &&
         is_unit_name(member);
}

/* A unit said for all is that of those values whose metrics know it; if none does, it is taken at its word for all of the
 * catalogue's, so that what it means is not stored as something else. */
static const char *
unit_of_all(const CasaUnits *self, const CasaEmit *emit, const char *name, gsize len)
{
  double factor, offset;
  const CasaMetric *metric = casa_emit_find_metric(emit, name, len);
  if (metric ? casa_metrics_convert(emit->metrics, metric, self->all, &factor, &offset)
             : casa_emit_knows_by_unit(emit, name, len, self->all))
    return self->all;
  gboolean of_others = self->fits || self->free || (metric && strcmp(metric->domain, "any") == 0);
  return of_others ? NULL : self->all;
}

const char *
casa_units_of(const CasaUnits *self, const CasaEmit *emit, const char *name, gsize len)
{
  for (const CasaUnits *u = self; u; u = u->outer) {
    for (guint i = 0; i < u->n; i++)
      if (same_name(emit, u->single[i].name, u->single[i].len, name, len))
        return u->single[i].unit;
    const char *key;
    json_t *value;
    json_object_foreach (u->by_name, key, value)
      if (json_is_string(value) && same_name(emit, key, strlen(key), name, len))
        return json_string_value(value);
    if (u->all[0])
      return unit_of_all(u, emit, name, len);
  }
  return NULL;
}
