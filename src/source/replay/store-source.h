/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "source/source.h"

G_BEGIN_DECLS

/* A stretch of a store as a source: every sample of it comes again as a message (one station's of one moment in one object),
 * in the order in which they were measured, while the clock passes that moment; at high speed, of each series the last of each
 * frame of the screen. First comes, retained, the last value of each
 * series from the quarter of an hour before, for a screen that opens in the middle of a day. */

typedef struct {
  const char *store_path, *root; /* the topics' root */
  gint64 from_ms, to_ms;         /* to exclusive */
  gboolean loop;                 /* begins again at the end; else stays there, and on_link says CASA_LINK_OFF */
  CasaReceiver receiver;
} CasaStoreSourceOptions;

/* FALSE, CASA_ERROR_USAGE: the store has no sample between the two. Opens the store for reading only. */
gboolean casa_store_source_check(const CasaStoreSourceOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @clock, a replayed one, outlives it and is moved by it; it sets the speed. Copies the options. A store that cannot be read is
 * told by on_link (CASA_LINK_REFUSED). */
CasaSource *casa_store_source_new(const CasaStoreSourceOptions *options, CasaClock *clock);

G_END_DECLS
