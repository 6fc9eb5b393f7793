/* SPDX-License-Identifier: Apache-2.0 */
/* Every answer that a server can give to a batch, for the APIs of InfluxDB 1, 2 and 3: what then lies at the server, where
 * the forwarder's place is, what was put aside, and what it says. Afterwards the server is well again, and everything is
 * there once. The stub checks path, parameters, headers and the lines of every request. */
#include "fixture.h"

#include "base/clock.h"

#include <string.h>

#define TOKEN "s3cret-token"
#define SAMPLES 5

typedef struct {
  const char *name;
  StubMood mood;
  CasaForwardState state;
  const char *words, *more_words; /* what the status holds; more_words may be NULL */
  guint arrived;                  /* samples at the server before it is well again */
  gboolean done;                  /* the place moved: nothing is waiting */
} Answer;

#define ANSWERS(code)                                                                                                          \
  {                                                                                                                            \
    .write = {.status = code }                                                                                                 \
  }
#define SAYS(code, ...)                                                                                                        \
  {                                                                                                                            \
    .write = {.status = code, __VA_ARGS__ }                                                                                    \
  }

static const Answer answers[] = {
  { "204", ANSWERS(204), CASA_FORWARD_OK, "forwarding to", NULL, SAMPLES, TRUE },
  { "200-of-no-influx", SAYS(200, .body = "<html>Welcome"), CASA_FORWARD_DENIED, "200", "is this its address" },
  { "302", SAYS(302, .headers = "Location: http://127.0.0.1:1/\r\n"), CASA_FORWARD_DENIED, "302", "points elsewhere" },
  { "307", SAYS(307, .headers = "Location: http://127.0.0.1:1/\r\n"), CASA_FORWARD_DENIED, "307", "points elsewhere" },
  { "400-to-everything", SAYS(400, .body = "{\"error\":\"unable to parse\"}"), CASA_FORWARD_DENIED, "test line",
    "unable to parse" },
  { "401", SAYS(401, .body = "no such token: " TOKEN), CASA_FORWARD_DENIED, "401", "check the token" },
  { "403", ANSWERS(403), CASA_FORWARD_DENIED, "403", "right to write" },
  { "404", SAYS(404, .body = "{\"error\":\"database not found\"}"), CASA_FORWARD_DENIED, "404", "name of the database" },
  { "405", ANSWERS(405), CASA_FORWARD_DENIED, "405", "is this its address" },
  { "408", ANSWERS(408), CASA_FORWARD_RETRYING, "408", "next try in" },
  { "413-to-everything", ANSWERS(413), CASA_FORWARD_DENIED, "test line", "413" },
  { "422-to-everything", ANSWERS(422), CASA_FORWARD_DENIED, "test line", "422" },
  { "429", ANSWERS(429), CASA_FORWARD_RETRYING, "429", "next try in 0.0" },
  { "429-retry-after-seconds", SAYS(429, .headers = "Retry-After: 300\r\n"), CASA_FORWARD_RETRYING, "429",
    "next try in 300.0 s" },
  { "500", SAYS(500, .body = "{\"error\":\"timeout\"}"), CASA_FORWARD_RETRYING, "500", "overloaded or broken" },
  { "502", ANSWERS(502), CASA_FORWARD_RETRYING, "502", "next try in" },
  { "503", ANSWERS(503), CASA_FORWARD_RETRYING, "503", "next try in" },
  { "503-retry-after-seconds", SAYS(503, .headers = "Retry-After: 120\r\n"), CASA_FORWARD_RETRYING, "503",
    "next try in 120.0 s" },
  { "hanging", { .write = { .mode = STUB_HANG } }, CASA_FORWARD_RETRYING, "does not answer", "next try in" },
  { "slow",
    { .write = { .mode = STUB_DRIP, .status = 204, .headers = "X: 01234567890123456789012345678901234567890\r\n" } },
    CASA_FORWARD_RETRYING,
    "does not answer",
    "next try in" },
  { "cut-in-the-middle", { .write = { .mode = STUB_CUT, .status = 204 } }, CASA_FORWARD_RETRYING, "does not answer" },
  { "reply-lost",
    { .write = { .mode = STUB_CUT, .status = 204 }, .keeps = TRUE },
    CASA_FORWARD_RETRYING,
    "does not answer",
    NULL,
    SAMPLES },
  { "500-but-kept", { .write = { .status = 500 }, .keeps = TRUE }, CASA_FORWARD_RETRYING, "500", NULL, SAMPLES },
};

