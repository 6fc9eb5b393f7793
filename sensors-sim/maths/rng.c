/* SPDX-License-Identifier: Apache-2.0 */
#include "rng.h"

#include <math.h>

#define GOLDEN G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)

static guint64
mix(guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

guint64
casa_sim_stream(guint64 seed, const char *name)
{
  guint64 h = G_GUINT64_CONSTANT(0xcbf29ce484222325);
  for (const guchar *p = (const guchar *)name; *p; p++)
    h = (h ^ *p) * G_GUINT64_CONSTANT(0x100000001b3);
  return mix(h + mix(seed + GOLDEN));
}

guint64
casa_sim_substream(guint64 stream, guint k)
{
  return mix(stream ^ mix((guint64)k + 1));
}

guint64
casa_sim_draw(guint64 stream, guint64 n)
{
  return mix(stream + (n + 1) * GOLDEN);
}

double
casa_sim_uniform(guint64 stream, guint64 n)
{
  return (double)(casa_sim_draw(stream, n) >> 11) * 0x1p-53;
}

double
casa_sim_normal(guint64 stream, guint64 n)
{
  guint64 z = casa_sim_draw(stream, n);
  guint64 sum = (z & 0xffff) + ((z >> 16) & 0xffff) + ((z >> 32) & 0xffff) + (z >> 48);
  /* Four uniforms on 0..65535: mean 2 * 65535, standard deviation sqrt(4 / 12) * 65536. */
  return ((double)sum - 131070.0) / 37837.22;
}

double
casa_sim_noise(guint64 stream, gint64 t_ms, gint64 period_ms)
{
  gint64 cell = t_ms / period_ms;
  if (t_ms % period_ms < 0)
    cell--;
  double u = (double)(t_ms - cell * period_ms) / (double)period_ms;
  double s = u * u * (3 - 2 * u), r = 1 - s;
  double mixed = r * casa_sim_normal(stream, (guint64)cell) + s * casa_sim_normal(stream, (guint64)(cell + 1));
  return mixed / sqrt(r * r + s * s);
}

guint
casa_sim_round_random(guint64 stream, guint64 n, double x)
{
  return (guint)(MAX(x, 0) + casa_sim_uniform(stream, n));
}
