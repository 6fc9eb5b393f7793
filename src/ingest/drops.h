/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/source.h"

G_BEGIN_DECLS

/* What the broker says of messages that it has thrown away after it acknowledged them, because a client's queue was full:
 * mosquitto's topics $SYS/broker/uptime and $SYS/broker/publish/messages/dropped (man mosquitto). The count is of all clients:
 * it cannot be said whether the recorder is one of them, so whatever it counts may be missing. One thread at a time. */
typedef struct _CasaDrops CasaDrops;

/* "SOURCE messages|bytes|work LIMIT": casa-guard (broker/) has put somebody off, who sent more than so much a second. */
#define CASA_HELD_TOPIC "$casa-guard/held"

/* To be subscribed beside the sensors, where the broker lets us. NULL-terminated. */
extern const char *const casa_drops_topics[];

CasaDrops *casa_drops_new(void);
void casa_drops_free(CasaDrops *self); /* NULL is fine */

/* What was known of the broker's count when the program ended: @dropped, and until when none were added. Before the first
 * message. */
void casa_drops_resume(CasaDrops *self, guint64 dropped, gint64 since_ms);
/* What to give to casa_drops_resume() at the next start. FALSE: the broker has not said it yet. */
gboolean casa_drops_known(const CasaDrops *self, guint64 *out_dropped, gint64 *out_since_ms);

typedef struct {
  guint64 n;               /* messages dropped since the last time; 0: none */
  gint64 start_ms, end_ms; /* when, by our clock */
} CasaDropped;

/* Whether @message, which came at @now_ms, is the broker's own; it is then used up, and @out says what it told. */
gboolean casa_drops_take(CasaDrops *self, const CasaMessage *message, gint64 now_ms, CasaDropped *out);

G_END_DECLS
