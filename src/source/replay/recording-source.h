/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "city/metrics.h"
#include "source/source.h"

G_BEGIN_DECLS

/* A recording as a source: a text file of one message a line, `topic<TAB>payload` as `casa-sim --stdout` prints it, or
 * `time<TAB>topic<TAB>payload` with the Unix time or the RFC 3339 time of arrival, as `mosquitto_sub -F '%U\t%t\t%p'` prints
 * it. A message is delivered when the clock reaches its arrival, else its own time; one with neither comes right after the one
 * before. Lines stand in the order of time; one that is older than its neighbours comes at once. */

typedef struct {
  const char *path, *root;
  const CasaMetrics *metrics; /* outlives the source */
  gboolean loop;              /* begins again at the end; else stays there, and on_link says CASA_LINK_OFF */
  gint64
    skip_to_ms; /* what is older is left out, but what describes, and a quarter of an hour that comes at once; 0: nothing */
  CasaReceiver receiver;
} CasaRecordingSourceOptions;

/* When the first message with a time comes: what a clock for this recording is to begin with. FALSE: the file cannot be read,
 * or no line has a topic, a payload and a time. */
gboolean casa_recording_source_begin(const CasaRecordingSourceOptions *options, gint64 *out_ms,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When the last message with a time comes, as far as the file's last 256 KiB tell. FALSE: they do not. */
gboolean casa_recording_source_end(const CasaRecordingSourceOptions *options, gint64 *out_ms);

/* @clock, a replayed one that stands at the recording's begin, or at skip_to_ms, outlives it and is moved by it. Copies the
 * options. */
CasaSource *casa_recording_source_new(const CasaRecordingSourceOptions *options, CasaClock *clock);

G_END_DECLS
