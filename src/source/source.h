/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/fault.h"

G_BEGIN_DECLS

/* A source delivers messages and says how its link is. What takes them (ingest, a test) knows this header only; each kind of
 * source fills one table of functions. */

/* One message, as it came. Valid during the call that hands it over. */
typedef struct {
  const char *topic; /* need not end in NUL */
  gsize topic_len;
  const void *payload;
  gsize payload_len;
  gboolean retained;  /* the broker kept it: a last known value */
  gboolean duplicate; /* delivered before, perhaps, and not acknowledged then */
  int qos;
  gsize extra_len; /* bytes of what came beside topic and payload: properties of MQTT 5 */
} CasaMessage;

/* Must not return before the message is durably stored or rightly thrown away. FALSE: it could be neither (the program is
 * stopping while the disk is full): the message must never be acknowledged, so the source's thread is parked until the
 * process ends, and a broker sends it again to the next one. The source's message thread, one call at a time. */
typedef gboolean (*CasaMessageFunc)(const CasaMessage *message, gpointer data);

typedef enum {
  CASA_LINK_OFF,
  CASA_LINK_CONNECTING, /* never connected yet */
  CASA_LINK_UP,
  CASA_LINK_LOST,    /* was up; trying again */
  CASA_LINK_REFUSED, /* the other side said no (credentials, ACL): trying again slowly; fault says why */
} CasaLinkState;

typedef struct {
  CasaLinkState state;
  gint64 since_ms;        /* wall clock of the last change */
  guint connections;      /* how often the broker has accepted this process so far */
  gboolean session_lost;  /* CASA_LINK_UP only: the broker had no session, messages may be missing */
  gboolean first;         /* CASA_LINK_UP only: first connection of this process */
  gboolean session_waits; /* CASA_LINK_UP only: see CasaMqttOptions.peek */
  guint mqtt_version;     /* spoken on the last connection: 5, 3 for 3.1.1; 0: none yet */
  gboolean again;         /* CASA_LINK_UP only: not a new connection, the old one answers again */
  char peer[100];         /* host:port of the broker, or which past is replayed */
  CasaFault fault;        /* why it is not up; code CASA_FAULT_NONE: it is, or nothing has failed yet */
} CasaLink;

/* How the link is, for the log, in English. (transfer full) */
char *casa_link_text(const CasaLink *self);

/* The source's own thread, one call at a time. */
typedef void (*CasaLinkFunc)(const CasaLink *link, gpointer data);

/* Who takes what a source delivers. */
typedef struct {
  CasaMessageFunc on_message;
  CasaLinkFunc on_link; /* may be NULL */
  gpointer data;        /* of both */
} CasaReceiver;

typedef struct _CasaSource CasaSource;

/* What a kind of source can do; each function as described at its casa_source_… below. */
typedef struct {
  gboolean (*start)(CasaSource *self, GError **error);
  void (*publish)(CasaSource *self, const char *topic, const char *payload); /* NULL: nobody listens at the other end */
  void (*stop)(CasaSource *self, guint deadline_ms);
  void (*free)(CasaSource *self);
} CasaSourceTable;

/* The first member of every kind of source. */
struct _CasaSource {
  const CasaSourceTable *table;
};

/* Begins to deliver; returns at once. A broker that is not there is not an error: on_link says so, and it goes on trying. */
gboolean casa_source_start(CasaSource *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sends @payload back to where messages come from (QoS 0, not retained). Safe from on_message and from any thread but GTK's;
 * lost silently when the link is down or the source cannot send. */
void casa_source_publish(CasaSource *self, const char *topic, const char *payload);
/* Waits at most @deadline_ms for the other side; a message that is being stored is always waited for. Afterwards no callback
 * runs. Wake a blocked on_message first. NULL is fine, and so is a second call. */
void casa_source_stop(CasaSource *self, guint deadline_ms);
/* Stops first. NULL is fine. */
void casa_source_free(CasaSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSource, casa_source_free)

G_END_DECLS
