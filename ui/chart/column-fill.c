/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/column-fill.h"
#include "ui/chart/lanes.h"
#include <math.h>

/* Four pixel columns at a time, row by row, as one number of four. The edges leave, per row and column, by how much coverage
 * grows there; a running sum from the top gives the coverage of each pixel. */
#define STRIP 4
#define CACHE_LINE 64
#define SOME 0.002f
#define ALL 0.997f

/* Four pixels side by side. */
typedef guint32 Pixels __attribute__((vector_size(16)));
typedef guint16 Channels __attribute__((vector_size(16)));

typedef struct {
  const CasaCanvas *canvas;
  guint32 colour; /* opaque */
  float *growth;  /* of row @base and on, STRIP each; one row more than any edge can touch */
  gint rows, base;
  float shift; /* from the envelope's rows to those of the canvas */
  /* Rows that the edges have touched in this strip. */
  gint first, last;
} Filler;

/* An edge from height @a to @b, both within the rows, across a part @weight of the width of @column.
 *
 * A row's coverage is the part of it below the edge, so it grows from row to row by as much of the edge as lies within reach:
 * by all of its density where the edge passes both rows wholly, by parabolas at its two ends. */
static inline void
add_edge(Filler *self, gint column, float a, float b, float weight)
{
  const float high = MIN(a, b), low = MAX(a, b);
  const gint first = (gint)high, last = (gint)low;
  float *growth = self->growth + (gsize)(first - self->base) * STRIP + column;
  if (low - high < 0.25f) {
    const gint row = (gint)((high + low) / 2);
    const float part = (high + low) / 2 - (float)row;
    growth += (row - first) * STRIP;
    growth[0] += weight * (1 - part);
    growth[STRIP] += weight * part;
  } else {
    const float density = weight / (low - high);
    const float u = high - (float)first, w = low - (float)last;
    float *end = growth + (last - first) * STRIP;
    for (float *at = growth; at < end; at += STRIP)
      *at += density;
    end[0] += density * (1 - (1 - w) * (1 - w) / 2);
    end[STRIP] += density * (w * w / 2);
    growth[0] -= density * (1 - (1 - u) * (1 - u) / 2);
    growth[STRIP] -= density * (u * u / 2);
  }
  self->first = MIN(self->first, first);
  self->last = MAX(self->last, last + 1);
}

/* Of 256. What is all but covered is, and what is all but free is. */
static inline CasaInts
alpha_of(CasaFloats coverage)
{
  const CasaInts some = coverage > SOME, full = coverage > ALL;
  const CasaInts alpha = __builtin_convertvector(coverage * 256, CasaInts);
  return (full & 256) | (~full & some & alpha);
}

/* @under and @colour are premultiplied; @colour is opaque. Two channels of a pixel at a time. */
static inline Pixels
blend(Pixels under, Pixels colour, CasaInts alpha)
{
  const Pixels mask = (Pixels){ 0x00ff00ff, 0x00ff00ff, 0x00ff00ff, 0x00ff00ff };
  const Channels a = (Channels)(alpha | alpha << 16), rest = 256 - a;
  const Channels rb = (Channels)(colour & mask) * a + (Channels)(under & mask) * rest;
  const Channels ag = (Channels)(colour >> 8 & mask) * a + (Channels)(under >> 8 & mask) * rest;
  return (Pixels)(rb >> 8) | ((Pixels)ag & ~mask);
}

static inline void
blend_pixels(guint32 *pixel, Pixels colour, CasaInts alpha)
{
  Pixels under;

  memcpy(&under, pixel, sizeof under);
  under = blend(under, colour, alpha);
  memcpy(pixel, &under, sizeof under);
}

/* The row of a strip. Most rows lie wholly within the line or outside. */
static inline void
blend_strip(guint32 *pixel, guint32 colour, CasaFloats coverage)
{
  const Pixels ink = { colour, colour, colour, colour };

  if (!casa_ints_any(coverage > SOME))
    return;
  if (casa_ints_any(coverage <= ALL))
    blend_pixels(pixel, ink, alpha_of(coverage));
  else
    memcpy(pixel, &ink, sizeof ink);
}

/* The same where the strip reaches beyond the canvas: @n pixels are there. */
static void
blend_part(guint32 *pixel, guint32 colour, CasaFloats coverage, gint n)
{
  guint32 row[STRIP] = { 0 };

  memcpy(row, pixel, (gsize)n * sizeof *row);
  blend_strip(row, colour, coverage);
  memcpy(pixel, row, (gsize)n * sizeof *row);
}

