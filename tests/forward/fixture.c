/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define WAIT_US (60 * G_USEC_PER_SEC)

void
fixture_open(Fixture *self, const char *address, const char *parameters)
{
  g_autoptr(GError) error = NULL;

  memset(self, 0, sizeof *self);
  self->dir = g_dir_make_tmp("casa-forward-XXXXXX", NULL);
  g_assert_nonnull(self->dir);
  self->path = g_build_filename(self->dir, "pulse.db", NULL);
  CasaStoreOptions options = { .path = self->path };
  self->store = casa_store_open(&options, NULL, &error);
  g_assert_no_error(error);
  self->counters = casa_counters_new();
  self->config.influx_url = address ? g_strdup_printf("%s/%s", address, parameters) : NULL;
  self->pace = (CasaForwardPace){ .idle_ms = 5, .denied_ms = 50, .backoff_min_ms = 5, .backoff_max_ms = 50, .proof_ms = 500 };
}

void
fixture_open_stub(Fixture *self, StubInflux *stub)
{
  fixture_open(self, stub_influx_address(stub), stub_influx_parameters(stub));
}

void
fixture_close(Fixture *self)
{
  g_autoptr(GDir) dir = g_dir_open(self->dir, 0, NULL);
  const char *name;

  casa_forwarder_free(self->forwarder);
  casa_store_close(self->store);
  casa_counters_free(self->counters);
  while ((name = g_dir_read_name(dir))) {
    g_autofree char *file = g_build_filename(self->dir, name, NULL);
    g_remove(file);
  }
  g_rmdir(self->dir);
  g_free(self->config.influx_url);
  g_free(self->path);
  g_free(self->dir);
}

void
fixture_put(Fixture *self, const char *station, const char *metric, double value, gint64 t_ms)
{
  CasaField field = { .value = value };
  CasaReading reading = { .t_ms = FIXTURE_BEGIN_MS + t_ms, .n_fields = 1, .fields = &field };
  g_autoptr(GError) error = NULL;
  CasaPut put;

  g_strlcpy(reading.source, "city", sizeof reading.source);
  g_strlcpy(reading.domain, "air", sizeof reading.domain);
  g_strlcpy(reading.station, station, sizeof reading.station);
  g_strlcpy(reading.fields[0].metric, metric, sizeof reading.fields[0].metric);
  g_assert_true(casa_store_put_reading(self->store, &reading, FIXTURE_BEGIN_MS, &put, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(put.fresh, ==, 1);
}

void
fixture_put_many(Fixture *self, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    fixture_put(self, "x", "pm10", i, i);
}

static void
fail_waiting(Fixture *self, const char *what)
{
  CasaCounts counts = fixture_counts(self);
  CasaForwardStatus status = fixture_status(self);

  g_error("waited in vain for %s: %" G_GUINT64_FORMAT " forwarded, %" G_GUINT64_FORMAT " pending, state %d, \"%s\"", what,
          counts.forwarded, counts.pending, status.state, status.text);
}

void
fixture_wait_words(Fixture *self, const char *words)
{
  gint64 deadline = g_get_monotonic_time() + WAIT_US;

  /* Looked at once: the next look may find other words. */
  while (!strstr(fixture_status(self).text, words)) {
    if (g_get_monotonic_time() > deadline)
      fail_waiting(self, words);
    g_usleep(2000);
  }
}

void
fixture_assert_says(Fixture *self, const char *words)
{
  CasaForwardStatus status = fixture_status(self);

  if (!strstr(status.text, words))
    g_error("\"%s\" does not say \"%s\"", status.text, words);
}

void
fixture_start(Fixture *self)
{
  g_autoptr(GError) error = NULL;

  self->forwarder = casa_forwarder_new(&self->config, self->store, self->counters, &error);
  g_assert_no_error(error);
  casa_forwarder_set_pace(self->forwarder, &self->pace);
  g_assert_true(casa_forwarder_start(self->forwarder, &error));
  g_assert_no_error(error);
}

void
fixture_stop(Fixture *self, guint deadline_ms)
{
  casa_forwarder_stop(self->forwarder, deadline_ms);
  g_clear_pointer(&self->forwarder, casa_forwarder_free);
}

CasaCounts
fixture_counts(Fixture *self)
{
  CasaCounts counts;

  casa_counters_read(self->counters, &counts);
  return counts;
}

CasaForwardStatus
fixture_status(Fixture *self)
{
  CasaForwardStatus status;

  casa_forwarder_read(self->forwarder, &status);
  return status;
}

void
fixture_wait_forwarded(Fixture *self, guint64 samples)
{
  gint64 deadline = g_get_monotonic_time() + WAIT_US;

  while (fixture_counts(self).forwarded < samples) {
    if (g_get_monotonic_time() > deadline)
      fail_waiting(self, "samples");
    g_usleep(2000);
  }
}

void
fixture_wait_state(Fixture *self, CasaForwardState state)
{
  gint64 deadline = g_get_monotonic_time() + WAIT_US;

  while (fixture_status(self).state != state) {
    if (g_get_monotonic_time() > deadline)
      fail_waiting(self, "a state");
    g_usleep(2000);
  }
}

gint64
fixture_sql(Fixture *self, const char *sql)
{
  return fixture_sql_of(self->path, sql);
}

gint64
fixture_sql_of(const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 20000); /* a store being closed, or recovered after a kill, is locked for a moment */
  g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
  gint64 number = sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return number;
}
