/* SPDX-License-Identifier: Apache-2.0 */
#include "store/block.h"

#include <math.h>
#include <string.h>

/* Whole numbers up to here are exact doubles with room to spare, and mantissa * 8 + scale fits 64 bits. */
#define MANTISSA_LIMIT (G_GINT64_CONSTANT(1) << 50)
/* Base and rest of values are below 2^61: their sum must not overflow, in C and in SQL. */
#define WIDE_BITS 61
#define SCALES 8

static const double powers[SCALES] = { 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7 };

/* --- Decimals. A quotient of two exact numbers is rounded correctly, so that mantissa / 10^scale is the very double
 * that the text "21.4" stands for. --- */

static gboolean
decimal_at(double value, guint scale, gint64 *out_mantissa)
{
  double mantissa = rint(value * powers[scale]);
  if (!(fabs(mantissa) < (double)MANTISSA_LIMIT) || mantissa / powers[scale] != value)
    return FALSE;
  *out_mantissa = (gint64)mantissa;
  return TRUE;
}

gboolean
casa_decimal_pack(double value, gint64 *out_packed)
{
  gint64 mantissa;
  for (guint scale = 0; scale < SCALES; scale++)
    if (decimal_at(value, scale, &mantissa)) {
      *out_packed = mantissa * SCALES + scale;
      return TRUE;
    }
  return FALSE;
}

double
casa_decimal_unpack(gint64 packed)
{
  return (double)(packed >> 3) / powers[packed & 7];
}

/* --- Packing --- */

static guint
bytes_for(guint64 range)
{
  guint n = 0;
  for (; range > 0; range >>= 8)
    n++;
  return n;
}

/* Splits numbers into a base and planes at @to. Returns the bytes written. */
static gsize
put_planes(const gint64 *numbers, guint n, guint8 *to, gint64 *out_base)
{
  gint64 low = numbers[0], high = numbers[0];
  for (guint i = 1; i < n; i++) {
    low = MIN(low, numbers[i]);
    high = MAX(high, numbers[i]);
  }
  guint width = bytes_for((guint64)high - (guint64)low);
  for (guint plane = 0; plane < width; plane++)
    for (guint i = 0; i < n; i++)
      *to++ = (guint8)(((guint64)numbers[i] - (guint64)low) >> (8 * plane));
  *out_base = low;
  return (gsize)width * n;
}

static guint64
range_after(const CasaSample *s, guint n, gint64 step)
{
  gint64 low = 0, high = 0;
  for (guint i = 1; i < n; i++) {
    gint64 rest = s[i].t_ms - s[0].t_ms - (gint64)i * step;
    low = MIN(low, rest);
    high = MAX(high, rest);
  }
  return (guint64)(high - low);
}

/* The mean step suits irregular series; one that was seen suits regular ones with a hole. */
static gint64
best_step(const CasaSample *s, guint n)
{
  if (n < 2)
    return 0;
  const gint64 tries[] = { (s[n - 1].t_ms - s[0].t_ms) / (n - 1), s[1].t_ms - s[0].t_ms, s[n - 1].t_ms - s[n - 2].t_ms,
                           s[n / 2].t_ms - s[n / 2 - 1].t_ms };
  gint64 best = tries[0];
  guint64 least = G_MAXUINT64;
  for (guint i = 0; i < G_N_ELEMENTS(tries) && least > 0; i++) {
    guint64 range = range_after(s, n, tries[i]);
    if (range < least) {
      least = range;
      best = tries[i];
    }
  }
  return best;
}

static gsize
put_times(const CasaSample *s, guint n, guint8 *to, CasaBlock *out)
{
  gint64 rest[CASA_BLOCK_MAX];
  out->t_step = best_step(s, n);
  for (guint i = 0; i < n; i++)
    rest[i] = s[i].t_ms - s[0].t_ms - (gint64)i * out->t_step;
  return put_planes(rest, n, to, &out->t_add);
}

