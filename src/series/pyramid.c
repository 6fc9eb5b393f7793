/* SPDX-License-Identifier: Apache-2.0 */
#include "series/pyramid.h"
#include <float.h>
#include <math.h>
#include <string.h>

#define FAN_SHIFT 3
#define FAN (1u << FAN_SHIFT)
#define LEVELS 10 /* four blocks of 8^10 samples are as many as a guint counts */

/* Drawing touches a few places of each array in every column, and waits for memory there. So arrays begin at a cache line, and
 * eight children of a block are one line of it (two of extents without padding would be three). */
#define CACHE_LINE 64
#define AHEAD 12          /* columns; memory answers within the time that some of them take */
#define LEVELS_EXPECTED 3 /* the higher ones are small, and in the cache anyway */

/* A block of samples without any value is {+inf, -inf}: min/max over blocks then need no special case. */
typedef struct {
  float min, max;
} Extent;

static const Extent nothing = { INFINITY, -INFINITY };

typedef struct {
  Extent *blocks;
  guint length, allocated;
} Level;

struct _CasaPyramid {
  gint64 *t; /* ascending, unique */
  double *v;
  guint length, allocated, capacity;
  guint64 revision, body_revision;
  GArray *breaks;       /* guint, rising: samples without a value; few */
  gint64 step_ms;       /* of all samples, when each comes as long after the one before; 0: they do not, or there are too few */
  Level levels[LEVELS]; /* levels[k], block i: samples [i·8^(k+1), (i+1)·8^(k+1)) */
  guint n_levels;
};

/* One row of numbers for all pyramids; atomic, since threads have pyramids of their own. */
static guint64
next_revision(void)
{
  static _Atomic guint64 last;
  return ++last;
}

CasaPyramid *
casa_pyramid_new(guint capacity)
{
  CasaPyramid *self = g_new0(CasaPyramid, 1);
  self->revision = self->body_revision = next_revision();
  self->capacity = MAX(capacity, FAN);
  self->breaks = g_array_new(FALSE, FALSE, sizeof(guint));
  return self;
}

void
casa_pyramid_free(CasaPyramid *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < LEVELS; k++)
    g_aligned_free(self->levels[k].blocks);
  g_aligned_free(self->t);
  g_aligned_free(self->v);
  g_array_unref(self->breaks);
  g_free(self);
}

void
casa_pyramid_clear(CasaPyramid *self)
{
  if (self->length > 0)
    self->revision = self->body_revision = next_revision();
  self->length = 0;
  g_array_set_size(self->breaks, 0);
  self->step_ms = 0;
  self->n_levels = 0;
  for (guint k = 0; k < LEVELS; k++)
    self->levels[k].length = 0;
}

guint64
casa_pyramid_revision(const CasaPyramid *self)
{
  return self->revision;
}

