/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time-units.h"
#include "process.h"
#include "ui/data/keepsakes.h"
#include "ui/data/note-flags.h"
#include "ui/data/window-stats.h"
#include "ui/desk/explore-view.h"
#include <math.h>

/* --- Links --- */

static void
round_trip(const CasaExploreView *view)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *link = casa_explore_view_link(view), *again = NULL;
  CasaExploreView read;

  const gboolean right = casa_explore_view_parse(&read, link, &error);
  g_assert_no_error(error);
  g_assert_true(right);
  g_assert_cmpuint(read.n_curves, ==, view->n_curves);
  for (guint i = 0; i < view->n_curves; i++)
    g_assert_cmpstr(read.curves[i], ==, view->curves[i]);
  g_assert_cmpint(read.span_ms, ==, view->span_ms);
  g_assert_cmpint(read.from_ms, ==, view->from_ms);
  g_assert_cmpint(read.to_ms, ==, view->to_ms);
  g_assert_cmpint(read.compare, ==, view->compare);
  g_assert_cmpint(read.list, ==, view->list);
  g_assert_cmpstr(read.find, ==, view->find);
  again = casa_explore_view_link(&read);
  g_assert_cmpstr(again, ==, link);
  casa_explore_view_clear(&read);
}

static void
test_link(void)
{
  CasaExploreView view;

  casa_explore_view_init(&view);
  round_trip(&view);
  g_assert_true(casa_explore_view_add(&view, "city/air/air-maarif/pm10"));
  g_assert_true(casa_explore_view_add(&view, "equipe 7/été/a&b=c%?/x#y"));
  g_assert_false(casa_explore_view_add(&view, "city/air/air-maarif/pm10"));
  g_assert_false(casa_explore_view_add(&view, "city/air/air-maarif"));
  view.from_ms = 1779364800123;
  view.to_ms = view.from_ms + CASA_HOUR_MS;
  view.span_ms = 7 * CASA_DAY_MS;
  view.compare = CASA_COMPARE_WEEK;
  view.list = CASA_LIST_SILENT;
  g_free(view.find);
  view.find = g_strdup("Aïn & Sebaâ=1%");
  round_trip(&view);
  casa_explore_view_remove(&view, 0);
  g_assert_cmpuint(view.n_curves, ==, 1);
  g_assert_cmpstr(view.curves[0], ==, "equipe 7/été/a&b=c%?/x#y");
  round_trip(&view);
  casa_explore_view_clear(&view);
}

static void
test_link_wrong(void)
{
  static const char *const wrong[] = { "a/b/c",
                                       "a/b/c/d,e",
                                       "casa-pulse:explored",
                                       "casa-pulse:explore?curve=a/b/c",
                                       "casa-pulse:explore?span=2y",
                                       "casa-pulse:explore?span=0s",
                                       "casa-pulse:explore?compare=month",
                                       "casa-pulse:explore?from=yesterday",
                                       "casa-pulse:explore?from=2026-05-21T18:00:00Z",
                                       "casa-pulse:explore?nonsense=1",
                                       "casa-pulse:explore?curve",
                                       "casa-pulse:explore?find=%zz",
                                       "a/b/c/1,a/b/c/2,a/b/c/3,a/b/c/4,a/b/c/5" };

  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    CasaExploreView view;
    if (casa_explore_view_parse(&view, wrong[i], &error))
      g_error("%s was taken", wrong[i]);
    g_assert_nonnull(error);
    casa_explore_view_clear(&view);
  }
}

/* --- Statistics --- */

/* Columns a second wide, from 0: NAN is empty. */
static CasaColumns *
columns_of(const double *values, guint n)
{
  CasaColumns *columns = g_new0(CasaColumns, 1);

  columns->width_ms = 1000;
  columns->n = n;
  columns->columns = g_new0(CasaTimeColumn, n);
  for (guint i = 0; i < n; i++)
    columns->columns[i] = (CasaTimeColumn){ values[i], values[i], values[i], values[i], values[i], isnan(values[i]) ? 0 : 1 };
  return columns;
}

static void
test_stats(void)
{
  double values[100];

  for (guint i = 0; i < 100; i++)
    values[i] = i + 1;
  g_autoptr(CasaColumns) columns = columns_of(values, 100);
  CasaWindowStats s = casa_window_stats(columns, 0, 100000, 5000);
  g_assert_cmpuint(s.n, ==, 100);
  g_assert_cmpfloat(s.min, ==, 1);
  g_assert_cmpfloat(s.max, ==, 100);
  g_assert_cmpfloat(s.mean, ==, 50.5);
  g_assert_cmpfloat(s.median, ==, 50);
  g_assert_cmpfloat(s.p95, ==, 95);
  g_assert_true(s.exact);
  g_assert_cmpuint(s.n_gaps, ==, 0);
  g_assert_cmpfloat(s.coverage, ==, 1);
  columns->columns[3].n = 7; /* a mean of seven weighs as seven */
  s = casa_window_stats(columns, 0, 100000, 5000);
  g_assert_cmpuint(s.n, ==, 106);
  g_assert_false(s.exact);
  s = casa_window_stats(columns, 10000, 20000, 5000);
  g_assert_cmpuint(s.n, ==, 10);
  g_assert_cmpfloat(s.min, ==, 11);
}

