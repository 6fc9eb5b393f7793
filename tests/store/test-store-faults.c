/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "breakage.h"
#include "life.h"
#include "store/columns.h"

/* SQLite may say no at any moment: out of memory, a disk that refuses, a file that somebody damaged. So each statement of the
 * store is refused once, and each is broken off in its middle once; what was asked then fails with words, changes nothing,
 * and works when it is asked again. The end is always the same store. */

#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static void
test_refused(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < CASA_SQL_N; i++) {
    start_over(f);
    arm(&f->store->statements, i, 0);
    live(f);
    check_lived(f);
    forget_prepared(&f->store->statements);
    arm(&f->store->statements, i, 0);
    die_a_little(f);
    arm(&f->store->statements, i, 0);
    shrink(f);
  }
}

/* After a restart nothing is remembered: the first sample of a series has to look. */
static void
test_refused_after_restart(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < CASA_SQL_N; i++) {
    start_over(f);
    arm(&f->store->statements, -1, 0);
    live(f);
    disarm();
    fixture_reopen(f);
    arm(&f->store->statements, i, 0);
    act(f, put_more_untimed);
    act(f, correct_sealed);
    act(f, correct);
    act(f, keep_up);
    check_lived(f);
  }
}

static void
put_in_each(Fixture *f, int n_series, gint64 t_ms)
{
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < n_series; i++) {
    g_autofree char *station = g_strdup_printf("s%d", i);
    g_assert_true(put_at(f, station, t_ms, i, &error));
  }
}

/* The last step of a pass notes that all is sealed. When it is refused there may be nothing left to seal, and yet something to
 * note, or the journal would keep its rows. Series of which a step takes just all: as many as may make its 1,000 changes. */
static void
test_refused_at_the_end_of_a_pass(Fixture *f, gconstpointer data)
{
  static const int filling[] = { 200, 250, 334, 500, 1000 };
  for (guint i = 0; i < G_N_ELEMENTS(filling); i++) {
    g_autoptr(GError) error = NULL;
    start_over(f);
    put_in_each(f, 1100, T0);
    g_assert_true(keep_up(f, &error));
    put_in_each(f, filling[i], T0 + 1);
    arm(&f->store->statements, CASA_SQL_SET_META, 0);
    g_assert_false(keep_up(f, &error));
    disarm();
    g_clear_error(&error);
    g_assert_true(keep_up(f, &error));
    g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
    g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM reading"), ==, 1100 + filling[i]);
  }
}

/* The same where no chance chooses: what is asked is broken off at its first step, when asked again at its second, and so on
 * (later in larger strides), until it comes to its end. */
static void
test_broken_off_everywhere(Fixture *f, gconstpointer data)
{
  start_over(f);
  for (guint i = 0; i < n_life; i++) {
    gboolean ok = FALSE;
    for (gint64 step = 1; !ok || has_broken(); step += 1 + step / 300) {
      g_autoptr(GError) error = NULL;
      arm(&f->store->statements, -1, step);
      ok = life[i](f, &error);
      if (!ok && !strstr(error->message, "interrupted"))
        g_error("act %u, step %" G_GINT64_FORMAT ": %s", i, step, error->message);
    }
  }
  check_lived(f);
}

static void
test_broken_off(Fixture *f, gconstpointer data)
{
  start_over(f);
  arm(&f->store->statements, -1, 0);
  live(f);
  gint64 steps = steps_taken();
  check_lived(f);
  for (int round = 0; round < (g_test_slow() ? 2000 : 60); round++) {
    start_over(f);
    arm(&f->store->statements, -1, 1 + (gint64)(g_test_rand_double() * (double)steps));
    live(f);
    check_lived(f);
    arm(&f->store->statements, -1, g_test_rand_int_range(1, 4000));
    die_a_little(f);
    arm(&f->store->statements, -1, g_test_rand_int_range(1, 2000));
    shrink(f);
  }
}

/* --- Reading --- */

typedef struct {
  guint n;
  double sum;
} Seen;

static gboolean
row_cb(const CasaExportRow *row, gpointer data)
{
  Seen *seen = data;
  seen->n++;
  seen->sum += row->value;
  return TRUE;
}

static void
add_buckets(GArray *buckets, Seen *seen)
{
  for (guint i = 0; i < buckets->len; i++) {
    seen->n++;
    seen->sum += g_array_index(buckets, CasaBucket, i).mean;
  }
  g_array_unref(buckets);
}

