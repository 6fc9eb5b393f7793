/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "store/block.h"
#include "store/tail.h"

#define T0 G_GINT64_CONSTANT(1779321600000)

static CasaBlockRoom room;

static void
assert_same(const CasaSample *a, const CasaSample *b)
{
  g_assert_cmpint(a->t_ms, ==, b->t_ms);
  g_assert_cmpint(a->received_ms, ==, b->received_ms);
  g_assert_true(a->value == b->value);
}

/* Packs all, unpacks all: the very same. Returns the bytes of all planes. */
static gsize
round_trip(const CasaSample *samples, guint n, guint *out_blocks)
{
  static CasaSample back[CASA_BLOCK_MAX];
  gsize bytes = 0;
  *out_blocks = 0;
  for (guint at = 0, took; at < n; at += took) {
    CasaBlock block;
    const char *why = "";
    took = casa_block_encode(samples + at, n - at, &room, &block);
    g_assert_cmpuint(took, >=, 1);
    g_assert_cmpuint(took, <=, MIN(n - at, CASA_BLOCK_MAX));
    g_assert_cmpuint(took, ==, block.n);
    g_assert_true(casa_block_decode(&block, back, &why));
    g_assert_null(why);
    for (guint i = 0; i < took; i++)
      assert_same(&samples[at + i], &back[i]);
    bytes += block.t_len + block.r_len + block.v_len;
    (*out_blocks)++;
  }
  return bytes;
}

static void
test_regular(void)
{
  CasaSample s[CASA_BLOCK_MAX];
  guint blocks;
  for (guint i = 0; i < CASA_BLOCK_MAX; i++)
    s[i] = (CasaSample){ 0, T0 + i * 1000, T0 + i * 1000 + 4 + i % 9, 20 + (i * 7 % 100) / 10.0 };
  g_assert_cmpuint(round_trip(s, CASA_BLOCK_MAX, &blocks), ==, 2 * CASA_BLOCK_MAX); /* no byte for the time */
  g_assert_cmpuint(blocks, ==, 1);
  for (guint i = 0; i < CASA_BLOCK_MAX; i++) {
    s[i].received_ms = T0 + 86400000; /* history, filled in at once */
    s[i].value = 5;
  }
  g_assert_cmpuint(round_trip(s, CASA_BLOCK_MAX, &blocks), ==, 0);
}

static double
random_value(guint kind, double last)
{
  switch (kind) {
  case 0: return fabs(last) > 1e9 ? 20 : rint((last + g_test_rand_double() - 0.5) * 10) / 10;
  case 1: return rint(g_test_rand_double() * 1e6) / 1e3;
  case 2: return g_test_rand_double() * 100;         /* 17 digits */
  case 3: return (float)(20 + g_test_rand_double()); /* from a device with floats */
  case 4: return g_test_rand_int() * 1.0;
  case 5: return ldexp(g_test_rand_double() - 0.5, g_test_rand_int_range(-1070, 1020)); /* anything */
  case 6: return g_test_rand_int_range(0, 2) ? DBL_MAX : -DBL_MIN;
  case 7: return -1e15 + g_test_rand_int_range(0, 1000);
  default: return g_test_rand_int_range(0, 3);
  }
}

static void
test_random(void)
{
  CasaSample s[700];
  guint blocks;
  for (int round = 0; round < 3000; round++) {
    guint n = (guint)g_test_rand_int_range(1, 700), kind = (guint)g_test_rand_int_range(0, 10);
    gint64 t = g_test_rand_int_range(0, 20) == 0 ? -CASA_TIME_LIMIT + 1 : T0 + g_test_rand_int_range(0, 1 << 30);
    int step = g_test_rand_int_range(0, 4);
    for (guint i = 0; i < n; i++) {
      t += step == 0   ? 1
           : step == 1 ? 5000
           : step == 2 ? g_test_rand_int_range(1, 90000)
                       : 1000 + g_test_rand_int_range(-40, 41);
      if (g_test_rand_int_range(0, 400) == 0)
        t += g_test_rand_int() & G_MAXINT32; /* an outage of up to 24 days */
      guint of = kind == 9 ? (guint)g_test_rand_int_range(0, 9) : kind;
      s[i] = (CasaSample){ 0, t, round % 3 ? t + g_test_rand_int_range(0, 300) : T0 + (gint64)i,
                           random_value(of, i > 0 ? s[i - 1].value : 20) };
      if (g_test_rand_int_range(0, 300) == 0)
        s[i].received_ms = 0;
    }
    round_trip(s, n, &blocks);
  }
}