/* Live data arrives a little after it was measured, history arrives all at once: take what is narrower. */
static gsize
put_received(const CasaSample *s, guint n, guint8 *to, CasaBlock *out)
{
  gint64 lag[CASA_BLOCK_MAX], at[CASA_BLOCK_MAX], base;
  guint8 other[8 * CASA_BLOCK_MAX];
  for (guint i = 0; i < n; i++) {
    at[i] = s[i].received_ms;
    lag[i] = at[i] - s[i].t_ms;
  }
  gsize by_lag = put_planes(lag, n, to, &out->r_base), by_time = put_planes(at, n, other, &base);
  out->r_follows = by_lag <= by_time;
  if (out->r_follows)
    return by_lag;
  memcpy(to, other, by_time);
  out->r_base = base;
  return by_time;
}

/* All values as decimals of one scale. */
static gboolean
as_decimals(const CasaSample *s, guint n, gint64 *numbers, gint64 *out_div)
{
  guint scale = 0;
  for (guint i = 0; i < n; i++)
    while (!decimal_at(s[i].value, scale, &numbers[i]))
      if (++scale == SCALES)
        return FALSE;
  for (guint i = 0; i < n; i++)
    if (!decimal_at(s[i].value, scale, &numbers[i]))
      return FALSE;
  *out_div = (gint64)powers[scale];
  return TRUE;
}

/* All values as whole numbers over one power of two: exact for every double, as long as they are of like size. Says no at
 * the first value that does not go with those before it. */
static gboolean
as_fractions(const CasaSample *s, guint n, gint64 *numbers, gint64 *out_div)
{
  int shift = 0, highest = 0, exponent;
  for (guint i = 0; i < n; i++) {
    if (s[i].value == 0)
      continue;
    gint64 mantissa = (gint64)ldexp(frexp(s[i].value, &exponent), 53);
    int bits = 53 - exponent - __builtin_ctzll((guint64)mantissa);
    shift = MAX(shift, bits);
    highest = MAX(highest, exponent);
    if (shift > 60 || highest + shift > WIDE_BITS - 1)
      return FALSE;
  }
  for (guint i = 0; i < n; i++)
    numbers[i] = (gint64)ldexp(s[i].value, shift);
  *out_div = G_GINT64_CONSTANT(1) << shift;
  return TRUE;
}

/* Fewer samples are tried until their values fit together. *n_fit: how many do. */
static gsize
put_values(const CasaSample *s, guint *n_fit, guint8 *to, CasaBlock *out)
{
  gint64 numbers[CASA_BLOCK_MAX];
  for (guint n = *n_fit; n > 0; n /= 2)
    if (as_decimals(s, n, numbers, &out->v_div) || as_fractions(s, n, numbers, &out->v_div)) {
      *n_fit = n;
      return put_planes(numbers, n, to, &out->v_base);
    }
  *n_fit = 1;
  out->v_is_real = TRUE;
  out->v_real = s[0].value;
  out->v_div = 1;
  return 0;
}

guint
casa_block_encode(const CasaSample *samples, guint n, CasaBlockRoom *room, CasaBlock *out)
{
  guint8 *to = room->bytes;
  n = MIN(n, CASA_BLOCK_MAX);
  *out = (CasaBlock){ .v = to };
  out->v_len = put_values(samples, &n, to, out);
  out->n = n;
  out->t_first = samples[0].t_ms;
  out->t_last = samples[n - 1].t_ms;
  out->t = to += out->v_len;
  out->t_len = put_times(samples, n, to, out);
  out->r = to += out->t_len;
  out->r_len = put_received(samples, n, to, out);
  return n;
}

/* --- Unpacking --- */

static gboolean
get_planes(const guint8 *planes, gsize len, guint n, guint64 *rests)
{
  if (len % n != 0 || len / n > 8)
    return FALSE;
  memset(rests, 0, n * sizeof *rests);
  for (guint plane = 0; plane < len / n; plane++)
    for (guint i = 0; i < n; i++)
      rests[i] |= (guint64)*planes++ << (8 * plane);
  return TRUE;
}

