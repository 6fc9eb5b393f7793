/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "base/config.h"
#include "base/counters.h"
#include "series/hub.h"
#include "source/source.h"
#include "store/catalogue.h"
#include "wire/decoder.h"

G_BEGIN_DECLS

/* Message → decoder → hub: what is stored already is shown once more. It writes nothing; readings of series that the catalogue
 * does not have are left out. One instance, driven by one source's thread. */
typedef struct _CasaPlayback CasaPlayback;

/* None of the parts is owned; all must outlive it. @clock: when a reading is shown to arrive. */
CasaPlayback *casa_playback_new(const CasaConfig *config, const CasaMetrics *metrics, CasaCatalogue *catalogue, CasaHub *hub,
                                CasaCounters *counters, const CasaClock *clock);
void casa_playback_free(CasaPlayback *self); /* NULL is fine */

/* For a CasaReceiver: @data is the CasaPlayback. */
gboolean casa_playback_message(const CasaMessage *message, gpointer data);

G_END_DECLS