typedef struct {
  CasaInfluxApi api;
  const Answer *answer;
} Case;

/* The forwarder's place is in the store, not in its memory: opening the target again tells it. */
static gint64
place_of(Fixture *f)
{
  const char *name = casa_influx_name(f->forwarder->influx);
  g_autoptr(GError) error = NULL;
  gint64 place = casa_store_outbox_open(f->store, name, &error);

  g_assert_no_error(error);
  return place;
}

static void
assert_all_there_once(Fixture *f, StubInflux *stub)
{
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, SAMPLES);
  for (guint i = 0; i < SAMPLES; i++)
    g_assert_cmpfloat(stub_influx_value(stub, "air", "x", "pm10", FIXTURE_BEGIN_MS + i), ==, i);
  g_assert_cmpint(fixture_sql(f, "SELECT count(*) FROM quarantine"), ==, 0);
  g_assert_cmpuint(fixture_counts(f).forwarded, ==, SAMPLES);
  g_assert_cmpuint(fixture_counts(f).quarantined, ==, 0);
  g_assert_cmpuint(fixture_counts(f).pending, ==, 0);
}

/* @patience_ms: until an answer is given up. Short only where none comes: an answer must not be late on a busy machine. */
static void
open_case(Fixture *f, StubInflux *stub, guint patience_ms)
{
  static char token[] = TOKEN;

  fixture_open_stub(f, stub);
  f->config.influx_token = token;
  f->pace.total_ms = patience_ms;
  fixture_start(f);
  fixture_wait_state(f, CASA_FORWARD_OK);
}

static gboolean
never_comes(const Answer *answer)
{
  return answer->mood.write.mode == STUB_HANG || answer->mood.write.mode == STUB_DRIP;
}

static void
test_answer(gconstpointer data)
{
  const Case *c = data;
  const Answer *answer = c->answer;
  g_autoptr(StubInflux) stub = stub_influx_new(c->api, TOKEN);
  Fixture f;

  open_case(&f, stub, never_comes(answer) ? 500 : 30000);
  stub_influx_set(stub, answer->mood);
  fixture_put_many(&f, 0, SAMPLES);
  if (answer->done)
    fixture_wait_forwarded(&f, SAMPLES);
  fixture_wait_state(&f, answer->state);
  fixture_wait_words(&f, answer->words);
  if (answer->more_words)
    fixture_wait_words(&f, answer->more_words);
  g_assert_null(strstr(fixture_status(&f).text, TOKEN));
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, answer->arrived);
  g_assert_cmpint(place_of(&f) == casa_store_last_id(f.store), ==, answer->done);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, answer->done ? 0 : SAMPLES);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine"), ==, 0);

  /* Begun anew, so that a pause of minutes need not be waited for: the place must do. */
  fixture_stop(&f, 0);
  stub_influx_answer(stub, 204);
  fixture_start(&f);
  fixture_wait_forwarded(&f, SAMPLES);
  fixture_stop(&f, 60000);
  assert_all_there_once(&f, stub);
  fixture_close(&f);
}