/* Columns of one series and of two folded, in minutes, hours and quarters of days. */
static gboolean
look_at_columns(CasaReader *reader, Seen *seen, GError **error)
{
  static const guint series[] = { 0, 1 };
  static const gint64 spans[] = { HOUR, 2 * DAY, 400 * DAY };
  for (guint i = 0; i < 2 * G_N_ELEMENTS(spans); i++) {
    gboolean folded = i >= G_N_ELEMENTS(spans);
    CasaColumnQuery query = { .series = series,
                              .n_series = folded ? 2 : 1,
                              .columns = 20,
                              .from_ms = T0 - HOUR,
                              .to_ms = T0 + spans[i % G_N_ELEMENTS(spans)],
                              .fold = folded ? CASA_COLUMNS_SUM : CASA_COLUMNS_ONE };
    g_autoptr(CasaColumns) columns = casa_reader_columns(reader, &query, NULL, NULL, error);
    if (!columns)
      return FALSE;
    g_autoptr(CasaColumns) again = casa_reader_columns(reader, &query, columns, NULL, error);
    if (!again)
      return FALSE;
    seen->n += columns->n_seen + again->n_seen;
  }
  return TRUE;
}

/* Everything a screen asks. FALSE with an error at the first refusal. */
static gboolean
look(CasaReader *reader, Seen *seen, GError **error)
{
  static const gint64 every[] = { 0, HOUR, 60000 };
  GArray *found;
  *seen = (Seen){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS(every); i++) {
    CasaExportQuery query = {
      .source = "kit", .domain = "*", .station = "?", .metric = "p*", .from_ms = 0, .to_ms = G_MAXINT64, .every_ms = every[i]
    };
    if (!casa_reader_export(reader, &query, row_cb, seen, error))
      return FALSE;
  }
  for (guint max = 1; max <= 10000; max *= 10) {
    if (!(found = casa_reader_series(reader, 0, 0, G_MAXINT64, max, NULL, error)))
      return FALSE;
    add_buckets(found, seen);
  }
  for (int how = CASA_FOLD_MEAN; how <= CASA_FOLD_MIN; how++) {
    if (!(found = casa_reader_fold(reader, "kit", "air", "", "pm10", T0, T0 + DAY, how % 2 ? HOUR : 1, (CasaFold)how, error)))
      return FALSE;
    add_buckets(found, seen);
  }
  if (!(found = casa_reader_latest(reader, error)))
    return FALSE;
  seen->n += found->len;
  g_array_unref(found);
  if (!(found = casa_reader_gaps(reader, 0, G_MAXINT64, error)))
    return FALSE;
  seen->n += found->len;
  g_array_unref(found);
  if (!(found = casa_reader_outbox(reader, 0, 100, error)))
    return FALSE;
  seen->n += found->len;
  g_array_unref(found);
  if (!(found = casa_reader_events(reader, 0, G_MAXINT64, error)))
    return FALSE;
  seen->n += found->len;
  g_array_unref(found);
  return look_at_columns(reader, seen, error);
}

static void
look_with(CasaReader *reader, const Seen *expected)
{
  g_autoptr(GError) error = NULL;
  Seen seen;
  gboolean ok = look(reader, &seen, &error);
  disarm();
  if (!ok) {
    g_assert_nonnull(error);
    g_clear_error(&error);
    ok = look(reader, &seen, &error);
  }
  g_assert_no_error(error);
  g_assert_true(ok);
  g_assert_cmpuint(seen.n, ==, expected->n);
  g_assert_cmpfloat_with_epsilon(seen.sum, expected->sum, 1e-6);
}

static CasaReader *
open_reader(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  CasaReader *reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  return reader;
}

static CasaReader *
open_after_a_life(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  start_over(f);
  arm(&f->store->statements, -1, 0);
  live(f);
  disarm();
  g_assert_true(put_at(f, "a", T0 + 5 * HOUR, 9, &error)); /* something unsealed */
  g_assert_true(put_at(f, "a", T0 + 5, 9, &error));
  g_assert_true(put_at(f, "b", T0 + 1, 9, &error));
  return open_reader(f);
}

