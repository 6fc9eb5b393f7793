/* SPDX-License-Identifier: Apache-2.0 */
/* `casa import`: history back from InfluxDB, as a user runs it. */
#include "base/clock.h"
#include "fixture.h"
#include "forward/import.h"
#include "influxd.h"
#include "process.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define HOUR_MS 3600000

static const char *casa; /* the program under test */

typedef struct {
  int status;
  char *out, *err;
} Run;

static void
run_clear(Run *self)
{
  g_free(self->out);
  g_free(self->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

/* casa import --config DIR --store STORE --from-influx URL [more…] */
static Run
import(const char *dir, const char *store, const char *url, const char *const *more)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  const char *fixed[] = { casa, "import", "--config", dir, "--store", store, "--from-influx", url };
  Run run;

  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
    g_ptr_array_add(argv, (gpointer) fixed[i]);
  for (; more && *more; more++)
    g_ptr_array_add(argv, (gpointer) *more);
  g_ptr_array_add(argv, NULL);
  run.status = test_run((const char *const *) argv->pdata, NULL, &run.out, &run.err);
  return run;
}

static void
assert_count(const Run *run, const char *key, guint64 n)
{
  g_autofree char *wanted = g_strdup_printf("\"%s\":%" G_GUINT64_FORMAT, key, n);
  const char *at = strstr(run->out, wanted);

  if (!at || g_ascii_isdigit(at[strlen(wanted)]))
    g_error("not %s in %s%s", wanted, run->out, run->err);
}

static void
assert_says(const Run *run, const char *words)
{
  if (!strstr(run->err, words))
    g_error("\"%s\" does not say \"%s\"", run->err, words);
}

static int
compare_lines(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* What casa export says of a store, sorted (series are numbered as they came), without the time of arrival. */
static char *
exported(const char *store, guint *n)
{
  const char *argv[] = { casa, "export", "--store", store, "--format", "csv", NULL };
  g_autofree char *out = NULL, *err = NULL;

  if (test_run(argv, NULL, &out, &err) != 0)
    g_error("casa export: %s", err);
  g_auto(GStrv) lines = g_strsplit(g_strchomp(out), "\n", -1);
  *n = g_strv_length(lines) - 1;
  for (guint i = 0; lines[i]; i++)
    *strrchr(lines[i], ',') = '\0';
  qsort(lines, *n + 1, sizeof *lines, compare_lines);
  return g_strjoinv("\n", lines);
}

/* --- Round trip --- */

static void
put_row(Fixture *f, guint i, gint64 t_ms)
{
  static const char *const domains[] = { "air", "energy", "mobility" };
  static const char *const metrics[] = { "pm10", "no2", "load_mw", "lat", "lon", "speed_kmh", "co", "temp_c" };
  CasaReading reading = { .t_ms = t_ms, .time_source = CASA_TIME_PAYLOAD };
  g_autoptr(GError) error = NULL;
  CasaPut put;

  g_strlcpy(reading.source, i % 5 ? "city" : "equipe-7", sizeof reading.source);
  g_strlcpy(reading.domain, domains[i % 3], sizeof reading.domain);
  g_snprintf(reading.station, sizeof reading.station, "st-%u", i % 17);
  reading.n_fields = 1 + i % G_N_ELEMENTS(metrics);
  for (guint k = 0; k < reading.n_fields; k++) {
    g_strlcpy(reading.fields[k].metric, metrics[(i + k) % G_N_ELEMENTS(metrics)], sizeof reading.fields[k].metric);
    reading.fields[k].value = k % 3 == 0 ? i / 10.0 : k % 3 == 1 ? g_test_rand_double() * 1e-5 : -1e20 * i;
  }
  g_assert_true(casa_store_put_reading(f->store, &reading, t_ms + 5, &put, &error));
  g_assert_no_error(error);
}

static void
test_round_trip(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  gint64 begin_ms = casa_clock_now_ms() - HOUR_MS;
  Fixture f;
  guint n, again;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  for (guint i = 0; i < 3000; i++)
    put_row(&f, i, begin_ms + i * 37);
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);

  g_autofree char *copy = g_build_filename(f.dir, "copy.db", NULL), *before = exported(f.path, &n);
  g_auto(Run) first = import(f.dir, copy, f.config.influx_url, NULL);
  g_assert_cmpstr(first.err, ==, "");
  g_assert_cmpint(first.status, ==, 0);
  assert_count(&first, "stored", n);
  assert_count(&first, "duplicates", 0);
  assert_count(&first, "skipped_rows", 0);
  assert_count(&first, "measurements", 3);
  g_autofree char *after = exported(copy, &again);
  g_assert_cmpuint(again, ==, n);
  g_assert_cmpstr(after, ==, before);

  /* Once more: nothing is new, nothing is doubled. */
  g_auto(Run) second = import(f.dir, copy, f.config.influx_url, NULL);
  g_assert_cmpint(second.status, ==, 0);
  assert_count(&second, "stored", 0);
  assert_count(&second, "duplicates", n);
  g_autofree char *still = exported(copy, &again);
  g_assert_cmpstr(still, ==, before);
  fixture_close(&f);
}

static void
test_part_into_a_filled_store(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  gint64 begin_ms = casa_clock_now_ms() - HOUR_MS, shift = begin_ms - FIXTURE_BEGIN_MS;
  Fixture f;
  guint n;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  for (guint i = 0; i < 100; i++)
    fixture_put(&f, "x", "pm10", i, shift + i * 1000);
  put_row(&f, 1, begin_ms); /* energy */
  fixture_start(&f);
  fixture_stop(&f, 60000);

  g_autofree char *copy = g_build_filename(f.dir, "copy.db", NULL);
  char from_time[32], to_time[32];
  const char *part[] = { "--measurement", "a?r", "--from", casa_time_format(begin_ms + 10000, from_time),
                         "--to", casa_time_format(begin_ms + 20000, to_time), NULL };
  const char *air[] = { "--measurement", "air", NULL };
  g_auto(Run) ten = import(f.dir, copy, f.config.influx_url, part);
  g_assert_cmpint(ten.status, ==, 0);
  assert_count(&ten, "stored", 10);
  g_auto(Run) rest = import(f.dir, copy, f.config.influx_url, air);
  assert_count(&rest, "stored", 90);
  assert_count(&rest, "duplicates", 10);
  g_free(exported(copy, &n));
  g_assert_cmpuint(n, ==, 100);
  fixture_close(&f);
}

/* --- What others wrote --- */

static void
write_foreign(const char *url, gint64 now_ms)
{
  g_autoptr(CasaInflux) influx = casa_influx_new(url, NULL, NULL, NULL, NULL);
  g_autofree char *lines = g_strdup_printf(
      "air,source=city,station=x pm10=1,state=\"on\",n=3i,open=true %" G_GINT64_FORMAT "\n"
      "air,source=city,station=Ain\\ Sebaa pm10=2 %" G_GINT64_FORMAT "\n"
      "air,host=server pm10=3 %" G_GINT64_FORMAT "\n"
      "air,source=city,station=x pm10=4 1000\n"
      "air,source=city,station=x pm10=5 %" G_GINT64_FORMAT "\n"
      "cpu,host=server usage=6 %" G_GINT64_FORMAT "\n"
      "odd\\ \"name\",source=city,station=x pm10=7 %" G_GINT64_FORMAT "\n"
      "air,source=city,station=x Odd=8,pm10=9 %" G_GINT64_FORMAT "\n",
      now_ms, now_ms, now_ms, now_ms + 30 * HOUR_MS, now_ms, now_ms, now_ms + 1);
  guint wait;

  g_assert_true(casa_influx_prepare(influx, NULL));
  g_assert_cmpint(casa_influx_write(influx, lines, strlen(lines), &wait, NULL), ==, CASA_WRITE_OK);
}

static void
test_foreign_rows_are_left_out(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  g_autofree char *url = g_strdup_printf("%s/?db=casa", test_influxd_address(server));
  guint n;

  write_foreign(url, casa_clock_now_ms() - HOUR_MS);
  g_auto(Run) run = import(dir, store, url, NULL);
  g_assert_cmpint(run.status, ==, 0);
  assert_count(&run, "rows", 8);
  assert_count(&run, "stored", 4); /* pm10=1, n, open, pm10=9 */
  assert_count(&run, "skipped_rows", 6);
  assert_count(&run, "skipped_values", 2);
  assert_says(&run, "air: the station \"Ain Sebaa\" is left out");
  assert_says(&run, "the measurement \"odd \"name\"\" is left out");
  assert_says(&run, "cpu: rows without the tag \"source\"");
  assert_says(&run, "the field \"state\" is text");
  assert_says(&run, "the field \"Odd\" is left out");
  assert_says(&run, "retention");
  assert_says(&run, "has not been yet");
  g_autofree char *have = exported(store, &n);
  g_assert_cmpuint(n, ==, 4);
  g_assert_nonnull(strstr(have, "city,air,x,pm10,9"));
  test_dir_remove(dir);
}

/* Over the wire answers come packed: 0.0.0.0 is this machine and yet not loopback. */
static void
test_packed_answers(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  gint64 shift = casa_clock_now_ms() - HOUR_MS - FIXTURE_BEGIN_MS;
  Fixture f;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  for (guint i = 0; i < 5000; i++)
    fixture_put(&f, "x", "pm10", i, shift + i);
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_autofree char *copy = g_build_filename(f.dir, "copy.db", NULL);
  g_autofree char *url = g_strdup_printf("http://0.0.0.0%s/?db=casa", strrchr(test_influxd_address(server), ':'));
  g_setenv("no_proxy", "0.0.0.0", TRUE);
  g_auto(Run) run = import(f.dir, copy, url, NULL);
  g_setenv("no_proxy", "", TRUE);
  g_assert_cmpint(run.status, ==, 0);
  assert_count(&run, "stored", 5000);
  fixture_close(&f);
}

/* --- Servers that misbehave, and the other versions --- */

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
    return (StubAnswer) { .status = 200, .body = MEASUREMENTS };
  if (!strstr(request->target, "q=SELECT%20%2A%3A%3Afield%20FROM%20%22air%22%20GROUP%20BY%20%22source%22%2C%20%22station%22"))
    g_atomic_int_inc(&self->wrong);
  return g_atomic_int_get(&self->ill) ? self->trouble : self->rows;
}

