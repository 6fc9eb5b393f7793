/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a server that answers exactly what a test wants. */
#include "base/error.h"
#include "forward/influx.h"
#include "stub-http.h"

#include <string.h>

#define LINE "air,source=s,station=x pm10=1 1779385327120\n"

static StubAnswer
judge_cb(const StubRequest *request, guint number, gpointer data)
{
  return *(StubAnswer *)data;
}

static CasaInflux *
connect_to(StubHttp *stub, const char *parameters, const char *token)
{
  g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/%s", stub_http_port(stub), parameters);
  g_autoptr(GError) error = NULL;
  CasaInflux *influx = casa_influx_new(url, token, NULL, NULL, &error);

  g_assert_no_error(error);
  return influx;
}

/* One write to a server that gives @answer: the verdict, the words and the advised wait. */
static CasaWriteResult
write_once(StubAnswer answer, guint *retry_after, char **words)
{
  g_autoptr(StubHttp) stub = stub_http_new(judge_cb, &answer);
  g_autoptr(CasaInflux) influx = connect_to(stub, "?db=casa", "s3cret-token");
  g_autoptr(GError) error = NULL;

  /* Short only where no answer comes: one that does must not be late on a busy machine. */
  casa_influx_set_timeouts(influx, 30000, answer.mode == STUB_HANG || answer.mode == STUB_DRIP ? 1000 : 60000, 15);
  CasaWriteResult result = casa_influx_write(influx, LINE, strlen(LINE), retry_after, &error);
  g_assert_true((result == CASA_WRITE_OK) == (error == NULL));
  *words = error ? g_strdup(error->message) : NULL;
  if (error) {
    g_assert_nonnull(strstr(error->message, casa_influx_name(influx)));
    g_assert_null(strstr(error->message, "s3cret"));
  }
  return result;
}

static void
assert_verdict(StubAnswer answer, CasaWriteResult expected, const char *word)
{
  g_autofree char *words = NULL;
  guint retry_after;

  g_assert_cmpint(write_once(answer, &retry_after, &words), ==, expected);
  g_assert_cmpuint(retry_after, ==, 0);
  if (word && !strstr(words, word))
    g_error("\"%s\" does not say \"%s\"", words, word);
}

static void
test_verdicts(void)
{
  assert_verdict((StubAnswer){ .status = 204 }, CASA_WRITE_OK, NULL);
  assert_verdict((StubAnswer){ .status = 400, .body = "{\"error\":\"unable to parse\"}" }, CASA_WRITE_BAD_LINES,
                 "unable to parse");
  assert_verdict((StubAnswer){ .status = 422 }, CASA_WRITE_BAD_LINES, "422");
  assert_verdict((StubAnswer){ .status = 413 }, CASA_WRITE_TOO_LARGE, "413");
  assert_verdict((StubAnswer){ .status = 401, .body = "token s3cret-token unknown" }, CASA_WRITE_DENIED, "token");
  assert_verdict((StubAnswer){ .status = 403 }, CASA_WRITE_DENIED, "right to write");
  assert_verdict((StubAnswer){ .status = 404 }, CASA_WRITE_DENIED, "name of the database");
  assert_verdict((StubAnswer){ .status = 500 }, CASA_WRITE_RETRY, "500");
  assert_verdict((StubAnswer){ .status = 503 }, CASA_WRITE_RETRY, "overloaded");
  assert_verdict((StubAnswer){ .status = 408 }, CASA_WRITE_RETRY, "408");
}

/* A captive portal, a web site, a proxy: a 200 is no promise that the samples are kept. */
static void
test_not_an_influx(void)
{
  assert_verdict((StubAnswer){ .status = 200, .body = "<html>Welcome" }, CASA_WRITE_DENIED, "204");
  assert_verdict((StubAnswer){ .status = 302, .headers = "Location: http://127.0.0.1:1/\r\n" }, CASA_WRITE_DENIED,
                 "points elsewhere");
}

static void
test_retry_after(void)
{
  g_autofree char *words = NULL, *more = NULL, *most = NULL;
  guint wait;

  g_assert_cmpint(write_once((StubAnswer){ .status = 429, .headers = "Retry-After: 7\r\n" }, &wait, &words), ==,
                  CASA_WRITE_RETRY);
  g_assert_cmpuint(wait, ==, 7000);
  g_assert_cmpint(write_once((StubAnswer){ .status = 503, .headers = "Retry-After: soon\r\n" }, &wait, &more), ==,
                  CASA_WRITE_RETRY);
  g_assert_cmpuint(wait, ==, 0);
  write_once((StubAnswer){ .status = 429, .headers = "Retry-After: 99999999\r\n" }, &wait, &most);
  g_assert_cmpuint(wait, ==, 600 * 1000);
}

