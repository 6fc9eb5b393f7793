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
  /* Rows that the upper and the lower edge have touched in this column; what lies between is wholly covered. */
  gint first, upper_last, lower_first, last;
} Filler;

/* An edge from height @a to @b across a part @weight of the column's width.
 *
 * A row's coverage is the part of it below the edge, so it grows from row to row by as much of the edge as lies within reach: by all
 * of its density where the edge passes both rows wholly, by parabolas at its two ends. */
static inline void
add_edge(Filler *self, float a, float b, float weight, gint *first_row, gint *last_row)
{
  const float high = CLAMP(MIN(a, b), 0, (float)self->rows), low = CLAMP(MAX(a, b), 0, (float)self->rows);
  float *growth = self->growth;
  const gint first = (gint)high, last = (gint)low;
  if (low - high < 0.25f) {
    const gint row = (gint)((high + low) / 2);
    const float part = (high + low) / 2 - (float)row;
    growth[row] += weight * (1 - part);
    growth[row + 1] += weight * part;
  } else {
    const float density = weight / (low - high);
    const float u = high - (float)first, w = low - (float)last;
    for (gint k = first; k < last; k++)
      growth[k] += density;
    growth[last] += density * (1 - (1 - w) * (1 - w) / 2);
    growth[last + 1] += density * (w * w / 2);
    growth[first] -= density * (1 - (1 - u) * (1 - u) / 2);
    growth[first + 1] -= density * (u * u / 2);
  }
  *first_row = MIN(*first_row, first);
  *last_row = MAX(*last_row, last + 1);
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

/* Rows [@row, @end), in which an edge lies; @coverage above them. Returns it below them. */
static inline float
blend_rows(Filler *self, gint x, gint row, gint end, float coverage)
{
  const CasaCanvas *canvas = self->canvas;
  guint32 *pixel = canvas->pixels + (gsize)(canvas->top + row) * (gsize)canvas->stride + x;
  for (; row < end; row++, pixel += canvas->stride) {
    coverage += self->growth[row];
    self->growth[row] = 0;
    if (coverage > 0.997f)
      *pixel = self->colour;
    else if (coverage > 0.002f)
      *pixel = blend(*pixel, self->colour, (guint32)(coverage * 256));
  }
  return coverage;
}

/* Rows [@row, @end) wholly covered. */
static inline void
cover_rows(const Filler *self, gint x, gint row, gint end)
{
  const CasaCanvas *canvas = self->canvas;
  const gsize stride = (gsize)canvas->stride;
  guint32 *pixel = canvas->pixels + (gsize)(canvas->top + row) * stride + x;
  for (; row < end; row++, pixel += stride)
    *pixel = self->colour;
}

static void
flush_column(Filler *self, gint x)
{
  const gint end = MIN(self->last + 1, self->rows), upper_end = MIN(self->upper_last + 1, end);
  const gint lower = self->lower_first > upper_end ? MIN(self->lower_first, end) : upper_end;
  const float coverage = blend_rows(self, x, self->first, upper_end, 0);
  /* Of a column at the end of a line an edge may cover a half only. */
  if (coverage > 0.997f)
    cover_rows(self, x, upper_end, lower);
  else if (lower > upper_end)
    blend_rows(self, x, upper_end, lower, coverage);
  blend_rows(self, x, lower, end, coverage);
  for (gint row = MAX(end, self->first); row <= self->last; row++)
    self->growth[row] = 0;
}

static void
add_half(Filler *self, const CasaInk *knots, gint k)
{
  /* From the envelope's rows to those of the canvas. */
  const float shift = (float)(self->canvas->y - self->canvas->top);
  add_edge(self, knots[k].top + shift, knots[k + 1].top + shift, 0.5f, &self->first, &self->upper_last);
  add_edge(self, knots[k].bottom + shift, knots[k + 1].bottom + shift, -0.5f, &self->lower_first, &self->last);
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
  Filler filler = { .canvas = canvas, .colour = opaque(colour), .growth = growth, .rows = rows };
  /* Knot k is the left side of column k/2 when even, its middle when odd. */
  const gint first = MAX(canvas->left - canvas->x, (gint)floor(begin / 2.0));
  const gint last = MIN(canvas->right - canvas->x, (end + 1) / 2);
  for (gint column = first; column < last; column++) {
    filler.first = filler.lower_first = rows;
    filler.last = filler.upper_last = -1;
    for (gint k = 2 * column; k <= 2 * column + 1; k++)
      if (k >= begin && k + 1 < end)
        add_half(&filler, knots, k);
    flush_column(&filler, canvas->x + column);
  }
}
