/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/column-fill.h"
#include <math.h>
#include <string.h>

/* One pixel column at a time: the edges leave, per row, by how much coverage grows there; a running sum from the top gives
 * the coverage of each pixel. */
typedef struct {
  const CasaCanvas *canvas;
  guint32 colour; /* opaque */
  float *growth;  /* rows + 2 */
  gint rows;
  gint first, last; /* rows that an edge has touched in this column */
} Filler;

/* Integral of the share of a one-pixel row that lies below an edge, as the edge moves past it: from 0 (edge a row below) to
 * 1 (edge a row above). */
static inline float
ramp(float u)
{
  if (u <= -1)
    return 0;
  if (u >= 1)
    return 1;
  return u < 0 ? (1 + u) * (1 + u) / 2 : 1 - (1 - u) * (1 - u) / 2;
}

/* An edge from height @a to @b across a part @weight of the column's width. */
static void
add_edge(Filler *self, float a, float b, float weight)
{
  const float high = CLAMP(MIN(a, b), 0, (float)self->rows), low = CLAMP(MAX(a, b), 0, (float)self->rows);
  const gint first = (gint)high, last = (gint)low + 1;
  if (low - high < 0.25f) {
    const gint row = (gint)((high + low) / 2);
    const float part = (high + low) / 2 - (float)row;
    self->growth[row] += weight * (1 - part);
    self->growth[row + 1] += weight * part;
  } else {
    const float density = weight / (low - high);
    const gint steady_from = MIN(first + 2, last + 1), steady_to = MAX(last - 2, steady_from - 1);
    for (gint k = first; k < steady_from; k++)
      self->growth[k] += density * (ramp(low - (float)k) - ramp(high - (float)k));
    for (gint k = steady_from; k <= steady_to; k++)
      self->growth[k] += density;
    for (gint k = steady_to + 1; k <= last; k++)
      self->growth[k] += density * (ramp(low - (float)k) - ramp(high - (float)k));
  }
  self->first = MIN(self->first, first);
  self->last = MAX(self->last, last);
}

/* Both are premultiplied; @colour is opaque; @alpha of 256. Two channels at a time. */
static inline guint32
blend(guint32 under, guint32 colour, guint32 alpha)
{
  const guint32 rest = 256 - alpha, mask = 0x00ff00ff;
  const guint32 rb = ((colour & mask) * alpha + (under & mask) * rest) >> 8;
  const guint32 ag = ((colour >> 8) & mask) * alpha + ((under >> 8) & mask) * rest;
  return (rb & mask) | (ag & ~mask);
}

static void
flush_column(Filler *self, gint x)
{
  const CasaCanvas *canvas = self->canvas;
  guint32 *pixel = canvas->pixels + (gsize)(canvas->top + self->first) * (gsize)canvas->stride + x;
  const gint last = MIN(self->last, self->rows - 1);
  float coverage = 0;
  for (gint row = self->first; row <= last; row++, pixel += canvas->stride) {
    coverage += self->growth[row];
    if (coverage > 0.997f)
      *pixel = self->colour;
    else if (coverage > 0.002f)
      *pixel = blend(*pixel, self->colour, (guint32)(coverage * 256));
  }
  if (self->last >= self->first)
    memset(self->growth + self->first, 0, (gsize)(self->last - self->first + 1) * sizeof *self->growth);
  self->first = self->rows;
  self->last = -1;
}

static void
add_half(Filler *self, const CasaInk *knots, gint k)
{
  /* From the envelope's rows to those of the canvas. */
  const float shift = (float)(self->canvas->y - self->canvas->top);
  add_edge(self, knots[k].top + shift, knots[k + 1].top + shift, 0.5f);
  add_edge(self, knots[k].bottom + shift, knots[k + 1].bottom + shift, -0.5f);
}

static guint32
opaque(CasaRgb colour)
{
  const guint32 r = (guint32)(CLAMP(colour.r, 0, 1) * 255 + 0.5), g = (guint32)(CLAMP(colour.g, 0, 1) * 255 + 0.5),
                b = (guint32)(CLAMP(colour.b, 0, 1) * 255 + 0.5);
  return 0xff000000u | r << 16 | g << 8 | b;
}

void
casa_column_fill(const CasaCanvas *canvas, const CasaInk *knots, gint begin, gint end, CasaRgb colour)
{
  const gint rows = canvas->bottom - canvas->top;
  if (rows <= 0 || canvas->right <= canvas->left)
    return;
  g_autofree float *growth = g_new0(float, (gsize)rows + 3);
  Filler filler = { .canvas = canvas, .colour = opaque(colour), .growth = growth, .rows = rows, .first = rows, .last = -1 };
  /* Knot k is the left side of column k/2 when even, its middle when odd. */
  const gint first = MAX(canvas->left - canvas->x, (gint)floor(begin / 2.0));
  const gint last = MIN(canvas->right - canvas->x, (end + 1) / 2);
  for (gint column = first; column < last; column++) {
    for (gint k = 2 * column; k <= 2 * column + 1; k++)
      if (k >= begin && k + 1 < end)
        add_half(&filler, knots, k);
    flush_column(&filler, canvas->x + column);
  }
}
