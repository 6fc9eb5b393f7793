/* SPDX-License-Identifier: Apache-2.0 */
/* How the forwarder works: order, counts, bad lines, proof, stopping. The single answers are in test-answers.c. */
#include "fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static void
test_off(void)
{
  Fixture f;

  fixture_open(&f, NULL, NULL);
  f.pace = (CasaForwardPace){ 0 }; /* as it comes */
  fixture_put_many(&f, 0, 3);
  fixture_start(&f);
  g_assert_cmpint(fixture_status(&f).state, ==, CASA_FORWARD_OFF);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  fixture_close(&f);
}

static gboolean
is_data(const StubRequest *request)
{
  return strstr(request->target, "/write") && !g_str_has_prefix(request->body, CASA_INFLUX_CHECK);
}

static void
test_counts_and_order(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  StubHttp *http = stub_influx_http(stub);
  Fixture f;

  fixture_open_stub(&f, stub);
  fixture_put_many(&f, 0, 100);
  f.pace.rows = 30;
  fixture_start(&f);
  fixture_wait_forwarded(&f, 100);
  fixture_put_many(&f, 100, 120);
  fixture_wait_forwarded(&f, 120);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 120);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpint(fixture_status(&f).state, ==, CASA_FORWARD_OK);
  fixture_stop(&f, 1000);

  double expected = 0;
  for (guint i = 0; i < stub_http_n_requests(http); i++) {
    if (!is_data(stub_http_request(http, i)))
      continue;
    g_auto(GStrv) lines = g_strsplit(stub_http_request(http, i)->body, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), <=, 31);
    for (guint k = 0; *lines[k]; k++)
      g_assert_cmpfloat(g_ascii_strtod(strstr(lines[k], "pm10=") + 5, NULL), ==, expected++);
  }
  g_assert_cmpfloat(expected, ==, 120);
  fixture_close(&f);
}

/* A partial write: the server keeps the good lines of a batch that it answers 400, and its `dropped=` is wrong. Whatever
 * it says, the good ones are there once and the bad ones are put aside. */
static void
test_bad_line_does_not_block_the_rest(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  stub_influx_set(stub, (StubMood){ .write.status = 204, .bad = "poison=" });
  fixture_put_many(&f, 0, 500);
  fixture_put(&f, "x", "poison", 1, 250); /* same line as a good value */
  fixture_put(&f, "y", "poison", 2, 0);   /* a line of its own */
  fixture_put_many(&f, 500, 1000);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 1000);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 1000);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 2);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 1000);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE line LIKE '%poison%'"), ==, 2);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE reason LIKE '%type conflict%'"), ==, 2);
  fixture_close(&f);
}

/* A long backlog that is older than the server's retention: put aside in few requests, and what is young enough arrives. */
static void
test_too_old_is_put_aside_quickly(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  stub_influx_set(stub, (StubMood){ .write.status = 204, .oldest_ms = FIXTURE_BEGIN_MS + 2500, .bad = "poison=" });
  fixture_put(&f, "y", "pm10", 7, 5000); /* the newest is the first */
  fixture_put_many(&f, 0, 2400);
  fixture_put(&f, "y", "poison", 7, 5001);
  fixture_put_many(&f, 2400, 3000);
  f.pace.rows = 1000;
  fixture_start(&f);
  fixture_wait_forwarded(&f, 501);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 501);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 2501);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE reason LIKE '%beyond retention policy%'"), ==, 2500);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE line LIKE '%poison%'"), ==, 1);
  g_assert_cmpuint(stub_influx_n_writes(stub), <, 200);
  fixture_close(&f);
}

/* Names that line protocol cannot carry never reach the server, and never stop the rest. */
static void
test_unwritable_is_put_aside(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  fixture_put(&f, "x", "bad\\", 7, 0);
  fixture_put_many(&f, 0, 3);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 3);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 3);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 1);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE line = 'city/air/x/bad\\'"), ==, 1);
  fixture_close(&f);
}

static void
test_too_large_is_halved(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  stub_influx_set(stub, (StubMood){ .write.status = 204, .too_large = 12000 });
  fixture_put_many(&f, 0, 2000);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 2000);
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 2000);
  g_assert_cmpuint(stub_influx_n_arrived(stub), ==, 2000);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);

  /* It has learnt: the next two thousand take no refusal more. */
  guint writes = stub_influx_n_writes(stub);
  fixture_put_many(&f, 2000, 2100);
  fixture_wait_forwarded(&f, 2100);
  g_assert_cmpuint(stub_influx_n_arrived(stub), ==, 2100);
  g_assert_cmpuint(stub_influx_n_writes(stub), >, writes);
  fixture_close(&f);
}

