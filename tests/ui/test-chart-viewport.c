/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/viewport.h"
#include <math.h>

#define NOW G_GINT64_CONSTANT(1779385327000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define DAY (24 * HOUR)
#define FIRST (NOW - 400 * DAY)
#define ROUNDS 20000

typedef struct {
  CasaViewport *viewport;
  guint told;
} Fixture;

static void
changed_cb(CasaViewport *viewport, gpointer data)
{
  (*(guint *)data)++;
}

static void
set_up(Fixture *f, gconstpointer data)
{
  f->viewport = casa_viewport_new(NOW);
  casa_viewport_set_first(f->viewport, FIRST);
  g_signal_connect(f->viewport, "changed", G_CALLBACK(changed_cb), &f->told);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  g_object_unref(f->viewport);
}

static void
assert_range(CasaViewport *v, gint64 from_ms, gint64 to_ms)
{
  gint64 from, to;
  casa_viewport_range(v, &from, &to);
  g_assert_cmpint(from, ==, from_ms);
  g_assert_cmpint(to, ==, to_ms);
}

static gint64
any_time(void)
{
  switch (g_test_rand_int_range(0, 12)) {
  case 0: return G_MININT64;
  case 1: return G_MAXINT64;
  default: return NOW - (gint64)(g_test_rand_double_range(-2, 450) * DAY);
  }
}

static void
do_anything(CasaViewport *v)
{
  switch (g_test_rand_int_range(0, 9)) {
  case 0: casa_viewport_set_range(v, any_time(), any_time()); break;
  case 1:
  case 2: casa_viewport_zoom(v, exp(g_test_rand_double_range(-4, 4)), any_time()); break;
  case 3:
  case 4: casa_viewport_pan(v, g_test_rand_bit() ? any_time() : (gint64)g_test_rand_double_range(-1e9, 1e9)); break;
  case 5: casa_viewport_set_preset(v, (CasaViewportPreset)g_test_rand_int_range(0, CASA_N_PRESETS)); break;
  case 6: casa_viewport_set_now(v, casa_viewport_now(v) + g_test_rand_int_range(-5000, 60000)); break;
  case 7: casa_viewport_set_ahead(v, g_test_rand_int_range(0, 3) * HOUR); break;
  default: casa_viewport_show_all(v);
  }
}

/* Whatever is done to it, the range is one, within what there is; what has changed was told, with another revision. */
static void
test_always_within(Fixture *f, gconstpointer data)
{
  gint64 from, to, from_before, to_before;
  CasaViewport *v = f->viewport;
  for (guint i = 0; i < ROUNDS; i++) {
    const guint told = f->told;
    const guint64 revision = casa_viewport_revision(v);
    const gboolean following = casa_viewport_is_following(v);
    casa_viewport_range(v, &from_before, &to_before);
    do_anything(v);
    casa_viewport_range(v, &from, &to);
    g_assert_cmpint(from, >=, FIRST);
    g_assert_cmpint(to - from, >=, CASA_VIEWPORT_SHORTEST_MS);
    g_assert_cmpint(to, <=, casa_viewport_now(v) + 2 * HOUR);
    const gboolean differs = from != from_before || to != to_before || following != casa_viewport_is_following(v);
    g_assert_true(differs == (f->told > told));
    g_assert_true(differs == (casa_viewport_revision(v) != revision));
  }
}

/* In and out again around one moment is where one was, to a millisecond for each step, as long as no limit was met. */
static void
test_zoom_round_trip(Fixture *f, gconstpointer data)
{
  CasaViewport *v = f->viewport;
  for (guint i = 0; i < ROUNDS / 10; i++) {
    const gint64 middle = NOW - 200 * DAY + (gint64)(g_test_rand_double_range(-50, 50) * DAY);
    const gint64 half = (gint64)(g_test_rand_double_range(1, 40) * DAY / 2);
    const double factor = exp(g_test_rand_double_range(-1, 1));
    const gint64 anchor = middle + (gint64)(g_test_rand_double_range(-1, 1) * (double)half);
    gint64 from, to;
    casa_viewport_set_range(v, middle - half, middle + half);
    casa_viewport_zoom(v, factor, anchor);
    casa_viewport_range(v, &from, &to);
    /* The anchor kept its place. */
    const double before = (double)(anchor - (middle - half)) / (double)(2 * half);
    g_assert_cmpfloat_with_epsilon((double)(anchor - from) / (double)(to - from), before, 1e-6);
    casa_viewport_zoom(v, 1 / factor, anchor);
    casa_viewport_range(v, &from, &to);
    g_assert_cmpint(ABS(from - (middle - half)), <=, 3);
    g_assert_cmpint(ABS(to - (middle + half)), <=, 3);
  }
}

