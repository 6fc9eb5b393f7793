/* SPDX-License-Identifier: Apache-2.0 */
#include "guard-wills.h"

#include <mosquitto.h>
#include <time.h>

/* The version of Debian 12. From 2.0.16 on they are freed; those between keep the id of whom they refuse, so nothing tells
 * them from whoever was let in. */
#define REVISION 11

/* As lib/mosquitto_internal.h of 2.0.11 has them (64 bits, with asynchronous name service, as Debian builds it). */
typedef struct {
  void *next, *prev;
  mosquitto_property *properties;
  time_t timestamp;
  int state;
  bool dup;
  struct mosquitto_message message;
} Will;

typedef struct {
  void *payload, *next;
  guint32 multiplier, remaining, length, to_process, pos;
  guint16 id;
  guint8 command;
  gint8 remaining_count;
} Packet;

typedef struct {
  int ident, fd;
  guint32 packet_most;
  void *name_service;
  int protocol;
  const char *address, *id, *user, *password;
  guint16 keepalive, last_id;
  int state;
  time_t last_in, next_out, ping;
  Packet in;
  void *out_now, *out;
  Will *will;
} Client;

struct CasaGuardWills {
  GHashTable *held; /* of client: Will */
  gboolean leaks, said;
};

static void
will_free(gpointer data)
{
  Will *will = data;
  mosquitto_property_free_all(&will->properties);
  mosquitto_free(will->message.payload);
  mosquitto_free(will->message.topic);
  mosquitto_free(will);
}

CasaGuardWills *
casa_guard_wills_new(void)
{
  CasaGuardWills *self = g_new0(CasaGuardWills, 1);
  int major = 0, minor = 0, revision = 0;
  mosquitto_lib_version(&major, &minor, &revision); /* the broker's own: Debian installs both as one version */
  self->leaks = major == 2 && minor == 0 && revision == REVISION;
  self->held = g_hash_table_new_full(NULL, NULL, NULL, will_free);
  return self;
}

void
casa_guard_wills_free(CasaGuardWills *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->held);
  g_free(self);
}

static gboolean
is_as_described(const Client *client, const struct mosquitto_evt_basic_auth *event)
{
  return client->address == mosquitto_client_address(event->client) && client->id == mosquitto_client_id(event->client) &&
         client->user == event->username && client->password == event->password && client->id && client->address;
}

void
casa_guard_wills_hold(CasaGuardWills *self, const struct mosquitto_evt_basic_auth *event)
{
  Client *client = (Client *)event->client;
  if (!self->leaks)
    return;
  g_hash_table_remove(self->held, client);
  if (!is_as_described(client, event)) {
    if (!self->said)
      mosquitto_log_printf(MOSQ_LOG_NOTICE,
                           "casa-guard: this build of mosquitto describes its clients otherwise than Debian's; what "
                           "refused logins leave as wills is never freed");
    self->said = TRUE;
  } else if (client->will) {
    g_hash_table_insert(self->held, client, client->will);
    client->will = NULL;
  }
}

/* The broker takes its id from whoever it refuses. */
static void
give_back(Client *client, Will *will)
{
  if (client->id && !client->will)
    client->will = will;
  else
    will_free(will);
}

void
casa_guard_wills_settle(CasaGuardWills *self, struct mosquitto *client)
{
  gpointer will;
  if (g_hash_table_steal_extended(self->held, client, NULL, &will))
    give_back((Client *)client, will);
}

void
casa_guard_wills_settle_all(CasaGuardWills *self)
{
  GHashTableIter iter;
  gpointer client, will;
  g_hash_table_iter_init(&iter, self->held);
  while (g_hash_table_iter_next(&iter, &client, &will)) {
    g_hash_table_iter_steal(&iter);
    give_back(client, will);
  }
}
