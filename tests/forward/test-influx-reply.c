/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/influx-reply.h"

#include "base/error.h"

#include <string.h>

/* Rows as one text: "air/city/x time=1 pm10=2.5 no2=null note=\"text\"", a line each. */
static gboolean
write_cb(const CasaInfluxRow *row, gpointer data, GError **error)
{
  GString *out = data;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf(out, "%s/%s/%s", row->name, row->source, row->station);
  for (guint i = 0; i < row->n; i++) {
    const CasaInfluxCell *cell = &row->cells[i];
    if (cell->kind == CASA_CELL_NUMBER)
      g_string_append_printf(out, " %s=%s", cell->column, g_ascii_dtostr(number, sizeof number, cell->number));
    else
      g_string_append_printf(out, " %s=%s", cell->column, cell->kind == CASA_CELL_TEXT ? cell->text : "null");
  }
  g_string_append_c(out, '\n');
  return TRUE;
}

/* Pushes @answer in pieces of @piece bytes. */
static gboolean
read_in_pieces(const char *answer, gsize piece, GString *out, guint64 *malformed, GError **error)
{
  g_autoptr(CasaInfluxReply) reply = casa_influx_reply_new(write_cb, out);
  gsize len = strlen(answer);
  gboolean ok = TRUE;

  for (gsize at = 0; ok && at < len; at += piece)
    ok = casa_influx_reply_push(reply, answer + at, MIN(piece, len - at), error);
  ok = ok && casa_influx_reply_end(reply, error);
  *malformed = casa_influx_reply_n_malformed(reply);
  return ok;
}

static void
assert_rows(const char *answer, const char *expected, guint64 malformed)
{
  static const gsize pieces[] = { 1, 2, 3, 7, 100, 1 << 20 };

  for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    guint64 n;
    g_assert_true(read_in_pieces(answer, pieces[i], out, &n, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(out->str, ==, expected);
    g_assert_cmpuint(n, ==, malformed);
  }
}

#define RESULT(series, more) "{\"results\":[{\"statement_id\":0,\"series\":[" series "]" more "}]}\n"
#define AIR(rows)                                                                                                              \
  "{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"x\"},\"columns\":[\"time\",\"pm10\",\"no2\"],"                \
  "\"values\":[" rows "]}"

static void
test_rows(void)
{
  assert_rows(RESULT(AIR("[1779385327120,1.5,null],[1779385327121,2,1e+22]"), ",\"partial\":true")
                RESULT(AIR("[1779385327122,100000000000000000000,5e-324]"), ""),
              "air/city/x time=1779385327120 pm10=1.5 no2=null\n"
              "air/city/x time=1779385327121 pm10=2 no2=1e+22\n"
              "air/city/x time=1779385327122 pm10=1e+20 no2=4.9406564584124654e-324\n",
              0);
  assert_rows("{\"results\":[{\"statement_id\":0}]}", "", 0);
  assert_rows("\r\n{\"results\":[]}\r\n\n", "", 0);
  assert_rows(RESULT("{\"name\":\"measurements\",\"columns\":[\"name\"],\"values\":[[\"air\"],[\"mobilit\\u00e9\"]]}", ""),
              "measurements// name=air\nmeasurements// name=mobilité\n", 0);
  assert_rows(RESULT(AIR("[1,true,false],[2,\"text\",3]"), ""),
              "air/city/x time=1 pm10=1 no2=0\n"
              "air/city/x time=2 pm10=text no2=3\n",
              0);
}

/* One bad row is one bad row. */
static void
test_malformed_rows(void)
{
  assert_rows(RESULT(AIR("[1,2],[2,3,4],[3,4,5,6],5,null,[4,{},1],[5,[],1],[]"), ""), "air/city/x time=2 pm10=3 no2=4\n", 7);
  assert_rows(RESULT("{\"name\":\"air\",\"columns\":[1,2],\"values\":[[1,2]]}", ""), "", 1);
  assert_rows(RESULT("{\"name\":5,\"tags\":[],\"columns\":[\"time\"],\"values\":[[1]]},7,{\"values\":3}", ""), "// time=1\n",
              0);
}

static void
assert_error(const char *answer, CasaErrorCode code, const char *words)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  guint64 n;

  g_assert_false(read_in_pieces(answer, 5, out, &n, &error));
  g_assert_error(error, CASA_ERROR, (int)code);
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
  if (!strstr(error->message, words))
    g_error("\"%s\" does not say \"%s\"", error->message, words);
}

static void
test_errors(void)
{
  assert_error("{\"error\":\"database not found: casa\"}\n", CASA_ERROR_REFUSED, "database not found");
  assert_error("{\"results\":[{\"statement_id\":0,\"error\":\"not executed\\n\\u001b[31m\"}]}\n", CASA_ERROR_REFUSED,
               "not executed  [31m");
  assert_error(RESULT(AIR("[1,2,3]"), ",\"partial\":true"), CASA_ERROR_DATA, "did not come");
  assert_error("", CASA_ERROR_DATA, "there is none");
  assert_error("<html>Welcome</html>", CASA_ERROR_DATA, "line 1");
  assert_error("[]", CASA_ERROR_DATA, "results");
  assert_error("{\"results\":{}}", CASA_ERROR_DATA, "results");
  assert_error("{\"results\":[{\"series\":[{\"name\":\"a", CASA_ERROR_DATA, "line 1");
  assert_error(RESULT(AIR("[1,2,3]"), "") "{\"results\":[", CASA_ERROR_DATA, "line 2");
  assert_error(RESULT(AIR("[1,1e999,3]"), ""), CASA_ERROR_DATA, "line 1");
  assert_error("{\"results\":[{\"series\":[{\"name\":\"\xff\"}]}]}", CASA_ERROR_DATA, "line 1");
}

/* Nesting without end, and a line without end: refused, in bounded memory. */
static void
test_bombs(void)
{
  g_autoptr(GString) deep = g_string_new("{\"results\":");

  for (guint i = 0; i < 200000; i++)
    g_string_append_c(deep, '[');
  assert_error(deep->str, CASA_ERROR_DATA, "line 1");

  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(CasaInfluxReply) reply = casa_influx_reply_new(write_cb, out);
  g_autoptr(GError) error = NULL;
  char piece[4096];
  guint pushed = 0;
  memset(piece, ' ', sizeof piece);
  while (casa_influx_reply_push(reply, piece, sizeof piece, &error))
    g_assert_cmpuint(++pushed, <, 10000);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_DATA);
  g_assert_nonnull(strstr(error->message, "--from"));
}

static gboolean
refuse_cb(const CasaInfluxRow *row, gpointer data, GError **error)
{
  g_set_error_literal(error, CASA_ERROR, CASA_ERROR_IO, "the disk is full");
  return FALSE;
}

static void
test_reader_may_stop_it(void)
{
  static const char answer[] = RESULT(AIR("[1,2,3],[2,3,4]"), "");
  g_autoptr(CasaInfluxReply) reply = casa_influx_reply_new(refuse_cb, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false(casa_influx_reply_push(reply, answer, strlen(answer), &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_IO);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/influx-reply/rows", test_rows);
  g_test_add_func("/forward/influx-reply/malformed-rows", test_malformed_rows);
  g_test_add_func("/forward/influx-reply/errors", test_errors);
  g_test_add_func("/forward/influx-reply/bombs", test_bombs);
  g_test_add_func("/forward/influx-reply/reader-may-stop-it", test_reader_may_stop_it);
  return g_test_run();
}
