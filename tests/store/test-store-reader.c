/* SPDX-License-Identifier: Apache-2.0 */
#include <malloc.h>
#include <string.h>

#include "fixture.h"

#define T0 G_GINT64_CONSTANT(1779321600000) /* a whole hour and day */
#define MINUTE G_GINT64_CONSTANT(60000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define DAY G_GINT64_CONSTANT(86400000)
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static CasaReader *
open_reader(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  CasaReader *reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  return reader;
}

static GArray *
series(CasaReader *reader, guint id, gint64 from, gint64 to, guint max, gint64 *width)
{
  g_autoptr(GError) error = NULL;
  GArray *buckets = casa_reader_series(reader, id, from, to, max, width, &error);
  g_assert_no_error(error);
  g_assert_nonnull(buckets);
  return buckets;
}

static const CasaBucket *
bucket(GArray *buckets, guint i)
{
  g_assert_cmpuint(i, <, buckets->len);
  return &g_array_index(buckets, CasaBucket, i);
}

static void
upkeep(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
}

static void
test_raw(Fixture *f, gconstpointer data)
{
  gint64 width = -1;
  for (int i = 0; i < 10; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) some = series(reader, 0, T0 + 2000, T0 + 5000, 100, &width); /* [from, to) */
  g_assert_cmpint(width, ==, 0);
  g_assert_cmpuint(some->len, ==, 3);
  g_assert_cmpint(bucket(some, 0)->t_ms, ==, T0 + 2000);
  g_assert_cmpuint(bucket(some, 0)->n, ==, 1);
  g_assert_cmpfloat(bucket(some, 2)->min, ==, 4);
  g_assert_cmpfloat(bucket(some, 2)->last, ==, 4);
  /* Seen at once by a reader that was open before. */
  put_one(f, "a", T0 + 20000, "pm10", 20);
  g_autoptr(GArray) all = series(reader, 0, 0, G_MAXINT64, 100, &width);
  g_assert_cmpuint(all->len, ==, 11);
}

/* What it gave back it reads again, sealed or not, and follows what comes. */
static void
test_rest(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 5; i++)
    put_one(f, "a", T0 + i * 1000, "pm10", i);
  upkeep(f);
  put_one(f, "a", T0 + 5000, "pm10", 5);
  g_autoptr(CasaReader) reader = open_reader(f);
  for (guint n = 6; n < 9; n++) {
    g_autoptr(GArray) all = series(reader, 0, 0, G_MAXINT64, 100, NULL);
    g_assert_cmpuint(all->len, ==, n);
    g_assert_cmpfloat(bucket(all, n - 1)->last, ==, n - 1);
    casa_reader_rest(reader);
    if (n == 7)
      upkeep(f);
    put_one(f, "a", T0 + n * 1000, "pm10", n);
  }
}

static void
test_nothing(Fixture *f, gconstpointer data)
{
  gint64 width = -1;
  put_one(f, "a", T0, "pm10", 1);
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) before = series(reader, 0, T0 - DAY, T0, 10, &width);
  g_autoptr(GArray) after = series(reader, 0, T0 + 1, T0 + DAY, 10, &width);
  g_autoptr(GArray) upside_down = series(reader, 0, T0 + 1, T0, 10, &width);
  g_autoptr(GArray) unknown = series(reader, 77, 0, G_MAXINT64, 10, &width);
  g_assert_cmpuint(before->len + after->len + upside_down->len + unknown->len, ==, 0);
  g_autoptr(GArray) everything = series(reader, 0, G_MININT64, G_MAXINT64, 0, NULL);
  g_assert_cmpuint(everything->len, ==, 1);
}

