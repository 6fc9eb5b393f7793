/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Chance, repeatable and addressable. The generator is SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014) read at any index: draw n of a stream is mix(stream + (n + 1) * golden). A stream is
 * named by the run's seed and a text (a station id, mostly), so that nothing one station draws, and no station added
 * or left out, can change another. Pure; any thread. */

/* Stream of @name under @seed (FNV-1a of the name, mixed with the seed). */
guint64 casa_sim_stream(guint64 seed, const char *name);

/* Another stream beside @stream, for purpose @k. */
guint64 casa_sim_substream(guint64 stream, guint k);

guint64 casa_sim_draw(guint64 stream, guint64 n);   /* Number @n of @stream */
double casa_sim_uniform(guint64 stream, guint64 n); /* [0, 1) */

/* Mean 0, variance 1, within +-3.47: the sum of four uniforms (Irwin-Hall). Bounded, so that no value can leave its
 * physical range by chance alone. */
double casa_sim_normal(guint64 stream, guint64 n);

/* A smooth random course over time: mean 0, variance 1 at every moment, within +-4.91, with a correlation time of
 * about @period_ms. The same (stream, time) always gives the same value: history needs no replay. */
double casa_sim_noise(guint64 stream, gint64 t_ms, gint64 period_ms);

/* Whole number whose mean is @x >= 0: the fraction decides by chance. */
guint casa_sim_round_random(guint64 stream, guint64 n, double x);

G_END_DECLS
