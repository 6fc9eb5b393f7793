/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-revision.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT(1779385327000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define COLUMNS 600 /* of six seconds */

typedef struct {
  CasaPyramid *data;
  CasaChartGap gaps[2];
  char texts[7][8];
  CasaChartPicture picture;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  f->data = casa_pyramid_new(100);
  casa_pyramid_add(f->data, NOW - 1000, 1);
  f->gaps[0] = (CasaChartGap){ NOW - HOUR / 2, NOW - HOUR / 4 };
  for (guint i = 0; i < G_N_ELEMENTS(f->texts); i++)
    g_snprintf(f->texts[i], sizeof f->texts[i], "text %u", i);
  memset(&f->picture, 0, sizeof f->picture);
  f->picture.from_ms = NOW - HOUR;
  f->picture.to_ms = NOW;
  f->picture.now_ms = NOW;
  f->picture.n_lines = 1;
  f->picture.lines[0].data = f->data;
  f->picture.lines[0].name = f->texts[0];
  f->picture.n_limits = 1;
  f->picture.limits[0].name = f->texts[1];
  f->picture.limits[0].short_name = f->texts[6];
  f->picture.gaps = f->gaps;
  f->picture.n_gaps = 1;
  f->picture.gap_text = f->texts[2];
  f->picture.unit = f->texts[3];
  f->picture.font = f->texts[4];
  f->picture.empty_text = f->texts[5];
  f->picture.theme = casa_theme_get("dark");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_pyramid_free(f->data);
}

static guint64
revision(Fixture *f)
{
  return casa_chart_revision(&f->picture, COLUMNS);
}

/* Whatever a field is called, and whichever comes to be added: no byte of the picture is without effect. Times have a test of
 * their own; pointers and counts are not followed to where nothing is. */
static void
test_every_byte(Fixture *f, gconstpointer data)
{
  guint8 *bytes = (guint8 *)&f->picture;
  const guint64 before = revision(f);
  for (gsize at = offsetof(CasaChartPicture, gap_ms); at < sizeof f->picture; at++) {
    const gsize line_data = offsetof(CasaChartPicture, lines) + offsetof(CasaChartLine, data);
    const struct {
      gsize at, size;
    } skipped[] = {
      { line_data, 2 * sizeof(gpointer) }, /* data and name of line 0, told below */
      { offsetof(CasaChartPicture, n_lines), sizeof(guint) },
      { offsetof(CasaChartPicture, ahead) + offsetof(CasaChartAhead, low),
        2 * sizeof(gpointer) }, /* test-chart-ahead.c has them */
      { offsetof(CasaChartPicture, ahead) + offsetof(CasaChartAhead, badge), sizeof(gpointer) },
      { offsetof(CasaChartPicture, limits) + offsetof(CasaChartLimit, name), sizeof(gpointer) },
      { offsetof(CasaChartPicture, limits) + offsetof(CasaChartLimit, short_name), sizeof(gpointer) },
      { offsetof(CasaChartPicture, n_limits), sizeof(guint) },
      { offsetof(CasaChartPicture, gaps), sizeof(gpointer) },
      { offsetof(CasaChartPicture, n_gaps), sizeof(guint) },
      { offsetof(CasaChartPicture, n_flags), sizeof(guint) },
      { offsetof(CasaChartPicture, gap_text), sizeof(gpointer) },
      { offsetof(CasaChartPicture, unit), sizeof(gpointer) },
      { offsetof(CasaChartPicture, font), sizeof(gpointer) },
      { offsetof(CasaChartPicture, empty_text), sizeof(gpointer) },
    };
    gboolean skip = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(skipped); i++)
      skip |= at >= skipped[i].at && at < skipped[i].at + skipped[i].size;
    if (skip)
      continue;
    bytes[at] ^= 0x5a;
    if (revision(f) == before)
      g_error("byte %" G_GSIZE_FORMAT " of the picture is forgotten", at);
    bytes[at] ^= 0x5a;
  }
  g_assert_cmpuint(revision(f), ==, before);
}

static void
assert_changed(Fixture *f, guint64 *last)
{
  const guint64 now = revision(f);
  g_assert_cmpuint(now, !=, *last);
  *last = now;
}