/* Two days at one sample a minute in 100 columns: hours, the outage stays a hole, sums are exact. */
static void
test_wide(Fixture *f, gconstpointer data)
{
  gint64 width = 0;
  guint n = 0;
  for (gint64 t = T0; t < T0 + 2 * DAY; t += MINUTE)
    if (t < T0 + 10 * HOUR || t >= T0 + 14 * HOUR)
      put_one(f, "a", t, "pm10", (double)((t - T0) / HOUR));
  upkeep(f);
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) hours = series(reader, 0, T0, T0 + 2 * DAY, 50, &width);
  g_assert_cmpint(width, ==, HOUR);
  g_assert_cmpuint(hours->len, ==, 44);
  g_assert_cmpint(bucket(hours, 9)->t_ms, ==, T0 + 9 * HOUR);
  g_assert_cmpint(bucket(hours, 10)->t_ms, ==, T0 + 14 * HOUR);
  g_assert_cmpfloat(bucket(hours, 10)->mean, ==, 14);
  g_autoptr(GArray) fine = series(reader, 0, T0, T0 + 2 * DAY, 600, &width);
  g_assert_cmpint(width, ==, 5 * MINUTE);
  for (guint i = 0; i < fine->len; i++)
    n += bucket(fine, i)->n;
  g_assert_cmpuint(n, ==, 44 * 60);
  g_assert_cmpuint(fine->len, <=, 600);
}

/* A short range of a quick series keeps its spikes in every column. */
static void
test_merged_raw(Fixture *f, gconstpointer data)
{
  gint64 width = 0;
  for (int i = 0; i < 600; i++)
    put_one(f, "a", T0 + i * 100, "pm10", i == 333 ? 1000 : 1);
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) minute = series(reader, 0, T0, T0 + MINUTE, 60, &width);
  g_assert_cmpint(width, ==, 1000);
  g_assert_cmpuint(minute->len, ==, 60);
  g_assert_cmpfloat(bucket(minute, 33)->max, ==, 1000);
  g_assert_cmpfloat(bucket(minute, 33)->min, ==, 1);
  g_assert_cmpfloat(bucket(minute, 32)->max, ==, 1);
}

/* Raw samples that have expired are still drawn from what remembers them. */
static void
test_after_retention(Fixture *f, gconstpointer data)
{
  gint64 width = 0;
  g_autoptr(GError) error = NULL;
  f->options.retention_ms = HOUR;
  fixture_reopen(f);
  for (gint64 t = T0; t < T0 + 3 * DAY; t += 10 * MINUTE)
    put_one(f, "a", t, "pm10", 5);
  g_assert_true(casa_store_upkeep(f->store, T0 + 3 * DAY, &error));
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) all = series(reader, 0, 0, G_MAXINT64, 5000, &width);
  g_assert_cmpint(width, ==, HOUR);
  g_assert_cmpuint(all->len, ==, 72);
  g_autoptr(GArray) today = series(reader, 0, T0 + 2 * DAY + HOUR, T0 + 3 * DAY, 5000, &width);
  g_assert_cmpint(width, ==, HOUR);
  g_assert_cmpuint(today->len, ==, 23);
  g_autoptr(GArray) now = series(reader, 0, T0 + 3 * DAY - HOUR, T0 + 3 * DAY, 5000, &width);
  g_assert_cmpint(width, ==, 0);
  g_assert_cmpuint(now->len, ==, 6);
}

static void
test_latest(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  put_one(f, "a", T0 + 1000, "pm10", 1);
  put_one(f, "a", T0, "pm10", 2); /* late */
  put_one(f, "b", T0 + 3000, "no2", 3);
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) latest = casa_reader_latest(reader, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(latest->len, ==, 2);
  const CasaLatest *a = &g_array_index(latest, CasaLatest, 0), *b = &g_array_index(latest, CasaLatest, 1);
  g_assert_cmpint(a->t_ms, ==, T0 + 1000);
  g_assert_cmpint(a->received_ms, ==, T0 + 1005);
  g_assert_cmpfloat(a->value, ==, 1);
  g_assert_cmpuint(b->series, ==, 1);
  g_assert_cmpfloat(b->value, ==, 3);
}

