/* SPDX-License-Identifier: Apache-2.0 */
#include "guard-event.h"

#include <mosquitto.h>
#include <mosquitto_plugin.h>
#include <string.h>

#define PREFIX "join."
#define TOPIC "$casa-join/"
#define REPLY "/reply"
#define NONCE_LEAST 16 /* of 0-9a-f: 64 bits that nobody guesses while they are of use */
#define NONCE_MOST 64
#define ASKING_MAX 512 /* bytes of a question */
/* Who is there at once, and for how long: a question and its answer take a tenth of a second. */
#define GUESTS_MOST 64
#define STAY_US (30 * G_USEC_PER_SEC)
/* Everybody in the hall knows the secret, so it bounds nothing: a machine may come so often at once, and then each ten seconds;
 * all together the more. A hall has some sixty teams, and opens within some minutes. */
#define ADDRESS_BURST 10.0
#define ADDRESS_A_SECOND 0.1
#define ALL_BURST 40.0
#define ALL_A_SECOND 1.0
#define ADDRESSES_MOST 4096 /* remembered; a machine that is not is as one that never came */
#define SAY_EVERY_US (10 * G_USEC_PER_SEC)

typedef struct {
  double left;
  gint64 then_us;
} Visits;

typedef struct {
  const struct mosquitto *client; /* never looked into: that nobody who was refused ends it */
  gint64 since_us;
  gboolean asked;
} Guest;

struct _CasaGuardEvent {
  char *file, *secret; /* secret NULL: there is none now */
  GHashTable *guests;  /* user -> Guest */
  GHashTable *visits;  /* address -> Visits */
  Visits all;
  gint64 said_us;
};

CasaGuardEvent *
casa_guard_event_new(const char *file)
{
  CasaGuardEvent *self = g_new0(CasaGuardEvent, 1);
  self->file = g_strdup(file);
  self->guests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->visits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->all = (Visits){ ALL_BURST, g_get_monotonic_time() };
  casa_guard_event_look(self);
  return self;
}

static void
wipe(char *text)
{
  if (text)
    explicit_bzero(text, strlen(text));
  g_free(text);
}

void
casa_guard_event_free(CasaGuardEvent *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->guests);
  g_hash_table_unref(self->visits);
  wipe(self->secret);
  g_free(self->file);
  g_free(self);
}

static gboolean
is_nonce(const char *text)
{
  gsize n = strspn(text, "0123456789abcdef");
  return n >= NONCE_LEAST && n <= NONCE_MOST && text[n] == '\0';
}

gboolean
casa_guard_event_is(const char *user)
{
  return user && g_str_has_prefix(user, PREFIX);
}

/* --- The secret, and who stays --- */

static void
put_out_who_stays(CasaGuardEvent *self, gint64 now)
{
  GHashTableIter iter;
  gpointer user, guest;
  g_autoptr(GPtrArray) late = g_ptr_array_new_with_free_func(g_free);
  g_hash_table_iter_init(&iter, self->guests);
  while (g_hash_table_iter_next(&iter, &user, &guest))
    if (now - ((Guest *)guest)->since_us > STAY_US)
      g_ptr_array_add(late, g_strdup(user));
  for (guint i = 0; i < late->len; i++) {
    mosquitto_kick_client_by_username(late->pdata[i], false);
    g_hash_table_remove(self->guests, late->pdata[i]);
  }
}

void
casa_guard_event_look(CasaGuardEvent *self)
{
  char *text = NULL;
  gsize size = 0;
  put_out_who_stays(self, g_get_monotonic_time());
  if (self->file && g_file_get_contents(self->file, &text, &size, NULL))
    g_strchomp(text);
  if (text && (!*text || size > 256))
    g_clear_pointer(&text, wipe);
  if (g_strcmp0(text, self->secret) != 0)
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: %s",
                         text ? "teams may join with the event's secret" : "nobody joins with an event's secret any more");
  wipe(self->secret);
  self->secret = text;
}

/* Takes as long whatever is wrong with @text. */
static gboolean
is_secret(const CasaGuardEvent *self, const char *text)
{
  if (!self->secret || !text)
    return FALSE;
  gsize n = strlen(self->secret), m = strlen(text);
  guint differ = n != m;
  for (gsize i = 0; i < n; i++)
    differ |= (guint)((guchar)self->secret[i] ^ (guchar)text[i < m ? i : m]);
  return differ == 0;
}

/* --- How often --- */

static gboolean
one_more(Visits *visits, double burst, double a_second, gint64 now)
{
  visits->left = MIN(burst, visits->left + (double)(now - visits->then_us) / G_USEC_PER_SEC * a_second);
  visits->then_us = now;
  if (visits->left < 1)
    return FALSE;
  visits->left -= 1;
  return TRUE;
}

