/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"

G_BEGIN_DECLS

/* The units that a JSON object says beside its values: `unit` (or units, uom, unit_of_measurement, unitcode, in any case) for
 * all of them, `temp_unit`, `unit_temp` or `TempUnit` for one, and `units` as an object of units by name. Objects in it inherit
 * them. */

#define CASA_UNIT_MAX 32
#define CASA_UNITS_SINGLE 16

typedef struct _CasaUnits CasaUnits;
struct _CasaUnits {
  const CasaUnits *outer; /* NULL: at the root */
  char all[CASA_UNIT_MAX];
  json_t *by_name; /* not owned */
  guint n;
  struct {
    const char *name; /* of the value, as the unit's member says it; not NUL-terminated */
    gsize len;
    const CasaMember *member;
    char unit[CASA_UNIT_MAX];
  } single[CASA_UNITS_SINGLE];
  gboolean fits; /* `all` is a unit of one of the values' metrics */
  gboolean free; /* there is a value whose metric nobody knows: `all` may be its */
};

/* Gathers the units among @members, whose owner is in an object that says @outer. */
void casa_units_gather(CasaUnits *self, CasaEmit *emit, const CasaUnits *outer, const CasaMember *members, guint n);
/* The same for an object about one value only, to whom `all` applies whatever else is in it. */
void casa_units_gather_of_one(CasaUnits *self, const CasaEmit *emit, const CasaMember *members, guint n);
/* Whether @member, one of those that were gathered from, tells a unit and no value. */
gboolean casa_units_has(const CasaUnits *self, const CasaMember *member);
/* The unit of the value @name, NULL when none is said. */
const char *casa_units_of(const CasaUnits *self, const CasaEmit *emit, const char *name, gsize len);

G_END_DECLS