/* Retry-After as HTTP dates it (RFC 9110 §10.2.3): some ninety seconds from now. */
static void
test_retry_after_date(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(StubInflux) stub = stub_influx_new(c->api, TOKEN);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc(), then = g_date_time_add_seconds(now, 90);
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autofree char *clock = g_date_time_format(then, "%H:%M:%S");
  g_autofree char *header = g_strdup_printf("Retry-After: %s, %02d %s %d %s GMT\r\n",
                                            days[g_date_time_get_day_of_week(then) - 1], g_date_time_get_day_of_month(then),
                                            months[g_date_time_get_month(then) - 1], g_date_time_get_year(then), clock);
  Fixture f;

  open_case(&f, stub, 30000);
  stub_influx_set(stub, (StubMood){ .write = { .status = 503, .headers = header } });
  fixture_put_many(&f, 0, SAMPLES);
  fixture_wait_words(&f, "next try in");
  const char *wait = strstr(fixture_status(&f).text, "next try in ");
  g_assert_nonnull(wait);
  double seconds = g_ascii_strtod(wait + strlen("next try in "), NULL);
  g_assert_cmpfloat(seconds, >, 30);
  g_assert_cmpfloat(seconds, <=, 91);
  g_assert_cmpuint(stub_influx_n_writes(stub), ==, 1);
  fixture_close(&f);
}

/* The same server gives all its troubles in a row, without the forwarder being begun anew: it gets over each by itself. */
static void
test_one_after_the_other(gconstpointer data)
{
  const Case *c = data;
  g_autoptr(StubInflux) stub = stub_influx_new(c->api, TOKEN);
  Fixture f;
  guint n = 0;

  open_case(&f, stub, 500); /* late answers only add to its troubles */
  for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
    const Answer *answer = &answers[i];
    if (answer->mood.write.headers && strstr(answer->mood.write.headers, "Retry-After"))
      continue;
    stub_influx_set(stub, answer->mood);
    fixture_put_many(&f, n, n + 10);
    n += 10;
    fixture_wait_state(&f, answer->state);
    stub_influx_answer(stub, 204);
    fixture_wait_forwarded(&f, n);
    fixture_wait_state(&f, CASA_FORWARD_OK);
    g_assert_cmpuint(stub_influx_n_samples(stub), ==, n);
  }
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);
  fixture_close(&f);
}

/* Where a redirect points nobody ever knocks, least of all with the token. */
static StubAnswer
trap_cb(const StubRequest *request, guint number, gpointer data)
{
  return (StubAnswer){ .status = 204 };
}

static void
test_redirect_is_not_followed(gconstpointer data)
{
  const Case *c = data;
  static const int statuses[] = { 301, 302, 303, 307, 308 };
  g_autoptr(StubHttp) trap = stub_http_new(trap_cb, NULL);
  g_autofree char *header = g_strdup_printf("Location: http://127.0.0.1:%u/write?db=casa\r\n", stub_http_port(trap));

  for (guint i = 0; i < G_N_ELEMENTS(statuses); i++) {
    g_autoptr(StubInflux) stub = stub_influx_new(c->api, TOKEN);
    Fixture f;
    open_case(&f, stub, 30000);
    stub_influx_set(stub, (StubMood){ .write = { .status = statuses[i], .headers = header } });
    fixture_put_many(&f, 0, SAMPLES);
    fixture_wait_state(&f, CASA_FORWARD_DENIED);
    fixture_assert_says(&f, "write the final address");
    fixture_close(&f);
  }
  g_assert_cmpuint(stub_http_n_requests(trap), ==, 0);
}

static void
add(CasaInfluxApi api, guint number, const char *name, const Answer *answer, void (*test)(gconstpointer))
{
  Case *c = g_new(Case, 1);
  g_autofree char *path = g_strdup_printf("/forward/answers/v%d/%02u-%s", api + 1, number, name);

  *c = (Case){ api, answer };
  g_test_add_data_func_full(path, c, test, g_free);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (CasaInfluxApi api = CASA_INFLUX_V1; api <= CASA_INFLUX_V3; api++) {
    guint n = 0;
    for (; n < G_N_ELEMENTS(answers); n++)
      add(api, n + 1, answers[n].name, &answers[n], test_answer);
    add(api, ++n, "retry-after-date", NULL, test_retry_after_date);
    add(api, ++n, "one-after-the-other", NULL, test_one_after_the_other);
    add(api, ++n, "redirect-is-not-followed", NULL, test_redirect_is_not_followed);
  }
  return g_test_run();
}
