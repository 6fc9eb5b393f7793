/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline-fixture.h"

#include "casa-build.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_S 60

/* Everything that is logged in this process: words about the link are soon followed by others. */
static GMutex heard_lock;
static GString *heard; /* guarded by heard_lock */
static GLogFunc log_before;

static void
hear(const char *domain, GLogLevelFlags level, const char *text, gpointer data)
{
  g_mutex_lock(&heard_lock);
  g_string_append_printf(heard, "%s\n", text);
  g_mutex_unlock(&heard_lock);
  log_before(domain, level, text, data);
}

static gsize
listen_to_log(void)
{
  g_mutex_lock(&heard_lock);
  if (!heard) {
    heard = g_string_new(NULL);
    log_before = g_log_set_default_handler(hear, NULL);
  }
  gsize len = heard->len;
  g_mutex_unlock(&heard_lock);
  return len;
}

static void
load(PipelineFixture *self, const char *url)
{
  g_autoptr(GError) error = NULL;
  CasaConfigOverrides overrides = { .dir = self->config_dir, .broker = url, .store = self->store };
  g_clear_pointer(&self->config, casa_config_free);
  self->config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
}

PipelineFixture *
pipeline_new(const char *conf, const char *broker_extra)
{
  PipelineFixture *self = g_new0(PipelineFixture, 1);
  self->heard = listen_to_log();
  self->broker = test_broker_new(broker_extra);
  self->dir = test_dir_new();
  self->store = g_build_filename(self->dir, "pulse.db", NULL);
  self->config_dir = g_build_filename(self->dir, "config", NULL);
  g_autofree char *metrics = g_build_filename(self->config_dir, "metrics.conf", NULL);
  g_autofree char *file = g_build_filename(self->config_dir, "pulse.conf", NULL);
  g_assert_cmpint(g_mkdir(self->config_dir, 0700), ==, 0);
  g_assert_cmpint(symlink(CASA_SOURCE_ROOT "/config/metrics.conf", metrics), ==, 0);
  g_assert_true(g_file_set_contents(file, conf ? conf : "", -1, NULL));
  load(self, test_broker_url(self->broker));
  return self;
}

void
pipeline_connect_by(PipelineFixture *self, const char *url)
{
  load(self, url);
}

void
pipeline_open(PipelineFixture *self)
{
  g_autoptr(GError) error = NULL;
  self->pulse = casa_pulse_new(self->config, TRUE, &error);
  g_assert_no_error(error);
  g_assert_true(casa_pulse_start(self->pulse, &error));
}

void
pipeline_close(PipelineFixture *self)
{
  g_clear_pointer(&self->pulse, casa_pulse_free);
}

void
pipeline_free(PipelineFixture *self)
{
  if (!self)
    return;
  pipeline_close(self);
  casa_config_free(self->config);
  test_broker_free(self->broker);
  test_dir_remove(self->dir);
  g_free(self->dir);
  g_free(self->store);
  g_free(self->config_dir);
  g_free(self);
}

void
pipeline_assert_adds_up(const CasaCounts *c)
{
  g_assert_cmpuint(c->received, ==, c->stored + c->duplicates + c->rejected + c->ignored);
  g_assert_cmpuint(c->over_quota, <=, c->ignored);
  g_assert_cmpuint(c->samples_received, ==, c->samples + c->samples_duplicate + c->fields_rejected);
}

CasaCounts
pipeline_counts(PipelineFixture *self)
{
  CasaCounts c;
  casa_pulse_read_counts(self->pulse, &c);
  pipeline_assert_adds_up(&c);
  return c;
}

CasaCounts
pipeline_wait_received(PipelineFixture *self, guint64 n)
{
  CasaCounts c;
  test_until((c = pipeline_counts(self)).received >= n, PATIENCE_S);
  return c;
}

CasaCounts
pipeline_wait_gaps(PipelineFixture *self, guint64 n)
{
  CasaCounts c;
  test_until((c = pipeline_counts(self)).gaps >= n, PATIENCE_S);
  return c;
}

CasaLink
pipeline_wait_link(PipelineFixture *self, CasaLinkState state, guint connections)
{
  CasaLink link;
  gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
  do {
    casa_pulse_read_link(self->pulse, &link, NULL);
    if (link.state == state && link.connections >= connections)
      return link;
    g_usleep(5000);
  } while (g_get_monotonic_time() < until_us);
  g_error("the link is in state %d (%s), not %d", link.state, casa_link_text(&link), state);
}

/* TRUE: was said; what follows it may be waited for next. */
static gboolean
has_said(PipelineFixture *self, const char *words)
{
  g_mutex_lock(&heard_lock);
  const char *at = strstr(heard->str + self->heard, words);
  if (at)
    self->heard = (gsize)(at - heard->str) + strlen(words);
  g_mutex_unlock(&heard_lock);
  return at != NULL;
}

void
pipeline_wait_said(PipelineFixture *self, const char *words)
{
  test_until(has_said(self, words), PATIENCE_S);
}

static gboolean
is_blocked_by(PipelineFixture *self, const char *words)
{
  CasaFault blocked;
  CasaLink link;
  casa_pulse_read_link(self->pulse, &link, &blocked);
  return strstr(blocked.detail, words) != NULL;
}

void
pipeline_wait_blocked(PipelineFixture *self, const char *words)
{
  test_until(is_blocked_by(self, words), PATIENCE_S);
}

char *
pipeline_query_text(PipelineFixture *self, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  g_assert_cmpint(sqlite3_open_v2(self->store, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 10000);
  g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  int rc = sqlite3_step(statement);
  g_assert_true(rc == SQLITE_ROW || rc == SQLITE_DONE);
  char *text = rc == SQLITE_ROW ? g_strdup((const char *)sqlite3_column_text(statement, 0)) : NULL;
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return text;
}

gint64
pipeline_query(PipelineFixture *self, const char *sql)
{
  g_autofree char *text = pipeline_query_text(self, sql);
  return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}