static gboolean
get_times(const CasaBlock *b, CasaSample *out)
{
  guint64 rests[CASA_BLOCK_MAX];
  if (!get_planes(b->t, b->t_len, b->n, rests))
    return FALSE;
  guint64 line = (guint64)b->t_first + (guint64)b->t_add;
  for (guint i = 0; i < b->n; i++, line += (guint64)b->t_step)
    out[i].t_ms = (gint64)(line + rests[i]);
  for (guint i = 1; i < b->n; i++)
    if (out[i].t_ms <= out[i - 1].t_ms)
      return FALSE;
  return out[0].t_ms == b->t_first && out[b->n - 1].t_ms == b->t_last;
}

static gboolean
get_received(const CasaBlock *b, CasaSample *out)
{
  guint64 rests[CASA_BLOCK_MAX];
  if (!get_planes(b->r, b->r_len, b->n, rests))
    return FALSE;
  for (guint i = 0; i < b->n; i++)
    out[i].received_ms = (gint64)((guint64)b->r_base + rests[i] + (b->r_follows ? (guint64)out[i].t_ms : 0));
  return TRUE;
}

static gboolean
get_values(const CasaBlock *b, CasaSample *out)
{
  guint64 rests[CASA_BLOCK_MAX];
  if (b->v_is_real) {
    out[0].value = b->v_real;
    return b->n == 1 && isfinite(b->v_real);
  }
  if (b->v_div < 1 || !get_planes(b->v, b->v_len, b->n, rests))
    return FALSE;
  double div = (double)b->v_div;
  for (guint i = 0; i < b->n; i++)
    out[i].value = (double)(gint64)((guint64)b->v_base + rests[i]) / div;
  return TRUE;
}

gboolean
casa_block_decode(const CasaBlock *block, CasaSample *out, const char **out_why)
{
  *out_why = block->n < 1 || block->n > CASA_BLOCK_MAX ? "its number of samples cannot be" : NULL;
  if (!*out_why) {
    for (guint i = 0; i < block->n; i++)
      out[i].id = 0;
    *out_why = !get_times(block, out)      ? "its times do not ascend from its first to its last"
               : !get_received(block, out) ? "its arrival times are cut short"
               : !get_values(block, out)   ? "its values are cut short or no numbers"
                                           : NULL;
  }
  return !*out_why;
}

/* --- One sample --- */

static gboolean
is_sound(gsize len, guint n)
{
  return len % n == 0 && len / n <= 8;
}

static guint64
rest_at(const guint8 *planes, gsize len, guint n, guint i)
{
  guint64 rest = 0;
  for (guint plane = 0; plane < len / n; plane++)
    rest |= (guint64)planes[plane * n + i] << (8 * plane);
  return rest;
}

static gint64
time_at(const CasaBlock *b, guint i)
{
  guint64 line = (guint64)b->t_first + (guint64)b->t_add + i * (guint64)b->t_step;
  return (gint64)(line + rest_at(b->t, b->t_len, b->n, i));
}

gboolean
casa_block_find(const CasaBlock *b, gint64 t_ms, gboolean *out_found, double *out_value)
{
  *out_found = FALSE;
  if (b->n < 1 || b->n > CASA_BLOCK_MAX || !is_sound(b->t_len, b->n) || !is_sound(b->v_len, b->n) || b->v_div < 1 ||
      (b->v_is_real && b->n != 1))
    return FALSE;
  guint low = 0, high = b->n;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (time_at(b, middle) < t_ms)
      low = middle + 1;
    else
      high = middle;
  }
  *out_found = low < b->n && time_at(b, low) == t_ms;
  if (*out_found)
    *out_value =
      b->v_is_real ? b->v_real : (double)(gint64)((guint64)b->v_base + rest_at(b->v, b->v_len, b->n, low)) / (double)b->v_div;
  return TRUE;
}
