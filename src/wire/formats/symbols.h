/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"

G_BEGIN_DECLS

/* Names that tell what they are by what stands beside them. Units, or physics' letters, in the place of names:
 * {"V":230,"A":1.2,"W":276}, {"U":230,"I":1.2,"P":276}; a letter alone may be anything. And the libraries of Plantower's dust
 * sensors, which have each value twice: {"pm10_standard":…,"pm100_standard":…,"pm10_env":…}, of which pm10_ is PM1. */

/* What @member, one of @members, is; NULL: it tells by itself, or not at all. *@unit: its unit, if it tells one. */
const char *casa_symbol_metric(const CasaMember *member, const CasaMember *members, guint n, const char **unit);

G_END_DECLS