static void
server_init(Server *self, const char *prefix, const char *authorization)
{
  gint64 t_ms = casa_clock_now_ms() - HOUR_MS;

  *self = (Server) { .prefix = prefix, .authorization = authorization };
  self->body = g_strdup_printf(HEAD "{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"x\"},\"columns\":"
                                    "[\"time\",\"pm10\"],\"values\":[[%" G_GINT64_FORMAT ",1],[%" G_GINT64_FORMAT ",2]]}]}]}\n",
                               t_ms, t_ms + 1);
  self->rows = (StubAnswer) { .status = 200, .body = self->body };
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
    g_auto(Run) run = import(dir, store, url, NULL);
    g_assert_cmpint(run.status, ==, 0);
    assert_count(&run, "stored", 2);
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
  g_auto(Run) run = import(dir, store, url, NULL);
  g_assert_cmpint(run.status, ==, 1);
  assert_says(&run, words);
  assert_says(&run, "run it again");

  g_atomic_int_set(&server.ill, FALSE);
  g_auto(Run) again = import(dir, store, url, NULL);
  g_assert_cmpint(again.status, ==, 0);
  g_assert_cmpint(fixture_sql_of(store, "SELECT count(*) FROM reading"), ==, 2);
  stub_http_free(stub);
  g_free(server.body);
  test_dir_remove(dir);
}

