/* SPDX-License-Identifier: Apache-2.0 */
#include "series/pyramid.h"
#include <float.h>
#include <math.h>
#include <string.h>

#define FAN_SHIFT 3
#define FAN (1u << FAN_SHIFT)
#define LEVELS 10 /* four blocks of 8^10 samples are as many as a guint counts */

/* A block of samples without any value is {+inf, -inf, 0}: min/max over blocks then need no special case. */
typedef struct {
  float min, max;
  guint32 n; /* samples with a value */
} Extent;

static const Extent nothing = { INFINITY, -INFINITY, 0 };

typedef struct {
  Extent *blocks;
  guint length, allocated;
} Level;

struct _CasaPyramid {
  gint64 *t; /* ascending, unique */
  double *v;
  guint length, allocated, capacity;
  Level levels[LEVELS]; /* levels[k], block i: samples [i·8^(k+1), (i+1)·8^(k+1)) */
  guint n_levels;
};

CasaPyramid *
casa_pyramid_new(guint capacity)
{
  CasaPyramid *self = g_new0(CasaPyramid, 1);
  self->capacity = MAX(capacity, FAN);
  return self;
}

void
casa_pyramid_free(CasaPyramid *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < LEVELS; k++)
    g_free(self->levels[k].blocks);
  g_free(self->t);
  g_free(self->v);
  g_free(self);
}

void
casa_pyramid_clear(CasaPyramid *self)
{
  self->length = 0;
  self->n_levels = 0;
  for (guint k = 0; k < LEVELS; k++)
    self->levels[k].length = 0;
}

guint
casa_pyramid_length(const CasaPyramid *self)
{
  return self->length;
}

void
casa_pyramid_get(const CasaPyramid *self, guint index, gint64 *t_ms, double *value)
{
  g_return_if_fail(index < self->length);
  *t_ms = self->t[index];
  *value = self->v[index];
}