/* A proxy before the server that takes no body at all for a while: batches are no smaller afterwards. */
static void
test_too_large_for_a_while(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  fixture_put_many(&f, 0, 10);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 10);
  stub_influx_answer(stub, 413);
  fixture_put_many(&f, 10, 1000);
  fixture_wait_state(&f, CASA_FORWARD_DENIED);
  fixture_assert_says(&f, "even a plain test line is refused");
  fixture_put_many(&f, 1000, 7000);
  guint writes = stub_influx_n_writes(stub);
  stub_influx_answer(stub, 204);
  fixture_wait_forwarded(&f, 7000);
  g_assert_cmpuint(stub_influx_n_writes(stub) - writes, <, 30); /* by hundreds it would be 60 */
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);
  fixture_close(&f);
}

/* 204 to everything, and nothing kept: what VictoriaMetrics does to samples outside its retention, or a relay to nowhere. */
static void
test_lying_server_is_not_trusted(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  stub_influx_set(stub, (StubMood){ .write.status = 204, .forgets = TRUE });
  fixture_put_many(&f, 0, 10);
  fixture_start(&f);
  fixture_wait_state(&f, CASA_FORWARD_DENIED);
  fixture_assert_says(&f, "it is not there to be read");
  fixture_assert_says(&f, "retention");
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 0);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 10);
  g_assert_cmpuint(stub_influx_n_arrived(stub), ==, 0);
  stub_influx_answer(stub, 204);
  fixture_wait_forwarded(&f, 10);
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 10);
  fixture_close(&f);
}

/* A token that may only write is no reason to stop; that it could not be proved is said. */
static void
test_write_only_server_is_used(void)
{
  static const StubAnswer answers[] = { { .status = 401 },
                                        { .status = 403 },
                                        { .status = 404 },
                                        { .status = 200, .body = "<html>" },
                                        { .status = 200, .body = "{\"results\":[{\"error\":\"not authorized\"}]}" } };

  for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
    g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V2, "t0k");
    char token[] = "t0k";
    Fixture f;

    fixture_open_stub(&f, stub);
    f.config.influx_token = token;
    stub_influx_set(stub, (StubMood){ .write.status = 204, .read = answers[i] });
    fixture_put_many(&f, 0, 10);
    fixture_start(&f);
    fixture_wait_forwarded(&f, 10);
    fixture_assert_says(&f, "cannot be read back");
    g_assert_cmpuint(stub_influx_n_samples(stub), ==, 10);
    fixture_close(&f);
  }
}

/* What answers any InfluxQL with a list of databases is a VictoriaMetrics: it is asked in its own way. */
static void
test_victoria_is_asked_in_its_own_way(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  StubMood mood = { .write.status = 204, .victoria = { .status = 200, .body = "" } };
  Fixture f;

  fixture_open_stub(&f, stub);
  stub_influx_set(stub, mood); /* its export has nothing: what lies outside its retention is gone */
  fixture_put_many(&f, 0, 10);
  fixture_start(&f);
  fixture_wait_words(&f, "it is not there to be read");
  g_assert_cmpuint(stub_influx_n_arrived(stub), ==, 0);
  mood.victoria = (StubAnswer){ .mode = STUB_CUT, .status = 200 };
  stub_influx_set(stub, mood);
  fixture_wait_words(&f, "does not answer");
  mood.victoria = (StubAnswer){ .status = 200 };
  stub_influx_set(stub, mood);
  fixture_wait_forwarded(&f, 10);
  fixture_stop(&f, 1000);

  mood.victoria = (StubAnswer){ .status = 404 }; /* a cluster has its export elsewhere */
  stub_influx_set(stub, mood);
  fixture_start(&f);
  fixture_wait_words(&f, "cannot be read back");
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 10);
  fixture_close(&f);
}

/* No file of this process may grow: what a full disk does to SQLite. */
static void
fill_disk(gboolean full)
{
  struct rlimit limit;

  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = full ? 1 : limit.rlim_max;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* The server has the samples, but the place cannot be written down: they are sent again, and once there is room, all is as
 * it should be. */
static void
test_full_disk(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  g_autoptr(GError) error = NULL;
  Fixture f;

  signal(SIGXFSZ, SIG_IGN);
  fixture_open_stub(&f, stub);
  stub_influx_set(stub, (StubMood){ .write.status = 204, .bad = "poison=" });
  fixture_put_many(&f, 0, 10);
  fixture_put(&f, "y", "poison", 1, 0);
  fixture_put(&f, "y", "bad\\", 1, 0);
  fill_disk(TRUE);
  CasaForwarder *forwarder = casa_forwarder_new(&f.config, f.store, f.counters, &error);
  g_assert_false(casa_forwarder_start(forwarder, &error)); /* the new target cannot be noted */
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_DISK);
  casa_forwarder_free(forwarder);
  fill_disk(FALSE);

  stub_influx_answer(stub, 503);
  fixture_start(&f);
  fixture_wait_words(&f, "503");
  fill_disk(TRUE);
  stub_influx_answer(stub, 204); /* all is taken: the acknowledgement cannot be kept */
  fixture_wait_words(&f, f.path);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 0);
  stub_influx_set(stub, (StubMood){ .write.status = 204, .bad = "poison=" });
  fixture_wait_words(&f, "cannot keep a line");
  fill_disk(FALSE);
  fixture_wait_forwarded(&f, 10);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(stub_influx_n_samples(stub), >=, 10);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE line LIKE '%bad_'"), ==, 1);
  fixture_close(&f);
}