static void
test_troubles_are_named_and_mended(void)
{
  assert_trouble((StubAnswer) { .status = 401 }, "401: give the token or user in [influx] the right to read");
  assert_trouble((StubAnswer) { .status = 403 }, "403");
  assert_trouble((StubAnswer) { .status = 404, .body = "page not found" }, "page not found");
  assert_trouble((StubAnswer) { .status = 400 }, "does not take the question");
  assert_trouble((StubAnswer) { .status = 429 }, "try again later");
  assert_trouble((StubAnswer) { .status = 503 }, "overloaded or broken");
  assert_trouble((StubAnswer) { .status = 302, .headers = "Location: http://127.0.0.1:1/\r\n" }, "302");
  assert_trouble((StubAnswer) { .status = 200, .body = "<html>Welcome</html>" }, "is this an InfluxDB");
  assert_trouble((StubAnswer) { .status = 200, .body = "{\"results\":[{\"error\":\"timeout\"}]}\n" }, "timeout");
  assert_trouble((StubAnswer) { .mode = STUB_CUT, .status = 200 }, "does not answer");
  /* The last line says that more comes, and nothing does. */
  assert_trouble((StubAnswer) { .status = 200, .body = "{\"results\":[{\"partial\":true}]}\n" }, "did not come");
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
    g_string_append_printf(body, ",{\"name\":\"air\",\"tags\":{\"source\":\"city\",\"station\":\"Y%u\"},\"columns\":[\"time\"],"
                                 "\"values\":[[1],[2]]}", i);
  g_string_append(body, "]}]}\n");
}

