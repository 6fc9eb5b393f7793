/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"

G_BEGIN_DECLS

/* The teams' users on a running broker, through its dynamic security plug-in: nothing is restarted, and a change holds at
 * once. A team is a role of its name, which may write below ROOT/NAME/ and read ROOT/NAME/ and nothing else, and a user for
 * each device (NAME, NAME.2, NAME.3 …: a user is one connection) with the team's password. The dashboard's own users are not
 * the plug-in's: they stand in the broker's password file, and no function here takes one of their names.
 * All functions wait for the broker: not on GTK's thread. One thread at a time. */
typedef struct _CasaTeams CasaTeams;

#define CASA_TEAM_DEVICES 8 /* users of a team unless said otherwise */
#define CASA_TEAM_DEVICES_MAX 64
#define CASA_TEAM_TITLE_MAX 80 /* bytes */

typedef struct {
  char *name;       /* its level in the topics, and the user of its first device */
  char *title;      /* what people call it; NULL: the same as @name */
  guint devices;    /* users */
  gboolean enabled; /* whether they are let in */
} CasaTeam;

void casa_team_free(CasaTeam *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaTeam, casa_team_free)

/* What is wrong with @name as the name of a team of @config, as the end of a sentence that begins with it; NULL: nothing.
 * (transfer none) */
const char *casa_team_name_fault(const CasaConfig *config, const char *name);

/* Connects as [teams] user. CASA_ERROR_CONFIG: pulse.conf names none; else as casa_dynsec_open(). (transfer full) */
CasaTeams *casa_teams_open(const CasaConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_teams_close(CasaTeams *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaTeams, casa_teams_close)

/* All teams by name (transfer full: of CasaTeam, freed with it). NULL: as below. */
GPtrArray *casa_teams_list(CasaTeams *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One team. NULL: CASA_ERROR_USAGE, there is no such team; CASA_ERROR_NETWORK; CASA_ERROR_REFUSED. (transfer full) */
CasaTeam *casa_teams_get(CasaTeams *self, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the team with @devices users (1 to CASA_TEAM_DEVICES_MAX). @title may be NULL. There already: CASA_ERROR_USAGE. Fails
 * half-way: what was made is taken away again. */
gboolean casa_teams_add(CasaTeams *self, const char *name, const char *title, guint devices,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE for @enabled disconnects its devices at once and lets none in, until TRUE. */
gboolean casa_teams_set_enabled(CasaTeams *self, const char *name, gboolean enabled, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Disconnects its devices at once; its users are gone. What it published stays in the store; its password is put away, and
 * adding the team again gives it back. */
gboolean casa_teams_remove(CasaTeams *self, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The user of the @device-th device (from 1): NAME, NAME.2 … (transfer full) */
char *casa_team_user(const char *name, guint device);

G_END_DECLS
