/* SPDX-License-Identifier: Apache-2.0 */
/* First byte 0: a block as it may lie damaged in a file. Else: samples (time step, delay, value as it lies in memory) that
 * are packed and must come back the very same. */
#include "fuzz.h"
#include "store/block.h"

#include <math.h>
#include <string.h>

#define T0 G_GINT64_CONSTANT(1779321600000)

static CasaSample samples[CASA_BLOCK_MAX], back[CASA_BLOCK_MAX];
static CasaBlockRoom room;

static gboolean
take(const uint8_t **data, size_t *size, void *to, size_t n)
{
  if (*size < n)
    return FALSE;
  memcpy(to, *data, n);
  *data += n;
  *size -= n;
  return TRUE;
}

static gsize
plane_bytes(const uint8_t **at, size_t *size, gsize wanted, const guint8 **out)
{
  gsize n = MIN(wanted, *size);
  *out = *at;
  *at += n;
  *size -= n;
  return n;
}

static void
check_pack(guint n)
{
  const char *why = NULL;
  for (guint at = 0, took; at < n; at += took) {
    CasaBlock block;
    took = casa_block_encode(samples + at, n - at, &room, &block);
    g_assert_true(took > 0 && took <= n - at && casa_block_decode(&block, back, &why));
    for (guint i = 0; i < took; i++)
      g_assert_true(back[i].t_ms == samples[at + i].t_ms && back[i].received_ms == samples[at + i].received_ms &&
                    back[i].value == samples[at + i].value);
  }
}

static void
unpack(const uint8_t *data, size_t size)
{
  CasaBlock b = { 0 };
  guint16 n;
  guint8 follows, widths[3];
  gint64 span;
  const char *why = NULL;
  if (!take(&data, &size, &n, 2) || !take(&data, &size, &b.t_first, 8) || !take(&data, &size, &span, 8) ||
      !take(&data, &size, &b.t_add, 8) || !take(&data, &size, &b.t_step, 8) || !take(&data, &size, &b.r_base, 8) ||
      !take(&data, &size, &follows, 1) || !take(&data, &size, &b.v_base, 8) || !take(&data, &size, &b.v_div, 8) ||
      !take(&data, &size, widths, 3))
    return;
  b.n = n;
  b.r_follows = follows & 1;
  b.v_is_real = follows == 7;
  b.t_last = (gint64)((guint64)b.t_first + (guint64)span);
  b.t_len = plane_bytes(&data, &size, (gsize)n * widths[0], &b.t);
  b.r_len = plane_bytes(&data, &size, (gsize)n * widths[1], &b.r);
  b.v_len = plane_bytes(&data, &size, (gsize)n * widths[2], &b.v);
  if (!casa_block_decode(&b, samples, &why)) {
    g_assert_nonnull(why);
    return;
  }
  for (guint i = 0; i < b.n; i++)
    g_assert_true(isfinite(samples[i].value) && (i == 0 || samples[i].t_ms > samples[i - 1].t_ms));
  /* What a file may hold can be packed again, as long as it is of this world. */
  for (guint i = 0; i < b.n; i++)
    if (ABS(samples[i].t_ms / 2) >= CASA_TIME_LIMIT / 2 || ABS(samples[i].received_ms / 2) >= CASA_TIME_LIMIT)
      return;
  check_pack(b.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  uint8_t kind;
  guint32 step, lag;
  gint64 t = T0;
  guint n = 0;
  if (!take(&data, &size, &kind, 1))
    return 0;
  if (kind == 0) {
    unpack(data, size);
    return 0;
  }
  for (; n < CASA_BLOCK_MAX && size >= 16; n++) {
    double value;
    if (!take(&data, &size, &step, 4) || !take(&data, &size, &lag, 4) || !take(&data, &size, &value, 8))
      break;
    t += (gint64)step + 1;
    samples[n] = (CasaSample){ .t_ms = t, .received_ms = t + lag, .value = isfinite(value) ? value : 0 };
    gint64 packed;
    if (casa_decimal_pack(samples[n].value, &packed))
      g_assert_true(casa_decimal_unpack(packed) == samples[n].value);
  }
  if (n > 0)
    check_pack(n);
  return 0;
}
