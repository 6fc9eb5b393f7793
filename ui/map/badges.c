/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/badges.h"
#include <math.h>

/* Places around a point, in sizes of the sign: over it, then close by, then further. */
static const double around[][2] = {
  { 0, 0 },        { 0, -0.8 },   { 0, 0.8 },     { 0.65, 0 },  { -0.65, 0 },  { 0.6, -0.75 },
  { -0.6, -0.75 }, { 0.6, 0.75 }, { -0.6, 0.75 }, { 0, -1.5 },  { 0, 1.5 },    { 1.2, 0 },
  { -1.2, 0 },     { 1.1, -1.4 }, { -1.1, -1.4 }, { 1.1, 1.4 }, { -1.1, 1.4 },
};

gboolean
casa_map_boxes_overlap(const CasaMapBox *a, const CasaMapBox *b, double gap)
{
  return a->x < b->x + b->w + gap && b->x < a->x + a->w + gap && a->y < b->y + b->h + gap && b->y < a->y + a->h + gap;
}

static gboolean
is_free(const CasaMapBox *box, const CasaMapBox *bounds, double gap, const GArray *taken)
{
  if (box->x < bounds->x || box->y < bounds->y || box->x + box->w > bounds->x + bounds->w ||
      box->y + box->h > bounds->y + bounds->h)
    return FALSE;
  for (guint i = 0; i < taken->len; i++)
    if (casa_map_boxes_overlap(box, &g_array_index(taken, CasaMapBox, i), gap))
      return FALSE;
  return TRUE;
}

gboolean
casa_map_place_one(const double (*corners)[2], guint n, double w, double h, const CasaMapBox *bounds, double gap, GArray *taken,
                   CasaMapBox *out)
{
  for (guint i = 0; i < n; i++) {
    const CasaMapBox box = { corners[i][0], corners[i][1], w, h };

    if (!is_free(&box, bounds, gap, taken))
      continue;
    *out = box;
    g_array_append_val(taken, box);
    return TRUE;
  }
  *out = (CasaMapBox){ 0 };
  return FALSE;
}

static gint
compare_priority(gconstpointer a, gconstpointer b, gpointer data)
{
  const CasaMapSign *signs = data;
  guint ia = *(const guint *)a, ib = *(const guint *)b;
  double pa = signs[ia].priority, pb = signs[ib].priority;

  if (pa != pb)
    return pa > pb ? -1 : 1;
  return ia < ib ? -1 : ia > ib;
}

static void
place(const CasaMapSign *sign, const CasaMapBox *bounds, double gap, GArray *taken, CasaMapBox *out)
{
  double corners[G_N_ELEMENTS(around)][2];

  for (guint i = 0; i < G_N_ELEMENTS(around); i++) {
    corners[i][0] = sign->x - sign->w / 2 + around[i][0] * (sign->w + gap);
    corners[i][1] = sign->y - sign->h / 2 + around[i][1] * (sign->h + gap);
  }
  casa_map_place_one((const double(*)[2])corners, G_N_ELEMENTS(around), sign->w, sign->h, bounds, gap, taken, out);
}

void
casa_map_place_signs(const CasaMapSign *signs, guint n, const CasaMapBox *bounds, double gap, GArray *taken, CasaMapBox *out)
{
  g_autofree guint *order = g_new(guint, MAX(n, 1));

  for (guint i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data(order, (gint)n, sizeof *order, compare_priority, (gpointer)signs);
  for (guint i = 0; i < n; i++) {
    guint k = order[i];

    out[k] = (CasaMapBox){ 0 };
    if (isfinite(signs[k].x) && isfinite(signs[k].y))
      place(&signs[k], bounds, gap, taken, &out[k]);
  }
}