/* First index in [low, high) whose time is not before @t_ms, else @high. */
static guint
search_between(const CasaPyramid *self, gint64 t_ms, guint low, guint high)
{
  while (low < high) {
    const guint middle = low + (high - low) / 2;
    if (self->t[middle] < t_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The same from @low on, quick when the answer is @guess or near it: columns follow one another and are mostly alike, and each
 * place looked at in a long series is a wait for memory. */
static guint
search_onward(const CasaPyramid *self, gint64 t_ms, guint low, guint guess)
{
  guint high = self->length, step = 4;
  guess = CLAMP(guess, low, high);
  while (guess > low && self->t[guess - 1] >= t_ms) {
    high = guess - 1;
    guess = high - low > step ? high - step : low;
    step *= 2;
  }
  low = guess;
  for (step = 4; guess < high && self->t[guess] < t_ms; step *= 2) {
    low = guess + 1;
    guess = high - low > step ? low + step : high;
  }
  return search_between(self, t_ms, low, MIN(guess, high));
}

guint
casa_pyramid_search(const CasaPyramid *self, gint64 t_ms)
{
  return search_between(self, t_ms, 0, self->length);
}

static inline void
extend(Extent *extent, Extent by)
{
  extent->min = by.min < extent->min ? by.min : extent->min;
  extent->max = by.max > extent->max ? by.max : extent->max;
  extent->n += by.n;
}

static inline float
narrow(double value)
{
  return (float)CLAMP(value, -FLT_MAX, FLT_MAX);
}

static inline Extent
sample_extent(const CasaPyramid *self, guint index)
{
  const double value = self->v[index];
  return isnan(value) ? nothing : (Extent){ narrow(value), narrow(value), 1 };
}

static Extent
block_extent(const CasaPyramid *self, guint level, guint block)
{
  Extent extent = nothing;
  const guint children = level == 0 ? self->length : self->levels[level - 1].length;
  const guint end = MIN((block + 1) << FAN_SHIFT, children);
  for (guint i = block << FAN_SHIFT; i < end; i++)
    extend(&extent, level == 0 ? sample_extent(self, i) : self->levels[level - 1].blocks[i]);
  return extent;
}

static void
level_resize(Level *level, guint length)
{
  if (length > level->allocated) {
    level->allocated = MAX(length, MAX(FAN, level->allocated + level->allocated / 2));
    level->blocks = g_renew(Extent, level->blocks, level->allocated);
  }
  level->length = length;
}

/* Makes every block that holds @index or a later sample true again. */
static void
rebuild_from(CasaPyramid *self, guint index)
{
  guint children = self->length, k = 0;
  for (; k < LEVELS && children > FAN; k++) {
    index >>= FAN_SHIFT;
    const guint blocks = (children + FAN - 1) >> FAN_SHIFT;
    /* A level that has just come to be knows nothing of its first blocks. */
    const guint begin = MIN(index, self->levels[k].length);
    level_resize(&self->levels[k], blocks);
    for (guint i = begin; i < blocks; i++)
      self->levels[k].blocks[i] = block_extent(self, k, i);
    index = begin;
    children = blocks;
  }
  self->n_levels = k;
  for (; k < LEVELS; k++)
    self->levels[k].length = 0;
}

/* The same for a sample that has just been added at the end, which only widens blocks. FALSE: one more level is due. */
static gboolean
extend_levels(CasaPyramid *self)
{
  const Extent extent = sample_extent(self, self->length - 1);
  guint block = self->length - 1, children = self->length;
  for (guint k = 0; k < self->n_levels; k++) {
    Level *level = &self->levels[k];
    block >>= FAN_SHIFT;
    if (block == level->length) {
      level_resize(level, block + 1);
      level->blocks[block] = nothing;
    }
    extend(&level->blocks[block], extent);
    children = level->length;
  }
  return children <= FAN;
}

static void
make_room(CasaPyramid *self)
{
  if (self->length >= self->capacity) {
    /* In blocks, so that shifting the rest down costs a constant per sample over time. */
    const guint evicted = MAX(self->capacity / 8, 1);
    self->length -= evicted;
    memmove(self->t, self->t + evicted, self->length * sizeof *self->t);
    memmove(self->v, self->v + evicted, self->length * sizeof *self->v);
    rebuild_from(self, 0);
  }
  if (self->length == self->allocated) {
    const guint64 wanted = MAX(64, (guint64)self->allocated + self->allocated / 2);
    self->allocated = (guint)MIN(wanted, self->capacity);
    self->t = g_renew(gint64, self->t, self->allocated);
    self->v = g_renew(double, self->v, self->allocated);
  }
}

static void
insert(CasaPyramid *self, gint64 t_ms, double value)
{
  const guint before = self->length;
  if (before >= self->capacity && t_ms < self->t[0])
    return; /* it would be the first to be evicted */
  make_room(self);
  const guint index = casa_pyramid_search(self, t_ms);
  memmove(self->t + index + 1, self->t + index, (self->length - index) * sizeof *self->t);
  memmove(self->v + index + 1, self->v + index, (self->length - index) * sizeof *self->v);
  self->t[index] = t_ms;
  self->v[index] = value;
  self->length++;
  if (index + 1 < self->length || !extend_levels(self))
    rebuild_from(self, index);
}

static void
replace(CasaPyramid *self, guint index, double value)
{
  self->v[index] = value;
  for (guint k = 0; k < self->n_levels; k++) {
    index >>= FAN_SHIFT;
    self->levels[k].blocks[index] = block_extent(self, k, index);
  }
}

void
casa_pyramid_add(CasaPyramid *self, gint64 t_ms, double value)
{
  if (isinf(value))
    value = NAN; /* nothing that could be drawn */
  const guint index = search_onward(self, t_ms, 0, self->length);
  if (index < self->length && self->t[index] == t_ms)
    replace(self, index, value);
  else
    insert(self, t_ms, value);
}

gboolean
casa_pyramid_last(const CasaPyramid *self, gint64 *t_ms, double *value)
{
  for (guint i = self->length; i > 0; i--) {
    if (isnan(self->v[i - 1]))
      continue;
    if (t_ms != NULL)
      *t_ms = self->t[i - 1];
    if (value != NULL)
      *value = self->v[i - 1];
    return TRUE;
  }
  return FALSE;
}

gboolean
casa_pyramid_at(const CasaPyramid *self, gint64 t_ms, gint64 max_age_ms, double *value)
{
  guint i = t_ms == G_MAXINT64 ? self->length : casa_pyramid_search(self, t_ms + 1);
  for (; i > 0 && t_ms - self->t[i - 1] <= max_age_ms; i--) {
    if (isnan(self->v[i - 1]))
      continue;
    *value = self->v[i - 1];
    return TRUE;
  }
  return FALSE;
}

/* Min and max over samples [begin, end): single samples up to a block's edge, then blocks, then their blocks, and down. */
static Extent
extent_between(const CasaPyramid *self, guint begin, guint end)
{
  Extent extent = nothing;
  for (guint k = 0;; k++) {
    const gboolean top = k == self->n_levels;
    while (begin < end && (top || (begin & (FAN - 1)) != 0)) {
      extend(&extent, k == 0 ? sample_extent(self, begin) : self->levels[k - 1].blocks[begin]);
      begin++;
    }
    while (begin < end && (end & (FAN - 1)) != 0) {
      end--;
      extend(&extent, k == 0 ? sample_extent(self, end) : self->levels[k - 1].blocks[end]);
    }
    if (begin >= end)
      return extent;
    begin >>= FAN_SHIFT;
    end >>= FAN_SHIFT;
  }
}

gboolean
casa_pyramid_range(const CasaPyramid *self, gint64 from_ms, gint64 to_ms, double *min, double *max)
{
  const guint begin = casa_pyramid_search(self, from_ms);
  const guint end = to_ms == G_MAXINT64 ? self->length : casa_pyramid_search(self, to_ms + 1);
  const Extent extent = begin < end ? extent_between(self, begin, end) : nothing;
  if (extent.n == 0)
    return FALSE;
  *min = extent.min;
  *max = extent.max;
  return TRUE;
}

/* First sample in [begin, end) with a value, else @end. Long runs of breaks are skipped by whole blocks. */
static guint
first_value(const CasaPyramid *self, guint begin, guint end)
{
  while (begin < end && isnan(self->v[begin])) {
    guint skip = 1, block = begin;
    for (guint k = 0; k < self->n_levels && (block & (FAN - 1)) == 0; k++) {
      block >>= FAN_SHIFT;
      if (self->levels[k].blocks[block].n > 0)
        break;
      skip <<= FAN_SHIFT;
    }
    begin = end - begin > skip ? begin + skip : end;
  }
  return begin;
}

/* Last sample in [begin, end) with a value; there must be one. */
static guint
last_value(const CasaPyramid *self, guint begin, guint end)
{
  while (end - begin > 1 && isnan(self->v[end - 1]))
    end--;
  return end - 1;
}

static gboolean
is_gap(const CasaPyramid *self, guint earlier, guint later, gint64 gap_ms)
{
  /* Whatever stands between two neighbouring values is a break. */
  return later != earlier + 1 || (gap_ms > 0 && self->t[later] - self->t[earlier] > gap_ms);
}

static CasaColumn
column_between(const CasaPyramid *self, guint begin, guint end, gint64 gap_ms, guint *previous)
{
  const Extent extent = begin < end ? extent_between(self, begin, end) : nothing;
  if (extent.n == 0)
    return (CasaColumn){ .min = NAN, .max = NAN, .first = NAN, .last = NAN };
  const guint first = first_value(self, begin, end), last = last_value(self, begin, end);
  const gboolean gap = *previous == G_MAXUINT || is_gap(self, *previous, first, gap_ms);
  *previous = last;
  return (CasaColumn){
    .min = extent.min,
    .max = extent.max,
    .first = narrow(self->v[first]),
    .last = narrow(self->v[last]),
    .n = extent.n,
    .gap_before = gap,
  };
}

void
casa_pyramid_columns(const CasaPyramid *self, gint64 from_ms, gint64 to_ms, guint n, gint64 gap_ms, CasaColumn *columns)
{
  const gint64 span = MAX(to_ms - from_ms, 0);
  guint begin = casa_pyramid_search(self, from_ms);
  /* A sample just left of the window joins the first column, when no break lies between. */
  guint previous = begin > 0 && !isnan(self->v[begin - 1]) ? begin - 1 : G_MAXUINT;
  guint width = 0;
  for (guint i = 0; i < n; i++) {
    /* The last of times before the column's right edge decides; an edge between two milliseconds rounds up. */
    const gint64 edge = from_ms + (span * ((gint64)i + 1) + n - 1) / n;
    const guint end = search_onward(self, edge, begin, begin + MIN(width, self->length - begin));
    columns[i] = column_between(self, begin, end, gap_ms, &previous);
    width = end - begin;
    begin = end;
  }
}
