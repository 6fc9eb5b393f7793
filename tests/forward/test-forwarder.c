/* SPDX-License-Identifier: Apache-2.0 */
/* The forwarder against a server that misbehaves on demand. */
#include "fixture.h"
#include "stub-http.h"

#include <string.h>

/* The stub's mood, changed by the test while requests run. */
typedef struct {
  GMutex lock;
  StubAnswer answer;      /* guarded by lock; to a write without a bad word */
  const char *bad;        /* guarded by lock; a body with this in it gets 400 */
  gsize too_large;        /* guarded by lock; a longer body gets 413; 0: none */
  GHashTable *taken;      /* guarded by lock; lines that got 204 */
  guint n_taken;          /* guarded by lock; with repetitions */
} Mood;

static void
mood_init(Mood *self, int status)
{
  memset(self, 0, sizeof *self);
  g_mutex_init(&self->lock);
  self->answer.status = status;
  self->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void
mood_clear(Mood *self)
{
  g_hash_table_unref(self->taken);
  g_mutex_clear(&self->lock);
}

static void
mood_set(Mood *self, StubAnswer answer)
{
  g_mutex_lock(&self->lock);
  self->answer = answer;
  g_mutex_unlock(&self->lock);
}

static void
take_lines(Mood *self, const char *body)
{
  g_auto(GStrv) lines = g_strsplit(body, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    if (*lines[i] && !g_str_has_prefix(lines[i], "casa_pulse,")) {
      g_hash_table_add(self->taken, g_strdup(lines[i]));
      self->n_taken++;
    }
}

static StubAnswer
mood_cb(const StubRequest *request, guint number, gpointer data)
{
  Mood *self = data;
  StubAnswer answer;

  g_mutex_lock(&self->lock);
  answer = self->answer;
  if (g_str_has_prefix(request->target, "/query"))
    answer = (StubAnswer) { .status = 200, .body = "{\"results\":[{}]}" };
  else if (self->too_large && strlen(request->body) > self->too_large)
    answer = (StubAnswer) { .status = 413 };
  else if (self->bad && strstr(request->body, self->bad))
    answer = (StubAnswer) { .status = 400, .body = "{\"error\":\"field type conflict\"}" };
  if (answer.mode == STUB_ANSWER && answer.status == 204)
    take_lines(self, request->body);
  g_mutex_unlock(&self->lock);
  return answer;
}

static guint
n_taken(Mood *self)
{
  g_mutex_lock(&self->lock);
  guint n = g_hash_table_size(self->taken);
  g_mutex_unlock(&self->lock);
  return n;
}

static void
open_with(Fixture *fixture, StubHttp *stub)
{
  g_autofree char *address = g_strdup_printf("http://127.0.0.1:%u", stub_http_port(stub));

  fixture_open(fixture, address, "?db=casa");
}

static void
put_many(Fixture *fixture, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    fixture_put(fixture, "x", "pm10", i, i);
}

static void
test_off(void)
{
  Fixture f;

  fixture_open(&f, NULL, NULL);
  put_many(&f, 0, 3);
  fixture_start(&f);
  g_assert_cmpint(fixture_status(&f).state, ==, CASA_FORWARD_OFF);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  fixture_stop(&f, 1000);
  fixture_close(&f);
}

static void
test_counts_and_order(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 204);
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 100);
  f.pace.rows = 30;
  fixture_start(&f);
  fixture_wait_forwarded(&f, 100);
  put_many(&f, 100, 120);
  fixture_wait_forwarded(&f, 120);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 120);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpint(fixture_status(&f).state, ==, CASA_FORWARD_OK);
  fixture_stop(&f, 1000);

  double expected = 0;
  for (guint i = 1; i < stub_http_n_requests(stub); i++) { /* 0 is CREATE DATABASE */
    g_auto(GStrv) lines = g_strsplit(stub_http_request(stub, i)->body, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), <=, 31);
    for (guint k = 0; *lines[k]; k++)
      g_assert_cmpfloat(g_ascii_strtod(strstr(lines[k], "pm10=") + 5, NULL), ==, expected++);
  }
  g_assert_cmpfloat(expected, ==, 120);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

static void
test_denied_pauses_and_says_so(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 401);
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 10);
  fixture_start(&f);
  fixture_wait_state(&f, CASA_FORWARD_DENIED);
  CasaForwardStatus status = fixture_status(&f);
  g_assert_nonnull(strstr(status.text, "401"));
  g_assert_nonnull(strstr(status.text, "token"));
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 10);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 0);
  mood_set(&mood, (StubAnswer) { .status = 204 });
  fixture_wait_forwarded(&f, 10);
  fixture_wait_state(&f, CASA_FORWARD_OK);
  g_assert_cmpuint(n_taken(&mood), ==, 10);
  fixture_stop(&f, 1000);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