static void
test_stats_silence(void)
{
  double values[200];

  /* One a second, silent for 40 s in between and for the last 20 s. */
  for (guint i = 0; i < 200; i++)
    values[i] = (i >= 60 && i < 100) || i >= 180 ? NAN : 5;
  g_autoptr(CasaColumns) columns = columns_of(values, 200);
  const CasaWindowStats s = casa_window_stats(columns, 0, 200000, 10000);
  g_assert_cmpuint(s.n_gaps, ==, 2);
  g_assert_cmpint(s.gaps_ms, ==, 60000);
  g_assert_cmpfloat_with_epsilon(s.coverage, 0.7, 1e-9);
  /* A past kept each half minute is no row of holes, though 10 s are promised now. */
  for (guint i = 0; i < 200; i++)
    values[i] = i % 30 == 0 ? 5 : NAN;
  g_autoptr(CasaColumns) coarse = columns_of(values, 200);
  const CasaWindowStats c = casa_window_stats(coarse, 0, 200000, 10000);
  g_assert_cmpuint(c.n_gaps, ==, 0);
  /* Nothing at all is one silence. */
  for (guint i = 0; i < 200; i++)
    values[i] = NAN;
  g_autoptr(CasaColumns) empty = columns_of(values, 200);
  const CasaWindowStats e = casa_window_stats(empty, 0, 200000, 10000);
  g_assert_cmpuint(e.n, ==, 0);
  g_assert_cmpuint(e.n_gaps, ==, 1);
  g_assert_true(isnan(e.mean));
  g_assert_cmpfloat(e.coverage, ==, 0);
}

/* --- What is kept --- */

static void
count_cb(CasaKeepsakes *keepsakes, guint *count)
{
  (*count)++;
}

static void
test_keepsakes(void)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL), *path = casa_keepsakes_path(store);
  CasaKeepsakes *first = casa_keepsakes_new(path);
  guint changes = 0;

  g_signal_connect(first, "changed", G_CALLBACK(count_cb), &changes);
  g_assert_false(casa_keepsakes_is_shown(first, "equipe-7"));
  casa_keepsakes_show(first, "equipe-7", TRUE);
  casa_keepsakes_show(first, "equipe-7", TRUE);
  casa_keepsakes_feature(first, "équipe;9");
  casa_keepsakes_set_favourite(first, "a/b/c/d;e", TRUE);
  g_assert_cmpuint(changes, ==, 3);
  g_object_unref(first);

  g_autoptr(CasaKeepsakes) second = casa_keepsakes_new(path);
  g_assert_true(casa_keepsakes_is_shown(second, "equipe-7"));
  g_assert_true(casa_keepsakes_is_shown(second, "équipe;9"));
  g_assert_cmpstr(casa_keepsakes_featured(second), ==, "équipe;9");
  g_assert_true(casa_keepsakes_is_favourite(second, "a/b/c/d;e"));
  g_autoptr(GPtrArray) shown = casa_keepsakes_shown(second);
  g_assert_cmpuint(shown->len, ==, 2);
  casa_keepsakes_show(second, "équipe;9", FALSE);
  g_assert_null(casa_keepsakes_featured(second));
  test_dir_remove(dir);
}

/* Notes stay, as they were written; only what was written since can be taken back. What is no note in the file is left out. */
static void
test_notes(void)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL), *path = casa_keepsakes_path(store);
  CasaKeepsakes *first = casa_keepsakes_new(path);

  casa_keepsakes_add_note(first, 5000, 2000, "  orage ; puis calme\n");
  casa_keepsakes_add_note(first, 7000, 7000, "  ");
  casa_keepsakes_add_note(first, 9000, 9000, "faux");
  g_assert_cmpuint(casa_keepsakes_n_notes(first), ==, 2);
  g_assert_true(casa_keepsakes_undo_note(first));
  g_object_unref(first);

  g_autoptr(CasaKeepsakes) second = casa_keepsakes_new(path);
  g_assert_cmpuint(casa_keepsakes_n_notes(second), ==, 1);
  g_assert_cmpstr(casa_keepsakes_note(second, 0)->text, ==, "orage ; puis calme");
  g_assert_cmpint(casa_keepsakes_note(second, 0)->from_ms, ==, 2000);
  g_assert_cmpint(casa_keepsakes_note(second, 0)->to_ms, ==, 5000);
  g_assert_false(casa_keepsakes_undo_note(second));
  CasaFlags *flags = casa_flags_new();
  gulong id = casa_note_flags_follow(flags, second);
  g_assert_cmpuint(casa_flags_n(flags), ==, 1);
  casa_keepsakes_add_note(second, 8000, 8000, "encore");
  g_assert_cmpuint(casa_flags_n(flags), ==, 2);
  g_assert_true(casa_flags_get(flags, 1)->note && casa_flag_concerns(casa_flags_get(flags, 1), "air"));
  g_assert_true(casa_keepsakes_undo_note(second));
  g_assert_cmpuint(casa_flags_n(flags), ==, 1);
  g_signal_handler_disconnect(second, id);
  casa_flags_free(flags);
  test_dir_remove(dir);
}

static void
test_notes_wrong(void)
{
  g_autofree char *dir = test_dir_new(), *path = g_build_filename(dir, "choices", NULL);

  g_assert_true(g_file_set_contents(path, "[notes]\n1=a;b;c\n2=5\n3=1;2;\n4=-1;2;x\n5=1;2;bon\n", -1, NULL));
  g_autoptr(CasaKeepsakes) notes = casa_keepsakes_new(path);
  g_assert_cmpuint(casa_keepsakes_n_notes(notes), ==, 1);
  g_assert_cmpstr(casa_keepsakes_note(notes, 0)->text, ==, "bon");
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/desk/link/round-trip", test_link);
  g_test_add_func("/desk/link/wrong", test_link_wrong);
  g_test_add_func("/desk/stats/numbers", test_stats);
  g_test_add_func("/desk/stats/silence", test_stats_silence);
  g_test_add_func("/desk/keepsakes", test_keepsakes);
  g_test_add_func("/desk/notes/kept", test_notes);
  g_test_add_func("/desk/notes/wrong", test_notes_wrong);
  return g_test_run();
}
