/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/error.h"
#include "pipeline-fixture.h"
#include "replay.h"

#include <string.h>

#define PATIENCE_S 60
#define N_MINUTES 30

/* A live pipeline whose store holds half an hour of two stations that ended an hour ago, one message of each a minute, and a
 * value of a third station from shortly before. */
typedef struct {
  PipelineFixture *pipeline;
  gint64 from_ms, to_ms;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  f->pipeline = pipeline_new("[quota team]\nmessages = 2\nburst = 5\n", NULL);
  pipeline_open(f->pipeline);
  pipeline_wait_link(f->pipeline, CASA_LINK_UP, 1);
  f->to_ms = casa_clock_now_ms() / 1000 * 1000 - 3600 * 1000;
  f->from_ms = f->to_ms - N_MINUTES * 60 * 1000;
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(f->pipeline->broker));
  g_autofree char *before = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":7}", f->from_ms - 60 * 1000);
  test_publisher_send(p, "casa/v1/city/air/air-before", before, -1, 1, FALSE);
  for (guint i = 0; i < N_MINUTES; i++) {
    g_autofree char *vehicle = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"lat\":33.5,\"lon\":-7.%u,\"speed_kmh\":%u.1}",
                                               f->from_ms + i * 60000, 600 + i, i);
    g_autofree char *air = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u}", f->from_ms + i * 60000 + 500, i);
    test_publisher_send(p, "casa/v1/city/mobility/veh-1", vehicle, -1, 1, FALSE);
    test_publisher_send(p, "casa/v1/city/air/air-1", air, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, PATIENCE_S));
  pipeline_wait_received(f->pipeline, 2 * N_MINUTES + 1);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  pipeline_free(f->pipeline);
}

static CasaReplay *
open_replay(Fixture *f, const char *path, double speed, gboolean loop)
{
  g_autoptr(GError) error = NULL;
  const CasaReplayOptions options = {
    .path = (char *)path, .from_ms = f->from_ms, .to_ms = f->to_ms, .speed = speed, .loop = loop
  };
  CasaReplay *replay = casa_replay_new(f->pipeline->config, f->pipeline->pulse, &options, &error);
  g_assert_no_error(error);
  g_assert_true(casa_replay_start(replay, &error));
  return replay;
}

static CasaLinkState
state_of(CasaReplay *replay)
{
  CasaReplayState state;
  casa_replay_read(replay, &state);
  return state.state;
}

/* Takes what has come on the hub to @all. The clock is read first: nothing that it has passed may be missing. */
static void
drain(CasaReplay *replay, GArray *all)
{
  CasaLive batch[256];
  guint n;
  while ((n = casa_hub_drain(casa_replay_hub(replay), batch, G_N_ELEMENTS(batch))))
    g_array_append_vals(all, batch, n);
}

static const char *
metric_of(CasaReplay *replay, const CasaLive *live)
{
  return casa_catalogue_series(casa_replay_catalogue(replay), live->series)->metric;
}

/* Every sample once more, in order, with its own time, at the moment that the clock says; and at the end it stays. */
static void
test_stretch(Fixture *f, gconstpointer data)
{
  gint64 rows = pipeline_query(f->pipeline, "SELECT count(*) FROM reading");
  gint64 begun_us = g_get_monotonic_time();
  g_autoptr(CasaReplay) replay = open_replay(f, NULL, 600, FALSE);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(CasaLive));
  test_broker_publish(f->pipeline->broker, "casa/v1/city/air/air-1/pm10", "99"); /* the live broker goes on */
  test_until((drain(replay, all), state_of(replay) == CASA_LINK_OFF), PATIENCE_S);
  drain(replay, all);
  double took_s = (double)(g_get_monotonic_time() - begun_us) / G_USEC_PER_SEC;
  g_assert_cmpfloat(took_s, >=, 0.98 * N_MINUTES * 60 / 600);
  g_assert_cmpint(casa_clock_ms(casa_replay_clock(replay)), ==, f->to_ms);

  g_assert_cmpuint(all->len, ==, 1 + 4 * N_MINUTES);
  const CasaLive *before = &g_array_index(all, CasaLive, 0);
  g_assert_true(before->retained);
  g_assert_cmpint(before->t_ms, ==, f->from_ms - 60 * 1000);
  for (guint i = 1; i < all->len; i++) {
    const CasaLive *live = &g_array_index(all, CasaLive, i), *last = &g_array_index(all, CasaLive, i - 1);
    gint64 minute = (live->t_ms - f->from_ms) / 60000;
    g_assert_false(live->retained);
    g_assert_cmpint(live->t_ms, >=, last->t_ms);
    g_assert_cmpint(live->received_ms, ==, live->t_ms);
    if (g_str_equal(metric_of(replay, live), "pm10"))
      g_assert_cmpfloat(live->value, ==, (double)minute);
    if (g_str_equal(metric_of(replay, live), "speed_kmh"))
      g_assert_cmpfloat(live->value, ==, (double)minute + 0.1);
  }
  pipeline_wait_received(f->pipeline, 2 * N_MINUTES + 2);
  g_assert_cmpint(pipeline_query(f->pipeline, "SELECT count(*) FROM reading"), ==, rows + 1);
  g_assert_cmpint(pipeline_query(f->pipeline, "SELECT count(*) FROM gap"), ==, 0);
}