static void
test_reading(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  Seen expected;
  CasaReader *reader = open_after_a_life(f);
  arm(&reader->statements, -1, 0);
  g_assert_true(look(reader, &expected, &error));
  gint64 steps = steps_taken();
  disarm();
  for (int i = 0; i < CASA_READ_N; i++) {
    arm(&reader->statements, i, 0);
    look_with(reader, &expected);
    forget_prepared(&reader->statements);
  }
  for (int round = 0; round < 300; round++) {
    if (round % 10 == 0) { /* one that has yet to follow the journal */
      casa_reader_close(reader);
      reader = open_reader(f);
    }
    arm(&reader->statements, -1, 1 + (gint64)(g_test_rand_double() * (double)steps));
    look_with(reader, &expected);
  }
  casa_reader_close(reader);
}

/* As test_broken_off_everywhere(): what a screen asks says why it got no answer, wherever that was. */
static void
test_reading_broken_off_everywhere(Fixture *f, gconstpointer data)
{
  Seen seen;
  CasaReader *reader = open_after_a_life(f);
  gboolean ok = FALSE;
  for (gint64 step = 1; !ok || has_broken(); step += 1 + step / 300) {
    g_autoptr(GError) error = NULL;
    arm(&reader->statements, -1, step);
    ok = look(reader, &seen, &error);
    if (!ok && !strstr(error->message, "interrupted"))
      g_error("step %" G_GINT64_FORMAT ": %s", step, error->message);
  }
  casa_reader_close(reader);
}

static gboolean
break_off_cb(gint64 done, gint64 all, gpointer data)
{
  guint *looks = data;
  g_assert_cmpint(done, <=, all);
  return --*looks > 0;
}

/* A copy is there whole or not at all, whatever stands in its way. */
static void
test_backup(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  CasaReader *reader = open_after_a_life(f);
  g_autofree char *copy = g_build_filename(f->folder, "copy.db", NULL), *part = g_strconcat(copy, ".part", NULL);
  g_autofree char *inside = g_build_filename(part, "x", NULL), *nowhere = g_build_filename(f->folder, "no", "copy.db", NULL);
  guint looks = 1;
  for (guint i = 0; i < 6000; i++)
    g_assert_true(put_at(f, "c", T0 + 5 * HOUR + i, i, NULL));
  g_assert_false(casa_reader_backup(reader, copy, break_off_cb, &looks, &error)); /* at the first look */
  g_assert_nonnull(strstr(error->message, "broken off"));
  g_clear_error(&error);
  g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS) || g_file_test(part, G_FILE_TEST_EXISTS));
  looks = 1000000;
  g_assert_false(casa_reader_backup(reader, nowhere, NULL, NULL, &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
  g_assert_cmpint(g_mkdir(part, 0700), ==, 0);
  g_assert_true(g_file_set_contents(inside, "x", 1, NULL));
  g_assert_false(casa_reader_backup(reader, copy, NULL, NULL, &error)); /* a folder has the name of the part */
  g_assert_nonnull(strstr(error->message, "taken away"));
  g_clear_error(&error);
  g_assert_cmpint(g_unlink(inside), ==, 0);
  g_assert_cmpint(g_rmdir(part), ==, 0);
  g_assert_true(g_file_set_contents(part, "of a run that died", -1, NULL));
  g_assert_true(casa_reader_backup(reader, copy, break_off_cb, &looks, &error));
  g_assert_no_error(error);
  g_assert_cmpint(ask_int(copy, "SELECT count(*) FROM reading"), ==, ask_int(f->path, "SELECT count(*) FROM reading"));
  g_assert_false(casa_reader_backup(reader, copy, NULL, NULL, &error)); /* never over what is there */
  g_assert_nonnull(strstr(error->message, "is there already"));
  casa_reader_close(reader);
  g_assert_cmpint(g_unlink(copy), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/faults/refused", test_refused);
  ADD("/store/faults/refused-after-restart", test_refused_after_restart);
  ADD("/store/faults/refused-at-the-end-of-a-pass", test_refused_at_the_end_of_a_pass);
  ADD("/store/faults/broken-off-everywhere", test_broken_off_everywhere);
  ADD("/store/faults/broken-off", test_broken_off);
  ADD("/store/faults/reading-broken-off-everywhere", test_reading_broken_off_everywhere);
  ADD("/store/faults/reading", test_reading);
  ADD("/store/faults/backup", test_backup);
  return g_test_run();
}
