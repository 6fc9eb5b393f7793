/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/drops.h"

#include <string.h>

#define UPTIME "$SYS/broker/uptime"
#define DROPPED "$SYS/broker/publish/messages/dropped"
/* The uptime is in whole seconds. */
#define SECOND_MS 1000

const char *const casa_drops_topics[] = { UPTIME, DROPPED, CASA_HELD_TOPIC, NULL };

struct _CasaDrops {
  gboolean known;    /* dropped was heard of */
  guint64 dropped;   /* last */
  gboolean beating;  /* uptime was heard of */
  guint64 uptime_s;  /* last: the broker tells both at the same moment, this one first */
  guint64 before_s;  /* the one before that; equal: there was none */
  gint64 resumed_ms; /* above 0: what is known is of then, and the broker has said nothing yet */
  gint64 born_ms;    /* when the broker began, by our clock; a message that waited makes it seem later, never earlier */
};

CasaDrops *
casa_drops_new(void)
{
  return g_new0(CasaDrops, 1);
}

void
casa_drops_free(CasaDrops *self)
{
  g_free(self);
}

static gboolean
is_topic(const CasaMessage *message, const char *topic)
{
  return message->topic_len == strlen(topic) && memcmp(message->topic, topic, message->topic_len) == 0;
}

/* "123", "123 seconds". FALSE: no number. */
static gboolean
read_number(const CasaMessage *message, guint64 *out)
{
  char text[24];
  char *end;
  gsize n = MIN(message->payload_len, sizeof text - 1);
  memcpy(text, message->payload, n);
  text[n] = '\0';
  *out = g_ascii_strtoull(text, &end, 10);
  return n > 0 && end > text && g_ascii_isdigit(text[0]);
}

static void
take_uptime(CasaDrops *self, guint64 s, gint64 now_ms)
{
  gint64 born_ms = now_ms - (gint64)MIN(s, G_MAXINT32) * SECOND_MS;
  gboolean anew = !self->beating || s < self->uptime_s;
  self->born_ms = anew ? born_ms : MIN(self->born_ms, born_ms);
  self->before_s = anew ? (self->beating ? 0 : s) : self->uptime_s;
  self->uptime_s = s;
  self->beating = TRUE;
}

/* A broker that began anew counts anew. Its first word to us says nothing: we do not know since when. */
static void
take_dropped(CasaDrops *self, guint64 n, gint64 now_ms, CasaDropped *out)
{
  guint64 before = n < self->dropped ? 0 : self->dropped;
  if (self->known && n > before) {
    out->n = n - before;
    out->start_ms = self->resumed_ms > 0 ? self->resumed_ms
                    : self->beating      ? self->born_ms + (gint64)self->before_s * SECOND_MS - SECOND_MS
                                         : now_ms;
    out->end_ms = self->beating ? self->born_ms + (gint64)(self->uptime_s + 1) * SECOND_MS : now_ms;
    out->end_ms = CLAMP(out->end_ms, out->start_ms, MAX(now_ms, out->start_ms));
  }
  self->known = TRUE;
  self->dropped = n;
  self->resumed_ms = 0;
}

void
casa_drops_resume(CasaDrops *self, guint64 dropped, gint64 since_ms)
{
  self->known = TRUE;
  self->dropped = dropped;
  self->resumed_ms = since_ms;
}

gboolean
casa_drops_known(const CasaDrops *self, guint64 *out_dropped, gint64 *out_since_ms)
{
  *out_dropped = self->dropped;
  *out_since_ms = self->born_ms + (gint64)self->before_s * SECOND_MS;
  return self->known && self->beating && self->resumed_ms == 0;
}

gboolean
casa_drops_take(CasaDrops *self, const CasaMessage *message, gint64 now_ms, CasaDropped *out)
{
  guint64 n;
  *out = (CasaDropped){ 0 };
  gboolean uptime = is_topic(message, UPTIME), dropped = is_topic(message, DROPPED);
  if (uptime && read_number(message, &n))
    take_uptime(self, n, now_ms);
  else if (dropped && read_number(message, &n))
    take_dropped(self, n, now_ms, out);
  return uptime || dropped;
}
