/* SPDX-License-Identifier: Apache-2.0 */
#include "source/replay/recording-source.h"

#include "base/error.h"
#include "source/replay/replay-run.h"
#include "wire/decoder.h"

#include <gio/gio.h>
#include <string.h>

#define TAIL_BYTES (256 * 1024)
#define BEFORE_MS (15 * 60 * 1000)   /* of what is skipped: the last values, for a screen that opens in the middle of a day */
#define LINE_MAX_BYTES (1024 * 1024) /* of a longer one nothing can be a message */

typedef struct {
  CasaReplayRun run;
  char *path, *root;
  CasaDecoder *decoder;
  CasaDecoded *decoded; /* only its time is of interest */
  gint64 skip_to_ms;    /* 0: nothing is skipped */
} CasaRecordingSource;

/* One line, in place. */
typedef struct {
  const char *topic, *payload;
  gsize topic_len, payload_len;
  gboolean has_time;
  gint64 t_ms;
} Line;

static gboolean
parse_arrival(const char *text, gsize len, gint64 *out_ms)
{
  char *end = NULL;
  if (casa_time_parse_rfc3339(text, len, out_ms))
    return TRUE;
  double epoch = g_ascii_strtod(text, &end);
  return len > 0 && end == text + len && casa_epoch_to_ms(epoch, out_ms);
}

/* Whether the message says itself when it was measured. */
static gboolean
read_own_time(CasaRecordingSource *self, Line *line)
{
  CasaTopic topic;
  CasaReason why;
  if (!casa_topic_parse(self->root, line->topic, line->topic_len, &topic, &why) || !casa_topic_has_readings(&topic) ||
      !casa_decoder_decode(self->decoder, &topic, line->payload, line->payload_len, G_MAXINT64 / 2, self->decoded) ||
      self->decoded->readings->len == 0)
    return FALSE;
  const CasaReading *reading = casa_decoded_reading(self->decoded, 0);
  line->t_ms = reading->t_ms;
  return reading->time_source == CASA_TIME_PAYLOAD;
}

/* FALSE: no message. */
static gboolean
parse_line(CasaRecordingSource *self, const char *text, gsize len, Line *line)
{
  const char *end = text + len, *tab = memchr(text, '\t', len);
  if (!tab)
    return FALSE;
  *line = (Line){ .topic = text };
  line->has_time = parse_arrival(text, (gsize)(tab - text), &line->t_ms);
  if (line->has_time) {
    line->topic = tab + 1;
    tab = memchr(line->topic, '\t', (gsize)(end - line->topic));
    if (!tab)
      return FALSE;
  }
  line->topic_len = (gsize)(tab - line->topic);
  line->payload = tab + 1;
  line->payload_len = (gsize)(end - line->payload);
  line->has_time = line->has_time || read_own_time(self, line);
  return TRUE;
}

static GDataInputStream *
open_file(const char *path, GError **error)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GFileInputStream) raw = g_file_read(file, NULL, error);
  if (!raw)
    return NULL;
  GDataInputStream *lines = g_data_input_stream_new(G_INPUT_STREAM(raw));
  g_data_input_stream_set_newline_type(lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  return lines;
}

/* A descriptor is known from the beginning and kept by the broker, as are a source's words about itself. */
static gboolean
is_retained(const Line *line)
{
  return memmem(line->topic, line->topic_len, "/$", 2) != NULL;
}

static gboolean
is_skipped(const CasaRecordingSource *self, const Line *line)
{
  return line->has_time && line->t_ms < self->skip_to_ms - BEFORE_MS && !is_retained(line);
}

static gboolean
play(CasaReplayRun *run, GError **error)
{
  CasaRecordingSource *self = (CasaRecordingSource *)run;
  g_autoptr(GDataInputStream) lines = open_file(self->path, error);
  gboolean go_on = lines != NULL;
  while (go_on) {
    gsize len;
    g_autoptr(GError) fault = NULL;
    g_autofree char *text = g_data_input_stream_read_line(lines, &len, NULL, &fault);
    Line line;
    if (fault)
      g_propagate_error(error, g_steal_pointer(&fault));
    if (!text)
      return *error == NULL;
    if (!parse_line(self, text, len, &line) || is_skipped(self, &line))
      continue;
    go_on = !line.has_time || line.t_ms < self->skip_to_ms || casa_replay_run_wait(run, line.t_ms);
    go_on =
      go_on && casa_replay_run_deliver(run, line.topic, line.topic_len, line.payload, line.payload_len, is_retained(&line));
  }
  return FALSE;
}

static void
clear(CasaReplayRun *run)
{
  CasaRecordingSource *self = (CasaRecordingSource *)run;
  casa_decoder_free(self->decoder);
  casa_decoded_free(self->decoded);
  g_free(self->path);
  g_free(self->root);
}

static CasaRecordingSource *
make(const CasaRecordingSourceOptions *options)
{
  CasaRecordingSource *self = g_new0(CasaRecordingSource, 1);
  self->path = g_strdup(options->path);
  self->root = g_strdup(options->root);
  CasaWireLimits limits = {
    .max_payload = LINE_MAX_BYTES, .max_depth = 8, .max_fields = CASA_FIELDS_MAX, .max_batch = LINE_MAX_BYTES, .max_readings = 1
  };
  self->decoder = casa_decoder_new(options->metrics, &limits);
  self->decoded = casa_decoded_new();
  return self;
}

CasaSource *
casa_recording_source_new(const CasaRecordingSourceOptions *options, CasaClock *clock)
{
  CasaRecordingSource *self = make(options);
  casa_replay_run_init(&self->run, &options->receiver, clock, casa_clock_ms(clock), options->loop);
  self->skip_to_ms = options->skip_to_ms;
  self->run.play = play;
  self->run.clear = clear;
  return &self->run.base;
}

gboolean
casa_recording_source_begin(const CasaRecordingSourceOptions *options, gint64 *out_ms, GError **error)
{
  g_autoptr(GDataInputStream) lines = open_file(options->path, error);
  CasaRecordingSource *self = make(options);
  g_autoptr(GError) fault = NULL;
  gboolean found = FALSE;
  Line line;
  while (lines && !found && !fault) {
    gsize len;
    g_autofree char *text = g_data_input_stream_read_line(lines, &len, NULL, &fault);
    if (!text)
      break;
    found = parse_line(self, text, len, &line) && line.has_time;
  }
  clear(&self->run);
  g_free(self);
  if (found)
    *out_ms = line.t_ms;
  else if (fault)
    g_propagate_error(error, g_steal_pointer(&fault));
  else if (lines)
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA,
                "%s: no line is `topic<TAB>payload` with a time in it, as casa-sim --stdout prints them", options->path);
  return found;
}

gboolean
casa_recording_source_end(const CasaRecordingSourceOptions *options, gint64 *out_ms)
{
  g_autoptr(GMappedFile) file = g_mapped_file_new(options->path, FALSE, NULL);
  CasaRecordingSource *self = make(options);
  gsize len = file ? g_mapped_file_get_length(file) : 0, tail = MIN(len, TAIL_BYTES);
  g_autofree char *text = tail ? g_strndup(g_mapped_file_get_contents(file) + len - tail, tail) : g_strdup("");
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  gboolean found = FALSE;
  Line line;
  /* The first one may be cut. */
  for (guint i = g_strv_length(lines); i > (tail < len ? 1u : 0u) && !found; i--)
    found = parse_line(self, lines[i - 1], strlen(lines[i - 1]), &line) && line.has_time;
  if (found)
    *out_ms = line.t_ms;
  clear(&self->run);
  g_free(self);
  return found;
}