static void
test_decimal(void)
{
  static const double yes[] = { 0, 1, -1, 21.4, -7.6104, 0.1, 1e15, 1779321600.123, 0.0000001, -99.9999999, 33.5831 };
  static const double no[] = { G_PI, 1.0 / 3, 1e16, 1e300, DBL_MIN, 0.00000001, (float)21.4 };
  gint64 packed;
  for (guint i = 0; i < G_N_ELEMENTS(yes); i++) {
    g_assert_true(casa_decimal_pack(yes[i], &packed));
    g_assert_true(casa_decimal_unpack(packed) == yes[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS(no); i++)
    g_assert_false(casa_decimal_pack(no[i], &packed));
}

/* Any damage is told, or gives samples in order; never more than there is room for. */
static void
test_damage(void)
{
  static CasaSample s[CASA_BLOCK_MAX], back[CASA_BLOCK_MAX];
  for (guint i = 0; i < CASA_BLOCK_MAX; i++)
    s[i] = (CasaSample){ 0, T0 + i * 1000 + i % 3, T0 + i * 1010, i / 10.0 };
  for (int round = 0; round < 20000; round++) {
    CasaBlock b;
    const char *why = NULL;
    casa_block_encode(s, CASA_BLOCK_MAX, &room, &b);
    gint64 junk = g_test_rand_int_range(0, 2) ? g_test_rand_int() : g_test_rand_int() * (G_GINT64_CONSTANT(1) << 32);
    switch (g_test_rand_int_range(0, 9)) {
    case 0: b.n = (guint)junk; break;
    case 1: b.t_len -= 1; break;
    case 2: b.r_len -= 7; break;
    case 3: b.v_len = 0, b.v_div = junk; break;
    case 4: b.t_step = junk; break;
    case 5: b.t_last = junk; break;
    case 6: b.v_is_real = TRUE; break;
    case 7: b.r_base = b.v_base = junk; break;
    default: room.bytes[b.v_len + (guint)g_test_rand_int_range(0, CASA_BLOCK_MAX)] ^= 0x5a; break;
    }
    if (!casa_block_decode(&b, back, &why)) {
      g_assert_nonnull(why);
      continue;
    }
    for (guint i = 1; i < b.n; i++)
      g_assert_cmpint(back[i - 1].t_ms, <, back[i].t_ms);
  }
}

static void
test_tail(void)
{
  CasaTail tail = { 0 };
  for (gint64 i = 0; i < 1000; i++)
    casa_tail_put(&tail, &(CasaSample){ i + 1, i * 7919 % 1000, 0, (double)i });
  g_assert_cmpuint(tail.n, ==, 1000);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint(tail.rows[i].t_ms, ==, i);
  casa_tail_put(&tail, &(CasaSample){ 2000, 500, 0, -1 });
  casa_tail_put(&tail, &(CasaSample){ 1, 501, 0, -1 }); /* older than what is there */
  g_assert_cmpfloat(casa_tail_find(&tail, 500)->value, ==, -1);
  g_assert_cmpfloat(casa_tail_find(&tail, 501)->value, !=, -1);
  g_assert_null(casa_tail_find(&tail, 1000));
  casa_tail_drop(&tail, 999);
  g_assert_cmpuint(tail.n, ==, 2);
  g_assert_cmpuint(tail.size, <=, 8); /* the room of a thousand is given back */
  casa_tail_drop(&tail, 2000);
  g_assert_null(tail.rows);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/block/regular", test_regular);
  g_test_add_func("/store/block/random", test_random);
  g_test_add_func("/store/block/decimal", test_decimal);
  g_test_add_func("/store/block/damage", test_damage);
  g_test_add_func("/store/block/tail", test_tail);
  return g_test_run();
}