guint64
casa_pyramid_body_revision(const CasaPyramid *self)
{
  return self->body_revision;
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

/* Where samples come at a fixed pace, their place is reckoned without a look at them. */
static guint
search_paced(const CasaPyramid *self, gint64 t_ms)
{
  const gint64 after = t_ms - self->t[0];
  return after <= 0 ? 0 : (guint)MIN((after + self->step_ms - 1) / self->step_ms, self->length);
}

guint
casa_pyramid_search(const CasaPyramid *self, gint64 t_ms)
{
  return self->step_ms > 0 ? search_paced(self, t_ms) : search_between(self, t_ms, 0, self->length);
}

static inline void
extend(Extent *extent, Extent by)
{
  extent->min = by.min < extent->min ? by.min : extent->min;
  extent->max = by.max > extent->max ? by.max : extent->max;
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
  return isnan(value) ? nothing : (Extent){ narrow(value), narrow(value) };
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

static gpointer
grow(gpointer array, gsize used, gsize allocated, gsize size)
{
  gpointer grown = g_aligned_alloc(allocated, size, CACHE_LINE);
  if (used > 0)
    memcpy(grown, array, used * size);
  g_aligned_free(array);
  return grown;
}

static void
level_resize(Level *level, guint length)
{
  if (length > level->allocated) {
    level->allocated = MAX(length, MAX(FAN, level->allocated + level->allocated / 2));
    level->blocks = grow(level->blocks, level->length, level->allocated, sizeof *level->blocks);
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

/* After samples have gone or come anywhere but at the end. */
static void
look_over(CasaPyramid *self)
{
  const gint64 step = self->length > 1 ? self->t[1] - self->t[0] : 0;
  self->step_ms = step;
  g_array_set_size(self->breaks, 0);
  for (guint i = 0; i < self->length; i++) {
    if (isnan(self->v[i]))
      g_array_append_val(self->breaks, i);
    if (i > 0 && self->t[i] - self->t[i - 1] != step)
      self->step_ms = 0;
  }
}

/* After one has come at the end. */
static void
look_at_last(CasaPyramid *self)
{
  const guint last = self->length - 1;
  if (isnan(self->v[last]))
    g_array_append_val(self->breaks, last);
  if (last == 1)
    self->step_ms = self->t[1] - self->t[0];
  else if (last > 1 && self->t[last] - self->t[last - 1] != self->step_ms)
    self->step_ms = 0;
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
    look_over(self);
  }
  if (self->length == self->allocated) {
    const guint64 wanted = MAX(64, (guint64)self->allocated + self->allocated / 2);
    self->allocated = (guint)MIN(wanted, self->capacity);
    self->t = grow(self->t, self->length, self->allocated, sizeof *self->t);
    self->v = grow(self->v, self->length, self->allocated, sizeof *self->v);
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
  if (index + 1 == self->length)
    look_at_last(self);
  if (index + 1 < self->length || !extend_levels(self))
    rebuild_from(self, index);
  if (index + 1 < self->length)
    look_over(self);
}

static void
replace(CasaPyramid *self, guint index, double value)
{
  const gboolean breaks = isnan(value) != isnan(self->v[index]);
  self->v[index] = value;
  if (breaks)
    look_over(self);
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
  const gboolean is_there = index < self->length && self->t[index] == t_ms;
  if (is_there && (self->v[index] == value || (isnan(value) && isnan(self->v[index]))))
    return;
  self->revision = next_revision();
  if (!is_there || index + 1 < self->length || isnan(value) || isnan(self->v[index]))
    self->body_revision = self->revision;
  if (is_there)
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
  if (!(extent.min <= extent.max))
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
      if (self->levels[k].blocks[block].min <= self->levels[k].blocks[block].max)
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

static guint
breaks_before(const CasaPyramid *self, guint index)
{
  guint low = 0, high = self->breaks->len;
  while (low < high) {
    const guint middle = low + (high - low) / 2;
    if (g_array_index(self->breaks, guint, middle) < index)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static guint
count_values(const CasaPyramid *self, guint begin, guint end)
{
  return end - begin - (self->breaks->len > 0 ? breaks_before(self, end) - breaks_before(self, begin) : 0);
}

static CasaColumn
column_between(const CasaPyramid *self, guint begin, guint end, gint64 gap_ms, guint *previous)
{
  const Extent extent = begin < end ? extent_between(self, begin, end) : nothing;
  if (!(extent.min <= extent.max))
    return (CasaColumn){ .min = NAN, .max = NAN, .first = NAN, .last = NAN };
  const guint first = first_value(self, begin, end), last = last_value(self, begin, end);
  const gboolean gap = *previous == G_MAXUINT || is_gap(self, *previous, first, gap_ms);
  *previous = last;
  return (CasaColumn){
    .min = extent.min,
    .max = extent.max,
    .first = narrow(self->v[first]),
    .last = narrow(self->v[last]),
    .n = count_values(self, begin, end),
    .gap_before = gap,
  };
}

/* Asks memory for what the edge of a column at sample @index will be told from, so that it has come when the edge is reached.
 * Always inline: GCC 12 drops calls of functions that do nothing but this. */
static G_ALWAYS_INLINE inline void
expect_edge(const CasaPyramid *self, guint index, gboolean times)
{
  index = MIN(index, self->length) & ~(FAN - 1);
  __builtin_prefetch(self->v + index);
  if (times)
    __builtin_prefetch(self->t + index);
  for (guint k = 0; k < self->n_levels && k < LEVELS_EXPECTED; k++) {
    index = index >> FAN_SHIFT & ~(FAN - 1);
    __builtin_prefetch(self->levels[k].blocks + index);
  }
}

/* Where the columns of a query end. */
typedef struct {
  const CasaPyramid *data;
  gint64 from_ms, span_ms;
  guint n;
} Edges;

/* An edge between two milliseconds rounds up. */
static inline gint64
edge_ms(const Edges *self, gint64 column)
{
  return self->from_ms + (self->span_ms * (column + 1) + self->n - 1) / self->n;
}

/* The place of the first sample after @column, which begins at @begin; the one before had @width samples. */
static inline guint
edge_place(const Edges *self, guint column, guint begin, guint width)
{
  const CasaPyramid *data = self->data;
  if (data->step_ms > 0)
    return search_paced(data, edge_ms(self, column));
  return search_onward(data, edge_ms(self, column), begin, begin + MIN(width, data->length - begin));
}

/* Some columns ahead, by what is known without a look. */
static G_ALWAYS_INLINE inline void
expect_column(const Edges *self, guint column, guint begin, guint width, gint64 gap_ms)
{
  const CasaPyramid *data = self->data;
  if (data->step_ms > 0)
    expect_edge(data, search_paced(data, edge_ms(self, (gint64)column + AHEAD)), gap_ms > 0);
  else
    expect_edge(data, (guint)MIN((guint64)begin + (guint64)width * (AHEAD + 1), data->length), TRUE);
}

void
casa_pyramid_columns(const CasaPyramid *self, gint64 from_ms, gint64 to_ms, guint n, gint64 gap_ms, CasaColumn *columns)
{
  const gint64 span = MAX(to_ms - from_ms, 0);
  guint begin = casa_pyramid_search(self, from_ms);
  /* A sample just left of the window joins the first column, when no break lies between. */
  guint previous = begin > 0 && !isnan(self->v[begin - 1]) ? begin - 1 : G_MAXUINT;
  const Edges edges = { self, from_ms, span, n };
  guint width = 0;
  for (guint i = 0; i < n; i++) {
    const guint end = edge_place(&edges, i, begin, width);
    expect_column(&edges, i, begin, width, gap_ms);
    columns[i] = column_between(self, begin, end, gap_ms, &previous);
    width = end - begin;
    begin = end;
  }
}
