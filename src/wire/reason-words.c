/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reason-words.h"

#include <string.h>

/* NULL: English, whose sentences are in reason.c. */
static const CasaReasonWords *
words_in(const char *language)
{
  return g_strcmp0(language, "fr") == 0 ? casa_reason_fr : g_strcmp0(language, "ar") == 0 ? casa_reason_ar : NULL;
}

/* What JSON calls a type, of which the arguments speak in English. (transfer none) */
static const char *
type_in(const char *language, const char *type)
{
  static const char *const types[][3] = { { "text", "texte", "نص" },
                                          { "array", "tableau", "مصفوفة" },
                                          { "object", "objet", "كائن" },
                                          { "boolean", "vrai ou faux", "صح أو خطأ" },
                                          { "number", "nombre", "رقم" } };
  for (guint i = 0; i < G_N_ELEMENTS(types); i++)
    if (strcmp(type, types[i][0]) == 0)
      return types[i][strcmp(language, "fr") == 0 ? 1 : 2];
  return type;
}

static CasaReason
in_language(const CasaReason *reason, const char *language)
{
  CasaReason own = *reason;
  switch (reason->why) {
  case CASA_WHY_NOT_NUMBER:
  case CASA_WHY_UNIT_NO_TEXT:
  case CASA_WHY_TIME_TYPE:
  case CASA_WHY_ROOT_TYPE:
  case CASA_WHY_READING: g_strlcpy(own.got, type_in(language, reason->got), sizeof own.got); break;
  default: break;
  }
  return own;
}

char *
casa_reason_what_in(const CasaReason *reason, const char *language, char out[CASA_REASON_SIZE])
{
  const CasaReasonWords *words = words_in(language);
  if (!words)
    return casa_reason_what(reason, out);
  CasaReason own = in_language(reason, language);
  return casa_reason_expand(&own, words[reason->why].what, out);
}

char *
casa_reason_cure_in(const CasaReason *reason, const char *language, char out[CASA_REASON_SIZE])
{
  const CasaReasonWords *words = words_in(language);
  return words ? casa_reason_expand(reason, words[reason->why].cure, out) : casa_reason_cure(reason, out);
}

char *
casa_reason_text_in(const CasaReason *reason, const char *language, char out[CASA_REASON_SIZE])
{
  char cure[CASA_REASON_SIZE];
  if (!words_in(language))
    return casa_reason_text(reason, out);
  casa_reason_what_in(reason, language, out);
  casa_reason_cure_in(reason, language, cure);
  if (*cure) {
    const char *end;
    g_strlcat(out, strcmp(language, "fr") == 0 ? " ; " : "؛ ", CASA_REASON_SIZE);
    g_strlcat(out, cure, CASA_REASON_SIZE);
    if (!g_utf8_validate(out, -1, &end)) /* cut within a letter */
      out[end - out] = '\0';
  }
  return out;
}
