/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"
#include "store/refused.h"

/* What one source sends costs nobody else what is stored of him: refused messages, events, samples under max_size. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define MAX_SIZE (1500 * 1000)
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, fixture_tear_down)

static void
set_up(Fixture *f, gconstpointer data)
{
  fixture_set_up(f, data);
  f->options.root = "casa/v1";
  f->options.own = "city";
  fixture_reopen(f);
}

static void
refuse(Fixture *f, const char *source, guint i, const char *payload, gsize len)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *topic = g_strdup_printf("casa/v1/%s/air/a", source);
  gboolean ok =
    casa_store_put_rejection(f->store, T0 + i, topic, strlen(topic), payload, len, "json", "not JSON", NULL, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

static gint64
refused_of(Fixture *f, const char *source)
{
  g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM rejection WHERE topic LIKE 'casa/v1/%s/%%'", source);
  return ask_int(f->path, sql);
}

static gint64
readings_of(Fixture *f, const char *source)
{
  g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM reading WHERE source = '%s'", source);
  return ask_int(f->path, sql);
}

static gint64
used(Fixture *f)
{
  return ask_int(f->path, "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count,"
                          " pragma_page_size");
}

static void
upkeep(Fixture *f, gint64 now_ms)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, now_ms, &error));
  g_assert_no_error(error);
}

#define A_PUT 300 /* readings in one transaction: what is measured is room, not commits */

/* A sample every two seconds of @hours from @from_ms. Its values are the worst to pack. */
static void
fill(Fixture *f, const char *source, gint64 from_ms, guint hours)
{
  static CasaReading readings[A_PUT];
  static CasaField fields[A_PUT];
  CasaPutResult out = { .fields = g_array_new(FALSE, FALSE, sizeof(CasaPutField)) };
  guint n = 0;
  for (gint64 t = from_ms; t < from_ms + hours * HOUR; t += 2000) {
    readings[n] = reading_of("a", t, "pm10", (double)(t * 7919 % 1000003) / 7);
    fields[n] = readings[n].fields[0];
    readings[n].fields = &fields[n];
    g_strlcpy(readings[n].source, source, sizeof readings[n].source);
    if (++n == A_PUT || t + 2000 >= from_ms + hours * HOUR) {
      g_autoptr(GError) error = NULL;
      g_assert_true(casa_store_put_readings(f->store, readings, n, NULL, t + t % 251, &out, &error));
      g_assert_no_error(error);
      n = 0;
    }
  }
  g_array_unref(out.fields);
}

