/* SPDX-License-Identifier: Apache-2.0 */
#include "replay.h"

#include "base/time-units.h"
#include "ingest/playback.h"
#include "source/replay/recording-source.h"
#include "source/replay/store-source.h"

#include <glib/gstdio.h>
#include <string.h>

/* A second of a big city at the highest speed; the screen takes some thousands with every frame. */
#define HUB_CAPACITY (4 * 65536)

struct _CasaReplay {
  /* Set in new. */
  const CasaConfig *config;
  CasaPulse *pulse;
  CasaClock *clock;
  CasaHub *hub;
  CasaCounters *counters;
  CasaPlayback *playback; /* a stretch of the store */
  CasaIngest *ingest;     /* a recording, as the two below */
  CasaStore *scratch;
  char *scratch_dir;
  CasaSource *source;

  GMutex lock;
  CasaReplayOptions options; /* guarded by lock where another thread looks on; path and bare: set in new */
  CasaLinkState state;       /* guarded by lock */
};

/* --- Options ------------------------------------------------------------------------------------------------------ */

static gboolean
parse_stretch(CasaReplayOptions *self, const char *text, GError **error)
{
  g_auto(GStrv) ends = g_strsplit(text, "/", 2);
  gint64 now_ms = casa_clock_now_ms();
  return g_strv_length(ends) == 2 && casa_time_parse_at(ends[0], now_ms, &self->from_ms, error) &&
         casa_time_parse_at(ends[1], now_ms, &self->to_ms, error);
}

gboolean
casa_replay_options_parse(CasaReplayOptions *self, const char *text, GError **error)
{
  g_autoptr(GError) no_time = NULL;
  if (!parse_stretch(self, text, &no_time)) {
    if (g_file_test(text, G_FILE_TEST_IS_REGULAR)) {
      self->path = g_strdup(text);
      return TRUE;
    }
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "%s: wanted FROM/TO, such as 2026-11-28T06:00:00Z/2026-11-28T09:00:00Z or -3h/now, or the file of a recording",
                text);
    return FALSE;
  }
  if (self->from_ms < self->to_ms)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s: ends before it begins", text);
  return FALSE;
}

void
casa_replay_options_clear(CasaReplayOptions *self)
{
  g_clear_pointer(&self->path, g_free);
}

gint64
casa_replay_same_hour(gint64 now_ms, gint64 from_ms, gint64 to_ms)
{
  gint64 over = now_ms - (to_ms - CASA_MINUTE_MS);
  gint64 days = over > 0 ? (over + CASA_DAY_MS - 1) / CASA_DAY_MS : -(-over / CASA_DAY_MS);
  gint64 t_ms = now_ms - days * CASA_DAY_MS;
  return t_ms >= from_ms ? t_ms : 0;
}

/* --- What the source tells ---------------------------------------------------------------------------------------- */

static void
note_link(CasaReplay *self, const CasaLink *link)
{
  g_mutex_lock(&self->lock);
  self->state = link->state;
  g_mutex_unlock(&self->lock);
}

static gboolean
playback_message_cb(const CasaMessage *message, gpointer data)
{
  return casa_playback_message(message, ((CasaReplay *)data)->playback);
}

static void
playback_link_cb(const CasaLink *link, gpointer data)
{
  g_autofree char *text = casa_link_text(link);
  note_link(data, link);
  g_message("%s", text);
}

static gboolean
ingest_message_cb(const CasaMessage *message, gpointer data)
{
  return casa_ingest_message(message, ((CasaReplay *)data)->ingest);
}

static void
ingest_link_cb(const CasaLink *link, gpointer data)
{
  CasaReplay *self = data;
  note_link(self, link);
  casa_ingest_link(link, self->ingest);
}

/* --- Making one --------------------------------------------------------------------------------------------------- */

static CasaStoreSourceOptions
stretch_options(CasaReplay *self, const CasaReplayOptions *options)
{
  return (CasaStoreSourceOptions){
    .store_path = casa_store_path(casa_pulse_store(self->pulse)),
    .root = self->config->root,
    .from_ms = options->from_ms,
    .to_ms = options->to_ms,
    .loop = options->loop,
    .receiver = { playback_message_cb, playback_link_cb, self },
  };
}

static void
play_stretch(CasaReplay *self, const CasaStoreSourceOptions *options)
{
  self->playback = casa_playback_new(self->config, casa_pulse_metrics(self->pulse), casa_pulse_catalogue(self->pulse),
                                     self->hub, self->counters, self->clock);
  self->source = casa_store_source_new(options, self->clock);
}

static gboolean
open_stretch(CasaReplay *self, GError **error)
{
  const CasaStoreSourceOptions options = stretch_options(self, &self->options);
  if (!casa_store_source_check(&options, error))
    return FALSE;
  self->clock = casa_clock_new_replayed(self->options.from_ms, self->options.speed);
  play_stretch(self, &options);
  return TRUE;
}

static gboolean
open_scratch(CasaReplay *self, GError **error)
{
  g_autofree char *aside = NULL;
  self->scratch_dir = g_dir_make_tmp("casa-replay-XXXXXX", error);
  if (!self->scratch_dir)
    return FALSE;
  g_autofree char *path = g_build_filename(self->scratch_dir, "replay.db", NULL);
  const CasaStoreOptions options = { .path = path, .max_series = self->config->max_series, .root = self->config->root };
  self->scratch = casa_store_open(&options, &aside, error);
  return self->scratch != NULL;
}

