/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest-fixture.h"

#include <sqlite3.h>
#include <string.h>

/* A store that another program holds: whatever has come waits, is stored when it can be, and is never acknowledged when the
 * program ends meanwhile. */

static sqlite3 *
hold_store(IngestFixture *fixture)
{
  sqlite3 *db;
  g_assert_cmpint(sqlite3_open(fixture->pipeline->store, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 10000);
  g_assert_cmpint(sqlite3_exec(db, "begin immediate", NULL, NULL, NULL), ==, SQLITE_OK);
  return db;
}

static void
let_go(sqlite3 *db)
{
  sqlite3_exec(db, "rollback", NULL, NULL, NULL);
  sqlite3_close(db);
}

static gboolean
is_blocked(IngestFixture *fixture)
{
  CasaFault blocked;
  CasaLink link;
  casa_ingest_read_link(fixture->ingest, &link, &blocked);
  return blocked.code == CASA_FAULT_STORE_LOCKED && strstr(blocked.detail, "locked");
}

typedef struct {
  IngestFixture *fixture;
  const char *topic, *payload; /* NULL: a word about the link instead */
} Given;

static gpointer
give(gpointer data)
{
  Given *self = data;
  CasaLink link = { .state = CASA_LINK_UP, .connections = 1, .first = TRUE, .session_lost = TRUE };
  if (!self->topic) {
    casa_ingest_link(&link, self->fixture->ingest);
    return NULL;
  }
  CasaMessage message = { .topic = self->topic,
                          .topic_len = strlen(self->topic),
                          .payload = self->payload,
                          .payload_len = strlen(self->payload),
                          .qos = 1 };
  return GINT_TO_POINTER(casa_ingest_message(&message, self->fixture->ingest));
}

static const struct {
  const char *topic, *payload, *kept; /* kept: what counts it in the store */
} cases[] = {
  { "casa/v1/t/air/a", "{\"pm10\":2}", "select count(*) from reading where value = 2" },
  { "casa/v1/t/air/a", "{\"pm10\":3,\"no2\":\"bad\"}",
    "select count(*) from rejection where cast(payload as text) like '%bad%'" },
  { "casa/v1/t/air/a", "nonsense", "select count(*) from rejection where cast(payload as text) = 'nonsense'" },
  { "casa/v1/t/$station/a", "{\"domain\":\"air\",\"name\":\"A\"}", "select count(*) from station where name = 'A'" },
  { "casa/v1/t/$event/works", "{\"event\":\"works\"}", "select count(*) from event where kind = 'works'" },
  { NULL, NULL, "select count(*) from gap" },
};

/* A store that has been received something before: a gap begins there. */
static IngestFixture *
ingest_fixture_with_past(void)
{
  IngestFixture *fixture = ingest_fixture_new(NULL);
  ingest_fixture_give(fixture, "casa/v1/t/air/a", "{\"pm10\":1}");
  casa_ingest_free(fixture->ingest);
  fixture->ingest = casa_ingest_new(fixture->pipeline->config, fixture->metrics, fixture->store, NULL, fixture->counters);
  return fixture;
}

static void
test_goes_on(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(IngestFixture) fixture = ingest_fixture_with_past();
    Given given = { fixture, cases[i].topic, cases[i].payload };
    sqlite3 *db = hold_store(fixture);
    GThread *thread = g_thread_new("given", give, &given);
    test_until(is_blocked(fixture), 60);
    g_assert_cmpint(pipeline_query(fixture->pipeline, cases[i].kept), ==, 0);
    let_go(db);
    gboolean kept = GPOINTER_TO_INT(g_thread_join(thread));
    g_assert_true(kept == (cases[i].topic != NULL));
    g_assert_cmpint(pipeline_query(fixture->pipeline, cases[i].kept), ==, 1);
    g_assert_false(is_blocked(fixture));
  }
}

static void
test_ends(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(IngestFixture) fixture = ingest_fixture_with_past();
    Given given = { fixture, cases[i].topic, cases[i].payload };
    sqlite3 *db = hold_store(fixture);
    GThread *thread = g_thread_new("given", give, &given);
    test_until(is_blocked(fixture), 60);
    casa_ingest_stop(fixture->ingest);
    g_assert_false(GPOINTER_TO_INT(g_thread_join(thread))); /* FALSE: it is parked, and the broker keeps it */
    let_go(db);
    g_assert_cmpint(pipeline_query(fixture->pipeline, cases[i].kept), ==, 0);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/blocked/goes-on", test_goes_on);
  g_test_add_func("/ingest/blocked/ends", test_ends);
  return g_test_run();
}
