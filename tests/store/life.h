/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "fixture.h"

#define T0 G_GINT64_CONSTANT(1779321600000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define DAY (24 * HOUR)

/* All that is ever asked of a store, one after the other: whatever fails meanwhile, the end is the same store. */

/* One thing that is asked. FALSE: it failed. */
typedef gboolean (*Act)(Fixture *f, GError **error);

gboolean put_at(Fixture *f, const char *station, gint64 t_ms, double value, GError **error);
gboolean put_more_untimed(Fixture *f, GError **error);
gboolean correct(Fixture *f, GError **error);        /* What is not sealed yet */
gboolean correct_sealed(Fixture *f, GError **error); /* …and what is */
gboolean keep_up(Fixture *f, GError **error);        /* At T0 */
void act(Fixture *f, Act what);                      /* Tries, and when that fails tries once more, with nothing in the way */
extern const Act life[];
extern const guint n_life;
void live(Fixture *f);         /* All of it */
void check_lived(Fixture *f);  /* The store is as it must be after live() */
void die_a_little(Fixture *f); /* Two days and two hours later */
void shrink(Fixture *f);       /* By size, down to nothing */
void start_over(Fixture *f);   /* With no file */