/* What pointers point at, and how many there are of it. */
static void
test_what_it_points_at(Fixture *f, gconstpointer data)
{
  guint64 last = revision(f);
  for (guint i = 0; i < G_N_ELEMENTS(f->texts); i++) {
    f->texts[i][2]++; /* in place, as a buffer that is written anew */
    assert_changed(f, &last);
  }
  casa_pyramid_add(f->data, NOW - 1000, 2); /* corrected in place */
  assert_changed(f, &last);
  casa_pyramid_add(f->data, NOW - 1000, 2); /* the same once more */
  g_assert_cmpuint(revision(f), ==, last);
  casa_pyramid_clear(f->data);
  assert_changed(f, &last);
  f->gaps[0].to_ms += 60000;
  assert_changed(f, &last);
  f->picture.n_gaps = 2;
  assert_changed(f, &last);
  char text[] = "chergui";
  CasaChartFlag flag = { NOW - 60 * 60000, NOW, "!", text, { 1, 0, 0 } };
  f->picture.flags = &flag;
  f->picture.n_flags = 1;
  assert_changed(f, &last);
  text[2]++;
  assert_changed(f, &last);
  flag.from_ms -= 10 * 60000;
  assert_changed(f, &last);
  flag.colour.g = 0.5;
  assert_changed(f, &last);
  f->picture.n_flags = 0;
  assert_changed(f, &last);
  f->picture.flags = NULL;
  f->picture.n_lines = 2;
  assert_changed(f, &last);
  f->picture.n_limits = 2;
  assert_changed(f, &last);
  f->picture.gap_text = NULL;
  assert_changed(f, &last);
  g_assert_cmpuint(casa_chart_revision(&f->picture, COLUMNS + 1), !=, last);
}

/* Another series at the address of one that is gone. */
static void
test_another_series(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaPyramid) other = casa_pyramid_new(100);
  g_assert_cmpuint(casa_pyramid_revision(other), !=, casa_pyramid_revision(f->data));
}

/* A window that moves by less than a column looks the same; by a column it does not. */
static void
test_times_in_columns(Fixture *f, gconstpointer data)
{
  const gint64 column = HOUR / COLUMNS;
  guint64 last;
  f->picture.from_ms = NOW / column * column - HOUR;
  f->picture.to_ms = f->picture.now_ms = f->picture.from_ms + HOUR;
  f->picture.from_ms += 1;
  f->picture.to_ms += 1;
  f->picture.now_ms += 1;
  last = revision(f);
  for (gint64 ms = 501; ms < column; ms += 500) {
    f->picture.from_ms += 500;
    f->picture.to_ms += 500;
    f->picture.now_ms += 500;
    g_assert_cmpuint(revision(f), ==, last);
  }
  f->picture.from_ms += column;
  f->picture.to_ms += column;
  f->picture.now_ms += column;
  assert_changed(f, &last);
  f->picture.now_ms -= 2 * column;
  assert_changed(f, &last);
  f->picture.now_ms = 0;
  assert_changed(f, &last);
  f->picture.to_ms += HOUR;
  assert_changed(f, &last);
}

/* The last hour of a day is wider, so that it moves sooner than the day; it moves on at each minute at the latest. */
static void
test_last_pane_in_columns(Fixture *f, gconstpointer data)
{
  const gint64 minute = 60 * 1000;
  f->picture.from_ms = NOW / minute * minute - 24 * HOUR;
  f->picture.to_ms = f->picture.now_ms = f->picture.from_ms + 24 * HOUR;
  f->picture.last_pane_ms = HOUR;
  guint64 last = casa_chart_revision(&f->picture, 100);
  for (guint i = 0; i < 5; i++) {
    f->picture.from_ms += minute;
    f->picture.to_ms += minute;
    f->picture.now_ms += minute;
    const guint64 next = casa_chart_revision(&f->picture, 100);
    g_assert_cmpuint(next, !=, last);
    last = next;
  }
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/ui/chart/revision/every-byte", test_every_byte);
  ADD("/ui/chart/revision/what-it-points-at", test_what_it_points_at);
  ADD("/ui/chart/revision/another-series", test_another_series);
  ADD("/ui/chart/revision/times-in-columns", test_times_in_columns);
  ADD("/ui/chart/revision/last-pane-in-columns", test_last_pane_in_columns);
  return g_test_run();
}
