/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "ui/data/history-service.h"
#include "ui/data/reader-wait.h"
#include <glib/gstdio.h>
#include <math.h>

#define T0 G_GINT64_CONSTANT(1779321600000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define PATIENCE_US (20 * G_USEC_PER_SEC)
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

/* What came back, newest last. */
typedef struct {
  guint n, n_series, n_seen, n_gaps;
  double last_mean, sum; /* of the newest column with anything in it; of all */
  gboolean failed;
} Got;

static void
answer_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  Got *got = data;
  const guint n = got->n;
  *got = (Got){ .n = n + 1, .n_series = answer->n_series, .n_gaps = answer->n_gaps, .failed = answer->columns == NULL };
  g_assert_true((answer->columns == NULL) == (answer->error != NULL));
  if (!answer->columns)
    return;
  got->n_seen = answer->columns->n_seen;
  for (guint i = 0; i < answer->columns->n; i++) {
    if (answer->columns->columns[i].n == 0)
      continue;
    got->last_mean = answer->columns->columns[i].mean;
    got->sum += got->last_mean;
  }
}

static void
wait_for(const guint *n, guint wanted)
{
  const gint64 until = g_get_monotonic_time() + PATIENCE_US;
  while (*n < wanted && g_get_monotonic_time() < until)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(500);
  g_assert_cmpuint(*n, ==, wanted);
}

static void
put_city(Fixture *f, guint station, gint64 t_ms, double value)
{
  CasaReading reading = reading_of("x", t_ms, "load_mw", value);
  g_snprintf(reading.station, sizeof reading.station, "sub-%u", station);
  g_strlcpy(reading.source, station == 9 ? "kit" : "city", sizeof reading.source);
  put_reading(f, &reading, t_ms + 10);
}

/* Three substations of the city and one of a team, a minute apart, for two hours. */
static void
fill(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  for (gint64 t = T0; t < T0 + 2 * HOUR; t += 60000)
    for (guint i = 1; i <= 3; i++)
      put_city(f, i, t, 10 * i);
  put_city(f, 9, T0, 500);
  g_assert_true(casa_store_put_gap(f->store, T0 + HOUR, T0 + HOUR + 60000, "broker lost", &error));
  g_assert_no_error(error);
}

static const CasaHistoryQuery city_load = {
  .metric = "load_mw",
  .source = "city",
  .prefix = "sub-",
  .fold = CASA_COLUMNS_SUM,
  .least_share = 0.8,
  .from_ms = T0,
  .to_ms = T0 + 2 * HOUR,
  .columns = 120,
  .step_ms = 60000,
};

static void
test_answers(Fixture *f, gconstpointer data)
{
  fill(f);
  g_autoptr(CasaHistoryService) service = casa_history_service_new(f->path, casa_store_catalogue(f->store));
  Got got = { 0 }, everybody = { 0 };
  casa_history_service_ask(service, &city_load, answer_cb, &got);
  CasaHistoryQuery all = city_load;
  all.source = NULL;
  all.fold = CASA_COLUMNS_HIGHEST;
  casa_history_service_ask(service, &all, answer_cb, &everybody);
  wait_for(&got.n, 1);
  wait_for(&everybody.n, 1);
  g_assert_cmpuint(got.n_series, ==, 3);
  g_assert_cmpuint(got.n_seen, ==, 3);
  g_assert_cmpuint(got.n_gaps, ==, 1);
  g_assert_cmpfloat(got.sum, ==, 120 * 60);
  g_assert_cmpuint(everybody.n_series, ==, 4);
}

/* What was stored since is in the next answer, though it is built on the last one; also in an older column, and in a moved
 * window. */
static void
test_follows(Fixture *f, gconstpointer data)
{
  fill(f);
  g_autoptr(CasaHistoryService) service = casa_history_service_new(f->path, casa_store_catalogue(f->store));
  CasaHistoryQuery query = city_load;
  Got got = { 0 };
  query.fold = CASA_COLUMNS_MEAN;
  casa_history_service_ask(service, &query, answer_cb, &got);
  wait_for(&got.n, 1);
  g_assert_cmpfloat(got.sum, ==, 120 * 20);
  put_city(f, 1, T0 + 30 * 60000, 40); /* corrected: 10 → 40, a mean of 30 */
  casa_history_service_ask(service, &query, answer_cb, &got);
  wait_for(&got.n, 2);
  g_assert_cmpfloat(got.sum, ==, 119 * 20 + 30);
  query.from_ms += HOUR;
  query.to_ms += HOUR;
  for (guint i = 1; i <= 3; i++)
    put_city(f, i, T0 + 2 * HOUR, 100);
  casa_history_service_ask(service, &query, answer_cb, &got);
  wait_for(&got.n, 3);
  g_assert_cmpfloat(got.sum, ==, 60 * 20 + 100);
  g_assert_cmpfloat(got.last_mean, ==, 100);
}

static void
must_not_come_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  g_error("a cancelled question was answered");
}

/* A view that moves on quickly: only its last question is answered. */
static void
test_cancel(Fixture *f, gconstpointer data)
{
  fill(f);
  g_autoptr(CasaHistoryService) service = casa_history_service_new(f->path, casa_store_catalogue(f->store));
  CasaHistoryQuery query = city_load;
  Got got = { 0 };
  guint64 ticket = 0;
  for (guint i = 0; i < 200; i++) {
    casa_history_service_cancel(service, ticket);
    query.from_ms += 1000;
    query.to_ms += 1000;
    ticket = casa_history_service_ask(service, &query, must_not_come_cb, NULL);
    g_assert_cmpuint(ticket, !=, 0);
    if (i % 20 == 0)
      g_main_context_iteration(NULL, FALSE); /* what came meanwhile may be told, but not to who gave it up */
    casa_history_service_cancel(service, ticket);
  }
  ticket = casa_history_service_ask(service, &query, answer_cb, &got);
  wait_for(&got.n, 1);
  casa_history_service_cancel(service, ticket); /* too late, and harmless */
  casa_history_service_cancel(service, 12345);
  casa_history_service_ask(service, &query, must_not_come_cb, NULL); /* freed while it waits or reads */
}