/* @n columns from @x on; the others of the strip are beyond the canvas. */
static void
flush_strip(Filler *self, gint x, gint n)
{
  const CasaCanvas *canvas = self->canvas;
  const gint end = MIN(self->last + 1, self->rows);
  if (self->last < self->first)
    return;
  guint32 *pixel = canvas->pixels + (gsize)(canvas->top + self->first) * (gsize)canvas->stride + x;
  float *growth = self->growth + (gsize)(self->first - self->base) * STRIP;
  CasaFloats coverage = { 0 };

  for (gint row = self->first; row < end; row++, pixel += canvas->stride, growth += STRIP) {
    __builtin_prefetch(pixel + CACHE_LINE / sizeof *pixel, 1); /* strips to come have about the same rows */
    coverage += casa_floats_load(growth);
    if (n == STRIP)
      blend_strip(pixel, self->colour, coverage);
    else
      blend_part(pixel, self->colour, coverage, n);
  }
  memset(self->growth + (gsize)(self->first - self->base) * STRIP, 0,
         (gsize)(self->last + 1 - self->first) * sizeof(CasaFloats));
}

static guint32
opaque(CasaRgb colour)
{
  const guint32 r = (guint32)(CLAMP(colour.r, 0, 1) * 255 + 0.5), g = (guint32)(CLAMP(colour.g, 0, 1) * 255 + 0.5),
                b = (guint32)(CLAMP(colour.b, 0, 1) * 255 + 0.5);
  return 0xff000000u | r << 16 | g << 8 | b;
}

/* From the envelope's rows to those of the canvas. */
static inline CasaInk
on_canvas(const Filler *self, CasaInk knot)
{
  const float rows = (float)self->rows, top = knot.top + self->shift, bottom = knot.bottom + self->shift;
  return (CasaInk){ MIN(MAX(top, 0), rows), MIN(MAX(bottom, 0), rows) };
}

/* Room for the rows that edges of the run can touch. */
static float *
make_room(Filler *self, const CasaInk *knots, gint begin, gint end)
{
  float high = (float)self->rows, low = 0;

  for (gint k = begin; k < end; k++) {
    high = MIN(high, knots[k].top);
    low = MAX(low, knots[k].bottom);
  }
  const CasaInk all = on_canvas(self, (CasaInk){ high, MAX(high, low) });
  self->base = (gint)all.top;
  self->growth = g_aligned_alloc0((gsize)((gint)all.bottom - self->base) + 3, sizeof(CasaFloats), CACHE_LINE);
  return self->growth;
}

/* Columns [@column, @column + @n). Knot k is the left side of column k/2 when even, its middle when odd. */
static void
fill_strip(Filler *self, const CasaInk *knots, gint begin, gint end, gint column, gint n)
{
  const gint first = MAX(2 * column, begin), last = MIN(2 * (column + n), end - 1);

  self->first = self->rows;
  self->last = -1;
  CasaInk a = on_canvas(self, knots[MIN(first, end - 1)]);
  for (gint k = first; k < last; k++) {
    const CasaInk b = on_canvas(self, knots[k + 1]);
    const gint at = (k - 2 * column) / 2;
    add_edge(self, at, a.top, b.top, 0.5f);
    add_edge(self, at, a.bottom, b.bottom, -0.5f);
    a = b;
  }
  flush_strip(self, self->canvas->x + column, n);
}

void
casa_column_fill(const CasaCanvas *canvas, const CasaInk *knots, gint begin, gint end, CasaRgb colour)
{
  const gint rows = canvas->bottom - canvas->top;
  if (rows <= 0 || canvas->right <= canvas->left)
    return;
  const gint first = MAX(canvas->left - canvas->x, (gint)floor(begin / 2.0));
  const gint last = MIN(canvas->right - canvas->x, (end + 1) / 2);
  Filler filler = { .canvas = canvas, .colour = opaque(colour), .rows = rows, .shift = (float)(canvas->y - canvas->top) };
  float *room = make_room(&filler, knots, begin, end);
  for (gint column = first; column < last; column += STRIP)
    fill_strip(&filler, knots, begin, end, column, MIN(STRIP, last - column));
  g_aligned_free(room);
}
