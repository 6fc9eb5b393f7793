/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte says in how large pieces the rest arrives. Whatever the pieces, the rows and the verdict are the same. */
#include "forward/influx-reply.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

typedef struct {
  guint64 rows, cells;
  double sum; /* of what is finite; may be infinite itself */
} Seen;

static gboolean
row_cb(const CasaInfluxRow *row, gpointer data, GError **error)
{
  Seen *seen = data;
  g_assert_true(g_utf8_validate(row->name, -1, NULL));
  g_assert_true(g_utf8_validate(row->source, -1, NULL) && g_utf8_validate(row->station, -1, NULL));
  for (guint i = 0; i < row->n; i++) {
    const CasaInfluxCell *cell = &row->cells[i];
    g_assert_true(g_utf8_validate(cell->column, -1, NULL));
    g_assert_true(isfinite(cell->number));
    g_assert_true((cell->kind == CASA_CELL_TEXT) == (cell->text != NULL));
    seen->sum += cell->number;
  }
  seen->rows++;
  seen->cells += row->n;
  return TRUE;
}

static gboolean
read_all(const uint8_t *data, size_t size, size_t piece, Seen *seen, guint64 *malformed)
{
  g_autoptr(CasaInfluxReply) reply = casa_influx_reply_new(row_cb, seen);
  GError *error = NULL;
  gboolean ok = TRUE;
  for (size_t at = 0; ok && at < size; at += piece)
    ok = casa_influx_reply_push(reply, (const char *)data + at, MIN(piece, size - at), &error);
  ok = ok && casa_influx_reply_end(reply, &error);
  *malformed = casa_influx_reply_n_malformed(reply);
  fuzz_check_error(ok, error);
  return ok;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  size_t piece = data[0] ? data[0] : 1000;
  Seen whole = { 0 }, pieces = { 0 };
  guint64 malformed, again;
  gboolean ok = read_all(data + 1, size - 1, size, &whole, &malformed);
  g_assert_true(read_all(data + 1, size - 1, piece, &pieces, &again) == ok);
  g_assert_cmpuint(whole.rows, ==, pieces.rows);
  g_assert_cmpuint(whole.cells, ==, pieces.cells);
  g_assert_cmpuint(malformed, ==, again);
  return 0;
}