static void
test_gaps(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_put_gap(f->store, T0, T0 + 1000, "broker lost", &error));
  g_assert_true(casa_store_put_gap(f->store, T0 + 5000, T0 + 9000, "program not running", &error));
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) touched = casa_reader_gaps(reader, T0 + 1000, T0 + 6000, &error);
  g_assert_cmpuint(touched->len, ==, 1);
  g_assert_cmpint(g_array_index(touched, CasaGap, 0).start_ms, ==, T0 + 5000);
  g_autoptr(GArray) all = casa_reader_gaps(reader, 0, G_MAXINT64, &error);
  g_assert_cmpuint(all->len, ==, 2);
}

/* --- Folding --- */

/* Ten substations; number i reads 10·(i+1). In minutes 5-9 the last two are silent, in 10-14 the last three. */
static void
fill_substations(Fixture *f)
{
  for (int m = 0; m < 20; m++)
    for (int i = 0; i < 10; i++) {
      g_autofree char *station = g_strdup_printf("sub-%d", i);
      gboolean silent = (m / 5 == 1 && i >= 8) || (m / 5 == 2 && i >= 7);
      if (!silent) {
        put_one(f, station, T0 + m * MINUTE, "load_mw", 10 * (i + 1) - 1);
        put_one(f, station, T0 + m * MINUTE + 30000, "load_mw", 10 * (i + 1) + 1);
      }
    }
  put_one(f, "ev-1", T0, "load_mw", 1e6);
  put_one(f, "sub-0", T0, "solar_mw", 1e6);
}

static GArray *
fold(CasaReader *reader, const char *source, const char *prefix, gint64 width, CasaFold how)
{
  g_autoptr(GError) error = NULL;
  GArray *buckets = casa_reader_fold(reader, source, "air", prefix, "load_mw", T0, T0 + HOUR, width, how, &error);
  g_assert_no_error(error);
  return buckets;
}

static void
test_fold(Fixture *f, gconstpointer data)
{
  fill_substations(f);
  g_autoptr(CasaReader) reader = open_reader(f);
  for (int round = 0; round < 2; round++) {
    g_autoptr(GArray) sum = fold(reader, NULL, "sub-", 5 * MINUTE, CASA_FOLD_SUM);
    g_assert_cmpuint(sum->len, ==, 3); /* 8 of 10 are a total, 7 of 10 are not */
    g_assert_cmpfloat(bucket(sum, 0)->mean, ==, 550);
    g_assert_cmpuint(bucket(sum, 0)->n, ==, 10);
    g_assert_cmpfloat(bucket(sum, 1)->mean, ==, 360);
    g_assert_cmpint(bucket(sum, 2)->t_ms, ==, T0 + 15 * MINUTE);
    g_autoptr(GArray) mean = fold(reader, "kit", "sub-", 5 * MINUTE, CASA_FOLD_MEAN);
    g_assert_cmpuint(mean->len, ==, 4);
    g_assert_cmpfloat(bucket(mean, 0)->mean, ==, 55);
    g_assert_cmpfloat(bucket(mean, 2)->mean, ==, 40);
    g_autoptr(GArray) max = fold(reader, NULL, "sub-", MINUTE, CASA_FOLD_MAX);
    g_assert_cmpuint(max->len, ==, 20);
    g_assert_cmpfloat(bucket(max, 0)->mean, ==, 101);
    g_autoptr(GArray) min = fold(reader, NULL, "", HOUR, CASA_FOLD_MIN);
    g_assert_cmpuint(min->len, ==, 1);
    g_assert_cmpfloat(bucket(min, 0)->mean, ==, 9);
    g_assert_cmpuint(bucket(min, 0)->n, ==, 11);
    g_autoptr(GArray) none = fold(reader, "city", "sub-", MINUTE, CASA_FOLD_SUM);
    g_assert_cmpuint(none->len, ==, 0);
    upkeep(f); /* the second round reads rollups instead of raw samples */
  }
}

/* A value corrected after its rollup was made is right in the fold at once. */
static void
test_fold_corrected(Fixture *f, gconstpointer data)
{
  fill_substations(f);
  upkeep(f);
  put_one(f, "sub-9", T0 + 30000, "load_mw", 99 + 500);
  g_autoptr(CasaReader) reader = open_reader(f);
  g_autoptr(GArray) sum = fold(reader, NULL, "sub-", MINUTE, CASA_FOLD_SUM);
  g_assert_cmpfloat(bucket(sum, 0)->mean, ==, 550 + 249);
  g_assert_cmpfloat(bucket(sum, 1)->mean, ==, 550);
}

