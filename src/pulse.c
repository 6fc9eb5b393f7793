/* SPDX-License-Identifier: Apache-2.0 */
#include "pulse.h"

#include "base/clock.h"
#include "base/identity.h"
#include "ingest/drops.h"
#include "source/mqtt/mqtt-source.h"

/* Two seconds of live samples from 10,000 stations at the frame rate's worst: beyond it the screen is late anyway. */
#define HUB_CAPACITY 65536
#define SOURCE_DEADLINE_MS 2000
#define FORWARD_DEADLINE_MS 2000

struct _CasaPulse {
  const CasaConfig *config;
  CasaMetrics *metrics;
  CasaStore *store;
  CasaHub *hub;
  CasaCounters *counters;
  CasaForwarder *forwarder;
  CasaIngest *ingest;
  CasaSource *source;
  CasaIdentity *identity;
  char *set_aside;
  gboolean stopped;
};

static gboolean
open_store(CasaPulse *self, GError **error)
{
  const CasaConfig *config = self->config;
  CasaStoreOptions options = {
    .path = config->store_path,
    .retention_ms = config->retention_ms,
    .max_size = config->max_size,
    .power_safe = config->power_safe,
    .max_series = config->max_series,
    .root = config->root,
    .own = config->own,
  };
  self->store = casa_store_open(&options, &self->set_aside, error);
  if (self->set_aside)
    g_message("the store %s was damaged: it was set aside as %s, and a new one was begun", config->store_path, self->set_aside);
  return self->store != NULL;
}

static gboolean
build_source(CasaPulse *self, GError **error)
{
  const CasaConfig *config = self->config;
  g_auto(GStrv) filters = casa_mqtt_filters(config->root, (const char *const *)config->filters, config->share);
  g_auto(GStrv) stale = casa_mqtt_stale_filters(config->store_path, config->root, (const char *const *)filters);
  CasaMqttOptions options = casa_mqtt_options_of(config);
  options.user = config->broker_user;
  options.password = config->broker_password;
  options.client_id = config->client_id;
  options.filters = (const char *const *)filters;
  options.side_filters = casa_drops_topics;
  options.stale_filters = (const char *const *)stale;
  options.session_expiry_s = (guint)(config->session_expiry_ms / 1000);
  options.receiver = (CasaReceiver){ casa_ingest_message, casa_ingest_link, self->ingest };
  self->identity = casa_identity_take(config, error);
  if (!self->identity)
    return FALSE;
  self->source = casa_mqtt_source_new(&options, error);
  if (!self->source)
    return FALSE;
  casa_ingest_set_feedback(self->ingest, self->source);
  return TRUE;
}

static gboolean
build(CasaPulse *self, gboolean with_hub, GError **error)
{
  self->metrics = casa_metrics_load(self->config->dir, error);
  if (!self->metrics || !open_store(self, error))
    return FALSE;
  self->counters = casa_counters_new();
  if (with_hub)
    self->hub = casa_hub_new(HUB_CAPACITY);
  self->forwarder = casa_forwarder_new(self->config, self->store, self->counters, error);
  if (!self->forwarder)
    return FALSE;
  self->ingest = casa_ingest_new(self->config, self->metrics, self->store, self->hub, self->counters);
  return build_source(self, error);
}

CasaPulse *
casa_pulse_new(const CasaConfig *config, gboolean with_hub, GError **error)
{
  CasaPulse *self = g_new0(CasaPulse, 1);
  self->config = config;
  if (build(self, with_hub, error))
    return self;
  casa_pulse_free(self);
  return NULL;
}

/* For the commands that are given beside a rehearsal. A disk that is full is told by what does not fit besides. */
static void
note_clock(CasaPulse *self)
{
  gint64 shift_ms = casa_clock_shift_ms(), noted_ms = 0;
  g_autoptr(GError) error = NULL;
  casa_store_get_number(self->store, CASA_META_CLOCK_SHIFT, &noted_ms);
  if (noted_ms != shift_ms && !casa_store_put_number(self->store, CASA_META_CLOCK_SHIFT, shift_ms, &error))
    g_debug("%s", error->message);
}

gboolean
casa_pulse_start(CasaPulse *self, GError **error)
{
  note_clock(self);
  casa_store_start_upkeep(self->store);
  return casa_forwarder_start(self->forwarder, error) && casa_source_start(self->source, error);
}

void
casa_pulse_stop(CasaPulse *self)
{
  if (!self || self->stopped)
    return;
  self->stopped = TRUE;
  if (self->ingest)
    casa_ingest_stop(self->ingest);
  if (self->source)
    casa_source_stop(self->source, SOURCE_DEADLINE_MS);
  if (self->hub)
    casa_hub_close(self->hub);
  if (self->forwarder)
    casa_forwarder_stop(self->forwarder, FORWARD_DEADLINE_MS);
}

void
casa_pulse_free(CasaPulse *self)
{
  if (!self)
    return;
  casa_pulse_stop(self);
  casa_source_free(self->source);
  casa_identity_release(self->identity);
  casa_ingest_free(self->ingest);
  g_clear_pointer(&self->forwarder, casa_forwarder_free);
  casa_store_close(self->store);
  g_clear_pointer(&self->hub, casa_hub_free);
  g_clear_pointer(&self->counters, casa_counters_free);
  casa_metrics_free(self->metrics);
  g_free(self->set_aside);
  g_free(self);
}

const CasaMetrics *
casa_pulse_metrics(CasaPulse *self)
{
  return self->metrics;
}

CasaCatalogue *
casa_pulse_catalogue(CasaPulse *self)
{
  return casa_store_catalogue(self->store);
}

CasaHub *
casa_pulse_hub(CasaPulse *self)
{
  return self->hub;
}

CasaStore *
casa_pulse_store(CasaPulse *self)
{
  return self->store;
}

void
casa_pulse_read_counts(CasaPulse *self, CasaCounts *out)
{
  casa_counters_read(self->counters, out);
}

void
casa_pulse_read_link(CasaPulse *self, CasaLink *out, CasaFault *blocked)
{
  casa_ingest_read_link(self->ingest, out, blocked);
}

guint
casa_pulse_read_over_quota(CasaPulse *self, CasaQuotaTally *out, guint max)
{
  return casa_ingest_read_over_quota(self->ingest, out, max);
}

guint
casa_pulse_read_over_series(CasaPulse *self, CasaSeriesTally *out, guint max)
{
  return casa_ingest_read_over_series(self->ingest, out, max);
}

guint
casa_pulse_read_tolls(CasaPulse *self, CasaToll *out)
{
  return casa_ingest_read_tolls(self->ingest, out);
}

void
casa_pulse_read_forward(CasaPulse *self, CasaForwardStatus *out)
{
  casa_forwarder_read(self->forwarder, out);
}

const char *
casa_pulse_set_aside(CasaPulse *self)
{
  return self->set_aside;
}