/* Those that could come as often as any again. */
static gboolean
is_past(gpointer address, gpointer visits, gpointer now)
{
  return *(gint64 *)now - ((Visits *)visits)->then_us > (gint64)(ADDRESS_BURST / ADDRESS_A_SECOND * G_USEC_PER_SEC);
}

static Visits *
visits_of(CasaGuardEvent *self, const char *address, gint64 now)
{
  Visits *visits = g_hash_table_lookup(self->visits, address);
  if (visits)
    return visits;
  if (g_hash_table_size(self->visits) >= ADDRESSES_MOST)
    g_hash_table_foreach_remove(self->visits, is_past, &now);
  if (g_hash_table_size(self->visits) >= ADDRESSES_MOST)
    g_hash_table_remove_all(self->visits);
  visits = g_new(Visits, 1);
  *visits = (Visits){ ADDRESS_BURST, now };
  g_hash_table_insert(self->visits, g_strdup(address), visits);
  return visits;
}

/* A wrong secret counts for its machine alone: nobody tries many, and nobody shuts out the others by it. */
static gboolean
may_come(CasaGuardEvent *self, const struct mosquitto *client, gboolean right)
{
  gint64 now = g_get_monotonic_time();
  const char *address = mosquitto_client_address(client);
  Visits *visits = visits_of(self, address ? address : "", now);
  gboolean may = one_more(visits, ADDRESS_BURST, ADDRESS_A_SECOND, now);
  if (may && (!right || one_more(&self->all, ALL_BURST, ALL_A_SECOND, now)))
    return right;
  if (now - self->said_us > SAY_EVERY_US) {
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "casa-guard: more logins with the event's secret than may come, last from %s",
                         address ? address : "nowhere");
    self->said_us = now;
  }
  return FALSE;
}

int
casa_guard_event_login(CasaGuardEvent *self, const struct mosquitto_evt_basic_auth *event)
{
  if (!is_nonce(event->username + strlen(PREFIX)) || g_hash_table_contains(self->guests, event->username))
    return MOSQ_ERR_AUTH;
  if (g_hash_table_size(self->guests) >= GUESTS_MOST || !may_come(self, event->client, is_secret(self, event->password)))
    return MOSQ_ERR_AUTH;
  Guest *guest = g_new0(Guest, 1);
  guest->client = event->client;
  guest->since_us = g_get_monotonic_time();
  g_hash_table_insert(self->guests, g_strdup(event->username), guest);
  return MOSQ_ERR_SUCCESS;
}

/* --- What it may do --- */

/* @topic is $casa-join/NONCE and then @rest. */
static gboolean
is_own(const char *user, const char *topic, const char *rest)
{
  const char *nonce = user + strlen(PREFIX);
  gsize n = strlen(nonce);
  return g_str_has_prefix(topic, TOPIC) && strncmp(topic + strlen(TOPIC), nonce, n) == 0 &&
         strcmp(topic + strlen(TOPIC) + n, rest) == 0;
}

static int
may_ask(Guest *guest, const char *user, const struct mosquitto_evt_acl_check *event)
{
  if (guest->asked)
    return MOSQ_ERR_ADMINISTRATIVE_ACTION; /* once: whoever mistook itself comes again */
  if (!is_own(user, event->topic, "") || event->retain || event->qos > 1 || event->payloadlen > ASKING_MAX)
    return MOSQ_ERR_ACL_DENIED;
  guest->asked = TRUE;
  return MOSQ_ERR_SUCCESS;
}

int
casa_guard_event_acl(CasaGuardEvent *self, const struct mosquitto_evt_acl_check *event)
{
  const char *user = mosquitto_client_username(event->client);
  Guest *guest = g_hash_table_lookup(self->guests, user);
  if (!guest)
    return MOSQ_ERR_ACL_DENIED;
  switch (event->access) {
  case MOSQ_ACL_WRITE: return may_ask(guest, user, event);
  case MOSQ_ACL_READ:
  case MOSQ_ACL_SUBSCRIBE: return is_own(user, event->topic, REPLY) ? MOSQ_ERR_SUCCESS : MOSQ_ERR_ACL_DENIED;
  case MOSQ_ACL_UNSUBSCRIBE: return MOSQ_ERR_SUCCESS;
  default: return MOSQ_ERR_ACL_DENIED;
  }
}

void
casa_guard_event_leaves(CasaGuardEvent *self, const struct mosquitto *client, const char *user)
{
  const Guest *guest = g_hash_table_lookup(self->guests, user);
  if (guest && guest->client == client)
    g_hash_table_remove(self->guests, user);
}
