/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-guard.h"

#include <string.h>

/* A team's burst is what others may have to wait behind: a recorder has taken it within part of a second. Of all: what one
 * recorder takes without falling behind, so that the broker's queue does not grow (docs/THREATS.md has the sum), and at once
 * less than what one team may: what ten teams bring together is what an honest one waits behind. Work is in ms of the recorder
 * a second, and at once: what is above that waits with who sends it. */
void
casa_guard_options_init(CasaGuardOptions *options)
{
  *options = (CasaGuardOptions){ .root = g_strdup("casa/v1"),
                                 .trusted = g_strsplit(
                                   "pulse record stage city prompter companion companion.2 companion.3 usher", " ", -1),
                                 .team_bytes = 5e5,
                                 .team_burst_bytes = 5e5,
                                 .team_messages = 500,
                                 .team_burst_messages = 1000,
                                 .team_work = 100,
                                 .team_burst_work = 300,
                                 .all_bytes = 1e6,
                                 .all_burst_bytes = 2e5,
                                 .all_messages = 2000,
                                 .all_burst_messages = 800,
                                 .all_work = 300,
                                 .all_burst_work = 300,
                                 .retained_topics = 500,
                                 .retained_bytes = 262144 };
}

void
casa_guard_options_clear(CasaGuardOptions *options)
{
  g_strfreev(options->trusted);
  g_free(options->root);
  g_free(options->disabled_file);
  g_free(options->account_file);
  g_free(options->event_file);
  memset(options, 0, sizeof *options);
}

static gboolean
set_text(char **to, const char *value)
{
  g_free(*to);
  *to = g_strdup(value);
  return TRUE;
}

static gboolean
set_number(CasaGuardOptions *options, const char *key, const char *value)
{
  const struct {
    const char *key;
    double *to;
  } numbers[] = {
    { "team_bytes", &options->team_bytes },       { "team_burst_bytes", &options->team_burst_bytes },
    { "team_messages", &options->team_messages }, { "team_burst_messages", &options->team_burst_messages },
    { "team_work", &options->team_work },         { "team_burst_work", &options->team_burst_work },
    { "all_work", &options->all_work },           { "all_burst_work", &options->all_burst_work },
    { "all_bytes", &options->all_bytes },         { "all_burst_bytes", &options->all_burst_bytes },
    { "all_messages", &options->all_messages },   { "all_burst_messages", &options->all_burst_messages },
  };
  guint64 number;
  if (!g_ascii_string_to_unsigned(value, 10, 1, G_MAXUINT32, &number, NULL))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    if (strcmp(key, numbers[i].key) == 0) {
      *numbers[i].to = (double)number;
      return TRUE;
    }
  if (strcmp(key, "retained_topics") == 0)
    options->retained_topics = (guint)number;
  else if (strcmp(key, "retained_bytes") == 0)
    options->retained_bytes = (gint64)number;
  else
    return FALSE;
  return TRUE;
}

gboolean
casa_guard_options_set(CasaGuardOptions *options, const char *key, const char *value)
{
  if (strcmp(key, "root") == 0)
    return set_text(&options->root, value);
  if (strcmp(key, "disabled") == 0)
    return set_text(&options->disabled_file, value);
  if (strcmp(key, "account") == 0)
    return set_text(&options->account_file, value);
  if (strcmp(key, "event_secret") == 0)
    return set_text(&options->event_file, value);
  if (strcmp(key, "trusted") != 0)
    return set_number(options, key, value);
  g_strfreev(options->trusted);
  options->trusted = g_strsplit(value, " ", -1);
  return TRUE;
}