/* The proof itself may meet a server in trouble: then it is tried again, and no sample is sent on trust. */
static void
test_proof_waits_for_a_busy_server(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V3, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  stub_influx_set(stub, (StubMood){ .write.status = 204, .read.status = 503 });
  fixture_put_many(&f, 0, 10);
  fixture_start(&f);
  fixture_wait_words(&f, "503");
  stub_influx_set(stub, (StubMood){ .write.status = 204, .read.status = 429 });
  fixture_wait_words(&f, "429");
  stub_influx_set(stub, (StubMood){ .write.status = 204, .read = { .mode = STUB_CUT, .status = 200 } });
  fixture_wait_words(&f, "does not answer");
  g_assert_cmpuint(stub_influx_n_writes(stub), ==, 0);
  stub_influx_answer(stub, 204);
  fixture_wait_forwarded(&f, 10);
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 10);
  fixture_close(&f);
}

static void
test_stop_drains(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  fixture_put_many(&f, 0, 1000);
  f.pace.rows = 50;
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 1000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  fixture_close(&f);
}

/* With a server that never answers, stopping takes its deadline and not the request's 30 s. */
static void
test_stop_keeps_its_deadline(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  stub_influx_set(stub, (StubMood){ .write.mode = STUB_HANG });
  fixture_put_many(&f, 0, 10);
  fixture_start(&f);
  while (stub_http_n_requests(stub_influx_http(stub)) < 2)
    g_usleep(1000);
  gint64 start = g_get_monotonic_time();
  fixture_stop(&f, 200);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);

  stub_influx_answer(stub, 204);
  fixture_start(&f); /* and nothing was lost by it */
  fixture_wait_forwarded(&f, 10);
  g_assert_cmpuint(stub_influx_n_samples(stub), ==, 10);
  fixture_close(&f);
}

/* A stop while the server is being proved leaves at its deadline, quietly. */
static void
test_stop_during_proof(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  Fixture f;

  fixture_open_stub(&f, stub);
  f.pace.proof_ms = 60000;
  stub_influx_set(stub, (StubMood){ .write.status = 204, .forgets = TRUE });
  fixture_put_many(&f, 0, 10);
  fixture_start(&f);
  while (stub_http_n_requests(stub_influx_http(stub)) < 4)
    g_usleep(1000);
  gint64 start = g_get_monotonic_time();
  casa_forwarder_stop(f.forwarder, 300);
  g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
  g_assert_cmpint(fixture_status(&f).state, !=, CASA_FORWARD_DENIED);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 10);
  fixture_close(&f);
}

/* A server that is away must not keep the application from closing. */
static void
test_stop_with_server_away(void)
{
  Fixture f;

  fixture_open(&f, "http://127.0.0.1:1", "?db=casa");
  fixture_put_many(&f, 0, 10);
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
  g_test_add_func("/forward/forwarder/bad-line", test_bad_line_does_not_block_the_rest);
  g_test_add_func("/forward/forwarder/too-old", test_too_old_is_put_aside_quickly);
  g_test_add_func("/forward/forwarder/unwritable", test_unwritable_is_put_aside);
  g_test_add_func("/forward/forwarder/too-large", test_too_large_is_halved);
  g_test_add_func("/forward/forwarder/too-large-for-a-while", test_too_large_for_a_while);
  g_test_add_func("/forward/forwarder/lying-server", test_lying_server_is_not_trusted);
  g_test_add_func("/forward/forwarder/write-only-server", test_write_only_server_is_used);
  g_test_add_func("/forward/forwarder/victoria", test_victoria_is_asked_in_its_own_way);
  g_test_add_func("/forward/forwarder/full-disk", test_full_disk);
  g_test_add_func("/forward/forwarder/proof-waits", test_proof_waits_for_a_busy_server);
  g_test_add_func("/forward/forwarder/stop-drains", test_stop_drains);
  g_test_add_func("/forward/forwarder/stop-deadline", test_stop_keeps_its_deadline);
  g_test_add_func("/forward/forwarder/stop-during-proof", test_stop_during_proof);
  g_test_add_func("/forward/forwarder/stop-server-away", test_stop_with_server_away);
  g_test_add_func("/forward/forwarder/wrong-url", test_wrong_url);
  return g_test_run();
}
