/* SPDX-License-Identifier: Apache-2.0 */
/* `casa import` with servers that misbehave, and with the other versions of InfluxDB. */
#include "base/clock.h"
#include "fixture.h"
#include "forward/import.h"
#include "import-run.h"
#include "process.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define HOUR_MS 3600000

#define HEAD "{\"results\":[{\"statement_id\":0,\"series\":["
#define MEASUREMENTS HEAD "{\"name\":\"measurements\",\"columns\":[\"name\"],\"values\":[[\"air\"],[\"casa_pulse\"]]}]}]}\n"

typedef struct {
  const char *prefix, *authorization;
  StubAnswer rows, trouble; /* constant once the server runs */
  char *body;
  gint ill;   /* atomic; rows are answered with trouble */
  gint wrong; /* atomic; requests that were not as they should be */
} Server;

static StubAnswer
server_cb(const StubRequest *request, guint number, gpointer data)
{
  Server *self = data;
  g_autofree char *authorization = stub_http_header(request, "Authorization");

  if (!g_str_equal(request->method, "GET") || !g_str_has_prefix(request->target, self->prefix) ||
      !strstr(request->target, "&chunked=true&chunk_size=") || g_strcmp0(authorization, self->authorization) != 0)
    g_atomic_int_inc(&self->wrong);
  if (strstr(request->target, "q=SHOW%20MEASUREMENTS"))
    return (StubAnswer){ .status = 200, .body = MEASUREMENTS };
  if (!strstr(request->target, "q=SELECT%20%2A%3A%3Afield%20FROM%20%22air%22%20GROUP%20BY%20%22source%22%2C%20%22station%22"))
    g_atomic_int_inc(&self->wrong);
  return g_atomic_int_get(&self->ill) ? self->trouble : self->rows;
}

static void
server_init(Server *self, const char *prefix, const char *authorization)
{
  gint64 t_ms = casa_clock_now_ms() - HOUR_MS;

  *self = (Server){ .prefix = prefix, .authorization = authorization };
  self->body = g_strdup_printf(HEAD "{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"x\"},\"columns\":"
                                    "[\"time\",\"pm10\"],\"values\":[[%" G_GINT64_FORMAT ",1],[%" G_GINT64_FORMAT ",2]]}]}]}\n",
                               t_ms, t_ms + 1);
  self->rows = (StubAnswer){ .status = 200, .body = self->body };
}