/* The evidence of a team that was refused a few messages stays while another is refused thousands. */
static void
test_nobody_evicts_another(Fixture *f, gconstpointer data)
{
  g_autofree char *big = g_strnfill(20000, 'x');
  for (guint i = 0; i < 20; i++)
    refuse(f, "equipe-1", i, "{", 1);
  for (guint i = 0; i < 6000; i++)
    refuse(f, "equipe-2", 100 + i, big, 20000);
  g_assert_cmpint(refused_of(f, "equipe-1"), ==, 20);
  gint64 bytes = ask_int(f->path, "SELECT sum(length(payload)) FROM rejection");
  g_assert_cmpint(bytes, <=, CASA_REFUSED_BYTES / CASA_REFUSED_SHARE);
  g_assert_cmpint(bytes, >, CASA_REFUSED_BYTES / CASA_REFUSED_SHARE * 8 / 10);
  /* The newest of them, in their order. */
  g_assert_cmpint(ask_int(f->path, "SELECT max(received_ms) - min(received_ms) + 1 = count(*) FROM rejection"
                                   " WHERE topic LIKE 'casa/v1/equipe-2/%'"),
                  ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT max(received_ms) FROM rejection"), ==, T0 + 100 + 5999);
  /* So it goes on after a restart. */
  fixture_reopen(f);
  for (guint i = 0; i < 200; i++)
    refuse(f, "equipe-2", 7000 + i, big, 20000);
  g_assert_cmpint(refused_of(f, "equipe-1"), ==, 20);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(length(payload)) FROM rejection"), <=, CASA_REFUSED_BYTES / CASA_REFUSED_SHARE);
}

/* Sources that are made up share what there is, and what a team has in earnest is the last to go. */
static void
test_many_names(Fixture *f, gconstpointer data)
{
  f->options.max_size = MAX_SIZE; /* an eighth of it for all */
  fixture_reopen(f);
  g_autofree char *big = g_strnfill(8000, 'x');
  refuse(f, "equipe-1", 0, "{", 1);
  for (guint i = 0; i < 3000; i++) {
    g_autofree char *name = g_strdup_printf("x%u", i);
    refuse(f, name, 1 + i, i % 2 ? big : "]", i % 2 ? 8000 : 1);
  }
  g_assert_cmpint(refused_of(f, "equipe-1"), ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT sum(length(payload)) FROM rejection"), <=, MAX_SIZE / 8);
}

static void
test_cut_between_letters(Fixture *f, gconstpointer data)
{
  g_autoptr(GString) text = g_string_new("a");
  while (text->len < 9000)
    g_string_append(text, "é");
  refuse(f, "equipe-1", 0, text->str, text->len);
  g_assert_cmpint(ask_int(f->path, "SELECT length(payload) FROM rejection"), ==, 8191);
  g_assert_cmpint(ask_int(f->path, "SELECT length(CAST(payload AS TEXT)) FROM rejection"), ==, 4096);
}

/* As an earlier version left it: many times max_size in refused messages. They go, and no reading does. */
static void
test_refused_go_before_readings(Fixture *f, gconstpointer data)
{
  sqlite3 *db = NULL;
  fill(f, "city", T0, 10);
  fill(f, "equipe-1", T0, 10);
  upkeep(f, T0 + 10 * HOUR);
  g_clear_pointer(&f->store, casa_store_close);
  g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
  int code = sqlite3_exec(
    db,
    "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000) INSERT INTO rejection_log"
    "(id, received_ms, topic, payload, code, reason) SELECT i, 1, 'casa/v1/equipe-' || (i % 2 + 2) || '/air/x', zeroblob(10000), 'json', 'no' FROM c",
    NULL, NULL, NULL);
  g_assert_cmpint(code, ==, SQLITE_OK);
  sqlite3_close(db);
  f->options.max_size = MAX_SIZE;
  fixture_reopen(f);
  upkeep(f, T0 + 10 * HOUR);
  g_assert_cmpint(used(f), <=, MAX_SIZE);
  g_assert_cmpint(readings_of(f, "city"), ==, 18000);
  g_assert_cmpint(readings_of(f, "equipe-1"), ==, 18000);
  g_assert_cmpint(refused_of(f, "equipe-2"), >, 0);
  g_assert_cmpint(refused_of(f, "equipe-3"), >, 0);
}

static gint64
hour_of(Fixture *f, const char *source, gint64 t_ms)
{
  g_autofree char *sql = g_strdup_printf("SELECT n FROM rollup_hour JOIN series ON series.id = series JOIN station"
                                         " ON station.id = series.station WHERE source = '%s' AND t_ms = %" G_GINT64_FORMAT,
                                         source, t_ms);
  return ask_int(f->path, sql);
}

/* Who fills the file loses his own oldest samples; nobody else loses one, nor an hour of late samples. */
static void
test_samples_by_share(Fixture *f, gconstpointer data)
{
  gint64 long_ago = T0 - 400 * HOUR;
  fill(f, "city", long_ago, 4);
  fill(f, "equipe-1", long_ago, 2);
  f->options.max_size = MAX_SIZE;
  fixture_reopen(f);
  for (guint i = 0; i < 4; i++) {
    fill(f, "equipe-2", T0 + i * 24 * HOUR, 24);
    upkeep(f, T0 + (i + 1) * 24 * HOUR);
    g_assert_cmpint(used(f), <=, MAX_SIZE);
  }
  g_assert_cmpint(readings_of(f, "city"), ==, 7200);
  g_assert_cmpint(readings_of(f, "equipe-1"), ==, 3600);
  g_assert_cmpint(readings_of(f, "equipe-2"), >, 20000);
  gint64 floor = ask_int(f->path, "SELECT min(t_ms) FROM reading WHERE source = 'equipe-2'");
  g_assert_cmpint(floor, >, T0);
  g_assert_cmpint(ask_int(f->path, "SELECT value FROM meta WHERE key = 'raw_floor_ms'"), ==, 0);

  /* A straggler of the one shrinks no hour, one of the other makes his hour anew. */
  fixture_reopen(f);
  CasaReading own = reading_of("a", T0 + 1000, "pm10", 5), others = reading_of("a", long_ago + 1000, "pm10", 1e6);
  g_strlcpy(own.source, "equipe-2", sizeof own.source);
  g_strlcpy(others.source, "equipe-1", sizeof others.source);
  put_reading(f, &own, T0 + 100 * HOUR);
  put_reading(f, &others, T0 + 100 * HOUR);
  upkeep(f, T0 + 96 * HOUR);
  g_assert_cmpint(hour_of(f, "equipe-2", T0), ==, 1800);
  g_assert_cmpint(hour_of(f, "equipe-1", long_ago), ==, 1801);
}

/* What has gone is shown by its hours; the others' curves keep every sample. */
static void
test_charts_know(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  f->options.max_size = MAX_SIZE;
  fixture_reopen(f);
  fill(f, "city", T0, 2);
  fill(f, "equipe-2", T0, 96);
  upkeep(f, T0 + 96 * HOUR);
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) gone = NULL, kept = NULL;
  for (guint i = 0; i < 2; i++) {
    gint64 width = -1;
    GArray *buckets = casa_reader_series(reader, i, T0, T0 + 2 * HOUR, 100000, &width, &error);
    g_assert_no_error(error);
    *(i ? &gone : &kept) = buckets;
    g_assert_cmpint(width, ==, i ? HOUR : 0);
  }
  g_assert_cmpuint(kept->len, ==, 3600);
  g_assert_cmpuint(gone->len, ==, 2);
  g_assert_cmpuint(g_array_index(gone, CasaBucket, 0).n, ==, 1800);
}

/* The city is asked last, but when it is the cause it gives. */
static void
test_city_when_it_is_the_cause(Fixture *f, gconstpointer data)
{
  f->options.max_size = MAX_SIZE;
  fixture_reopen(f);
  fill(f, "equipe-1", T0, 4);
  fill(f, "city", T0, 96);
  upkeep(f, T0 + 96 * HOUR);
  g_assert_cmpint(used(f), <=, MAX_SIZE);
  g_assert_cmpint(readings_of(f, "equipe-1"), ==, 7200);
  g_assert_cmpint(readings_of(f, "city"), >, 20000);
}

static void
test_events(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gboolean changed;
  CasaEvent event = { .source = "city", .id = "storm", .event = "dust", .start_ms = T0, .end_ms = T0 + HOUR, .intensity = 1 };
  g_assert_true(casa_store_put_event(f->store, &event, T0, &changed, &error));
  g_strlcpy(event.source, "equipe-2", sizeof event.source);
  for (guint i = 0; i < 21000; i++) {
    g_snprintf(event.id, sizeof event.id, "e%u", i);
    g_assert_true(casa_store_put_event(f->store, &event, T0 + i, &changed, &error));
  }
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM event WHERE source = 'city'"), ==, 1);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM event WHERE source = 'equipe-2'"), <=, 20256);
}

