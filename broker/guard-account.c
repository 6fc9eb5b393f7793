/* SPDX-License-Identifier: Apache-2.0 */
#include "guard-account.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define WRITE_EVERY_US (2 * G_USEC_PER_SEC)
#define TEAMS_MAX 1000    /* more are not told: users come from the broker's own list */
#define STRANGERS_MAX 200 /* names that nobody has come in with: the oldest goes */
#define NAME_MAX_BYTES 64
#define TOPIC_SHOWN 200 /* bytes of a topic that was refused */

typedef struct {
  GHashTable *active; /* set of users that do something */
  gboolean came;      /* somebody was let in */
  gint64 since_ms, seen_ms, tried_ms, gone_ms, denied_ms, taken_ms, qos2_ms;
  guint denied, taken;
  guint tries; /* since it last did something */
  char *denied_topic, *denied_user, *taken_user;
} Account;

struct _CasaGuardAccount {
  GHashTable *teams; /* name → Account */
  guint strangers;   /* of them, those that only tried */
  gboolean news;
  gint64 written_us, shift_ms;
};

static void
account_free(gpointer data)
{
  Account *a = data;
  g_hash_table_unref(a->active);
  g_free(a->denied_topic);
  g_free(a->denied_user);
  g_free(a->taken_user);
  g_free(a);
}

CasaGuardAccount *
casa_guard_account_new(void)
{
  CasaGuardAccount *self = g_new0(CasaGuardAccount, 1);
  const char *shift = g_getenv("CASA_CLOCK_SHIFT"); /* a rehearsal: the other programs' clocks are shifted alike */
  self->teams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, account_free);
  self->shift_ms = shift ? g_ascii_strtoll(shift, NULL, 10) * 1000 : 0;
  return self;
}

void
casa_guard_account_free(CasaGuardAccount *self)
{
  if (!self)
    return;
  g_hash_table_unref(self->teams);
  g_free(self);
}

static gint64
now_ms(const CasaGuardAccount *self)
{
  return g_get_real_time() / 1000 + self->shift_ms;
}

/* Whoever tries many names must not push the teams out. */
static void
forget_oldest_stranger(CasaGuardAccount *self)
{
  GHashTableIter iter;
  gpointer name, account, oldest = NULL;
  gint64 oldest_ms = G_MAXINT64;
  g_hash_table_iter_init(&iter, self->teams);
  while (g_hash_table_iter_next(&iter, &name, &account)) {
    const Account *a = account;
    if (!a->came && a->tried_ms < oldest_ms) {
      oldest_ms = a->tried_ms;
      oldest = name;
    }
  }
  if (oldest && g_hash_table_remove(self->teams, oldest))
    self->strangers--;
}

