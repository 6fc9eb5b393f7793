/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"

/* Who is refused what, as `casa doctor` asks for it. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
refuse(Fixture *f, gint64 received_ms, const char *topic, const char *code, const char *text)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = casa_store_put_rejection(f->store, received_ms, topic, strlen(topic), "{", 1, code, text, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

static GPtrArray *
refusals_since(Fixture *f, gint64 from_ms)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  GPtrArray *all = casa_reader_refusals(reader, "casa/v1", from_ms, &error);
  g_assert_no_error(error);
  return all;
}

static void
assert_refusal(GPtrArray *all, guint i, const char *source, const char *code, guint n, const char *reason, gint64 newest_ms)
{
  g_assert_cmpuint(i, <, all->len);
  const CasaRefusal *refusal = all->pdata[i];
  g_assert_cmpstr(refusal->source, ==, source);
  g_assert_cmpstr(refusal->code, ==, code);
  g_assert_cmpuint(refusal->n, ==, n);
  g_assert_cmpstr(refusal->reason, ==, reason);
  g_assert_cmpint(refusal->newest_ms, ==, newest_ms);
}

/* By source and code, the newest first, with the reason of the newest. */
static void
test_grouped(Fixture *f, gconstpointer data)
{
  refuse(f, T0, "casa/v1/equipe-1/air/a", "json", "first");
  refuse(f, T0 + 1, "casa/v1/equipe-2/air/a", "json", "other team");
  refuse(f, T0 + 2, "casa/v1/equipe-1/air/b", "type", "other code");
  refuse(f, T0 + 3, "casa/v1/equipe-1/air/a", "json", "last");
  g_autoptr(GPtrArray) all = refusals_since(f, T0);
  g_assert_cmpuint(all->len, ==, 3);
  assert_refusal(all, 0, "equipe-1", "json", 2, "last", T0 + 3);
  assert_refusal(all, 1, "equipe-1", "type", 1, "other code", T0 + 2);
  assert_refusal(all, 2, "equipe-2", "json", 1, "other team", T0 + 1);
}

static void
test_only_since(Fixture *f, gconstpointer data)
{
  refuse(f, T0, "casa/v1/equipe-1/air/a", "json", "old");
  refuse(f, T0 + 1000, "casa/v1/equipe-2/air/a", "json", "new");
  g_autoptr(GPtrArray) all = refusals_since(f, T0 + 1000), none = refusals_since(f, T0 + 1001);
  g_assert_cmpuint(all->len, ==, 1);
  assert_refusal(all, 0, "equipe-2", "json", 1, "new", T0 + 1000);
  g_assert_cmpuint(none->len, ==, 0);
}

/* A topic that names nobody: outside the root, the root alone, a longer word, bytes that are no text. All are one. */
static void
test_nobody(Fixture *f, gconstpointer data)
{
  static const char *const topics[] = { "other/v1/equipe-1", "casa/v1", "casa/v1x/equipe-1/air/a", "casa/v1/\xff/air/a" };
  for (guint i = 0; i < G_N_ELEMENTS(topics); i++)
    refuse(f, T0 + i, topics[i], "topic", topics[i]);
  refuse(f, T0 + 9, "casa/v1/equipe-1", "topic", "too short, but a name");
  g_autoptr(GPtrArray) all = refusals_since(f, T0);
  g_assert_cmpuint(all->len, ==, 2);
  assert_refusal(all, 0, "equipe-1", "topic", 1, "too short, but a name", T0 + 9);
  g_assert_cmpstr(((CasaRefusal *)all->pdata[1])->source, ==, "");
  g_assert_cmpuint(((CasaRefusal *)all->pdata[1])->n, ==, G_N_ELEMENTS(topics));
}

/* Of a flood not all are looked at: then the number is a least one, and says so. */
static void
test_flood(Fixture *f, gconstpointer data)
{
  refuse(f, T0, "casa/v1/equipe-1/air/a", "json", "one");
  g_autoptr(GPtrArray) few = refusals_since(f, T0);
  g_assert_false(((CasaRefusal *)few->pdata[0])->more);
  fixture_change(f, "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 30000)"
                    " INSERT INTO rejection_log(received_ms, topic, payload, code, reason)"
                    " SELECT 1779321600000 + i, 'casa/v1/equipe-1/air/a', x'7b', 'json', 'flood' FROM c");
  g_autoptr(GPtrArray) all = refusals_since(f, T0);
  g_assert_cmpuint(all->len, ==, 1);
  g_assert_cmpuint(((CasaRefusal *)all->pdata[0])->n, ==, 20000);
  g_assert_true(((CasaRefusal *)all->pdata[0])->more);
}

/* The first reason of the newest message comes back as it was given, for a screen that speaks another language; rows that do
 * not say it, or say it in a later program's words, are told by their English alone. */
