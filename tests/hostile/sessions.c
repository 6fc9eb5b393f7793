/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks that are connections. */
#include "hostile.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static LinkLogin
device(const Hostile *self, guint n, char buf[80])
{
  LinkLogin login = self->login;
  g_snprintf(buf, 80, "%s.%u", self->team, n);
  login.user = login.client_id = buf;
  return login;
}

/* Subscribers that take and never acknowledge, with sessions that stay, beside a feedback that they make grow. */
static void
run_never_ack(Hostile *self)
{
  Link *ears[3] = { NULL };
  char user[80], filter[256];
  const Attack *refusals = hostile_floods;
  while (strcmp(refusals->name, "topics") != 0)
    refusals++;
  for (guint n = 0; n < G_N_ELEMENTS(ears); n++) {
    LinkLogin login = device(self, n + 2, user);
    login.version = 5;
    login.keep = TRUE;
    ears[n] = link_open(&login, &self->counts);
    if (!ears[n])
      continue;
    ears[n]->silent = TRUE;
    g_snprintf(filter, sizeof filter, "%s/%s/#", self->root, self->team);
    link_subscribe(ears[n], filter, 1);
    link_subscribe(ears[n], "#", 1);
    link_take(ears[n], 200);
  }
  hostile_flood(self, refusals);
  for (guint n = 0; n < G_N_ELEMENTS(ears); n++)
    link_drop(ears[n]);
}

static void
run_idle_sockets(Hostile *self)
{
  struct rlimit files;
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(int));
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = MIN(files.rlim_max, 4096);
    setrlimit(RLIMIT_NOFILE, &files);
  }
  for (guint i = 0; i < 1100 && !hostile_over(self); i++) {
    int fd = link_socket(self->login.host, self->login.port, FALSE);
    if (fd < 0)
      break;
    self->counts.opened++;
    g_array_append_val(open, fd);
    g_usleep(1500); /* what waits to be accepted is soon full, and then it takes a second to try again */
  }
  while (!hostile_over(self))
    g_usleep(20000);
  for (guint i = 0; i < open->len; i++)
    close(g_array_index(open, int, i));
}

/* Listens as a member of a share, for whatever it is dealt. */
static void
run_share_thief(Hostile *self)
{
  char filter[256];
  while (!hostile_over(self)) {
    Link *link = link_open(&self->login, &self->counts);
    if (!link) {
      g_usleep(50000);
      continue;
    }
    g_snprintf(filter, sizeof filter, "$share/hall/%s/#", self->root);
    gboolean there =
      link_subscribe(link, filter, 1) && link_subscribe(link, "$share/hall/#", 1) && link_subscribe(link, "#", 1);
    while (there && !hostile_over(self))
      there = link_take(link, 50);
    link_drop(link);
  }
}

/* The first half of QoS 2, and never the second. */
static void
run_half_handshakes(Hostile *self)
{
  char topic[256];
  g_autofree char *payload = g_strnfill(20000, 'h');
  LinkLogin login = self->login;
  login.keep = TRUE;
  g_snprintf(topic, sizeof topic, "%s/%s/air/half", self->root, self->team);
  while (!hostile_over(self)) {
    Link *link = link_open(&login, &self->counts);
    for (guint i = 0; link && !hostile_over(self) && link_publish(link, topic, payload, 20000, 2, FALSE, NULL); i++)
      if (!link_take(link, 0))
        break;
    link_drop(link);
    g_usleep(2000);
  }
}

/* Others' client ids with the own user, others' users with the own password, and no user at all. */
static void
run_takeover(Hostile *self)
{
  static const char *const ids[] = { "pulse", "record", "city", "stage", "honest", "#", "+", "" };
  for (guint i = 0; !hostile_over(self); i++) {
    LinkLogin login = self->login;
    login.client_id = ids[i % G_N_ELEMENTS(ids)];
    if (i % 3 == 1)
      login.user = login.client_id;
    if (i % 3 == 2)
      login.user = login.password = NULL;
    Link *link = link_open(&login, &self->counts);
    if (link && link_subscribe(link, "#", 1))
      link_take(link, 20);
    link_drop(link);
    g_usleep(2000);
  }
}

/* With @login's password, and @size bytes in each. */
static void
leave_wills(Hostile *self, LinkLogin login, gsize size)
{
  char topic[256];
  g_snprintf(topic, sizeof topic, "%s/%s/$status", self->root, self->team);
  login.will_topic = topic;
  login.will_size = size;
  while (!hostile_over(self)) {
    link_drop(link_open(&login, &self->counts));
    g_usleep(1000);
  }
}

static void
run_wills(Hostile *self)
{
  leave_wills(self, self->login, 60000);
}

