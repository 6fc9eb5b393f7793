/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/team-gate.h"

#include "teams/teams.h"

/* What a thread was asked, and what came of it. */
typedef struct {
  CasaTeamGate *gate;
  char *team; /* NULL: who is shut out? */
  gboolean enable;
  GPtrArray *all; /* CasaTeam; NULL: not asked, or not answered */
  GError *error;
} Errand;

struct _CasaTeamGate {
  const CasaConfig *config;
  GHashTable *shut;   /* names */
  GHashTable *counts; /* source → messages over quota, as a pointer */
  char *last;         /* who was shut out here last, and still is; NULL: nobody */
  char *flooder;      /* whose count rose last; NULL: nobody's */
  gint64 flooded_us;
  char *failed, *fault; /* of the last turn; NULL: it went well */
  GThread *thread;      /* NULL: nothing is under way */
  char *turning;        /* who is turned; NULL: nobody, or it is only asked who is shut out */
  char *next;           /* who is turned after that; NULL: nobody */
  gboolean asked;
  guint answered; /* id of the source that takes the answer; 0: none waits */
  GMutex lock;    /* of `answered` */
};

CasaTeamGate *
casa_team_gate_new(const CasaConfig *config)
{
  if (!config->teams_user || !config->teams_password || !config->teams_folder)
    return NULL;
  CasaTeamGate *self = g_new0(CasaTeamGate, 1);

  self->config = config;
  self->shut = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init(&self->lock);
  return self;
}

static void
errand_free(gpointer data)
{
  Errand *errand = data;

  g_free(errand->team);
  g_clear_pointer(&errand->all, g_ptr_array_unref);
  g_clear_error(&errand->error);
  g_free(errand);
}

void
casa_team_gate_free(CasaTeamGate *self)
{
  if (!self)
    return;
  if (self->thread)
    g_thread_join(self->thread);
  g_clear_handle_id(&self->answered, g_source_remove);
  g_hash_table_unref(self->shut);
  g_hash_table_unref(self->counts);
  g_free(self->last);
  g_free(self->flooder);
  g_free(self->failed);
  g_free(self->fault);
  g_free(self->turning);
  g_free(self->next);
  g_mutex_clear(&self->lock);
  g_free(self);
}

/* --- Asking the broker --- */

static void begin(CasaTeamGate *self, const char *team);

static void
take_list(CasaTeamGate *self, const GPtrArray *all)
{
  for (guint i = 0; all && i < all->len; i++) {
    const CasaTeam *team = all->pdata[i];
    if (!team->enabled)
      g_hash_table_add(self->shut, g_strdup(team->name));
  }
}

static void
take_turn(CasaTeamGate *self, const Errand *errand)
{
  if (errand->error) {
    g_message("team %s could not be %s: %s", errand->team, errand->enable ? "let in" : "shut out", errand->error->message);
    self->failed = g_strdup(errand->team);
    self->fault = g_strdup(errand->error->message);
    return;
  }
  g_message("team %s was %s", errand->team, errand->enable ? "let in again" : "shut out");
  if (!errand->enable) {
    g_hash_table_add(self->shut, g_strdup(errand->team));
    g_free(self->last);
    self->last = g_strdup(errand->team);
    return;
  }
  g_hash_table_remove(self->shut, errand->team);
  if (g_strcmp0(self->last, errand->team) == 0)
    g_clear_pointer(&self->last, g_free);
}

static gboolean
answered_cb(gpointer data)
{
  const Errand *errand = data;
  CasaTeamGate *self = errand->gate;

  g_mutex_lock(&self->lock);
  self->answered = 0;
  g_mutex_unlock(&self->lock);
  g_thread_join(g_steal_pointer(&self->thread));
  g_clear_pointer(&self->turning, g_free);
  if (errand->team)
    take_turn(self, errand);
  else
    take_list(self, errand->all);
  g_autofree char *next = g_steal_pointer(&self->next);
  if (next)
    begin(self, next);
  return G_SOURCE_REMOVE;
}

static gpointer
errand_thread(gpointer data)
{
  Errand *errand = data;
  CasaTeamGate *self = errand->gate;
  CasaTeams *teams = casa_teams_open(self->config, &errand->error);

  if (teams && !errand->team)
    errand->all = casa_teams_list(teams, &errand->error);
  else if (teams && !casa_teams_set_enabled(teams, errand->team, errand->enable, &errand->error))
    g_debug("%s", errand->error->message);
  casa_teams_close(teams);
  g_mutex_lock(&self->lock);
  self->answered = g_idle_add_full(G_PRIORITY_DEFAULT, answered_cb, errand, errand_free);
  g_mutex_unlock(&self->lock);
  return NULL;
}

/* @team NULL: who is shut out? */
static void
begin(CasaTeamGate *self, const char *team)
{
  Errand *errand = g_new0(Errand, 1);

  errand->gate = self;
  errand->team = g_strdup(team);
  errand->enable = team && g_hash_table_contains(self->shut, team);
  self->turning = g_strdup(team);
  self->thread = g_thread_new("casa-team-gate", errand_thread, errand);
}

static void
ask_once(CasaTeamGate *self)
{
  if (!self->asked && !self->thread)
    begin(self, NULL);
  self->asked = TRUE;
}

CasaGateState
casa_team_gate_state(CasaTeamGate *self, const char *team)
{
  ask_once(self);
  if (g_strcmp0(self->turning, team) == 0 || g_strcmp0(self->next, team) == 0)
    return CASA_GATE_TURNING;
  return g_hash_table_contains(self->shut, team) ? CASA_GATE_SHUT : CASA_GATE_OPEN;
}

void
casa_team_gate_turn(CasaTeamGate *self, const char *team)
{
  if (self->turning || self->next)
    return;
  g_clear_pointer(&self->failed, g_free);
  g_clear_pointer(&self->fault, g_free);
  if (self->thread)
    self->next = g_strdup(team);
  else
    begin(self, team);
}

const char *
casa_team_gate_fault(CasaTeamGate *self, const char *team)
{
  return g_strcmp0(self->failed, team) == 0 ? self->fault : NULL;
}

/* --- Who is the offender --- */

void
casa_team_gate_count(CasaTeamGate *self, const CasaQuotaTally *over, guint n, gint64 now_us)
{
  guint64 most = 0;

  for (guint i = 0; i < n; i++) {
    const guint64 before = GPOINTER_TO_SIZE(g_hash_table_lookup(self->counts, over[i].source));
    const guint64 more = over[i].over > before ? over[i].over - before : 0;
    if (more == 0)
      continue;
    g_hash_table_insert(self->counts, g_strdup(over[i].source), GSIZE_TO_POINTER(over[i].over));
    if (more <= most || g_hash_table_contains(self->shut, over[i].source))
      continue;
    most = more;
    g_free(self->flooder);
    self->flooder = g_strdup(over[i].source);
    self->flooded_us = now_us;
  }
}

const char *
casa_team_gate_offender(CasaTeamGate *self, gint64 now_us)
{
  const gboolean fresh = self->flooder && now_us - self->flooded_us < CASA_GATE_OFFENDER_US;

  return fresh && !g_hash_table_contains(self->shut, self->flooder) ? self->flooder : self->last;
}