/* The clock never runs ahead of what was shown, whatever the speed. */
static void
test_clock(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaReplay) replay = open_replay(f, NULL, 300, FALSE);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(CasaLive));
  guint looked = 0, between = 0;
  while (state_of(replay) != CASA_LINK_OFF) {
    gint64 now_ms = casa_clock_ms(casa_replay_clock(replay));
    drain(replay, all);
    gint64 minutes_begun = (now_ms - 1 - f->from_ms) / 60000 + 1;
    if (now_ms > f->from_ms)
      g_assert_cmpint(all->len, >=, 1 + 3 * MIN(minutes_begun, N_MINUTES));
    looked += now_ms > f->from_ms;
    between += (now_ms - f->from_ms) % 60000 > 1000;
    g_usleep(5000);
  }
  g_assert_cmpuint(looked, >, 100);
  g_assert_cmpuint(between, >, looked / 2); /* it moves through silence, not from message to message */
}

/* At high speed a sensor that reports every second comes as often as a screen can show it, each time with its newest value. */
static void
test_thinned(Fixture *f, gconstpointer data)
{
  gint64 begin_ms = f->to_ms - 7200 * 1000, last_ms = begin_ms;
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(f->pipeline->broker));
  g_autoptr(GString) batch = g_string_new("[");
  for (guint i = 0; i < 200; i++)
    g_string_append_printf(batch, "%s{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u}", i ? "," : "", begin_ms + i * 1000, i);
  g_string_append_c(batch, ']');
  test_publisher_send(p, "casa/v1/city/air/air-often", batch->str, -1, 1, FALSE);
  g_assert_true(test_publisher_flush(p, PATIENCE_S));
  pipeline_wait_received(f->pipeline, 2 * N_MINUTES + 2);
  f->from_ms = begin_ms;
  f->to_ms = begin_ms + 200 * 1000;
  g_autoptr(CasaReplay) replay = open_replay(f, NULL, 600, FALSE);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(CasaLive));
  test_until((drain(replay, all), state_of(replay) == CASA_LINK_OFF), PATIENCE_S);
  drain(replay, all);
  g_assert_cmpuint(all->len, >=, 10);
  g_assert_cmpuint(all->len, <=, 12);
  for (guint i = 0; i < all->len; i++) {
    const CasaLive *live = &g_array_index(all, CasaLive, i);
    g_assert_cmpfloat(live->value, ==, (double)((live->t_ms - begin_ms) / 1000));
    g_assert_cmpint(live->t_ms - last_ms, <=, 20000);
    last_ms = live->t_ms;
  }
  g_assert_cmpfloat(g_array_index(all, CasaLive, all->len - 1).value, ==, 199);
}

static void
test_loop(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaReplay) replay = open_replay(f, NULL, 600, TRUE);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(CasaLive));
  test_until((drain(replay, all), all->len > 4 * N_MINUTES + 10), PATIENCE_S);
  g_assert_cmpint(state_of(replay), ==, CASA_LINK_UP);
  guint backs = 0;
  for (guint i = 1; i < all->len; i++)
    backs += g_array_index(all, CasaLive, i).t_ms < g_array_index(all, CasaLive, i - 1).t_ms;
  g_assert_cmpuint(backs, ==, 1);
}

/* Stopped in the middle it ends at once, and leaves nothing behind. */
static void
test_stop(Fixture *f, gconstpointer data)
{
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(CasaLive));
  CasaReplay *replay = open_replay(f, NULL, 0.1, FALSE);
  test_until((drain(replay, all), all->len >= 4), PATIENCE_S);
  gint64 begun_us = g_get_monotonic_time();
  casa_replay_free(replay);
  g_assert_cmpint(g_get_monotonic_time() - begun_us, <, 5 * G_USEC_PER_SEC);
}

/* A message a second for 65 seconds, within a quota of two a second; twenty a second besides in the last five. All by the
 * recording's clock: by ours, at 60 times, the calm minute would be the flood. */
static char *
write_recording(const Fixture *f)
{
  g_autoptr(GString) text =
    g_string_new("casa/v1/team/$station/s\t{\"domain\":\"air\",\"name\":\"S\",\"kind\":\"air\"}\nno message\n");
  for (guint i = 0; i < 65; i++) {
    g_string_append_printf(text, "casa/v1/team/air/s/pm10\t{\"t\":%" G_GINT64_FORMAT ",\"value\":%u}\n", f->from_ms + i * 1000,
                           i);
    for (guint k = 0; i >= 60 && k < 20; k++)
      g_string_append_printf(text, "%" G_GINT64_FORMAT ".%03u\tcasa/v1/team/air/s/no2\t%u\n", f->from_ms / 1000 + i, k * 50, k);
  }
  char *path = g_build_filename(f->pipeline->dir, "recording.tsv", NULL);
  g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
  return path;
}