static void
test_no_store(Fixture *f, gconstpointer data)
{
  fill(f);
  g_autofree char *elsewhere = g_build_filename(f->folder, "not-there.db", NULL);
  g_autoptr(CasaHistoryService) service = casa_history_service_new(elsewhere, casa_store_catalogue(f->store));
  Got got = { 0 };
  casa_history_service_ask(service, &city_load, answer_cb, &got);
  wait_for(&got.n, 1);
  g_assert_true(got.failed);
  /* It is looked for again. */
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_clear_pointer(&f->store, casa_store_close);
  g_assert_cmpint(g_rename(f->path, elsewhere), ==, 0);
  CasaHistoryQuery listed = city_load;
  static const guint series[] = { 0, 1, 2 };
  listed.series = series;
  listed.n_series = 3;
  casa_history_service_ask(service, &listed, answer_cb, &got);
  wait_for(&got.n, 2);
  g_assert_false(got.failed);
  g_assert_cmpfloat(got.sum, ==, 120 * 60);
  g_clear_pointer(&service, casa_history_service_free);
}

static void
test_values(Fixture *f, gconstpointer data)
{
  static const guint series[] = { 4, 2 };
  CasaHistoryQuery query = city_load;
  query.series = series;
  query.n_series = 2;
  g_autoptr(CasaHistoryQuery) copy = casa_history_query_copy(&query);
  g_assert_true(casa_history_query_equal(copy, &query));
  query.from_ms++;
  query.to_ms++;
  g_assert_false(casa_history_query_equal(copy, &query));
  g_assert_true(casa_history_query_equal_but_time(copy, &query));
  query.to_ms++;
  g_assert_false(casa_history_query_equal_but_time(copy, &query));
}

/* What a station says it is counts; the beginning of its id only where it said nothing. */
static void
test_kinds(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gboolean changed;
  fill(f);
  CasaDescriptor descriptor = { 0 };
  g_strlcpy(descriptor.source, "kit", sizeof descriptor.source);
  g_strlcpy(descriptor.domain, "air", sizeof descriptor.domain);
  g_strlcpy(descriptor.station, "sub-9", sizeof descriptor.station);
  g_strlcpy(descriptor.kind, "microgrid", sizeof descriptor.kind);
  g_assert_true(casa_store_put_descriptor(f->store, &descriptor, T0, &changed, &error));
  CasaHistoryQuery query = { .metric = "load_mw", .kind = "substation", .prefix = "sub-" };
  CasaCatalogue *catalogue = casa_store_catalogue(f->store);
  g_autoptr(GArray) substations = casa_history_query_series(&query, catalogue);
  g_assert_cmpuint(substations->len, ==, 3);
  query.kind = "microgrid";
  query.prefix = NULL;
  g_autoptr(GArray) grids = casa_history_query_series(&query, catalogue);
  g_assert_cmpuint(grids->len, ==, 1);
  query.kind = NULL;
  g_autoptr(GArray) all = casa_history_query_series(&query, catalogue);
  g_assert_cmpuint(all->len, ==, 4);
}

typedef struct {
  pthread_mutex_t lock;
  pthread_cond_t wake;
} Waiting;

/* Has the lock once the other waits. */
static gpointer
wake_thread(gpointer data)
{
  Waiting *w = data;
  pthread_mutex_lock(&w->lock);
  pthread_cond_signal(&w->wake);
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

/* A thread that waits for work lets its reader rest, but not before its patience is over; then the reader goes on. */
static void
test_rests(Fixture *f, gconstpointer data)
{
  Waiting w = { .lock = PTHREAD_MUTEX_INITIALIZER };
  fill(f);
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  casa_reader_wait_init(&w.wake);
  g_assert_cmpint(casa_reader_kept_since_us(reader), ==, 0);
  for (guint round = 0; round < 2; round++) {
    put_city(f, 1, T0 + 2 * HOUR + round * 60000, 10);
    g_autoptr(GArray) steps = casa_reader_steps(reader, 0, T0, T0 + 3 * HOUR, 60000, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(steps->len, ==, 121 + round);
    pthread_mutex_lock(&w.lock);
    GThread *waker = g_thread_new("wake", wake_thread, &w);
    casa_reader_wait(reader, G_TIME_SPAN_HOUR, &w.wake, &w.lock);
    g_assert_cmpint(casa_reader_kept_since_us(reader), >, 0);
    const gint64 until = g_get_monotonic_time() + PATIENCE_US;
    while (casa_reader_kept_since_us(reader) && g_get_monotonic_time() < until)
      casa_reader_wait(reader, 1000, &w.wake, &w.lock);
    g_assert_cmpint(casa_reader_kept_since_us(reader), ==, 0);
    pthread_mutex_unlock(&w.lock);
    g_thread_join(waker);
  }
  pthread_cond_destroy(&w.wake);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/ui/history/answers", test_answers);
  ADD("/ui/history/follows", test_follows);
  ADD("/ui/history/cancel", test_cancel);
  ADD("/ui/history/no-store", test_no_store);
  ADD("/ui/history/values", test_values);
  ADD("/ui/history/kinds", test_kinds);
  ADD("/ui/history/rests", test_rests);
  return g_test_run();
}