static gboolean
find_begin(CasaReplay *self, CasaRecordingSourceOptions *options, GError **error)
{
  gint64 end_ms, at_ms;
  if (!casa_recording_source_begin(options, &self->options.from_ms, error))
    return FALSE;
  if (!self->options.same_hour_ms || !casa_recording_source_end(options, &end_ms))
    return TRUE;
  at_ms = casa_replay_same_hour(self->options.same_hour_ms, self->options.from_ms, end_ms);
  if (at_ms)
    self->options.from_ms = options->skip_to_ms = at_ms;
  return TRUE;
}

static gboolean
open_recording(CasaReplay *self, GError **error)
{
  CasaRecordingSourceOptions options = {
    .path = self->options.path,
    .root = self->config->root,
    .metrics = casa_pulse_metrics(self->pulse),
    .loop = self->options.loop,
    .receiver = { ingest_message_cb, ingest_link_cb, self },
  };
  if (!find_begin(self, &options, error) || !open_scratch(self, error))
    return FALSE;
  self->clock = casa_clock_new_replayed(self->options.from_ms, self->options.speed);
  self->ingest = casa_ingest_new(self->config, options.metrics, self->scratch, self->hub, self->counters);
  casa_ingest_set_clock(self->ingest, self->clock);
  self->source = casa_recording_source_new(&options, self->clock);
  return TRUE;
}

CasaReplay *
casa_replay_new(const CasaConfig *config, CasaPulse *pulse, const CasaReplayOptions *options, GError **error)
{
  CasaReplay *self = g_new0(CasaReplay, 1);
  self->config = config;
  self->pulse = pulse;
  self->options = *options;
  self->options.path = g_strdup(options->path);
  self->state = CASA_LINK_CONNECTING;
  g_mutex_init(&self->lock);
  self->hub = casa_hub_new(HUB_CAPACITY);
  self->counters = casa_counters_new();
  if (self->options.path ? open_recording(self, error) : open_stretch(self, error))
    return self;
  casa_replay_free(self);
  return NULL;
}

gboolean
casa_replay_start(CasaReplay *self, GError **error)
{
  if (self->scratch)
    casa_store_start_upkeep(self->scratch);
  return casa_source_start(self->source, error);
}

gboolean
casa_replay_can_seek(const CasaReplay *self, const CasaReplayOptions *options)
{
  return !self->options.path && !options->path && self->options.bare == options->bare;
}

static void
empty_hub(CasaReplay *self)
{
  CasaLive batch[256];
  while (casa_hub_drain(self->hub, batch, G_N_ELEMENTS(batch)) == G_N_ELEMENTS(batch))
    ;
}

gboolean
casa_replay_seek(CasaReplay *self, const CasaReplayOptions *options, GError **error)
{
  const CasaStoreSourceOptions stretch = stretch_options(self, options);
  if (!casa_replay_can_seek(self, options)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "a recording has no other stretch");
    return FALSE;
  }
  if (!casa_store_source_check(&stretch, error))
    return FALSE;
  casa_source_free(self->source); /* its thread has ended afterwards */
  casa_playback_free(self->playback);
  empty_hub(self);
  g_mutex_lock(&self->lock);
  self->options.from_ms = options->from_ms;
  self->options.to_ms = options->to_ms;
  self->options.speed = options->speed;
  self->options.loop = options->loop;
  self->state = CASA_LINK_CONNECTING;
  g_mutex_unlock(&self->lock);
  casa_clock_jump(self->clock, options->from_ms, options->speed);
  play_stretch(self, &stretch);
  return casa_source_start(self->source, error);
}

static void
remove_scratch(CasaReplay *self)
{
  g_autoptr(GDir) dir = self->scratch_dir ? g_dir_open(self->scratch_dir, 0, NULL) : NULL;
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(self->scratch_dir, name, NULL);
    g_unlink(path);
  }
  if (self->scratch_dir)
    g_rmdir(self->scratch_dir);
  g_free(self->scratch_dir);
}

void
casa_replay_free(CasaReplay *self)
{
  if (!self)
    return;
  if (self->ingest)
    casa_ingest_stop(self->ingest);
  casa_source_free(self->source);
  casa_playback_free(self->playback);
  casa_ingest_free(self->ingest);
  casa_store_close(self->scratch);
  remove_scratch(self);
  casa_hub_free(self->hub);
  casa_counters_free(self->counters);
  casa_clock_free(self->clock);
  casa_replay_options_clear(&self->options);
  g_mutex_clear(&self->lock);
  g_free(self);
}

/* --- Looking on --------------------------------------------------------------------------------------------------- */

const CasaClock *
casa_replay_clock(CasaReplay *self)
{
  return self->clock;
}

CasaHub *
casa_replay_hub(CasaReplay *self)
{
  return self->hub;
}

CasaCatalogue *
casa_replay_catalogue(CasaReplay *self)
{
  return self->scratch ? casa_store_catalogue(self->scratch) : casa_pulse_catalogue(self->pulse);
}

const char *
casa_replay_store_path(CasaReplay *self)
{
  return casa_store_path(self->scratch ? self->scratch : casa_pulse_store(self->pulse));
}

void
casa_replay_read_counts(CasaReplay *self, CasaCounts *out)
{
  casa_counters_read(self->counters, out);
}

void
casa_replay_read(CasaReplay *self, CasaReplayState *out)
{
  g_mutex_lock(&self->lock);
  *out = (CasaReplayState){ .state = self->state,
                            .from_ms = self->options.from_ms,
                            .to_ms = self->options.path ? 0 : self->options.to_ms,
                            .speed = self->options.speed,
                            .bare = self->options.bare };
  g_mutex_unlock(&self->lock);
}