/* A topic that names nobody, or nobody that can be, goes to one account: it is bounded too, and pushes out its own. */
static void
test_nameless_refusals(void)
{
  static const char *const topics[] = {
    "", "casa/v1", "casa/v1/", "casa/v1x/a/b", "elsewhere/a/b/c", "casa/v1/Equipe/x", "casa/v1/a b/x"
  };
  g_autofree char *endless = g_strnfill(CASA_NAME_MAX + 20, 'a'), *far = g_strconcat("casa/v1/", endless, "/x", NULL);
  CasaRefusedLedger *ledger = casa_refused_new("casa/v1"), *rootless = casa_refused_new(NULL);
  gint64 id, last = 0;
  g_assert_false(casa_refused_take(ledger, 0, &id)); /* nothing is there to go */
  casa_refused_add(ledger, "casa/v1/equipe-7.4/air/x", strlen("casa/v1/equipe-7.4/air/x"), ++last, 10);
  for (guint i = 0; i < G_N_ELEMENTS(topics); i++)
    casa_refused_add(ledger, topics[i], strlen(topics[i]), ++last, 100);
  casa_refused_add(ledger, far, strlen(far), ++last, 100);
  casa_refused_add(ledger, NULL, 0, ++last, 100);
  casa_refused_add(rootless, "casa/v1/equipe-7/air/x", strlen("casa/v1/equipe-7/air/x"), 1, 100);
  g_assert_true(casa_refused_is_over(ledger, 400) && casa_refused_is_over(rootless, 40));
  guint n = 0;
  for (; casa_refused_take(ledger, 400, &id); n++)
    g_assert_cmpint(id, >, 1); /* the team keeps its row */
  g_assert_cmpuint(n, >=, G_N_ELEMENTS(topics) - 2);
  casa_refused_forget(ledger);
  g_assert_false(casa_refused_is_over(ledger, 0));
  casa_refused_free(ledger);
  casa_refused_free(rootless);
  casa_refused_free(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/shares/nameless-refusals", test_nameless_refusals);
  ADD("/store/shares/nobody-evicts-another", test_nobody_evicts_another);
  ADD("/store/shares/many-names", test_many_names);
  ADD("/store/shares/cut-between-letters", test_cut_between_letters);
  ADD("/store/shares/refused-go-before-readings", test_refused_go_before_readings);
  ADD("/store/shares/samples-by-share", test_samples_by_share);
  ADD("/store/shares/charts-know", test_charts_know);
  ADD("/store/shares/city-when-it-is-the-cause", test_city_when_it_is_the_cause);
  ADD("/store/shares/events", test_events);
  return g_test_run();
}
