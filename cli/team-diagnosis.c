/* SPDX-License-Identifier: Apache-2.0 */
#include "team-diagnosis.h"

#include "base/clock.h"
#include "cli.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 3

static const char *
title_of(const CasaDiagnosis *d)
{
  switch (d->trouble) {
  case CASA_TEAM_WELL: return "everything arrives";
  case CASA_TEAM_NEVER: return "nothing has arrived yet";
  case CASA_TEAM_SHUT: return "the team is shut out";
  case CASA_TEAM_LOGIN: return "it asks to be let in, and is not: is the password right?";
  case CASA_TEAM_GONE: return "no device of it is connected";
  case CASA_TEAM_SHARED: return "another device uses its user: the two put each other off";
  case CASA_TEAM_DENIED: return "it publishes where it may not; MQTT 3.1.1 does not tell it";
  case CASA_TEAM_REFUSED: return "its messages arrive, but are not understood";
  case CASA_TEAM_SILENT: return "it has fallen silent";
  case CASA_TEAM_HIDDEN:
  default: return "stored; the organiser does not show it yet (G on the wall)";
  }
}

static void
print_step(const CasaDiagnosis *d, guint step, const char *detail)
{
  static const char *const names[] = { "connected", "allowed", "understood", "stored", "on screen" };
  static const char *const states[] = { "ok", "FAIL", "-", "?" };
  printf("  %-4s  %-10s  %s\n", states[d->steps[step]], names[step], detail);
}

static char *
moment(gint64 ms)
{
  char text[32];
  return g_strdup(casa_time_format(ms, text));
}

static void
print_connected(const CasaDiagnosis *d, const CasaTeam *team)
{
  g_autofree char *detail = NULL, *gone = moment(d->gone_ms), *since = moment(d->since_ms);
  if (d->trouble == CASA_TEAM_SHUT)
    detail = g_strdup_printf("casa team enable %s lets it in", team->name);
  else if (d->trouble == CASA_TEAM_SHARED)
    detail = g_strdup_printf("user %s was taken over %u times; the second device is %s.2, the third %s.3", d->taken_user,
                             d->taken, team->name, team->name);
  else if (!d->known)
    detail = g_strdup("the broker's guard has said nothing of it");
  else if (d->active > 0)
    detail = g_strdup_printf("%u device%s, since %s", d->active, d->active == 1 ? "" : "s", since);
  else
    detail = d->gone_ms ? g_strdup_printf("last seen %s", gone) : g_strdup("never seen");
  print_step(d, CASA_STEP_CONNECTED, detail);
}

static void
print_steps(const CasaDiagnosis *d, const CasaConfig *config, const CasaTeam *team)
{
  g_autofree char *denied = d->denied_topic ? casa_safe_text(d->denied_topic, strlen(d->denied_topic), 100) : NULL;
  g_autofree char *allowed = d->denied == 0 ? g_strdup_printf("below %s/%s/", config->root, team->name)
                                            : g_strdup_printf("refused %u times, last \"%s\"; its topics begin with %s/%s/",
                                                              d->denied, denied, config->root, team->name);
  g_autofree char *understood = g_strdup_printf("%u refused and %u values stored in ten minutes", d->n_refused, d->n_stored);
  g_autofree char *when = moment(d->stored_ms);
  g_autofree char *stored = d->stored_ms ? g_strdup_printf("last %s", when) : g_strdup("nothing yet");
  g_autofree char *screen = d->newest ? g_strdup_printf("%s %.6g", d->newest, d->value) : g_strdup("nothing yet");
  print_connected(d, team);
  print_step(d, CASA_STEP_ALLOWED, allowed);
  print_step(d, CASA_STEP_UNDERSTOOD, understood);
  print_step(d, CASA_STEP_STORED, stored);
  print_step(d, CASA_STEP_SHOWN, screen);
}

static void
print_refused(const CasaRefusedMessage *r)
{
  gsize len;
  const char *bytes = g_bytes_get_data(r->payload, &len);
  g_autofree char *topic = casa_safe_text(r->topic, strlen(r->topic), 120),
                  *payload = casa_safe_text(bytes ? bytes : "", len, 200);
  g_autofree char *when = moment(r->received_ms);
  CasaMend mend;
  printf("refused %s  %s  %s\n", when, topic, payload);
  if (casa_mend(r, &mend))
    printf("        write   %s  ->  %s:  %s  %s\n", mend.wrong, mend.right, mend.topic, mend.payload);
  casa_mend_clear(&mend);
  printf("        %s\n", r->reason);
}

gboolean
cli_team_diagnosis(const CasaConfig *config, const CasaTeam *team, GError **error)
{
  g_autoptr(CasaReader) reader = casa_reader_open(config->store_path, error);
  if (!reader)
    return FALSE;
  CasaTeamStanding standing = { .shut = !team->enabled, .shown = casa_team_is_shown(config, team->name) };
  g_autoptr(CasaDiagnosis) d = casa_diagnosis_new(config, reader, team->name, &standing, casa_reader_now_ms(reader), error);
  if (!d)
    return FALSE;
  printf("%s: %s\n", team->name, title_of(d));
  print_steps(d, config, team);
  for (guint i = 0; i < d->refused->len && i < SHOWN_MAX; i++)
    print_refused(g_ptr_array_index(d->refused, i));
  return TRUE;
}