static void
write_secret(const char *dir)
{
  g_autofree char *token = g_build_filename(dir, "token", NULL), *conf = g_build_filename(dir, "pulse.conf", NULL);
  g_autofree char *text = g_strdup_printf("[influx]\ntoken_file = %s\n", token);

  g_assert_true(g_file_set_contents_full(token, "s3cret\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_assert_true(g_file_set_contents(conf, text, -1, NULL));
}

/* InfluxDB 2 and 3 by their documented 1.x path: what is asked, with which credentials. */
static void
test_newer_versions(void)
{
  static const char *const cases[][3] = {
    { "?org=o&bucket=b", "/query?db=b&epoch=ms&", "Token s3cret" },
    { "?database=d", "/query?db=d&epoch=ms&", "Bearer s3cret" },
    { "pre/?db=c&rp=week", "/pre/query?db=c&rp=week&epoch=ms&", "Token s3cret" },
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
    Server server;
    server_init(&server, cases[i][1], cases[i][2]);
    StubHttp *stub = stub_http_new(server_cb, &server);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/%s", stub_http_port(stub), cases[i][0]);
    write_secret(dir);
    g_auto(ImportRun) run = import_run(dir, store, url, NULL);
    g_assert_cmpint(run.status, ==, 0);
    import_assert_count(&run, "stored", 2);
    g_assert_cmpint(g_atomic_int_get(&server.wrong), ==, 0);
    stub_http_free(stub);
    g_free(server.body);
    test_dir_remove(dir);
  }
}

static void
assert_trouble(StubAnswer trouble, const char *words)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  Server server;

  server_init(&server, "/query?db=casa&epoch=ms&", NULL);
  server.trouble = trouble;
  server.ill = TRUE;
  StubHttp *stub = stub_http_new(server_cb, &server);
  g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/?db=casa", stub_http_port(stub));
  g_auto(ImportRun) run = import_run(dir, store, url, NULL);
  g_assert_cmpint(run.status, ==, 1);
  import_assert_says(&run, words);
  import_assert_says(&run, "run it again");

  g_atomic_int_set(&server.ill, FALSE);
  g_auto(ImportRun) again = import_run(dir, store, url, NULL);
  g_assert_cmpint(again.status, ==, 0);
  g_assert_cmpint(fixture_sql_of(store, "SELECT count(*) FROM reading"), ==, 2);
  stub_http_free(stub);
  g_free(server.body);
  test_dir_remove(dir);
}

static void
test_troubles_are_named_and_mended(void)
{
  assert_trouble((StubAnswer){ .status = 401 }, "401: give the token or user in [influx] the right to read");
  assert_trouble((StubAnswer){ .status = 403 }, "403");
  assert_trouble((StubAnswer){ .status = 404, .body = "page not found" }, "page not found");
  assert_trouble((StubAnswer){ .status = 400 }, "does not take the question");
  assert_trouble((StubAnswer){ .status = 429 }, "try again later");
  assert_trouble((StubAnswer){ .status = 503 }, "overloaded or broken");
  assert_trouble((StubAnswer){ .status = 302, .headers = "Location: http://127.0.0.1:1/\r\n" }, "302");
  assert_trouble((StubAnswer){ .status = 200, .body = "<html>Welcome</html>" }, "is this an InfluxDB");
  assert_trouble((StubAnswer){ .status = 200, .body = "{\"results\":[{\"error\":\"timeout\"}]}\n" }, "timeout");
  assert_trouble((StubAnswer){ .mode = STUB_CUT, .status = 200 }, "does not answer");
  /* The last line says that more comes, and nothing does. */
  assert_trouble((StubAnswer){ .status = 200, .body = "{\"results\":[{\"partial\":true}]}\n" }, "did not come");
}

/* --- The same without the program: what no server says by itself --- */

static void
append_rows(GString *body, gint64 t_ms)
{
  g_string_assign(body, HEAD "{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"x\"},\"columns\":[\"time\"");
  for (guint i = 0; i < 150; i++)
    g_string_append_printf(body, ",\"m%u\"", i);
  g_string_append_printf(body, "],\"values\":[[%" G_GINT64_FORMAT, t_ms);
  for (guint i = 0; i < 150; i++)
    g_string_append_printf(body, ",%u", i);
  g_string_append_printf(body, "],[%" G_GINT64_FORMAT ",1],[1e300", t_ms);
  for (guint i = 0; i < 150; i++)
    g_string_append(body, ",null");
  g_string_append(body, "]]},{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"y\"},\"columns\":[\"m\",\"time\"],"
                        "\"values\":[[1,2]]},{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"y\"},\"columns\":"
                        "[\"time\",\"m\"],\"values\":[[\"2026\",1]]},{\"name\":\"air\",\"tags\":{\"source\":\"city\","
                        "\"station\":\"y\"},\"columns\":[],\"values\":[[]]}");
  for (guint i = 0; i < 30; i++)
    g_string_append_printf(body,
                           ",{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"Y%u\"},\"columns\":[\"time\"],"
                           "\"values\":[[1],[2]]}",
                           i);
  g_string_append(body, "]}]}\n");
}

static void
count_cb(const char *text, gpointer data)
{
  (*(guint *)data)++;
}

/* A row of 150 fields (more than one reading holds), rows without a time, more kinds of faults than anybody wants to read;
 * first with nobody listening, then with. */
static void
test_odd_answers(void)
{
  g_autoptr(GString) body = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  guint reports = 0;
  CasaImportCounts counts;
  Server server;
  Fixture f;

  server_init(&server, "/query?db=casa&epoch=ms&", NULL);
  append_rows(body, casa_clock_now_ms());
  server.rows.body = body->str;
  StubHttp *stub = stub_http_new(server_cb, &server);
  g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/?db=casa", stub_http_port(stub));
  CasaInflux *influx = casa_influx_new(url, NULL, NULL, NULL, &error);
  fixture_open(&f, NULL, NULL);
  CasaImportOptions options = { .influx = influx,
                                .store = f.store,
                                .from_ms = G_MININT64,
                                .to_ms = G_MAXINT64,
                                .oldest_ms = G_MININT64,
                                .newest_ms = G_MAXINT64 };
  g_assert_true(casa_import_run(&options, &counts, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(counts.stored, ==, 150);
  g_assert_cmpuint(counts.rows, ==, 66);
  g_assert_cmpuint(counts.skipped_rows, ==, 65);
  options.report = count_cb;
  options.data = &reports;
  g_assert_true(casa_import_run(&options, &counts, &error));
  g_assert_cmpuint(counts.stored, ==, 0);
  g_assert_cmpuint(counts.duplicates, ==, 150);
  g_assert_cmpuint(reports, ==, 21); /* twenty, and that there are more */
  casa_influx_free(influx);
  stub_http_free(stub);
  fixture_close(&f);
  g_free(server.body);
}

/* A full disk ends it with the store's words; a store of at most one series takes one. */
static void
test_store_refuses(void)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  g_autofree char *conf = g_build_filename(dir, "pulse.conf", NULL);
  struct rlimit limit;
  Server server;

  g_assert_true(g_file_set_contents(conf, "[limits]\nmax_series = 1\n", -1, NULL));
  server_init(&server, "/query?db=casa&epoch=ms&", NULL);
  g_autofree char *two = g_strdup_printf(HEAD "{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"x\"},\"columns\":"
                                              "[\"time\",\"a\",\"b\"],\"values\":[[%" G_GINT64_FORMAT ",1,2]]}]}]}\n",
                                         casa_clock_now_ms());
  server.rows.body = two;
  StubHttp *stub = stub_http_new(server_cb, &server);
  g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/?db=casa", stub_http_port(stub));
  g_auto(ImportRun) run = import_run(dir, store, url, NULL);
  g_assert_cmpint(run.status, ==, 0);
  import_assert_count(&run, "stored", 1);
  import_assert_count(&run, "skipped_values", 1);
  import_assert_says(&run, "max_series");

  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  struct rlimit full = { 1, limit.rlim_max };
  Fixture f;
  fixture_open(&f, NULL, NULL);
  CasaInflux *influx = casa_influx_new(url, NULL, NULL, NULL, NULL);
  CasaImportOptions options = { .influx = influx,
                                .store = f.store,
                                .from_ms = G_MININT64,
                                .to_ms = G_MAXINT64,
                                .oldest_ms = G_MININT64,
                                .newest_ms = G_MAXINT64 };
  CasaImportCounts counts;
  g_autoptr(GError) error = NULL;
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &full), ==, 0);
  g_assert_false(casa_import_run(&options, &counts, &error));
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_DISK);
  g_clear_error(&error);
  g_assert_true(casa_import_run(&options, &counts, &error));
  g_assert_cmpuint(counts.stored, ==, 2);
  casa_influx_free(influx);
  fixture_close(&f);
  stub_http_free(stub);
  g_free(server.body);
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/import-answers/odd-answers", test_odd_answers);
  g_test_add_func("/forward/import-answers/store-refuses", test_store_refuses);
  g_test_add_func("/forward/import-answers/newer-versions", test_newer_versions);
  g_test_add_func("/forward/import-answers/troubles", test_troubles_are_named_and_mended);
  return g_test_run();
}