/* @came: by a user that was let in. NULL: there are too many teams, or it cannot be the name of one. */
static Account *
account_of(CasaGuardAccount *self, const char *team, gboolean came)
{
  Account *a = g_hash_table_lookup(self->teams, team);
  gsize len = strlen(team);
  if (!a && (len == 0 || len > NAME_MAX_BYTES || strspn(team, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len ||
             (came && g_hash_table_size(self->teams) - self->strangers >= TEAMS_MAX)))
    return NULL;
  if (!a) {
    if (self->strangers >= STRANGERS_MAX)
      forget_oldest_stranger(self);
    a = g_new0(Account, 1);
    a->active = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert(self->teams, g_strdup(team), a);
    self->strangers++;
  }
  if (came && !a->came) {
    a->came = TRUE;
    self->strangers--;
  }
  self->news = TRUE;
  return a;
}

void
casa_guard_account_tries(CasaGuardAccount *self, const char *team, const char *user)
{
  Account *a = account_of(self, team, FALSE);
  if (!a)
    return;
  a->tried_ms = now_ms(self);
  a->tries++;
  if (!g_hash_table_contains(a->active, user))
    return;
  a->taken++; /* a user is one connection: whoever comes as it, puts off who has it */
  a->taken_ms = a->tried_ms;
  g_free(a->taken_user);
  a->taken_user = g_strdup(user);
}

void
casa_guard_account_acts(CasaGuardAccount *self, const char *team, const char *user)
{
  Account *a = account_of(self, team, TRUE);
  if (!a)
    return;
  a->seen_ms = now_ms(self);
  a->tries = 0;
  if (g_hash_table_size(a->active) == 0)
    a->since_ms = a->seen_ms;
  if (!g_hash_table_contains(a->active, user))
    g_hash_table_add(a->active, g_strdup(user));
}

void
casa_guard_account_leaves(CasaGuardAccount *self, const char *team, const char *user)
{
  Account *a = g_hash_table_lookup(self->teams, team);
  if (!a || !g_hash_table_remove(a->active, user))
    return; /* whoever is not let in leaves, too */
  a->gone_ms = now_ms(self);
  self->news = TRUE;
}

void
casa_guard_account_denies(CasaGuardAccount *self, const char *team, const char *user, const char *topic)
{
  Account *a = account_of(self, team, TRUE);
  if (!a)
    return;
  a->denied++;
  a->denied_ms = now_ms(self);
  g_free(a->denied_topic);
  g_free(a->denied_user);
  g_autofree char *cut = g_strndup(topic, TOPIC_SHOWN);
  a->denied_topic = g_utf8_make_valid(cut, -1);
  a->denied_user = g_strdup(user);
}

void
casa_guard_account_qos2(CasaGuardAccount *self, const char *team)
{
  Account *a = account_of(self, team, TRUE);
  if (!a)
    return;
  a->qos2_ms = now_ms(self);
  self->news = TRUE;
}

static void
describe(GKeyFile *file, const char *team, const Account *a)
{
  const struct {
    const char *key;
    gint64 ms;
  } times[] = { { "since_ms", a->since_ms }, { "seen_ms", a->seen_ms },     { "tried_ms", a->tried_ms },
                { "gone_ms", a->gone_ms },   { "denied_ms", a->denied_ms }, { "taken_ms", a->taken_ms },
                { "qos2_ms", a->qos2_ms } };
  for (guint i = 0; i < G_N_ELEMENTS(times); i++)
    g_key_file_set_int64(file, team, times[i].key, times[i].ms);
  g_key_file_set_integer(file, team, "active", (int)g_hash_table_size(a->active));
  g_key_file_set_integer(file, team, "denied", (int)MIN(a->denied, G_MAXINT));
  g_key_file_set_integer(file, team, "tries", (int)MIN(a->tries, G_MAXINT));
  g_key_file_set_integer(file, team, "taken", (int)MIN(a->taken, G_MAXINT));
  if (a->denied_topic)
    g_key_file_set_string(file, team, "denied_topic", a->denied_topic);
  if (a->denied_user)
    g_key_file_set_string(file, team, "denied_user", a->denied_user);
  if (a->taken_user)
    g_key_file_set_string(file, team, "taken_user", a->taken_user);
}

/* Beside it and then over it, so that whoever reads finds it whole; without a sync, as the broker must not wait for a disk. */
static void
replace(const char *path, const char *text, gsize len)
{
  g_autofree char *part = g_strconcat(path, ".part", NULL);
  FILE *file = g_fopen(part, "w");
  if (!file)
    return;
  gboolean ok = fwrite(text, 1, len, file) == len;
  if (fclose(file) == 0 && ok)
    g_rename(part, path);
}

void
casa_guard_account_write(CasaGuardAccount *self, const char *path)
{
  gint64 now = g_get_monotonic_time();
  if (!self->news || (self->written_us && now - self->written_us < WRITE_EVERY_US))
    return;
  g_autoptr(GKeyFile) file = g_key_file_new();
  GHashTableIter iter;
  gpointer team, account;
  gsize len;
  g_hash_table_iter_init(&iter, self->teams);
  while (g_hash_table_iter_next(&iter, &team, &account))
    describe(file, team, account);
  g_autofree char *text = g_key_file_to_data(file, &len, NULL);
  replace(path, text, len);
  self->news = FALSE;
  self->written_us = now;
}
