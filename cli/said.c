/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>

static gboolean only_english;

void
cli_speak_english(void)
{
  only_english = TRUE;
}

const char *
cli_language(void)
{
  static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
  const char *locale = NULL, *languages = g_getenv("LANGUAGE");
  for (guint i = 0; i < G_N_ELEMENTS(names) && (!locale || !*locale); i++)
    locale = g_getenv(names[i]);
  if (only_english || !locale || !*locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
    return "en";
  if (languages && *languages)
    locale = languages;
  return g_str_has_prefix(locale, "fr") ? "fr" : g_str_has_prefix(locale, "ar") ? "ar" : "en";
}

const char *
cli_said(const char *english, const char *french, const char *arabic)
{
  const char *language = cli_language();
  return language[0] == 'f' ? french : language[0] == 'a' ? arabic : english;
}