/* What comes with it is large, and nobody sees it before a minute is over. */
static void
run_late_wills(Hostile *self)
{
  static const guint8 delay[] = { 0x18, 0, 0, 0, 60 };
  g_autofree char *value = g_strnfill(1000, 'v');
  g_autoptr(GByteArray) properties = g_byte_array_new();
  LinkLogin login = self->login;
  g_byte_array_append(properties, delay, sizeof delay);
  for (guint i = 0; i < 60; i++) {
    static const guint8 name[] = { 0x26, 0, 1, 'n', 1000 >> 8, 1000 & 0xff };
    g_byte_array_append(properties, name, sizeof name);
    g_byte_array_append(properties, (const guint8 *)value, 1000);
  }
  login.version = 5;
  login.will_properties = properties;
  leave_wills(self, login, 1);
}

/* Nobody who has a password is needed for that. */
static void
run_guessed_wills(Hostile *self)
{
  LinkLogin login = self->login;
  login.password = "guessed";
  leave_wills(self, login, 60000);
}

static void
run_connects(Hostile *self)
{
  while (!hostile_over(self))
    link_drop(link_open(&self->login, &self->counts));
}

/* Each leaves a will that costs hardly anything, if wills are what memory is lost by. */
static void
run_little_wills(Hostile *self)
{
  char topic[256];
  LinkLogin login = self->login;
  g_snprintf(topic, sizeof topic, "%s/%s/$status", self->root, self->team);
  login.will_topic = topic;
  login.will_size = 1;
  while (!hostile_over(self))
    link_drop(link_open(&login, &self->counts));
}

/* Asks to be let in and is gone, as fast as it goes. */
static void
run_hit_and_run(Hostile *self)
{
  while (!hostile_over(self))
    link_knock(&self->login, &self->counts);
}

static void
run_filters(Hostile *self)
{
  char filter[128];
  while (!hostile_over(self)) {
    Link *link = link_open(&self->login, &self->counts);
    gboolean there = link != NULL;
    for (guint i = 0; there && i < 5000 && !hostile_over(self); i++) {
      g_snprintf(filter, sizeof filter, "+/+/+/+/f%u/#", i);
      there = link_subscribe(link, filter, 1) && link_take(link, 0);
    }
    while (there && !hostile_over(self))
      there = link_take(link, 50);
    link_drop(link);
    g_usleep(2000);
  }
}

/* As many as possible of one small packet that no plugin is asked about. */
static void
repeat(Hostile *self, const guint8 *packet, guint size)
{
  g_autoptr(GByteArray) many = g_byte_array_new();
  for (guint i = 0; i < 1000; i++)
    g_byte_array_append(many, packet, size);
  while (!hostile_over(self)) {
    Link *link = link_open(&self->login, &self->counts);
    while (link && !hostile_over(self) && link_send(link, many->data, many->len) && link_take(link, 0))
      ;
    link_drop(link);
    g_usleep(2000);
  }
}

static void
run_pings(Hostile *self)
{
  repeat(self, (const guint8 *)"\xc0\0", 2);
}

/* The broker writes a line for each that it knows nothing of, unless its log leaves out warnings. */
static void
run_acks(Hostile *self)
{
  repeat(self, (const guint8 *)"\x50\2\0\7", 4);
}

/* Each level of each filter is some memory of the broker's, and QoS 0 is what a team may subscribe with. */
static void
run_deep_filters(Hostile *self)
{
  g_autofree char *below = g_strnfill(190, '/');
  char filter[512];
  for (guint i = 0; !hostile_over(self);) {
    Link *link = link_open(&self->login, &self->counts);
    gboolean there = link != NULL;
    for (; there && !hostile_over(self); i++) {
      g_snprintf(filter, sizeof filter, "d%u%s", i, below);
      there = link_subscribe(link, filter, 0) && link_take(link, 5);
    }
    link_drop(link);
    g_usleep(2000);
  }
}

const Attack hostile_sessions[] = {
  { "never-ack", "three subscribers that never acknowledge, with sessions that stay", NULL, run_never_ack },
  { "idle-sockets", "1,100 sockets that say nothing", NULL, run_idle_sockets },
  { "share-thief", "a member of $share/hall/… who is none of ours", NULL, run_share_thief },
  { "half-handshakes", "QoS 2 that is begun and never ended", NULL, run_half_handshakes },
  { "takeover", "others' client ids and users", NULL, run_takeover },
  { "wills", "wills of 60 KB, sent by dropping the connection", NULL, run_wills },
  { "late-wills", "wills of one byte with 60 KB of properties, to be sent after a minute", NULL, run_late_wills },
  { "guessed-wills", "wills of 60 KB, by somebody who does not know the password", NULL, run_guessed_wills },
  { "connects", "logins as fast as they go", NULL, run_connects },
  { "little-wills", "logins as fast as they go, each with a will of one byte", NULL, run_little_wills },
  { "hit-and-run", "logins that wait for no answer", NULL, run_hit_and_run },
  { "filters", "five thousand subscriptions", NULL, run_filters },
  { "deep-filters", "subscriptions of 190 levels", NULL, run_deep_filters },
  { "pings", "pings as fast as they go", NULL, run_pings },
  { "acks", "acknowledgements of what was never sent", NULL, run_acks },
  { NULL },
};
