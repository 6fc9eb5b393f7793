/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "ingest-fixture.h"

#include <math.h>
#include <string.h>

/* What a simulator says of the city without its events: shown beside series that there are, never stored, never a new
 * series. */

typedef struct {
  IngestFixture *f;
  CasaHub *hub;
  CasaIngest *ingest; /* the fixture's store, with a screen */
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  self->f = ingest_fixture_new(NULL);
  self->hub = casa_hub_new(64);
  self->ingest = casa_ingest_new(self->f->pipeline->config, self->f->metrics, self->f->store, self->hub, self->f->counters);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  casa_ingest_free(self->ingest);
  casa_hub_free(self->hub);
  ingest_fixture_free(self->f);
}

static void
give(Fixture *self, const char *topic, const char *payload, gboolean retained)
{
  const CasaMessage message = { .topic = topic,
                                .topic_len = strlen(topic),
                                .payload = payload,
                                .payload_len = strlen(payload),
                                .retained = retained,
                                .qos = 1 };
  g_assert_true(casa_ingest_message(&message, self->ingest));
}

static void
test_shown_never_stored(Fixture *self, gconstpointer data)
{
  CasaLive live[4];
  g_autofree char *measured = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"load_mw\":3}", casa_clock_now_ms());
  g_autofree char *would_be =
    g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"load_mw\":41.5,\"voltage_v\":229}", casa_clock_now_ms());
  give(self, "casa/v1/city/energy/sub-anfa", measured, FALSE);
  g_assert_cmpuint(casa_hub_drain(self->hub, live, 4), ==, 1);
  g_assert_false(live[0].twin);
  const guint series = live[0].series;
  give(self, "casa/v1/city/$twin/energy/sub-anfa", would_be, FALSE);
  g_assert_cmpuint(casa_hub_drain(self->hub, live, 4), ==, 1); /* nobody measured the voltage */
  g_assert_true(live[0].twin);
  g_assert_cmpuint(live[0].series, ==, series);
  g_assert_cmpfloat(live[0].value, ==, 41.5);
  g_assert_cmpint(pipeline_query(self->f->pipeline, "select count(*) from reading"), ==, 1);
  g_assert_cmpint(pipeline_query(self->f->pipeline, "select count(*) from series"), ==, 1);
  g_assert_cmpuint(ingest_fixture_counts(self->f).samples, ==, 1);
}

/* A station that nobody has heard of, a message that was kept, and nonsense: nothing comes of any of them, and nonsense is
 * answered. */
static void
test_nothing_comes_of(Fixture *self, gconstpointer data)
{
  CasaLive live[4];
  give(self, "casa/v1/city/$twin/energy/sub-nowhere", "{\"load_mw\":41.5}", FALSE);
  give(self, "casa/v1/city/energy/sub-anfa", "{\"load_mw\":3}", FALSE);
  casa_hub_drain(self->hub, live, 4);
  give(self, "casa/v1/city/$twin/energy/sub-anfa", "{\"load_mw\":41.5}", TRUE);
  give(self, "casa/v1/city/$twin/energy/sub-anfa", "{\"load_mw\":", FALSE);
  g_assert_cmpuint(casa_hub_drain(self->hub, live, 4), ==, 0);
  g_assert_cmpint(pipeline_query(self->f->pipeline, "select count(*) from series"), ==, 1);
  g_assert_cmpint(pipeline_query(self->f->pipeline, "select count(*) from rejection"), ==, 1);
}

static void
test_toll(Fixture *self, gconstpointer data)
{
  CasaToll tolls[CASA_TOLLS];
  give(self, "casa/v1/city/$twin", "not a word of it", FALSE);
  give(self, "casa/v1/city/$twin", "{\"t\":1779385327100,\"passenger_min\":3}", FALSE); /* since when? */
  g_assert_cmpuint(casa_ingest_read_tolls(self->ingest, tolls), ==, 0);
  give(self, "casa/v1/city/$twin",
       "{\"t\":1779385387100,\"since\":1779385327100,\"simulated\":true,\"passenger_min\":1204,\"people\":12}", FALSE);
  g_assert_cmpuint(casa_ingest_read_tolls(self->ingest, tolls), ==, 1);
  g_assert_cmpint(tolls[0].t_ms, ==, 1779385387100);
  g_assert_cmpint(tolls[0].since_ms, ==, 1779385327100);
  g_assert_cmpfloat(casa_toll_figure(&tolls[0], "passenger_min"), ==, 1204);
  g_assert_cmpfloat(casa_toll_figure(&tolls[0], "people"), ==, 12);
  g_assert_true(isnan(casa_toll_figure(&tolls[0], "since")));
  give(self, "casa/v1/city/$twin", "{\"t\":1779385397100,\"since\":1779385327100,\"passenger_min\":1300}", FALSE);
  g_assert_cmpuint(casa_ingest_read_tolls(self->ingest, tolls), ==, 1);
  g_assert_cmpfloat(casa_toll_figure(&tolls[0], "passenger_min"), ==, 1300);
  for (guint i = 0; i < 2 * CASA_TOLLS; i++) {
    g_autofree char *text = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"since\":%" G_GINT64_FORMAT ",\"people\":%u}",
                                            G_GINT64_CONSTANT(1779385400000) + i, G_GINT64_CONSTANT(1779385390000) + i, i);
    give(self, "casa/v1/city/$twin", text, FALSE);
  }
  g_assert_cmpuint(casa_ingest_read_tolls(self->ingest, tolls), ==, CASA_TOLLS); /* the oldest make room */
  for (guint i = 0; i < CASA_TOLLS; i++)
    g_assert_cmpfloat(casa_toll_figure(&tolls[i], "people"), >=, CASA_TOLLS);
  g_assert_cmpint(pipeline_query(self->f->pipeline, "select count(*) from reading"), ==, 0);
}

/* A team speaks for itself: what it calls the cost of an event is not told to the hall as the city's, and it is told so. */
static void
test_strangers(Fixture *self, gconstpointer data)
{
  CasaToll tolls[CASA_TOLLS];
  CasaLive live[4];
  give(self, "casa/v1/equipe-7/$twin", "{\"t\":1779385387100,\"since\":1779385327100,\"people\":9000000}", FALSE);
  g_assert_cmpuint(casa_ingest_read_tolls(self->ingest, tolls), ==, 0);
  give(self, "casa/v1/equipe-7/energy/sub-anfa", "{\"load_mw\":3}", FALSE);
  casa_hub_drain(self->hub, live, 4);
  give(self, "casa/v1/equipe-7/$twin/energy/sub-anfa", "{\"load_mw\":41.5}", FALSE);
  g_assert_cmpuint(casa_hub_drain(self->hub, live, 4), ==, 0);
  g_assert_cmpint(pipeline_query(self->f->pipeline, "select count(*) from rejection"), ==, 2);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/ingest/twin/shown-never-stored", Fixture, NULL, set_up, test_shown_never_stored, tear_down);
  g_test_add("/ingest/twin/nothing-comes-of", Fixture, NULL, set_up, test_nothing_comes_of, tear_down);
  g_test_add("/ingest/twin/toll", Fixture, NULL, set_up, test_toll, tear_down);
  g_test_add("/ingest/twin/strangers", Fixture, NULL, set_up, test_strangers, tear_down);
  return g_test_run();
}
