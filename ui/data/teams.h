/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* Who else than the city measures, and how each of them does: what the organiser chooses from, and what the hall's board says
 * of those that it may see. GTK thread only. */
typedef struct {
  char *source;
  guint number;  /* the digits at the end of its source; 0: it has none */
  gboolean live; /* one of its stations keeps its interval */
  gboolean simulated;
  gboolean shown;  /* the hall may see it */
  gboolean called; /* it called the organiser */
  gboolean over;   /* it sent more than its quota, or than the broker's guard lets pass, since this program began */
  gboolean has_position;
  CasaLonLat at;     /* of the station that `series` is of */
  gint64 newest_ms;  /* newest sample; 0: none */
  guint series;      /* CasaSeriesInfo.id that stands for it: of a live station, the lowest; G_MAXUINT: none has a value */
  double per_minute; /* reports of its live stations within the last minute */
} CasaTeamState;

/* By number, then by source, so that rows never jump. (element-type CasaTeamState) (transfer full) */
GPtrArray *casa_teams_all(CasaModel *model);
/* Those of them that the hall may see: casa_keepsakes_is_shown(). (element-type CasaTeamState) (transfer full) */
GPtrArray *casa_teams_shown(CasaModel *model);
/* Who waits for the organiser: teams that called, also those that the hall sees, then those that it does not see yet; each by
 * number. (element-type CasaTeamState) (transfer full) */
GPtrArray *casa_teams_waiting(CasaModel *model);
/* Shows the next team that the hall has not seen yet, in their order, and features it. NULL: there is none that waits; else its
 * source (transfer full). */
char *casa_teams_show_next(CasaModel *model);
/* Features the next of those that are shown, round and round; where the board is not @on yet, the featured one. NULL: none is
 * shown; else its source (transfer full). */
char *casa_teams_turn(CasaModel *model, gboolean on);
/* Whether the hall may see anything of @source: the city's always, a team's when it is shown, or when nothing is kept at
 * all. */
gboolean casa_teams_may_be_seen(CasaModel *model, const char *source);
void casa_team_state_free(CasaTeamState *self); /* NULL is fine */

G_END_DECLS