static void
test_broken_conversations(void)
{
  assert_verdict((StubAnswer){ .mode = STUB_HANG }, CASA_WRITE_RETRY, "does not answer");
  assert_verdict((StubAnswer){ .mode = STUB_CUT, .status = 204 }, CASA_WRITE_RETRY, "does not answer");
  assert_verdict((StubAnswer){ .mode = STUB_DRIP, .status = 204, .headers = "X: 0123456789012345678901234567890123\r\n" },
                 CASA_WRITE_RETRY, "does not answer");
}

/* A server that takes the request and then says nothing: the low-speed limit ends it long before the whole time is up. */
static void
test_stalled(void)
{
  StubAnswer answer = { .mode = STUB_HANG };
  g_autoptr(StubHttp) stub = stub_http_new(judge_cb, &answer);
  g_autoptr(CasaInflux) influx = connect_to(stub, "?db=casa", NULL);
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time();
  guint wait;

  casa_influx_set_timeouts(influx, 5000, 600000, 1);
  g_assert_cmpint(casa_influx_write(influx, LINE, strlen(LINE), &wait, &error), ==, CASA_WRITE_RETRY);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 120 * G_USEC_PER_SEC);
  g_assert_nonnull(strstr(error->message, "too slow"));
}

/* Many kilobytes of an answer, control characters and bytes that are no UTF-8: one short clean line. */
static void
test_hostile_answer(void)
{
  g_autoptr(GString) body = g_string_new("bad\r\n\x1b[31m\xff\xfe ");
  g_autofree char *words = NULL;
  guint wait;

  for (guint i = 0; i < 20000; i++)
    g_string_append(body, "é!");
  g_assert_cmpint(write_once((StubAnswer){ .status = 400, .body = body->str }, &wait, &words), ==, CASA_WRITE_BAD_LINES);
  g_assert_true(g_utf8_validate(words, -1, NULL));
  g_assert_cmpuint(g_utf8_strlen(words, -1), <, 600);
  g_assert_null(strpbrk(words, "\r\n\x1b"));
}

static void
assert_request(const char *parameters, const char *token, const char *target, const char *authorization)
{
  StubAnswer answer = { .status = 204 };
  g_autoptr(StubHttp) stub = stub_http_new(judge_cb, &answer);
  g_autoptr(CasaInflux) influx = connect_to(stub, parameters, token);
  g_autoptr(GError) error = NULL;
  guint wait;

  for (guint i = 0; i < 2; i++) {
    g_assert_cmpint(casa_influx_write(influx, LINE LINE, 2 * strlen(LINE), &wait, &error), ==, CASA_WRITE_OK);
    g_assert_no_error(error);
    const StubRequest *request = stub_http_request(stub, i);
    g_autofree char *auth = stub_http_header(request, "Authorization"), *expect = stub_http_header(request, "Expect");
    g_assert_cmpstr(request->method, ==, "POST");
    g_assert_cmpstr(request->target, ==, target);
    g_assert_cmpstr(request->body, ==, LINE LINE);
    g_assert_true(request->gzip);
    g_assert_cmpstr(auth, ==, authorization);
    g_assert_null(expect);
    if (token)
      g_assert_null(strstr(request->target, token));
  }
}

static void
test_requests(void)
{
  assert_request("?db=casa", NULL, "/write?db=casa&precision=ms", NULL);
  assert_request("pre/?db=casa", "t0k", "/pre/write?db=casa&precision=ms", "Token t0k");
  assert_request("?org=o&bucket=b", "t0k", "/api/v2/write?org=o&bucket=b&precision=ms", "Token t0k");
  assert_request("?database=d", "t0k", "/api/v3/write_lp?db=d&precision=millisecond", "Bearer t0k");
}

static void
test_basic_auth(void)
{
  StubAnswer answer = { .status = 204 };
  g_autoptr(StubHttp) stub = stub_http_new(judge_cb, &answer);
  g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/?db=casa", stub_http_port(stub));
  g_autoptr(CasaInflux) influx = casa_influx_new(url, NULL, "casa", "pass word", NULL);
  guint wait;

  g_assert_cmpint(casa_influx_write(influx, LINE, strlen(LINE), &wait, NULL), ==, CASA_WRITE_OK);
  g_autofree char *auth = stub_http_header(stub_http_request(stub, 0), "Authorization");
  g_assert_cmpstr(auth, ==, "Basic Y2FzYTpwYXNzIHdvcmQ=");
}

