/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What plugin_opt_… lines of mosquitto.conf say to the guard (casa-guard.c). A rate is kept as a bucket: "burst" fits in at
 * once, and so much a second comes back. */
typedef struct {
  char *root;          /* topics begin with it; default casa/v1 */
  char **trusted;      /* users that nothing is held against, separated by spaces: the wall, recorders, the simulator */
  char *disabled_file; /* a team's name a line; looked at twice a second. NULL: nobody is disabled */
  char *event_file;    /* the secret with which anybody may ask for a team of its own: guard-event.h. NULL: nobody */
  char *account_file;  /* what was seen of teams is written there: guard-account.h. NULL: nowhere */
  double team_bytes, team_burst_bytes, team_messages, team_burst_messages;
  double all_bytes, all_burst_bytes, all_messages, all_burst_messages;
  double team_work, team_burst_work, all_work, all_burst_work; /* ms of the recorder, which tells it */
  guint retained_topics;                                       /* of a team */
  gint64 retained_bytes;                                       /* of a team: topic, payload and 64 a message */
} CasaGuardOptions;

/* The defaults; casa_guard_options_clear() frees what is in it. */
void casa_guard_options_init(CasaGuardOptions *options);
void casa_guard_options_clear(CasaGuardOptions *options);
/* FALSE: there is no option of that name, or @value is no number above 0. Both are only read. */
gboolean casa_guard_options_set(CasaGuardOptions *options, const char *key, const char *value);

G_END_DECLS