static void
test_outages_lose_nothing(void)
{
  static const StubAnswer outages[] = { { .status = 503 },
                                        { .status = 429, .headers = "Retry-After: 0\r\n" },
                                        { .mode = STUB_CUT, .status = 204 },
                                        { .mode = STUB_HANG } };
  Mood mood;
  Fixture f;

  mood_init(&mood, 204);
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  f.pace.total_ms = 500;
  fixture_start(&f);
  fixture_wait_state(&f, CASA_FORWARD_OK);
  for (guint i = 0; i < G_N_ELEMENTS(outages); i++) {
    mood_set(&mood, outages[i]);
    put_many(&f, i * 10, i * 10 + 10);
    fixture_wait_state(&f, CASA_FORWARD_RETRYING);
    g_assert_nonnull(strstr(fixture_status(&f).text, "next try"));
    g_assert_cmpuint(fixture_counts(&f).forwarded, ==, i * 10);
    mood_set(&mood, (StubAnswer) { .status = 204 });
    fixture_wait_forwarded(&f, i * 10 + 10);
    fixture_wait_state(&f, CASA_FORWARD_OK);
  }
  g_assert_cmpuint(n_taken(&mood), ==, 40);
  fixture_stop(&f, 1000);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

static void
test_retry_after_is_honoured(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 429);
  mood.answer.headers = "Retry-After: 300\r\n";
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 1);
  fixture_start(&f);
  do
    fixture_wait_state(&f, CASA_FORWARD_RETRYING);
  while (!strstr(fixture_status(&f).text, "300.0 s"));
  g_assert_cmpuint(stub_http_n_requests(stub), ==, 2); /* the database, one write */
  fixture_stop(&f, 5000);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

static void
test_bad_line_does_not_block_the_rest(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 204);
  mood.bad = "poison=";
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 500);
  fixture_put(&f, "x", "poison", 1, 250); /* same line as a good value */
  fixture_put(&f, "y", "poison", 2, 0);   /* a line of its own */
  put_many(&f, 500, 1000);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 1000);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 1000);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 2);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpuint(n_taken(&mood), ==, 1000);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE line LIKE '%poison%'"), ==, 2);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE reason LIKE '%type conflict%'"), ==, 2);
  fixture_stop(&f, 1000);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

/* A server that answers 400 to everything is wrong as a whole: nothing may end in quarantine for it. */
static void
test_refusing_server_quarantines_nothing(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 400);
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 50);
  fixture_start(&f);
  fixture_wait_state(&f, CASA_FORWARD_DENIED);
  g_assert_nonnull(strstr(fixture_status(&f).text, "test line"));
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine"), ==, 0);
  mood_set(&mood, (StubAnswer) { .status = 204 });
  fixture_wait_forwarded(&f, 50);
  g_assert_cmpuint(n_taken(&mood), ==, 50);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine"), ==, 0);
  fixture_stop(&f, 1000);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

static void
test_too_large_is_halved(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 204);
  mood.too_large = 12000;
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 2000);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 2000);
  g_assert_cmpuint(n_taken(&mood), ==, 2000);
  g_assert_cmpuint(mood.n_taken, ==, 2000);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);
  fixture_stop(&f, 1000);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

static void
test_stop_drains(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 204);
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 1000);
  f.pace.rows = 50;
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 1000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

/* With a server that never answers, stopping takes its deadline and not the request's 30 s. */
static void
test_stop_keeps_its_deadline(void)
{
  Mood mood;
  Fixture f;

  mood_init(&mood, 0);
  mood.answer.mode = STUB_HANG;
  StubHttp *stub = stub_http_new(mood_cb, &mood);
  open_with(&f, stub);
  put_many(&f, 0, 10);
  fixture_start(&f);
  while (stub_http_n_requests(stub) < 2)
    g_usleep(1000);
  gint64 start = g_get_monotonic_time();
  fixture_stop(&f, 200);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);

  mood_set(&mood, (StubAnswer) { .status = 204 });
  fixture_start(&f); /* and nothing was lost by it */
  fixture_wait_forwarded(&f, 10);
  g_assert_cmpuint(n_taken(&mood), ==, 10);
  fixture_stop(&f, 1000);
  fixture_close(&f);
  stub_http_free(stub);
  mood_clear(&mood);
}

/* A server that is away must not keep the application from closing. */
static void
test_stop_with_server_away(void)
{
  Fixture f;

  fixture_open(&f, "http://127.0.0.1:1", "?db=casa");
  put_many(&f, 0, 10);
  fixture_start(&f);
  fixture_wait_state(&f, CASA_FORWARD_RETRYING);
  gint64 start = g_get_monotonic_time();
  fixture_stop(&f, 60000);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
  fixture_close(&f);
}

static void
test_wrong_url(void)
{
  Fixture f;
  g_autoptr(GError) error = NULL;

  fixture_open(&f, "http://127.0.0.1:1", "?base=casa");
  g_assert_null(casa_forwarder_new(&f.config, f.store, f.counters, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  fixture_close(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/forwarder/off", test_off);
  g_test_add_func("/forward/forwarder/counts-and-order", test_counts_and_order);
  g_test_add_func("/forward/forwarder/denied", test_denied_pauses_and_says_so);
  g_test_add_func("/forward/forwarder/outages", test_outages_lose_nothing);
  g_test_add_func("/forward/forwarder/retry-after", test_retry_after_is_honoured);
  g_test_add_func("/forward/forwarder/bad-line", test_bad_line_does_not_block_the_rest);
  g_test_add_func("/forward/forwarder/refusing-server", test_refusing_server_quarantines_nothing);
  g_test_add_func("/forward/forwarder/too-large", test_too_large_is_halved);
  g_test_add_func("/forward/forwarder/stop-drains", test_stop_drains);
  g_test_add_func("/forward/forwarder/stop-deadline", test_stop_keeps_its_deadline);
  g_test_add_func("/forward/forwarder/stop-server-away", test_stop_with_server_away);
  g_test_add_func("/forward/forwarder/wrong-url", test_wrong_url);
  return g_test_run();
}
