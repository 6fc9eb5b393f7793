/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Samples packed and unpacked: one value as a decimal, and a block of one series' samples. Pure. Private to src/store.
 *
 * A block is made so that plain SQL can read it (see view `reading` in schema.c): every column of it is a straight line
 * plus a small unsigned rest, and the rests of all samples lie in byte planes, the lowest byte of every sample first,
 * then the second byte of every sample, and so on. A column that follows its line exactly takes no byte at all. */

/* Most samples of a block. More pack a little tighter (0.1 byte a sample) but are rewritten more often. */
#define CASA_BLOCK_MAX 512

/* Times that a block can hold, ms: 139 years on both sides of 1970. */
#define CASA_TIME_LIMIT (G_GINT64_CONSTANT(1) << 42)

typedef struct {
  gint64 id; /* place in the journal; 0 when it came out of a block */
  gint64 t_ms, received_ms;
  double value;
} CasaSample;

/* Sample i of @n: t = t_first + t_add + i * t_step + rest, received = r_base + rest (+ t when r_follows),
 * value = (v_base + rest) / v_div; or v_real where the value is neither a decimal nor a binary fraction of bearable
 * length (such a block has one sample). */
typedef struct {
  gint64 t_first, t_last;
  guint n;
  gint64 t_add, t_step, r_base, v_base, v_div;
  gboolean r_follows, v_is_real;
  double v_real;
  const guint8 *t, *r, *v; /* byte planes, not owned */
  gsize t_len, r_len, v_len;
} CasaBlock;

/* Room for the planes of a block. */
typedef struct {
  guint8 bytes[3 * 8 * CASA_BLOCK_MAX];
} CasaBlockRoom;

/* @value as mantissa * 8 + scale (0 to 7), when mantissa / 10^scale is exactly @value. FALSE: it is no such decimal. */
gboolean casa_decimal_pack(double value, gint64 *out_packed);
double casa_decimal_unpack(gint64 packed); /* The value of a packed decimal */

/* Packs as many of @samples (ascending, no time twice, |t_ms| < CASA_TIME_LIMIT, values finite) as fit one block, at
 * least one; returns how many. @out points into @room. */
guint casa_block_encode(const CasaSample *samples, guint n, CasaBlockRoom *room, CasaBlock *out);

/* Fills @out[@block->n], exactly what was packed (ids 0). FALSE: the block is damaged, *out_why (static) says how. Any
 * bytes are safe; @out must have room for CASA_BLOCK_MAX samples. */
gboolean casa_block_decode(const CasaBlock *block, CasaSample *out, const char **out_why);

/* The value of the sample of @t_ms, without unpacking the others; *out_found FALSE: there is none. FALSE: the block cannot be
 * read. Damage that only unpacking shows may go unseen. Any bytes are safe. */
gboolean casa_block_find(const CasaBlock *block, gint64 t_ms, gboolean *out_found, double *out_value);

G_END_DECLS