static void
test_secret_with_line_break(void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(casa_influx_new("http://127.0.0.1:1/?db=casa", "tok\r\nX-Evil: 1", NULL, NULL, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_null(strstr(error->message, "Evil"));
}

static void
assert_unsafe(const char *token, const char *user, const char *password)
{
  g_autoptr(GError) error = NULL;

  g_assert_null(casa_influx_new("http://example.invalid:1/?db=casa", token, user, password, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_null(strstr(error->message, "hunter2"));
}

static void
test_unsafe_secrets(void)
{
  assert_unsafe("hunter2\n", NULL, NULL);
  assert_unsafe(NULL, "hunter2:x", "y");
  assert_unsafe(NULL, "hunter2\t", "y");
  assert_unsafe(NULL, "user", "hunter2\r");
  g_autoptr(CasaInflux) alone = casa_influx_new("http://example.invalid:1/?db=casa", "", "user", NULL, NULL);
  g_autoptr(CasaInflux) user = casa_influx_new("http://example.invalid:1/?db=casa", NULL, "user", NULL, NULL);
  g_assert_nonnull(alone);
  g_assert_nonnull(user);
}

static void
test_quote_name(void)
{
  g_autofree char *odd = casa_influx_quote_name("a \"b\"\\\nc");

  g_assert_cmpstr(odd, ==, "\"a \\\"b\\\"\\\\\\nc\"");
}

static void
test_create_database(void)
{
  StubAnswer fine = { .status = 200, .body = "{\"results\":[{\"statement_id\":0}]}" };
  StubAnswer refused = { .status = 200, .body = "{\"results\":[{\"error\":\"not allowed\"}]}" };
  g_autoptr(GError) error = NULL;
  StubAnswer answer = fine;
  g_autoptr(StubHttp) stub = stub_http_new(judge_cb, &answer);
  g_autoptr(CasaInflux) v1 = connect_to(stub, "?db=ca%22sa", NULL), v2 = connect_to(stub, "?org=o&bucket=b", NULL);

  g_assert_true(casa_influx_prepare(v1, &error));
  const StubRequest *request = stub_http_request(stub, 0);
  g_assert_cmpstr(request->target, ==, "/query");
  g_assert_cmpstr(request->body, ==, "q=CREATE%20DATABASE%20%22ca%5C%22sa%22");
  g_assert_true(casa_influx_prepare(v2, &error));
  g_assert_cmpuint(stub_http_n_requests(stub), ==, 1);
  answer = refused;
  g_assert_false(casa_influx_prepare(v1, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_REFUSED);
  g_assert_nonnull(strstr(error->message, "not allowed"));
}

static gpointer
cancel_cb(gpointer data)
{
  gpointer *both = data;

  while (stub_http_n_requests(both[0]) == 0)
    g_usleep(1000);
  casa_influx_cancel(both[1]);
  return NULL;
}

static void
test_cancel(void)
{
  StubAnswer answer = { .mode = STUB_HANG };
  g_autoptr(StubHttp) stub = stub_http_new(judge_cb, &answer);
  g_autoptr(CasaInflux) influx = connect_to(stub, "?db=casa", NULL);
  g_autoptr(GError) error = NULL;
  gpointer both[] = { stub, influx };
  gint64 start = g_get_monotonic_time();
  guint wait;

  GThread *thread = g_thread_new("cancel", cancel_cb, both);
  g_assert_cmpint(casa_influx_write(influx, LINE, strlen(LINE), &wait, &error), ==, CASA_WRITE_RETRY);
  g_thread_join(thread);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC); /* the time-out would be 30 s */
  g_assert_cmpint(casa_influx_write(influx, LINE, strlen(LINE), &wait, NULL), ==, CASA_WRITE_RETRY);
  g_assert_cmpuint(stub_http_n_requests(stub), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/influx/verdicts", test_verdicts);
  g_test_add_func("/forward/influx/not-an-influx", test_not_an_influx);
  g_test_add_func("/forward/influx/retry-after", test_retry_after);
  g_test_add_func("/forward/influx/broken-conversations", test_broken_conversations);
  g_test_add_func("/forward/influx/stalled", test_stalled);
  g_test_add_func("/forward/influx/hostile-answer", test_hostile_answer);
  g_test_add_func("/forward/influx/requests", test_requests);
  g_test_add_func("/forward/influx/basic-auth", test_basic_auth);
  g_test_add_func("/forward/influx/secret-with-line-break", test_secret_with_line_break);
  g_test_add_func("/forward/influx/unsafe-secrets", test_unsafe_secrets);
  g_test_add_func("/forward/influx/quote-name", test_quote_name);
  g_test_add_func("/forward/influx/create-database", test_create_database);
  g_test_add_func("/forward/influx/cancel", test_cancel);
  return g_test_run();
}