static void
test_pan_round_trip(Fixture *f, gconstpointer data)
{
  CasaViewport *v = f->viewport;
  for (guint i = 0; i < 100; i++) {
    const gint64 by = (gint64)g_test_rand_double_range(-1e9, 1e9);
    casa_viewport_set_range(v, NOW - 100 * DAY, NOW - 99 * DAY);
    casa_viewport_pan(v, by);
    assert_range(v, NOW - 100 * DAY + by, NOW - 99 * DAY + by);
    casa_viewport_pan(v, -by);
    assert_range(v, NOW - 100 * DAY, NOW - 99 * DAY);
  }
  /* It stops at both ends, with its length. */
  casa_viewport_pan(v, -1000 * DAY);
  assert_range(v, FIRST, FIRST + DAY);
  casa_viewport_pan(v, 1000 * DAY);
  assert_range(v, NOW - DAY, NOW);
}

static void
test_follows(Fixture *f, gconstpointer data)
{
  CasaViewport *v = f->viewport;
  g_assert_true(casa_viewport_is_following(v));
  casa_viewport_set_now(v, NOW + 5000);
  assert_range(v, NOW + 5000 - DAY, NOW + 5000);
  casa_viewport_set_ahead(v, HOUR);
  assert_range(v, NOW + 5000 + HOUR - DAY, NOW + 5000 + HOUR);
  casa_viewport_set_ahead(v, 0);
  /* Whoever looks closer is not carried on. */
  casa_viewport_zoom(v, 0.5, NOW);
  g_assert_false(casa_viewport_is_following(v));
  gint64 from, to;
  casa_viewport_range(v, &from, &to);
  casa_viewport_set_now(v, NOW + 20000);
  assert_range(v, from, to);
  casa_viewport_follow(v);
  g_assert_true(casa_viewport_is_following(v));
  assert_range(v, NOW + 20000 - (to - from), NOW + 20000);
  for (guint i = 0; i < CASA_N_PRESETS; i++) {
    casa_viewport_pan(v, -HOUR);
    casa_viewport_set_preset(v, (CasaViewportPreset)i);
    g_assert_true(casa_viewport_is_following(v));
    g_assert_cmpint(casa_viewport_preset(v), ==, i);
  }
  /* Nowhere left to go: that is no reason to stand still. */
  casa_viewport_pan(v, HOUR);
  g_assert_true(casa_viewport_is_following(v));
}

static void
test_cursor(Fixture *f, gconstpointer data)
{
  CasaViewport *v = f->viewport;
  gint64 t = 0;
  gboolean pinned;
  g_assert_false(casa_viewport_cursor(v, &t, &pinned));
  casa_viewport_point(v, NOW - 1000);
  g_assert_true(casa_viewport_cursor(v, &t, &pinned));
  g_assert_cmpint(t, ==, NOW - 1000);
  g_assert_false(pinned);
  casa_viewport_pin(v, NOW - 2000, 100);
  casa_viewport_point(v, NOW - 9000); /* the pointer goes elsewhere, the pin does not */
  casa_viewport_unpoint(v);
  g_assert_true(casa_viewport_cursor(v, &t, &pinned));
  g_assert_cmpint(t, ==, NOW - 2000);
  g_assert_true(pinned);
  casa_viewport_pin(v, NOW - 5000, 100); /* a click elsewhere moves it */
  g_assert_true(casa_viewport_cursor(v, &t, &pinned));
  g_assert_cmpint(t, ==, NOW - 5000);
  casa_viewport_pin(v, NOW - 4950, 100); /* one on it takes it off */
  casa_viewport_cursor(v, &t, &pinned);
  g_assert_false(pinned);
  casa_viewport_unpoint(v);
  g_assert_false(casa_viewport_cursor(v, &t, &pinned));
  const guint told = f->told;
  casa_viewport_unpoint(v);
  casa_viewport_unpin(v);
  g_assert_cmpuint(f->told, ==, told);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/ui/chart/viewport/always-within", test_always_within);
  ADD("/ui/chart/viewport/zoom-round-trip", test_zoom_round_trip);
  ADD("/ui/chart/viewport/pan-round-trip", test_pan_round_trip);
  ADD("/ui/chart/viewport/follows", test_follows);
  ADD("/ui/chart/viewport/cursor", test_cursor);
  return g_test_run();
}
