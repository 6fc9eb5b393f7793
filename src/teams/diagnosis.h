/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "store/reader.h"

G_BEGIN_DECLS

/* Why a team's numbers are not on the wall: the way of a message in five steps, the first that fails, and what was refused last
 * with its mended text. From the store, and from what casa-guard saw (`teams-seen` in the folder of the teams' passwords); a
 * broker on another machine tells nothing, and then only what arrived is known. Reads files: not on GTK's thread. */

typedef enum {
  CASA_STEP_CONNECTED,
  CASA_STEP_ALLOWED,
  CASA_STEP_UNDERSTOOD,
  CASA_STEP_STORED,
  CASA_STEP_SHOWN,
  CASA_N_STEPS,
} CasaTeamStep;

typedef enum {
  CASA_STEP_WELL,
  CASA_STEP_FAILS,
  CASA_STEP_WAITS, /* behind one that fails: not blamed */
  CASA_STEP_UNKNOWN,
} CasaStepState;

/* What is wrong first. */
typedef enum {
  CASA_TEAM_WELL,
  CASA_TEAM_NEVER,  /* nothing of it was ever seen */
  CASA_TEAM_SHUT,   /* the organiser disabled it */
  CASA_TEAM_LOGIN,  /* it asked to be let in and did nothing then: a wrong password, mostly */
  CASA_TEAM_GONE,   /* it was connected */
  CASA_TEAM_SHARED, /* two devices have one user and put each other off */
  CASA_TEAM_DENIED, /* it publishes where it may not, which MQTT 3.1.1 does not tell it */
  CASA_TEAM_REFUSED,
  CASA_TEAM_SILENT, /* nothing new for CASA_TEAM_SILENCE_MS */
  CASA_TEAM_HIDDEN, /* the organiser does not show it yet */
} CasaTeamTrouble;

#define CASA_TEAM_SILENCE_MS 120000
#define CASA_TEAM_WINDOW_MS 600000 /* of the counts */

typedef struct {
  CasaStepState steps[CASA_N_STEPS];
  CasaTeamTrouble trouble;
  /* From the guard; known FALSE: it said nothing of this team. Moments 0: never. */
  gboolean known;
  guint active;
  gint64 since_ms, gone_ms, denied_ms, taken_ms;
  gint64 qos2_ms; /* when the guard last hung up on it, as it sent with QoS 2; 0: never */
  guint denied, taken;
  char *denied_topic, *taken_user; /* NULL: none */
  /* From the store, of the window; the newest of all time that is kept. */
  guint n_stored, n_refused;
  gint64 stored_ms, refused_ms; /* received; 0: never */
  char *newest;                 /* "station/metric" of the newest value; NULL: none */
  double value;
  GPtrArray *refused; /* CasaRefusedMessage*, newest first */
} CasaDiagnosis;

/* What the organiser knows beside that. */
typedef struct {
  gboolean shut;  /* the team is disabled */
  gboolean shown; /* the hall may see it */
} CasaTeamStanding;

/* NULL: @error says why the store cannot be read. (transfer full) */
CasaDiagnosis *casa_diagnosis_new(const CasaConfig *config, CasaReader *reader, const char *team,
                                  const CasaTeamStanding *standing, gint64 now_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_diagnosis_free(CasaDiagnosis *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaDiagnosis, casa_diagnosis_free)

/* Whether the choices kept beside the store (`[teams] shown`) show @team. */
gboolean casa_team_is_shown(const CasaConfig *config, const char *team);

/* What to write instead, where a refusal tells it: the part that is wrong and the right one, and topic and payload with it in
 * place (all transfer full). FALSE: only the cure in words is known. */
typedef struct {
  char *wrong, *right, *topic, *payload;
} CasaMend;
gboolean casa_mend(const CasaRefusedMessage *refused, CasaMend *out);
void casa_mend_clear(CasaMend *self); /* Frees its texts, and empties it */

/* @len foreign bytes as text of at most @max characters: bytes that are no text as \xNN, "…" when it was cut. (transfer
 * full) */
char *casa_safe_text(const char *bytes, gsize len, guint max);

G_END_DECLS