static void
test_recording(Fixture *f, gconstpointer data)
{
  gint64 rows = pipeline_query(f->pipeline, "SELECT count(*) FROM reading");
  g_autofree char *path = write_recording(f);
  CasaReplay *replay = open_replay(f, path, 60, FALSE);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(CasaLive));
  g_autofree char *scratch = g_path_get_dirname(casa_replay_store_path(replay));
  CasaReplayState state;
  test_until((drain(replay, all), state_of(replay) == CASA_LINK_OFF), PATIENCE_S);
  drain(replay, all);
  casa_replay_read(replay, &state);
  g_assert_cmpint(state.from_ms, ==, f->from_ms);
  g_assert_cmpint(casa_clock_ms(casa_replay_clock(replay)) - f->from_ms, ==, 64950);

  guint pm10 = 0, no2 = 0;
  for (guint i = 0; i < all->len; i++) {
    const CasaLive *live = &g_array_index(all, CasaLive, i);
    pm10 += g_str_equal(metric_of(replay, live), "pm10");
    no2 += g_str_equal(metric_of(replay, live), "no2");
    g_assert_cmpint(live->received_ms, <=, f->from_ms + 65000);
  }
  CasaCounts counts;
  casa_replay_read_counts(replay, &counts);
  pipeline_assert_adds_up(&counts);
  g_assert_cmpuint(pm10, >=, 60);
  g_assert_cmpuint(no2, >=, 5);  /* the burst */
  g_assert_cmpuint(no2, <=, 15); /* and 5 s of the quota */
  g_assert_cmpuint(counts.over_quota, ==, 65 + 100 - pm10 - no2);
  g_assert_true(g_file_test(scratch, G_FILE_TEST_EXISTS));
  casa_replay_free(replay);
  g_assert_false(g_file_test(scratch, G_FILE_TEST_EXISTS));
  g_assert_cmpint(pipeline_query(f->pipeline, "SELECT count(*) FROM reading"), ==, rows);
}

static void
assert_refused(Fixture *f, const char *what, const char *words)
{
  g_autoptr(GError) error = NULL;
  CasaReplayOptions options = { .speed = 60 };
  g_autoptr(CasaReplay) replay = NULL;
  if (casa_replay_options_parse(&options, what, &error))
    replay = casa_replay_new(f->pipeline->config, f->pipeline->pulse, &options, &error);
  casa_replay_options_clear(&options);
  g_test_message("%s: %s", what, error ? error->message : "taken");
  g_assert_null(replay);
  g_assert_nonnull(error);
  g_assert_nonnull(strstr(error->message, words));
}

static void
test_refused(Fixture *f, gconstpointer data)
{
  g_autofree char *empty = g_build_filename(f->pipeline->dir, "empty.tsv", NULL);
  g_assert_true(g_file_set_contents(empty, "topic without payload\n", -1, NULL));
  assert_refused(f, "yesterday", "wanted FROM/TO");
  assert_refused(f, "2026-01-02/2026-01-01", "ends before it begins");
  assert_refused(f, "2001-01-01/2001-01-02", "has no sample from 2001-01-01");
  assert_refused(f, empty, "no line is `topic<TAB>payload`");
}

static void
test_options(void)
{
  g_autoptr(GError) error = NULL;
  CasaReplayOptions options = { 0 };
  g_assert_true(casa_replay_options_parse(&options, "2026-05-21T17:00:00Z/2026-05-21T18:30:00+01:00", &error));
  g_assert_null(options.path);
  g_assert_cmpint(options.to_ms - options.from_ms, ==, 30 * 60 * 1000);
  g_assert_true(casa_replay_options_parse(&options, "-3h/-1h", &error));
  g_assert_cmpint(options.to_ms - options.from_ms, ==, 2 * 3600 * 1000);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/replay/options", test_options);
  g_test_add("/ingest/replay/stretch", Fixture, NULL, set_up, test_stretch, tear_down);
  g_test_add("/ingest/replay/clock", Fixture, NULL, set_up, test_clock, tear_down);
  g_test_add("/ingest/replay/thinned", Fixture, NULL, set_up, test_thinned, tear_down);
  g_test_add("/ingest/replay/loop", Fixture, NULL, set_up, test_loop, tear_down);
  g_test_add("/ingest/replay/stop", Fixture, NULL, set_up, test_stop, tear_down);
  g_test_add("/ingest/replay/recording", Fixture, NULL, set_up, test_recording, tear_down);
  g_test_add("/ingest/replay/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run();
}