static void
count_cb(const char *text, gpointer data)
{
  (*(guint *) data)++;
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
  CasaImportOptions options = { .influx = influx, .store = f.store, .from_ms = G_MININT64, .to_ms = G_MAXINT64,
                                .oldest_ms = G_MININT64, .newest_ms = G_MAXINT64 };
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
  g_auto(Run) run = import(dir, store, url, NULL);
  g_assert_cmpint(run.status, ==, 0);
  assert_count(&run, "stored", 1);
  assert_count(&run, "skipped_values", 1);
  assert_says(&run, "max_series");

  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  struct rlimit full = { 1, limit.rlim_max };
  Fixture f;
  fixture_open(&f, NULL, NULL);
  CasaInflux *influx = casa_influx_new(url, NULL, NULL, NULL, NULL);
  CasaImportOptions options = { .influx = influx, .store = f.store, .from_ms = G_MININT64, .to_ms = G_MAXINT64,
                                .oldest_ms = G_MININT64, .newest_ms = G_MAXINT64 };
  CasaImportCounts counts;
  g_autoptr(GError) error = NULL;
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &full), ==, 0);
  g_assert_false(casa_import_run(&options, &counts, &error));
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_IO);
  g_clear_error(&error);
  g_assert_true(casa_import_run(&options, &counts, &error));
  g_assert_cmpuint(counts.stored, ==, 2);
  casa_influx_free(influx);
  fixture_close(&f);
  stub_http_free(stub);
  g_free(server.body);
  test_dir_remove(dir);
}

static void
test_usage(void)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  const char *times[] = { "--from", "now", "--to", "now-1d", NULL }, *bad[] = { "--from", "soon", NULL };
  const char *extra[] = { "extra", NULL };
  g_auto(Run) url = import(dir, store, "http://host:8086/", NULL);
  g_auto(Run) order = import(dir, store, "http://127.0.0.1:1/?db=casa", times);
  g_auto(Run) time = import(dir, store, "http://127.0.0.1:1/?db=casa", bad);
  g_auto(Run) word = import(dir, store, "http://127.0.0.1:1/?db=casa", extra);
  g_auto(Run) away = import(dir, store, "http://127.0.0.1:1/?db=casa", NULL);

  g_assert_cmpint(url.status, ==, 2);
  assert_says(&url, "names no database");
  g_assert_cmpint(order.status, ==, 2);
  assert_says(&order, "--from must be before --to");
  g_assert_cmpint(time.status, ==, 2);
  g_assert_cmpint(word.status, ==, 2);
  g_assert_cmpint(away.status, ==, 1);
  assert_says(&away, "does not answer");
  test_dir_remove(dir);
}

static void
test_victoria_is_named(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria();
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  g_autofree char *url = g_strdup_printf("%s/?db=casa", test_influxd_address(server));
  g_auto(Run) run = import(dir, store, url, NULL);

  g_assert_cmpint(run.status, ==, 1);
  assert_says(&run, "VictoriaMetrics");
  assert_count(&run, "rows", 0);
  test_dir_remove(dir);
}

/* A store that somebody writes is left alone. */
static void
test_store_in_use(void)
{
  Fixture f;

  fixture_open(&f, NULL, NULL);
  g_auto(Run) run = import(f.dir, f.path, "http://127.0.0.1:1/?db=casa", NULL);
  g_assert_cmpint(run.status, ==, 1);
  assert_says(&run, f.path);
  fixture_close(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  casa = g_getenv("CASA_PROGRAM");
  if (!casa)
    g_error("CASA_PROGRAM is not set: run it by meson test");
  g_test_add_func("/forward/import/round-trip", test_round_trip);
  g_test_add_func("/forward/import/part-into-a-filled-store", test_part_into_a_filled_store);
  g_test_add_func("/forward/import/foreign-rows", test_foreign_rows_are_left_out);
  g_test_add_func("/forward/import/packed-answers", test_packed_answers);
  g_test_add_func("/forward/import/odd-answers", test_odd_answers);
  g_test_add_func("/forward/import/store-refuses", test_store_refuses);
  g_test_add_func("/forward/import/newer-versions", test_newer_versions);
  g_test_add_func("/forward/import/troubles", test_troubles_are_named_and_mended);
  g_test_add_func("/forward/import/victoria-is-named", test_victoria_is_named);
  g_test_add_func("/forward/import/usage", test_usage);
  g_test_add_func("/forward/import/store-in-use", test_store_in_use);
  return g_test_run();
}