static void
test_args(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  static const char args[] = "[{\"why\":\"range\",\"field\":\"pm10\",\"got\":\"9999\"},{\"why\":\"null\",\"field\":\"no2\"}]";
  g_assert_true(
    casa_store_put_rejection(f->store, T0, "casa/v1/equipe-1/air/a", 22, "{", 1, "out-of-range", "words", args, &error));
  refuse(f, T0 + 1, "casa/v1/equipe-1/air/a", "json", "no args");
  g_assert_true(casa_store_put_rejection(f->store, T0 + 2, "casa/v1/equipe-1/air/a", 22, "{", 1, "unit", "words",
                                         "[{\"why\":\"of-tomorrow\"}]", &error));
  g_assert_no_error(error);
  g_autoptr(GPtrArray) all = refusals_since(f, T0);
  g_assert_cmpuint(all->len, ==, 3);
  g_assert_cmpint(((CasaRefusal *)all->pdata[0])->why.why, ==, CASA_WHY_NONE);
  g_assert_cmpint(((CasaRefusal *)all->pdata[1])->why.why, ==, CASA_WHY_NONE);
  const CasaReason *why = &((CasaRefusal *)all->pdata[2])->why;
  g_assert_cmpint(why->why, ==, CASA_WHY_RANGE);
  g_assert_cmpstr(why->field, ==, "pm10");
  g_assert_cmpstr(why->got, ==, "9999");
}

/* What is not there to be read is an error, not "nobody was refused", nor "no report, no event, nothing dropped". */
static void
test_unreadable(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) refusals = NULL, refused = NULL, reports = NULL, events = NULL, dropped = NULL, error = NULL;
  guint n = 7;
  gint64 when_ms = 7;
  fixture_change(f, "DROP VIEW rejection; DROP TABLE rejection_log; DROP VIEW report; DROP TABLE report_log; DROP VIEW event;"
                    " DROP VIEW gap; DROP TABLE gap_log");
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  g_assert_null(casa_reader_refusals(reader, "casa/v1", T0, &refusals));
  g_assert_null(casa_reader_refused_of(reader, "casa/v1", "equipe-1", 10, T0, &n, &refused));
  g_assert_null(casa_reader_reports(reader, TRUE, 10, &reports));
  g_assert_null(casa_reader_events(reader, T0, T0 + 1000, &events));
  g_assert_false(casa_reader_dropped(reader, &when_ms, &dropped));
  GError *const all[] = { refusals, refused, reports, events, dropped };
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    g_assert_nonnull(all[i]);
    g_assert_nonnull(strstr(all[i]->message, f->path));
  }
}

/* The newest messages of one team, whole, and how many there were. */
static void
test_of_team(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  guint n = 0;
  refuse(f, T0, "casa/v1/equipe-1/air/a", "json", "old");
  refuse(f, T0 + 1, "casa/v1/equipe-1/air/a", "json", "before");
  refuse(f, T0 + 2, "casa/v1/equipe-12/air/a", "json", "of another");
  refuse(f, T0 + 3, "casa/v1/equipe-1/air/b", "type", "last");
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_autoptr(GPtrArray) one = casa_reader_refused_of(reader, "casa/v1", "equipe-1", 1, T0 + 1, &n, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpuint(one->len, ==, 1);
  const CasaRefusedMessage *last = one->pdata[0];
  g_assert_cmpstr(last->reason, ==, "last");
  g_assert_cmpstr(last->topic, ==, "casa/v1/equipe-1/air/b");
  g_assert_cmpint(last->received_ms, ==, T0 + 3);
  g_assert_cmpmem(g_bytes_get_data(last->payload, NULL), g_bytes_get_size(last->payload), "{", 1);
}

/* Rows that somebody mended by hand and left without words are told without words. */
static void
test_without_words(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  guint n = 0;
  fixture_change(
    f, "DROP VIEW rejection; DROP TABLE rejection_log;"
       " CREATE TABLE rejection_log(id INTEGER PRIMARY KEY, received_ms, topic, payload, code, reason, args);"
       " INSERT INTO rejection_log(received_ms, topic) VALUES(1779321600000, 'casa/v1/equipe-1/air/a'), (1779321600001, NULL)");
  g_autoptr(GPtrArray) all = refusals_since(f, T0);
  g_assert_cmpuint(all->len, ==, 2);
  assert_refusal(all, 0, "", "", 1, "", T0 + 1);
  assert_refusal(all, 1, "equipe-1", "", 1, "", T0);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_autoptr(GPtrArray) own = casa_reader_refused_of(reader, "casa/v1", "equipe-1", 10, T0, &n, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(own->len, ==, 1);
  g_assert_cmpstr(((CasaRefusedMessage *)own->pdata[0])->reason, ==, "");
  g_assert_cmpuint(g_bytes_get_size(((CasaRefusedMessage *)own->pdata[0])->payload), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/refusals/grouped", test_grouped);
  ADD("/store/refusals/only-since", test_only_since);
  ADD("/store/refusals/nobody", test_nobody);
  ADD("/store/refusals/flood", test_flood);
  ADD("/store/refusals/args", test_args);
  ADD("/store/refusals/unreadable", test_unreadable);
  ADD("/store/refusals/of-team", test_of_team);
  ADD("/store/refusals/without-words", test_without_words);
  return g_test_run();
}
