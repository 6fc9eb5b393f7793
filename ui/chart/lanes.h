/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Four numbers at once, as gcc and clang have them for every processor. Private to the filling of lines. */
typedef float CasaFloats __attribute__((vector_size(16)));
typedef gint32 CasaInts __attribute__((vector_size(16)));

/* Four floats of any place in memory. */
static inline CasaFloats
casa_floats_load(const void *from)
{
  CasaFloats floats;

  memcpy(&floats, from, sizeof floats);
  return floats;
}

/* Each the smaller of the two. */
static inline CasaFloats
casa_floats_least(CasaFloats a, CasaFloats b)
{
  const CasaInts less = a < b;

  return (CasaFloats)((less & (CasaInts)a) | (~less & (CasaInts)b));
}

/* Whether any of the four is true. */
static inline gboolean
casa_ints_any(CasaInts mask)
{
  guint64 halves[2];

  memcpy(halves, &mask, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

G_END_DECLS