/* --- Export --- */

typedef struct {
  GString *text;
  guint limit;
} Exported;

static gboolean
export_cb(const CasaExportRow *row, gpointer data)
{
  Exported *out = data;
  g_string_append_printf(out->text, "%s/%s/%s/%s %d %g %u|", row->source, row->domain, row->station, row->metric,
                         (int)(row->t_ms - T0), row->value, row->n);
  return --out->limit > 0;
}

static void
assert_export(CasaReader *reader, const CasaExportQuery *query, guint limit, const char *expected)
{
  g_autoptr(GError) error = NULL;
  Exported out = { g_string_new(NULL), limit };
  g_assert_true(casa_reader_export(reader, query, export_cb, &out, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(out.text->str, ==, expected);
  g_string_free(out.text, TRUE);
}

static void
test_export(Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 4; i++)
    put_one(f, "sub-a", T0 + i * 30000, "load_mw", i);
  put_one(f, "sub-b", T0, "load_mw", 9);
  put_one(f, "air-c", T0, "pm10", 7);
  upkeep(f);
  g_autoptr(CasaReader) reader = open_reader(f);
  CasaExportQuery query = { .station = "sub-*", .from_ms = 0, .to_ms = G_MAXINT64 };
  assert_export(reader, &query, 100,
                "kit/air/sub-a/load_mw 0 0 1|kit/air/sub-a/load_mw 30000 1 1|kit/air/sub-a/load_mw 60000 2 1|"
                "kit/air/sub-a/load_mw 90000 3 1|kit/air/sub-b/load_mw 0 9 1|");
  assert_export(reader, &query, 2, "kit/air/sub-a/load_mw 0 0 1|kit/air/sub-a/load_mw 30000 1 1|");
  query.every_ms = MINUTE;
  assert_export(reader, &query, 1, "kit/air/sub-a/load_mw 0 0.5 2|");
  assert_export(reader, &query, 100,
                "kit/air/sub-a/load_mw 0 0.5 2|kit/air/sub-a/load_mw 60000 2.5 2|kit/air/sub-b/load_mw 0 9 1|");
  /* Borders inside a minute are kept to. */
  query.from_ms = T0 + 30000;
  query.to_ms = T0 + 90000;
  assert_export(reader, &query, 100, "kit/air/sub-a/load_mw 0 1 1|kit/air/sub-a/load_mw 60000 2 1|");
  query =
    (CasaExportQuery){ .metric = "pm?0", .source = "kit", .domain = "a*", .from_ms = 0, .to_ms = G_MAXINT64, .every_ms = HOUR };
  assert_export(reader, &query, 100, "kit/air/air-c/pm10 0 7 1|");
  query.domain = "energy";
  assert_export(reader, &query, 100, "");
}

typedef struct {
  guint rows;
  gsize most; /* bytes that the program holds while rows come */
} Held;

static gsize
held_now(void)
{
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

static gboolean
held_cb(const CasaExportRow *row, gpointer data)
{
  Held *held = data;
  if (held->rows++ % 1000 == 0)
    held->most = MAX(held->most, held_now());
  return TRUE;
}

/* As many buckets as there are samples: they pass through, and are not gathered first. */
static void
test_export_is_bounded(Fixture *f, gconstpointer data)
{
  const guint samples = 60000;
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < samples; i++)
    put_one(f, "a", T0 + i * 100, "pm10", i % 50);
  upkeep(f);
  g_autoptr(CasaReader) reader = open_reader(f);
  const CasaExportQuery query = { .from_ms = 0, .to_ms = G_MAXINT64, .every_ms = 1 };
  gsize before = held_now();
  Held held = { 0, before };
  g_assert_true(casa_reader_export(reader, &query, held_cb, &held, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(held.rows, ==, samples);
  g_assert_cmpuint(held.most - before, <, samples * sizeof(CasaBucket) / 3);
}

/* --- Opening --- */

static void
test_not_there(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(f->folder, "none.db", NULL);
  g_assert_null(casa_reader_open(path, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_ABSENT);
  g_assert_nonnull(strstr(error->message, path));
  g_clear_error(&error);
  g_assert_true(g_file_set_contents(path, "not a database, but long enough to look at", -1, NULL));
  g_assert_null(casa_reader_open(path, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_CORRUPT);
}

static void
assert_not_opened(const char *path, const char *harm, CasaErrorCode code, const char *words)
{
  g_autoptr(GError) error = NULL;
  sqlite3 *db;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(db, harm, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close(db);
  g_assert_null(casa_reader_open(path, &error));
  g_assert_error(error, CASA_ERROR, (int)code);
  g_assert_nonnull(strstr(error->message, path));
  g_assert_nonnull(strstr(error->message, words));
}

static void
test_versions(Fixture *f, gconstpointer data)
{
  put_one(f, "a", T0, "pm10", 1);
  g_clear_pointer(&f->store, casa_store_close);
  assert_not_opened(f->path, "PRAGMA user_version = 99", CASA_ERROR_STORE_NEWER, "newer program");
  assert_not_opened(f->path, "PRAGMA user_version = 1", CASA_ERROR_IO, "older program");
  assert_not_opened(f->path, "PRAGMA application_id = 5", CASA_ERROR_IO, "not a store");
  casa_reader_close(NULL);
}

static CasaEvent
cut_of(const char *id, gint64 start_ms, gint64 end_ms)
{
  CasaEvent e = { .start_ms = start_ms, .end_ms = end_ms, .intensity = 0.5, .simulated = TRUE };
  g_strlcpy(e.source, "city", sizeof e.source);
  g_strlcpy(e.id, id, sizeof e.id);
  g_strlcpy(e.event, "power-cut", sizeof e.event);
  g_strlcpy(e.place, "maarif", sizeof e.place);
  g_strlcpy(e.district, "maarif", sizeof e.district);
  return e;
}

static gboolean
put_event(Fixture *f, const CasaEvent *event, gint64 received_ms)
{
  g_autoptr(GError) error = NULL;
  gboolean changed;
  guint revision = casa_store_event_revision(f->store);
  g_assert_true(casa_store_put_event(f->store, event, received_ms, &changed, &error));
  g_assert_cmpuint(casa_store_event_revision(f->store) - revision, ==, changed);
  return changed;
}

static GArray *
events_of(Fixture *f, gint64 from_ms, gint64 to_ms)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  GArray *found = casa_reader_events(reader, from_ms, to_ms, &error);
  g_assert_no_error(error);
  return found;
}

static void
test_events(Fixture *f, gconstpointer data)
{
  CasaEvent cut = cut_of("power-cut-1", T0, T0 + 60000), works = cut_of("works", T0 + 1000, CASA_EVENT_OPEN);
  CasaEvent over = { .over = TRUE };
  g_assert_true(put_event(f, &cut, T0));
  g_assert_false(put_event(f, &cut, T0 + 1)); /* retained, and told again at a reconnection */
  g_assert_true(put_event(f, &works, T0 + 1000));
  g_autoptr(GArray) both = events_of(f, T0 + 2000, T0 + 3000);
  g_assert_cmpuint(both->len, ==, 2);
  g_assert_true(casa_event_equal(&g_array_index(both, CasaEvent, 0), &cut));
  g_assert_true(casa_event_equal(&g_array_index(both, CasaEvent, 1), &works));
  cut.intensity = 0.75;
  g_assert_true(put_event(f, &cut, T0 + 2000));
  /* Over before its time, and the one without an end. */
  g_strlcpy(over.source, "city", sizeof over.source);
  g_strlcpy(over.id, "power-cut-1", sizeof over.id);
  g_assert_true(put_event(f, &over, T0 + 5000));
  g_assert_false(put_event(f, &over, T0 + 6000));
  g_strlcpy(over.id, "works", sizeof over.id);
  g_assert_true(put_event(f, &over, T0 + 7000));
  g_strlcpy(over.id, "nothing", sizeof over.id);
  g_assert_false(put_event(f, &over, T0 + 7000));
  g_autoptr(GArray) late = events_of(f, T0 + 6000, T0 + 8000), early = events_of(f, T0 - 5000, T0),
                    ended = events_of(f, T0, T0 + 1);
  g_assert_cmpuint(late->len, ==, 1);
  g_assert_cmpint(g_array_index(late, CasaEvent, 0).end_ms, ==, T0 + 7000);
  g_assert_cmpuint(early->len, ==, 0);
  g_assert_cmpint(g_array_index(ended, CasaEvent, 0).end_ms, ==, T0 + 5000);
  g_assert_cmpfloat(g_array_index(ended, CasaEvent, 0).intensity, ==, 0.75);
  /* Said again after its end: it goes on. */
  g_assert_true(put_event(f, &cut, T0 + 8000));
  g_autofree char *row =
    ask_text(f->path, "SELECT start_ms || ' ' || end_ms || ' ' || kind || ' ' || place || ' ' || intensity ||"
                      " ' ' || source || ' ' || simulated FROM event WHERE id = 'power-cut-1'");
  g_autofree char *expected =
    g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " power-cut maarif 0.75 city 1", (gint64)T0, (gint64)T0 + 60000);
  g_assert_cmpstr(row, ==, expected);
}

/* Who measures what, as of now; half a position is none, and a catalogue with holes is no catalogue. */
static void
test_catalogue(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL, hole = NULL, gone = NULL;
  put_one(f, "a", T0, "pm10", 1);
  put_one(f, "b", T0, "no2", 2);
  g_autoptr(CasaReader) reader = open_reader(f);
  fixture_change(
    f, "UPDATE station SET lat = 33.5, lon = NULL WHERE id = 1; UPDATE station SET lat = 33.5, lon = -7.6 WHERE id = 2");
  g_autoptr(CasaCatalogue) all = casa_reader_catalogue(reader, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(casa_catalogue_n_stations(all), ==, 2);
  g_assert_cmpuint(casa_catalogue_n_series(all), ==, 2);
  g_assert_cmpstr(casa_catalogue_station(all, 0)->station, ==, "a");
  g_assert_false(casa_catalogue_station(all, 0)->has_position);
  g_assert_true(casa_catalogue_station(all, 1)->has_position);
  g_assert_cmpfloat(casa_catalogue_station(all, 1)->lon, ==, -7.6);
  fixture_change(f, "PRAGMA foreign_keys = OFF; DELETE FROM series WHERE id = 1");
  g_assert_null(casa_reader_catalogue(reader, &hole));
  g_assert_error(hole, CASA_ERROR, CASA_ERROR_STORE_CORRUPT);
  g_assert_nonnull(strstr(hole->message, "row 1 of table series is missing"));
  fixture_change(f, "ALTER TABLE station RENAME TO lost");
  g_assert_null(casa_reader_catalogue(reader, &gone));
  g_assert_nonnull(gone);
  g_assert_nonnull(strstr(gone->message, f->path));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/reader/raw", test_raw);
  ADD("/store/reader/rest", test_rest);
  ADD("/store/reader/nothing", test_nothing);
  ADD("/store/reader/wide", test_wide);
  ADD("/store/reader/merged-raw", test_merged_raw);
  ADD("/store/reader/after-retention", test_after_retention);
  ADD("/store/reader/latest", test_latest);
  ADD("/store/reader/gaps", test_gaps);
  ADD("/store/reader/fold", test_fold);
  ADD("/store/reader/fold-corrected", test_fold_corrected);
  ADD("/store/reader/export", test_export);
  ADD("/store/reader/export-is-bounded", test_export_is_bounded);
  ADD("/store/reader/versions", test_versions);
  ADD("/store/reader/not-there", test_not_there);
  ADD("/store/reader/events", test_events);
  ADD("/store/reader/catalogue", test_catalogue);
  return g_test_run();
}
